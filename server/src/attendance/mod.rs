//! Who attends a workshop, and in which pair.
//!
//! # Layout
//! - [`command`]: what the host asks for
//! - [`id`], [`pair_name`]: of an attendee, of a pair
//! - [`refusal`]: why something was not done
//! - [`seen`]: what attendees share with the host
//! - [`view`]: what the host sees
//!
//! May import: serde, thiserror, tokio.

pub mod command;
pub mod id;
pub mod pair_name;
pub mod refusal;
pub mod seen;
pub mod view;
mod words;

use tokio::sync::watch;

pub use command::HostCommand;
pub use refusal::Refused;
pub use view::View;

/// The attendance of a workshop, shared by everybody's connections and the host's.
#[derive(Debug)]
pub struct Attendance {
    /// Counts what the host could see as a change.
    changes: watch::Sender<u64>,
}

impl Attendance {
    /// Without attendees.
    pub fn new() -> Self {
        Self {
            changes: watch::Sender::new(0),
        }
    }

    /// What the host sees now.
    pub fn view(&self) -> View {
        View {
            attendees: Vec::new(),
            pairs: Vec::new(),
            no_tls: 0,
            timer: None,
        }
    }

    /// Tells when the view has changed, by a number that grows.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Does what the host asks for.
    ///
    /// # Errors
    /// When it can't be done; nothing has changed then.
    pub fn command(&self, command: HostCommand) -> Result<(), Refused> {
        drop(command);
        Err(Refused::no_such_attendee())
    }
}
