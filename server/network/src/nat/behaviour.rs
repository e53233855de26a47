//! What kind of NAT it is, in the words of [RFC 4787](https://www.rfc-editor.org/rfc/rfc4787).
//!
//! May import: serde.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// The shortest and the longest timeout that may be set, in seconds.
const TIMEOUT: std::ops::RangeInclusive<f64> = 1.0..=86_400.0;

/// How much of the remote endpoint counts. The later, the more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dependence {
    /// Nothing of it.
    EndpointIndependent,
    /// Its address.
    AddressDependent,
    /// Its address and its port.
    AddressAndPortDependent,
}

/// All three, in their order.
pub const DEPENDENCES: [Dependence; 3] = [
    Dependence::EndpointIndependent,
    Dependence::AddressDependent,
    Dependence::AddressAndPortDependent,
];

/// As much of a remote endpoint as counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Remote {
    /// Anybody.
    Any,
    /// Anybody at this address.
    Address(IpAddr),
    /// This endpoint.
    Endpoint(SocketAddr),
}

impl Dependence {
    /// What counts of this endpoint.
    pub fn of(self, endpoint: SocketAddr) -> Remote {
        match self {
            Self::EndpointIndependent => Remote::Any,
            Self::AddressDependent => Remote::Address(endpoint.ip()),
            Self::AddressAndPortDependent => Remote::Endpoint(endpoint),
        }
    }
}

/// What a NAT does. Mapping and filtering are independent of each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// Which packets of an inside endpoint leave by the same outside port ([section 4.1](https://www.rfc-editor.org/rfc/rfc4787#section-4.1)).
    pub mapping: Dependence,
    /// Whose packets to that port are let in ([section 5](https://www.rfc-editor.org/rfc/rfc4787#section-5)).
    pub filtering: Dependence,
    /// Whether the outside port is that of the inside while nobody else has it
    /// ([section 4.2.1](https://www.rfc-editor.org/rfc/rfc4787#section-4.2.1)). Two endpoints never share one (no port overloading).
    pub port_preservation: bool,
    /// Whether packets from the inside to an outside endpoint of this NAT come back in ([section 6](https://www.rfc-editor.org/rfc/rfc4787#section-6)).
    pub hairpinning: bool,
    /// How long a mapping lives when nothing refreshes it; in JSON in seconds ([section 4.3](https://www.rfc-editor.org/rfc/rfc4787#section-4.3):
    /// at least two minutes).
    #[serde(serialize_with = "to_seconds", deserialize_with = "from_seconds")]
    pub timeout: Duration,
    /// Whether what comes in refreshes a mapping too. What goes out always does.
    pub inbound_refresh: bool,
}

/// The names of [RFC 3489](https://www.rfc-editor.org/rfc/rfc3489#section-5), which people still use, though real NATs do not keep to them
/// ([RFC 4787, section 3](https://www.rfc-editor.org/rfc/rfc4787#section-3)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OldName {
    /// No NAT and no firewall: a public address.
    Open,
    /// Everybody may answer.
    FullCone,
    /// Whoever has the address that was sent to may answer.
    Restricted,
    /// Only the endpoint that was sent to may answer.
    PortRestricted,
    /// Only the endpoint that was sent to may answer, and each is sent to from a port of its own.
    Symmetric,
}

/// All five, the kindest first.
pub const OLD_NAMES: [OldName; 5] = [
    OldName::Open,
    OldName::FullCone,
    OldName::Restricted,
    OldName::PortRestricted,
    OldName::Symmetric,
];

impl Default for Behaviour {
    /// Of most routers at home, and of section 12 as far as the applications of this book can tell.
    fn default() -> Self {
        Self {
            mapping: Dependence::EndpointIndependent,
            filtering: Dependence::AddressAndPortDependent,
            port_preservation: true,
            hairpinning: true,
            timeout: Duration::from_secs(120),
            inbound_refresh: false,
        }
    }
}

impl Behaviour {
    /// These two, and the rest as it is by default.
    pub fn of(mapping: Dependence, filtering: Dependence) -> Self {
        Self {
            mapping,
            filtering,
            ..Self::default()
        }
    }
}

impl OldName {
    /// What such a NAT does; `None` where there is no NAT.
    pub fn behaviour(self) -> Option<Behaviour> {
        use Dependence::{AddressAndPortDependent, AddressDependent, EndpointIndependent};
        let (mapping, filtering) = match self {
            Self::Open => return None,
            Self::FullCone => (EndpointIndependent, EndpointIndependent),
            Self::Restricted => (EndpointIndependent, AddressDependent),
            Self::PortRestricted => (EndpointIndependent, AddressAndPortDependent),
            Self::Symmetric => (AddressAndPortDependent, AddressAndPortDependent),
        };
        Some(Behaviour::of(mapping, filtering))
    }
}

fn to_seconds<S: Serializer>(timeout: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(timeout.as_secs_f64())
}

fn from_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    if TIMEOUT.contains(&seconds) {
        return Ok(Duration::from_secs_f64(seconds));
    }
    let (least, most) = (TIMEOUT.start(), TIMEOUT.end());
    Err(D::Error::custom(format!(
        "timeout is {seconds}, which is out of range: it may be {least} to {most} seconds"
    )))
}
