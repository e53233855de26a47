//! Packets find their way between hosts and NATs, or are dropped where it ends.

use super::*;
use crate::nat::Topology;
use crate::nat::topology::Arrival;

fn kind() -> Behaviour {
    Behaviour::of(
        Dependence::EndpointIndependent,
        Dependence::EndpointIndependent,
    )
}

fn nat_at(outside: &str, behaviour: Behaviour) -> Nat {
    Nat::new(behaviour, outside.parse().expect("it is an address"))
}

#[test]
fn a_packet_passes_each_nat_on_its_way_out_and_its_answer_on_the_way_in() {
    let mut net = Topology::default();
    let carrier = net.nat(None, nat_at("1.1.1.1", kind()));
    let home = net.nat(Some(carrier), nat_at("100.64.0.2", kind()));
    let laptop = net.host(Some(home), at("10.0.0.2:0").ip());
    let server = net.host(None, at("9.9.9.9:0").ip());

    let there = net.send(START, laptop, at(INSIDE), at("9.9.9.9:1"));
    let nats: Vec<_> = there.hops.iter().map(|hop| (hop.nat, hop.from)).collect();
    assert_eq!(
        nats,
        [
            (Some(home), at(INSIDE)),
            (Some(carrier), at("100.64.0.2:5000"))
        ]
    );
    let seen = at("1.1.1.1:5000");
    assert_eq!(
        there.arrival,
        Some(Arrival {
            host: server,
            from: seen,
            to: at("9.9.9.9:1")
        })
    );

    let back = net.send(START, server, at("9.9.9.9:1"), seen);
    assert_eq!(
        back.arrival,
        Some(Arrival {
            host: laptop,
            from: at("9.9.9.9:1"),
            to: at(INSIDE)
        })
    );
    assert_eq!(
        back.hops.iter().map(|hop| hop.nat).collect::<Vec<_>>(),
        [Some(carrier), Some(home)]
    );
}

#[test]
fn hosts_of_one_network_need_no_nat() {
    let mut net = Topology::default();
    let home = net.nat(None, nat_at("1.1.1.1", kind()));
    let laptop = net.host(Some(home), at("10.0.0.2:0").ip());
    let phone = net.host(Some(home), at("10.0.0.3:0").ip());
    let journey = net.send(START, laptop, at(INSIDE), at("10.0.0.3:7"));
    assert_eq!(journey.arrival.map(|arrival| arrival.host), Some(phone));
    assert_eq!(journey.hops, []);
}

#[test]
fn two_homes_of_one_carrier_meet_at_its_nat_only_when_it_hairpins() {
    for hairpinning in [true, false] {
        let mut net = Topology::default();
        let carrier = net.nat(
            None,
            nat_at(
                "1.1.1.1",
                Behaviour {
                    hairpinning,
                    ..kind()
                },
            ),
        );
        let homes = ["100.64.0.2", "100.64.0.3"]
            .map(|outside| net.nat(Some(carrier), nat_at(outside, kind())));
        let [one, other] = homes.map(|home| net.host(Some(home), at("10.0.0.2:0").ip()));
        net.host(None, at("9.9.9.9:0").ip());
        net.send(START, other, at("10.0.0.2:6000"), at("9.9.9.9:1"));

        let journey = net.send(START, one, at(INSIDE), at("1.1.1.1:6000"));
        let arrival = Arrival {
            host: other,
            from: at("1.1.1.1:5000"),
            to: at("10.0.0.2:6000"),
        };
        assert_eq!(journey.arrival, hairpinning.then_some(arrival));
        let nats: Vec<_> = journey.hops.iter().filter_map(|hop| hop.nat).collect();
        assert_eq!(
            nats,
            [
                &[homes[0], carrier][..],
                &homes[1..][..usize::from(hairpinning)]
            ]
            .concat()
        );
    }
}

#[test]
fn a_packet_for_nobody_is_dropped_where_it_was_looked_for() {
    let mut net = Topology::default();
    let home = net.nat(None, nat_at("1.1.1.1", kind()));
    let laptop = net.host(Some(home), at("10.0.0.2:0").ip());
    let journey = net.send(START, laptop, at(INSIDE), at("10.0.9.9:1"));
    let dropped = journey.hops.last().map(|hop| (hop.nat, hop.verdict));
    assert_eq!(
        dropped,
        Some((None, Err(Dropped::NoRoute(at("10.0.9.9:1")))))
    );
    assert_eq!(journey.arrival, None);
}

#[test]
fn what_a_nat_did_can_be_shown() {
    let mut net = Topology::default();
    let home = net.nat(None, nat_at("1.1.1.1", kind()));
    let laptop = net.host(Some(home), at("10.0.0.2:0").ip());
    let journey = net.send(START, laptop, at(INSIDE), at("9.9.9.9:1"));
    let shown = journey
        .hops
        .iter()
        .map(|hop| serde_json::to_string(hop).expect("it can be written"));
    let expected = [
        r#"{"nat":0,"from":"10.0.0.2:5000","to":"9.9.9.9:1","verdict":{"passed":{"from":"1.1.1.1:5000","to":"9.9.9.9:1","hairpinned":false}}}"#,
        r#"{"nat":null,"from":"1.1.1.1:5000","to":"9.9.9.9:1","verdict":{"dropped":"nobody has the address 9.9.9.9:1"}}"#,
    ];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

#[test]
fn a_packet_that_came_in_does_not_go_out_again() {
    let mut net = Topology::default();
    let home = net.nat(None, nat_at("1.1.1.1", kind()));
    let laptop = net.host(Some(home), at("10.0.0.2:0").ip());
    let server = net.host(None, at("9.9.9.9:0").ip());
    // It says to be somebody who is not there.
    net.send(START, laptop, at("10.0.0.3:5000"), at("9.9.9.9:1"));
    let journey = net.send(START, server, at("9.9.9.9:1"), at("1.1.1.1:5000"));
    let verdicts: Vec<_> = journey
        .hops
        .iter()
        .map(|hop| (hop.nat, hop.verdict.err()))
        .collect();
    let expected = Dropped::NoRoute(at("10.0.0.3:5000"));
    assert_eq!(verdicts, [(Some(home), None), (None, Some(expected))]);
}
