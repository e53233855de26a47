//! What no test over sockets can bring about for certain: frames that are handled between two ends of a race.
#![allow(clippy::unwrap_used)]

use tokio::sync::mpsc::Receiver;

use super::*;

/// A session without a connection, and what is queued for its client.
fn session(switchboard: &Arc<Switchboard>) -> (Session, Receiver<Message>) {
    let (outbox, mut queue) = Outbox::new(10);
    let session = switchboard.enter(outbox);
    assert_eq!(texts(&mut queue), [protocol::GREETING]);
    (session, queue)
}

/// Everything that is queued.
fn texts(queue: &mut Receiver<Message>) -> Vec<String> {
    let next = || Some(queue.try_recv().ok()?.to_text().unwrap().to_owned());
    std::iter::from_fn(next).collect()
}

const ANNOUNCE: Utf8Bytes = Utf8Bytes::from_static(r#"/announce|a|{"id":"a","room":"r"}"#);

#[test]
fn who_was_taken_over_does_nothing_more_while_its_connection_ends() {
    let switchboard = Switchboard::new(&Limits::default());
    let (mut older, mut to_older) = session(&switchboard);
    let (mut newer, mut to_newer) = session(&switchboard);
    older.receive(&ANNOUNCE);
    newer.receive(&ANNOUNCE);
    texts(&mut to_older);
    texts(&mut to_newer);

    let hello = Utf8Bytes::from_static("/hello|a");
    let elsewhere = Utf8Bytes::from_static(r#"/announce|a|{"id":"a","room":"elsewhere"}"#);
    for frame in [&ANNOUNCE, &hello, &elsewhere] {
        older.receive(frame);
        let answers = texts(&mut to_older);
        assert!(answers[0].contains("not-announced"), "{answers:?}");
        assert_eq!(answers.len(), 1);
    }
    let leave = Utf8Bytes::from_static("/leave|a");
    older.receive(&leave);
    drop(older);
    assert_eq!(texts(&mut to_newer), [""; 0]);

    newer.receive(&ANNOUNCE);
    assert_eq!(texts(&mut to_newer), [protocol::encode_room_info(1)]);
}

#[tokio::test]
async fn a_full_queue_ends_its_connection_and_keeps_what_is_in_it() {
    let (outbox, mut queue) = Outbox::new(2);
    for frame in ["one", "two", "three", "four"] {
        outbox.send(frame);
    }
    outbox.end(Ending::TakenOver);
    assert_eq!(outbox.ended().await, Ending::TooSlow);
    assert_eq!(texts(&mut queue), ["one", "two"]);
}
