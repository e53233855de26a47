//! What no test over sockets can bring about for certain: frames that are handled between two ends of a race.
#![allow(clippy::unwrap_used)]

use std::sync::Weak;

use super::*;
use crate::config::Limits;
use crate::signaling::throttle::Price;

impl Session {
    /// A text comes from the client.
    pub(super) fn hears(&mut self, text: &str, now: Instant) -> Option<Occupied> {
        let text = Text::from(text);
        let frame = self.parse(&text);
        self.receive(&text, frame, now)
    }

    fn costs(&self, text: &str) -> Price {
        let text = Text::from(text);
        self.price(&text, &self.parse(&text))
    }
}

/// A session without a connection, and what is queued for its client.
fn session(switchboard: &Arc<Switchboard>) -> (Session, Outbox) {
    let outbox = Outbox::new(
        Limits::default().max_queued_bytes,
        Weak::new(),
        Arc::default(),
    );
    let session = Session::begin(Arc::clone(switchboard), outbox.clone());
    assert!(texts(&outbox)[0].starts_with(protocol::GREETING));
    (session, outbox)
}

/// Everything that is queued.
fn texts(outbox: &Outbox) -> Vec<String> {
    std::iter::from_fn(|| outbox.take()).collect()
}

const ANNOUNCE: &str = r#"/announce|a|{"id":"a","room":"r"}"#;

#[test]
fn who_was_taken_over_does_nothing_more_while_its_connection_ends() {
    let now = Instant::now();
    let switchboard = Switchboard::new(&Limits::default());
    let (mut older, to_older) = session(&switchboard);
    let (mut newer, to_newer) = session(&switchboard);
    assert!(older.hears(ANNOUNCE, now).is_none());
    let occupied = newer.hears(ANNOUNCE, now).unwrap();
    assert!(
        newer
            .receive_again(&ANNOUNCE.into(), &occupied, now)
            .is_none()
    );
    texts(&to_older);
    texts(&to_newer);

    let hello = "/hello|a";
    let elsewhere = r#"/announce|a|{"id":"a","room":"elsewhere"}"#;
    for frame in [ANNOUNCE, hello, elsewhere] {
        older.hears(frame, now);
        let answers = texts(&to_older);
        assert!(answers[0].contains("not-announced"), "{answers:?}");
        assert_eq!(answers.len(), 1);
    }
    older.hears("/leave|a", now);
    drop(older);
    assert_eq!(texts(&to_newer), [""; 0]);

    newer.hears(ANNOUNCE, now);
    assert_eq!(texts(&to_newer), [protocol::encode_room_info(1)]);
}

/// Sessions that have joined one room, each with its index as id.
fn room_of(switchboard: &Arc<Switchboard>, count: usize) -> Vec<(Session, Outbox)> {
    let mut members = Vec::new();
    for id in 0..count {
        let (mut member, outbox) = session(switchboard);
        member.hears(&announce(id), Instant::now());
        members.push((member, outbox));
    }
    members
}

fn announce(id: usize) -> String {
    format!(r#"/announce|{id}|{{"room":"r"}}"#)
}

#[test]
fn a_frame_costs_a_delivery_for_each_kib_and_each_receiver() {
    let switchboard = Switchboard::new(&Limits::default());
    let room = room_of(&switchboard, 10);
    let (speaker, _) = &room[0];
    let deliveries = |text: &str| speaker.costs(text).deliveries;
    assert_eq!(deliveries("/to|1|/ping|0"), 1);
    assert_eq!(deliveries("nonsense"), 1);
    assert_eq!(deliveries("/chat|0|hello"), 10);
    assert_eq!(deliveries("/leave|0"), 10);
    let kibs = |count: usize| "x".repeat(1024 * count - "/to|1|/sdp|0|".len());
    assert_eq!(deliveries(&format!("/to|1|/sdp|0|{}", kibs(8))), 8);
    assert_eq!(deliveries(&format!("/to|1|/sdp|0|{}x", kibs(8))), 9);
    assert_eq!(deliveries(&format!("/chat|0|{}", "x".repeat(1024))), 20);
    // The new room hears of it, and the one that is left.
    let (mut stranger, _outbox) = session(&switchboard);
    stranger.hears(r#"/announce|s|{"room":"other"}"#, Instant::now());
    let moves = r#"/announce|s|{"room":"r"}"#;
    let price = Price {
        deliveries: 11,
        joins: 1,
    };
    assert_eq!(stranger.costs(moves), price);
    assert_eq!(speaker.price_of_leaving().deliveries, 10);
}

#[test]
fn an_announce_that_answers_one_is_paid_for_and_any_other_is_not() {
    let switchboard = Switchboard::new(&Limits::default());
    let mut room = room_of(&switchboard, 3);
    let (first, _) = &room[0];
    for id in 1..3 {
        let answer = format!("/to|{id}|/ANNOUNCE|0|{{}}");
        assert_eq!(first.costs(&answer).joins, 0, "the answer to {id}");
        assert_eq!(first.costs(&answer).joins, 1, "another one to {id}");
    }
    // The last heard of nobody.
    let (last, _) = &room[2];
    assert_eq!(last.costs("/to|0|/announce|2|{}").joins, 1);
    // Who has gone meanwhile is harmed by nothing.
    assert_eq!(last.costs("/to|gone|/announce|2|{}").joins, 0);
    // Each announce may be answered, however often somebody makes one.
    for _ in 0..2 {
        room[2].0.hears(&announce(2), Instant::now());
    }
    let (first, _) = &room[0];
    let prices = [(); 3].map(|()| first.costs("/to|2|/announce|0|{}").joins);
    assert_eq!(prices, [0, 0, 1]);
    // One who comes back under the same id is another.
    room[2].0.hears("/leave|2", Instant::now());
    room[2].0.hears(&announce(2), Instant::now());
    let (first, _) = &room[0];
    let prices = [(); 2].map(|()| first.costs("/to|2|/announce|0|{}").joins);
    assert_eq!(prices, [0, 1]);
}

#[test]
fn a_panic_in_one_connection_is_counted_and_its_room_hears_the_leave() {
    let switchboard = Switchboard::new(&Limits::default());
    let mut room = room_of(&switchboard, 2);
    let (faulty, _) = room.pop().unwrap();
    let (_, to_other) = &room[0];
    texts(to_other);
    let thread = std::thread::spawn(move || {
        let _faulty = faulty;
        panic!("on purpose");
    });
    thread.join().unwrap_err();
    assert_eq!(texts(to_other), [r#"/leave|1|{"id":"1"}"#]);
    let metrics = switchboard.metrics().render(&switchboard.gauges(), []);
    assert!(metrics.contains("refusals_total{code=\"failed\"} 1\n"));
}
