//! Peers behind the same NAT.

use super::*;

const REFLEXIVE: Gathers = Gathers {
    host: false,
    reflexive: true,
    relay: false,
};

#[test]
fn two_hosts_of_one_network_connect_directly() {
    for kind in kinds() {
        assert_eq!(
            neighbours(kind, Gathers::PUNCHING),
            Some([[Kind::Host; 2]; 2])
        );
    }
}

/// Two hosts behind one NAT.
fn neighbours(kind: Behaviour, gathers: Gathers) -> Option<[[Kind; 2]; 2]> {
    let mut net = Topology::default();
    let home = net.nat(None, Nat::new(kind, [1, 1, 1, 1].into()));
    let peers = [1, 2].map(|number| {
        let host = net.host(Some(home), [10, 0, number, 2].into());
        peer(host, number, gathers)
    });
    types(&connect(&mut net, Duration::ZERO, peers))
}

/// As when they do not see each other's addresses: names that do not resolve, or a Wi-Fi that isolates its clients.
#[test]
fn behind_one_nat_they_need_hairpinning_and_a_nat_that_could_be_punched_from_outside() {
    for kind in kinds() {
        for hairpinning in [true, false] {
            let kind = Behaviour {
                hairpinning,
                ..kind
            };
            let expected = hairpinning && rule(&[kind], &[kind]).connects();
            assert_eq!(neighbours(kind, REFLEXIVE).is_some(), expected, "{kind:?}");
        }
    }
}

#[test]
fn two_homes_of_one_carrier_need_its_hairpinning_and_both_levels() {
    for carrier in kinds() {
        for [a, b] in kinds()
            .into_iter()
            .flat_map(|a| kinds().into_iter().map(move |b| [a, b]))
        {
            for hairpinning in [true, false] {
                let carrier = Behaviour {
                    hairpinning,
                    ..carrier
                };
                let mut net = Topology::default();
                let outer = net.nat(None, Nat::new(carrier, [1, 1, 1, 1].into()));
                let peers = [(a, 1), (b, 2)].map(|(kind, number)| {
                    let home = net.nat(Some(outer), Nat::new(kind, [100, 64, 0, number].into()));
                    let host = net.host(Some(home), [10, 0, number, 2].into());
                    peer(host, number, Gathers::PUNCHING)
                });
                let rule = rule(&[a, carrier], &[b, carrier]);
                let connected = connect(&mut net, Duration::ZERO, peers).selected.is_some();
                assert_eq!(
                    connected,
                    hairpinning && rule.connects(),
                    "{a:?} and {b:?} behind {carrier:?}: {rule}"
                );
            }
        }
    }
}
