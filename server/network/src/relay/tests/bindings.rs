use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use proptest::prelude::*;

use crate::packet::dissect;
use crate::packet::stun::COOKIE;
use crate::packet::stun::integrity::fingerprint;
use crate::relay::binding::{MAX_GAIN, answer};
use crate::relay::rate::{Rates, prefix};

/// What Chromium and Firefox send to a STUN server: a header.
const BROWSERS: &[u8] = b"\x00\x01\x00\x00\x21\x12\xa4\x42SfVBKXYJz5F8";

fn at(endpoint: &str) -> SocketAddr {
    endpoint.parse().expect("the test's endpoints are good")
}

fn request(attributes: &[u8]) -> Vec<u8> {
    let length = (attributes.len() as u16).to_be_bytes();
    [
        &[0, 1][..],
        &length,
        &COOKIE.to_be_bytes(),
        b"transaction!",
        attributes,
    ]
    .concat()
}

fn with_fingerprint(attributes: &[u8]) -> Vec<u8> {
    let mut request = request(&[attributes, &[0; 8]].concat());
    let at = request.len() - 8;
    let value = fingerprint(&request[..at]).to_be_bytes();
    request[at..].copy_from_slice(&[&[0x80, 0x28, 0, 4][..], &value].concat());
    request
}

fn summary(request: &[u8], source: &str) -> Option<String> {
    answer(request, at(source)).map(|answer| dissect(&answer, &[]).summary)
}

#[test]
fn browsers_are_told_their_address() {
    for (source, seen) in [
        ("192.0.2.2:35216", "192.0.2.2:35216"),
        ("[2001:db8::7]:4242", "[2001:db8::7]:4242"),
        ("[::ffff:192.0.2.2]:35216", "192.0.2.2:35216"),
    ] {
        assert_eq!(
            summary(BROWSERS, source),
            Some(format!("Binding success, seen as {seen}"))
        );
    }
    let answer = answer(BROWSERS, at("192.0.2.2:1")).expect("it is a request");
    assert_eq!((&answer[8..20], answer.len()), (&BROWSERS[8..], 32));
}

#[test]
fn a_fingerprint_is_answered_with_one() {
    let answer = answer(&with_fingerprint(&[]), at("192.0.2.2:1")).expect("it is a request");
    let rows = dissect(&answer, &[]).rows;
    let last = rows
        .last()
        .map(|row| (row.name.as_ref(), row.value.as_str()));
    assert_eq!(last, Some(("FINGERPRINT", "fits")));
}

#[test]
fn what_has_to_be_understood_and_is_not_is_named() {
    let change_request = [0, 3, 0, 4, 0, 0, 0, 6];
    let answer = answer(&request(&change_request), at("192.0.2.2:1")).expect("it is a request");
    let dissection = dissect(&answer, &[]);
    assert_eq!(dissection.summary, "Binding error, 420 ");
    assert!(
        dissection
            .rows
            .iter()
            .any(|row| row.name == "UNKNOWN-ATTRIBUTES" && row.value == "attribute 0x0003")
    );
    // What may be ignored is, and what another mechanism needs.
    let software = [0x80, 0x22, 0, 1, b'x', 0, 0, 0];
    let username = [0, 6, 0, 1, b'x', 0, 0, 0];
    for attributes in [software, username] {
        assert_eq!(
            summary(&request(&attributes), "192.0.2.2:1").as_deref(),
            Some("Binding success, seen as 192.0.2.2:1")
        );
    }
}

#[test]
fn nothing_is_answered_to_what_is_no_good_request() {
    let changed = |at: usize, byte: u8| {
        let mut request = BROWSERS.to_vec();
        request[at] = byte;
        request
    };
    let mut bad_fingerprint = with_fingerprint(&[]);
    bad_fingerprint[20 + 7] ^= 1;
    let mut fingerprint_first = request(&[0x80, 0x28, 0, 4, 0, 0, 0, 0, 0x80, 0x22, 0, 0]);
    let value = fingerprint(&fingerprint_first[..20]).to_be_bytes();
    fingerprint_first[24..28].copy_from_slice(&value);
    for (what, request) in [
        ("nothing", vec![]),
        ("a part of a header", BROWSERS[..19].to_vec()),
        ("an answer", changed(0, 1)),
        ("an indication", changed(1, 0x11)),
        ("another method", changed(1, 3)),
        ("another cookie", changed(4, 0)),
        ("another length", changed(3, 4)),
        ("more than it says", [BROWSERS, &[0; 4]].concat()),
        (
            "an attribute that ends later",
            request(&[0x80, 0x22, 0, 9, 0, 0, 0, 0]),
        ),
        ("half an attribute", request(&[0x80, 0x22])),
        ("a wrong fingerprint", bad_fingerprint),
        ("something behind the fingerprint", fingerprint_first),
        (
            "too many attributes",
            request(&[0x80, 0x22, 0, 0].repeat(33)),
        ),
    ] {
        assert_eq!(answer(&request, at("192.0.2.2:1")), None, "{what}");
    }
}

#[test]
fn a_prefix_is_answered_so_often_and_no_other_pays_for_it() {
    let mut rates = Rates::new(10, 20, 7);
    let [own, neighbour, other]: [IpAddr; 3] =
        ["192.0.2.1", "::ffff:192.0.2.200", "192.0.3.1"].map(|ip| ip.parse().expect("an address"));
    let count = |rates: &mut Rates, address, now: u64| {
        (0..100)
            .filter(|_| rates.admits(Duration::from_millis(now), address))
            .count()
    };
    assert_eq!(count(&mut rates, own, 1_000), 20);
    assert_eq!(count(&mut rates, neighbour, 1_000), 0);
    assert_eq!(count(&mut rates, other, 1_000), 20);
    assert_eq!(count(&mut rates, neighbour, 1_500), 5);
    assert_eq!(count(&mut rates, own, 60_000), 20);
}

#[test]
fn prefixes_are_what_a_customer_is_given() {
    for (address, expected) in [
        ("192.0.2.77", "192.0.2.0"),
        ("::ffff:192.0.2.77", "192.0.2.0"),
        ("2001:db8:1:2fe:1:2:3:4", "2001:db8:1:200::"),
    ] {
        let [address, expected]: [IpAddr; 2] =
            [address, expected].map(|ip| ip.parse().expect("an address"));
        assert_eq!(prefix(address), expected);
    }
}

proptest! {
    #[test]
    fn an_answer_is_never_larger_than_twice_the_request(
        attributes in prop::collection::vec((any::<u16>(), 0usize..8), 0..40), has_fingerprint: bool, is_six: bool,
    ) {
        let mut bytes = Vec::new();
        for (code, length) in attributes {
            bytes.extend(code.to_be_bytes());
            bytes.extend((length as u16).to_be_bytes());
            bytes.resize(bytes.len() + length.next_multiple_of(4), 0);
        }
        let request = if has_fingerprint { with_fingerprint(&bytes) } else { request(&bytes) };
        let (source, headers) = if is_six { ("[2001:db8::1]:5", 48) } else { ("192.0.2.2:5", 28) };
        if let Some(answer) = answer(&request, at(source)) {
            prop_assert!(answer.len() + headers <= MAX_GAIN * (request.len() + headers));
            prop_assert!(is_six || answer.len() <= 2 * request.len(), "of IPv4 not even without headers");
        }
    }

    #[test]
    fn no_bytes_upset_it(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = answer(&bytes, at("192.0.2.2:5"));
        let length = (bytes.len().saturating_sub(20) as u16).to_be_bytes();
        let header = [&[0, 1][..], &length, &COOKIE.to_be_bytes()].concat();
        let end = bytes.len().min(8);
        bytes.splice(..end, header);
        let _ = answer(&bytes, at("192.0.2.2:5"));
    }
}

#[test]
fn what_is_not_understood_is_named_once() {
    let answer = answer(
        &request(&[0, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0]),
        at("192.0.2.2:1"),
    );
    let rows = dissect(&answer.expect("it is a request"), &[]).rows;
    let named = rows.iter().find(|row| row.name == "UNKNOWN-ATTRIBUTES");
    assert_eq!(
        named.map(|row| row.value.as_str()),
        Some("attribute 0x0003, attribute 0x0002")
    );
}
