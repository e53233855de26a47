//! From the start of the process to the first page served, and to the code of a workshop, on the binary as it is shipped.

mod report;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const RUNS: usize = 20;
const BAR: Duration = Duration::from_millis(150);

/// By turns of all that is compared.
const TURNS: usize = 15;
const CODE_BAR: Duration = Duration::from_millis(200);

/// What a workshop prints below its code and its address.
const LAST_LINE: &str = "Ctrl-C ends the workshop";

fn main() {
    let times = (0..RUNS).map(|_| start_and_fetch()).collect();
    report::report("from process start to the first page", times, BAR);
    to_the_code();
}

/// Beside the same program when it does next to nothing, which is what a process costs here.
fn to_the_code() {
    let kept = TempDir::new().expect("there is room for a folder");
    let [mut floor, mut plain, mut first, mut again] = [const { Vec::new() }; 4];
    for _ in 0..TURNS {
        let new = TempDir::new().expect("there is room for a folder");
        floor.push(version());
        plain.push(start_and_read(&kept, &[]));
        first.push(start_and_read(&new, &["--tls"]));
        again.push(start_and_read(&kept, &["--tls"]));
    }
    for (what, times) in [
        ("guidebook --version, to its end (the floor)", floor),
        ("guidebook workshop, to the code", plain),
        ("the same with --tls, which makes its authority", first),
        ("the same with --tls, which has it", again),
    ] {
        report::report(what, times, CODE_BAR);
    }
}

fn version() -> Duration {
    let started = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_guidebook"))
        .arg("--version")
        .output()
        .expect("the binary starts");
    assert!(output.status.success());
    started.elapsed()
}

/// A workshop on all interfaces, as a host starts it, whose files are in this folder.
fn start_and_read(folder: &TempDir, options: &[&str]) -> Duration {
    let started = Instant::now();
    let mut workshop = Ended(
        Command::new(env!("CARGO_BIN_EXE_guidebook"))
            .args(["workshop", "--listen", "0.0.0.0:0"])
            .args(options)
            .env("XDG_STATE_HOME", folder.path())
            .env("XDG_CONFIG_HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts"),
    );
    let mut lines = workshop.lines();
    assert!(lines.any(|line| line.contains(LAST_LINE)));
    started.elapsed()
}

fn start_and_fetch() -> Duration {
    let started = Instant::now();
    let mut server = Ended(
        Command::new(env!("CARGO_BIN_EXE_guidebook"))
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts"),
    );
    let address = (server.lines())
        .find_map(|line| address_in(&line))
        .expect("it prints its address");
    let page = fetch(&address).expect("it serves");
    let time = started.elapsed();
    assert!(
        page.starts_with("HTTP/1.1 200 OK") && page.ends_with("</html>\n"),
        "{page}"
    );
    time
}

/// `… http://127.0.0.1:8000/ …`
fn address_in(line: &str) -> Option<String> {
    Some(line.split_once("http://")?.1.split_once('/')?.0.to_owned())
}

fn fetch(address: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect(address)?;
    write!(
        connection,
        "GET / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )?;
    let mut page = String::new();
    connection.read_to_string(&mut page)?;
    Ok(page)
}

/// A process that ends with its owner.
struct Ended(Child);

impl Ended {
    fn lines(&mut self) -> impl Iterator<Item = String> + use<> {
        let output: ChildStdout = self.0.stdout.take().expect("its output is piped");
        BufReader::new(output).lines().map_while(Result::ok)
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.kill().expect("it can be ended");
        self.0.wait().expect("it ends");
    }
}
