//! Every connection is a file descriptor, and the limit on those is usually lower than it may be.
//!
//! May import: rustix, tracing.

use tracing::warn;

/// What the server needs besides its connections: the listeners, the runtime, the log, a checkout's files.
const OTHERS: u64 = 100;

/// Raises the process's own limit as far as it may go, and warns if that is too low for so many sockets.
pub fn provide_for(sockets: usize) {
    let Some(limit) = raise() else { return };
    let wanted = (sockets as u64).saturating_add(OTHERS);
    if limit < wanted {
        warn!(
            limit,
            wanted,
            "The system lets this process open fewer files than --max-connections, --max-relayed-ports, --max-lines and --max-labs need; raise the hard limit \
             (ulimit -Hn, LimitNOFILE= of systemd), or lower --max-connections, --max-relayed-ports, --max-lines or --max-labs"
        );
    }
}

/// The limit afterwards; `None` if there is none.
#[cfg(unix)]
fn raise() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(error) => {
            warn!(%error, "The limit of open files can't be raised");
            limit.current
        }
    }
}

#[cfg(not(unix))]
fn raise() -> Option<u64> {
    None
}
