//! Hostile members: nine kinds of harm, all at once, from four loopback addresses, without end until they are stopped.
//!
//! All of them speak blindly: they wait for no answer, so that a sink gets the same load as a server. How many connections there are
//! and how much each says in a second are constants, so the load is bounded whatever the server does.
//!
//! # Layout
//! - [`attacker`]: a connection that says something again and again
//! - `storm`, `junk`, `floods`, `churn`, `invitations`, `deaf`, `heads`, `unfinished`, `offers`: one kind of harm each
//!
//! May import: [`wire`](crate::wire), tokio, rustix.

pub(crate) mod attacker;
mod churn;
mod deaf;
mod floods;
mod heads;
mod invitations;
mod junk;
mod offers;
mod storm;
mod unfinished;

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use attacker::{Attacker, Script, Tally};

/// Where the load comes from. Bounds of the server for one address hold for each of these.
pub(crate) const ADDRESSES: [Ipv4Addr; 4] = [
    Ipv4Addr::new(127, 0, 0, 1),
    Ipv4Addr::new(127, 0, 0, 2),
    Ipv4Addr::new(127, 0, 0, 3),
    Ipv4Addr::new(127, 0, 0, 4),
];

/// One kind of harm.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    /// Begins it at one address.
    begin: fn(&mut JoinSet<()>, &Attacker),
    /// What of the server's metrics grows within seconds.
    pub(crate) counted: &'static [&'static str],
}

pub(crate) const PARTS: [Part; 9] = [
    storm::PART,
    junk::PART,
    floods::PART,
    churn::PART,
    invitations::PART,
    deaf::PART,
    heads::PART,
    unfinished::PART,
    offers::PART,
];

/// How long a load that is stopped may take to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// A load on a thread of its own. Dropping it ends it.
pub(crate) struct Load {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    pub(crate) tally: Arc<Tally>,
}

impl Load {
    /// Begins these parts against `target`.
    pub(crate) fn start(target: SocketAddr, parts: &[Part]) -> Self {
        assert!(target.ip().is_loopback(), "{target} is another machine");
        let parts = parts.to_vec();
        let tally = Arc::new(Tally::default());
        let (stop, stopped) = oneshot::channel();
        let counted = Arc::clone(&tally);
        let thread = thread::spawn(move || {
            run_when_idle();
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut tasks = JoinSet::new();
                for (number, from) in ADDRESSES.into_iter().enumerate() {
                    let attacker = Attacker {
                        from,
                        number,
                        target,
                        tally: Arc::clone(&counted),
                    };
                    for part in &parts {
                        (part.begin)(&mut tasks, &attacker);
                    }
                }
                tokio::select! {
                    Some(ended) = tasks.join_next() => panic!("a part of the load ended: {ended:?}"),
                    _ = stopped => {}
                }
                tasks.shutdown().await;
            });
            runtime.shutdown_timeout(PATIENCE);
        });
        Self {
            stop: Some(stop),
            thread: Some(thread),
            tally,
        }
    }

    pub(crate) fn stop(mut self) -> Arc<Tally> {
        drop(self.stop.take());
        let thread = self.thread.take().unwrap();
        thread.join().expect("the load goes on until it is stopped");
        Arc::clone(&self.tally)
    }
}

/// Gives this thread only the time of the processors that nobody else wants, as elsewhere the load would be another machine's. With a low
/// priority alone (`nice`) it would keep a processor from whoever wakes up for 3 ms, ten times as long as a relay takes.
fn run_when_idle() {
    let thread = rustix::thread::gettid().as_raw_nonzero().to_string();
    let set = Command::new("chrt")
        .args(["--idle", "--pid", "0", &thread])
        .status();
    assert!(set.expect("chrt (of util-linux) is installed").success());
}

impl Drop for Load {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A load that panicked has said so.
            let _ = thread.join();
        }
    }
}
