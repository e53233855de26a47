//! The textbook: whether two NATs can be punched through, by their kinds alone.
//!
//! Both peers know the outside port by which the other reached a STUN server. All depends on whether that is the port by which the other
//! sends to *them* (it is when mapping is endpoint-independent), and if not, on whether packets from another port are let in. ICE accepts an
//! answer only from where it sent the check to ([RFC 8445, section 7.2.5.2.1](https://www.rfc-editor.org/rfc/rfc8445#section-7.2.5.2.1)).
//!
//! May import: nat, nat::behaviour, serde.

use std::fmt;

use serde::Serialize;

use crate::nat::Behaviour;
use crate::nat::behaviour::Dependence::{
    AddressAndPortDependent, AddressDependent, EndpointIndependent,
};

/// Which rule decides about two NATs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Both have one port for everybody.
    PortsKnown,
    /// One has, and lets in any port of an address.
    PortLearnt,
    /// One has, and lets in only the port that it sent to, while the other sends from another.
    PortRefused,
    /// Neither has, but one lets in who comes to the port that the STUN server saw, the other any port of an address, and one keeps its port
    /// for all ports of an address.
    DoorOpen,
    /// Neither has, and that is not so.
    BothHidden,
}

impl Rule {
    /// Whether the two connect without a relay.
    pub fn connects(self) -> bool {
        match self {
            Self::PortsKnown | Self::PortLearnt | Self::DoorOpen => true,
            Self::PortRefused | Self::BothHidden => false,
        }
    }
}

/// As a page says it.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PortsKnown => "each sends from the port that the other knows",
            Self::PortLearnt => {
                "one sends from a port that the other does not know, but is let in and so makes it known"
            }
            Self::PortRefused => "one sends from a port that the other does not know and does not let in",
            Self::DoorOpen => {
                "neither knows from which port the other sends, but one is let in anyway, and its answer too"
            }
            Self::BothHidden => "neither knows from which port the other sends, and no answer gets through",
        })
    }
}

/// The rule for two peers behind NATs, the innermost first; a side without one is open.
pub fn rule(a: &[Behaviour], b: &[Behaviour]) -> Rule {
    match (is_one_port(a), is_one_port(b)) {
        (true, true) => Rule::PortsKnown,
        (true, false) if takes_any_port(a) => Rule::PortLearnt,
        (false, true) if takes_any_port(b) => Rule::PortLearnt,
        (true, false) | (false, true) => Rule::PortRefused,
        (false, false) => {
            let in_then_answered =
                takes_unasked(a) && takes_any_port(b) || takes_unasked(b) && takes_any_port(a);
            if in_then_answered && (keeps_port(a) || keeps_port(b)) {
                Rule::DoorOpen
            } else {
                Rule::BothHidden
            }
        }
    }
}

/// Whether the peer sends to everybody from the port that the STUN server saw.
fn is_one_port(nats: &[Behaviour]) -> bool {
    nats.iter().all(|nat| nat.mapping == EndpointIndependent)
}

/// Whether it sends to all ports of an address from one port.
fn keeps_port(nats: &[Behaviour]) -> bool {
    nats.iter()
        .all(|nat| nat.mapping != AddressAndPortDependent)
}

/// Whether it hears any port of an address that it sends to, at the port from which it sends there.
fn takes_any_port(nats: &[Behaviour]) -> bool {
    nats.iter()
        .all(|nat| nat.filtering != AddressAndPortDependent)
}

/// Whether it hears any port of an address that it sends to, at the port that the STUN server saw. A NAT whose mapping, and that of those
/// inside it, does not depend on the remote endpoint has one mapping for both, and remembers there whom the peer sends to. The others have
/// a mapping of its own for the STUN server.
fn takes_unasked(nats: &[Behaviour]) -> bool {
    (1..=nats.len()).all(|level| match nats[level - 1].filtering {
        EndpointIndependent => true,
        AddressDependent => is_one_port(&nats[..level]),
        AddressAndPortDependent => false,
    })
}
