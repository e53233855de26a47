//! For how long a line or a lab runs: until it is closed, its time is over, or nothing was heard of it for a while.
//!
//! May import: config, tokio, tokio_util.

use std::time::{Duration, Instant};

use tokio::time::sleep_until;
use tokio_util::sync::CancellationToken;

use crate::config::Limits;

#[derive(Debug)]
pub(super) struct Life {
    pub(super) started: Instant,
    pub(super) lifetime: Duration,
    pub(super) idle_time: Duration,
    closed: CancellationToken,
}

impl Life {
    /// Of what begins now.
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            started: Instant::now(),
            lifetime: limits.line_lifetime,
            idle_time: limits.line_idle_time,
            closed: CancellationToken::new(),
        }
    }

    pub(super) fn age(&self) -> Duration {
        self.started.elapsed()
    }

    pub(super) fn close(&self) {
        self.closed.cancel();
    }

    /// Runs until the end; `heard` says at which age somebody was heard of last.
    pub(super) async fn spend(&self, heard: impl Fn() -> Duration, run: impl Future<Output = ()>) {
        tokio::select! {
            () = self.closed.cancelled() => {}
            () = self.expires(heard) => {}
            () = run => {}
        }
    }

    async fn expires(&self, heard: impl Fn() -> Duration) {
        loop {
            let over = (heard() + self.idle_time).min(self.lifetime);
            if over <= self.age() {
                return;
            }
            sleep_until((self.started + over).into()).await;
        }
    }
}
