//! What every test stands on.
//!
//! - [`Server`]: the real server on a free port
//! - [`Attendee`]: a page that takes part in a workshop
//! - [`Peer`]: a signaling client that waits for what must come
//! - [`RawPeer`]: the same, byte by byte
//! - [`Running`]: the program, as a process of its own
//! - [`Keyboard`]: a terminal for it
//! - `InTerminal`: the program in a terminal, and what that shows
//! - [`http`]: requests and responses as they are on the wire
//! - [`tls`]: certificates, and clients that trust them
//! - [`turn`]: a STUN and TURN server
//! - [`TurnClient`]: a client of one, over UDP or TCP
//! - [`Checkout`]: a small book in a folder of its own

mod attendee;
mod checkout;
pub(crate) mod http;
#[cfg(target_os = "linux")]
mod keyboard;
mod peer;
mod program;
mod raw_peer;
mod server;
#[cfg(unix)]
mod terminal;
pub(crate) mod tls;
pub(crate) mod turn;
mod turn_client;

use std::time::Duration;

use tokio::time::timeout;

pub(crate) use attendee::Attendee;
pub(crate) use checkout::Checkout;
#[cfg(target_os = "linux")]
pub(crate) use keyboard::Keyboard;
pub(crate) use peer::Peer;
pub(crate) use program::{PROGRAM, Running, guidebook};
pub(crate) use raw_peer::RawPeer;
pub(crate) use server::Server;
#[cfg(unix)]
pub(crate) use terminal::{InTerminal, Screen};
pub(crate) use turn_client::TurnClient;

/// Far more than anything here takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits for what must happen.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future)
        .await
        .unwrap_or_else(|_| panic!("{what}: nothing for {PATIENCE:?}"))
}
