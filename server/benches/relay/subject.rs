//! A server under measurement: a process on a core of its own, and what the operating system says of it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use nix::time::clock_getcpuclockid;
use nix::unistd::Pid;
use rustix::thread::{CpuSet, sched_setaffinity};

use crate::coturn;

/// The servers run on the first core, the load on the second.
const SERVERS_CORE: &str = "0";
const LOADS_CORE: usize = 1;

/// Bounds that no measurement shall meet; all checks are made nonetheless.
const WITHOUT_LIMITS: [&str; 19] = [
    "--max-connections",
    "--max-connections-per-address",
    "--max-joins-per-second",
    "--max-join-burst",
    "--max-frames-per-second",
    "--max-bytes-per-second",
    "--max-deliveries-per-second",
    "--max-delivery-burst",
    "--max-deliveries-per-second-per-address",
    "--max-delivery-burst-per-address",
    "--max-queued-bytes",
    "--max-rooms",
    "--max-relayed-ports",
    "--max-relayed-ports-per-session",
    "--max-relayed-ports-per-address",
    "--max-relayed-bytes-per-second",
    "--max-relayed-bytes-per-second-in-all",
    "--max-ice-answers-per-second",
    "--max-ice-answer-burst",
];
const NO_LIMIT: &str = "1000000000";

/// A process that ends with its owner.
pub(crate) struct Subject {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// Keeps the load from the servers' core.
pub(crate) fn pin_the_load() -> Result<()> {
    let mut cores = CpuSet::new();
    cores.set(LOADS_CORE);
    sched_setaffinity(None, &cores).context("This needs two cores")
}

impl Subject {
    /// The release binary, once it has started.
    pub(crate) fn ours() -> Result<Self> {
        let subject = Self::ours_with(&[])?;
        subject.settle()?;
        Ok(subject)
    }

    /// The same without the book: signaling, STUN and TURN.
    pub(crate) fn ours_without_a_book() -> Result<Self> {
        let subject = Self::ours_without_a_book_at_once()?;
        subject.settle()?;
        Ok(subject)
    }

    /// The same, once it listens.
    pub(crate) fn ours_without_a_book_at_once() -> Result<Self> {
        Self::ours_with(&["signaling"])
    }

    /// The same as [`ours`](Self::ours), and an instance of the cluster of this broker.
    pub(crate) fn instance(broker: &str) -> Result<Self> {
        let subject = Self::ours_with(&["--cluster", broker])?;
        subject.settle()?;
        Ok(subject)
    }

    fn ours_with(arguments: &[&str]) -> Result<Self> {
        let program = env!("CARGO_BIN_EXE_guidebook");
        let mut command = Command::new("taskset");
        command.args(["-c", SERVERS_CORE, program]);
        command.args(arguments);
        command.args(["--listen", "127.0.0.1:0", "--log", "error"]);
        for flag in WITHOUT_LIMITS {
            command.args([flag, NO_LIMIT]);
        }
        Self::start(&mut command)
    }

    /// coturn, once it answers.
    pub(crate) fn coturn(folder: &Path) -> Result<Self> {
        let (address, arguments) = coturn::arguments(folder)?;
        let child = Command::new("taskset")
            .args(["-c", SERVERS_CORE, "turnserver"])
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("this needs coturn (Debian: `apt-get install coturn`)")?;
        let subject = Self { child, address };
        coturn::answers(address)?;
        Ok(subject)
    }

    /// The floor: this very program, told to be it.
    pub(crate) fn floor() -> Result<Self> {
        let program = std::env::current_exe()?;
        let mut command = Command::new("taskset");
        Self::start(
            command
                .args(["-c", SERVERS_CORE])
                .arg(program)
                .arg(crate::BE_THE_FLOOR),
        )
    }

    fn start(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .context("taskset starts the servers")?;
        let output = BufReader::new(child.stdout.take().context("its output is piped")?);
        let line = output
            .lines()
            .next()
            .context("a server says where it is")??;
        let address = line
            .split_once("http://")
            .and_then(|(_, rest)| rest.split('/').next()?.parse().ok());
        Ok(Self {
            child,
            address: address.with_context(|| format!("no address in {line:?}"))?,
        })
    }

    /// nginx on a free port, with one folder to serve; what it writes goes there, too.
    pub(crate) fn nginx(folder: &Path) -> Result<Self> {
        // nginx can't tell which port it was given. Nobody else takes this one within a moment.
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let folder = folder.display();
        let configuration = format!(
            "daemon off; master_process off; pid {folder}/pid; error_log {folder}/log; events {{ worker_connections 1024; }}\n\
             http {{ types {{ text/html html; }} access_log off; sendfile on; tcp_nopush on; open_file_cache max=10; gzip_static on;\n\
             keepalive_requests 1000000000; client_body_temp_path {folder}; proxy_temp_path {folder};\n\
             fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};\n\
             server {{ listen {address}; root {folder}; }} }}"
        );
        let file = format!("{folder}/nginx.conf");
        fs::write(&file, configuration)?;
        let child = Command::new("taskset")
            .args(["-c", SERVERS_CORE, "nginx", "-e", "stderr", "-c", &file])
            .spawn()?;
        let subject = Self { child, address };
        while std::net::TcpStream::connect(address).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(subject)
    }

    /// Redis on a Unix socket in this folder, and its address for instances of a cluster.
    pub(crate) fn broker(folder: &Path) -> Result<(Self, String)> {
        let socket = folder.join("redis.sock");
        let mut command = Command::new("taskset");
        command.args(["-c", SERVERS_CORE, "redis-server", "--port", "0"]);
        command
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(folder);
        let child = command
            .arg("--unixsocket")
            .arg(&socket)
            .stdout(Stdio::null())
            .spawn()?;
        let address = ([127, 0, 0, 1], 0).into();
        let subject = Self { child, address };
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok((subject, format!("redis+unix://{}", socket.display())))
    }

    /// Waits until it does next to nothing; an instance of a cluster says each quarter of a second that it is there.
    pub(crate) fn settle(&self) -> Result<()> {
        const NEXT_TO_NOTHING: Duration = Duration::from_millis(5);
        let mut before = self.cpu()?;
        loop {
            std::thread::sleep(Duration::from_millis(500));
            let now = self.cpu()?;
            if now - before <= NEXT_TO_NOTHING {
                return Ok(());
            }
            before = now;
        }
    }

    /// CPU time of all its threads, those that have ended included: `stat` counts ticks of 10 ms, and a thousand joins take four of them.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let clock = clock_getcpuclockid(Pid::from_raw(i32::try_from(self.child.id())?))?;
        Ok(clock.now()?.into())
    }

    /// Resident memory in KiB.
    pub(crate) fn resident_kib(&self) -> Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.trim().split(' ').next());
        Ok(number.context("VmRSS")?.parse()?)
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        // Fails if it has ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
