//! Whether a message is of who knows the password, and whether it is STUN at all.
//!
//! May import: crc32fast, hmac, numbers, rows, sha1, stun.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::numbers::MESSAGE_INTEGRITY;
use super::{COOKIE, HEADER};
use crate::packet::rows::number;

/// What the CRC is mixed with, so that it is not mistaken for another protocol's ([RFC 8489, section 14.7](https://www.rfc-editor.org/rfc/rfc8489#section-14.7)).
const FINGERPRINT_MASK: u32 = 0x5354_554e;
/// Bytes of the header of an attribute.
const ATTRIBUTE_HEADER: usize = 4;

/// What MESSAGE-INTEGRITY may have been made with.
#[derive(Clone, Copy)]
pub struct Key<'k> {
    /// Whose it is, as it is shown: "A".
    pub of: &'k str,
    /// In ICE the password of the side that gets the request
    /// ([RFC 8445, section 7.2.2](https://www.rfc-editor.org/rfc/rfc8445#section-7.2.2)); in TURN a hash of name, realm and password
    /// ([RFC 8489, section 9.2.2](https://www.rfc-editor.org/rfc/rfc8489#section-9.2.2)).
    pub secret: &'k [u8],
}

/// The MESSAGE-INTEGRITY of a message, which stands at this byte of it
/// ([RFC 8489, section 14.5](https://www.rfc-editor.org/rfc/rfc8489#section-14.5)): over all before it, with a length that ends behind it.
fn authenticate(message: &[u8], at: usize, secret: &[u8]) -> Option<Hmac<Sha1>> {
    let length = u16::try_from(at.checked_sub(HEADER)? + ATTRIBUTE_HEADER + 20).ok()?;
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(message.get(..2)?);
    mac.update(&length.to_be_bytes());
    mac.update(message.get(4..at)?);
    Some(mac)
}

/// Whether this is the MESSAGE-INTEGRITY of a message, at this byte of it, in constant time.
pub(crate) fn fits(message: &[u8], at: usize, value: &[u8], secret: &[u8]) -> bool {
    authenticate(message, at, secret).is_some_and(|mac| mac.verify_slice(value).is_ok())
}

/// The MESSAGE-INTEGRITY that is to follow a message; none if it is too long for one.
pub(crate) fn sign(message: &[u8], secret: &[u8]) -> Option<[u8; 20]> {
    authenticate(message, message.len(), secret).map(|mac| mac.finalize().into_bytes().into())
}

/// Whose password the MESSAGE-INTEGRITY of a request fits, if it is a Binding request: a check of ICE
/// ([RFC 8445, section 7.3](https://www.rfc-editor.org/rfc/rfc8445#section-7.3)). Who sends one knows what was said in the descriptions.
pub fn sender_of_check<'k>(packet: &[u8], keys: &'k [Key<'k>]) -> Option<&'k Key<'k>> {
    let (header, mut rest) = packet.split_at_checked(HEADER)?;
    let is_request = number(&header[..2]) == 1 && number(&header[4..8]) == u64::from(COOKIE);
    if !is_request || number(&header[2..4]) != rest.len() as u64 {
        return None;
    }
    while let [high, low, length_high, length_low, value @ ..] = rest {
        let at = packet.len() - rest.len();
        let length = number(&[*length_high, *length_low]) as usize;
        if number(&[*high, *low]) == u64::from(MESSAGE_INTEGRITY) {
            let value = value.get(..length)?;
            return keys.iter().find(|key| fits(packet, at, value, key.secret));
        }
        rest = value.get(length.next_multiple_of(4)..)?;
    }
    None
}

/// The same with several keys, in words.
pub(super) fn check(message: &[u8], at: usize, value: &[u8], keys: &[Key<'_>]) -> String {
    match keys.iter().find(|key| fits(message, at, value, key.secret)) {
        Some(key) => format!("fits the password of {}", key.of),
        None if keys.is_empty() => "not checked, as no password is known".to_owned(),
        None => "fits no known password".to_owned(),
    }
}

/// The FINGERPRINT of a message that ends here.
pub(crate) fn fingerprint(message: &[u8]) -> u32 {
    crc32fast::hash(message) ^ FINGERPRINT_MASK
}

/// Whether the FINGERPRINT at this byte of a message fits, in words.
pub(super) fn check_fingerprint(message: &[u8], at: usize, value: &[u8]) -> String {
    let expected = fingerprint(message.get(..at).unwrap_or_default());
    if value.len() == 4 && number(value) == u64::from(expected) {
        "fits".to_owned()
    } else {
        "does not fit".to_owned()
    }
}
