//! The program under test, as a process of its own: what it holds, what it counts, and what it logs. Linux only: it reads `/proc`.
//! May import: std.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How long it does nothing until it counts as idle.
const IDLE: Duration = Duration::from_millis(500);
/// CPU time within that.
const NOTHING: Duration = Duration::from_millis(5);

/// It ends with its owner.
pub(crate) struct Subject {
    child: Child,
    pub(crate) address: SocketAddr,
    log: Arc<Mutex<Log>>,
}

/// How many lines of each kind were logged in each second.
#[derive(Debug, Default)]
pub(crate) struct Log {
    seconds: BTreeMap<String, BTreeMap<String, usize>>,
}

impl Subject {
    /// Starts it with its defaults, once it has compressed the book: that takes seconds of a processor.
    pub(crate) fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guidebook"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GUIDEBOOK_") {
                command.env_remove(name);
            }
        }
        let mut child = command
            .args(["--listen", "127.0.0.1:0", "--metrics"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let address = line
            .split_once("http://")
            .and_then(|(_, rest)| rest.split('/').next()?.parse().ok());
        let log = Arc::new(Mutex::new(Log::default()));
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let written = Arc::clone(&log);
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                written.lock().unwrap().add(&line);
            }
        });
        let subject = Self {
            child,
            address: address.unwrap_or_else(|| panic!("no address in {line:?}")),
            log,
        };
        subject.settle();
        subject
    }

    /// Waits until it does nothing.
    fn settle(&self) {
        let mut before = self.cpu();
        loop {
            thread::sleep(IDLE);
            let now = self.cpu();
            if now < before + NOTHING {
                return;
            }
            before = now;
        }
    }

    /// CPU time of its threads so far.
    pub(crate) fn cpu(&self) -> Duration {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let nanos = threads.map(|thread| {
            // A thread may have ended in the meantime.
            let text =
                fs::read_to_string(thread.unwrap().path().join("schedstat")).unwrap_or_default();
            let on_a_processor = text.split(' ').next().unwrap_or_default();
            on_a_processor.parse::<u64>().unwrap_or_default()
        });
        Duration::from_nanos(nanos.sum())
    }

    /// Resident memory in MiB.
    pub(crate) fn resident_mib(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
        kib.expect("a process that runs has memory") / 1024.0
    }

    /// All that it counts, by the name with its labels.
    pub(crate) fn metrics(&self) -> BTreeMap<String, f64> {
        let mut socket = TcpStream::connect(self.address).unwrap();
        let address = self.address;
        write!(
            socket,
            "GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        let numbers = answer.lines().filter_map(|line| {
            let (name, value) = line.strip_prefix("guidebook_")?.split_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        });
        numbers.collect()
    }

    /// Forgets what was logged so far.
    pub(crate) fn clear_log(&self) {
        *self.log.lock().unwrap() = Log::default();
    }

    /// For each kind of line, the most lines in any second.
    pub(crate) fn most_logged(&self) -> Vec<(String, usize)> {
        let log = self.log.lock().unwrap();
        let most = |seconds: &BTreeMap<String, usize>| seconds.values().copied().max();
        let kinds = log.seconds.iter();
        kinds
            .map(|(kind, seconds)| (kind.clone(), most(seconds).unwrap_or(0)))
            .collect()
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        // Fails if it has ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Log {
    /// `2026-11-28T06:00:00.123456Z  INFO server::place: A sentence name=value …`: its kind is the place and the sentence.
    fn add(&mut self, line: &str) {
        let (second, rest) = line.split_at_checked(19).unwrap_or(("", line));
        let text = rest
            .split_once(' ')
            .map_or(rest, |(_, text)| text.trim_start());
        let words = text.split(' ').take_while(|word| !word.contains('='));
        let kind = words.collect::<Vec<_>>().join(" ");
        *self
            .seconds
            .entry(kind)
            .or_default()
            .entry(second.to_owned())
            .or_default() += 1;
    }
}
