#![allow(clippy::unwrap_used)]

use super::*;
use crate::limits::Limits;
use crate::transport::memory;

/// One without a connection, and what is queued for its client.
fn participant(switchboard: &Arc<Switchboard>) -> (Participant, Outbox) {
    let max_bytes = Limits::of_tests().max_queued_bytes;
    let outbox = Outbox::new(max_bytes, memory::nowhere(), Arc::default());
    let participant = Participant::begin(
        Arc::clone(switchboard),
        outbox.clone(),
        Greeter::new(None),
        Pass::everywhere(),
    );
    assert!(texts(&outbox)[0].starts_with(protocol::GREETING));
    (participant, outbox)
}

/// Everything that is queued.
fn texts(outbox: &Outbox) -> Vec<String> {
    std::iter::from_fn(|| outbox.take()).collect()
}

fn says(participant: &mut Participant, text: &str) -> Option<Outbox> {
    let text = Text::from(text);
    let frame = participant.parse(&text);
    participant.receive(&text, frame, None, Instant::now())
}

/// Two members of one room.
fn room(switchboard: &Arc<Switchboard>) -> [(Participant, Outbox); 2] {
    let members = ["a", "b"].map(|id| {
        let (mut member, outbox) = participant(switchboard);
        assert!(says(&mut member, &format!(r#"/announce|{id}|{{"room":"r"}}"#)).is_none());
        (member, outbox)
    });
    members.iter().for_each(|(_, outbox)| drop(texts(outbox)));
    members
}

#[test]
fn effects_reach_queues_counters_and_connections() {
    let switchboard = Switchboard::new(&Limits::of_tests());
    let [(mut a, to_a), (_b, to_b)] = room(&switchboard);
    says(&mut a, "/to|b|/ping|a");
    says(&mut a, "/chat|a|hello");
    says(&mut a, "nonsense");
    assert_eq!(texts(&to_b), ["/to|b|/ping|a", "/chat|a|hello"]);
    assert!(texts(&to_a)[0].starts_with("/error|"));
    assert_eq!(switchboard.gauges().members, 2);
    assert_eq!(switchboard.gauges().connections, 2);
    let counted = switchboard.counts().sums();
    assert!(counted.frames.contains(&("directed", 1)));
    assert_eq!(counted.refusals["not-a-command"], 1);
    drop(a);
    assert_eq!(texts(&to_b), [r#"/leave|a|{"id":"a"}"#]);
    assert_eq!(switchboard.gauges().connections, 1);
}

#[tokio::test]
async fn whoever_is_gone_loses_its_id_and_its_connection() {
    let switchboard = Switchboard::new(&Limits::of_tests());
    let [(_a, to_a), _b] = room(&switchboard);
    let (mut newer, _to_newer) = participant(&switchboard);
    let asked = says(&mut newer, r#"/announce|a|{"room":"r"}"#);
    assert!(asked.is_some());
    let another = newer.answered(Answer::Gone, Instant::now());
    assert!(another.is_none());
    assert_eq!(to_a.ended().await, CloseReason::TakenOver);
}

#[test]
fn a_panic_in_one_connection_is_counted_and_its_room_hears_the_leave() {
    let switchboard = Switchboard::new(&Limits::of_tests());
    let [(faulty, _), (_other, to_other)] = room(&switchboard);
    let thread = std::thread::spawn(move || {
        let _faulty = faulty;
        panic!("on purpose");
    });
    thread.join().unwrap_err();
    assert_eq!(texts(&to_other), [r#"/leave|a|{"id":"a"}"#]);
    assert_eq!(switchboard.counts().sums().refusals["failed"], 1);
}
