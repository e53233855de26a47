//! What no test over sockets can bring about for certain: frames that are handled between two ends of a race.
#![allow(clippy::unwrap_used)]

use std::sync::Weak;

use super::*;
use crate::config::Limits;

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
    assert!(older.receive(&ANNOUNCE.into(), now).is_none());
    let occupied = newer.receive(&ANNOUNCE.into(), now).unwrap();
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
        older.receive(&frame.into(), now);
        let answers = texts(&to_older);
        assert!(answers[0].contains("not-announced"), "{answers:?}");
        assert_eq!(answers.len(), 1);
    }
    older.receive(&"/leave|a".into(), now);
    drop(older);
    assert_eq!(texts(&to_newer), [""; 0]);

    newer.receive(&ANNOUNCE.into(), now);
    assert_eq!(texts(&to_newer), [protocol::encode_room_info(1)]);
}
