//! The program as a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// Its path.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_guidebook");

/// What says whether there are colours.
const COLOURS: [&str; 4] = ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI"];

/// The program, without the variables that would set its options or its colours, and without the terminal of whoever runs the tests.
pub(crate) fn guidebook(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GUIDEBOOK_") {
            command.env_remove(name);
        }
    }
    for name in COLOURS {
        command.env_remove(name);
    }
    // What a workshop keeps is not to get among what the user's own workshops do.
    command.env("XDG_STATE_HOME", env!("CARGO_TARGET_TMPDIR"));
    command
}

/// Far longer than any end of it takes.
#[cfg(unix)]
const LONGEST_END: Duration = Duration::from_secs(60);

/// A program that serves, and ends with the test.
pub(crate) struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
    /// What it has printed, as far as it was read: at first up to the line that names its address.
    pub(crate) printed: String,
    pub(crate) port: u16,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self::start_at(command, 0)
    }

    pub(crate) fn start_at(command: &mut Command, port: u16) -> Self {
        Self::start_with(command, port, Stdio::piped())
    }

    /// With another stderr than a pipe that is read at the end.
    pub(crate) fn start_with_stderr(command: &mut Command, stderr: impl Into<Stdio>) -> Self {
        Self::start_with(command, 0, stderr.into())
    }

    fn start_with(command: &mut Command, port: u16, stderr: Stdio) -> Self {
        let command = command.args(["--listen", &format!("127.0.0.1:{port}")]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut running = Self {
            child,
            output,
            printed: String::new(),
            port: 0,
        };
        let address = "http://127.0.0.1:";
        running.prints(address);
        let port = (running.printed.split(address).nth(1)).and_then(|rest| rest.split('/').next());
        running.port = port.unwrap().parse().unwrap();
        running
    }

    /// Reads on until a line has this in it.
    pub(crate) fn prints(&mut self, expected: &str) {
        while !self.printed.contains(expected) {
            let more = self.output.read_line(&mut self.printed).unwrap();
            assert!(more > 0, "no {expected:?} in {:?}", self.printed);
        }
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn resident_kib(&self) -> u64 {
        let path = format!("/proc/{}/status", self.process_id());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.unwrap().trim().split(' ').next().unwrap();
        number.parse().unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.get_from("localhost", path)
    }

    /// By a name of the server.
    pub(crate) fn get_from(&self, host: &str, path: &str) -> String {
        String::from_utf8(self.answer(path, &format!("host: {host}"))).unwrap()
    }

    fn answer(&self, path: &str, headers: &str) -> Vec<u8> {
        use std::io::Write as _;
        let mut socket = std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        write!(
            socket,
            "GET {path} HTTP/1.1\r\n{headers}\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).unwrap();
        answer
    }

    /// Sends a signal, and waits for the end. The log is what came over the pipe, if stderr is one of ours.
    #[cfg(unix)]
    pub(crate) fn end_by(mut self, signal: &str) -> (std::process::ExitStatus, Duration, String) {
        let begin = Instant::now();
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        let stderr = self.child.stderr.take();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            if let Some(mut stderr) = stderr {
                stderr.read_to_string(&mut log).unwrap();
            }
            log
        });
        // One that was started with `nohup` does not end by a hangup.
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(begin.elapsed() < LONGEST_END, "{signal} does not end it");
            std::thread::sleep(Duration::from_millis(5));
        };
        (status, begin.elapsed(), log.join().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails if it has ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
