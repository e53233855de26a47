//! Two sides whose steps interleave at random, without a server: however they do, both agree in the end.
//!
//! `NEGOTIATION_SEED=1234` repeats a run that failed.

#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::time::{Instant, timeout};

use super::*;
use crate::client::backlog::Backlog;
use crate::client::connection::{self, Connection, Report};
use crate::client::outbox::Outbox;
use crate::client::queue::Events;
use crate::client::settings::Settings;
use crate::protocol::peer::hear;
use crate::protocol::{NameLimits, PeerId};
use tokio::sync::mpsc;
use webrtc::peer_connection::RTCPeerConnectionState;

const SEED: &str = "NEGOTIATION_SEED";
const RUNS: u64 = 100;
/// Random steps of one run, before everything is delivered.
const STEPS: usize = 16;
const OUTAGE: &str = "an outage";
/// Looks at which nothing happens before it is over.
const QUIET: usize = 3;
/// How long two sides may take to agree once everything is delivered, and to be connected: far longer than they take.
const PATIENCE: Duration = Duration::from_secs(15);

struct Side {
    name: &'static str,
    connection: Connection,
    negotiation: Negotiation,
    frames: mpsc::Receiver<String>,
    /// On their way to the other side.
    sent: VecDeque<(String, Value)>,
    /// It is connected, or was.
    was_connected: bool,
    /// What its last restart of ICE has to replace.
    outdated: Option<String>,
    /// It had to ignore an offer.
    collides: bool,
    errors: Vec<String>,
}

impl Side {
    async fn new(name: &'static str, other: &str) -> Self {
        let settings = Arc::new(Settings {
            addresses: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))],
            ..Settings::default()
        });
        let connection = connection::open(&settings, Backlog::default().of_a_call())
            .await
            .unwrap();
        let (outbox, frames) = Outbox::new(Events::new().0);
        outbox.set_up(true);
        let id = |text: &str| PeerId::new(text, &NameLimits::DEFAULT).unwrap();
        let to_other = outbox.to(&id(name), &id(other));
        let pc = Arc::clone(&connection.pc);
        Self {
            name,
            negotiation: Negotiation::new(pc, name < other, settings, to_other),
            connection,
            frames,
            sent: VecDeque::new(),
            was_connected: false,
            outdated: None,
            collides: false,
            errors: Vec::new(),
        }
    }

    fn note(&mut self, done: Result<(), Failure>) {
        self.errors
            .extend(done.err().map(|error| error.to_string()));
    }

    /// Takes in what the connection has to say, and what was sent.
    async fn look(&mut self) {
        while let Ok(report) = self.connection.reports.try_recv() {
            match report {
                Report::Candidate(event) => {
                    let done = self.negotiation.send_candidate(*event).await;
                    self.note(done);
                }
                Report::State(state) => {
                    self.was_connected |= state == RTCPeerConnectionState::Connected;
                }
                Report::Channel(_) | Report::Track(_) => {}
            }
        }
        while let Ok(frame) = self.frames.try_recv() {
            let frame = hear(&frame).unwrap();
            let data = frame.args.into_iter().next().unwrap_or_default();
            self.sent.push_back((frame.command, data));
        }
    }

    async fn receive(&mut self, frame: Option<(String, Value)>) {
        if let Some((command, data)) = frame {
            let done = self.negotiation.receive(&command, data).await;
            self.note(done);
            self.collides |= self.negotiation.ignores_offer;
        }
    }

    async fn is_settled(&mut self) -> bool {
        self.look().await;
        let pc = &self.connection.pc;
        pc.pending_local_description().await.is_none()
            && pc.pending_remote_description().await.is_none()
            && pc.current_local_description().await.is_some()
            && self.sent.is_empty()
    }
}

fn ufrag(description: Option<RTCSessionDescription>) -> String {
    let sdp = description.unwrap().sdp;
    let line = sdp.lines().find(|line| line.starts_with("a=ice-ufrag:"));
    line.unwrap().to_owned()
}

async fn deliver(sides: &mut [Side; 2], from: usize) {
    sides[from].look().await;
    let frame = sides[from].sent.pop_front();
    sides[1 - from].receive(frame).await;
}

async fn connect(sides: &mut [Side; 2]) {
    let began = Instant::now();
    while !sides.iter().all(|side| side.was_connected) {
        for from in [0, 1] {
            deliver(sides, from).await;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
        assert!(began.elapsed() < PATIENCE, "no connection");
    }
}

/// One run.
async fn agree(seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let mut sides = [Side::new("a", "b").await, Side::new("b", "a").await];
    let offered = sides[0].negotiation.negotiate().await;
    sides[0].note(offered);
    let mut trace = Vec::new();
    if seed.is_multiple_of(2) {
        connect(&mut sides).await;
    }
    let mut are_candidates_lost = false;
    for _ in 0..STEPS {
        let which = random.random_range(0..2);
        let name = sides[which].name;
        match random.random_range(0..10) {
            0..6 => deliver(&mut sides, which).await,
            6..8 => tokio::time::sleep(Duration::from_millis(2)).await,
            8 => {
                trace.push(OUTAGE.to_owned());
                for side in &mut sides {
                    side.look().await;
                    are_candidates_lost |=
                        side.sent.iter().any(|(command, _)| command == "candidate");
                    side.sent.clear();
                }
                for side in &mut sides {
                    side.negotiation.resume().await;
                }
            }
            // A call restarts ICE only once it was connected.
            _ if sides[which].was_connected => {
                trace.push(format!("{name} restarts ICE"));
                let side = &mut sides[which];
                side.outdated = Some(ufrag(side.connection.pc.local_description().await));
                let done = side.negotiation.restart_ice().await;
                side.note(done);
            }
            _ => {}
        }
    }
    let began = Instant::now();
    let mut quiet = 0;
    while quiet < QUIET {
        for from in [0, 1] {
            deliver(&mut sides, from).await;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
        let are_settled = sides[0].is_settled().await && sides[1].is_settled().await;
        let are_connected = sides.iter().all(|side| side.was_connected);
        let is_over = are_settled && (are_connected || are_candidates_lost);
        quiet = if is_over { quiet + 1 } else { 0 };
        assert!(
            began.elapsed() < PATIENCE,
            "seed {seed}: settled is {are_settled}, connected is {are_connected} after {trace:?}"
        );
    }
    let has_outage = trace.iter().any(|step| step == OUTAGE);
    let collides = sides[0].collides;
    assert!(
        has_outage || !collides,
        "seed {seed}: two offers at once after {trace:?}"
    );
    let [a, b] = sides.each_ref().map(|side| &side.connection.pc);
    for (one, other) in [(a, b), (b, a)] {
        let (believed, said) = (
            ufrag(one.current_remote_description().await),
            ufrag(other.current_local_description().await),
        );
        assert_eq!(believed, said, "seed {seed}: after {trace:?}");
    }
    for side in &sides {
        let now = ufrag(side.connection.pc.current_local_description().await);
        assert_ne!(
            side.outdated.as_ref(),
            Some(&now),
            "seed {seed}: no restart after {trace:?}"
        );
        assert!(
            side.errors.is_empty(),
            "seed {seed}: {:?} after {trace:?}",
            side.errors
        );
    }
    for side in sides {
        side.connection.pc.close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sides_agree_however_their_steps_interleave() {
    let first = std::env::var(SEED).map_or_else(
        |_| rand::random_range(0..u64::MAX / 2),
        |seed| seed.parse().unwrap(),
    );
    println!("{SEED}={first}");
    for seed in first..first + RUNS {
        timeout(4 * PATIENCE, agree(seed)).await.unwrap();
    }
}

/// The number of the offer that a side sends next, which the other does not get.
async fn offer_of(side: &mut Side) -> u64 {
    loop {
        side.look().await;
        match side.sent.pop_front() {
            Some((command, data)) if command == "sdp" && data["type"] == "offer" => {
                return data["offer"].as_u64().unwrap();
            }
            Some(_) => {}
            None => tokio::time::sleep(Duration::from_millis(2)).await,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_answer_that_is_refused_is_an_error_only_after_another_offer() {
    let mut sides = [Side::new("a", "b").await, Side::new("b", "a").await];
    sides[0].negotiation.negotiate().await.unwrap();
    connect(&mut sides).await;
    let before = ufrag(sides[0].connection.pc.local_description().await);
    let a = &mut sides[0];
    a.negotiation.restart_ice().await.unwrap();
    let mut said = vec![before];
    for errors in [0, 1] {
        let number = timeout(PATIENCE, offer_of(a)).await.unwrap();
        said.push(ufrag(a.connection.pc.local_description().await));
        let nonsense = serde_json::json!({ "type": "answer", "sdp": "nonsense", "offer": number });
        a.receive(Some(("sdp".to_owned(), nonsense))).await;
        assert_eq!(a.errors.len(), errors, "{:?}", a.errors);
    }
    said.sort();
    said.dedup();
    assert_eq!(said.len(), 3, "each offer restarts ICE: {said:?}");
}
