//! Tells the process manager that the server is ready, and that it stops (<https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html>): a datagram
//! to the socket that a variable names. Nothing where there is none.

/// The state of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Requests are served.
    Ready,
    /// It was told to stop, and ends its connections.
    Stopping,
}

impl State {
    fn text(self) -> &'static str {
        match self {
            Self::Ready => "READY=1",
            Self::Stopping => "STOPPING=1",
        }
    }
}

/// Tells it, if somebody listens. A manager that can't be told is a warning: the server serves all the same.
#[cfg(unix)]
pub(crate) fn tell(state: State) {
    let Some(socket) = std::env::var_os("NOTIFY_SOCKET") else {
        return;
    };
    if let Err(error) = unix::send(state.text(), socket.as_encoded_bytes()) {
        tracing::warn!(%error, "The process manager can't be told {}", state.text());
    }
}

/// There is nobody to be told.
#[cfg(not(unix))]
pub(crate) fn tell(state: State) {
    let _ = state.text();
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::io;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    pub(super) fn send(text: &str, socket: &[u8]) -> io::Result<()> {
        let address = match socket {
            [b'@', name @ ..] => in_no_folder(name)?,
            path => SocketAddr::from_pathname(OsStr::from_bytes(path))?,
        };
        let datagram = UnixDatagram::unbound()?;
        datagram.send_to_addr(text.as_bytes(), &address).map(|_| ())
    }

    #[cfg(target_os = "linux")]
    fn in_no_folder(name: &[u8]) -> io::Result<SocketAddr> {
        use std::os::linux::net::SocketAddrExt as _;
        SocketAddr::from_abstract_name(name)
    }

    #[cfg(not(target_os = "linux"))]
    fn in_no_folder(_name: &[u8]) -> io::Result<SocketAddr> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
