//! A line gives what was set, and the same for the same seed.

mod links;
mod measured;
mod settings;

use std::time::Duration;

use proptest::prelude::*;

use super::{Change, Conditions, DropReason, Line, MAX_BYTES, MAX_PACKETS, Statistics};

fn conditions(change: Change) -> Conditions {
    change.try_into().expect("the test names what is in range")
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// What happens to a line in a property test.
#[derive(Debug, Clone)]
enum Event {
    Send(usize),
    Wait(u64),
    Set(Change),
}

fn change() -> impl Strategy<Value = Change> {
    let share = || prop_oneof![Just(0.0), 0.0..=100.0, Just(100.0)];
    let unlimited_or_not = prop_oneof![Just(0.0), 1.0..10_000.0];
    (
        share(),
        1.0..20.0,
        0.0..500.0,
        0.0..100.0,
        share(),
        share(),
        unlimited_or_not,
        2_000.0..65_536.0,
        any::<bool>(),
    )
        .prop_map(
            |(loss, burst, delay, jitter, reorder, duplicate, rate, queue, cut)| Change {
                loss: Some(loss),
                burst: Some(burst),
                delay: Some(delay),
                jitter: Some(jitter),
                reorder: Some(reorder),
                duplicate: Some(duplicate),
                rate: Some(rate),
                queue: Some(queue),
                cut: Some(cut),
            },
        )
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        8 => (0usize..2_000).prop_map(Event::Send),
        4 => (0u64..200).prop_map(Event::Wait),
        1 => change().prop_map(Event::Set),
    ];
    prop::collection::vec(event, 1..300)
}

fn dropped(statistics: &Statistics) -> u64 {
    [
        statistics.lost,
        statistics.queue_full,
        statistics.cut,
        statistics.bound,
    ]
    .iter()
    .map(|amount| amount.packets)
    .sum()
}

/// Plays events, and gives back what came out, when, and what became of it.
fn play(events: &[Event], seed: u64) -> Vec<(Duration, Vec<u8>, Result<(), DropReason>)> {
    let mut line = Line::new(Conditions::default(), seed);
    let mut now = Duration::ZERO;
    let mut out = Vec::new();
    for (number, event) in events.iter().enumerate() {
        match event {
            Event::Send(bytes) => {
                let mut packet = number.to_be_bytes().to_vec();
                packet.resize(8 + bytes, 0);
                if let Err(reason) = line.send(now, packet.clone()) {
                    out.push((now, packet, Err(reason)));
                }
            }
            Event::Wait(time) => now += ms(*time),
            Event::Set(change) => line.set(now, conditions(*change)),
        }
        while let Some(exit) = line.poll(now) {
            out.push((exit.at, exit.packet, exit.fate));
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_packet_is_delivered_dropped_or_held_and_never_altered(events in events(), seed: u64) {
        let mut line = Line::new(Conditions::default(), seed);
        let mut now = Duration::ZERO;
        let mut sent = Vec::new();
        for event in &events {
            match event {
                Event::Send(bytes) => {
                    let packet: Vec<u8> = (0..*bytes).map(|byte| (byte * 7 + sent.len()) as u8).collect();
                    sent.push(packet.clone());
                    let _ = line.send(now, packet);
                }
                Event::Wait(time) => now += ms(*time),
                Event::Set(change) => line.set(now, conditions(*change)),
            }
            while let Some(exit) = line.poll(now) {
                prop_assert!(sent.contains(&exit.packet), "a packet comes out that nobody put in");
                prop_assert!(exit.at <= now);
            }
            let statistics = line.statistics();
            prop_assert_eq!(
                statistics.entered.packets + statistics.copied.packets,
                statistics.delivered.packets + dropped(&statistics) + line.held().packets
            );
            prop_assert!(line.next_at().is_some() == (line.held().packets > 0));
            prop_assert!(line.next_at().is_none_or(|at| at > now));
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_fates(events in events(), seed: u64) {
        prop_assert_eq!(play(&events, seed), play(&events, seed));
    }

    #[test]
    fn a_line_holds_no_more_than_its_bounds(
        bytes in 0usize..3_000, rate in prop_oneof![Just(0.0), 1.0..100.0], queue in 2_000.0..1_048_576.0,
    ) {
        let slow = Change { delay: Some(10_000.0), rate: Some(rate), queue: Some(queue), ..Change::default() };
        let mut line = Line::new(conditions(slow), 1);
        let mut refused = None;
        for _ in 0..=MAX_PACKETS {
            refused = line.send(Duration::ZERO, vec![0; bytes]).err().or(refused);
            prop_assert!(line.held().packets <= MAX_PACKETS as u64);
            prop_assert!(line.held().bytes <= MAX_BYTES as u64);
            prop_assert!(rate == 0.0 || line.queued as f64 <= queue);
        }
        prop_assert!(refused.is_some());
        prop_assert!(rate > 0.0 || refused == Some(DropReason::Bound));
    }
}

#[test]
fn losses_stay_the_same_when_only_delays_change() {
    let losses = |change: Change| -> Vec<bool> {
        let loss = Change {
            loss: Some(30.0),
            ..change
        };
        let mut line = Line::new(conditions(loss), 7);
        (0..500)
            .map(|at| line.send(ms(at), [0; 100]).is_err())
            .collect()
    };
    let late = Change {
        delay: Some(50.0),
        jitter: Some(100.0),
        duplicate: Some(50.0),
        ..Change::default()
    };
    assert_eq!(losses(Change::default()), losses(late));
}
