//! The book's demos in Rust: what they print, which is also what the book shows, but for what differs from run to run.
//!
//! `UPDATE_BOOK=1` writes what they print into the book's files in place of comparing the two.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use quickconnect::{Event, QuickConnect};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::support::{Server, soon};

/// Cargo builds the examples beside the tests.
pub(crate) fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    profile.join("examples").join(name)
}

/// Compares what was printed with what the book shows, by what `steady` leaves of both.
fn is_shown(name: &str, printed: &[String], steady: impl Fn(Vec<String>) -> Vec<String>) {
    let file = format!("../../code/connecting/{name}.txt");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE_BOOK").is_some() {
        std::fs::write(&file, printed.join("\n") + "\n").unwrap();
    }
    let shown = std::fs::read_to_string(&file).unwrap();
    let shown = shown.lines().map(str::to_owned).collect();
    assert_eq!(
        steady(printed.to_vec()),
        steady(shown),
        "{} is not what the program prints any more; UPDATE_BOOK=1 cargo test --release -p guidebook --test server twins writes it anew",
        file.display()
    );
}

/// A line without what is made up for each run: keys, ids, ports.
fn without_chance(line: &str) -> String {
    const MADE_UP: [&str; 7] = [
        "a=fingerprint:sha-256 ",
        "a=ice-ufrag:",
        "a=ice-pwd:",
        "I am ",
        "peer:announce ",
        "call:started ",
        "call:ended ",
    ];
    if let Some(begin) = MADE_UP.iter().find(|begin| line.starts_with(**begin)) {
        return format!("{begin}…");
    }
    let words = line.split(' ').map(|word| {
        let digits = word.trim_start_matches("candidate:");
        let is_made_up = digits.len() >= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_made_up { "…" } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn lines_without_chance(lines: Vec<String>) -> Vec<String> {
    lines.iter().map(|line| without_chance(line)).collect()
}

async fn printed(name: &str) -> Vec<String> {
    let run = Command::new(example(name)).kill_on_drop(true).output();
    let Output {
        status,
        stdout,
        stderr,
    } = soon(name, run).await.unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    let text = String::from_utf8(stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn createoffer_prints_an_offer_its_states_and_a_candidate() {
    let lines = printed("createoffer").await;
    let has = |begin: &str| {
        let found = lines.iter().any(|line| line.starts_with(begin));
        assert!(found, "{begin} in {lines:#?}");
    };
    has("offer: v=0");
    has("m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
    has("a=ice-ufrag:");
    has("signaling state: have-local-offer");
    has("candidate:");
    has("gathering: complete");
    is_shown("createoffer", &lines, lines_without_chance);
}

#[tokio::test]
async fn p2p_singlebrowser_sends_one_message_each_way() {
    let mut lines = printed("p2p-singlebrowser").await;
    // What comes after it is how the two sides end, which may be seen or not.
    let last = "connected: one message went each way";
    lines.truncate(1 + lines.iter().position(|line| line == last).unwrap());
    for state in ["connecting", "connected"] {
        for side in ["caller", "answerer"] {
            let line = format!("{side}: {state}");
            assert!(lines.contains(&line), "{line} in {lines:#?}");
        }
    }
    assert_eq!(
        lines[lines.len() - 3..],
        [
            "answerer received: hello from the caller",
            "caller received: hello from the answerer",
            "connected: one message went each way",
        ]
    );
    // The two sides run side by side, so their states come in any order.
    is_shown("p2p-singlebrowser", &lines, |mut lines| {
        lines.sort();
        lines
    });
}

#[tokio::test]
async fn quickconnect_intro_tells_of_a_peer_that_comes_and_goes() {
    let server = Server::start().await;
    let url = format!("http://{}", server.address);
    let mut twin = Command::new(example("quickconnect-intro"))
        .arg(&url)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut printed = BufReader::new(twin.stdout.take().unwrap()).lines();
    let mut line = async || soon("a line", printed.next_line()).await.unwrap().unwrap();
    let mut lines = vec![line().await];

    let other = QuickConnect::builder(url).room("quickconnect-intro");
    let mut other = other.connect().await.unwrap();
    let id = other.id().clone();
    let started = async { while !matches!(other.next().await, Some(Event::CallStarted(_))) {} };
    soon("the call", started).await;
    lines.push(line().await);
    lines.push(line().await);
    other.close().await;
    lines.push(line().await);

    assert!(lines[0].starts_with("I am "), "{lines:?}");
    for (line, event) in lines[1..]
        .iter()
        .zip(["peer:announce", "call:started", "call:ended"])
    {
        assert_eq!(*line, format!("{event} {id}"));
    }
    is_shown("quickconnect-intro", &lines, lines_without_chance);
}
