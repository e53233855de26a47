//! What can be set from outside: [`Config`] for the command line, [`Limits`] for every bound of the server.
//!
//! The doc comments of the fields are the help text. May import: clap, std, `quickconnect`'s limits.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser};
use quickconnect::protocol::NameLimits;

/// Serves the guidebook and connects its readers, from one address and without the internet.
#[derive(Debug, Clone, Parser)]
#[command(name = "guidebook", version, term_width = 80)]
pub struct Config {
    /// The address and port to listen on; 0.0.0.0:8000 lets other machines in
    #[arg(
        long,
        env = "GUIDEBOOK_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8000",
        hide_env_values = true
    )]
    pub listen: SocketAddr,

    /// Open the book in your browser
    #[arg(long, env = "GUIDEBOOK_OPEN", hide_env_values = true)]
    pub open: bool,

    /// Serve this checkout instead of the book inside the program; pages reload
    /// when you save a chapter, a demo or the stage
    #[arg(
        long,
        env = "GUIDEBOOK_BOOK",
        value_name = "DIR",
        hide_env_values = true
    )]
    pub book: Option<PathBuf>,

    /// What to log to stderr, for example debug or server=debug
    #[arg(
        long,
        env = "GUIDEBOOK_LOG",
        value_name = "FILTER",
        default_value = "info",
        hide_env_values = true
    )]
    pub log: String,

    /// Every bound of the server.
    #[command(flatten)]
    pub limits: Limits,
}

/// Every bound of the server. The defaults suit a workshop of a hundred people in one room.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Connections open at once; more wait until one closes
    #[arg(long, env = "GUIDEBOOK_MAX_CONNECTIONS", value_name = "N", default_value_t = 1000, value_parser = at_least_one, hide_env_values = true)]
    pub max_connections: usize,

    /// Rooms that exist at once
    #[arg(long, env = "GUIDEBOOK_MAX_ROOMS", value_name = "N", default_value_t = 1000, value_parser = at_least_one, hide_env_values = true)]
    pub max_rooms: usize,

    /// Peers in one room
    #[arg(long, env = "GUIDEBOOK_MAX_ROOM_MEMBERS", value_name = "N", default_value_t = 100, value_parser = at_least_one, hide_env_values = true)]
    pub max_room_members: usize,

    /// Bytes in one signaling message
    #[arg(long, env = "GUIDEBOOK_MAX_FRAME_BYTES", value_name = "N", default_value_t = 64 * 1024, value_parser = at_least_one, hide_env_values = true)]
    pub max_frame_bytes: usize,

    /// Messages that wait for a client which reads slowly, before it is cut off
    #[arg(long, env = "GUIDEBOOK_MAX_QUEUED_FRAMES", value_name = "N", default_value_t = 512, value_parser = at_least_one, hide_env_values = true)]
    pub max_queued_frames: usize,

    /// Bytes in the id of a peer
    #[arg(long, env = "GUIDEBOOK_MAX_PEER_ID_BYTES", value_name = "N", default_value_t = NameLimits::default().peer_id_bytes, value_parser = at_least_one, hide_env_values = true)]
    pub max_peer_id_bytes: usize,

    /// Bytes in the name of a room
    #[arg(long, env = "GUIDEBOOK_MAX_ROOM_NAME_BYTES", value_name = "N", default_value_t = NameLimits::default().room_name_bytes, value_parser = at_least_one, hide_env_values = true)]
    pub max_room_name_bytes: usize,

    /// Time a client has for the head of a request, and may stay idle between two
    #[arg(long, env = "GUIDEBOOK_REQUEST_HEAD_SECONDS", value_name = "SECONDS", default_value = "30", value_parser = seconds, hide_env_values = true)]
    pub request_head_seconds: Duration,

    /// Time between two pings to a signaling client; after two without an answer
    /// it is gone
    #[arg(long, env = "GUIDEBOOK_PING_SECONDS", value_name = "SECONDS", default_value = "25", value_parser = seconds, hide_env_values = true)]
    pub ping_seconds: Duration,
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

impl Default for Limits {
    /// The defaults of the command line, so that they are written down once.
    fn default() -> Self {
        Config::parse_from(["guidebook"]).limits
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
    let too_odd = || "it must be a number of seconds above 0, such as 25 or 0.5".to_owned();
    let seconds: f64 = text.parse().map_err(|_| too_odd())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(too_odd()),
    }
}
