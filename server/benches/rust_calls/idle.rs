//! Waits until a process does next to nothing: what is measured while a server or a browser starts is measured on one core less. Linux only.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::sleep;

const PAUSE: Duration = Duration::from_millis(500);
/// What open connections do within a pause, in ticks of 10 ms.
const NEXT_TO_NOTHING: u64 = 10;

/// Returns once it is idle.
pub(crate) async fn wait_for(process_id: u32) -> Result<()> {
    let mut before = ticks(process_id)?;
    loop {
        sleep(PAUSE).await;
        let now = ticks(process_id)?;
        if now - before <= NEXT_TO_NOTHING {
            return Ok(());
        }
        before = now;
    }
}

/// CPU time so far, in ticks of 10 ms (proc(5): fields 14 and 15 of `stat`).
pub(crate) fn ticks(process_id: u32) -> Result<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process_id}/stat"))?;
    // The name, in parentheses, may have spaces in it.
    let (_, fields) = text.rsplit_once(") ").context("stat has a name")?;
    let times = fields.split(' ').skip(11).take(2).map(str::parse::<u64>);
    Ok(times.sum::<Result<u64, _>>()?)
}
