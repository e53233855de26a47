//! Keys by which clients that are no pages of this server publish and watch in one room, for some minutes:
//! `Authorization: Bearer KEY` ([RFC 9725, section 4.7](https://www.rfc-editor.org/rfc/rfc9725#section-4.7)).
//!
//! Is `base64url(milliseconds since 1970, HMAC-SHA256 of them and the room)`. The time is an argument.
//!
//! May import: secret, base64, hmac, quickconnect::protocol, sha2.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use quickconnect::protocol::RoomName;
use sha2::Sha256;

use crate::secret::{NoRandomBytes, Secret};

/// Bytes of a time.
const TIME: usize = 8;
/// Characters of a key: of 40 bytes.
const LENGTH: usize = 54;

/// Makes keys, and knows its own again. Those of another process are none.
pub(super) struct Keys(Hmac<Sha256>);

impl Keys {
    pub(super) fn random() -> Result<Self, NoRandomBytes> {
        let secret = Secret::<32>::random()?;
        let mac = Hmac::new_from_slice(secret.bytes());
        Ok(Self(mac.expect("HMAC takes keys of any length")))
    }

    /// One for a room, good until so long after 1970.
    pub(super) fn make(&self, room: &RoomName, until: Duration) -> String {
        let until = u64::try_from(until.as_millis())
            .unwrap_or(u64::MAX)
            .to_be_bytes();
        let tag = self.mac(room, &until).finalize().into_bytes();
        BASE64_URL_SAFE_NO_PAD.encode([&until[..], &tag[..]].concat())
    }

    /// Whether this is one for this room that is good now.
    pub(super) fn is_good(&self, key: &str, room: &RoomName, now: Duration) -> bool {
        let until = self.good_until(key, room);
        until.is_some_and(|until| now < until)
    }

    /// Whether this was one for this room, though its time may be over.
    pub(super) fn was_good(&self, key: &str, room: &RoomName) -> bool {
        self.good_until(key, room).is_some()
    }

    /// Until when a key of ours is good for this room.
    fn good_until(&self, key: &str, room: &RoomName) -> Option<Duration> {
        if key.len() != LENGTH {
            return None;
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(key).ok()?;
        let (until, tag) = bytes.split_first_chunk::<TIME>()?;
        self.mac(room, until).verify_slice(tag).ok()?;
        Some(Duration::from_millis(u64::from_be_bytes(*until)))
    }

    fn mac(&self, room: &RoomName, until: &[u8; TIME]) -> Hmac<Sha256> {
        self.0
            .clone()
            .chain_update(until)
            .chain_update(room.as_str())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use quickconnect::protocol::NameLimits;

    use super::*;

    fn room(name: &str) -> RoomName {
        RoomName::new(name, &NameLimits::DEFAULT).unwrap()
    }

    #[test]
    fn a_key_is_good_for_its_room_until_its_time_is_over() {
        let keys = Keys::random().unwrap();
        let key = keys.make(&room("a"), Duration::from_secs(600));
        assert_eq!(key.len(), LENGTH);
        let is_good = |name, seconds| keys.is_good(&key, &room(name), Duration::from_secs(seconds));
        assert!(is_good("a", 599));
        assert!(!is_good("a", 600));
        assert!(!is_good("b", 1));
        assert!(keys.was_good(&key, &room("a")) && !keys.was_good(&key, &room("b")));
    }

    #[test]
    fn what_was_changed_or_made_by_another_process_is_none() {
        let [keys, others] = [Keys::random().unwrap(), Keys::random().unwrap()];
        let key = others.make(&room("a"), Duration::from_secs(600));
        assert!(!keys.is_good(&key, &room("a"), Duration::ZERO));
        assert!(!keys.was_good(&key, &room("a")));
        let own = keys.make(&room("a"), Duration::from_secs(600));
        for at in 0..own.len() {
            let mut changed = own.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let is_good = keys.is_good(&changed, &room("a"), Duration::ZERO);
            // The last character has bits that say nothing, and must be 0.
            assert!(!is_good, "{at}");
        }
        for other in ["", "x", &"A".repeat(LENGTH), "💥💥💥💥💥💥💥💥💥💥💥💥💥ab"]
        {
            assert!(!keys.is_good(other, &room("a"), Duration::ZERO));
        }
    }
}
