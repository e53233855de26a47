//! `guidebook workshop` in a terminal: the code and the address stay in the last rows while the log scrolls above them.
#![cfg(unix)]

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{InTerminal, PROGRAM, Peer, Screen, guidebook};

/// Lines of the log that go by; each peer that joins is three.
const JOINS: usize = 70;

/// What the README promises for the end.
const PROMISE: Duration = Duration::from_secs(2);

/// Of the log that are to be seen: each takes two rows, and the cursor has one.
const LOG_LINES: usize = 3;

fn workshop(arguments: &[&str]) -> Command {
    let mut command = guidebook(PROGRAM);
    command.args(["workshop", "--listen", "127.0.0.1:0"]);
    command.args(["--max-log-lines-per-second", "1000000"]);
    command.args(arguments).env("TERM", "xterm-256color");
    command
}

/// The address that is shown in a line or beside a code.
fn url_in(screen: &Screen<'_>) -> Option<String> {
    let text = screen.text();
    let mut words = text.split_whitespace();
    let is_address = |word: &&str| word.starts_with("http://127.0.0.1:") && word.ends_with('/');
    words.find(is_address).map(str::to_owned)
}

/// Waits until the address and its code are in the last rows, and gives the address.
fn shows_code(terminal: &InTerminal) -> String {
    terminal.shows("the address and its code", |screen| {
        let url = url_in(screen)?;
        let is_last = screen.rows().last()?.contains('█');
        (is_last && screen.codes()? == [url.clone()]).then_some(url)
    })
}

fn log_lines(screen: &Screen<'_>) -> usize {
    let is_log = |row: &&String| row.contains("Peer");
    screen.rows().iter().filter(is_log).count()
}

fn address(url: &str) -> SocketAddr {
    let port = url.trim_end_matches('/').rsplit(':').next().unwrap();
    (Ipv4Addr::LOCALHOST, port.parse().unwrap()).into()
}

async fn join_and_leave(url: &str, ids: impl Iterator<Item = String>) {
    for id in ids {
        let mut peer = Peer::connect_to(address(url), &id).await.unwrap();
        peer.hears_greeting().await;
        peer.announce("r").await;
        while !peer.next_text().await.starts_with("/roominfo|") {}
        peer.closes().await;
    }
}

/// Until the log has told of the last of them.
async fn many_join(terminal: &InTerminal, url: &str, round: &str) {
    let id = |number| format!("{round}{number}");
    join_and_leave(url, (0..JOINS).map(id)).await;
    let last = id(JOINS - 1);
    let is_of_last = |line: &str| line.contains("Peer left") && line.contains(&last);
    terminal.shows("the last line of the log", |screen| {
        screen.bytes().lines().any(is_of_last).then_some(())
    });
}

#[tokio::test]
async fn the_code_stays_while_the_log_scrolls_above_and_also_in_another_size() {
    let terminal = InTerminal::start(&mut workshop(&[]), 26, 80);
    let url = shows_code(&terminal);
    many_join(&terminal, &url, "first").await;
    assert_eq!(shows_code(&terminal), url);
    terminal.shows("the log above", |screen| {
        (log_lines(screen) >= LOG_LINES).then_some(())
    });
    for (rows, columns) in [(40, 130), (24, 90), (30, 80)] {
        terminal.resize(rows, columns);
        assert_eq!(shows_code(&terminal), url);
    }
    many_join(&terminal, &url, "second").await;
    assert_eq!(shows_code(&terminal), url);
    terminal.shows("the log above", |screen| {
        (log_lines(screen) >= LOG_LINES).then_some(())
    });
}

#[tokio::test]
async fn a_terminal_with_few_rows_keeps_the_address_alone_and_one_with_fewer_keeps_nothing() {
    let terminal = InTerminal::start(&mut workshop(&[]), 14, 80);
    let is_kept = |screen: &Screen<'_>| {
        let rows = screen.rows();
        let end = rows.last()?.contains("Ctrl-C ends");
        (end && screen.codes()?.is_empty()).then(|| url_in(screen))?
    };
    let url = terminal.shows("the address in the last rows", is_kept);
    many_join(&terminal, &url, "first").await;
    assert_eq!(terminal.shows("the address in the last rows", is_kept), url);
    terminal.resize(8, 80);
    many_join(&terminal, &url, "second").await;
    terminal.shows("the log in all rows", |screen| {
        (log_lines(screen) >= LOG_LINES && url_in(screen).is_none()).then_some(())
    });
    terminal.resize(30, 80);
    assert_eq!(shows_code(&terminal), url);
}

/// What is written after the end stands below the block, and scrolls all rows.
fn gives_the_terminal_back(mut terminal: InTerminal, is_stopped_by: &str) {
    terminal.signal(is_stopped_by);
    assert!(terminal.ends().success());
    terminal.shows("the prompt in the last row", |screen| {
        let (row, _) = screen.cursor();
        let rows = screen.rows();
        let is_last = usize::from(row) + 1 == rows.len();
        let prompt = rows.last()?;
        (is_last && prompt.starts_with("the end of the test")).then_some(())
    });
    terminal.shows("the end of the region", |screen| {
        let bytes = screen.bytes();
        let (_, after) = bytes.rsplit_once("\x1b[r")?;
        (!after.contains("r\x1b8")).then_some(())
    });
}

#[tokio::test]
async fn at_the_end_the_shell_gets_its_terminal_back_with_the_cursor_below() {
    for signal in ["-INT", "-TERM"] {
        let terminal = InTerminal::start(&mut workshop(&[]), 26, 80);
        let url = shows_code(&terminal);
        many_join(&terminal, &url, "a").await;
        gives_the_terminal_back(terminal, signal);
    }
}

#[tokio::test]
async fn without_colours_or_with_a_terminal_that_is_dumb_everything_scrolls_as_without_a_terminal()
{
    let plain: [&[_]; 5] = [
        &[("NO_COLOR", "1")],
        &[("CLICOLOR", "0")],
        &[("TERM", "dumb")],
        &[("TERM", "dumb"), ("CI", "true")],
        &[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")],
    ];
    for variables in plain {
        let mut workshop = workshop(&[]);
        workshop.envs(variables.iter().copied());
        let terminal = InTerminal::start(&mut workshop, 40, 80);
        terminal.shows("the end of the text", |screen| {
            screen
                .text()
                .contains("Ctrl-C ends the workshop")
                .then_some(())
        });
        terminal.shows("a code", |screen| {
            let bytes = screen.bytes();
            assert!(!bytes.contains("\x1b7"), "{variables:?}");
            screen.text().contains('█').then_some(())
        });
    }
}

#[tokio::test]
async fn a_terminal_that_nobody_reads_holds_up_neither_the_server_nor_its_end() {
    let mut terminal = InTerminal::start(&mut workshop(&[]), 26, 80);
    let url = shows_code(&terminal);
    terminal.stops_reading();
    // Far more than a terminal takes from who writes to it.
    let id = |number| format!("{number}-{}", "x".repeat(100));
    join_and_leave(&url, (0..400).map(id)).await;
    terminal.resize(30, 80);
    terminal.signal("-TERM");
    let begin = Instant::now();
    assert!(terminal.exits().success());
    assert!(begin.elapsed() < PROMISE);
}
