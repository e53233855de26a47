//! What a server does beside answering while a workshop is on.
//!
//! May import: attendance, book::live, signaling::switchboard, tokio.

use std::sync::Arc;
use std::time::Duration;

use signaling::switchboard::Switchboard;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::attendance::Attendance;
use crate::book::live::LiveBook;

/// A check goes through all members of all rooms with the rooms locked, and attendees may join and leave pairs as often as they like. So long
/// may somebody stay in the room of a pair that they have left.
const PAUSE_BETWEEN_CHECKS: Duration = Duration::from_millis(100);

/// Notices who is away, and takes out of the rooms of a pair whoever is in it no more.
///
/// Pages that are open are told another address of the workshop.
pub(crate) async fn attend_to(
    attendance: Arc<Attendance>,
    switchboard: Arc<Switchboard>,
    book: Arc<LiveBook>,
) {
    let pairings = attendance.pairings();
    let check = after_changes(pairings, PAUSE_BETWEEN_CHECKS, || {
        switchboard.check_passes();
    });
    tokio::join!(attendance.watch(), check, follow(&attendance, &book));
}

/// Tells the address of the workshop, now and whenever it has changed: once the pages of the book have it.
async fn follow(attendance: &Attendance, book: &LiveBook) {
    let mut editions = book.subscribe();
    let mut told = None;
    loop {
        let workshop = editions.borrow_and_update().workshop.clone();
        let url = workshop.map(|workshop| workshop.url().to_owned());
        if let Some(url) = &url
            && told.as_ref() != Some(url)
        {
            attendance.is_at(url);
            told = Some(url.clone());
        }
        if editions.changed().await.is_err() {
            return;
        }
    }
}

/// Does something after each change, or once after several, with a pause before the next time. No change is the last without it.
async fn after_changes(mut changes: watch::Receiver<u64>, pause: Duration, mut act: impl FnMut()) {
    while changes.changed().await.is_ok() {
        act();
        sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[tokio::test]
    async fn many_changes_are_followed_by_few_checks_and_the_last_one_by_one_too() {
        const PAUSE: Duration = Duration::from_millis(50);
        const CHANGES: u64 = 1000;
        let begin = Instant::now();
        let changes = watch::Sender::new(0);
        let (seen, mut latest) = watch::channel(0);
        let latest_change = changes.subscribe();
        let mut checks = 0;
        let check = after_changes(changes.subscribe(), PAUSE, || {
            checks += 1;
            seen.send_replace(*latest_change.borrow());
        });
        let flood = async {
            for _ in 0..CHANGES {
                changes.send_modify(|number| *number += 1);
                tokio::task::yield_now().await;
            }
            latest.wait_for(|number| *number == CHANGES).await.is_ok()
        };
        tokio::select! {
            is_seen = flood => assert!(is_seen),
            () = check => panic!("it ends when nothing can change any more"),
        }
        let pauses = begin.elapsed().div_duration_f64(PAUSE);
        assert!(f64::from(checks) <= pauses + 1.0, "{checks} checks");
    }
}
