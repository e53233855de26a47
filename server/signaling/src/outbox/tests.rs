//! The queue by itself, and over a socket that takes little at a time.
#![allow(clippy::unwrap_used)]

use super::backlog::FRAME_OVERHEAD;
use super::*;
use crate::transport::memory;

fn outbox(max_bytes: usize) -> Outbox {
    Outbox::new(max_bytes, memory::nowhere(), Arc::default())
}

fn taken(outbox: &Outbox) -> Vec<String> {
    std::iter::from_fn(|| outbox.take()).collect()
}

/// What a frame costs besides its text.
const HEAD: usize = FRAME_OVERHEAD + 2;

#[tokio::test]
async fn a_full_queue_ends_its_connection_and_keeps_what_is_in_it() {
    let outbox = outbox(2 * (HEAD + 3));
    for text in ["one", "two", "six", "ten"] {
        outbox.send(frame::text(text));
    }
    outbox.end(CloseReason::TakenOver);
    assert_eq!(outbox.ended().await, CloseReason::TooSlow);
    assert_eq!(taken(&outbox), ["one", "two"]);
}

#[test]
fn an_empty_queue_takes_any_frame() {
    let outbox = outbox(1);
    for _ in 0..3 {
        outbox.send(frame::text("far too large"));
        assert_eq!(taken(&outbox).len(), 1);
    }
}

#[test]
fn what_is_forgotten_counts_for_all_queues_no_more() {
    let counts = Arc::<Counts>::default();
    let outboxes = [(); 2].map(|()| Outbox::new(1000, memory::nowhere(), Arc::clone(&counts)));
    for outbox in &outboxes {
        outbox.send(frame::text("one"));
    }
    assert_eq!(counts.queued_bytes(), 2 * (HEAD + 3));
    assert!(outboxes[0].cut());
    assert!(!outboxes[0].cut());
    assert_eq!(counts.queued_bytes(), HEAD + 3);
    drop(outboxes);
    assert_eq!(counts.queued_bytes(), 0);
}

#[test]
fn who_shall_go_hears_nothing_more_but_why() {
    let outbox = outbox(1000);
    outbox.send(frame::text("before"));
    outbox.end(CloseReason::Shutdown);
    outbox.send(frame::text("after"));
    outbox.begin_closing();
    outbox.send_close(frame::text("why"));
    outbox.send(frame::text("after that"));
    assert_eq!(taken(&outbox), ["why"]);
    assert_eq!(outbox.queued_bytes(), 0);
}

#[test]
fn a_backlog_goes_out_whole_and_in_order_however_little_the_socket_takes() {
    for step in 1..200 {
        let (mut backlog, mut expected, mut costs) = (Backlog::default(), Vec::new(), 0);
        for number in 0..40_usize {
            let frame = frame::text(&"x".repeat(number * 7 % 50));
            expected.extend_from_slice(&frame);
            costs += cost(&frame);
            backlog.push(frame);
        }
        let (mut heard, mut frames, mut is_free) = (Vec::new(), 0, false);
        while !backlog.is_empty() {
            let (written, outcome) = backlog.write(|slices| {
                is_free = !is_free;
                if !is_free {
                    return Err(ErrorKind::WouldBlock.into());
                }
                let bytes = slices.iter().flat_map(|slice| slice.iter().copied());
                let before = heard.len();
                heard.extend(bytes.take(step));
                Ok(heard.len() - before)
            });
            assert!(outcome.is_ok() || backlog.places() > 0);
            costs -= written.cost;
            frames += written.frames;
        }
        assert_eq!((heard, frames, costs), (expected, 40, 0));
        assert!(backlog.places() <= 1);
    }
}

#[test]
fn a_frame_that_has_begun_is_not_forgotten() {
    let mut backlog = Backlog::default();
    for text in ["one", "two"] {
        backlog.push(frame::text(text));
    }
    let mut is_first = true;
    let (_, outcome) = backlog.write(|_| match std::mem::take(&mut is_first) {
        true => Ok(1),
        false => Err(ErrorKind::WouldBlock.into()),
    });
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(backlog.forget(), HEAD + 3);
    let mut rest = Vec::new();
    let (written, _) = backlog.write(|slices| {
        rest.extend_from_slice(&slices[0]);
        Ok(slices[0].len())
    });
    assert_eq!((rest.as_slice(), written.frames), (&b"\x03one"[..], 1));
}
