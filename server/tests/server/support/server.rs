//! A server on a free port that stops when the test says so, or ends.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::{Limits, Settings};
use server::host_access::HostAccess;
use server::tls::Tls;
use server::workshop::Workshop;
use server::{Listeners, NotStarted, relay};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::soon;
use super::tls::{Certificate, Trusted};
use super::wire::{Over, Way};

const FREE_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// The book that the program carries, rendered once for all tests.
static EMBEDDED: LazyLock<Arc<LiveBook>> =
    LazyLock::new(|| Arc::new(LiveBook::open(Source::Embedded).unwrap()));

/// The same for a workshop.
static OF_WORKSHOP: LazyLock<Arc<LiveBook>> = LazyLock::new(|| {
    let workshop = Workshop::at("http://192.0.2.5:8000/".to_owned()).unwrap();
    Arc::new(LiveBook::open_for(Some(workshop), Source::Embedded).unwrap())
});

/// The same, where TLS is spoken.
static OF_SECURE_WORKSHOP: LazyLock<Arc<LiveBook>> = LazyLock::new(|| {
    let workshop = Workshop::at("http://192.0.2.5:8000/".to_owned()).unwrap();
    let workshop = workshop.with_tls(true);
    Arc::new(LiveBook::open_for(Some(workshop), Source::Embedded).unwrap())
});

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) book: Arc<LiveBook>,
    /// Gives away codes for the host's page.
    pub(crate) host_access: Arc<HostAccess>,
    /// Peers reach it over TLS, and trust its certificate; without it, over TCP.
    trusted: Option<Trusted>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), NotStarted>>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with_limits(Limits::default()).await
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        Self::with_settings(limits.into()).await
    }

    pub(crate) async fn with_settings(settings: Settings) -> Self {
        Self::with(Arc::clone(&EMBEDDED), settings).await
    }

    pub(crate) async fn with_book(book: Arc<LiveBook>) -> Self {
        Self::with(book, Settings::default()).await
    }

    /// A workshop.
    pub(crate) async fn of_workshop(settings: impl Into<Settings>) -> Self {
        Self::of_workshop_at(FREE_PORT, settings).await
    }

    /// The same at this address.
    pub(crate) async fn of_workshop_at(address: SocketAddr, settings: impl Into<Settings>) -> Self {
        let book = Arc::clone(&OF_WORKSHOP);
        Self::begin(address, book, settings.into(), Listeners::from).await
    }

    /// A workshop that speaks TLS.
    pub(crate) async fn of_workshop_with_tls(tls: &Tls) -> Self {
        Self::with_book_and_tls(Arc::clone(&OF_SECURE_WORKSHOP), tls).await
    }

    /// With a listener of its own for metrics, and the address of that.
    pub(crate) async fn with_metrics_listener() -> (Self, SocketAddr) {
        Self::with_metrics_listener_and(Settings::default()).await
    }

    /// The same with these settings.
    pub(crate) async fn with_metrics_listener_and(settings: Settings) -> (Self, SocketAddr) {
        let metrics = TcpListener::bind(FREE_PORT).await.unwrap();
        let address = metrics.local_addr().unwrap();
        let listen = |public| Listeners {
            metrics: Some(metrics),
            ..Listeners::from(public)
        };
        let book = Arc::clone(&EMBEDDED);
        let server = Self::begin(FREE_PORT, book, settings, listen).await;
        (server, address)
    }

    /// At this address, perhaps where another one was stopped.
    pub(crate) async fn start_at(address: SocketAddr) -> Self {
        let book = Arc::clone(&EMBEDDED);
        Self::begin(address, book, Settings::default(), Listeners::from).await
    }

    /// As another process would, where one was stopped: it knows nothing of the secrets that the former one gave away.
    pub(crate) async fn start_anew_at(address: SocketAddr) -> Self {
        let book = Arc::new(LiveBook::open(Source::Embedded).unwrap());
        Self::begin(address, book, Settings::default(), Listeners::from).await
    }

    /// With STUN and TURN at its address, as the program has them.
    pub(crate) async fn with_relay(address: SocketAddr, settings: impl Into<Settings>) -> Self {
        let settings = settings.into();
        let ours = settings.relay.clone();
        // The closure that is given the listener can't wait.
        let public = relay::listen(address).await.unwrap();
        let relay = relay::bind(public.local_addr().unwrap(), &ours)
            .await
            .unwrap();
        let listen = |public| Listeners {
            relay,
            ..Listeners::from(public)
        };
        Self::serve(public, Arc::clone(&EMBEDDED), settings, listen)
    }

    /// As [`with_relay`](Self::with_relay), and TLS is spoken at the same port.
    pub(crate) async fn with_tls(tls: &Tls, settings: impl Into<Settings>) -> Self {
        let settings = settings.into();
        let public = relay::listen(FREE_PORT).await.unwrap();
        let relay = relay::bind(public.local_addr().unwrap(), &settings.relay)
            .await
            .unwrap();
        let listen = |public| Listeners {
            relay,
            tls: Some(tls.clone()),
            ..Listeners::from(public)
        };
        Self::serve(public, Arc::clone(&EMBEDDED), settings, listen)
    }

    /// A server of this book that speaks TLS.
    pub(crate) async fn with_book_and_tls(book: Arc<LiveBook>, tls: &Tls) -> Self {
        let listen = |public| Listeners {
            tls: Some(tls.clone()),
            ..Listeners::from(public)
        };
        Self::begin(FREE_PORT, book, Settings::default(), listen).await
    }

    /// One that peers reach over this. Plain HTTP is served in both cases.
    pub(crate) async fn over(over: Over, settings: impl Into<Settings>) -> Self {
        match over {
            Over::Tcp => Self::with_settings(settings.into()).await,
            Over::Tls => {
                let certificate = Certificate::new();
                let server = Self::with_tls(&certificate.tls(), settings).await;
                Self {
                    trusted: Some(certificate.trusted()),
                    ..server
                }
            }
        }
    }

    /// How peers reach it.
    pub(crate) fn way(&self) -> Way {
        Way {
            address: self.address,
            trusted: self.trusted.clone(),
        }
    }

    async fn with(book: Arc<LiveBook>, settings: Settings) -> Self {
        Self::begin(FREE_PORT, book, settings, Listeners::from).await
    }

    async fn begin(
        address: SocketAddr,
        book: Arc<LiveBook>,
        settings: Settings,
        listen: impl FnOnce(TcpListener) -> Listeners,
    ) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        Self::serve(listener, book, settings, listen)
    }

    fn serve(
        listener: TcpListener,
        book: Arc<LiveBook>,
        settings: Settings,
        listen: impl FnOnce(TcpListener) -> Listeners,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        // A test that drops its server stops it, too.
        let shutdown = async { drop(stopped.await) };
        let host_access = Arc::new(HostAccess::default());
        let running = tokio::spawn(server::run_for_host(
            listen(listener),
            Arc::clone(&book),
            settings,
            Arc::clone(&host_access),
            shutdown,
        ));
        Self {
            address,
            book,
            host_access,
            trusted: None,
            stop,
            running,
        }
    }

    /// What a frame of the book adds to the query of an address, so that it may signal.
    pub(crate) fn proof(&self) -> String {
        self.book.proof().parameter()
    }

    /// Stops it, and says how long that took.
    pub(crate) async fn stop(self) -> Duration {
        let begin = Instant::now();
        self.stop.send(()).unwrap();
        let ended = soon("the end of the server", self.running).await;
        ended.unwrap().unwrap();
        begin.elapsed()
    }
}
