//! What a connection begins with: HTTP, STUN or TLS, which its first byte tells apart as
//! [RFC 7983](https://www.rfc-editor.org/rfc/rfc7983#section-7) does. HTTP begins with a letter.
//!
//! May import: signaling::transport, futures_util, tokio.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, ready};

use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead as _, ReadBuf};

use signaling::transport::Transport;

/// The first byte of a message of STUN that asks for something is no larger.
const LAST_OF_STUN: u8 = 3;
/// The first byte of TLS: the type of a record with a message of the handshake (<https://www.rfc-editor.org/rfc/rfc8446#section-5.1>).
const TLS_HANDSHAKE: u8 = 0x16;
/// Bytes that are read to know: as many as hyper reads first, so that it reads no more often, and in no smaller pieces, than it would anyway.
const FIRST_READ: usize = 8 * 1024;

/// Serves connections that begin with STUN.
pub trait StunServer: Send + Sync {
    /// Until the connection ends. `early` was read from it already.
    fn serve_stream(
        self: Arc<Self>,
        transport: Box<dyn Transport>,
        early: Vec<u8>,
        client: SocketAddr,
    ) -> BoxFuture<'static, ()>;
}

/// What comes first; empty if the connection ends before. The buffer is on the stack, as an idle connection should hold none.
pub(super) async fn read(transport: &mut Box<dyn Transport>) -> io::Result<Vec<u8>> {
    poll_fn(|context| {
        let mut bytes = [0; FIRST_READ];
        let mut buffer = ReadBuf::new(&mut bytes);
        ready!(Pin::new(&mut *transport).poll_read(context, &mut buffer))?;
        Poll::Ready(io::Result::Ok(buffer.filled().to_vec()))
    })
    .await
}

/// Whether a connection that begins with these bytes is one of STUN.
pub(super) fn is_stun(early: &[u8]) -> bool {
    early.first().is_some_and(|first| *first <= LAST_OF_STUN)
}

/// Whether a connection that begins with these bytes is one of TLS.
pub(super) fn is_tls(early: &[u8]) -> bool {
    early.first() == Some(&TLS_HANDSHAKE)
}
