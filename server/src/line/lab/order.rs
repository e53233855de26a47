//! What a page asks for, as JSON.
//!
//! May import: line::order, network, serde, serde_json.

use network::nat::{Behaviour, OldName};
use serde::Deserialize;
use serde_json::Value;

use crate::line::order::OfBoth;

/// How a lab is to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The NAT that A is behind.
    pub a: Kind,
    /// The NAT that B is behind.
    pub b: Kind,
    /// A NAT that both of these are behind, as those of one provider are.
    #[serde(default)]
    pub carrier: Option<Kind>,
    /// As far as they are known yet.
    #[serde(default)]
    pub credentials: OfBoth,
    /// Whether there is a TURN server in the lab.
    #[serde(default)]
    pub turn: bool,
    /// Whether one of the peers may be a browser that connects to no loopback address.
    #[serde(default)]
    pub not_loopback: bool,
}

/// What of a lab is to be different.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Order {
    /// What a description says that is new.
    pub credentials: OfBoth,
}

/// A NAT by its old name, or by what it does; none where that name is "open".
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Value")]
pub struct Kind(pub Option<Behaviour>);

impl TryFrom<Value> for Kind {
    type Error = serde_json::Error;

    fn try_from(said: Value) -> Result<Self, serde_json::Error> {
        match said.is_string() {
            true => OldName::deserialize(said).map(|name| Self(name.behaviour())),
            false => Behaviour::deserialize(said).map(|behaviour| Self(Some(behaviour))),
        }
    }
}
