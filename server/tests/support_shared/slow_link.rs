//! A slow way to a server: a TCP proxy on the loopback address that delays what passes, bounds its rate, and whose connections can be
//! frozen, forgotten or cut. Only TCP goes through it: signaling and pages, but no data channels and no media.
//!
//! One file for both test crates, which include it with `#[path]`. May import: tokio.

use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::{Instant, sleep_until};

/// Bytes that are read from a socket at once. At 1 Mbit/s they take 33 ms.
const CHUNK_BYTES: usize = 4096;

/// Chunks of one connection and direction that may be on their way at once. 1 MiB in 600 ms is 14 Mbit/s.
const MAX_CHUNKS_ON_THE_WAY: usize = 256;

/// The kernel's buffer where a link reads. It is small, so that what can't pass yet waits in the sender's own socket, as on a network.
const READ_BUFFER_BYTES: u32 = 64 * 1024;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// How each direction of a link treats what passes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// From one end to the other. A connection is open after two of them, as with TCP's handshake.
    pub(crate) delay: Duration,
    /// Of all connections together. `u64::MAX` has no bound.
    pub(crate) bits_per_second: u64,
}

impl Pace {
    /// Nothing is delayed.
    pub(crate) const FREE: Self = Self {
        delay: Duration::ZERO,
        bits_per_second: u64::MAX,
    };

    /// 600 ms each way, 1 Mbit/s: a connection by satellite.
    pub(crate) const SLOW: Self = Self {
        delay: Duration::from_millis(600),
        bits_per_second: 1_000_000,
    };

    fn time_for(self, bytes: usize) -> Duration {
        Duration::from_secs_f64(bytes as f64 * 8.0 / self.bits_per_second as f64)
    }
}

/// One of the two directions.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Direction {
    /// What clients send.
    ToServer,
    /// What the server sends.
    ToClient,
}

/// What happens to the connections of a link.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Cut,
    Forgotten,
}

/// A way to a server. It stays open as long as the runtime of its test.
#[derive(Debug, Clone)]
pub(crate) struct SlowLink {
    /// Where clients connect.
    pub(crate) address: SocketAddr,
    /// By [`Direction`].
    frozen: Arc<watch::Sender<[bool; 2]>>,
    fates: broadcast::Sender<Fate>,
}

impl SlowLink {
    /// Opens a way to `server`, which has an IPv4 address. The server need not run yet: as long as it doesn't, connections are closed.
    ///
    /// # Errors
    /// When no port of the loopback address is free.
    pub(crate) async fn open(server: SocketAddr, pace: Pace) -> io::Result<Self> {
        let socket = socket()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let listener = socket.listen(BACKLOG)?;
        let (fates, _) = broadcast::channel(16);
        let link = Self {
            address: listener.local_addr()?,
            frozen: Arc::new(watch::channel([false; 2]).0),
            fates: fates.clone(),
        };
        let [to_server, to_client] =
            [Direction::ToServer, Direction::ToClient].map(|direction| Line {
                direction,
                pace,
                free_at: Arc::new(Mutex::new(Instant::now())),
                frozen: link.frozen.subscribe(),
            });
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let fate = fates.subscribe();
                tokio::spawn(pass(
                    client,
                    server,
                    to_server.clone(),
                    to_client.clone(),
                    fate,
                ));
            }
        });
        Ok(link)
    }

    /// From now on nothing passes in this direction, and nothing closes: not for the connections that are open, nor for later ones.
    pub(crate) fn freeze(&self, direction: Direction) {
        self.frozen
            .send_modify(|frozen| frozen[direction as usize] = true);
    }

    /// Ends [`freeze`](Self::freeze) in both directions. What was held up passes.
    pub(crate) fn thaw(&self) {
        self.frozen.send_replace([false; 2]);
    }

    /// The connections that are open pass nothing any more and never close, as behind a router that has forgotten them. Later ones
    /// are not concerned.
    pub(crate) fn forget(&self) {
        // Fails when none is open.
        let _ = self.fates.send(Fate::Forgotten);
    }

    /// The clients' ends of the connections that are open close, and the server hears nothing of it. Later ones are not concerned.
    pub(crate) fn cut(&self) {
        // Fails when none is open.
        let _ = self.fates.send(Fate::Cut);
    }
}

fn socket() -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(READ_BUFFER_BYTES)?;
    Ok(socket)
}

async fn pass(
    mut client: TcpStream,
    server: SocketAddr,
    to_server: Line,
    to_client: Line,
    mut fates: broadcast::Receiver<Fate>,
) {
    let connected = async {
        sleep_until(Instant::now() + 2 * to_server.pace.delay).await;
        client.set_nodelay(true)?;
        let server = socket()?.connect(server).await?;
        server.set_nodelay(true)?;
        io::Result::Ok(server)
    };
    // A server that is stopped refuses the connection, and so does the link.
    let Ok(mut server) = connected.await else {
        return;
    };
    let fate = {
        let (from_client, into_client) = client.split();
        let (from_server, into_server) = server.split();
        tokio::select! {
            _ = async { tokio::join!(
                to_server.carry(from_client, into_server),
                to_client.carry(from_server, into_client),
            ) } => return,
            fate = fates.recv() => fate,
        }
    };
    if let Ok(Fate::Cut) = fate {
        drop(client);
    }
    pending().await
}

/// One direction of a link.
#[derive(Debug, Clone)]
struct Line {
    direction: Direction,
    pace: Pace,
    /// When all that was put on the line has left, of whichever connection. Held for single statements.
    free_at: Arc<Mutex<Instant>>,
    frozen: watch::Receiver<[bool; 2]>,
}

impl Line {
    /// Carries what comes, and the end of it. A connection that is reset ends like one that is closed.
    async fn carry(&self, mut from: ReadHalf<'_>, mut into: WriteHalf<'_>) {
        let (departures, mut arrivals) = mpsc::channel(MAX_CHUNKS_ON_THE_WAY);
        let send = async move {
            loop {
                self.thawed().await;
                let mut chunk = vec![0; CHUNK_BYTES];
                let len = from.read(&mut chunk).await.unwrap_or(0);
                chunk.truncate(len);
                let left_at = self.leave(len);
                wait_until(left_at).await;
                let is_gone = departures
                    .send((left_at + self.pace.delay, chunk))
                    .await
                    .is_err();
                if len == 0 || is_gone {
                    return;
                }
            }
        };
        let receive = async move {
            while let Some((arrives_at, chunk)) = arrivals.recv().await {
                wait_until(arrives_at).await;
                self.thawed().await;
                let written = match chunk.is_empty() {
                    true => into.shutdown().await,
                    false => into.write_all(&chunk).await,
                };
                if written.is_err() {
                    return;
                }
            }
        };
        tokio::join!(send, receive);
    }

    /// Puts so many bytes on the line, behind all that is on it, and says when the last of them has left.
    fn leave(&self, bytes: usize) -> Instant {
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        *free_at = free_at.max(Instant::now()) + self.pace.time_for(bytes);
        *free_at
    }

    async fn thawed(&self) {
        let mut frozen = self.frozen.clone();
        let passes = |frozen: &[bool; 2]| !frozen[self.direction as usize];
        // Fails when whoever could thaw it is gone.
        if frozen.wait_for(passes).await.is_err() {
            pending().await
        }
    }
}

/// tokio's timers are whole milliseconds, also of what is due already.
async fn wait_until(instant: Instant) {
    if instant > Instant::now() {
        sleep_until(instant).await;
    }
}
