//! How long a mapping lives (RFC 4787, section 4.3).

use super::*;

const REMOTE: &str = "9.9.9.9:1";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A mapping made at 0; then a packet at each of these times, out (`true`) or in; and whether one comes in at the end.
fn lives(inbound_refresh: bool, timeout: u64, packets: &[(u64, bool)], end: u64) -> bool {
    let mut nat = nat(Behaviour {
        inbound_refresh,
        timeout: seconds(timeout),
        ..Behaviour::default()
    });
    let outside = out(&mut nat, INSIDE, REMOTE);
    for (time, is_out) in packets {
        if *is_out {
            let again = nat.outbound(seconds(*time), at(INSIDE), at(REMOTE));
            assert_eq!(again.map(|passed| passed.from), Ok(outside));
        } else {
            let _ = nat.inbound(seconds(*time), at(REMOTE), outside);
        }
    }
    nat.inbound(seconds(end), at(REMOTE), outside).is_ok()
}

#[test]
fn silence_for_the_timeout_ends_a_mapping() {
    for (timeout, silence, expected) in [
        (30, 20, true),
        (30, 29, true),
        (30, 30, false),
        (30, 60, false),
        (120, 60, true),
        (120, 119, true),
        (120, 120, false),
        (120, 180, false),
    ] {
        assert_eq!(
            lives(false, timeout, &[], silence),
            expected,
            "{silence} s of {timeout}"
        );
    }
}

#[test]
fn what_goes_out_refreshes_always_and_what_comes_in_when_it_is_set_so() {
    let outbound = [(20, true), (40, true), (60, true)];
    let inbound = [(20, false), (40, false), (60, false)];
    for (inbound_refresh, packets, expected) in [
        (false, outbound, true),
        (true, outbound, true),
        (false, inbound, false),
        (true, inbound, true),
    ] {
        assert_eq!(
            lives(inbound_refresh, 30, &packets, 80),
            expected,
            "{inbound_refresh} {packets:?}"
        );
    }
}

#[test]
fn a_packet_that_is_filtered_refreshes_nothing() {
    let mut nat = nat(Behaviour {
        inbound_refresh: true,
        ..Behaviour::default()
    });
    let outside = out(&mut nat, INSIDE, REMOTE);
    assert!(nat.inbound(seconds(100), at("8.8.8.8:1"), outside).is_err());
    assert_eq!(
        nat.inbound(seconds(120), at(REMOTE), outside),
        Err(Dropped::Expired(outside))
    );
}

#[test]
fn a_port_that_has_expired_can_be_given_to_somebody_else() {
    let mut nat = nat(Behaviour::default());
    let outside = out(&mut nat, INSIDE, REMOTE);
    let next = nat.outbound(seconds(120), at("10.0.0.3:5000"), at(REMOTE));
    assert_eq!(next.map(|passed| passed.from), Ok(outside));
    assert_eq!(
        nat.inbound(seconds(120), at(REMOTE), outside)
            .map(|passed| passed.to),
        Ok(at("10.0.0.3:5000"))
    );
}

#[test]
fn the_port_is_another_one_after_silence_unless_ports_are_preserved() {
    for (port_preservation, same) in [(true, true), (false, false)] {
        let mut nat = nat(Behaviour {
            port_preservation,
            ..Behaviour::default()
        });
        let before = out(&mut nat, INSIDE, REMOTE);
        let after = nat
            .outbound(seconds(200), at(INSIDE), at(REMOTE))
            .expect("it goes out")
            .from;
        assert_eq!(before == after, same);
    }
}
