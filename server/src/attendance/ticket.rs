//! What a browser keeps so that it comes back as the same attendee, also after a restart of the server: what it is, signed.
//!
//! Is `base64url(JSON) "." base64url(HMAC-SHA256)`. The time is an argument, in milliseconds since 1970.
//!
//! May import: id, pair_name, base64, hmac, serde, serde_json, sha2.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::id::Id;
use super::pair_name::PairName;

/// For how long a ticket is good.
pub(super) const LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// Bytes of the longest ticket that is read.
pub(super) const MAX_BYTES: usize = 1024;

/// Bytes of a key.
pub(super) const KEY_BYTES: usize = 32;

/// What the ticket of an attendee says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claim {
    /// Who.
    pub(super) id: Id,
    /// What they are called.
    pub(super) name: String,
    /// Their pair.
    pub(super) pair: Option<ClaimedPair>,
    /// When it ends.
    pub(super) until: u64,
}

/// What a ticket says of a pair, so that it can be made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ClaimedPair {
    pub(super) name: PairName,
    /// Tells it from another of this name: after a restart of the server nobody knows which names tickets have.
    pub(super) born: u32,
    /// Members at most.
    pub(super) size: usize,
    /// Whether nobody else may join.
    pub(super) locked: bool,
    /// Who has left it or was taken out of it, and comes back with no older ticket.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) former: Vec<Id>,
}

/// What the ticket of the companion says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CompanionClaim {
    /// The room that it was invited into.
    pub(super) companion: String,
    /// When it ends.
    pub(super) until: u64,
}

/// Signs tickets, and reads those that it has signed.
pub(super) struct Tickets(Hmac<Sha256>);

impl Tickets {
    pub(super) fn new(key: &[u8; KEY_BYTES]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC takes keys of any length"))
    }

    pub(super) fn sign(&self, claim: &impl Serialize) -> String {
        let claim = serde_json::to_vec(claim).expect("strings and numbers become JSON");
        let payload = BASE64.encode(claim);
        let tag = self.0.clone().chain_update(&payload).finalize();
        format!("{payload}.{}", BASE64.encode(tag.into_bytes()))
    }

    /// What a ticket of an attendee says; `None` if it is none of ours, or old.
    pub(super) fn read(&self, ticket: &str, now: u64) -> Option<Claim> {
        self.verified(ticket)
            .filter(|claim: &Claim| now < claim.until)
    }

    /// The same of a companion.
    pub(super) fn read_companion(&self, ticket: &str, now: u64) -> Option<CompanionClaim> {
        self.verified(ticket)
            .filter(|claim: &CompanionClaim| now < claim.until)
    }

    fn verified<T: DeserializeOwned>(&self, ticket: &str) -> Option<T> {
        if ticket.len() > MAX_BYTES {
            return None;
        }
        let (payload, tag) = ticket.split_once('.')?;
        let tag = BASE64.decode(tag).ok()?;
        // Takes the same time wherever they differ.
        self.0
            .clone()
            .chain_update(payload)
            .verify_slice(&tag)
            .ok()?;
        serde_json::from_slice(&BASE64.decode(payload).ok()?).ok()
    }
}

/// The key is a secret, and must not get into a log.
impl fmt::Debug for Tickets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tickets")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn claim() -> Claim {
        Claim {
            id: "a7".parse().unwrap(),
            name: "Alder \"2\" é".to_owned(),
            pair: Some(ClaimedPair {
                name: "amber-otter".parse().unwrap(),
                born: u32::MAX,
                size: 3,
                locked: true,
                former: vec!["a8".parse().unwrap()],
            }),
            until: 1000,
        }
    }

    #[test]
    fn a_ticket_says_what_was_signed_until_it_ends() {
        let tickets = Tickets::new(&[1; KEY_BYTES]);
        let ticket = tickets.sign(&claim());
        assert_eq!(tickets.read(&ticket, 999), Some(claim()));
        assert_eq!(tickets.read(&ticket, 1000), None);
        let url = ticket
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        assert!(url, "{ticket}");
    }

    #[test]
    fn a_ticket_that_was_changed_or_signed_by_others_is_none() {
        let tickets = Tickets::new(&[1; KEY_BYTES]);
        let ticket = tickets.sign(&claim());
        assert_eq!(Tickets::new(&[2; KEY_BYTES]).read(&ticket, 0), None);
        for place in 0..ticket.len() {
            let mut forged = ticket.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            assert_eq!(tickets.read(&forged, 0), None, "{forged}");
        }
        let (payload, tag) = ticket.split_once('.').unwrap();
        let other = tickets.sign(&Claim {
            name: "Ash".to_owned(),
            ..claim()
        });
        let (other, _) = other.split_once('.').unwrap();
        for forged in [
            String::new(),
            ".".to_owned(),
            format!("{payload}."),
            format!("{payload}.{}", &tag[..8]),
            format!("{other}.{tag}"),
            format!("{ticket}.{tag}"),
            format!("{ticket}{}", "A".repeat(MAX_BYTES)),
        ] {
            assert_eq!(tickets.read(&forged, 0), None, "{forged}");
        }
    }

    #[test]
    fn the_ticket_of_a_companion_is_none_of_an_attendee_and_the_other_way_round() {
        let tickets = Tickets::new(&[1; KEY_BYTES]);
        let companion = tickets.sign(&CompanionClaim {
            companion: "amber-otter/x".to_owned(),
            until: 1000,
        });
        assert!(tickets.read_companion(&companion, 999).is_some());
        assert!(tickets.read_companion(&companion, 1000).is_none());
        assert!(tickets.read(&companion, 0).is_none());
        assert!(tickets.read_companion(&tickets.sign(&claim()), 0).is_none());
    }
}
