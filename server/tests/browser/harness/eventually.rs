//! Waiting for a condition: never a sleep that hopes, and never for ever. Imports nothing of this crate.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

/// Far longer than anything takes, even on a busy machine: a condition that is not met by then will not be met.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks again and again until `look` finds something.
pub(crate) async fn eventually<T>(look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    eventually_within(PATIENCE, look).await
}

/// The same, for what takes long by its nature.
pub(crate) async fn eventually_within<T>(
    patience: Duration,
    mut look: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if Instant::now() > deadline {
            bail!("this did not happen within {patience:?}");
        }
        sleep(PAUSE).await;
    }
}
