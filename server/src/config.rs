//! What can be set from outside: [`Config`] for the command line, [`Limits`] for every bound of the server, [`Access`] for
//! who may connect.
//!
//! The doc comments of the fields are the help text. `given` puts flags, variables and a file together.
//!
//! May import: access_token, signaling, workshop, axum, clap, quickconnect::protocol, thiserror, toml, url.

mod access;
mod admin;
mod base_path;
mod check_config;
mod cluster;
pub mod file;
pub mod given;
mod host_name;
mod ice_servers;
mod limits;
mod listen;
mod local_name;
mod log_format;
mod proxy;
mod public_url;
mod relay;
mod tls;
mod token;
mod wifi;

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand};

pub use access::Access;
pub use admin::Admin;
pub use base_path::{BasePath, Place};
pub use check_config::{CheckConfig, Service};
pub use cluster::{Cluster, ClusterName, ClusterUrl};
pub use host_name::HostName;
pub use ice_servers::IceServers;
pub use limits::Limits;
pub use limits::derived::Places;
pub use listen::{Listen, Mode};
pub use local_name::{Label, LocalName};
pub use log_format::LogFormat;
pub use proxy::Proxy;
pub use public_url::PublicUrl;
pub use relay::Relay;
pub use tls::Tls;
pub use token::{Lifetime, Token};
pub use wifi::Wifi;

/// Serves the guidebook and connects its readers: one address, no internet.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "guidebook",
    version,
    term_width = 80,
    args_conflicts_with_subcommands = true
)]
pub struct Config {
    /// What to do in place of serving one reader.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Which book it serves.
    #[command(flatten)]
    pub shown: Shown,

    /// Where it serves, and how.
    #[command(flatten)]
    pub serving: Serving,
}

/// The book, and how the host sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Shown {
    /// Open the book in your browser
    #[arg(long, env = "GUIDEBOOK_OPEN", value_parser = FalseyValueParser::new())]
    pub open: bool,

    /// Serve this checkout instead of the book inside the program; pages reload
    /// when a chapter, a demo or the stage is saved
    #[arg(long, env = "GUIDEBOOK_BOOK", value_name = "DIR")]
    pub book: Option<PathBuf>,
}

/// Where something is served, and how.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Serving {
    /// Read options from this file as well (TOML): their names without dashes, such
    /// as max-rooms = 50. Flags and variables stand above it
    #[arg(long, env = "GUIDEBOOK_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Where to listen; 0.0.0.0:8000, or :8000 for short, lets other machines in,
    /// 8000 alone does not; unix:/run/guidebook.sock is for a proxy on this machine
    #[arg(
        long,
        env = "GUIDEBOOK_LISTEN",
        value_name = "IP:PORT",
        default_value = "127.0.0.1:8000"
    )]
    pub listen: Listen,

    /// Who may connect to that Unix socket, as the mode of its file
    #[arg(
        long,
        env = "GUIDEBOOK_SOCKET_MODE",
        value_name = "MODE",
        default_value = "660"
    )]
    pub socket_mode: Mode,

    /// What to log to stderr: error, warn, info, debug, or a filter such as
    /// server=debug
    #[arg(
        long,
        env = "GUIDEBOOK_LOG",
        value_name = "FILTER",
        default_value = "info"
    )]
    pub log: String,

    /// How to write lines of the log: text, or json, an object for each
    #[arg(
        long,
        env = "GUIDEBOOK_LOG_FORMAT",
        value_name = "FORMAT",
        default_value_t
    )]
    pub log_format: LogFormat,

    /// By which certificate it speaks TLS.
    #[command(flatten)]
    pub tls: Tls,

    /// How it serves.
    #[command(flatten)]
    pub settings: Settings,
}

/// What the server is told, whatever book it serves and wherever it listens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Settings {
    /// Who may connect.
    #[command(flatten)]
    pub access: Access,

    /// What stands in front of it.
    #[command(flatten)]
    pub proxy: Proxy,

    /// Who may look at it.
    #[command(flatten)]
    pub admin: Admin,

    /// How clients are connected that can't reach each other.
    #[command(flatten)]
    pub relay: Relay,

    /// What other instances it has its rooms in common with.
    #[command(flatten)]
    pub cluster: Cluster,

    /// Every bound of the server.
    #[command(flatten)]
    pub limits: Limits,
}

/// A workshop, and the address at which others find it.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(mut_arg("listen", |listen| listen.default_value(WORKSHOP_LISTEN)))]
pub struct Workshop {
    /// The address that others open, if it is another than one of this machine's:
    /// a name, or that of a proxy in front
    #[arg(long, env = "GUIDEBOOK_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<PublicUrl>,

    /// By which name it is found besides.
    #[command(flatten)]
    pub local_name: LocalName,

    /// How everybody gets into the network.
    #[command(flatten)]
    pub wifi: Wifi,

    /// Which book it serves.
    #[command(flatten)]
    pub shown: Shown,

    /// The rest is as without a workshop.
    #[command(flatten)]
    pub serving: Serving,
}

/// Signaling without a book, set as with one.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(mut_args(|arg| match is_of_the_book(arg.get_id().as_str()) {
    true => arg.hide(true),
    false => arg,
}))]
pub struct Signaling {
    /// Where, and how.
    #[command(flatten)]
    pub serving: Serving,
}

/// Whether an option is about the book: its demos, its companion, and workshops with it.
fn is_of_the_book(id: &str) -> bool {
    let of_books = [
        "attendee",
        "book",
        "captured",
        "companion",
        "invitation",
        "lab",
        "line",
        "state",
    ];
    id.split('_')
        .any(|word| of_books.contains(&word.trim_end_matches('s')))
}

/// Lets the room in.
const WORKSHOP_LISTEN: &str = "0.0.0.0:8000";

/// What the program does besides serving one reader.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Serves a workshop: lets the room in, and prints the address to open, with
    /// a QR code of it
    Workshop(Box<Workshop>),

    /// Serves signaling alone, without the book, with STUN and TURN beside it
    Signaling(Box<Signaling>),

    /// Says what a server would be started with, and what is wrong with it: its
    /// options and the files that they name
    CheckConfig(CheckConfig),

    /// Makes an access token for trying (--access-key), or a key that signs such
    /// tokens
    Token(Token),

    /// Checks a running server as an attendee's device would; fails if anything
    /// does
    Doctor {
        /// The address of the server, or of one of its pages
        #[arg(value_name = "URL", default_value = "http://127.0.0.1:8000")]
        url: String,

        /// Print JSON in place of a table
        #[arg(long)]
        json: bool,

        /// Show this access token to a server that wants one (--access-key); it has
        /// to be for --room 'doctor-*'
        #[arg(
            long,
            env = "GUIDEBOOK_TOKEN",
            hide_env_values = true,
            value_name = "TOKEN"
        )]
        token: Option<String>,

        /// What else to ask.
        #[command(flatten)]
        ice_servers: IceServers,
    },
}

impl From<Limits> for Settings {
    fn from(limits: Limits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use clap::CommandFactory as _;

    use super::*;

    fn parse(arguments: &[&str]) -> Result<Config, clap::Error> {
        Config::try_parse_from([&["guidebook"], arguments].concat())
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Config::command().debug_assert();
    }

    #[test]
    fn the_defaults_of_the_command_line_are_those_of_the_tests() {
        assert_eq!(parse(&[]).unwrap().serving.settings, Settings::default());
    }

    #[test]
    fn a_bound_of_nothing_is_refused() {
        assert!(
            parse(&["--max-rooms", "0"])
                .unwrap_err()
                .to_string()
                .contains("at least 1")
        );
        assert!(
            parse(&["--max-rooms", "many"])
                .unwrap_err()
                .to_string()
                .contains("whole number")
        );
    }

    #[test]
    fn a_time_may_have_a_fraction_and_must_be_above_zero() {
        assert_eq!(
            parse(&["--ping-seconds", "0.5"])
                .unwrap()
                .serving
                .settings
                .limits
                .ping_period,
            Duration::from_millis(500)
        );
        for text in ["0", "-1", "soon", "NaN", "1e300"] {
            let argument = format!("--ping-seconds={text}");
            assert!(
                parse(&[&argument])
                    .unwrap_err()
                    .to_string()
                    .contains("above 0"),
                "{text}"
            );
        }
    }

    fn workshop(arguments: &[&str]) -> Workshop {
        match parse(&[&["workshop"], arguments].concat()).unwrap().command {
            Some(Command::Workshop(workshop)) => *workshop,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_workshop_lets_the_room_in_and_is_otherwise_set_as_a_server_of_one() {
        let alone = parse(&[]).unwrap().serving;
        assert_eq!(alone.listen.to_string(), "127.0.0.1:8000");
        let room = workshop(&[]);
        assert_eq!(room.serving.listen.to_string(), WORKSHOP_LISTEN);
        assert_eq!(room.serving.settings, alone.settings);
        let elsewhere = workshop(&["--listen", "[::]:80", "--max-rooms", "7"]);
        assert_eq!(elsewhere.serving.listen.to_string(), "[::]:80");
        assert_eq!(elsewhere.serving.settings.limits.max_rooms, 7);
    }

    #[test]
    fn a_password_or_the_lack_of_one_wants_the_name_of_its_wifi() {
        assert_eq!(workshop(&[]).wifi, Wifi::default());
        let named = workshop(&["--wifi", "Guests", "--wifi-open"]).wifi;
        assert_eq!(named.wifi, Some("Guests".parse().unwrap()));
        for (arguments, says) in [
            (&["--wifi-open"][..], "--wifi <SSID>"),
            (&["--wifi-password-file", "a"], "--wifi <SSID>"),
            (
                &["--wifi", "a", "--wifi-open", "--wifi-password-file", "a"],
                "cannot be used with",
            ),
            (&["--wifi", ""], "1 to 32 bytes"),
            (
                &["--wifi", "a", "--wifi-password", "b"],
                "unexpected argument",
            ),
        ] {
            let error = parse(&[&["workshop"], arguments].concat()).unwrap_err();
            assert!(error.to_string().contains(says), "{arguments:?}: {error}");
        }
    }

    #[test]
    fn every_option_has_a_variable_named_after_it() {
        let command = Config::command();
        let workshop = command.find_subcommand("workshop").unwrap();
        for option in command.get_arguments().chain(workshop.get_arguments()) {
            let Some(name) = option.get_long() else {
                continue;
            };
            let variable = format!("GUIDEBOOK_{}", name.to_uppercase().replace('-', "_"));
            assert_eq!(option.get_env().unwrap(), variable.as_str());
        }
    }
}
