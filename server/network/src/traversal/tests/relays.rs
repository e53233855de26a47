//! With a relay everybody connects.

use super::*;

#[test]
fn every_pair_connects_as_soon_as_one_side_has_a_relay_and_by_it_only_where_it_must() {
    for a in kinds() {
        for b in kinds() {
            let direct = rule(&[a], &[b]).connects();
            for gathers in [
                [Gathers::RELAYED, Gathers::PUNCHING],
                [Gathers::PUNCHING, Gathers::RELAYED],
                [Gathers::RELAYED, Gathers::RELAYED],
            ] {
                let types =
                    types(&play(&[a], &[b], gathers)).expect("a relay lets everybody through");
                let relayed = types.iter().flatten().any(|kind| *kind == Kind::Relay);
                assert_eq!(relayed, !direct, "{a:?} and {b:?}: {types:?}");
            }
        }
    }
}

#[test]
fn relays_alone_connect_everybody() {
    let only = Gathers {
        host: false,
        reflexive: false,
        relay: true,
    };
    for a in kinds() {
        for b in kinds() {
            let types = types(&play(&[a], &[b], [only; 2]));
            assert_eq!(types, Some([[Kind::Relay; 2]; 2]), "{a:?} and {b:?}");
        }
    }
}

/// A permission needs an address: one side's relay is not enough when the other tells only an address of its own network.
#[test]
fn one_relay_does_not_reach_a_peer_that_tells_only_its_inside_address() {
    let nat = Behaviour::default();
    let relay = Gathers {
        host: false,
        reflexive: false,
        relay: true,
    };
    let host = Gathers {
        host: true,
        reflexive: false,
        relay: false,
    };
    let outcome = play(&[nat], &[nat], [relay, host]);
    assert_eq!(outcome.selected, None);
    let words = "the relay was not asked to let in this address";
    assert!(outcome.sent.iter().any(|sent| sent.ignored == Some(words)));
    assert!(
        play(&[nat], &[nat], [relay, Gathers::PUNCHING])
            .selected
            .is_some()
    );
}
