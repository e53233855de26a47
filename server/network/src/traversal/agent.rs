//! One side of ICE ([RFC 8445](https://www.rfc-editor.org/rfc/rfc8445)), as far as NATs can tell: candidates, checks and pairs.
//!
//! May import: nat::topology, serde.

use std::net::{IpAddr, SocketAddr};

use serde::Serialize;

use crate::nat::topology::Id;

/// Candidates of the other side that an agent keeps at most. A symmetric NAT could make up a new one with each packet.
pub const MAX_REMOTES: usize = 16;

/// What a candidate is, the most preferred last ([section 5.1.2.2](https://www.rfc-editor.org/rfc/rfc8445#section-5.1.2.2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Kind {
    /// A port of the relay.
    #[serde(rename = "relay")]
    Relay,
    /// What a STUN server saw.
    #[serde(rename = "srflx")]
    ServerReflexive,
    /// What the other peer saw.
    #[serde(rename = "prflx")]
    PeerReflexive,
    /// An address of the machine.
    #[serde(rename = "host")]
    Host,
}

/// An endpoint by which a side may be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// What it is.
    pub kind: Kind,
    /// Where it is.
    pub endpoint: SocketAddr,
}

/// From where an agent sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Base {
    /// From its own socket.
    Host,
    /// From its port of the relay.
    Relay,
}

/// A way that was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// From where the checks were sent.
    pub base: Base,
    /// As which candidate the other side sees this one.
    pub local: Candidate,
    /// Where to.
    pub remote: Candidate,
}

impl Pair {
    /// Of two pairs of the controlling side the preferred one has the greater
    /// ([section 6.1.2.3](https://www.rfc-editor.org/rfc/rfc8445#section-6.1.2.3)).
    pub(super) fn priority(&self) -> (Kind, Kind, bool) {
        let (local, remote) = (self.local.kind, self.remote.kind);
        (local.min(remote), local.max(remote), local > remote)
    }
}

/// One side.
#[derive(Debug)]
pub(super) struct Agent {
    pub(super) host: Id,
    pub(super) socket: SocketAddr,
    /// The ways out that it uses.
    pub(super) bases: Vec<Base>,
    /// Its own.
    pub(super) candidates: Vec<Candidate>,
    /// Its port of the relay, and where the relay reaches it.
    pub(super) allocation: Option<[SocketAddr; 2]>,
    /// The other side's.
    pub(super) remotes: Vec<Candidate>,
    pub(super) pairs: Vec<Pair>,
    /// By which way the other side said that it shall be this one.
    pub(super) nominated: Option<(Base, SocketAddr)>,
}

impl Agent {
    /// Adds one of its own, unless it has it already as a better one.
    pub(super) fn gather(&mut self, kind: Kind, endpoint: SocketAddr) {
        if !self
            .candidates
            .iter()
            .any(|candidate| candidate.endpoint == endpoint)
        {
            self.candidates.push(Candidate { kind, endpoint });
        }
    }

    pub(super) fn pair(&self, base: Base, remote: SocketAddr) -> Option<Pair> {
        let is = |pair: &&Pair| pair.base == base && pair.remote.endpoint == remote;
        self.pairs.iter().find(is).copied()
    }

    /// A check came from there, so this side can be reached from there
    /// ([section 7.3.1.3](https://www.rfc-editor.org/rfc/rfc8445#section-7.3.1.3)).
    pub(super) fn learns(&mut self, source: SocketAddr) {
        let is_new = !self.remotes.iter().any(|remote| remote.endpoint == source);
        if is_new && self.remotes.len() < MAX_REMOTES {
            self.remotes.push(Candidate {
                kind: Kind::PeerReflexive,
                endpoint: source,
            });
        }
    }

    /// An answer came from where the check was sent to, and says how this side is seen
    /// ([section 7.2.5.3](https://www.rfc-editor.org/rfc/rfc8445#section-7.2.5.3)).
    pub(super) fn succeeds(&mut self, base: Base, remote: SocketAddr, seen: SocketAddr) {
        let known = self
            .candidates
            .iter()
            .find(|candidate| candidate.endpoint == seen);
        let local = known.copied().unwrap_or(Candidate {
            kind: Kind::PeerReflexive,
            endpoint: seen,
        });
        let remote = self
            .remotes
            .iter()
            .find(|candidate| candidate.endpoint == remote);
        if let Some(&remote) = remote
            && self.pair(base, remote.endpoint).is_none()
        {
            self.pairs.push(Pair {
                base,
                local,
                remote,
            });
        }
    }

    /// Whether it asked the relay to let in whoever has this address
    /// ([RFC 8656, section 9](https://www.rfc-editor.org/rfc/rfc8656#section-9)): it does so for each candidate it knows.
    pub(super) fn permits(&self, address: IpAddr) -> bool {
        self.remotes
            .iter()
            .any(|remote| remote.endpoint.ip() == address)
    }
}
