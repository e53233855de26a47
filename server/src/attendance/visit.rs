//! One page of an attendee, as long as it is connected.
//!
//! May import: attendance, message, refusal, state, tokio, tungstenite.

use std::sync::Arc;

use tokio::sync::mpsc;
use tungstenite::Utf8Bytes;

use super::message::{Hello, Message};
use super::refusal::Refused;
use super::state::{Event, Page};
use super::{Attendance, millis_since_1970};

/// Messages that wait for a page which reads slowly. If more would have to wait, it is cut off.
const MAX_QUEUED: usize = 16;

/// A page that takes part. Dropping it says that the page is closed, so that no way to end a connection can forget to.
#[derive(Debug)]
pub struct Visit {
    attendance: Arc<Attendance>,
    page: Page,
    queue: mpsc::Receiver<Utf8Bytes>,
}

impl Visit {
    /// Lets a page take part that has said hello.
    ///
    /// # Errors
    /// When there is no place for it.
    pub fn begin(attendance: &Arc<Attendance>, hello: Hello) -> Result<Self, Refused> {
        let Hello {
            ticket,
            name,
            shares,
        } = hello;
        let claim = ticket.and_then(|ticket| attendance.tickets.read(&ticket, millis_since_1970()));
        let (way, queue) = mpsc::channel(MAX_QUEUED);
        let page = {
            let mut shared = attendance.shared();
            let page = shared.next_page;
            shared.next_page += 1;
            shared.ways.insert(page, way);
            page
        };
        // From here on it is dropped if it is refused, and leaves no way behind.
        let visit = Self {
            attendance: Arc::clone(attendance),
            page,
            queue,
        };
        attendance.handle(Event::Hello {
            page,
            claim,
            name,
            shares,
        })?;
        Ok(visit)
    }

    /// What the page is to be told next; none if it reads too slowly.
    pub async fn next(&mut self) -> Option<Utf8Bytes> {
        self.queue.recv().await
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
        self.attendance.shared().ways.remove(&self.page);
        // It can't be refused.
        let _ = self.attendance.handle(Event::Closed { page: self.page });
    }
}
