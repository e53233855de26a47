//! The workshop server: the book and the signaling endpoint from one origin.
//!
//! # Layout
//! Each module says at its head what it may import, and the test command checks that. From the bottom up:
//! - [`signaling`], a crate of its own: rooms of peers, one task per WebSocket; and below it the byte stream of a connection, how much may come at
//!   once and how much in the long run, how much several may hold, and the tokens by which clients prove things
//! - [`transport`]: TLS over such a byte stream
//! - [`metrics`]: what is counted
//! - `hex`: bytes in hexadecimal digits
//! - [`secret`]: random bits that nobody guesses; [`owner_only`]: files in which keys are kept
//! - [`file_watch`]: files that are read again when they have changed
//! - [`tls`]: the certificate by which TLS is spoken, and how it is replaced
//! - [`security_headers`]: headers that every response carries; [`camera_host`]: names for demos with the reader's own devices
//! - [`workshop`]: the address that the host of a workshop gives to everybody, as a QR code too
//! - [`terminal`]: what the program prints, and what of it stays in view
//! - [`config`]: what can be set from outside, and every bound
//! - [`log`]: the log on stderr
//! - [`process`]: what the process gets from the system
//! - [`local_name`]: a name of this machine in its network, by multicast DNS
//! - [`admission`]: who may talk to this server
//! - [`net`]: connections, each a task, and how all of them end
//! - [`relay`]: connects clients that can't reach each other: STUN and TURN
//! - [`place`]: at which address a peer reaches this machine
//! - [`mod@line`]: carries packets between two peers as badly as a page says
//! - [`sfu`]: the media room: forwards audio and video from each who publishes to all who watch
//! - [`cluster`]: rooms that several instances have in common
//! - [`access_token`]: who may join which room, as somebody else has signed
//! - [`attendance`]: who attends a workshop, and in which pair
//! - `attending`: what is done for them beside answering
//! - [`book`]: from Markdown to responses; [`author`]: renders it again when a checkout changes
//! - [`workshop_address`]: which address a workshop has, also when the machine's addresses change
//! - [`companion`]: the server as a peer in a reader's room
//! - [`host_access`]: who may use the host's page
//! - [`doctor`]: looks at a running server from outside
//! - [`state`]: what the handlers share
//! - [`http`]: every route on one page, and the handlers
//!
//! The program, in the package `guidebook`, parses the arguments, binds the address and calls [`run`]; so does every test, on port 0.

pub mod access_token;
pub mod admission;
pub mod attendance;
mod attending;
pub mod author;
pub mod book;
pub mod camera_host;
pub mod cluster;
pub mod companion;
pub mod config;
pub mod doctor;
pub mod file_watch;
mod hex;
pub mod host_access;
pub mod http;
pub mod line;
pub mod local_name;
pub mod log;
pub mod metrics;
pub mod net;
pub mod owner_only;
pub mod place;
pub mod process;
pub mod relay;
pub mod secret;
pub mod security_headers;
pub mod sfu;
pub mod state;
pub mod terminal;
#[cfg(test)]
mod test_headers;
pub mod tls;
pub mod transport;
pub mod workshop;
pub mod workshop_address;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use signaling::switchboard::Switchboard;
use tokio::net::{TcpListener, UdpSocket};
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use access_token::keys::{Keys, NoKeys};
use admission::Admission;
use attendance::Attendance;
use attendance::key::Key;
use book::live::LiveBook;
use cluster::{Cluster, NotJoined};
use companion::Companions;
use config::{Admin, BasePath, Limits, Settings};
use file_watch::LOOK_EVERY;
use host_access::HostAccess;
use line::Lines;
use metrics::Metrics;
use net::listener::Public;
use relay::{Neighbour, Relay};
use secret::NoRandomBytes;
use sfu::Sfu;
use state::App;
use tls::Tls;

/// Where the server listens.
#[derive(Debug)]
pub struct Listeners {
    /// For everybody.
    pub public: Public,
    /// For whoever wants to see the server's numbers.
    pub metrics: Option<TcpListener>,
    /// For STUN and TURN.
    pub relay: Option<UdpSocket>,
    /// How TLS is spoken to everybody, at the port of plain HTTP.
    pub tls: Option<Tls>,
}

impl From<TcpListener> for Listeners {
    fn from(public: TcpListener) -> Self {
        Self {
            public: Public::Tcp(public),
            metrics: None,
            relay: None,
            tls: None,
        }
    }
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// Without a key nobody could be told from others.
    #[error("A workshop needs a key for its attendees' tickets: {0}. Start it again.")]
    NoKey(#[from] NoRandomBytes),
    /// A proxy may take the base path away, and then nobody knows which of the two is meant.
    #[error(
        "--base-path can't begin with /{0}, which is a place of the server itself. Choose another path, such as /rtc."
    )]
    BasePath(String),
    /// Without the keys of access tokens nobody could be let in.
    #[error(transparent)]
    NoAccessKeys(#[from] NoKeys),
    /// It takes no part in the cluster that it was to take part in.
    #[error(transparent)]
    NoCluster(#[from] NotJoined),
    /// Pairs are kept by one instance.
    #[error(
        "A workshop is on one instance, which knows who is in which pair: leave out --cluster."
    )]
    WorkshopInCluster,
}

/// Serves until `shutdown` is ready, then ends every connection and returns.
///
/// # Errors
/// When it can't begin.
pub async fn run(
    listeners: impl Into<Listeners>,
    book: Arc<LiveBook>,
    settings: impl Into<Settings>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), NotStarted> {
    run_for_host(listeners, book, settings, Arc::default(), shutdown).await
}

/// The same, and whoever shows a code of `host_access` gets the host's page.
///
/// # Errors
/// When it can't begin.
pub async fn run_for_host(
    listeners: impl Into<Listeners>,
    book: Arc<LiveBook>,
    settings: impl Into<Settings>,
    host_access: Arc<HostAccess>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), NotStarted> {
    let shutdown = Box::pin(shutdown);
    serve(
        listeners.into(),
        book,
        settings.into(),
        host_access,
        shutdown,
    )
    .await
}

/// Is boxed, so that everything below is compiled here, once, and not in each crate that calls [`run`].
fn serve(
    listeners: Listeners,
    book: Arc<LiveBook>,
    settings: Settings,
    host_access: Arc<HostAccess>,
    shutdown: BoxFuture<'static, ()>,
) -> BoxFuture<'static, Result<(), NotStarted>> {
    Box::pin(serve_all(listeners, book, settings, host_access, shutdown))
}

async fn serve_all(
    listeners: Listeners,
    book: Arc<LiveBook>,
    settings: Settings,
    host_access: Arc<HostAccess>,
    shutdown: BoxFuture<'static, ()>,
) -> Result<(), NotStarted> {
    let Listeners {
        public,
        metrics: for_metrics,
        relay,
        tls,
    } = listeners;
    let Settings {
        access,
        proxy,
        limits,
        relay: relay_settings,
        admin,
        cluster,
    } = settings;
    if cluster.cluster.is_some() && book.workshop().is_some() {
        return Err(NotStarted::WorkshopInCluster);
    }
    check_base_path(&book, &proxy.base_path)?;
    let (access_keys, _access_keys_watch) = match &access.access_key {
        Some(path) => Some(Keys::open(path.clone(), LOOK_EVERY)?),
        None => None,
    }
    .unzip();
    let limits = Arc::new(limits);
    let access = Arc::new(access);
    let admission = Admission::new(Arc::clone(&access), book.proof().clone());
    let signaling_limits = Arc::new(limits.signaling());
    let switchboard = Switchboard::new(&signaling_limits);
    let metrics = Arc::new(Metrics::with(Arc::clone(switchboard.counts())));
    let cluster = Cluster::join(&cluster, &switchboard, &metrics).await?;
    let public_address = public.address();
    let of_metrics = for_metrics
        .as_ref()
        .and_then(|listener| listener.local_addr().ok());
    let services = [public_address, of_metrics].into_iter().flatten();
    let services = services.map(|address| address.port()).collect();
    let closing = CancellationToken::new();
    let tasks = TaskTracker::new();
    let udp = relay.map(Arc::new);
    // At a Unix socket the address of the machine is where its relay is.
    let of_relay = || udp.as_ref()?.local_addr().ok();
    let reached_at = public_address.or_else(of_relay);
    let sfu = match reached_at {
        Some(address) if !limits.no_sfu => {
            Sfu::new(address, udp.clone(), &relay_settings, &limits, &metrics)
        }
        // Nobody reaches a listener without an address.
        _ => None,
    };
    let sfu = sfu.map(|(sfu, running)| {
        tasks.spawn(running.run(closing.clone()));
        sfu
    });
    let relay = udp.and_then(|socket| {
        let counts = Arc::clone(&metrics);
        let neighbour = sfu.clone().map(|sfu| sfu as Arc<dyn Neighbour>);
        Relay::new(
            socket,
            neighbour,
            public_address,
            &relay_settings,
            &limits,
            services,
            counts,
        )
    });
    let lines = match reached_at {
        Some(address) if !limits.no_line => Some(Arc::new(Lines::new(
            address,
            &relay_settings,
            Arc::clone(&limits),
            Arc::clone(&metrics),
            closing.clone(),
            tasks.clone(),
        ))),
        // Nobody reaches a listener without an address.
        _ => None,
    };
    let has_to_name_itself = |client| proxy.proxy_protocol && access.trusts(client);
    let companions = match public_address {
        // It connects from this machine, and without the PROXY protocol.
        Some(address)
            if !limits.no_companion && !has_to_name_itself(companion::dialled(address)) =>
        {
            let lines = lines.clone();
            Some(Arc::new(Companions::new(
                address,
                Arc::clone(&limits),
                lines,
            )))
        }
        // A listener without an address can't be joined.
        _ => None,
    };
    let port = public_address.map_or(0, |address| address.port());
    let attendance = match book.workshop() {
        Some(_) => Some(Arc::new(attend(&limits, &admin, port, &metrics)?)),
        None => None,
    };
    let app = App {
        book,
        attendance,
        host_access,
        companions,
        switchboard,
        metrics,
        cluster,
        relay,
        lines,
        sfu,
        tls,
        signaling_limits,
        limits,
        access_keys,
        admission: Arc::new(admission),
        access,
        proxy: Arc::new(proxy),
        closing,
        tasks,
    };
    let switchboard = Arc::clone(&app.switchboard);
    let _deliveries = AbortOnDropHandle::new(tokio::spawn(async move {
        switchboard.deliveries().run().await;
    }));
    let _attendance = app.attendance.clone().map(|attendance| {
        let switchboard = Arc::clone(&app.switchboard);
        let book = Arc::clone(&app.book);
        AbortOnDropHandle::new(tokio::spawn(attending::attend_to(
            attendance,
            switchboard,
            book,
        )))
    });
    if let Some(relay) = &app.relay {
        let served = Arc::clone(relay).serve(app.closing.clone());
        app.tasks.spawn(served);
    }
    let environment = app.environment();
    if let Some(listener) = for_metrics {
        // It can be asked until the very end.
        let closing = app.closing.clone().cancelled_owned();
        let site = http::for_operators(app.clone());
        // No proxy passes on connections to it: who asks here asks for itself.
        let environment = net::Environment {
            proxy: Arc::default(),
            ..environment.clone()
        };
        let served = net::serve_until(closing, listener, site, environment);
        app.tasks.spawn(served);
    }
    let site = http::app(app.clone(), &admin);
    net::serve_until(shutdown, public, site, environment).await;
    tracing::info!(connections = app.tasks.len(), "Stopping");
    if let Some(cluster) = &app.cluster {
        cluster.leave().await;
    }
    app.closing.cancel();
    app.switchboard.close();
    app.tasks.close();
    // Each task gives itself `CLOSING_TIME`.
    app.tasks.wait().await;
    Ok(())
}

/// Whether the server can stand below this path.
///
/// # Errors
/// When it begins like a path of the server or the book.
pub fn check_base_path(book: &LiveBook, base_path: &BasePath) -> Result<(), NotStarted> {
    match base_path.first_name() {
        Some(name) if http::below::is_taken(&book.current(), name) => {
            Err(NotStarted::BasePath(name.to_owned()))
        }
        _ => Ok(()),
    }
}

/// The attendance of the workshop at this port. Its key outlives the process where it is said in which folder.
fn attend(
    limits: &Limits,
    admin: &Admin,
    port: u16,
    metrics: &Arc<Metrics>,
) -> Result<Attendance, NotStarted> {
    let key = match &admin.state_dir {
        Some(folder) => Key::kept_in(folder, port)?,
        None => Key::random()?,
    };
    Ok(Attendance::new(limits.places(), &key, Arc::clone(metrics)))
}
