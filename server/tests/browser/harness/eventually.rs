//! Waiting for a condition: never a sleep that hopes, and never for ever. Imports nothing of this crate.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

/// Far longer than anything takes, even on a busy machine: a condition that is not met by then will not be met.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long between the first two looks. Each pause is half as long again as the one before: most conditions are met at once, and to look at a browser
/// costs it, and the driver, time that the others are waiting for.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(150);

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
    let mut pause = FIRST_PAUSE;
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if Instant::now() > deadline {
            bail!("this did not happen within {patience:?}");
        }
        sleep(pause).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}
