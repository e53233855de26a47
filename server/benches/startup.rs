//! From the start of the process to the first page served, on the binary as it is shipped.

mod report;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 20;
const BAR: Duration = Duration::from_millis(150);

fn main() {
    let times = (0..RUNS).map(|_| start_and_fetch()).collect();
    report::report("from process start to the first page", times, BAR);
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
    let output = BufReader::new(server.0.stdout.take().expect("its output is piped"));
    let address = output
        .lines()
        .map_while(Result::ok)
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

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.kill().expect("it can be ended");
        self.0.wait().expect("it ends");
    }
}
