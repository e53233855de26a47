//! Answers to connectivity checks that leave out the address that they saw, as those of FFmpeg do (8 and 9). It has to be there
//! ([RFC 8489, section 7.3.1](https://www.rfc-editor.org/rfc/rfc8489#section-7.3.1)), and str0m takes no answer without it; but all that it is good for is to find
//! the address of ours that was checked, of which each session has one. So it is put in, where the answer is signed by the peer.
//!
//! May import: demux, ring.

use std::net::{IpAddr, SocketAddr};

use ring::hmac;

use super::demux::{Stun, stun};

const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// Bytes before the attributes; and of their kind and length.
const HEAD: usize = 20;
const ATTRIBUTE_HEAD: usize = 4;
const TAG: usize = 20;
const XOR_MAPPED_ADDRESS: u16 = 0x20;
const MESSAGE_INTEGRITY: u16 = 8;

/// The whole answer, if this is one without an address, signed with this password; nothing if it is another packet.
pub(super) fn completed(packet: &[u8], password: &str, address: SocketAddr) -> Option<Vec<u8>> {
    let Some(Stun::Success(number)) = stun(packet) else {
        return None;
    };
    let mut signed = None;
    let mut at = HEAD;
    while let Some(head) = packet.get(at..at + ATTRIBUTE_HEAD) {
        let [kind, length] = [[head[0], head[1]], [head[2], head[3]]].map(u16::from_be_bytes);
        match kind {
            XOR_MAPPED_ADDRESS => return None,
            MESSAGE_INTEGRITY if usize::from(length) == TAG => {
                signed.get_or_insert(at);
            }
            _ => {}
        }
        at += ATTRIBUTE_HEAD + usize::from(length).next_multiple_of(4);
    }
    let signed = signed?;
    let tag = packet.get(signed + ATTRIBUTE_HEAD..signed + ATTRIBUTE_HEAD + TAG)?;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    let own = with_length_to_tag(packet.get(..signed)?.to_vec());
    hmac::verify(&key, &own, tag).ok()?;

    let mut whole = [&[1, 1, 0, 0], &COOKIE[..], &number].concat();
    let value = xor_mapped(address, number);
    attribute(&mut whole, XOR_MAPPED_ADDRESS, &value);
    whole = with_length_to_tag(whole);
    let tag = hmac::sign(&key, &whole);
    attribute(&mut whole, MESSAGE_INTEGRITY, tag.as_ref());
    Some(whole)
}

fn attribute(message: &mut Vec<u8>, kind: u16, value: &[u8]) {
    message.extend(kind.to_be_bytes());
    message.extend((value.len() as u16).to_be_bytes());
    message.extend(value);
}

/// What is signed says that it is as long as with the signature
/// ([RFC 8489, section 14.5](https://www.rfc-editor.org/rfc/rfc8489#section-14.5)).
fn with_length_to_tag(mut message: Vec<u8>) -> Vec<u8> {
    let length = (message.len() - HEAD + ATTRIBUTE_HEAD + TAG) as u16;
    message[2..4].copy_from_slice(&length.to_be_bytes());
    message
}

/// As in [RFC 8489, section 14.2](https://www.rfc-editor.org/rfc/rfc8489#section-14.2).
fn xor_mapped(address: SocketAddr, number: [u8; 12]) -> Vec<u8> {
    let (family, ip) = match address.ip() {
        IpAddr::V4(ip) => (1, ip.octets().to_vec()),
        IpAddr::V6(ip) => (2, ip.octets().to_vec()),
    };
    let mask = COOKIE.into_iter().chain(number);
    let port = address.port().to_be_bytes();
    let xor = |bytes: &[u8]| -> Vec<u8> {
        let bytes = bytes.iter().zip(mask.clone());
        bytes.map(|(byte, mask)| byte ^ mask).collect()
    };
    [vec![0, family], xor(&port), xor(&ip)].concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use str0m::ice::{StunMessage, TransId};

    use super::*;
    use crate::sfu::crypto;

    const PASSWORD: &str = "aPasswordOfThePeer";

    fn sha1_hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
        let provider = crypto::provider();
        provider.sha1_hmac_provider.sha1_hmac(key, parts)
    }

    fn own() -> [SocketAddr; 2] {
        ["192.0.2.1:8000", "[2001:db8::1]:8000"].map(|text| text.parse().unwrap())
    }

    /// As the peer should answer.
    fn good(address: SocketAddr) -> Vec<u8> {
        let mut packet = vec![0; 200];
        let message = StunMessage::binding_reply(TransId::new(), address);
        let password = Some(PASSWORD.as_bytes());
        let length = message.to_bytes(password, &mut packet, sha1_hmac).unwrap();
        packet.truncate(length);
        packet
    }

    /// As FFmpeg does.
    fn addressless() -> Vec<u8> {
        let packet = good(own()[0]);
        let bare = with_length_to_tag(packet[..HEAD].to_vec());
        let tag = sha1_hmac(PASSWORD.as_bytes(), &[&bare]);
        let mut packet = bare;
        attribute(&mut packet, MESSAGE_INTEGRITY, &tag);
        packet
    }

    #[test]
    fn an_address_is_put_in_and_the_whole_is_signed() {
        for address in own() {
            let packet = addressless();
            assert!(StunMessage::parse(&packet).is_err());
            let whole = completed(&packet, PASSWORD, address).unwrap();
            let message = StunMessage::parse(&whole).unwrap();
            assert!(message.verify(PASSWORD.as_bytes(), sha1_hmac));
            assert_eq!(message.mapped_address(), Some(address));
            assert_eq!(whole[8..HEAD], packet[8..HEAD]);
        }
    }

    #[test]
    fn what_the_peer_has_not_signed_is_left_as_it_is_and_so_is_what_has_an_address() {
        let address = own()[0];
        assert_eq!(completed(&good(address), PASSWORD, address), None);
        assert_eq!(completed(&addressless(), "another", address), None);
        for length in 0..addressless().len() {
            let packet = &addressless()[..length];
            assert_eq!(completed(packet, PASSWORD, address), None, "{length}");
        }
        for at in 2..addressless().len() {
            let mut packet = addressless();
            packet[at] ^= 1;
            let completed = completed(&packet, PASSWORD, address);
            // The length is not what was signed, but what is signed says it anew.
            assert!(completed.is_none() || (2..4).contains(&at), "{at}");
        }
    }
}
