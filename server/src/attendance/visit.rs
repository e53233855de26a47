//! One page of an attendee, as long as it is connected.
//!
//! May import: attendance, message, refusal, state, tokio, tungstenite.

use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tungstenite::Utf8Bytes;

use super::message::{Hello, Message};
use super::refusal::Refused;
use super::state::{Arrival, Event, Page};
use super::{Attendance, Queue, millis_since_1970};

/// Messages that wait for a page which reads slowly, besides the latest of how it is with its attendee. If more would have to wait, it is cut
/// off.
const MAX_QUEUED: usize = 16;

/// A page that takes part. Dropping it says that the page is closed, so that no way to end a connection can forget to.
#[derive(Debug)]
pub struct Visit {
    attendance: Arc<Attendance>,
    page: Page,
    you: watch::Receiver<Utf8Bytes>,
    told: mpsc::Receiver<Utf8Bytes>,
}

impl Visit {
    /// Lets a page of this address take part that has said hello.
    ///
    /// # Errors
    /// When there is no place for it.
    pub fn begin(
        attendance: &Arc<Attendance>,
        from: IpAddr,
        hello: Hello,
    ) -> Result<Self, Refused> {
        let Hello {
            ticket,
            name,
            shares,
        } = hello;
        let claim = ticket.and_then(|ticket| attendance.tickets.read(&ticket, millis_since_1970()));
        let (you, latest) = watch::channel(Utf8Bytes::from_static(""));
        let (told, queued) = mpsc::channel(MAX_QUEUED);
        let page = {
            let mut shared = attendance.shared();
            let page = shared.next_page;
            shared.next_page += 1;
            shared.queues.insert(page, Queue { you, told });
            page
        };
        // From here on it is dropped if it is refused, and leaves no queue behind.
        let visit = Self {
            attendance: Arc::clone(attendance),
            page,
            you: latest,
            told: queued,
        };
        attendance.handle(Event::Hello(Arrival {
            page,
            from,
            claim,
            name,
            shares,
        }))?;
        Ok(visit)
    }

    /// What the page is to be told next; none if it reads too slowly.
    pub async fn next(&mut self) -> Option<Utf8Bytes> {
        tokio::select! {
            // What else is told comes after how it is with the attendee.
            biased;
            changed = self.you.changed() => {
                // An error says that it was cut off.
                changed.ok()?;
                Some(self.you.borrow_and_update().clone())
            }
            told = self.told.recv() => told,
        }
    }

    /// Does what the page says.
    ///
    /// # Errors
    /// When it can't be done; nothing has changed then.
    pub fn receive(&self, message: Message) -> Result<(), Refused> {
        let page = self.page;
        self.attendance.handle(Event::Message { page, message })
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.attendance.shared().queues.remove(&self.page);
        // It can't be refused.
        let _ = self.attendance.handle(Event::Closed { page: self.page });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::net::Ipv4Addr;

    use super::*;
    use crate::attendance::key::Key;
    use crate::config::Limits;

    fn page(attendance: &Arc<Attendance>) -> Visit {
        let hello = Hello {
            ticket: None,
            name: None,
            shares: true,
        };
        Visit::begin(attendance, Ipv4Addr::LOCALHOST.into(), hello).unwrap()
    }

    #[tokio::test]
    async fn nobody_is_cut_off_by_a_partner_who_changes_much_at_once() {
        let places = Limits::default().places();
        let attendance = Attendance::new(places, &Key::random().unwrap(), Arc::default());
        let attendance = Arc::new(attendance);
        let (a, mut b) = (page(&attendance), page(&attendance));
        for page in [&a, &b] {
            page.receive(Message::PairMe { wants: true }).unwrap();
        }
        for number in 0..=3 * MAX_QUEUED {
            let name = format!("Ada {number}");
            a.receive(Message::Name { name }).unwrap();
        }
        let you = b.next().await.unwrap();
        let latest = format!("\"Ada {}\"", 3 * MAX_QUEUED);
        assert!(you.contains(&latest), "{you}");
        let timer = b.next().await.unwrap();
        assert!(timer.contains("timer"), "{timer}");
    }
}
