//! What no test over sockets can bring about for certain: frames that are handled between two ends of a race.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::config::Limits;

/// A session without a connection, and what is queued for its client.
fn session(switchboard: &Arc<Switchboard>) -> (Session, Outbox) {
    let outbox = Outbox::new(Limits::default().max_queued_bytes);
    let session = switchboard.enter(outbox.clone());
    assert!(texts(&outbox)[0].starts_with(protocol::GREETING));
    (session, outbox)
}

/// Everything that is queued.
fn texts(outbox: &Outbox) -> Vec<String> {
    let next = || Some(outbox.take()?.to_text().unwrap().to_owned());
    std::iter::from_fn(next).collect()
}

const ANNOUNCE: Utf8Bytes = Utf8Bytes::from_static(r#"/announce|a|{"id":"a","room":"r"}"#);

#[test]
fn who_was_taken_over_does_nothing_more_while_its_connection_ends() {
    let switchboard = Switchboard::new(&Limits::default());
    let (mut older, to_older) = session(&switchboard);
    let (mut newer, to_newer) = session(&switchboard);
    assert!(older.receive(&ANNOUNCE).is_none());
    let occupied = newer.receive(&ANNOUNCE).unwrap();
    assert!(newer.receive_again(&ANNOUNCE, &occupied).is_none());
    texts(&to_older);
    texts(&to_newer);

    let hello = Utf8Bytes::from_static("/hello|a");
    let elsewhere = Utf8Bytes::from_static(r#"/announce|a|{"id":"a","room":"elsewhere"}"#);
    for frame in [&ANNOUNCE, &hello, &elsewhere] {
        older.receive(frame);
        let answers = texts(&to_older);
        assert!(answers[0].contains("not-announced"), "{answers:?}");
        assert_eq!(answers.len(), 1);
    }
    let leave = Utf8Bytes::from_static("/leave|a");
    older.receive(&leave);
    drop(older);
    assert_eq!(texts(&to_newer), [""; 0]);

    newer.receive(&ANNOUNCE);
    assert_eq!(texts(&to_newer), [protocol::encode_room_info(1)]);
}
