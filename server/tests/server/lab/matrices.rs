//! Two peers come to what the pure model of the same NATs comes to, for every kind of NAT.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use network::nat::behaviour::DEPENDENCES;
use network::nat::{Behaviour, Nat, OldName, Topology};
use network::traversal::{Gathers, Kind, Peer, connect};

use super::*;

/// Labs that are tried at the same time.
const AT_ONCE: usize = 36;

/// Who is behind which NATs: A and B, and perhaps both behind one more.
#[derive(Debug, Clone, Copy)]
struct Case {
    a: Behaviour,
    b: Behaviour,
    carrier: Option<Behaviour>,
}

impl Case {
    /// Whether they find a way, and which of them hears the other from an address that was no candidate, by the model.
    fn modelled(self) -> (bool, [bool; 2]) {
        let mut net = Topology::default();
        let carrier = self
            .carrier
            .map(|kind| net.nat(None, Nat::new(kind, [203, 0, 113, 100].into())));
        let peers = [(self.a, 1), (self.b, 2)].map(|(kind, number)| {
            let outside = match carrier {
                Some(_) => [100, 64, 0, number],
                None => [203, 0, 113, number],
            };
            let inside = [10, 0, number, 2];
            let home = net.nat(carrier, Nat::new(kind, outside.into()));
            Peer {
                host: net.host(Some(home), inside.into()),
                socket: (inside, 5_000).into(),
                gathers: Gathers::PUNCHING,
            }
        });
        let selected = connect(&mut net, Duration::ZERO, peers).selected;
        let surprised =
            selected.map(|pairs| pairs.map(|pair| pair.remote.kind == Kind::PeerReflexive));
        (selected.is_some(), surprised.unwrap_or_default())
    }

    async fn tried(self, server: &Server) -> (bool, [bool; 2]) {
        let mut opening = json!({ "a": self.a, "b": self.b });
        if let Some(carrier) = self.carrier {
            opening["carrier"] = json!(carrier);
        }
        outcome(server, opening).await
    }
}

/// How many of these find a way: as many as by the model, and the same ones.
async fn agree_with_the_model(cases: Vec<Case>) -> usize {
    let server = with_labs(cases.len(), cases.len()).await;
    let server = &server;
    let tried = cases.into_iter().map(|case| async move {
        let (has_way, surprised) = case.tried(server).await;
        (case, has_way, surprised)
    });
    let mut tried = stream::iter(tried).buffer_unordered(AT_ONCE);
    let mut connected = 0;
    while let Some((case, has_way, surprised)) = tried.next().await {
        let expected = case.modelled();
        assert_eq!(has_way, expected.0, "{case:?}");
        if has_way {
            connected += 1;
            assert_eq!(surprised, expected.1, "{case:?}");
        }
    }
    connected
}

#[tokio::test]
async fn all_combinations_of_mapping_and_filtering_agree_with_the_model() {
    let of_mapping = |mapping| DEPENDENCES.map(|filtering| Behaviour::of(mapping, filtering));
    let kinds: Vec<_> = DEPENDENCES.into_iter().flat_map(of_mapping).collect();
    let pair = |a| {
        let kinds = &kinds;
        kinds.iter().map(move |b| Case {
            a,
            b: *b,
            carrier: None,
        })
    };
    let cases: Vec<_> = kinds.iter().flat_map(|a| pair(*a)).collect();
    assert_eq!(cases.len(), 81);
    assert_eq!(agree_with_the_model(cases).await, 42);
}

/// Two homes of one carrier: all their packets turn round at its NAT.
#[tokio::test]
async fn two_levels_of_nats_with_and_without_hairpinning_agree_with_the_model() {
    let kinds = [
        OldName::FullCone,
        OldName::Restricted,
        OldName::PortRestricted,
        OldName::Symmetric,
    ];
    let kinds = kinds.map(|name| name.behaviour().unwrap());
    let [full_cone, _, port_restricted, symmetric] = kinds;
    let homes = [
        (full_cone, full_cone),
        (full_cone, symmetric),
        (port_restricted, port_restricted),
        (symmetric, port_restricted),
        (symmetric, symmetric),
    ];
    let mut cases = Vec::new();
    for (a, b) in homes {
        for carrier in kinds {
            for hairpinning in [true, false] {
                let carrier = Some(Behaviour {
                    hairpinning,
                    ..carrier
                });
                cases.push(Case { a, b, carrier });
            }
        }
    }
    let expected = cases.iter().filter(|case| case.modelled().0).count();
    assert!(expected > 0 && expected < cases.len() / 2, "{expected}");
    assert_eq!(agree_with_the_model(cases).await, expected);
}

/// What keeps a mapping of A alive for longer than its timeout (RFC 4787, section 4.3).
#[tokio::test]
async fn what_goes_out_refreshes_a_mapping_and_what_comes_in_where_it_is_set_so() {
    let server = with_labs(6, 6).await;
    let server = &server;
    let cases = [
        (false, Some("a"), true),
        (true, Some("a"), true),
        (false, Some("b"), false),
        (true, Some("b"), true),
        (false, None, false),
        (true, None, false),
    ];
    let all = cases.map(|(inbound_refresh, talks, expected)| async move {
        let lives = lives(server, inbound_refresh, talks).await;
        assert_eq!(lives, expected, "{inbound_refresh} {talks:?}");
    });
    join_all(all).await;
}

/// Whether B reaches A by a mapping, when for half as long again as that lives nobody but one of them talked.
async fn lives(server: &Server, inbound_refresh: bool, talks: Option<&str>) -> bool {
    const OUTSIDE: &str = "203.0.113.1:5000";
    let nat = json!({ "timeout": 1, "inbound_refresh": inbound_refresh });
    let lab = Lab::open(server, &json!({ "a": nat, "b": "open" })).await;
    let mut agents = lab.agents().await;
    assert!(find_a_way(&mut agents).await);
    let [a, b] = &mut agents;
    let age = async || lab.get("").await["seconds"].as_f64().unwrap();
    let end = age().await + 1.5;
    while age().await < end {
        match talks {
            Some("a") => a.check_all(&b.peer).await,
            Some(_) => b.check_all(&a.peer).await,
            None => {}
        }
        sleep(Duration::from_millis(100)).await;
    }
    let before = lab.packets_in_all().await;
    b.check_all(&a.peer).await;
    let arrived = async {
        loop {
            let seen = lab.get(&format!("/packets?after={before}")).await;
            let packets = seen["packets"].as_array().unwrap().iter();
            let mut of_b = packets.filter(|packet| packet["by"] == "b" && packet["to"] == OUTSIDE);
            if let Some(packet) = of_b.next_back() {
                return packet.clone();
            }
            sleep(Duration::from_millis(5)).await;
        }
    };
    let packet = soon("B's packet", arrived).await;
    let verdict = &packet["hops"][0]["verdict"];
    let is_expired = verdict["dropped"] == format!("the mapping of {OUTSIDE} has expired");
    assert_ne!(packet["fate"] == "delivered", is_expired, "{packet}");
    !is_expired
}
