//! What clients of HTTP/2 do to harm the others: floods of frames that cost their sender little. All of them come from one address; beside them somebody loads
//! pages, over HTTP/2 as well.
#![cfg(target_os = "linux")]

use std::pin::pin;
use std::sync::LazyLock;
use std::time::Duration;

use server::process::descriptors;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::HTTP_2;
use super::bounds::MAX_STREAMS;
use super::frames::{
    self, CANCEL, CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, INITIAL_WINDOW_SIZE, PING,
    RST_STREAM, SETTINGS, WINDOW_UPDATE, frame,
};
use crate::support::http::Http2;
use crate::support::tls::{Certificate, Trusted};
use crate::support::{Checkout, PROGRAM, Running, guidebook, soon};

/// Connections of the attacker at a time. Each is made again when the server ends it.
const ATTACKERS: usize = 20;

/// Pages that somebody else loads meanwhile, one after the other.
const PAGES: usize = 5;

/// How long one of them may take.
const PAGE_TIME: Duration = Duration::from_secs(30);

/// How often the memory of the program is looked at meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// What the program may take at any moment beyond what it had before the first flood, for each connection of an attacker: h2 reads as many heads as it has before
/// the first of them is looked at, and refused.
const MAX_KIB_EACH: u64 = 1024;

/// Frames that are sent at once.
const ROUND: u32 = 200;

const PRIORITY: u8 = 0x2;
const UNKNOWN: u8 = 0xfa;
const LARGEST_WINDOW: [u8; 4] = 0x7fff_ffff_u32.to_be_bytes();

/// The newest field of the table, in one byte (<https://www.rfc-editor.org/rfc/rfc7541#section-6.1>).
const NEWEST: u8 = 0x80 | 62;

/// A file of a small book, which is compressed soon.
const PAGE: &str = "/part/large.txt";
const PAGE_BYTES: usize = 200_000;

/// As many fields as a head may have. They are made once: who floods does so, too.
static MANY_FIELDS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let fields = (0..450).map(|number| frames::field(&format!("{number:x}"), ""));
    fields.flatten().collect()
});

/// What attackers do.
struct Flood {
    what: &'static str,
    settings: &'static [(u16, u32)],
    /// What is sent first, before the rounds.
    first: fn() -> Vec<u8>,
    /// What is sent in this round, of which the first is 0.
    round: fn(u32) -> Vec<u8>,
    /// How it is counted, where it ends the connection.
    counted: Option<&'static str>,
}

static FLOODS: [Flood; 15] = [
    Flood {
        what: "requests that are reset at once",
        settings: &[],
        first: Vec::new,
        round: |round| {
            each(round, |stream| {
                [
                    frames::get(stream, PAGE),
                    frame(RST_STREAM, 0, stream, &CANCEL),
                ]
                .concat()
            })
        },
        counted: Some("http2-flood"),
    },
    Flood {
        what: "heads that never end",
        settings: &[],
        first: || frame(HEADERS, 0, 1, &frames::request("GET", "/")),
        round: |_| frame(CONTINUATION, 0, 1, &[]).repeat(ROUND as usize),
        counted: Some("http2-flood"),
    },
    Flood {
        what: "heads that grow from one byte each",
        settings: &[],
        first: large_field,
        round: |round| {
            each(round + 1, |stream| {
                let fields = [frames::request("POST", "/companion"), vec![NEWEST; 4]];
                frame(HEADERS, END_HEADERS, stream, &fields.concat())
            })
        },
        counted: Some("http2-too-much-held"),
    },
    Flood {
        what: "heads of as many fields as there may be",
        settings: &[],
        first: Vec::new,
        round: |round| {
            each(round, |stream| {
                let fields = [&frames::request("POST", "/companion")[..], &MANY_FIELDS];
                frame(HEADERS, END_HEADERS, stream, &fields.concat())
            })
        },
        counted: Some("http2-too-much-held"),
    },
    Flood {
        what: "heads that are larger than may be by far",
        settings: &[],
        first: large_field,
        round: |round| {
            each(round + 1, |stream| {
                let fields = [frames::request("GET", "/"), vec![NEWEST; 1000]];
                frame(HEADERS, END_STREAM | END_HEADERS, stream, &fields.concat())
            })
        },
        counted: Some("http2-flood"),
    },
    Flood {
        what: "responses that get no window",
        settings: &[(INITIAL_WINDOW_SIZE, 0)],
        first: Vec::new,
        round: |round| each(round, |stream| frames::get(stream, PAGE)),
        counted: None,
    },
    Flood {
        what: "responses that get a window of one byte again and again",
        settings: &[(INITIAL_WINDOW_SIZE, 0)],
        first: || {
            frames::streams()
                .take(MAX_STREAMS)
                .flat_map(|stream| frames::get(stream, PAGE))
                .collect()
        },
        round: |_| {
            let streams = frames::streams().take(MAX_STREAMS);
            let windows = streams.flat_map(|stream| frame(WINDOW_UPDATE, 0, stream, &[0, 0, 0, 1]));
            windows.collect()
        },
        counted: None,
    },
    Flood {
        what: "requests that the server has to reset",
        settings: &[(INITIAL_WINDOW_SIZE, 0)],
        first: Vec::new,
        round: |round| {
            each(round, |stream| {
                // No window may be larger.
                let window = frame(WINDOW_UPDATE, 0, stream, &LARGEST_WINDOW);
                [frames::get(stream, PAGE), window.repeat(2)].concat()
            })
        },
        counted: Some("http2-flood"),
    },
    Flood {
        what: "windows of nothing",
        settings: &[],
        first: Vec::new,
        round: |round| {
            each(round, |stream| {
                let window = frame(WINDOW_UPDATE, 0, stream, &[0; 4]);
                [frames::get(stream, PAGE), window].concat()
            })
        },
        counted: None,
    },
    Flood {
        what: "empty frames of a body",
        settings: &[],
        first: || frames::post(1, "/companion"),
        round: |_| frame(DATA, 0, 1, &[]).repeat(ROUND as usize),
        counted: Some("http2-flood"),
    },
    Flood {
        what: "pings",
        settings: &[],
        first: Vec::new,
        round: |_| frame(PING, 0, 0, b"are you?").repeat(ROUND as usize),
        counted: None,
    },
    Flood {
        what: "settings",
        settings: &[],
        first: Vec::new,
        round: |_| frame(SETTINGS, 0, 0, &[]).repeat(ROUND as usize),
        counted: None,
    },
    Flood {
        what: "priorities",
        settings: &[],
        first: Vec::new,
        round: |round| each(round, |stream| frame(PRIORITY, 0, stream, &[0, 0, 0, 0, 1])),
        counted: None,
    },
    Flood {
        what: "windows of the connection",
        settings: &[],
        first: Vec::new,
        round: |_| frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]).repeat(ROUND as usize),
        counted: None,
    },
    Flood {
        what: "frames of a kind that nobody knows",
        settings: &[],
        first: Vec::new,
        round: |_| frame(UNKNOWN, 0, 0, &[]).repeat(ROUND as usize),
        counted: None,
    },
];

/// A request with a field that the table of the connection keeps, as the newest.
fn large_field() -> Vec<u8> {
    let mut field = frames::field("x", &"a".repeat(3900));
    field[0] = 0x40;
    let fields = [frames::request("GET", "/"), field];
    frame(HEADERS, END_STREAM | END_HEADERS, 1, &fields.concat())
}

/// Something for each stream that is new in this round.
fn each(round: u32, send: impl Fn(u32) -> Vec<u8>) -> Vec<u8> {
    let first = round * ROUND;
    let streams = (first..first + ROUND).map(|number| 2 * number + 1);
    streams.flat_map(send).collect()
}

/// Goes on for ever.
async fn attack(
    trusted: Trusted,
    address: std::net::SocketAddr,
    flood: &'static Flood,
    reads: bool,
) {
    loop {
        let Ok(stream) = trusted.connect(address).await else {
            continue;
        };
        let (mut reader, mut writer) = tokio::io::split(stream);
        let begin = [frames::opening(flood.settings), (flood.first)()].concat();
        let send = async {
            writer.write_all(&begin).await?;
            for round in 0.. {
                writer.write_all(&(flood.round)(round)).await?;
                writer.flush().await?;
            }
            std::io::Result::Ok(())
        };
        let read = async {
            let mut bytes = vec![0; 16 * 1024];
            while reads && reader.read(&mut bytes).await.is_ok_and(|count| count > 0) {}
            if !reads {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            _ = send => {}
            () = read => {}
        }
    }
}

async fn connect(trusted: &Trusted, running: &Running) -> Http2 {
    let stream = soon("a connection", trusted.connect(running.address()));
    Http2::over(stream.await.unwrap()).await
}

/// How many were refused for this reason.
async fn refusals(trusted: &Trusted, running: &Running, code: &str) -> u64 {
    let metrics = connect(trusted, running).await.get("/metrics").await;
    let name = format!("guidebook_refusals_total{{code=\"{code}\"}} ");
    let metrics = metrics.text();
    let count = metrics.lines().find_map(|line| line.strip_prefix(&name));
    count.map_or(0, |count| count.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_frames_take_bounded_memory_and_leave_room_for_others() {
    descriptors::provide_for(1000);
    let (certificate, folder) = (Certificate::new(), tempfile::tempdir().unwrap());
    let checkout = Checkout::new();
    checkout.write("book/part/large.txt", &"0123456789".repeat(PAGE_BYTES / 10));
    let mut command = guidebook(PROGRAM);
    command.args(certificate.options(folder.path()));
    command.arg("--book").arg(checkout.path());
    command.args(["--metrics", "--log", "warn"]);
    let running = Running::start(&mut command);
    let trusted = certificate.trusted().offering(&[HTTP_2]);
    let before = running.resident_kib();
    for flood in &FLOODS {
        let counted = match flood.counted {
            Some(code) => refusals(&trusted, &running, code).await,
            None => 0,
        };
        for reads in [true, false] {
            let what = format!("{}, {}", flood.what, if reads { "read" } else { "unread" });
            let mut attackers = JoinSet::new();
            for _ in 0..ATTACKERS {
                attackers.spawn(attack(trusted.clone(), running.address(), flood, reads));
            }
            let (mut most, mut longest) = (before, Duration::ZERO);
            for _ in 0..PAGES {
                let begin = Instant::now();
                let page = async { connect(&trusted, &running).await.get(PAGE).await };
                let mut page = pin!(timeout(PAGE_TIME, page));
                let page = loop {
                    most = most.max(running.resident_kib());
                    tokio::select! {
                        page = &mut page => break page,
                        () = sleep(LOOK_AGAIN) => {}
                    }
                };
                let page = page.unwrap_or_else(|_| panic!("{what}: no page in time"));
                assert_eq!((page.status, page.body.len()), (200, PAGE_BYTES), "{what}");
                longest = longest.max(begin.elapsed());
            }
            // Who reads nothing may be held up before.
            if reads && let Some(code) = flood.counted {
                let is_counted =
                    async { while refusals(&trusted, &running, code).await == counted {} };
                soon(&what, is_counted).await;
            }
            attackers.shutdown().await;
            let each = (most - before) / ATTACKERS as u64;
            println!("{what}: {each} KiB each, a page within {longest:?}");
            assert!(each <= MAX_KIB_EACH, "{what}: {each} KiB");
        }
    }
    let (_, took, log) = running.end_by("-TERM");
    assert!(took < Duration::from_secs(3), "{took:?}");
    assert_eq!(log, "");
}
