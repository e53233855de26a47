//! What a workshop of 200 attendees costs the program while its host's page is open, and how soon the page shows what an attendee does.
//! Linux only.
//!
//! Each attendee is a WebSocket that says something every few seconds, as a reader who scrolls and runs demos makes a page do.

#[path = "rust_calls/idle.rs"]
mod idle;
#[path = "../tests/server/support/keyboard.rs"]
#[expect(clippy::unwrap_used, reason = "a bench ends as tests do")]
mod keyboard;
#[path = "../tests/server/support/program.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "a bench needs less of the program than the tests do, and ends as they do"
)]
mod program;
mod report;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use keyboard::Keyboard;
use program::{PROGRAM, Running, guidebook};

const ATTENDEES: usize = 200;
/// How often each says what it sees.
const SEEN_EVERY: Duration = Duration::from_secs(5);
/// What is measured.
const TIME: Duration = Duration::from_secs(30);
/// Between two things of which the way to the page is measured.
const PROBE_EVERY: Duration = Duration::from_millis(1_300);

/// After so long without less memory there will be no less: the allocator gives back within ten seconds.
const GIVEN_BACK: Duration = Duration::from_secs(15);

const CORE_BAR: f64 = 0.05;
const ATTENDEE_BAR_KIB: f64 = 60.0;
const UPDATE_BAR: Duration = Duration::from_secs(1);

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

#[tokio::main]
async fn main() -> Result<()> {
    let (mut running, mut keyboard, _folder) = start()?;
    // It renders the book first.
    idle::wait_for(running.process_id()).await?;
    let before = settled_kib(&running).await;
    let mut page = open_page(&mut running, &mut keyboard).await?;
    let mut crowd = JoinSet::new();
    for number in 0..ATTENDEES {
        crowd.spawn(attend(running.port, number));
    }
    timeout(PATIENCE, async {
        while next_view(&mut page).await?.matches("\"here\":true").count() < ATTENDEES {}
        anyhow::Ok(())
    })
    .await
    .context("all attendees should be seen")??;

    let mut probe = connect(running.port, "/workshop/attend", "").await?;
    hello(&mut probe).await?;
    let ticks = idle::ticks(running.process_id())?;
    let updates = updates(&mut page, &mut probe).await?;
    let seconds = (idle::ticks(running.process_id())? - ticks) as f64 / 100.0;
    let after = running.resident_kib();
    let kib = after.saturating_sub(before) as f64 / ATTENDEES as f64;
    report::report("from an attendee to the host's page", updates, UPDATE_BAR);
    let core = seconds / TIME.as_secs_f64();
    println!(
        "{ATTENDEES} attendees: {core:.3} of a core; {} the bar of {CORE_BAR}",
        verdict(core <= CORE_BAR)
    );
    println!(
        "each: {kib:.1} KiB resident ({before} before, {after} after); {} the bar of {ATTENDEE_BAR_KIB} KiB",
        verdict(kib <= ATTENDEE_BAR_KIB)
    );
    if let Some(ended) = crowd.try_join_next() {
        ended??;
        bail!("an attendee was gone before the end");
    }
    Ok(())
}

/// Resident memory, once the allocator has given back what the rendering of the book has left: in that, attendees would take nothing.
async fn settled_kib(running: &Running) -> u64 {
    let mut least = running.resident_kib();
    let mut since = Instant::now();
    while since.elapsed() < GIVEN_BACK {
        sleep(Duration::from_secs(1)).await;
        let now = running.resident_kib();
        if now < least {
            least = now;
            since = Instant::now();
        }
    }
    least
}

fn verdict(is_within: bool) -> &'static str {
    match is_within {
        true => "within",
        false => "OVER",
    }
}

/// The program in a terminal, where it finds no browser: so it prints the address of the host's page.
fn start() -> Result<(Running, Keyboard, tempfile::TempDir)> {
    let nothing = tempfile::TempDir::new()?;
    let (keyboard, terminal) = Keyboard::new();
    let mut command = guidebook(PROGRAM);
    command
        .args(["workshop", "--log", "warn"])
        .env("PATH", nothing.path())
        .stdin(terminal);
    Ok((Running::start(&mut command), keyboard, nothing))
}

/// The host's page, by a code that was asked for in the terminal.
async fn open_page(running: &mut Running, keyboard: &mut Keyboard) -> Result<Socket> {
    keyboard.types("\n");
    running.prints("#code=");
    let (_, code) = running.printed.rsplit_once("#code=").context("a code")?;
    let socket = TcpStream::connect(running.address()).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(socket)).await?;
    tokio::spawn(connection);
    let host = running.address().to_string();
    let request = hyper::Request::post("/workshop/host/session")
        .header("host", &host)
        .header("origin", format!("http://{host}"))
        .body(Full::new(Bytes::from(code.trim().to_owned())))?;
    let opened = sender.send_request(request).await?;
    let cookie = opened.headers().get("set-cookie").context("a session")?;
    let cookie = cookie.to_str()?.split(';').next().unwrap_or_default();
    connect(running.port, "/workshop/host", cookie).await
}

async fn connect(port: u16, path: &str, cookie: &str) -> Result<Socket> {
    let origin = format!("http://127.0.0.1:{port}");
    let mut request = format!("ws://127.0.0.1:{port}{path}").into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("origin", origin.parse()?);
    headers.insert("cookie", cookie.parse()?);
    let (socket, _) = timeout(PATIENCE, connect_async(request)).await??;
    Ok(socket)
}

async fn hello(socket: &mut Socket) -> Result<()> {
    let hello = json!({ "type": "hello", "ticket": null, "name": null, "shares": true });
    socket.send(Message::text(hello.to_string())).await?;
    while let Some(message) = socket.next().await {
        if message?
            .to_text()
            .is_ok_and(|text| text.contains("\"you\""))
        {
            return Ok(());
        }
    }
    bail!("an attendee was not let in")
}

/// One attendee, for as long as the bench runs.
async fn attend(port: u16, number: usize) -> Result<()> {
    let mut socket = connect(port, "/workshop/attend", "").await?;
    hello(&mut socket).await?;
    // Not all at once.
    sleep(SEEN_EVERY.mul_f64(number as f64 / ATTENDEES as f64)).await;
    let mut seen = interval(SEEN_EVERY);
    for turn in 0.. {
        let next = async {
            loop {
                tokio::select! {
                    _ = seen.tick() => return Ok(()),
                    message = socket.next() => { message.context("the server goes on")??; }
                }
            }
        };
        let ticked: Result<()> = next.await;
        ticked?;
        let told = told(&format!("Turn {turn} of attendee {number}"), turn % 2 == 0);
        socket.send(Message::text(told)).await?;
    }
    Ok(())
}

/// What a page tells of a reader in the middle of the book.
fn told(title: &str, running: bool) -> String {
    json!({
        "type": "seen",
        "page": "connecting/index.html",
        "title": title,
        "demo": "quickconnect-intro.js",
        "running": running,
        "error": "TypeError: Cannot read properties of undefined (reading 'createOffer')",
        "way": "direct",
        "solved": ["connecting/two-peers", "agreeing/glare", "way/no-route"],
    })
    .to_string()
}

async fn next_view(page: &mut Socket) -> Result<String> {
    loop {
        match page.next().await.context("the page goes on")?? {
            Message::Text(text) if text.starts_with("{\"type\":\"view\"") => {
                return Ok(text.to_string());
            }
            _ => {}
        }
    }
}

/// How long what the probe tells takes to be on the page, again and again.
async fn updates(page: &mut Socket, probe: &mut Socket) -> Result<Vec<Duration>> {
    let begin = Instant::now();
    let mut took = Vec::new();
    let mut waiting: Option<(String, Instant)> = None;
    let mut probes = interval(PROBE_EVERY);
    while begin.elapsed() < TIME {
        tokio::select! {
            _ = probes.tick(), if waiting.is_none() => {
                let title = format!("Probe {}.", took.len());
                probe.send(Message::text(told(&title, true))).await?;
                waiting = Some((title, Instant::now()));
            }
            view = next_view(page) => {
                let view = view?;
                if let Some((title, _)) = &waiting
                    && view.contains(title.as_str())
                    && let Some((_, told)) = waiting.take()
                {
                    took.push(told.elapsed());
                }
            }
            message = probe.next() => { message.context("the probe goes on")??; }
        }
    }
    Ok(took)
}
