//! Where connections come from: TCP, or a Unix socket, whose file says who may connect.
//!
//! May import: signaling::transport, tokio, tracing.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;
use tracing::debug;

use signaling::transport::Transport;

/// Where connections come from.
pub trait Listener: Send + Sync {
    /// The next connection, and the address at its other end.
    fn accept(&self) -> impl Future<Output = io::Result<(Box<dyn Transport>, SocketAddr)>> + Send;

    /// Whether whoever connects is a trusted proxy, whatever the address.
    fn is_for_proxies(&self) -> bool {
        false
    }
}

impl Listener for TcpListener {
    async fn accept(&self) -> io::Result<(Box<dyn Transport>, SocketAddr)> {
        let (stream, remote) = Self::accept(self).await?;
        // Signaling messages are small and wanted at once.
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "Cannot switch off Nagle's algorithm");
        }
        Ok((Box::new(stream), remote))
    }
}

/// The listener for everybody.
#[derive(Debug)]
pub enum Public {
    /// At an address.
    Tcp(TcpListener),
    /// At a path. Nothing but a proxy connects there: browsers can't.
    #[cfg(unix)]
    Unix(UnixListener),
}

impl Public {
    /// The address of TCP, if there is one.
    pub fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok(),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }
}

impl Listener for Public {
    async fn accept(&self) -> io::Result<(Box<dyn Transport>, SocketAddr)> {
        match self {
            Self::Tcp(listener) => Listener::accept(listener).await,
            #[cfg(unix)]
            Self::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                // A Unix socket has no address of IP: whoever connects is on this machine.
                Ok((Box::new(stream), (Ipv4Addr::LOCALHOST, 0).into()))
            }
        }
    }

    fn is_for_proxies(&self) -> bool {
        !matches!(self, Self::Tcp(_))
    }
}
