//! What one address does with many connections to delay everybody else, and what many honest people behind one address do at once.
//!
//! The server is a process of its own, and the attackers have a thread of their own, so that innocents are measured as they would be.

use std::net::{IpAddr, Ipv4Addr};
use std::thread;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinSet;

use crate::support::tls::Certificate;
use crate::support::wire::Way;
use crate::support::{PROGRAM, Peer, RawPeer, Running, Server, guidebook, soon};

/// Where attackers come from. Innocents come from 127.0.0.1.
const ATTACKER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// Connections of the attacker, all in one room.
const ATTACKERS: usize = 100;

/// Longer than a machine that runs other tests as well makes a frame wait. A storm made it wait for six seconds.
const FLOOR: Duration = Duration::from_millis(100);

/// What one of the attackers, whose id is given, says over and over.
type Saying = fn(&str) -> String;

const STORMS: [(&str, Saying); 5] = [
    ("broadcasts", |id| format!("/chat|{id}|hello")),
    ("large broadcasts", |id| {
        format!("/chat|{id}|{}", "x".repeat(60_000))
    }),
    ("directed frames", |id| format!("/to|{id}|/chat|{id}|hello")),
    ("announces", |id| {
        format!(r#"/announce|{id}|{{"room":"storm"}}"#)
    }),
    ("directed announces", |id| {
        format!(r#"/to|0|/announce|{id}|{{"room":"storm"}}"#)
    }),
];

/// The tests here take turns: each would be in another's measure.
static ALONE: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn a_storm_of_one_address_delays_nobody_else() {
    let _alone = ALONE.lock().await;
    for (what, saying) in STORMS {
        let server = Running::start(guidebook(PROGRAM).args(["--metrics", "--log", "error"]));
        let way = Way::from(server.address());
        delays_nobody(&server, &way, what, saying, Duration::from_secs(3)).await;
    }
}

/// Whoever is attacked by it over TLS decrypts, and encrypts for a hundred.
#[tokio::test]
async fn a_storm_of_one_address_over_tls_delays_nobody_else() {
    let _alone = ALONE.lock().await;
    let (certificate, folder) = (Certificate::new(), tempfile::tempdir().unwrap());
    let mut command = guidebook(PROGRAM);
    command.args(["--metrics", "--log", "error"]);
    command.args(certificate.options(folder.path()));
    let server = Running::start(&mut command);
    let way = Way {
        address: server.address(),
        trusted: Some(certificate.trusted()),
    };
    let (what, saying) = STORMS[1];
    delays_nobody(&server, &way, what, saying, Duration::from_secs(1)).await;
}

/// What is said over and over, for so long, delays no innocent who comes the same way.
async fn delays_nobody(server: &Running, way: &Way, what: &str, saying: Saying, time: Duration) {
    let mut innocents = Innocents::in_rooms(way).await;
    let quiet = innocents.p95(Duration::from_secs(1)).await;
    let storm = Storm::begin(way, move |way| storm(way, saying));
    let stormy = innocents.p95(time).await;
    storm.end();
    let bound = FLOOR.max(3 * quiet);
    assert!(
        stormy <= bound,
        "{what}: p95 {stormy:?}, and {quiet:?} without"
    );
    println!("{what}: p95 {stormy:?}, and {quiet:?} without");
    let metrics = server.get("/metrics");
    assert!(metrics.contains("guidebook_refusals_total{"), "{metrics}");
}

#[tokio::test]
async fn connections_that_come_and_go_delay_nobody_else() {
    let server = Running::start(guidebook(PROGRAM).args(["--metrics", "--log", "error"]));
    let way = Way::from(server.address());
    let mut innocents = Innocents::in_rooms(&way).await;
    let quiet = innocents.p95(Duration::from_secs(1)).await;
    let storm = Storm::begin(&way, churn);
    let stormy = innocents.p95(Duration::from_secs(3)).await;
    storm.end();
    assert!(
        stormy <= FLOOR.max(3 * quiet),
        "p95 {stormy:?}, and {quiet:?} without"
    );
}

/// Pairs, each in a room of its own.
struct Innocents(Vec<[Peer; 2]>);

impl Innocents {
    const PAIRS: usize = 8;

    async fn in_rooms(way: &Way) -> Self {
        let mut pairs = Vec::new();
        for pair in 0..Self::PAIRS {
            let mut members = Vec::new();
            for id in ["a", "b"] {
                let url = format!("ws://{}/", way.address);
                let wire = way.connect().await.unwrap();
                let mut peer = Peer::connect_over(wire, &url, id).await.unwrap();
                peer.hears_greeting().await;
                peer.announce(&format!("innocents {pair}")).await;
                peer.hears_room_info(members.len() + 1).await;
                members.push(peer);
            }
            let [mut a, b]: [Peer; 2] = members.try_into().ok().unwrap();
            a.hears(&b.announcement(&format!("innocents {pair}"))).await;
            pairs.push([a, b]);
        }
        Self(pairs)
    }

    /// Of the times from one to the other that were measured for so long.
    async fn p95(&mut self, time: Duration) -> Duration {
        let begin = Instant::now();
        let mut times = Vec::new();
        while begin.elapsed() < time {
            for [a, b] in &mut self.0 {
                let text = format!("/to|b|/ping|a|{}", times.len());
                let said_at = Instant::now();
                a.says(&text).await;
                b.hears(&text).await;
                times.push(said_at.elapsed());
                // Paces the load.
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
        times.sort();
        times[times.len() * 95 / 100]
    }
}

/// An attack on a thread of its own.
struct Storm {
    end: oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Storm {
    /// Returns when the attack goes on.
    fn begin<F>(way: &Way, attack: impl FnOnce(Way) -> F + Send + 'static) -> Self
    where
        F: Future<Output = JoinSet<()>>,
    {
        let (end, ended) = oneshot::channel();
        let (begins, begun) = std::sync::mpsc::channel();
        let way = way.clone();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let _attackers = attack(way).await;
                begins.send(()).unwrap();
                // It ends with the test as well.
                let _ = ended.await;
            });
        });
        begun.recv().unwrap();
        Self { end, thread }
    }

    fn end(self) {
        self.end.send(()).unwrap();
        self.thread.join().unwrap();
    }
}

/// All in one room, and all speak at once for as long as they are let.
async fn storm(way: Way, saying: Saying) -> JoinSet<()> {
    let mut room = Vec::new();
    for number in 0..ATTACKERS {
        let id = number.to_string();
        let raw = RawPeer::join_from(ATTACKER, &way, &id, "storm").await;
        room.push((id, raw));
    }
    let mut attackers = JoinSet::new();
    for (id, raw) in room {
        let frame = RawPeer::frame(0x81, saying(&id).as_bytes());
        let frames = frame.repeat(1 + 16_384 / frame.len());
        let (mut from, mut into) = tokio::io::split(raw.stream);
        // Whoever is cut off takes no more part.
        attackers.spawn(async move { while into.write_all(&frames).await.is_ok() {} });
        attackers.spawn(async move {
            let mut heard = vec![0; 64 * 1024];
            while from.read(&mut heard).await.is_ok_and(|bytes| bytes > 0) {}
        });
    }
    attackers
}

/// A full room, into which others come and from which they go: each costs it an announce and a leave.
async fn churn(way: Way) -> JoinSet<()> {
    let mut attackers = JoinSet::new();
    for number in 0..ATTACKERS - 10 {
        let mut raw = RawPeer::join_from(ATTACKER, &way, &number.to_string(), "storm").await;
        attackers.spawn(async move {
            let mut heard = vec![0; 64 * 1024];
            while raw
                .stream
                .read(&mut heard)
                .await
                .is_ok_and(|bytes| bytes > 0)
            {}
        });
    }
    for number in 0..9 {
        let way = way.clone();
        attackers.spawn(async move {
            loop {
                let id = format!("comes and goes {number}");
                drop(RawPeer::join_from(ATTACKER, &way, &id, "storm").await);
            }
        });
    }
    attackers
}

/// A whole workshop behind one address: all join one room at once, and everybody says to everybody what a call takes.
async fn workshop(people: usize, frames_each_way: usize) -> Duration {
    let server = Server::start().await;
    let mut connected = Vec::new();
    for number in 0..people {
        connected.push(Peer::connect(&server, &number.to_string()).await);
    }
    let begin = Instant::now();
    let mut all = JoinSet::new();
    for (number, mut peer) in connected.into_iter().enumerate() {
        all.spawn(async move {
            peer.announce("workshop").await;
            let mut calls = 0;
            let mut heard = 0;
            while calls < people - 1 || heard < (people - 1) * frames_each_way {
                let text = peer.next_text_between_pings().await;
                assert!(!text.starts_with("/error|"), "{number}: {text}");
                let is_answer = text.starts_with("/to|");
                let fields: Vec<_> = text.split('|').collect();
                let (command, sender) = match is_answer {
                    true => (fields[2], fields[3]),
                    false => (fields[0], fields[1]),
                };
                match command {
                    "/announce" => {
                        calls += 1;
                        if !is_answer {
                            peer.says(&format!(
                                r#"/to|{sender}|/announce|{number}|{{"room":"workshop"}}"#
                            ))
                            .await;
                        }
                        for _ in 0..frames_each_way {
                            let candidate = "x".repeat(200);
                            peer.says(&format!("/to|{sender}|/candidate|{number}|{candidate}"))
                                .await;
                        }
                    }
                    "/candidate" => heard += 1,
                    _ => assert!(text.starts_with("/roominfo|"), "{text}"),
                }
            }
            peer
        });
    }
    let _everybody = soon("a call of everybody with everybody", all.join_all()).await;
    begin.elapsed()
}

/// As many frames as a call takes each way.
const FRAMES_OF_A_CALL: usize = 26;

/// Without limits it takes a twentieth of this where nothing else runs.
const QUICK: Duration = Duration::from_secs(5);

#[tokio::test]
async fn thirty_people_behind_one_address_call_each_other_at_once() {
    let _alone = ALONE.lock().await;
    let took = workshop(30, FRAMES_OF_A_CALL).await;
    assert!(took < QUICK, "{took:?}");
    println!("{took:?}");
}

#[tokio::test]
async fn a_hundred_people_behind_one_address_are_in_one_room_at_once() {
    let _alone = ALONE.lock().await;
    let took = workshop(100, 0).await;
    assert!(took < QUICK, "{took:?}");
    println!("{took:?}");
}
