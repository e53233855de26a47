//! What `guidebook token` makes.
//!
//! May import: access_token::bounds, access_token::room_pattern, clap.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use crate::access_token::bounds::MAX_LIFETIME;
use crate::access_token::room_pattern::RoomPattern;

/// An access token, or a key for such tokens.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Token {
    /// Sign with the first key of this file that can
    #[arg(
        long,
        env = "GUIDEBOOK_ACCESS_KEY",
        value_name = "FILE",
        required_unless_present = "new_key"
    )]
    pub access_key: Option<PathBuf>,

    /// The room that it is for; demo-* is every room whose name begins so, * is
    /// every room
    #[arg(long, value_name = "PATTERN", required_unless_present = "new_key")]
    pub room: Option<RoomPattern>,

    /// The id that whoever has it must announce; any if it is not said
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,

    /// How long it may be shown, such as 90s, 10m or 2h; a day at most, and in the
    /// query of an address 60s
    #[arg(long = "for", value_name = "TIME", default_value = "10m")]
    pub lifetime: Lifetime,

    /// How long a session may last that began with it, as long as the token if it is
    /// not said
    #[arg(long, value_name = "TIME")]
    pub session: Option<Lifetime>,

    /// Let whoever has it bring the companion into its rooms, and get keys of their
    /// media rooms
    #[arg(long)]
    pub may_invite: bool,

    /// Make a file with a new key in place of a token; only you can read it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["room", "id", "session", "may_invite"])]
    pub new_key: Option<PathBuf>,

    /// Make one that has two parts (EdDSA, in place of HS256), and a file with the
    /// public part, with which a server lets in and signs nothing
    #[arg(long, value_name = "FILE", requires = "new_key")]
    pub public_key: Option<PathBuf>,
}

/// A time of seconds, minutes or hours, no longer than tokens live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime(pub Duration);

impl FromStr for Lifetime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let usage = || "it must be a time above 0 and up to 24h, such as 90s, 10m or 2h".to_owned();
        let (number, seconds) = [("s", 1), ("m", 60), ("h", 3600)]
            .into_iter()
            .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))
            .ok_or_else(usage)?;
        let number: u32 = number.parse().map_err(|_| usage())?;
        let time = Duration::from_secs(u64::from(number) * seconds);
        let is_allowed = !time.is_zero() && time <= MAX_LIFETIME;
        is_allowed.then_some(Self(time)).ok_or_else(usage)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_time_has_a_unit_and_is_a_day_at_most() {
        for (text, seconds) in [("90s", 90), ("10m", 600), ("24h", 86_400)] {
            let time: Lifetime = text.parse().unwrap();
            assert_eq!(time.0, Duration::from_secs(seconds));
        }
        for text in [
            "",
            "s",
            "10",
            "0s",
            "25h",
            "-1m",
            "1.5h",
            "99999999999h",
            "1d",
        ] {
            assert!(text.parse::<Lifetime>().is_err(), "{text}");
        }
    }
}
