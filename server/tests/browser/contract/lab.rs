//! Where the contract is tried: a blank page with the suite, and a signaling server that a case may stop and start.
//!
//! May import: `rust_side`, `slow_link`, [`harness`](crate::harness).

use std::collections::HashMap;
use std::future::pending;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use server::config::{Access, Limits, Settings};
use tokio::net::TcpListener;
use tokio::sync::{Barrier, Mutex};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::rust_side::{self, Clients};
use crate::harness::BOOK;
use crate::slow_link::{Direction, Pace, SlowLink};

const PAGE: &str = "<!doctype html><html lang=en><title>contract</title><link rel=icon href=data:,>\
     <script type=module src=/suite/side.js></script></html>";

/// The published client, `rtc-quickconnect` 8.0.0, bundled by `cargo xtask vendor`.
const ORIGINAL: &str = include_str!("original/rtc-quickconnect.js");

/// How often the brisk server pings.
pub(super) const PING_PERIOD: Duration = Duration::from_millis(500);

/// What values look like in a frame, for both clients.
const ENCODING: &str = include_str!("../../../../code/quickconnect/encoding.json");

macro_rules! suite {
    ($($file:literal),+) => { [$(($file, include_str!(concat!("suite/", $file)))),+] };
}
pub(super) const SUITE: [(&str, &str); 21] = suite![
    "side.js",
    "cases.js",
    "joining.js",
    "calls.js",
    "channels.js",
    "messages.js",
    "media.js",
    "options.js",
    "original.js",
    "rust.js",
    "faults.js",
    "handmade.js",
    "limits.js",
    "stand-in.js",
    "timing.js",
    "listeners.js",
    "exposed.js",
    "losses.js",
    "endings.js",
    "endurance.js",
    "negotiation.js"
];

/// Which implementation a side has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Client {
    Current,
    Original,
    Rust,
}

#[derive(Clone)]
pub(super) struct Lab {
    /// Where the pages are.
    pub(super) address: SocketAddr,
    /// Where the library and the signaling are.
    pub(super) signaling: String,
    /// Another way there, as fast.
    pub(super) detour: SlowLink,
    /// And one that is slow.
    pub(super) slow: SlowLink,
    /// A server that pings its clients often.
    pub(super) brisk: String,
    /// A way there.
    pub(super) half_open: SlowLink,
    server: Arc<Mutex<Option<Running>>>,
    /// Where sides of a case wait for each other.
    meetings: Arc<Mutex<HashMap<String, Arc<Barrier>>>>,
}

struct Running {
    stop: CancellationToken,
    task: JoinHandle<Result<(), server::NotStarted>>,
}

impl Lab {
    /// The address of a client's module.
    pub(super) fn module(&self, client: Client) -> String {
        match client {
            Client::Current => format!("{}/code/quickconnect/js/index.js", self.signaling),
            Client::Original => format!("http://{}/original.js", self.address),
            Client::Rust => format!("http://{}/suite/rust.js", self.address),
        }
    }

    /// It lives as long as the runtime of its test.
    pub(super) async fn start() -> Result<Self> {
        let pages = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let signaling = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let brisk = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let lab = Self {
            address: pages.local_addr()?,
            detour: SlowLink::open(signaling.local_addr()?, Pace::FREE).await?,
            slow: SlowLink::open(signaling.local_addr()?, Pace::SLOW).await?,
            half_open: SlowLink::open(brisk.local_addr()?, Pace::FREE).await?,
            brisk: format!("http://{}", brisk.local_addr()?),
            signaling: format!("http://{}", signaling.local_addr()?),
            server: Arc::new(Mutex::new(Some(serve(signaling, Limits::default())))),
            meetings: Arc::default(),
        };
        let often = Limits {
            ping_period: PING_PERIOD,
            ..Limits::default()
        };
        serve(brisk, often);
        let router = Router::new()
            .route("/", get(|| async { Html(PAGE) }))
            .route("/suite/{file}", get(suite))
            .route("/original.js", get(|| async { javascript(ORIGINAL) }))
            .route("/encoding.json", get(|| async { ENCODING }))
            // A server that takes a request and says nothing.
            .route("/silent", get(pending::<()>))
            .route("/meet/{room}/{meeting}/{count}", post(meet))
            .route("/server/{what}", post(server))
            .route("/link/{which}/{what}", post(link))
            .with_state(lab.clone());
        let rust = Router::new()
            .route("/rust/{*path}", post(rust_side::ask))
            .with_state(Clients::start().await?);
        let router = router.merge(rust);
        tokio::spawn(axum::serve(pages, router).into_future());
        Ok(lab)
    }

    pub(super) async fn stop_server(&self) {
        if let Some(running) = self.server.lock().await.take() {
            running.stop.cancel();
            let ended = running.task.await.expect("the server ends in peace");
            ended.expect("it has begun");
        }
    }

    /// On the same port as before.
    pub(super) async fn start_server(&self) -> Result<()> {
        let mut server = self.server.lock().await;
        if server.is_none() {
            let address = self.signaling.trim_start_matches("http://");
            let listener = TcpListener::bind(address).await?;
            *server = Some(serve(listener, Limits::default()));
        }
        Ok(())
    }
}

fn serve(listener: TcpListener, limits: Limits) -> Running {
    let stop = CancellationToken::new();
    let shutdown = stop.clone().cancelled_owned();
    // The pages are another server's.
    let every_page = "*".parse().expect("it is every origin");
    let access = Access {
        allow_origin: vec![every_page],
        ..Access::default()
    };
    let settings = Settings {
        access,
        limits,
        ..Settings::default()
    };
    let task = tokio::spawn(server::run(listener, BOOK.clone(), settings, shutdown));
    Running { stop, task }
}

async fn suite(Path(file): Path<String>) -> Response {
    match SUITE.iter().find(|(name, _)| *name == file) {
        Some((_, text)) => javascript(text),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn javascript(text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "text/javascript")], text).into_response()
}

async fn meet(
    State(lab): State<Lab>,
    Path((room, meeting, count)): Path<(String, usize, usize)>,
) -> StatusCode {
    let barrier = lab
        .meetings
        .lock()
        .await
        .entry(format!("{room} {meeting}"))
        .or_insert_with(|| Arc::new(Barrier::new(count)))
        .clone();
    barrier.wait().await;
    StatusCode::NO_CONTENT
}

async fn link(State(lab): State<Lab>, Path((which, what)): Path<(String, String)>) -> StatusCode {
    let link = match which.as_str() {
        "detour" => &lab.detour,
        "slow" => &lab.slow,
        "half-open" => &lab.half_open,
        _ => return StatusCode::NOT_FOUND,
    };
    match what.as_str() {
        "cut" => link.cut(),
        "forget" => link.forget(),
        "freeze-to-server" => link.freeze(Direction::ToServer),
        "freeze-to-client" => link.freeze(Direction::ToClient),
        "thaw" => link.thaw(),
        _ => return StatusCode::NOT_FOUND,
    }
    StatusCode::NO_CONTENT
}

async fn server(State(lab): State<Lab>, Path(what): Path<String>) -> Response {
    match what.as_str() {
        "stop" => lab.stop_server().await,
        "start" => {
            if let Err(error) = lab.start_server().await {
                let error = format!("{error:#}");
                return (StatusCode::INTERNAL_SERVER_ERROR, error).into_response();
            }
        }
        _ => return StatusCode::NOT_FOUND.into_response(),
    }
    StatusCode::NO_CONTENT.into_response()
}
