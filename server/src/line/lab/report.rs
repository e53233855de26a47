//! What a panel is told of the NATs of a lab. It asks once a second, so whatever the peers send, an answer has a bound.
//!
//! May import: net, tally, network, serde_json.

use std::time::Duration;

use network::nat::{Entry, Nat};
use serde_json::{Value, json};

use super::net::Net;
use super::tally::Tallies;

/// Mappings of each NAT that are shown, the newest.
const MAX_MAPPINGS: usize = 64;
/// Of those that a mapping lets in, how many are shown, the newest.
const MAX_PERMITTED: usize = 8;

/// All NATs, and the internet between them.
pub(super) fn of(now: Duration, net: &Net, tallies: &Tallies) -> Value {
    let nats = net.nats().map(|(name, id, nat)| {
        let mut shown = tallies.report(Some(id));
        shown["name"] = name.into();
        shown["outside"] = json!(nat.outside());
        shown["behaviour"] = json!(nat.behaviour());
        let (mappings, more) = mappings(now, nat);
        shown["mappings"] = mappings;
        shown["more_mappings"] = more.into();
        shown
    });
    json!({ "nats": nats.collect::<Vec<_>>(), "internet": tallies.report(None) })
}

/// The newest mappings, and how many more there are.
fn mappings(now: Duration, nat: &Nat) -> (Value, usize) {
    let mut table = nat.table(now);
    let more = table.len().saturating_sub(MAX_MAPPINGS);
    let shown = table.drain(more..).map(mapping);
    (shown.collect(), more)
}

fn mapping(mut entry: Entry) -> Value {
    let more = entry.permitted.len().saturating_sub(MAX_PERMITTED);
    entry.permitted.drain(..more);
    let mut shown = json!(entry);
    shown["more_permitted"] = more.into();
    shown
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use network::nat::{Behaviour, Dependence};

    use super::*;

    fn endpoint(port: usize) -> SocketAddr {
        SocketAddr::from((
            [198, 51, 100, 7],
            u16::try_from(port).expect("it is a port"),
        ))
    }

    /// With so many packets sent out, each to another port.
    fn nat_that_sent(packets: usize, mapping: Dependence) -> Nat {
        let behaviour = Behaviour::of(mapping, Dependence::AddressAndPortDependent);
        let mut nat = Nat::new(behaviour, [203, 0, 113, 1].into());
        let inside = SocketAddr::from(([10, 0, 0, 2], 5_000));
        for number in 1..=packets {
            nat.outbound(Duration::ZERO, inside, endpoint(number))
                .expect("it passes");
        }
        nat
    }

    #[test]
    fn of_a_long_table_the_newest_mappings_are_shown() {
        let nat = nat_that_sent(MAX_MAPPINGS + 6, Dependence::AddressAndPortDependent);
        let (shown, more) = mappings(Duration::from_secs(1), &nat);
        let shown = shown.as_array().expect("it is a list");
        assert_eq!((shown.len(), more), (MAX_MAPPINGS, 6));
        let newest = &shown[MAX_MAPPINGS - 1];
        assert_eq!(newest["toward"], json!(endpoint(MAX_MAPPINGS + 6)));
        assert_eq!(newest["seconds"], 1.0);
    }

    #[test]
    fn of_many_that_a_mapping_lets_in_the_newest_are_shown() {
        let nat = nat_that_sent(MAX_PERMITTED + 3, Dependence::EndpointIndependent);
        let (shown, more) = mappings(Duration::ZERO, &nat);
        assert_eq!(more, 0);
        let permitted = shown[0]["permitted"].as_array().expect("it is a list");
        assert_eq!(permitted.len(), MAX_PERMITTED);
        assert_eq!(permitted[0], json!(endpoint(4)));
        assert_eq!(shown[0]["more_permitted"], 3);
    }
}
