use std::net::{IpAddr, SocketAddr};

use crate::relay::peers::Peers;

fn at(endpoint: &str) -> SocketAddr {
    endpoint.parse().expect("the test's endpoints are good")
}

/// Who is admitted by a server at 192.0.2.2 and fd00::2 that serves at 8000 and 9000 and relays at 49152.
fn verdict(peer: &str) -> String {
    let own: [IpAddr; 2] = ["192.0.2.2", "fd00::2"].map(|ip| ip.parse().expect("an address"));
    let relayed = [
        "192.0.2.2:49152",
        "[fd00::2]:49152",
        "127.0.0.1:49152",
        "[::1]:49152",
    ]
    .map(at);
    let clients = [
        "192.0.2.7:5000",
        "203.0.113.9:6000",
        "192.0.2.2:7000",
        "192.0.2.2:8000",
        "[fd00::7]:5000",
        "127.0.0.1:5000",
        "169.254.1.1:5000",
        "[fe80::1]:5000",
        "224.0.0.251:5353",
        "255.255.255.255:5000",
        "0.0.0.0:5000",
        "0.1.2.3:5000",
        "[ff02::1]:5000",
        "[::]:5000",
        "[::127.0.0.1]:5000",
        "[64:ff9b::7f00:1]:5000",
        "[2002:7f00:1::1]:5000",
        "[2001:0:1::1]:5000",
        "192.0.2.7:0",
    ]
    .map(at);
    let peers = Peers {
        own: &own,
        services: &[8000, 9000],
        is_relayed: &|peer| relayed.contains(&peer),
        is_client: &|peer| clients.contains(&peer),
    };
    match peers.admit(at(peer)) {
        Ok(()) => "admitted".to_owned(),
        Err(forbidden) => format!("{forbidden:?}")
            .split('(')
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}

#[test]
fn a_relay_reaches_its_own_ports_and_the_clients_that_asked() {
    for (peer, expected) in [
        // Its own ports, by any address of the machine.
        ("192.0.2.2:49152", "admitted"),
        ("[fd00::2]:49152", "admitted"),
        ("127.0.0.1:49152", "admitted"),
        ("[::1]:49152", "admitted"),
        ("[::ffff:127.0.0.1]:49152", "admitted"),
        // Clients, also on this machine, by just the port they asked from.
        ("192.0.2.7:5000", "admitted"),
        ("[::ffff:192.0.2.7]:5000", "admitted"),
        ("203.0.113.9:6000", "admitted"),
        ("[fd00::7]:5000", "admitted"),
        ("192.0.2.2:7000", "admitted"),
        ("192.0.2.7:5001", "Stranger"),
        ("203.0.113.8:6000", "Stranger"),
        ("[fd00::8]:5000", "Stranger"),
        // The server's other services, by any address, whoever says to have asked from there.
        ("192.0.2.2:8000", "Service"),
        ("192.0.2.2:9000", "Service"),
        ("127.0.0.1:8000", "Service"),
        ("[::1]:9000", "Service"),
        ("[::ffff:192.0.2.2]:8000", "Service"),
        // Services of others on this machine.
        ("127.0.0.1:22", "Loopback"),
        ("127.8.8.8:22", "Loopback"),
        ("[::1]:22", "Loopback"),
        ("[::ffff:127.0.0.1]:22", "Loopback"),
        ("127.0.0.1:5000", "Loopback"),
        ("192.0.2.2:22", "Stranger"),
        ("192.0.2.2:49153", "Stranger"),
        // Nobody in a network.
        ("169.254.1.1:5000", "Special"),
        ("169.254.169.254:80", "Special"),
        ("[fe80::1]:5000", "Special"),
        ("224.0.0.251:5353", "Special"),
        ("[::ffff:224.0.0.251]:5353", "Special"),
        ("[ff02::1]:5000", "Special"),
        ("255.255.255.255:5000", "Special"),
        ("0.0.0.0:5000", "Special"),
        ("0.1.2.3:5000", "Special"),
        ("[::]:5000", "Special"),
        ("[::127.0.0.1]:5000", "Special"),
        ("[64:ff9b::7f00:1]:5000", "Special"),
        ("[2002:7f00:1::1]:5000", "Special"),
        ("[2001:0:1::1]:5000", "Special"),
        ("192.0.2.7:0", "Special"),
    ] {
        assert_eq!(verdict(peer), expected, "{peer}");
    }
}
