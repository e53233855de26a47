//! The TURN server of a lab: what is said to it, and what it relays, crosses the NATs.

use std::collections::HashSet;
use std::net::SocketAddr;

use tokio::time::timeout;

use super::agent::{ANSWER, PACE, ROUNDS, candidates, endpoint};
use super::*;
use crate::line;

/// Where the TURN server gives A a port.
const PORT_OF_A: &str = "198.51.100.1:49152";

/// A peer that knows no other way than by the TURN server.
struct Relayed {
    peer: line::Peer,
    turn: TurnClient,
    remotes: Vec<SocketAddr>,
    transactions: HashSet<Vec<u8>>,
    is_answered: bool,
}

impl Relayed {
    /// With the candidates of the other as the lab says them, and permission for those of them that `permits` accepts.
    async fn new(lab: &Lab<'_>, name: &str, other: &str, permits: fn(&Value) -> bool) -> Self {
        let mut turn = client(lab, name).await;
        turn.allocate().await.unwrap();
        for candidate in lab.opened[other]["candidates"].as_array().unwrap() {
            if permits(candidate) {
                turn.permit(endpoint(candidate)).await.unwrap();
            }
        }
        Self {
            peer: line::Peer::new(name).await,
            turn,
            remotes: candidates(&lab.opened[other]),
            transactions: HashSet::new(),
            is_answered: false,
        }
    }

    async fn check_all(&mut self, other: &line::Peer) {
        for remote in &self.remotes {
            let check = self.peer.check_of(other);
            self.transactions.insert(check[8..20].to_vec());
            self.turn.send_to(*remote, &check).await;
        }
    }

    /// Reads what comes within a moment.
    async fn listen(&mut self, moment: Duration) {
        while let Ok((from, data)) = timeout(moment, self.turn.receive_from()).await {
            match &data[..] {
                [ANSWER, transaction @ ..] => {
                    self.is_answered |= self.remotes.contains(&from);
                    assert!(self.transactions.contains(transaction));
                }
                check => {
                    let answer = [&[ANSWER], &check[8..20]].concat();
                    self.turn.send_to(from, &answer).await;
                    if !self.remotes.contains(&from) {
                        self.remotes.push(from);
                    }
                }
            }
        }
    }
}

/// A client of the lab's TURN server, where this side reaches it.
async fn client(lab: &Lab<'_>, side: &str) -> TurnClient {
    TurnClient::new(endpoint(&lab.opened[side]["stun"]), &given(lab)).await
}

/// What its clients have to show.
fn given(lab: &Lab<'_>) -> IceServer {
    let said = |name: &str| lab.opened["turn"][name].as_str().unwrap().to_owned();
    IceServer {
        urls: Vec::new(),
        username: said("username"),
        credential: said("credential"),
    }
}

async fn with_turn<'s>(server: &'s Server, a: &Value, b: &Value) -> Lab<'s> {
    Lab::open(server, &json!({ "a": a, "b": b, "turn": true })).await
}

async fn trust(lab: &Lab<'_>, a: &line::Peer, b: &line::Peer) {
    let body = json!({ "credentials": { "a": a.credentials(), "b": b.credentials() } });
    let told = http::exchange(lab.server, "PATCH", &lab.path, &[], &body.to_string()).await;
    assert_eq!(told.status, 200, "{}", told.text());
}

/// Whether A, which relays, and B, which does not, both get an answer.
async fn meets_without_a_relay(lab: &Lab<'_>, permits: fn(&Value) -> bool) -> bool {
    let mut a = Relayed::new(lab, "a", "b", permits).await;
    let mut b = Agent::new("b", &lab.opened["a"]).await;
    trust(lab, &a.peer, &b.peer).await;
    for _ in 0..ROUNDS {
        a.check_all(&b.peer).await;
        b.check_all(&a.peer).await;
        a.listen(PACE / 2).await;
        b.listen(PACE / 2).await;
        if a.is_answered && b.is_answered {
            return true;
        }
    }
    false
}

/// Those of the five old names that have no way without one.
#[tokio::test]
async fn the_three_pairs_that_fail_connect_as_soon_as_one_side_has_turn() {
    let server = Server::start().await;
    let server = &server;
    let pairs = [
        ("port-restricted", "symmetric"),
        ("symmetric", "port-restricted"),
        ("symmetric", "symmetric"),
    ];
    let all = pairs.map(|(a, b)| async move {
        let lab = with_turn(server, &json!(a), &json!(b)).await;
        assert!(meets_without_a_relay(&lab, |_| true).await, "{a} and {b}");
    });
    join_all(all).await;
}

#[tokio::test]
async fn two_peers_that_have_nothing_but_relayed_ports_reach_each_other_by_them() {
    let server = Server::start().await;
    let lab = with_turn(&server, &json!("symmetric"), &json!("symmetric")).await;
    let is_relay = |candidate: &Value| candidate["type"] == "relay";
    let mut a = Relayed::new(&lab, "a", "b", is_relay).await;
    let mut b = Relayed::new(&lab, "b", "a", is_relay).await;
    a.check_all(&b.peer).await;
    let (from, check) = b.turn.receive_from().await;
    assert!(a.transactions.contains(&check[8..20]));
    // It knows the port of A by the address of its own that it was told.
    assert_eq!(from, candidates(&lab.opened["a"])[2]);
    b.turn.send_to(from, b"!").await;
    let (from, answer) = a.turn.receive_from().await;
    assert_eq!(
        (from, answer),
        (candidates(&lab.opened["b"])[2], b"!".to_vec())
    );
    b.check_all(&a.peer).await;
    assert_eq!(a.turn.receive_from().await.0, from);
}

/// As Firefox does: all candidates have one address of this machine, so that it asks for the first of them and never again.
#[tokio::test]
async fn a_permission_is_for_the_address_by_which_its_client_knows_a_peer() {
    let server = Server::start().await;
    let lab = with_turn(&server, &json!("symmetric"), &json!("symmetric")).await;
    let is_host = |candidate: &Value| candidate["type"] == "host";
    assert!(meets_without_a_relay(&lab, is_host).await);
}

#[tokio::test]
async fn a_relayed_port_lets_in_nobody_whom_its_client_has_not_permitted() {
    let server = Server::start().await;
    let lab = with_turn(&server, &json!("symmetric"), &json!("symmetric")).await;
    assert!(!meets_without_a_relay(&lab, |_| false).await);
    let seen = lab.get("/packets").await;
    let packets = seen["packets"].as_array().unwrap();
    let to_relay = |packet: &&Value| packet["by"] == "b" && packet["to"] == PORT_OF_A;
    let mut to_relay = packets.iter().filter(to_relay).peekable();
    assert!(to_relay.peek().is_some());
    assert!(to_relay.all(|packet| packet["fate"] == "ignored"));
}

#[tokio::test]
async fn what_is_said_to_the_turn_server_crosses_the_nats() {
    let server = Server::start().await;
    let nat = json!({ "timeout": 1 });
    let lab = with_turn(&server, &nat, &json!("open")).await;
    let relay = &lab.opened["a"]["candidates"][2];
    assert_eq!(
        (&relay["type"], &relay["virtual"]),
        (&json!("relay"), &json!(PORT_OF_A))
    );
    let a = Relayed::new(&lab, "a", "b", |_| true).await;
    assert_eq!(lab.table("a").await[0]["toward"], Value::Null);
    let seen = lab.get("/packets").await;
    let [request, answer] = [0, 1].map(|number| &seen["packets"][number]);
    let summary = request["summary"].as_str().unwrap();
    assert!(summary.starts_with("Allocate request"), "{summary}");
    assert_eq!(request["hops"][0]["nat"], "a");
    assert_eq!(answer["by"], "stun");
    assert_eq!(
        answer["hops"][0]["verdict"]["passed"]["to"],
        "10.0.0.2:5000"
    );
    let mut b = Agent::new("b", &lab.opened["a"]).await;
    trust(&lab, &a.peer, &b.peer).await;
    let expired = async {
        while !lab.table("a").await.is_empty() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    soon("the end of the mapping", expired).await;
    let before = lab.packets_in_all().await;
    b.check_all(&a.peer).await;
    // It reaches the server, and no longer the client.
    let lost = async {
        loop {
            let seen = lab.get(&format!("/packets?after={before}")).await;
            let packets = seen["packets"].as_array().unwrap().iter();
            let mut of_server = packets.filter(|packet| packet["by"] == "stun");
            if let Some(packet) = of_server.next() {
                return packet["hops"][0]["verdict"]["dropped"].clone();
            }
            sleep(Duration::from_millis(5)).await;
        }
    };
    let why = soon("the relay's packet", lost).await;
    assert_eq!(why, "the mapping of 203.0.113.1:5000 has expired");
}

/// As a browser that restarts ICE, with another socket.
#[tokio::test]
async fn a_side_s_relayed_port_belongs_to_whoever_of_it_asked_last() {
    let server = Server::start().await;
    let lab = with_turn(&server, &json!("symmetric"), &json!("open")).await;
    let mut first = client(&lab, "a").await;
    let port = Ok(PORT_OF_A.parse().unwrap());
    assert_eq!(first.allocate().await, port);
    let mut second = client(&lab, "a").await;
    assert_eq!(second.allocate().await, port);
    assert_eq!(first.refresh().await, Err(437));
    second.refresh().await.unwrap();
    second
        .permit(candidates(&lab.opened["b"])[0])
        .await
        .unwrap();
}

#[tokio::test]
async fn who_is_refused_a_port_takes_it_from_nobody() {
    let server = Server::start().await;
    let lab = with_turn(&server, &json!("open"), &json!("open")).await;
    let mut first = client(&lab, "b").await;
    first.allocate().await.unwrap();
    // That of B is odd.
    let mut second = client(&lab, "b").await;
    assert_eq!(second.allocate_even().await, Err(508));
    first.refresh().await.unwrap();
    second.allocate().await.unwrap();
    assert_eq!(first.refresh().await, Err(437));
}

#[tokio::test]
async fn only_who_has_a_lab_s_credentials_gets_a_port_and_only_where_there_is_turn() {
    let server = Server::start().await;
    let (a, b) = (json!("open"), json!("open"));
    let [own, other] = [
        with_turn(&server, &a, &b).await,
        with_turn(&server, &a, &b).await,
    ];
    let mut thief = client(&other, "a").await.with_credentials(&given(&own));
    assert_eq!(thief.allocate().await, Err(401));
    let without = Lab::open(&server, &json!({ "a": a, "b": b })).await;
    assert_eq!(without.opened["turn"], Value::Null);
    assert_eq!(candidates(&without.opened["a"]).len(), 1);
}

#[tokio::test]
async fn a_lab_with_ports_of_ipv6_has_no_turn_and_says_why() {
    let server = Server::start_at(SocketAddr::new(Ipv6Addr::LOCALHOST.into(), 0)).await;
    let opening = json!({ "a": "open", "b": "open", "turn": true }).to_string();
    let refused = http::post(&server, "/lab", &[], &opening).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.text().contains("an address of IPv4"),
        "{}",
        refused.text()
    );
}
