//! Whatever runs for a cluster, and its end.
//!
//! May import: tokio_util.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Cheap to clone; all clones are the same tasks.
#[derive(Debug, Clone, Default)]
pub(super) struct Tasks {
    closing: CancellationToken,
    tracker: TaskTracker,
}

impl Tasks {
    /// Runs something until it is done, or all tasks end.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let closing = self.closing.clone();
        self.tracker.spawn(async move {
            // What is cut short is dropped.
            let _ = closing.run_until_cancelled_owned(task).await;
        });
    }

    /// Ends all of them, and waits until they have ended.
    pub(super) async fn end(&self) {
        self.closing.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}
