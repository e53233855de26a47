//! What a page asks for, as JSON.
//!
//! May import: credentials, network, side, serde.

use network::line::link::{Settings, Way};
use network::line::{Change, Preset, Timeline};
use serde::Deserialize;

use super::credentials::Credentials;
use super::side::Side;

/// How a line is to be at first. Everything may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Opening {
    /// What it does to packets.
    pub settings: Settings,
    /// In place of the conditions in those.
    pub preset: Option<Preset>,
    /// As far as they are known yet.
    pub credentials: OfBoth,
    /// Whether one of the peers may be a browser that connects to no loopback address.
    pub not_loopback: bool,
    /// Whether packets are kept for a look from the start.
    pub capture: bool,
}

/// What of a line is to be different. Everything may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Order {
    /// What a description says that is new.
    pub credentials: OfBoth,
    /// A network by name.
    pub preset: Option<Preset>,
    /// Single conditions.
    pub set: Option<Change>,
    /// Which way those count.
    pub way: Way,
    /// In place of the one that runs.
    pub timeline: Option<Timeline>,
    /// Which port is to be another one.
    pub rebind: Option<Side>,
    /// Whether packets are kept for a look from now on. What was kept stays.
    pub capture: Option<bool>,
}

/// The credentials of both peers.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfBoth {
    /// What the description of A says.
    pub a: Option<Credentials>,
    /// What the description of B says.
    pub b: Option<Credentials>,
}

impl OfBoth {
    /// Those of a side.
    pub fn of(&self, side: Side) -> Option<&Credentials> {
        match side {
            Side::A => self.a.as_ref(),
            Side::B => self.b.as_ref(),
        }
    }
}
