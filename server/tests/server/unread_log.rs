//! The program where its log can't be written: a full disk, a closed terminal, a pipe that nobody reads.
#![cfg(unix)]

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, PipeReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{PROGRAM, Peer, Running, guidebook};

/// What the README promises for the end.
const PROMISE: Duration = Duration::from_secs(2);

const JOINS: usize = 400;

/// So that there is far more to log than a pipe and the queue hold.
fn with_much_to_log() -> Command {
    let mut command = guidebook(PROGRAM);
    command.args(["--max-log-lines-per-second", "1000000"]);
    command.args(["--max-queued-log-bytes", "16384", "--metrics"]);
    command
}

/// Each of them is three lines in the log.
async fn many_join_and_leave(running: &Running) {
    for number in 0..JOINS {
        let id = format!("{number}-{}", "x".repeat(100));
        let mut peer = Peer::connect_to(running.address(), &id).await.unwrap();
        peer.hears_greeting().await;
        peer.announce("r").await;
        while !peer.next_text().await.starts_with("/roominfo|") {}
        peer.closes().await;
    }
}

/// Serves hundreds of joins, and tells how many lines it lost for this reason.
async fn serves_all_the_same(running: &Running, reason: &str) -> u64 {
    many_join_and_leave(running).await;
    for path in ["/", "/healthz"] {
        assert!(
            running.get(path).starts_with("HTTP/1.1 200 OK\r\n"),
            "{path}"
        );
    }
    let numbers = running.get("/metrics");
    let name = format!("guidebook_log_lines_lost_total{{reason=\"{reason}\"}} ");
    let line = numbers.lines().find_map(|line| line.strip_prefix(&name));
    line.expect(&numbers).parse().unwrap()
}

fn ends_in_time(running: Running) {
    let (status, took, _) = running.end_by("-TERM");
    assert_eq!(status.code(), Some(0));
    assert!(took < PROMISE, "{took:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_costs_lines_of_the_log_and_nothing_else() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let running = Running::start_with_stderr(&mut with_much_to_log(), full);
    assert!(serves_all_the_same(&running, "write-failed").await > JOINS as u64);
    ends_in_time(running);
}

#[tokio::test]
async fn a_closed_pipe_costs_lines_of_the_log_and_nothing_else() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let running = Running::start_with_stderr(&mut with_much_to_log(), writer);
    assert!(serves_all_the_same(&running, "write-failed").await > JOINS as u64);
    ends_in_time(running);
}

#[tokio::test]
async fn a_pipe_that_nobody_reads_holds_up_neither_the_server_nor_its_end() {
    let (_unread, writer) = io::pipe().unwrap();
    let running = Running::start_with_stderr(&mut with_much_to_log(), writer);
    assert!(serves_all_the_same(&running, "queue-full").await > 0);
    ends_in_time(running);
}

#[tokio::test]
async fn who_reads_again_is_told_how_much_is_missing() {
    let (unread, writer) = io::pipe().unwrap();
    let running = Running::start_with_stderr(&mut with_much_to_log(), writer);
    let lost = serves_all_the_same(&running, "queue-full").await;
    let told = tokio::task::spawn_blocking(move || lost_by_its_own_account(unread));
    assert_eq!(crate::support::soon("a line", told).await.unwrap(), lost);
}

fn lost_by_its_own_account(log: PipeReader) -> u64 {
    for line in BufReader::new(log).lines() {
        let line = line.unwrap();
        if let Some((_, rest)) = line.split_once(": Lost ") {
            return rest.split(' ').next().unwrap().parse().unwrap();
        }
    }
    panic!("the log ends without it");
}

#[tokio::test]
async fn what_clients_cause_is_logged_ten_times_a_second_and_the_rest_is_counted() {
    let running = Running::start(&mut guidebook(PROGRAM));
    many_join_and_leave(&running).await;
    let (_, _, log) = running.end_by("-TERM");
    let mut by_second = HashMap::new();
    let mut left_out = 0;
    for line in log.lines() {
        if line.contains(": Left out ") && line.contains("Peer joined") {
            let number = line.split(": Left out ").nth(1).unwrap();
            left_out += number.split(' ').next().unwrap().parse::<usize>().unwrap();
        } else if line.contains(": Peer joined") {
            let second = line.split('.').next().unwrap().to_owned();
            *by_second.entry(second).or_insert(0) += 1;
        }
    }
    assert!(
        by_second.values().all(|count| *count <= 10),
        "{by_second:?}"
    );
    let logged: usize = by_second.values().sum();
    assert_eq!(logged + left_out, JOINS, "{log}");
}

/// The line with the address is all that is printed there.
#[cfg(target_os = "linux")]
#[test]
fn a_stdout_that_cannot_be_written_is_no_reason_not_to_serve() {
    use std::net::Ipv4Addr;

    let [.., high, low] = std::process::id().to_be_bytes();
    // Nobody prints the port, so it is a fixed one at an address of this process's own.
    let address = Ipv4Addr::new(127, high, low, 1);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut child = guidebook(PROGRAM)
        .args(["--listen", &format!("{address}:8000")])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let is_up = || std::net::TcpStream::connect((address, 8000)).is_ok();
    while !is_up() {
        assert!(child.try_wait().unwrap().is_none(), "it has ended");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
