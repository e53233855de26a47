//! Who wrote a message.

use super::*;
use crate::packet::sender_of_check;

/// The request of [RFC 5769, section 2.1](https://www.rfc-editor.org/rfc/rfc5769#section-2.1).
const REQUEST: &[u8] = b"\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae\
    \x80\x22\x00\x10STUN test client\x00\x24\x00\x04\x6e\x00\x01\xff\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36\
    \x00\x06\x00\x09evtj:h6vY\x20\x20\x20\x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\x78\x1e\xf2\xb5\xb2\xd3\xf2\x49\
    \xc1\xb5\x71\xa2\x80\x28\x00\x04\xe5\x7a\x3b\xcf";
const PASSWORD: Key<'_> = Key {
    of: "them",
    secret: b"VOkJxbRl1RmTxUk/WvJxBt",
};
const WRONG: Key<'_> = Key {
    of: "nobody",
    secret: b"VOkJxbRl1RmTxUk/WvJxBT",
};

#[test]
fn the_vector_of_rfc_5769_fits() {
    let dissection = dissect(REQUEST, &[WRONG, PASSWORD]);
    assert_eq!(
        values(&dissection, "MESSAGE-INTEGRITY"),
        ["fits the password of them"]
    );
    assert_eq!(values(&dissection, "FINGERPRINT"), ["fits"]);
    assert_eq!(values(&dissection, "SOFTWARE"), ["STUN test client"]);
    assert_eq!(
        values(&dissection, "PRIORITY"),
        ["1845494271: type 110, local 1, component 1"]
    );
}

#[test]
fn another_password_does_not_fit_and_none_is_said() {
    assert_eq!(
        values(&dissect(REQUEST, &[WRONG]), "MESSAGE-INTEGRITY"),
        ["fits no known password"]
    );
    assert_eq!(
        values(&dissect(REQUEST, &[]), "MESSAGE-INTEGRITY"),
        ["not checked, as no password is known"]
    );
}

#[test]
fn no_byte_can_be_changed_before_or_in_it() {
    let end = REQUEST.len() - 8;
    for at in 0..end {
        let mut forged = REQUEST.to_vec();
        forged[at] ^= 1;
        let dissection = dissect(&forged, &[PASSWORD]);
        let integrity = values(&dissection, "MESSAGE-INTEGRITY");
        // The length is left out of it: RFC 8489, section 14.5 puts another in its place.
        let is_length = (2..4).contains(&at);
        assert_eq!(
            integrity.contains(&"fits the password of them"),
            is_length,
            "byte {at}"
        );
        assert!(
            !values(&dissection, "FINGERPRINT").contains(&"fits"),
            "byte {at}"
        );
    }
}

#[test]
fn every_check_and_every_answer_of_browsers_fits_the_password_of_whom_it_asks() {
    for file in [fixtures::CHROMIUM, fixtures::FIREFOX] {
        let capture = fixtures::read(file);
        for (what, whose) in [
            ("check of B", "A"),
            ("answer of A", "A"),
            ("check of A, which controls", "B"),
            ("answer of B", "B"),
        ] {
            let dissection = packet(&capture, what);
            assert_eq!(
                values(&dissection, "MESSAGE-INTEGRITY"),
                [format!("fits the password of {whose}")],
                "{what}"
            );
            assert_eq!(values(&dissection, "FINGERPRINT"), ["fits"], "{what}");
        }
    }
}

/// The key is the MD5 of `alice:book:secret`.
#[test]
fn requests_to_a_relay_fit_the_key_of_the_user() {
    let key = 0x9258_6191_8130_ead6_a9d7_2e9b_ab47_9d80_u128.to_be_bytes();
    let capture = fixtures::read(fixtures::TURN);
    let of_allocate = &capture.packets[2];
    let dissection = dissect(
        &of_allocate.bytes,
        &[Key {
            of: "alice",
            secret: &key,
        }],
    );
    assert_eq!(
        values(&dissection, "MESSAGE-INTEGRITY"),
        ["fits the password of alice"]
    );
}

#[test]
fn whoever_sends_a_check_is_known_by_it_and_nobody_else() {
    for file in [fixtures::CHROMIUM, fixtures::FIREFOX] {
        let capture = fixtures::read(file);
        let keys = keys(&capture);
        for captured in &capture.packets {
            let known = sender_of_check(&captured.bytes, &keys).map(|key| key.of);
            // A check is made with the password of whom it asks.
            let expected = if captured.from_a { "B" } else { "A" };
            let is_check = captured.what.starts_with("check");
            assert_eq!(known, is_check.then_some(expected), "{}", captured.what);
            assert!(sender_of_check(&captured.bytes, &[WRONG]).is_none());
            for end in 0..captured.bytes.len() {
                assert!(
                    sender_of_check(&captured.bytes[..end], &keys).is_none(),
                    "{} up to {end}",
                    captured.what
                );
            }
        }
    }
    for at in 0..REQUEST.len() - 8 {
        let mut forged = REQUEST.to_vec();
        forged[at] ^= 1;
        assert!(sender_of_check(&forged, &[PASSWORD]).is_none(), "byte {at}");
    }
    assert!(sender_of_check(REQUEST, &[PASSWORD]).is_some());
}
