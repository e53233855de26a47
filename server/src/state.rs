//! What all handlers of requests share.
//!
//! May import: admission, book::live, companion, config, net, signaling::switchboard, tokio_util.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::admission::Admission;
use crate::book::live::LiveBook;
use crate::companion::Companions;
use crate::config::{Access, Limits};
use crate::net::Environment;
use crate::signaling::switchboard::Switchboard;

/// What all handlers of requests share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// The book as it is now.
    pub book: Arc<LiveBook>,
    /// The rooms.
    pub switchboard: Arc<Switchboard>,
    /// Those who keep a lonely reader company, unless that is switched off.
    pub companions: Option<Arc<Companions>>,
    /// The bounds.
    pub limits: Arc<Limits>,
    /// Who may connect.
    pub access: Arc<Access>,
    /// Decides by it.
    pub admission: Arc<Admission>,
    /// Cancelled when the server stops; everything that would go on by itself listens to it.
    pub closing: CancellationToken,
    /// Every task that the end of the server waits for.
    pub tasks: TaskTracker,
}

impl App {
    /// What the network needs of it.
    pub fn environment(&self) -> Environment {
        Environment {
            limits: Arc::clone(&self.limits),
            access: Arc::clone(&self.access),
            metrics: Arc::clone(self.switchboard.metrics()),
            closing: self.closing.clone(),
            tasks: self.tasks.clone(),
        }
    }
}
