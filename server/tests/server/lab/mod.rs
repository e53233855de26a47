//! The NAT lab over real sockets: two peers that look for a way to each other as ICE does, through NATs of the server.
//!
//! - `agent`: such a peer
//! - `asking`: what pages may ask for, and what they are told
//! - `matrices`: all kinds of NATs, against the model of them
//! - `panel`: what the panel *NATs* is told
//! - `relayed`: with a TURN server beside them

mod agent;
mod asking;
mod matrices;
mod panel;
mod relayed;

use std::net::{Ipv6Addr, SocketAddr};
use std::time::Duration;

use futures_util::future::join_all;
use quickconnect::protocol::IceServer;
use serde_json::{Value, json};
use server::config::Limits;
use tokio::time::sleep;

use crate::support::{Server, TurnClient, http, soon};
use agent::{Agent, find_a_way};

const OLD_NAMES: [&str; 5] = [
    "open",
    "full-cone",
    "restricted",
    "port-restricted",
    "symmetric",
];

/// A lab as the page that opened it knows it.
struct Lab<'s> {
    server: &'s Server,
    path: String,
    opened: Value,
}

impl<'s> Lab<'s> {
    async fn open(server: &'s Server, opening: &Value) -> Self {
        let answer = http::post(server, "/lab", &[], &opening.to_string()).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let opened: Value = serde_json::from_str(answer.text()).unwrap();
        let path = format!("/lab/{}", opened["id"].as_str().unwrap());
        Self {
            server,
            path,
            opened,
        }
    }

    async fn get(&self, of_it: &str) -> Value {
        let answer = http::get(self.server, &format!("{}{of_it}", self.path)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_str(answer.text()).unwrap()
    }

    /// The table of a NAT.
    async fn table(&self, name: &str) -> Vec<Value> {
        let now = self.get("").await;
        let nats = now["nats"].as_array().unwrap();
        let nat = nats.iter().find(|nat| nat["name"] == name).unwrap();
        nat["table"].as_array().unwrap().clone()
    }

    /// How many packets it has seen.
    async fn packets_in_all(&self) -> u64 {
        let mut last = 0;
        loop {
            let seen = self.get(&format!("/packets?after={last}")).await;
            match seen["packets"].as_array().unwrap().last() {
                Some(packet) => last = packet["number"].as_u64().unwrap(),
                None => return last,
            }
        }
    }

    /// Two peers in it, each with the candidates of the other.
    async fn agents(&self) -> [Agent; 2] {
        let agents = [
            Agent::new("a", &self.opened["b"]).await,
            Agent::new("b", &self.opened["a"]).await,
        ];
        let [a, b] = [&agents[0], &agents[1]].map(Agent::credentials);
        let body = json!({ "credentials": { "a": a, "b": b } }).to_string();
        let told = http::exchange(self.server, "PATCH", &self.path, &[], &body).await;
        assert_eq!(told.status, 200, "{}", told.text());
        agents
    }
}

/// What comes of two peers behind these NATs: whether they find a way, and which of them hears the other from an address that was no candidate.
async fn outcome(server: &Server, opening: Value) -> (bool, [bool; 2]) {
    let lab = Lab::open(server, &opening).await;
    let mut agents = lab.agents().await;
    let has_way = find_a_way(&mut agents).await;
    (has_way, agents.map(|agent| agent.is_surprised))
}

#[tokio::test]
async fn of_the_pairs_of_old_names_those_connect_that_the_textbook_names() {
    let server = Server::start().await;
    let server = &server;
    let pairs = OLD_NAMES.iter().flat_map(|a| OLD_NAMES.map(|b| (*a, b)));
    let all = pairs.map(|(a, b)| async move {
        let outcome = outcome(server, json!({ "a": a, "b": b })).await;
        (a, b, outcome)
    });
    let mut connected = 0;
    for (a, b, (has_way, surprised)) in join_all(all).await {
        let is_strict = |name: &str| name == "symmetric" || name == "port-restricted";
        let has_symmetric = [a, b].contains(&"symmetric");
        let expected = !(has_symmetric && is_strict(a) && is_strict(b));
        assert_eq!(has_way, expected, "{a} and {b}");
        connected += usize::from(has_way);
        if has_way {
            // A symmetric NAT shows a port that nobody has named.
            let expected = [b == "symmetric", a == "symmetric"];
            assert_eq!(surprised, expected, "{a} and {b}");
        }
    }
    assert_eq!(connected, 22);
}

#[tokio::test]
async fn neighbours_of_one_carrier_need_its_hairpinning() {
    let server = Server::start().await;
    for hairpinning in [true, false] {
        let carrier = json!({ "hairpinning": hairpinning, "filtering": "endpoint-independent" });
        let opening = json!({ "a": "full-cone", "b": "full-cone", "carrier": carrier });
        assert_eq!(outcome(&server, opening).await.0, hairpinning);
    }
}

#[tokio::test]
async fn a_stun_server_in_the_lab_says_how_it_sees_a_peer() {
    let server = Server::start().await;
    let opening = json!({ "a": "port-restricted", "b": "open" });
    let lab = Lab::open(&server, &opening).await;
    let candidates = &lab.opened["a"]["candidates"];
    assert_eq!(candidates[0]["virtual"], "10.0.0.2:5000");
    assert_eq!(candidates[1]["virtual"], "203.0.113.1:5000");
    assert_eq!(lab.opened["b"]["candidates"].as_array().unwrap().len(), 1);
    let stun = agent::endpoint(&lab.opened["a"]["stun"]);
    let client = TurnClient::new(stun, &IceServer::default()).await;
    assert_eq!(client.binding().await.to_string(), "203.0.113.1:5000");
    let seen = lab.get("/packets").await;
    let [request, answer] = [0, 1].map(|number| &seen["packets"][number]);
    assert_eq!(request["by"], "a");
    assert_eq!(request["hops"][0]["nat"], "a");
    assert_eq!(
        request["hops"][0]["verdict"]["passed"]["from"],
        "203.0.113.1:5000"
    );
    assert_eq!(answer["by"], "stun");
    assert_eq!(answer["fate"], "delivered");
}

#[tokio::test]
async fn each_packet_says_what_the_nats_did_with_it_and_why() {
    let server = Server::start().await;
    let opening = json!({ "a": "port-restricted", "b": "symmetric" });
    let lab = Lab::open(&server, &opening).await;
    let mut agents = lab.agents().await;
    assert!(!find_a_way(&mut agents).await);
    let seen = lab.get("/packets").await;
    let packets = seen["packets"].as_array().unwrap();
    let dropped = packets.iter().find(|packet| {
        let last = packet["hops"].as_array().unwrap().last().unwrap();
        packet["by"] == "b" && last["nat"] == "a"
    });
    let hops = dropped.unwrap()["hops"].as_array().unwrap();
    let why = hops.last().unwrap()["verdict"]["dropped"].as_str().unwrap();
    assert!(why.contains("nothing was sent to 203.0.113.2:"), "{why}");
    let later = lab.get("/packets?after=3").await;
    assert_eq!(later["packets"][0]["number"], 4);
    let table = lab.table("b").await;
    // One mapping for the STUN server, and one for each endpoint that it has sent to.
    assert!(table.len() >= 2, "{table:?}");
    assert_eq!(table[0]["toward"], "198.51.100.1:3478");
}

#[tokio::test]
async fn the_ports_of_a_lab_may_have_addresses_of_ipv6() {
    let server = Server::start_at(SocketAddr::new(Ipv6Addr::LOCALHOST.into(), 0)).await;
    let lab = Lab::open(&server, &json!({ "a": "symmetric", "b": "restricted" })).await;
    let candidate = &lab.opened["a"]["candidates"][1];
    assert_eq!(candidate["address"], "::1");
    assert_eq!(candidate["virtual"], "203.0.113.1:5000");
    let mut agents = lab.agents().await;
    assert!(find_a_way(&mut agents).await);
}

#[tokio::test]
async fn a_mapping_that_nobody_refreshes_expires() {
    let server = Server::start().await;
    let nat = json!({ "timeout": 1 });
    let lab = Lab::open(&server, &json!({ "a": nat, "b": "open" })).await;
    assert_eq!(lab.table("a").await.len(), 1);
    let expired = async {
        while !lab.table("a").await.is_empty() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    soon("the end of a mapping", expired).await;
}

/// With so many labs at once.
async fn with_labs(max_labs: usize, max_labs_per_address: usize) -> Server {
    let limits = Limits {
        max_labs,
        max_labs_per_address,
        ..Limits::default()
    };
    Server::with_limits(limits).await
}
