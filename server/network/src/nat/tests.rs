//! NATs do what RFC 4787 calls each behaviour.

mod expiry;
mod topologies;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use proptest::prelude::*;

use super::behaviour::{DEPENDENCES, OLD_NAMES};
use super::{Behaviour, Dependence, Dropped, MAX_MAPPINGS, MAX_PERMITTED, Nat, Passed};

const START: Duration = Duration::ZERO;
const INSIDE: &str = "10.0.0.2:5000";

fn at(endpoint: &str) -> SocketAddr {
    endpoint.parse().expect("the test's endpoints are good")
}

fn nat(behaviour: Behaviour) -> Nat {
    Nat::new(behaviour, at("1.1.1.1:0").ip())
}

/// As which endpoint a packet goes out.
fn out(nat: &mut Nat, from: &str, to: &str) -> SocketAddr {
    nat.outbound(START, at(from), at(to))
        .expect("it goes out")
        .from
}

#[test]
fn mapping_says_which_packets_leave_by_the_same_port() {
    for (mapping, other_port, other_address) in [
        (Dependence::EndpointIndependent, true, true),
        (Dependence::AddressDependent, true, false),
        (Dependence::AddressAndPortDependent, false, false),
    ] {
        let mut nat = nat(Behaviour::of(mapping, Dependence::EndpointIndependent));
        let first = out(&mut nat, INSIDE, "9.9.9.9:1");
        assert_eq!(out(&mut nat, INSIDE, "9.9.9.9:1"), first);
        assert_eq!(
            out(&mut nat, INSIDE, "9.9.9.9:2") == first,
            other_port,
            "{mapping:?}"
        );
        assert_eq!(
            out(&mut nat, INSIDE, "8.8.8.8:1") == first,
            other_address,
            "{mapping:?}"
        );
        assert_ne!(out(&mut nat, "10.0.0.3:5000", "9.9.9.9:1"), first);
    }
}

#[test]
fn filtering_says_whose_packets_are_let_in() {
    for (filtering, other_port, other_address) in [
        (Dependence::EndpointIndependent, true, true),
        (Dependence::AddressDependent, true, false),
        (Dependence::AddressAndPortDependent, false, false),
    ] {
        for mapping in DEPENDENCES {
            let mut nat = nat(Behaviour::of(mapping, filtering));
            let outside = out(&mut nat, INSIDE, "9.9.9.9:1");
            for (from, passes) in [
                ("9.9.9.9:1", true),
                ("9.9.9.9:2", other_port),
                ("8.8.8.8:1", other_address),
            ] {
                let verdict = nat.inbound(START, at(from), outside);
                assert_eq!(
                    verdict.map(|passed| passed.to).ok(),
                    passes.then(|| at(INSIDE)),
                    "{filtering:?} {from}"
                );
            }
        }
    }
}

#[test]
fn a_port_is_preserved_unless_somebody_has_it() {
    let mut nat = nat(Behaviour::default());
    assert_eq!(out(&mut nat, INSIDE, "9.9.9.9:1"), at("1.1.1.1:5000"));
    assert_eq!(
        out(&mut nat, "10.0.0.3:5000", "9.9.9.9:1"),
        at("1.1.1.1:20000")
    );
    assert_eq!(
        out(&mut nat, "10.0.0.4:20000", "9.9.9.9:1"),
        at("1.1.1.1:20001")
    );
}

#[test]
fn a_port_is_another_one_without_preservation() {
    let mut nat = nat(Behaviour {
        port_preservation: false,
        ..Behaviour::default()
    });
    assert_eq!(out(&mut nat, INSIDE, "9.9.9.9:1"), at("1.1.1.1:20000"));
}

#[test]
fn hairpinning_shows_the_sender_as_the_outside_sees_it() {
    let mut nat = nat(Behaviour::of(
        Dependence::EndpointIndependent,
        Dependence::EndpointIndependent,
    ));
    let other = out(&mut nat, "10.0.0.3:6000", "9.9.9.9:1");
    let passed = nat.outbound(START, at(INSIDE), other);
    let (from, to) = (at("1.1.1.1:5000"), at("10.0.0.3:6000"));
    assert_eq!(
        passed,
        Ok(Passed {
            from,
            to,
            hairpinned: true
        })
    );

    let mut none = super::Nat {
        behaviour: Behaviour {
            hairpinning: false,
            ..nat.behaviour
        },
        ..nat
    };
    assert_eq!(
        none.outbound(START, at(INSIDE), other),
        Err(Dropped::NoHairpinning(other))
    );
}

#[test]
fn what_is_dropped_is_said_in_words() {
    let mut nat = nat(Behaviour::default());
    let outside = out(&mut nat, INSIDE, "9.9.9.9:1");
    let words = |verdict: Result<Passed, Dropped>| verdict.expect_err("it is dropped").to_string();
    assert_eq!(
        words(nat.inbound(START, at("8.8.8.8:1"), outside)),
        "from 1.1.1.1:5000 nothing was sent to 8.8.8.8:1"
    );
    assert_eq!(
        words(nat.inbound(START, at("8.8.8.8:1"), at("1.1.1.1:7"))),
        "nobody inside uses 1.1.1.1:7"
    );
    assert_eq!(
        words(nat.inbound(START, at("8.8.8.8:1"), at("2.2.2.2:5000"))),
        "nobody inside uses 2.2.2.2:5000"
    );
    let families = nat.outbound(START, at(INSIDE), at("[2001:db8::1]:1"));
    assert_eq!(
        words(families),
        "the NAT's address 1.1.1.1 is of another family than the packet's"
    );
}

#[test]
fn a_full_table_drops_what_needs_a_new_mapping_until_one_expires() {
    let mut nat = nat(Behaviour::default());
    let host =
        |number: usize| SocketAddr::from(([10, 0, (number / 256) as u8, number as u8], 5_000));
    for number in 0..MAX_MAPPINGS {
        assert!(nat.outbound(START, host(number), at("9.9.9.9:1")).is_ok());
    }
    assert_eq!(
        nat.outbound(START, host(MAX_MAPPINGS), at("9.9.9.9:1")),
        Err(Dropped::Full)
    );
    assert!(nat.outbound(START, host(0), at("9.9.9.9:2")).is_ok());
    let later = nat.behaviour().timeout;
    assert!(
        nat.outbound(later, host(MAX_MAPPINGS), at("9.9.9.9:1"))
            .is_ok()
    );
    assert_eq!(nat.table(later).len(), 1);
}

#[test]
fn a_mapping_forgets_the_first_of_too_many_remote_endpoints() {
    let mut nat = nat(Behaviour::default());
    let remote = |number: usize| SocketAddr::from(([9, 9, 9, 9], 1_000 + number as u16));
    for number in 0..=MAX_PERMITTED {
        assert!(nat.outbound(START, at(INSIDE), remote(number)).is_ok());
    }
    assert!(nat.inbound(START, remote(0), at("1.1.1.1:5000")).is_err());
    assert!(nat.inbound(START, remote(1), at("1.1.1.1:5000")).is_ok());
    assert_eq!(nat.table(START)[0].permitted.len(), MAX_PERMITTED);
}

#[test]
fn the_table_can_be_shown() {
    let mut nat = nat(Behaviour::of(
        Dependence::AddressDependent,
        Dependence::AddressDependent,
    ));
    out(&mut nat, INSIDE, "9.9.9.9:1");
    out(&mut nat, INSIDE, "9.9.9.9:2");
    let shown =
        serde_json::to_string(&nat.table(Duration::from_secs(20))).expect("it can be written");
    let expected = r#"[{"inside":"10.0.0.2:5000","outside":"1.1.1.1:5000","toward":"9.9.9.9","permitted":["9.9.9.9"],"seconds":20.0,"seconds_left":100.0}]"#;
    assert_eq!(shown, expected);
}

#[test]
fn behaviours_can_be_sent_and_bad_ones_are_refused_in_words() {
    let json = r#"{"mapping":"address-dependent","filtering":"endpoint-independent","timeout":30}"#;
    let behaviour: Behaviour = serde_json::from_str(json).expect("it is good");
    assert_eq!(behaviour.timeout, Duration::from_secs(30));
    let again = serde_json::to_string(&behaviour).expect("it can be written");
    assert_eq!(
        serde_json::from_str::<Behaviour>(&again).expect("it can be read"),
        behaviour
    );
    for (json, words) in [
        (
            r#"{"timeout":0}"#,
            "timeout is 0, which is out of range: it may be 1 to 86400 seconds",
        ),
        (
            r#"{"mapping":"symmetric"}"#,
            "unknown variant `symmetric`, expected one of `endpoint-independent`",
        ),
        (r#"{"hairpin":true}"#, "unknown field `hairpin`"),
    ] {
        let refusal = serde_json::from_str::<Behaviour>(json)
            .expect_err(json)
            .to_string();
        assert!(refusal.contains(words), "{refusal}");
    }
    let names = OLD_NAMES.map(|name| serde_json::to_string(&name).expect("it can be written"));
    assert_eq!(
        names.join(" "),
        r#""open" "full-cone" "restricted" "port-restricted" "symmetric""#
    );
}

fn behaviour() -> impl Strategy<Value = Behaviour> {
    let dependence = || prop::sample::select(DEPENDENCES.as_slice());
    (dependence(), dependence(), any::<[bool; 3]>(), 1u64..60).prop_map(
        |(mapping, filtering, [port_preservation, hairpinning, inbound_refresh], timeout)| {
            Behaviour {
                mapping,
                filtering,
                port_preservation,
                hairpinning,
                timeout: Duration::from_secs(timeout),
                inbound_refresh,
            }
        },
    )
}

fn endpoint(network: u8) -> impl Strategy<Value = SocketAddr> {
    (1u8..6, 1u16..6).prop_map(move |(host, port)| {
        SocketAddr::new(IpAddr::from([network, 0, 0, host]), 19_998 + port)
    })
}

proptest! {
    #[test]
    fn whoever_is_sent_to_can_answer_and_no_two_share_a_port(
        behaviour in behaviour(),
        packets in prop::collection::vec((endpoint(10), endpoint(9), 0u64..5), 1..100),
    ) {
        let mut nat = nat(behaviour);
        let mut now = START;
        for (from, to, wait) in packets {
            now += Duration::from_secs(wait);
            let passed = nat.outbound(now, from, to);
            let Ok(passed) = passed else { return Err(TestCaseError::fail("it is dropped")) };
            prop_assert_eq!(passed.to, to);
            prop_assert_eq!(nat.inbound(now, to, passed.from).map(|back| back.to), Ok(from));
            let mut ports: Vec<_> = nat.table(now).iter().map(|entry| entry.outside).collect();
            ports.sort();
            let all = ports.len();
            ports.dedup();
            prop_assert_eq!(ports.len(), all);
        }
    }
}
