//! What real programs send.

use super::*;

fn summaries(file: &'static str) -> Vec<String> {
    let capture = fixtures::read(file);
    capture
        .packets
        .iter()
        .map(|captured| packet(&capture, captured.what).summary)
        .collect()
}

#[test]
fn a_call_of_chromium() {
    let expected = [
        "Binding request, /kM6:0+Ho, from the controlled side",
        "Binding success, seen as [fd00::2]:49577",
        "Binding request, 0+Ho:/kM6, from the controlling side, USE-CANDIDATE",
        "Binding success, seen as [fd00::2]:34906",
        "DTLS ClientHello (bytes 0 to 1175 of 1413)",
        "DTLS ClientHello (bytes 1175 to 1413 of 1413)",
        "DTLS ServerHello",
        "DTLS 1.3 record, encrypted, 45 bytes",
        "SRTP type 118, source 0x7ddb13da, number 11600, marked, 71 bytes",
        "SRTCP sender report of source 0x7ddb13da, 94 bytes",
        "SRTCP receiver report of source 0x00000001, 66 bytes",
        "SRTCP transport-wide feedback of source 0x00000001, 38 bytes",
    ];
    assert_eq!(summaries(fixtures::CHROMIUM), expected);
}

#[test]
fn a_call_of_firefox() {
    let expected = [
        "Binding request, 61673cd4:3b54e2ae, from the controlled side",
        "Binding success, seen as 192.0.2.2:45244",
        "Binding request, 3b54e2ae:61673cd4, USE-CANDIDATE, from the controlling side",
        "Binding success, seen as 192.0.2.2:34835",
        "DTLS ClientHello (bytes 0 to 1383 of 1461)",
        "DTLS ClientHello (bytes 1383 to 1461 of 1461)",
        "DTLS ServerHello, 1.3 record, encrypted, 77 bytes, 1.3 record, encrypted, 60 bytes, 1.3 record, encrypted, 66 bytes",
        "DTLS 1.3 record, encrypted, 329 bytes, 1.3 record, encrypted, 104 bytes, 1.3 record, encrypted, 61 bytes",
        "SRTP type 122, source 0x54194cbf, number 6874, marked, 85 bytes",
        "SRTCP sender report of source 0x54194cbf, 100 bytes",
        "SRTCP receiver report of source 0xff499f5e, 52 bytes",
        "SRTCP transport-wide feedback of source 0xff499f5e, 44 bytes",
    ];
    assert_eq!(summaries(fixtures::FIREFOX), expected);
}

#[test]
fn a_call_of_the_rust_client() {
    let expected = [
        "DTLS ClientHello (bytes 0 to 1175 of 1413)",
        "DTLS ClientHello (bytes 1175 to 1413 of 1413)",
        "DTLS HelloVerifyRequest",
        "DTLS ClientHello (bytes 0 to 1175 of 1433)",
        "DTLS ClientHello (bytes 1175 to 1433 of 1433)",
        "DTLS ServerHello, Certificate, ServerKeyExchange, CertificateRequest, ServerHelloDone",
        "DTLS Certificate, ClientKeyExchange, CertificateVerify, ChangeCipherSpec, handshake, encrypted, 48 bytes",
        "DTLS ChangeCipherSpec, handshake, encrypted, 48 bytes",
        "DTLS application data, encrypted, 68 bytes",
        "DTLS alert, encrypted, 26 bytes",
    ];
    assert_eq!(summaries(fixtures::RUST), expected);
}

#[test]
fn a_client_of_coturn() {
    let expected = [
        "Allocate request",
        "Allocate error, 401 Unauthorized",
        "Allocate request, alice",
        "Allocate success, relayed at 192.0.2.2:64850, seen as 192.0.2.2:56769",
        "ChannelBind request, channel 0x5a2c, peer 192.0.2.2:58211, alice",
        "ChannelBind success",
        "CreatePermission request, peer 192.0.2.2:58211, alice",
        "ChannelData 0x45d4: 100 bytes of no protocol of WebRTC",
        "Send indication, with 100 bytes of no protocol of WebRTC, peer 192.0.2.2:60971",
        "Data indication, with 100 bytes of no protocol of WebRTC, peer 127.0.0.1:64867",
    ];
    assert_eq!(summaries(fixtures::TURN), expected);
}

#[test]
fn a_client_hello_is_read_as_far_as_its_first_fragment_goes() {
    let hello = packet(
        &fixtures::read(fixtures::RUST),
        "first fragment with the cookie",
    );
    assert_eq!(values(&hello, "cookie"), ["20 bytes"]);
    assert_eq!(values(&hello, "supported_versions"), ["DTLS 1.3, DTLS 1.2"]);
    assert_eq!(
        values(&hello, "supported_groups"),
        ["X25519MLKEM768, x25519, secp256r1, secp384r1"]
    );
    let profiles = "SRTP_AES128_CM_HMAC_SHA1_80, SRTP_AEAD_AES_256_GCM, SRTP_AEAD_AES_128_GCM";
    assert_eq!(values(&hello, "use_srtp"), [profiles]);
    assert_eq!(
        values(&hello, "the rest"),
        ["continues in another fragment"]
    );
    assert_eq!(named(&hello.rows, "cut short"), Vec::<&Row>::new());
    let firefox = packet(
        &fixtures::read(fixtures::FIREFOX),
        "first fragment of a ClientHello",
    );
    assert_eq!(
        values(&firefox, "application_layer_protocol_negotiation"),
        ["webrtc, c-webrtc"]
    );
}

#[test]
fn a_server_hello_says_what_was_chosen() {
    let new = packet(&fixtures::read(fixtures::CHROMIUM), "ServerHello");
    assert_eq!(values(&new, "supported_versions"), ["DTLS 1.3"]);
    assert_eq!(values(&new, "cipher suite"), ["TLS_AES_128_GCM_SHA256"]);
    assert_eq!(values(&new, "key_share"), ["X25519MLKEM768 of 1120 bytes"]);
    let old = packet(
        &fixtures::read(fixtures::RUST),
        "ServerHello and certificate",
    );
    assert_eq!(
        values(&old, "cipher suite"),
        ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]
    );
    assert_eq!(values(&old, "use_srtp"), ["SRTP_AES128_CM_HMAC_SHA1_80"]);
    assert_eq!(values(&old, "certificate"), ["361 bytes of DER"]);
}

/// HMAC-SHA1 has its tag behind the index, AES-GCM before it.
#[test]
fn the_index_of_srtcp_is_found_with_either_kind_of_tag() {
    let hmac = packet(&fixtures::read(fixtures::CHROMIUM), "feedback");
    assert_eq!(
        (values(&hmac, "index"), values(&hmac, "authentication tag")),
        (vec!["2, encrypted"], vec!["10 bytes"])
    );
    let gcm = packet(&fixtures::read(fixtures::FIREFOX), "feedback");
    assert_eq!(
        (values(&gcm, "index"), values(&gcm, "authentication tag")),
        (vec!["1, encrypted"], vec!["16 bytes"])
    );
}

#[test]
fn rows_say_which_bytes_they_are_of() {
    let answer = packet(&fixtures::read(fixtures::FIREFOX), "answer of A");
    let [address] = named(&answer.rows, "XOR-MAPPED-ADDRESS")[..] else {
        panic!("one address")
    };
    assert_eq!((address.offset, address.length), (20, 12));
    let json = serde_json::to_string(address).expect("it can be written");
    assert_eq!(
        json,
        r#"{"name":"XOR-MAPPED-ADDRESS","value":"192.0.2.2:45244","offset":20,"length":12}"#
    );
}

#[test]
fn a_packet_in_a_channel_is_taken_apart_too() {
    let capture = fixtures::read(fixtures::FIREFOX);
    let inner = &capture.packets[0].bytes;
    let mut channel = vec![0x40, 0x01, 0, inner.len() as u8];
    channel.extend(inner);
    let [(of, secret), _] = capture.passwords[..] else {
        panic!("two passwords")
    };
    let dissection = dissect(
        &channel,
        &[Key {
            of,
            secret: secret.as_bytes(),
        }],
    );
    assert_eq!(dissection.protocol, Protocol::ChannelData);
    assert_eq!(
        values(&dissection, "MESSAGE-INTEGRITY"),
        ["fits the password of A"]
    );
    assert_eq!(named(&dissection.rows, "USERNAME")[0].offset, 24);
}
