//! A server on a free port that stops when the test says so, or ends.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use server::Listeners;
use server::book::shelf::Shelf;
use server::book::source::Source;
use server::config::{Limits, Settings};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::soon;

const FREE_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// The book that the program carries, rendered once for all tests.
static EMBEDDED: LazyLock<Arc<Shelf>> =
    LazyLock::new(|| Arc::new(Shelf::open(Source::Embedded).unwrap()));

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) shelf: Arc<Shelf>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
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

    pub(crate) async fn with_shelf(shelf: Arc<Shelf>) -> Self {
        Self::with(shelf, Settings::default()).await
    }

    /// With what `listen` makes of its listener.
    pub(crate) async fn with_listeners(listen: impl FnOnce(TcpListener) -> Listeners) -> Self {
        let shelf = Arc::clone(&EMBEDDED);
        Self::begin(FREE_PORT, shelf, Settings::default(), listen).await
    }

    /// Another one, where one was stopped.
    pub(crate) async fn start_at(address: SocketAddr) -> Self {
        let shelf = Arc::clone(&EMBEDDED);
        Self::begin(address, shelf, Settings::default(), Listeners::from).await
    }

    /// As another process would, where one was stopped: it knows nothing of the secrets that the former one gave away.
    pub(crate) async fn start_anew_at(address: SocketAddr) -> Self {
        let shelf = Arc::new(Shelf::open(Source::Embedded).unwrap());
        Self::begin(address, shelf, Settings::default(), Listeners::from).await
    }

    async fn with(shelf: Arc<Shelf>, settings: Settings) -> Self {
        Self::begin(FREE_PORT, shelf, settings, Listeners::from).await
    }

    async fn begin(
        address: SocketAddr,
        shelf: Arc<Shelf>,
        settings: Settings,
        listen: impl FnOnce(TcpListener) -> Listeners,
    ) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        // A test that drops its server stops it, too.
        let shutdown = async { drop(stopped.await) };
        let running = tokio::spawn(server::run(
            listen(listener),
            Arc::clone(&shelf),
            settings,
            shutdown,
        ));
        Self {
            address,
            shelf,
            stop,
            running,
        }
    }

    /// What a frame of the book adds to the query of an address, so that it may signal.
    pub(crate) fn proof(&self) -> String {
        self.shelf.proof().parameter()
    }

    /// Stops it, and says how long that took.
    pub(crate) async fn stop(self) -> Duration {
        let begin = Instant::now();
        self.stop.send(()).unwrap();
        soon("the end of the server", self.running).await.unwrap();
        begin.elapsed()
    }
}
