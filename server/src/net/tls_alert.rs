//! What a connection that begins with TLS is told where it gets none: an alert. Browsers stop at once then, and say so.
//!
//! Nothing of what it sends is parsed.
//!
//! May import: signaling::transport, tokio.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use signaling::transport::Transport;

/// Why it gets none: the description of the alert (<https://www.rfc-editor.org/rfc/rfc8446#section-6>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alert {
    /// `protocol_version`: no version that the client could offer is spoken here. Chrome then says that the site uses an unsupported protocol, and
    /// Firefox that the peer reports an unsupported version. After `handshake_failure` Chrome would speak of an invalid response, as of a server
    /// that is broken.
    NotSpoken = 70,
    /// `internal_error`: there is no place for another connection, which has nothing to do with what the client offers. It may try again.
    NoPlace = 80,
}

impl Alert {
    /// A record with the fatal alert: its type, its version and its length, then the level and the description. The version is the one that every
    /// record but the first has since TLS 1.2.
    fn record(self) -> [u8; 7] {
        [21, 3, 3, 0, 2, 2, self as u8]
    }
}

/// How long the client may take to hear the alert and to close the connection.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bytes that are read at once until it does.
const READ_BYTES: usize = 1024;

/// Bytes that it may send until then: more than the largest record, of which a client sends one before it waits.
const MAX_IGNORED_BYTES: usize = 32 * 1024;

/// Sends the alert and ends the connection.
pub(super) async fn refuse(mut transport: Box<dyn Transport>, alert: Alert) -> io::Result<()> {
    match timeout(PATIENCE, tell(&mut transport, alert)).await {
        Ok(told) => told,
        // A client that does not close is dropped.
        Err(_) => Ok(()),
    }
}

/// Reads on behind the alert: a system resets a connection that is closed with something unread, and the reset may overtake the alert.
async fn tell(transport: &mut Box<dyn Transport>, alert: Alert) -> io::Result<()> {
    transport.write_all(&alert.record()).await?;
    transport.shutdown().await?;
    let mut ignored = 0;
    let mut bytes = [0; READ_BYTES];
    while ignored < MAX_IGNORED_BYTES {
        match transport.read(&mut bytes).await? {
            0 => break,
            count => ignored += count,
        }
    }
    Ok(())
}
