//! The workshop server: the book and the signaling endpoint from one origin.
//!
//! # Layout
//! - [`config`]: what can be set from outside, and every bound                    -> clap
//! - [`router`]: every route on one page                                         -> the handlers
//! - [`hardening`]: headers that every response carries
//! - [`accept`]: connections, each a task, and how all of them end                -> hyper
//! - [`admission`]: who may talk to this server
//! - [`bucket`]: how much may come at once, and how much in the long run; pure
//! - [`token`]: 128 random bits as a proof
//! - [`book`]: from Markdown to responses: source, render, assets, serving        -> mdbook-driver
//! - [`author`]: watches a checkout and tells the open pages                      -> book, notify
//! - [`operation`]: health, metrics, descriptors: for whoever runs the server    -> axum, rustix
//! - [`doctor`]: looks at a running server from outside                           -> hyper, `quickconnect`'s client
//! - [`signaling`]: rooms of peers, one task per WebSocket                        -> `quickconnect::protocol`
//! - [`companion`]: the server as a peer in a reader's room                       -> `quickconnect`'s client
//!
//! `main.rs` parses the arguments, binds the address and calls [`run`]; so does every test, on port 0.

pub mod accept;
pub mod admission;
pub mod author;
pub mod book;
pub mod bucket;
pub mod companion;
pub mod config;
pub mod doctor;
pub mod hardening;
pub mod operation;
pub mod router;
pub mod signaling;
pub mod token;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use admission::Admission;
use book::shelf::Shelf;
use companion::Companions;
use config::{Access, Limits, Settings};
use signaling::switchboard::Switchboard;

/// How long one connection may take to end once it shall. The whole server ends in little more.
pub(crate) const CLOSING_TIME: Duration = Duration::from_secs(1);

/// What the handlers share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// The book as it is now.
    pub shelf: Arc<Shelf>,
    /// The rooms.
    pub switchboard: Arc<Switchboard>,
    /// Those who keep a lonely reader company, unless that is switched off.
    pub companions: Option<Arc<Companions>>,
    /// The bounds.
    pub limits: Arc<Limits>,
    /// Who may connect.
    pub access: Arc<Access>,
    /// Decides by it.
    pub admission: Arc<Admission>,
    /// Cancelled when the server stops; everything that would go on by itself listens to it.
    pub closing: CancellationToken,
    /// Every task that the end of the server waits for.
    pub tasks: TaskTracker,
}

/// Where the server listens.
#[derive(Debug)]
pub struct Listeners {
    /// For everybody.
    pub public: TcpListener,
    /// For whoever wants to see the server's numbers.
    pub metrics: Option<TcpListener>,
}

impl From<TcpListener> for Listeners {
    fn from(public: TcpListener) -> Self {
        let metrics = None;
        Self { public, metrics }
    }
}

/// Serves until `shutdown` is ready, then ends every connection and returns.
pub async fn run(
    listeners: impl Into<Listeners>,
    shelf: Arc<Shelf>,
    settings: impl Into<Settings>,
    shutdown: impl Future<Output = ()>,
) {
    let Listeners { public, metrics } = listeners.into();
    let Settings {
        access,
        limits,
        operation,
    } = settings.into();
    let limits = Arc::new(limits);
    let companions = match public.local_addr() {
        Ok(address) if !limits.no_companion => {
            Some(Arc::new(Companions::new(address, Arc::clone(&limits))))
        }
        // A listener without an address can't be joined.
        _ => None,
    };
    let access = Arc::new(access);
    let admission = Admission::new(Arc::clone(&access), shelf.proof().clone());
    let app = App {
        shelf,
        companions,
        switchboard: Switchboard::new(&limits),
        limits,
        admission: Arc::new(admission),
        access,
        closing: CancellationToken::new(),
        tasks: TaskTracker::new(),
    };
    let switchboard = Arc::clone(&app.switchboard);
    let _deliveries = AbortOnDropHandle::new(tokio::spawn(async move {
        switchboard.deliveries().run().await;
    }));
    if let Some(listener) = metrics {
        let app = app.clone();
        // It can be asked until the very end.
        let closing = app.closing.clone().cancelled_owned();
        app.tasks.clone().spawn(async move {
            accept::until(closing, listener, router::for_operators(app.clone()), &app).await;
        });
    }
    let router = router::app(app.clone(), &operation);
    accept::until(shutdown, public, router, &app).await;
    tracing::info!(connections = app.tasks.len(), "Stopping");
    app.closing.cancel();
    app.switchboard.close();
    app.tasks.close();
    // Each task gives itself `CLOSING_TIME`.
    app.tasks.wait().await;
}
