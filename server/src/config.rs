//! What can be set from outside: [`Config`] for the command line, [`Limits`] for every bound of the server.
//!
//! The doc comments of the fields are the help text. May import: clap, std, `quickconnect`'s limits.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser};
use quickconnect::protocol::NameLimits;

/// Serves the guidebook and connects its readers: one address, no internet.
#[derive(Debug, Clone, Parser)]
#[command(name = "guidebook", version, term_width = 80)]
pub struct Config {
    /// Where to listen; 0.0.0.0:8000 lets other machines in
    #[arg(
        long,
        env = "GUIDEBOOK_LISTEN",
        value_name = "IP:PORT",
        default_value = "127.0.0.1:8000"
    )]
    pub listen: SocketAddr,

    /// Open the book in your browser
    #[arg(long, env = "GUIDEBOOK_OPEN", value_parser = FalseyValueParser::new())]
    pub open: bool,

    /// Serve this checkout instead of the book inside the program; pages reload
    /// when a chapter, a demo or the stage is saved
    #[arg(long, env = "GUIDEBOOK_BOOK", value_name = "DIR")]
    pub book: Option<PathBuf>,

    /// What to log to stderr: error, warn, info, debug, or a filter such as
    /// server=debug
    #[arg(
        long,
        env = "GUIDEBOOK_LOG",
        value_name = "FILTER",
        default_value = "info"
    )]
    pub log: String,

    /// Every bound of the server.
    #[command(flatten)]
    pub limits: Limits,
}

/// Every bound of the server. The defaults suit a workshop of a hundred people in one room.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Connections that are open at once; more of them wait until one closes
    #[arg(long, env = "GUIDEBOOK_MAX_CONNECTIONS", value_name = "N",
        default_value_t = DEFAULT.max_connections, value_parser = at_least_one)]
    pub max_connections: usize,

    /// Rooms that exist at once
    #[arg(long, env = "GUIDEBOOK_MAX_ROOMS", value_name = "N",
        default_value_t = DEFAULT.max_rooms, value_parser = at_least_one)]
    pub max_rooms: usize,

    /// Peers in one room
    #[arg(long, env = "GUIDEBOOK_MAX_ROOM_MEMBERS", value_name = "N",
        default_value_t = DEFAULT.max_room_members, value_parser = at_least_one)]
    pub max_room_members: usize,

    /// Bytes in one signaling message
    #[arg(long, env = "GUIDEBOOK_MAX_FRAME_BYTES", value_name = "N",
        default_value_t = DEFAULT.max_frame_bytes, value_parser = at_least_one)]
    pub max_frame_bytes: usize,

    /// Messages that wait for a client which reads slowly; one more, and it is
    /// cut off
    #[arg(long, env = "GUIDEBOOK_MAX_QUEUED_FRAMES", value_name = "N",
        default_value_t = DEFAULT.max_queued_frames, value_parser = at_least_one)]
    pub max_queued_frames: usize,

    /// Bytes in the id of a peer
    #[arg(long, env = "GUIDEBOOK_MAX_PEER_ID_BYTES", value_name = "N",
        default_value_t = DEFAULT.max_peer_id_bytes, value_parser = at_least_one)]
    pub max_peer_id_bytes: usize,

    /// Bytes in the name of a room
    #[arg(long, env = "GUIDEBOOK_MAX_ROOM_NAME_BYTES", value_name = "N",
        default_value_t = DEFAULT.max_room_name_bytes, value_parser = at_least_one)]
    pub max_room_name_bytes: usize,

    /// Time for the head of a request, and between two requests
    #[arg(long = "request-head-seconds", env = "GUIDEBOOK_REQUEST_HEAD_SECONDS", value_name = "SECONDS",
        default_value = "30", value_parser = seconds)]
    pub request_head_timeout: Duration,

    /// Time between two pings to a signaling client; it is gone when two in a
    /// row stay without an answer
    #[arg(long = "ping-seconds", env = "GUIDEBOOK_PING_SECONDS", value_name = "SECONDS",
        default_value = "25", value_parser = seconds)]
    pub ping_period: Duration,
}

const DEFAULT: Limits = Limits {
    max_connections: 1000,
    max_rooms: 1000,
    max_room_members: 100,
    max_frame_bytes: 64 * 1024,
    max_queued_frames: 512,
    max_peer_id_bytes: NameLimits::DEFAULT.peer_id_bytes,
    max_room_name_bytes: NameLimits::DEFAULT.room_name_bytes,
    request_head_timeout: Duration::from_secs(30),
    ping_period: Duration::from_secs(25),
};

impl Default for Limits {
    fn default() -> Self {
        DEFAULT
    }
}

impl Limits {
    /// The bounds that the parser of signaling frames checks.
    pub fn names(&self) -> NameLimits {
        NameLimits {
            peer_id_bytes: self.max_peer_id_bytes,
            room_name_bytes: self.max_room_name_bytes,
        }
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1".into()),
        Ok(number) => Ok(number),
        Err(_) => Err("it must be a whole number".into()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let duration = text
        .parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "it must be a number of seconds above 0, such as 25 or 0.5".into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use clap::CommandFactory as _;

    fn parse(arguments: &[&str]) -> Result<Config, clap::Error> {
        Config::try_parse_from([&["guidebook"], arguments].concat())
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Config::command().debug_assert();
    }

    #[test]
    fn the_defaults_of_the_command_line_are_those_of_the_tests() {
        assert_eq!(parse(&[]).unwrap().limits, Limits::default());
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

    #[test]
    fn every_option_has_a_variable_named_after_it() {
        for option in Config::command().get_arguments() {
            let Some(name) = option.get_long() else {
                continue;
            };
            let variable = format!("GUIDEBOOK_{}", name.to_uppercase().replace('-', "_"));
            assert_eq!(option.get_env().unwrap(), variable.as_str());
        }
    }
}
