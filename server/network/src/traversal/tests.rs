//! The checks of ICE, played, come to what the textbook says.

mod relays;
mod shared;

use std::time::Duration;

use super::agent::{Base, Candidate, Kind, Pair};
use super::{Gathers, Outcome, Peer, connect, rule};
use crate::nat::behaviour::{DEPENDENCES, OLD_NAMES};
use crate::nat::topology::Id;
use crate::nat::{Behaviour, Nat, OldName, Topology};

/// The nine kinds of RFC 4787.
fn kinds() -> Vec<Behaviour> {
    let filters = |mapping| DEPENDENCES.map(|filtering| Behaviour::of(mapping, filtering));
    DEPENDENCES.into_iter().flat_map(filters).collect()
}

/// Puts a host behind NATs, the innermost first.
fn host(net: &mut Topology, levels: &[Behaviour], number: u8) -> Id {
    let mut behind = None;
    for (level, behaviour) in levels.iter().rev().enumerate() {
        let outside = if level == 0 {
            [1, 1, 1, number]
        } else {
            [100, 64, number, level as u8]
        };
        behind = Some(net.nat(behind, Nat::new(*behaviour, outside.into())));
    }
    net.host(behind, [10, 0, number, 2].into())
}

fn peer(host: Id, number: u8, gathers: Gathers) -> Peer {
    Peer {
        host,
        socket: ([10, 0, number, 2], 5_000).into(),
        gathers,
    }
}

/// What comes of two hosts behind NATs of their own.
fn play(a: &[Behaviour], b: &[Behaviour], gathers: [Gathers; 2]) -> Outcome {
    let mut net = Topology::default();
    let hosts = [host(&mut net, a, 1), host(&mut net, b, 2)];
    connect(
        &mut net,
        Duration::ZERO,
        [peer(hosts[0], 1, gathers[0]), peer(hosts[1], 2, gathers[1])],
    )
}

fn punches(a: &[Behaviour], b: &[Behaviour]) -> bool {
    play(a, b, [Gathers::PUNCHING; 2]).selected.is_some()
}

fn types(outcome: &Outcome) -> Option<[[Kind; 2]; 2]> {
    outcome
        .selected
        .map(|pairs| pairs.map(|Pair { local, remote, .. }| [local.kind, remote.kind]))
}

#[test]
fn all_combinations_of_mapping_and_filtering_agree_with_the_rule() {
    let mut connected = 0;
    for a in kinds() {
        for b in kinds() {
            let rule = rule(&[a], &[b]);
            assert_eq!(
                punches(&[a], &[b]),
                rule.connects(),
                "{a:?} and {b:?}: {rule}"
            );
            connected += usize::from(rule.connects());
        }
    }
    assert_eq!(connected, 42);
}

#[test]
fn whether_ports_are_preserved_makes_no_difference() {
    for a in kinds() {
        for b in kinds() {
            let [c, d] = [a, b].map(|kind| Behaviour {
                port_preservation: false,
                ..kind
            });
            assert_eq!(
                punches(&[c], &[d]),
                rule(&[a], &[b]).connects(),
                "{a:?} and {b:?}"
            );
        }
    }
}

#[test]
fn of_the_five_old_names_22_of_25_pairs_connect() {
    let mut failed = Vec::new();
    for a in OLD_NAMES {
        for b in OLD_NAMES {
            let [levels_a, levels_b] = [a, b].map(|name| Vec::from_iter(name.behaviour()));
            let connected = punches(&levels_a, &levels_b);
            assert_eq!(
                connected,
                rule(&levels_a, &levels_b).connects(),
                "{a:?} and {b:?}"
            );
            if !connected {
                failed.push((a, b));
            }
        }
    }
    use OldName::{PortRestricted, Symmetric};
    let expected = [
        (PortRestricted, Symmetric),
        (Symmetric, PortRestricted),
        (Symmetric, Symmetric),
    ];
    assert_eq!(failed, expected);
}

/// A peer behind a mapping that depends on the remote is seen by a port that nobody told of.
#[test]
fn prflx_appears_where_a_symmetric_nat_faces_a_kinder_one() {
    for a in OLD_NAMES {
        for b in OLD_NAMES {
            let [levels_a, levels_b] = [a, b].map(|name| Vec::from_iter(name.behaviour()));
            let Some(types) = types(&play(&levels_a, &levels_b, [Gathers::PUNCHING; 2])) else {
                continue;
            };
            let seen = |name| match name {
                OldName::Open => Kind::Host,
                OldName::Symmetric => Kind::PeerReflexive,
                _ => Kind::ServerReflexive,
            };
            assert_eq!(
                types,
                [[seen(a), seen(b)], [seen(b), seen(a)]],
                "{a:?} and {b:?}"
            );
        }
    }
}

#[test]
fn two_levels_agree_with_the_rule() {
    for inner in kinds() {
        for outer in kinds() {
            for other in kinds() {
                let rule = rule(&[inner, outer], &[other]);
                let connected = punches(&[inner, outer], &[other]);
                assert_eq!(
                    connected,
                    rule.connects(),
                    "{inner:?} behind {outer:?}, and {other:?}: {rule}"
                );
            }
        }
    }
}

#[test]
fn a_discarded_answer_says_why() {
    let hidden = OldName::Symmetric.behaviour().expect("it is a NAT");
    let open_door = Behaviour {
        filtering: DEPENDENCES[0],
        ..hidden
    };
    let outcome = play(&[open_door], &[open_door], [Gathers::PUNCHING; 2]);
    let words = "the check was sent to another endpoint than the answer comes from";
    assert!(outcome.sent.iter().any(|sent| sent.ignored == Some(words)));
    assert!(
        outcome.sent.len() < 1_000,
        "an agent keeps a bounded number of candidates"
    );
}

/// RFC 8445, section 6.1.2.3, with the preferences of section 5.1.2.2 and everything else the same.
#[test]
fn pairs_are_preferred_as_the_formula_says() {
    let kinds = [
        Kind::Relay,
        Kind::ServerReflexive,
        Kind::PeerReflexive,
        Kind::Host,
    ];
    let preference = |kind| match kind {
        Kind::Relay => 0_u64,
        Kind::ServerReflexive => 100,
        Kind::PeerReflexive => 110,
        Kind::Host => 126,
    };
    let formula = |pair: &Pair| {
        let [g, d] = [pair.local, pair.remote].map(|candidate| preference(candidate.kind) << 24);
        (g.min(d) << 32) + 2 * g.max(d) + u64::from(g > d)
    };
    let endpoint = ([10, 0, 0, 1], 1).into();
    let pair = |local, remote| {
        let [local, remote] = [local, remote].map(|kind| Candidate { kind, endpoint });
        Pair {
            base: Base::Host,
            local,
            remote,
        }
    };
    let pairs: Vec<_> = kinds
        .iter()
        .flat_map(|local| kinds.iter().map(|remote| pair(*local, *remote)))
        .collect();
    for one in &pairs {
        for other in &pairs {
            assert_eq!(
                one.priority().cmp(&other.priority()),
                formula(one).cmp(&formula(other)),
                "{one:?} {other:?}"
            );
        }
    }
}
