//! What every browser test stands on: the real server, a real browser, and waiting for what must come.
//!
//! # Layout
//! - [`driver`]: the processes that drive the browsers
//! - [`browser`]: one session, with a profile of its own
//! - [`chromium`], [`firefox`], [`webkit`]: what only one of the browsers has
//! - [`eventually`]: bounded waiting
//! - [`places`]: how many tests run at the same time
//! - [`trusting`]: browsers that trust an authority
//! - [`own_book`]: a book that differs from the one that the binary carries
//!
//! May import: the `server` crate's front door. Knows nothing of what is on a page.

mod browser;
mod chromium;
mod driver;
pub(crate) mod eventually;
mod firefox;
mod own_book;
pub(crate) mod places;
pub(crate) mod trusting;
mod webkit;

use std::future::pending;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Arc, LazyLock};

use anyhow::Result;
use futures_util::FutureExt;
use futures_util::future::{join_all, try_join_all};
use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::Settings;
use server::host_access::HostAccess;
use server::workshop::Workshop;
use server::workshop::wifi::Wifi;
use server::{Listeners, NotStarted, relay};
use tokio::task::JoinHandle;

pub(crate) use browser::{Browser, Kind, Page};
pub(crate) use eventually::eventually;
pub(crate) use own_book::OwnBook;
use places::Mostly::{Plays, Works};
use places::run;

/// One that is free.
const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// The book that the binary carries, rendered once for all tests, and compressed as the program does it. Books of a single test go out as they
/// are: to compress one takes more of a processor than most tests.
pub(crate) static BOOK: LazyLock<Arc<LiveBook>> = LazyLock::new(|| {
    let book = LiveBook::open(Source::Embedded).expect("the book renders");
    // A benchmark measures what most readers have, while nothing compresses.
    if env!("CARGO_CRATE_NAME") != "browser" {
        book.current().compress();
    }
    Arc::new(book.compressed_once_asked())
});

/// Runs a test with a server and a Chromium of its own, so that tests that run at the same time never meet in a room.
pub(crate) fn in_browser(test: impl AsyncFnOnce(&Browser) -> Result<()>) {
    in_browser_of(Kind::Chromium, test);
}

/// The same, with a browser of this kind.
pub(crate) fn in_browser_of(kind: Kind, test: impl AsyncFnOnce(&Browser) -> Result<()>) {
    run(Works, with_server_and_browser(kind, test));
}

/// The same, with a browser of each of these kinds at the same time, and a server for each: for tests that often wait.
pub(crate) fn in_each_browser<const N: usize>(
    kinds: [Kind; N],
    test: impl AsyncFn(&Browser) -> Result<()>,
) {
    let all = kinds.map(|kind| with_server_and_browser(kind, &test));
    run(Plays, join_all(all));
}

async fn with_server_and_browser(kind: Kind, test: impl AsyncFnOnce(&Browser) -> Result<()>) {
    with_browser_at(start_server(), kind, test).await;
}

async fn with_browser_at(
    server: impl Future<Output = Result<SocketAddr>>,
    kind: Kind,
    test: impl AsyncFnOnce(&Browser) -> Result<()>,
) {
    let address = server.await.unwrap_or_else(|error| panic!("{error:#}"));
    in_browsers([kind], address, async |[browser]| test(browser).await).await;
}

/// The same, with a server of these settings.
pub(crate) fn with_settings(
    kind: Kind,
    settings: Settings,
    test: impl AsyncFnOnce(&Browser) -> Result<()>,
) {
    run(
        Works,
        with_browser_at(start_server_with(settings), kind, test),
    );
}

/// The same, with pages of another book than the one that the binary carries.
pub(crate) fn in_own_book(
    kind: Kind,
    book: &OwnBook,
    test: impl AsyncFnOnce(&Browser) -> Result<()>,
) {
    let server = async { serve(book.open()?, Settings::default()).await };
    run(Works, with_browser_at(server, kind, test));
}

/// The same, in a workshop whose address is that of the server.
pub(crate) fn in_workshop(test: impl AsyncFnOnce(&Browser) -> Result<()>) {
    run(
        Works,
        with_browser_at(start_workshop(), Kind::Chromium, test),
    );
}

/// The same, in a workshop whose host has named the Wi-Fi.
pub(crate) fn in_wifi(wifi: Wifi, test: impl AsyncFnOnce(&Browser) -> Result<()>) {
    run(
        Works,
        with_browser_at(
            begin_workshop(Some(wifi), Arc::default()),
            Kind::Chromium,
            test,
        ),
    );
}

/// The same, with a browser of each of these kinds, and what gives away codes for the host's page.
pub(crate) fn in_hosted_workshop<const N: usize>(
    kinds: [Kind; N],
    test: impl AsyncFnOnce(&[Browser; N], &HostAccess) -> Result<()>,
) {
    run(Works, async {
        let host_access = Arc::new(HostAccess::default());
        let server = begin_workshop(None, Arc::clone(&host_access)).await;
        let address = server.unwrap_or_else(|error| panic!("{error:#}"));
        let hosted = in_browsers(kinds, address, async |browsers| {
            test(browsers, &host_access).await
        });
        hosted.await;
    });
}

/// Runs a test with browsers whose pages are at `address`.
///
/// Browsers of a test that fails are ended, after they have said what went wrong.
pub(crate) async fn in_browsers<const N: usize>(
    kinds: [Kind; N],
    address: SocketAddr,
    test: impl AsyncFnOnce(&[Browser; N]) -> Result<()>,
) {
    let started = try_join_all(kinds.map(|kind| Browser::start(kind, address))).await;
    let browsers: [Browser; N] = started
        .unwrap_or_else(|error| panic!("{error:#}"))
        .try_into()
        .unwrap_or_else(|_| unreachable!("each kind gives one browser"));
    let outcome = AssertUnwindSafe(test(&browsers)).catch_unwind().await;
    for browser in browsers {
        if matches!(outcome, Ok(Ok(()))) {
            browser.keep().await.expect("the browser ends");
        } else {
            browser.print_errors().await;
            browser.quit().await.expect("the browser ends");
        }
    }
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(error)) => panic!("{error:?}"),
        Err(panic) => resume_unwind(panic),
    }
}

/// It lives as long as the runtime of its test.
pub(crate) async fn start_server() -> Result<SocketAddr> {
    start_server_with(Settings::default()).await
}

/// The same, started with these flags.
pub(crate) async fn start_server_with(settings: Settings) -> Result<SocketAddr> {
    serve(BOOK.clone(), settings).await
}

/// A workshop whose address is that of the server. The book names it, and is rendered when it is known.
pub(crate) async fn start_workshop() -> Result<SocketAddr> {
    begin_workshop(None, Arc::default()).await
}

/// The same. The host may have named the Wi-Fi, and whoever shows a code of `host_access` gets the host's page.
async fn begin_workshop(wifi: Option<Wifi>, host_access: Arc<HostAccess>) -> Result<SocketAddr> {
    let settings = Settings::default();
    let (address, listeners) = listen(ANY_PORT, &settings).await?;
    let book = book_of_workshop(address, wifi)?;
    let running = server::run_for_host(listeners, book, settings, host_access, pending());
    tokio::spawn(running);
    Ok(address)
}

/// A workshop that ends once `stop` is ready. `address` is that of one that has ended, or nothing.
pub(crate) async fn start_workshop_until(
    stop: impl Future<Output = ()> + Send + 'static,
    address: Option<SocketAddr>,
    settings: Settings,
) -> Result<(SocketAddr, JoinHandle<Result<(), NotStarted>>)> {
    let (address, listeners) = listen(address.unwrap_or(ANY_PORT), &settings).await?;
    let book = book_of_workshop(address, None)?;
    let running = tokio::spawn(server::run(listeners, book, settings, stop));
    Ok((address, running))
}

fn book_of_workshop(address: SocketAddr, wifi: Option<Wifi>) -> Result<Arc<LiveBook>> {
    let workshop = Workshop::at(format!("http://{address}/"))?.in_wifi(wifi);
    let book = LiveBook::open_for(Some(workshop), Source::Embedded)?;
    Ok(Arc::new(book))
}

async fn serve(book: Arc<LiveBook>, settings: Settings) -> Result<SocketAddr> {
    let (address, listeners) = listen(ANY_PORT, &settings).await?;
    tokio::spawn(server::run(listeners, book, settings, pending()));
    Ok(address)
}

/// Listens as the program does, with STUN and TURN at the port of the book, and says where. Port 0 is any that is free.
pub(crate) async fn listen(
    address: SocketAddr,
    settings: &Settings,
) -> Result<(SocketAddr, Listeners)> {
    let public = relay::listen(address).await?;
    let address = public.local_addr()?;
    let listeners = Listeners {
        relay: relay::bind(address, &settings.relay).await?,
        ..Listeners::from(public)
    };
    Ok((address, listeners))
}
