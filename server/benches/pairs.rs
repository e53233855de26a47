//! How long thirty attendees of a workshop take until all of their fifteen pairs are connected, from the moment at which the host presses *Pair everyone*.
//!
//! Two of them are browsers, whose readers press Run as soon as the demo names the room of their pair; 28 are Rust clients that join that room at once. All are on
//! this machine, and so is the server.

#[path = "../tests/server/support/attendee.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "a bench needs less of an attendee than the tests do, and ends as they do"
)]
mod attendee;
#[path = "../tests/browser/harness/mod.rs"]
#[expect(
    dead_code,
    reason = "a bench needs less of a browser than the tests do"
)]
mod harness;
#[path = "rust_calls/idle.rs"]
mod idle;
mod report;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use futures_util::SinkExt as _;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use quickconnect::{Event, QuickConnect};
use serde_json::json;
use server::host_access::HostAccess;
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use attendee::Attendee;
use harness::Kind::Chromium;
use harness::{Browser, Page, eventually, in_hosted_workshop};

const RUNS: usize = 5;
const RUST_PEERS: usize = 28;
const BAR: Duration = Duration::from_secs(5);

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

const CHAPTER: &str = "connecting/";

/// Presses Run when the text names the room of a pair, and keeps when the call has started, in ms since 1970.
const PLAY: &str = "const demo = document.querySelector('section[aria-label=\"quickconnect-intro.js\"]');
    demo?.scrollIntoView();
    const editor = demo?.querySelector('textarea');
    if (!editor) return false;
    const look = setInterval(() => {
        if (!/room: '[a-z]+-[a-z]+\\/quickconnect-intro'/.test(editor.value)) return;
        clearInterval(look);
        [...demo.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === 'Run').click();
    }, 10);
    new MutationObserver((_, observer) => {
        const texts = [...demo.querySelectorAll('.entry .text')].map(({ textContent }) => textContent);
        if (!texts.some((text) => text.startsWith('call:started'))) return;
        observer.disconnect();
        window.startedAt = Date.now();
    }).observe(demo, { subtree: true, childList: true, characterData: true });
    return true;";
const STARTED_AT: &str = "return window.startedAt ?? null;";

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    let in_time = timeout(PATIENCE, future).await;
    in_time.unwrap_or_else(|_| panic!("{what}: nothing for {PATIENCE:?}"))
}

fn main() {
    let mut took = Vec::new();
    for _ in 0..RUNS {
        in_hosted_workshop([Chromium, Chromium], async |browsers, host_access| {
            took.push(measure(browsers, host_access).await?);
            Ok(())
        });
    }
    report::report(
        "thirty attendees in fifteen pairs, all connected",
        took,
        BAR,
    );
}

/// From the host's word to the last call.
async fn measure(browsers: &[Browser; 2], host_access: &HostAccess) -> Result<Duration> {
    idle::wait_for(std::process::id()).await?;
    let address = browsers[0].origin.strip_prefix("http://");
    let address: SocketAddr = address.context("plain HTTP")?.parse()?;
    let mut pages = Vec::new();
    for browser in browsers {
        let page = browser.open(CHAPTER).await?;
        eventually(async || Ok((page.evaluate(PLAY, []).await? == json!(true)).then_some(())))
            .await?;
        pages.push(page);
    }
    let all_here = Arc::new(Barrier::new(RUST_PEERS + 1));
    let mut peers = JoinSet::new();
    for _ in 0..RUST_PEERS {
        peers.spawn(attend(address, Arc::clone(&all_here)));
    }
    all_here.wait().await;
    let mut host = host(address, host_access).await?;
    let (begin, begin_in_browsers) = (Instant::now(), SystemTime::now());
    let command = json!({ "type": "pair-everyone", "size": 2 });
    host.send(Message::text(command.to_string())).await?;
    let mut longest = Duration::ZERO;
    // They stay until all are connected.
    let mut connected = Vec::new();
    while let Some(peer) = timeout(PATIENCE, peers.join_next()).await? {
        let (at, client) = peer??;
        longest = longest.max(at - begin);
        connected.push(client);
    }
    for page in &pages {
        let since_1970 = Duration::from_millis(started_at(page).await?);
        let at = SystemTime::UNIX_EPOCH + since_1970;
        longest = longest.max(at.duration_since(begin_in_browsers)?);
    }
    println!("{:.0} ms", longest.as_secs_f64() * 1000.0);
    for (client, _) in connected {
        client.close().await;
    }
    Ok(longest)
}

async fn started_at(page: &Page<'_>) -> Result<u64> {
    let started = eventually(async || Ok(page.evaluate(STARTED_AT, []).await?.as_u64()));
    started.await.context("a browser should be connected")
}

/// An attendee whose demo is a Rust client: when its call started. It stays as long as what is returned.
async fn attend(
    address: SocketAddr,
    all_here: Arc<Barrier>,
) -> Result<(Instant, (QuickConnect, Attendee))> {
    let mut attendee = Attendee::comes(address).await;
    all_here.wait().await;
    attendee.has_pair_of(2).await;
    let url = format!("http://{address}{}", attendee.path());
    let room = format!("{}/quickconnect-intro", attendee.pair());
    let mut client = QuickConnect::builder(url).room(room).connect().await?;
    loop {
        match client.next().await.context("the client goes on")? {
            Event::CallStarted(_) => return Ok((Instant::now(), (client, attendee))),
            Event::Error(error) => bail!(error),
            _ => {}
        }
    }
}

/// The WebSocket of the host's page.
async fn host(
    address: SocketAddr,
    host_access: &HostAccess,
) -> Result<impl SinkExt<Message, Error = tokio_tungstenite::tungstenite::Error> + Unpin> {
    let code = host_access.make_code(Instant::now()).context("a code")?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(TcpStream::connect(address).await?)).await?;
    tokio::spawn(connection);
    let request = hyper::Request::post("/workshop/host/session")
        .header("host", address.to_string())
        .header("origin", format!("http://{address}"))
        .body(Full::new(Bytes::from(code.reveal())))?;
    let opened = sender.send_request(request).await?;
    let cookie = opened.headers().get("set-cookie").context("a session")?;
    let cookie = cookie.to_str()?.split(';').next().unwrap_or_default();
    let mut request = format!("ws://{address}/workshop/host").into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("origin", format!("http://{address}").parse()?);
    headers.insert("cookie", cookie.parse()?);
    Ok(connect_async(request).await?.0)
}
