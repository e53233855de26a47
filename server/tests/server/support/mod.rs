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
//! - [`wire`]: TCP, or TLS over it, for tests that are about both
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
pub(crate) mod wire;

#[cfg(target_os = "linux")]
use std::net::{Ipv4Addr, SocketAddr};
#[cfg(target_os = "linux")]
use std::sync::atomic::{AtomicU8, Ordering};
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
pub(crate) use wire::Over;

/// Far more than anything here takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// A file of the project.
pub(crate) fn project_file(path: &str) -> String {
    let path = format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// An address of loopback that no other test has, so that none wants the same port.
#[cfg(target_os = "linux")]
pub(crate) fn own_address(port: u16) -> SocketAddr {
    static COUNT: AtomicU8 = AtomicU8::new(1);
    let [.., high, low] = std::process::id().to_be_bytes();
    let ip = Ipv4Addr::new(127, high | 0x80, low, COUNT.fetch_add(1, Ordering::Relaxed));
    (ip, port).into()
}

/// Waits for what must happen.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future)
        .await
        .unwrap_or_else(|_| panic!("{what}: nothing for {PATIENCE:?}"))
}
