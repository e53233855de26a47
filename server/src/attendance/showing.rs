//! A page that shows a demo to everybody, as long as it is connected.
//!
//! May import: attendance, board, refusal.

use std::sync::Arc;

use super::Attendance;
use super::board::Showing;
use super::refusal::Refused;

/// A page that shows a demo. Dropping it ends that.
#[derive(Debug)]
pub struct Show {
    attendance: Arc<Attendance>,
    number: u64,
}

impl Attendance {
    /// Lets a page of the host show a demo to everybody, in place of another one that does.
    pub fn show(self: &Arc<Self>) -> Show {
        let mut number = 0;
        self.board.send_modify(|board| {
            board.number += 1;
            board.demo = None;
            number = board.number;
        });
        Show {
            attendance: Arc::clone(self),
            number,
        }
    }
}

impl Show {
    /// Shows what the page says.
    ///
    /// # Errors
    /// When it is beyond a bound, and nothing has changed then.
    pub fn receive(&self, showing: Showing) -> Result<(), Refused> {
        let mut done = Ok(());
        self.attendance.board.send_if_modified(|board| {
            if board.number == self.number {
                done = board.receive(showing);
                return done.is_ok();
            }
            false
        });
        done
    }

    /// Waits until another page shows something in its place.
    pub async fn is_over(&self) {
        let mut board = self.attendance.board.subscribe();
        // An error says that nothing can be shown any more.
        let _ = board.wait_for(|board| board.number != self.number).await;
    }
}

impl Drop for Show {
    fn drop(&mut self) {
        self.attendance.board.send_if_modified(|board| {
            let is_own = board.number == self.number;
            is_own && board.demo.take().is_some()
        });
    }
}
