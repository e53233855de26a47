//! What the bytes of a client go over: TCP, or TLS over it. A test that says which is about both.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::client::TlsStream;

use super::tls::Trusted;

/// Which of both, for a test that starts the server itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    Tcp,
    Tls,
}

/// How a server is reached: at this address, and over TLS where its certificate is named.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) address: SocketAddr,
    pub(crate) trusted: Option<Trusted>,
}

impl Way {
    pub(crate) async fn connect(&self) -> io::Result<Wire> {
        self.secure(TcpStream::connect(self.address).await?).await
    }

    /// From one of this machine's own addresses.
    pub(crate) async fn connect_from(&self, from: IpAddr) -> io::Result<Wire> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        self.secure(socket.connect(self.address).await?).await
    }

    async fn secure(&self, socket: TcpStream) -> io::Result<Wire> {
        Ok(match &self.trusted {
            None => Wire::Tcp(socket),
            Some(trusted) => Wire::Tls(Box::new(trusted.connect_over(socket).await?)),
        })
    }
}

impl From<SocketAddr> for Way {
    fn from(address: SocketAddr) -> Self {
        Self {
            address,
            trusted: None,
        }
    }
}

/// A connection of a client. What is written to it has left once it is flushed.
pub(crate) enum Wire {
    Tcp(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    /// The socket below.
    pub(crate) fn socket(&self) -> &TcpStream {
        match self {
            Self::Tcp(socket) => socket,
            Self::Tls(stream) => stream.get_ref().0,
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(socket) => Pin::new(socket).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
