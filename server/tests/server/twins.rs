//! The book's demos in Rust: what they print, which is also what the book shows, but for what differs from run to run.
//!
//! `UPDATE_BOOK=1` writes what they print into the book's files in place of comparing the two.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use quickconnect::{Codec, Event, LocalTrack, QuickConnect, RemoteTrack};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::interval;

use crate::support::{Server, soon};

/// Cargo builds the examples beside the tests.
pub(crate) fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    profile.join("examples").join(name)
}

/// Compares what was printed with what the book shows, by what `steady` leaves of both.
fn is_shown(name: &str, printed: &[String], steady: impl Fn(Vec<String>) -> Vec<String>) {
    let folder = match name {
        "calls-program" | "topologies-forward" => "media",
        _ => "connecting",
    };
    let file = format!("../../code/{folder}/{name}.txt");
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
    const MADE_UP: [&str; 9] = [
        "a=fingerprint:sha-256 ",
        "a=ice-ufrag:",
        "a=ice-pwd:",
        "I am ",
        "peer:announce ",
        "call:started ",
        "call:ended ",
        "track:detected ",
        "passes on Vp8 of ",
    ];
    if line.contains(" packets of ") {
        return "… packets of …".to_owned();
    }
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

/// A program of the book that takes the address of a server, and a room.
struct Running {
    lines: Lines<BufReader<ChildStdout>>,
    _program: Child,
}

impl Running {
    fn start(name: &str, url: &str) -> Self {
        let mut program = Command::new(example(name))
            .arg(url)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            lines: BufReader::new(program.stdout.take().unwrap()).lines(),
            _program: program,
        }
    }

    async fn line(&mut self) -> String {
        let line = soon("a line", self.lines.next_line()).await;
        line.unwrap().expect("the program goes on")
    }
}

/// Feeds a track until the test ends.
fn feed(track: LocalTrack) {
    tokio::spawn(async move {
        let mut ticks = interval(Duration::from_millis(20));
        for number in 0.. {
            ticks.tick().await;
            track.send_frame(vec![0; 500], Duration::from_millis(20) * number);
        }
    });
}

async fn detected(peer: &mut QuickConnect) -> RemoteTrack {
    let detected = async {
        loop {
            if let Event::TrackDetected(track) = peer.next().await.unwrap() {
                return track;
            }
        }
    };
    soon("a track", detected).await
}

/// Whether the payload of a packet begins a key frame ([RFC 7741, section 4.2](https://www.rfc-editor.org/rfc/rfc7741#section-4.2),
/// [RFC 6386, section 9.1](https://www.rfc-editor.org/rfc/rfc6386#section-9.1)).
fn begins_key_frame(payload: &[u8]) -> bool {
    // A byte, one that says what follows, and the number of the picture, in one byte or in two.
    let frame = 3 + usize::from(payload[2] >> 7);
    payload[0] & 0x10 != 0 && payload[frame] & 1 == 0
}

#[tokio::test]
async fn calls_program_plays_its_clip_again_and_again_and_counts_what_it_gets() {
    let server = Server::start().await;
    let url = format!("http://{}", server.address);
    let mut twin = Running::start("calls-program", &url);
    let track = LocalTrack::new(Codec::Vp8);
    feed(track.clone());
    let other = QuickConnect::builder(url).room("calls-program");
    let mut other = other.track(&track).connect().await.unwrap();
    let mut lines = vec![twin.line().await];
    assert_eq!(lines[0], format!("track:detected {} Vp8", other.id()));
    let mut clip = detected(&mut other).await;
    let mut beginnings = 0;
    while beginnings < 2 {
        let packet = soon("a packet of the clip", clip.recv()).await.unwrap();
        beginnings += usize::from(begins_key_frame(&packet.payload));
    }
    other.close().await;
    lines.push(twin.line().await);
    is_shown("calls-program", &lines, lines_without_chance);
}

#[tokio::test]
async fn topologies_forward_passes_on_what_is_sent_on_the_stage_while_it_is() {
    let server = Server::start().await;
    let url = format!("http://{}", server.address);
    let mut twin = Running::start("topologies-forward", &url);
    let join = |room: &str| QuickConnect::builder(&url).room(room).media();
    let mut watcher = join("topologies-hall").connect().await.unwrap();
    let mut lines = vec![twin.line().await];
    assert_eq!(lines[0], format!("call:started {}", watcher.id()));
    let track = LocalTrack::new(Codec::Vp8);
    feed(track.clone());
    let sender = join("topologies").track(&track);
    let sender = sender.connect().await.unwrap();
    lines.push(twin.line().await);
    assert_eq!(lines[1], format!("passes on Vp8 of {}", sender.id()));
    let mut seen = detected(&mut watcher).await;
    assert_eq!(seen.stream_id(), track.stream_id());
    // That of the program is the first.
    soon("a request", track.key_frame_wanted()).await;
    let asked = async {
        loop {
            seen.request_key_frame().await;
            soon("a packet", seen.recv()).await.unwrap();
        }
    };
    tokio::select! {
        () = asked => unreachable!(),
        () = soon("a request that was passed on", track.key_frame_wanted()) => {}
    }
    sender.close().await;
    let rest = async { while seen.recv().await.is_some() {} };
    soon("the end of what is passed on", rest).await;
    is_shown("topologies-forward", &lines, lines_without_chance);
}
