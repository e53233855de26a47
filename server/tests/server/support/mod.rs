//! What every test stands on.
//!
//! - [`Server`]: the real server on a free port
//! - [`Peer`]: a signaling client that waits for what must come
//! - [`RawPeer`]: the same, byte by byte
//! - [`Running`]: the program, as a process of its own
//! - [`http`]: requests and responses as they are on the wire
//! - [`tls`]: certificates, and clients that trust them
//! - [`turn`]: a STUN and TURN server
//! - [`TurnClient`]: a client of one, over UDP or TCP
//! - [`Checkout`]: a small book in a folder of its own

mod checkout;
pub(crate) mod http;
mod peer;
mod program;
mod raw_peer;
mod server;
pub(crate) mod tls;
pub(crate) mod turn;
mod turn_client;

use std::time::Duration;

use tokio::time::timeout;

pub(crate) use checkout::Checkout;
pub(crate) use peer::Peer;
pub(crate) use program::{PROGRAM, Running, guidebook};
pub(crate) use raw_peer::RawPeer;
pub(crate) use server::Server;
pub(crate) use turn_client::TurnClient;

/// Far more than anything here takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits for what must happen.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future)
        .await
        .unwrap_or_else(|_| panic!("{what}: nothing for {PATIENCE:?}"))
}
