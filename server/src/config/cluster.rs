//! Several instances of the server, and the broker over which they speak.
//!
//! May import: clap, url.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use url::Url;

/// What other instances there are is not said: they find each other at the broker.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Several instances")]
pub struct Cluster {
    /// The Redis server by which several instances have their rooms in common, such
    /// as redis://10.0.0.5; rediss:// is encrypted
    #[arg(
        long,
        env = "GUIDEBOOK_CLUSTER",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub cluster: Option<ClusterUrl>,

    /// Trust the authorities of certificates in this file in place of those that
    /// the system knows, when the address begins with rediss://
    #[arg(
        long,
        env = "GUIDEBOOK_CLUSTER_CA",
        value_name = "FILE",
        requires = "cluster"
    )]
    pub cluster_ca: Option<PathBuf>,

    /// What its keys there begin with, so that several clusters can have one server
    #[arg(
        long,
        env = "GUIDEBOOK_CLUSTER_NAME",
        value_name = "NAME",
        default_value_t
    )]
    pub cluster_name: ClusterName,

    /// Take messages only of instances that have a key of this file, a line of 32
    /// bytes or more each, of which the first signs; otherwise whoever may publish
    /// there can speak as anybody. It is read again when it changes
    #[arg(
        long,
        env = "GUIDEBOOK_CLUSTER_KEY",
        value_name = "FILE",
        requires = "cluster"
    )]
    pub cluster_key: Option<PathBuf>,
}

/// Where the broker is. There may be a password in it, so it is no part of any log.
#[derive(Clone, PartialEq, Eq)]
pub struct ClusterUrl(String);

impl ClusterUrl {
    /// The address. Whoever calls this may give a password away.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClusterUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| "it must be an address such as redis://10.0.0.5")?;
        let has_host = url.host_str().is_some_and(|host| !host.is_empty());
        match url.scheme() {
            "redis" | "rediss" if has_host => Ok(Self(text.to_owned())),
            "redis+unix" | "unix" => Ok(Self(text.to_owned())),
            "redis" | "rediss" => Err("it must name a host, such as redis://10.0.0.5"),
            _ => Err("it must begin with redis://, rediss:// or, for a Unix socket, redis+unix://"),
        }
    }
}

impl fmt::Debug for ClusterUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClusterUrl")
    }
}

/// The name of a cluster: letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterName(String);

/// Characters of the longest name.
const MAX_NAME: usize = 64;

impl ClusterName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ClusterName {
    fn default() -> Self {
        Self("guidebook".to_owned())
    }
}

impl fmt::Display for ClusterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ClusterName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        match (1..=MAX_NAME).contains(&text.len()) && text.chars().all(is_plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(format!(
                "it must have 1 to {MAX_NAME} letters, digits, hyphens, underscores or points"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_address_is_of_a_broker_and_is_not_shown() {
        for good in [
            "redis://10.0.0.5",
            "rediss://user:secret@redis.example:6380/2",
            "redis+unix:///run/redis.sock",
        ] {
            let url = good.parse::<ClusterUrl>().unwrap();
            assert_eq!(url.reveal(), good);
            assert!(!format!("{url:?}").contains("redis:"));
        }
        for bad in ["10.0.0.5", "http://10.0.0.5", "redis://", "nats://10.0.0.5"] {
            bad.parse::<ClusterUrl>().unwrap_err();
        }
    }

    #[test]
    fn a_name_is_plain() {
        "my-cluster.2_b".parse::<ClusterName>().unwrap();
        for bad in ["", "a:b", "a b", "ä", &"x".repeat(MAX_NAME + 1)] {
            bad.parse::<ClusterName>().unwrap_err();
        }
    }
}
