//! What the program prints, and the terminal that it prints to. In a workshop a block stays in the last rows while the log scrolls above, if
//! stdout and stderr are one terminal that shows colours; everywhere else what is printed scrolls away with the log.
//!
//! Whatever a terminal gets is written under one lock, each line or block as a whole. Only two threads write, that of the log and one here, so
//! a terminal that nobody reads holds up nobody else.
//!
//! # Layout
//! - `kept`: a terminal with a block in its last rows, as the two threads share it
//! - [`screen`]: which bytes keep a block in view; pure
//! - [`password`]: asks for one, without showing it
//!
//! May import: workshop, anstream, rpassword, rustix, terminal_size, tokio, tokio_util, tracing.

mod kept;
pub mod password;
pub mod screen;

use std::env;
use std::io::{self, IsTerminal as _, Write};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;
use std::time::Duration;

use anstream::ColorChoice;
use tokio_util::task::AbortOnDropHandle;

use crate::workshop::welcome::Notice;
use kept::{LogOutput, Shared};

/// What waits to be printed, at most: what finds no room has nobody who reads it.
const MAX_UNPRINTED: usize = 8;

/// How long the end of the program waits for the terminal.
const END_TIME: Duration = Duration::from_millis(500);

enum Task {
    Say(Box<Notice>),
    /// The terminal may have another size.
    Fit,
    End(Sender<()>),
}

/// Prints on a thread of its own, because nobody may read that. Dropping it gives the terminal back, as far as that is possible in `END_TIME`.
#[derive(Debug)]
pub struct Terminal {
    tasks: SyncSender<Task>,
    /// Where a block stays.
    kept: Option<Shared>,
    _resizes: Option<AbortOnDropHandle<()>>,
}

impl Terminal {
    /// What is said scrolls away.
    pub fn scrolling() -> Self {
        Self::start(None)
    }

    /// What is said in a block stays, if stdout and stderr of this process are a terminal that can do so. To be called in a runtime.
    pub fn keeping() -> Self {
        Self::start(is_able().then(Shared::default))
    }

    fn start(kept: Option<Shared>) -> Self {
        let (tasks, queue) = mpsc::sync_channel(MAX_UNPRINTED);
        let resizes = kept.as_ref().and_then(|_| fit_when_resized(tasks.clone()));
        let shared = kept.clone();
        // Nobody waits for it: it may be stuck in a write.
        thread::spawn(move || match shared {
            None => print_all(&queue),
            Some(shared) => keep_all(&queue, &shared),
        });
        Self {
            tasks,
            kept,
            _resizes: resizes,
        }
    }

    /// Where the log goes: stderr, above what stays there.
    pub fn log(&self) -> impl Write + Send + use<> {
        LogOutput(self.kept.clone())
    }

    /// What says something. Never waits.
    pub fn speaker(&self) -> impl Fn(Notice) + Send + Clone + use<> {
        let tasks = self.tasks.clone();
        move |notice| drop(tasks.try_send(Task::Say(Box::new(notice))))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let (done, is_done) = mpsc::channel();
        if self.kept.is_some() && self.tasks.try_send(Task::End(done)).is_ok() {
            // A terminal that is stuck must not keep the program from ending.
            let _ = is_done.recv_timeout(END_TIME);
        }
    }
}

/// To stdout, without colours where those can't be shown. It may be closed, and the book is read all the same.
fn print_all(queue: &Receiver<Task>) {
    for task in queue {
        if let Task::Say(notice) = task {
            // Another one may be printed, if this one can't be.
            let _ = anstream::stdout().write_all(notice.text.as_bytes());
        }
    }
}

fn keep_all(queue: &Receiver<Task>, shared: &Shared) {
    for task in queue {
        let mut kept = shared.lock();
        // As above: a terminal that is gone can't be written.
        let _ = match task {
            Task::Say(notice) => kept.say(*notice),
            Task::Fit => kept.fit(),
            Task::End(done) => {
                let ended = kept.end();
                // Whoever ends may have stopped waiting.
                let _ = done.send(());
                ended
            }
        };
    }
}

/// Whether what is written is shown by one terminal that understands escape sequences, and nobody forbids them (`NO_COLOR`).
fn is_able() -> bool {
    let has_colours = anstream::stdout().current_choice() == ColorChoice::AlwaysAnsi;
    // Colours can be forced (`CLICOLOR_FORCE`, `CI`) on a terminal that can't move its cursor.
    let is_dumb = env::var_os("TERM").is_some_and(|name| name == "dumb");
    let is_shown = io::stdout().is_terminal() && io::stderr().is_terminal();
    has_colours && !is_dumb && is_shown && is_one_terminal()
}

#[cfg(unix)]
fn is_one_terminal() -> bool {
    use std::fs::File;
    use std::os::fd::{AsFd as _, BorrowedFd};
    use std::os::unix::fs::MetadataExt as _;

    let device = |stream: BorrowedFd<'_>| {
        let stream = File::from(stream.try_clone_to_owned().ok()?);
        Some(stream.metadata().ok()?.rdev())
    };
    let (stdout, stderr) = (io::stdout(), io::stderr());
    device(stdout.as_fd()).is_some_and(|terminal| device(stderr.as_fd()) == Some(terminal))
}

/// A process has one console.
#[cfg(not(unix))]
fn is_one_terminal() -> bool {
    true
}

#[cfg(unix)]
fn fit_when_resized(tasks: SyncSender<Task>) -> Option<AbortOnDropHandle<()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut resized = match signal(SignalKind::window_change()) {
        Ok(resized) => resized,
        Err(error) => {
            tracing::warn!(%error, "What stays in the terminal does not follow its size");
            return None;
        }
    };
    Some(AbortOnDropHandle::new(tokio::spawn(async move {
        while resized.recv().await.is_some() {
            // What finds no room comes after a task that asks for the size as well.
            let _ = tasks.try_send(Task::Fit);
        }
    })))
}

#[cfg(not(unix))]
fn fit_when_resized(_: SyncSender<Task>) -> Option<AbortOnDropHandle<()>> {
    None
}
