//! The Rust client beside the browser: how soon it is connected, how much its channels carry, and what a call of the
//! companion takes of the server's memory.
//!
//! `cargo bench -p guidebook --bench rust_calls` measures everything, `… -- starts channels companion` only what is named.
//!
//! # Layout
//! - `starts`: `peer:announce` to `call:started`, of tabs and of Rust clients, in turns
//! - `channels`: bytes each way, beside two connections in one page
//! - `companion`: resident memory of the program
//! - `idle`: waits for quiet; with it, all of this is for Linux only

mod channels;
mod companion;
#[path = "../../tests/browser/harness/mod.rs"]
#[expect(
    dead_code,
    reason = "a bench needs less of a browser than the tests do"
)]
mod harness;
mod idle;
#[path = "../../tests/server/support/program.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "a bench needs less of the program than the tests do, and ends as they do"
)]
mod program;
#[path = "../report/mod.rs"]
mod report;
mod starts;

use std::time::Duration;

use anyhow::{Context, Result, bail};
use quickconnect::{Event, QuickConnect};

use harness::{Browser, in_browser};

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let names: Vec<_> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    let is_wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| *wanted == name);
    if is_wanted("starts") {
        in_browser(async |browser| starts::measure(when_idle(browser).await?).await);
    }
    if is_wanted("channels") {
        in_browser(async |browser| channels::measure(when_idle(browser).await?).await);
    }
    if is_wanted("companion") {
        companion::measure();
    }
}

/// The browser, once this process has started all.
async fn when_idle(browser: &Browser) -> Result<&Browser> {
    idle::wait_for(std::process::id()).await?;
    Ok(browser)
}

/// A Rust client of the browser's server.
async fn rust(browser: &Browser, room: &str, id: &str) -> Result<QuickConnect> {
    let join = QuickConnect::builder(browser.origin.as_str());
    Ok(join.room(room).id(id).connect().await?)
}

/// The next event that `pick` has a use for.
async fn next<T>(qc: &mut QuickConnect, pick: impl Fn(Event) -> Option<T>) -> Result<T> {
    let picked = async {
        loop {
            match qc.next().await.context("the client goes on")? {
                Event::Error(error) => bail!(error),
                event => {
                    if let Some(picked) = pick(event) {
                        return Ok(picked);
                    }
                }
            }
        }
    };
    let picked = tokio::time::timeout(PATIENCE, picked).await;
    picked.context("what is waited for should come")?
}
