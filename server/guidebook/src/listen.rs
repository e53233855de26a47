//! The socket for everybody: at an address, at a path, or one that the process manager has opened already (systemd's socket activation).

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use anyhow::Result;
use server::config::{Listen, Serving};
use server::net::listener::Public;
use server::relay;
use tokio::net::TcpListener;

/// The socket, and what has to be taken away behind it.
pub(crate) struct Listening {
    pub(crate) public: Public,
    #[cfg(unix)]
    pub(crate) _file: Option<unix::File>,
}

impl From<Public> for Listening {
    fn from(public: Public) -> Self {
        Self {
            public,
            #[cfg(unix)]
            _file: None,
        }
    }
}

/// As the options say, unless the process manager has opened one.
pub(crate) async fn open(serving: &Serving) -> Result<Listening> {
    #[cfg(unix)]
    if let Some(public) = unix::given()? {
        tracing::info!(
            "The process manager has opened the socket, and --listen counts for nothing"
        );
        return Ok(public.into());
    }
    match &serving.listen {
        Listen::Tcp(address) => {
            let listener = bound(*address, "--listen", relay::listen(*address).await)?;
            Ok(Public::Tcp(listener).into())
        }
        #[cfg(unix)]
        Listen::Unix(path) => unix::open(path, serving.socket_mode),
        #[cfg(not(unix))]
        Listen::Unix(_) => anyhow::bail!("This system has no Unix sockets"),
    }
}

/// Binds an address that this option names.
pub(crate) async fn bind(address: SocketAddr, flag: &str) -> Result<TcpListener> {
    bound(address, flag, TcpListener::bind(address).await)
}

fn bound(
    address: SocketAddr,
    flag: &str,
    listener: io::Result<TcpListener>,
) -> Result<TcpListener> {
    let port = address.port();
    listener.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow::anyhow!(
            "Port {port} is in use by another program. Stop that program, or choose another port with {flag} {}:{}",
            address.ip(),
            port.saturating_add(1),
        ),
        _ => anyhow::Error::new(error).context(format!("Cannot listen on {address}; choose another address with {flag}")),
    })
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, Permissions};
    use std::io::{self, ErrorKind};
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
    use std::os::unix::net::{UnixListener as StdUnixListener, UnixStream};
    use std::path::{Path, PathBuf};

    use anyhow::{Context as _, Result, bail};
    use listenfd::ListenFd;
    use server::config::Mode;
    use server::net::listener::Public;
    use tokio::net::{TcpListener, UnixListener};

    use super::Listening;

    /// The file of a socket, which is taken away at the end unless another program has put its own there.
    pub(crate) struct File {
        path: PathBuf,
        id: (u64, u64),
    }

    impl Drop for File {
        fn drop(&mut self) {
            if id_of(&self.path).is_ok_and(|id| id == self.id) {
                // What is gone already is as good.
                let _ = fs::remove_file(&self.path);
            }
        }
    }

    fn id_of(path: &Path) -> io::Result<(u64, u64)> {
        let found = fs::symlink_metadata(path)?;
        Ok((found.dev(), found.ino()))
    }

    /// A socket at this path, to which this mode says who may connect.
    pub(super) fn open(path: &Path, mode: Mode) -> Result<Listening> {
        let shown = path.display();
        remove_stale(path)?;
        let listener = UnixListener::bind(path).with_context(|| {
            format!("Cannot listen on unix:{shown}; choose another path with --listen, in a folder that exists")
        })?;
        fs::set_permissions(path, Permissions::from_mode(mode.0))
            .with_context(|| format!("Cannot set the mode of {shown}"))?;
        let id = id_of(path).with_context(|| format!("{shown} is gone already"))?;
        Ok(Listening {
            public: Public::Unix(listener),
            _file: Some(File {
                path: path.to_owned(),
                id,
            }),
        })
    }

    /// A program that was killed leaves its file behind. One that still runs answers, and keeps it.
    fn remove_stale(path: &Path) -> Result<()> {
        let shown = path.display();
        let found = match fs::symlink_metadata(path) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => {
                return Err(error).with_context(|| format!("Cannot look at {shown}"));
            }
        };
        if !found.file_type().is_socket() {
            bail!(
                "{shown} is there already, and is no socket. Remove it, or choose another path with --listen"
            );
        }
        match UnixStream::connect(path) {
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                fs::remove_file(path).with_context(|| format!("Cannot remove the old socket {shown}"))
            }
            Ok(_) => bail!("Another program listens on unix:{shown}. Stop it, or choose another path with --listen"),
            Err(error) => Err(error).with_context(|| {
                format!("Cannot tell whether a program listens on unix:{shown}; choose another path with --listen")
            }),
        }
    }

    /// The socket that was opened for this process (<https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html>), if there is one.
    pub(super) fn given() -> Result<Option<Public>> {
        let mut given = ListenFd::from_env();
        match given.len() {
            0 => return Ok(None),
            1 => {}
            many => bail!(
                "The process manager has opened {many} sockets, and this program takes one: name one ListenStream= in its .socket unit"
            ),
        }
        // It says by an error that the socket is of another kind, and leaves it in its place.
        if let Ok(Some(listener)) = given.take_tcp_listener(0) {
            listener.set_nonblocking(true)?;
            return Ok(Some(Public::Tcp(TcpListener::from_std(listener)?)));
        }
        let listener: Option<StdUnixListener> = given
            .take_unix_listener(0)
            .context("The socket that the process manager has opened is neither TCP nor a Unix socket of streams")?;
        let Some(listener) = listener else {
            return Ok(None);
        };
        listener.set_nonblocking(true)?;
        Ok(Some(Public::Unix(UnixListener::from_std(listener)?)))
    }
}
