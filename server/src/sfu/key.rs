//! Keys by which clients that are no pages of this server publish and watch in one room, for some minutes:
//! `Authorization: Bearer KEY` ([RFC 9725, section 4.7](https://www.rfc-editor.org/rfc/rfc9725#section-4.7)).
//!
//! Is `base64url(until when it is good, until when its sessions may last, HMAC-SHA256 of all and the room, thumbprint)`: times in milliseconds since 1970, and
//! the thumbprint of the key that has signed the access token of whoever made it, if there was one. The time is an argument.
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
/// Bytes of a tag.
const TAG: usize = 32;
/// Characters of a key: of both times, the tag, and a thumbprint of 32 bytes.
const MAX_LENGTH: usize = 107;
/// In the place of a time: there is none.
const NEVER: u64 = u64::MAX;
/// Stands in no text of UTF-8.
const END_OF_SIGNER: [u8; 1] = [0xff];

/// Makes keys, and knows its own again. Those of another process are none.
pub(super) struct Keys(Hmac<Sha256>);

/// What a key says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// Until when it is good, after 1970.
    pub(super) until: Duration,
    /// Until when sessions may last that it begins; without it, as long as any.
    pub(super) sessions_until: Option<Duration>,
    /// The thumbprint of the key that has signed the access token of whoever made it.
    pub(super) signer: Option<Box<str>>,
}

impl Keys {
    pub(super) fn random() -> Result<Self, NoRandomBytes> {
        let secret = Secret::<32>::random()?;
        let mac = Hmac::new_from_slice(secret.bytes());
        Ok(Self(mac.expect("HMAC takes keys of any length")))
    }

    /// One for a room.
    pub(super) fn make(&self, room: &RoomName, said: &Said) -> String {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(NEVER);
        let times = [
            millis(said.until).to_be_bytes(),
            said.sessions_until.map_or(NEVER, millis).to_be_bytes(),
        ];
        let signer = said.signer.as_deref().unwrap_or_default().as_bytes();
        let tag = self.mac(room, &times, signer).finalize().into_bytes();
        BASE64_URL_SAFE_NO_PAD.encode([&times.concat()[..], &tag[..], signer].concat())
    }

    /// What a key says, if it is one of ours for this room, though its time may be over.
    pub(super) fn read(&self, key: &str, room: &RoomName) -> Option<Said> {
        if key.len() > MAX_LENGTH {
            return None;
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(key).ok()?;
        let (until, rest) = bytes.split_first_chunk::<TIME>()?;
        let (sessions_until, rest) = rest.split_first_chunk::<TIME>()?;
        let (tag, signer) = rest.split_first_chunk::<TAG>()?;
        let times = [*until, *sessions_until];
        self.mac(room, &times, signer).verify_slice(tag).ok()?;
        let [until, sessions_until] = times.map(u64::from_be_bytes);
        let signer = std::str::from_utf8(signer).ok()?;
        Some(Said {
            until: Duration::from_millis(until),
            sessions_until: (sessions_until != NEVER)
                .then(|| Duration::from_millis(sessions_until)),
            signer: (!signer.is_empty()).then(|| signer.into()),
        })
    }

    fn mac(&self, room: &RoomName, times: &[[u8; TIME]; 2], signer: &[u8]) -> Hmac<Sha256> {
        self.0
            .clone()
            .chain_update(times.as_flattened())
            .chain_update(signer)
            .chain_update(END_OF_SIGNER)
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

    fn said(signer: Option<&str>) -> Said {
        Said {
            until: Duration::from_secs(600),
            sessions_until: signer.map(|_| Duration::from_secs(900)),
            signer: signer.map(Into::into),
        }
    }

    #[test]
    fn a_key_says_what_it_was_made_with_for_its_room_alone() {
        let keys = Keys::random().unwrap();
        for said in [said(None), said(Some("k")), said(Some(&"k".repeat(32)))] {
            let key = keys.make(&room("a"), &said);
            assert!(key.len() <= MAX_LENGTH, "{}", key.len());
            assert_eq!(keys.read(&key, &room("a")), Some(said));
            assert_eq!(keys.read(&key, &room("b")), None);
        }
        // What is the end of one text is not the beginning of the other.
        let key = keys.make(&room("b"), &said(Some("ka")));
        assert_eq!(keys.read(&key, &room("ab")), None);
    }

    #[test]
    fn what_was_changed_or_made_by_another_process_is_none() {
        let [keys, others] = [Keys::random().unwrap(), Keys::random().unwrap()];
        let key = others.make(&room("a"), &said(None));
        assert_eq!(keys.read(&key, &room("a")), None);
        let own = keys.make(&room("a"), &said(Some("signer")));
        for at in 0..own.len() {
            let mut changed = own.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            // The last character has bits that say nothing, and must be 0.
            assert_eq!(keys.read(&changed, &room("a")), None, "{at}");
        }
        for other in [
            "",
            "x",
            &"A".repeat(64),
            &"A".repeat(1000),
            "💥💥💥💥💥💥💥💥💥💥💥💥💥ab",
        ] {
            assert_eq!(keys.read(other, &room("a")), None);
        }
    }
}
