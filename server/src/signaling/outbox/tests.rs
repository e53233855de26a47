//! The queue by itself.

use super::*;

fn taken(outbox: &Outbox) -> Vec<Message> {
    std::iter::from_fn(|| outbox.take()).collect()
}

#[tokio::test]
async fn a_full_queue_ends_its_connection_and_keeps_what_is_in_it() {
    let outbox = Outbox::new(2 * (FRAME_OVERHEAD + 3));
    for frame in ["one", "two", "six", "ten"] {
        outbox.send(frame);
    }
    outbox.end(Ending::TakenOver);
    assert_eq!(outbox.ended().await, Ending::TooSlow);
    assert_eq!(taken(&outbox), ["one", "two"].map(Message::text));
}

#[tokio::test]
async fn an_empty_queue_takes_any_frame() {
    let outbox = Outbox::new(1);
    for _ in 0..3 {
        outbox.send("far too large");
        outbox.filled().await;
        assert_eq!(taken(&outbox).len(), 1);
    }
}

#[test]
fn what_was_taken_counts_no_more_and_takes_no_place() {
    let outbox = Outbox::new(100 * FRAME_OVERHEAD);
    for _ in 0..10 {
        for _ in 0..100 {
            outbox.send("");
        }
        assert_eq!(taken(&outbox).len(), 100);
    }
    let state = outbox.state();
    assert_eq!((state.bytes, state.ending), (0, None));
    assert!(state.queue.capacity() <= KEPT_PLACES);
}
