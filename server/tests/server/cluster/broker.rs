//! A real Redis server, one for each test, and a way to it that can be held up.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::support::soon;

/// Redis on a Unix socket, which ends with the test. It keeps nothing on the disk.
pub(crate) struct Broker {
    child: Child,
    folder: TempDir,
    arguments: Vec<String>,
}

impl Broker {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With more arguments, or lines of its configuration.
    pub(super) fn start_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let arguments: Vec<_> = arguments.iter().map(|text| (*text).to_owned()).collect();
        let child = run(&folder, &arguments);
        let broker = Self {
            child,
            folder,
            arguments,
        };
        broker.is_ready();
        broker
    }

    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    fn is_ready(&self) {
        while self.try_says("PING").is_none() {
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// What it answers to a command, of which no word has a space.
    pub(super) fn says(&self, command: &str) -> String {
        self.try_says(command).unwrap()
    }

    /// Sends this to every instance, as a stranger would.
    pub(crate) fn publishes_to_all_instances(&self, message: &str) {
        let channels = self.says("PUBSUB CHANNELS");
        for channel in channels.split("\r\n").filter(|line| line.contains(":i:")) {
            self.says(&format!("PUBLISH {channel} {message}"));
        }
    }

    fn try_says(&self, command: &str) -> Option<String> {
        let mut socket = UnixStream::connect(self.socket()).ok()?;
        let answer_within = Duration::from_secs(5);
        socket.set_read_timeout(Some(answer_within)).ok()?;
        socket.write_all(format!("{command}\r\n").as_bytes()).ok()?;
        let mut answer = [0; 4096];
        let len = socket.read(&mut answer).ok()?;
        Some(String::from_utf8_lossy(&answer[..len]).into_owned())
    }

    /// Waits until it knows the homes of so many rooms.
    pub(super) async fn knows_rooms(&self, count: usize) {
        let known = format!("*{count}");
        soon("the homes are known", async {
            while !self.says("KEYS guidebook:room:*").starts_with(&known) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
    }

    pub(super) fn is_killed(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// It is back, and knows nothing of what it knew.
    pub(super) fn is_back(&mut self) {
        let _ = std::fs::remove_file(self.socket());
        self.child = run(&self.folder, &self.arguments);
        self.is_ready();
    }

    /// It hangs: connections are open, and nothing is answered.
    pub(super) fn hangs(&self) {
        signal("-STOP", self.child.id());
    }

    pub(super) fn goes_on(&self) {
        signal("-CONT", self.child.id());
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(folder: &TempDir, arguments: &[String]) -> Child {
    let mut command = Command::new("redis-server");
    let socket = folder.path().join("redis.sock");
    command.args(["--port", "0", "--save", "", "--appendonly", "no"]);
    command.arg("--unixsocket").arg(socket);
    command.arg("--dir").arg(folder.path()).args(arguments);
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    command
        .spawn()
        .expect("these tests need redis-server (Debian: `apt-get install redis-server`)")
}

/// Sends a signal to a process.
pub(super) fn signal(signal: &str, process: u32) {
    let mut command = Command::new("kill");
    let sent = command.args([signal, &process.to_string()]).status();
    assert!(sent.unwrap().success());
}

/// The way of one instance to the broker. Held up, nothing passes and no connection ends, as when a network is split.
pub(super) struct Way {
    pub(super) address: SocketAddr,
    is_open: watch::Sender<bool>,
    _running: JoinSet<()>,
}

impl Way {
    pub(super) async fn to(broker: &Broker) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (is_open, open) = watch::channel(true);
        let socket = broker.socket();
        let mut running = JoinSet::new();
        running.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = tokio::net::UnixStream::connect(&socket).await else {
                    continue;
                };
                let (near_in, near_out) = near.into_split();
                let (far_in, far_out) = far.into_split();
                connections.spawn(pass(near_in, far_out, open.clone()));
                connections.spawn(pass(far_in, near_out, open.clone()));
            }
        });
        Self {
            address,
            is_open,
            _running: running,
        }
    }

    pub(super) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    pub(super) fn is_split(&self) {
        self.is_open.send_replace(false);
    }

    pub(super) fn is_healed(&self) {
        self.is_open.send_replace(true);
    }
}

async fn pass(
    mut from: impl tokio::io::AsyncRead + Unpin,
    mut to: impl tokio::io::AsyncWrite + Unpin,
    mut open: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(len @ 1..) = from.read(&mut buffer).await {
        if open.wait_for(|is_open| *is_open).await.is_err() {
            return;
        }
        if to.write_all(&buffer[..len]).await.is_err() {
            return;
        }
    }
    // An error says that the other side is gone already.
    let _ = to.shutdown().await;
}
