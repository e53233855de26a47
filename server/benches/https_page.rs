//! How long a page takes over TLS, in Chromium, with HTTP/2 and with HTTP/1.1: from its navigation to its load event, with nothing in the cache and no
//! connection open. On this machine, and over a link that delays.

#[path = "../tests/browser/harness/mod.rs"]
#[expect(
    dead_code,
    reason = "a bench needs less of a browser than the tests do"
)]
mod harness;
#[path = "rust_calls/idle.rs"]
mod idle;
#[path = "../tests/support_shared/slow_link.rs"]
#[expect(dead_code, reason = "nothing goes wrong on the link of a bench")]
mod slow_link;

use std::future::pending;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use server::Listeners;
use server::config::Settings;
use server::tls::authority::names::Names;
use server::tls::authority::{Authority, LOOK_EVERY};
use thirtyfour::WebDriver;
use tokio::net::TcpListener;

use harness::trusting::Trusting;
use harness::{BOOK, eventually};
use slow_link::{Pace, SlowLink};

const RUNS: usize = 15;

const PAGE: &str = "connecting/";

/// A Wi-Fi with many people in it.
const WIFI: Pace = Pace {
    delay: Duration::from_millis(10),
    bits_per_second: 30_000_000,
};

/// How long the page has taken, and by which protocol.
const LOADED: &str = "const [page] = performance.getEntriesByType('navigation');
    return page.loadEventEnd > 0 ? [page.loadEventEnd, page.nextHopProtocol] : null;";

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let local = || Names {
        dns: vec!["localhost".to_owned()],
        addresses: vec![Ipv4Addr::LOCALHOST.into()],
    };
    let place = folder.path().join("guidebook");
    let authority = Authority::open(place, local(), &local(), SystemTime::now())?;
    let root = authority.root();
    let (tls, _watch) = authority.serve(LOOK_EVERY, local, SystemTime::now)?;
    let public = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let server = public.local_addr()?;
    let listeners = Listeners {
        tls: Some(tls),
        ..Listeners::from(public)
    };
    tokio::spawn(server::run(
        listeners,
        BOOK.clone(),
        Settings::default(),
        pending(),
    ));
    idle::wait_for(std::process::id()).await?;

    let host = Ipv4Addr::LOCALHOST.to_string();
    let newer = Trusting::chromium(Some(&root), &host).await?;
    let older = Trusting::chromium_without_http_2(&root, &host).await?;
    for (what, pace) in [("on this machine", Pace::FREE), ("over a Wi-Fi", WIFI)] {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            with.push(load(&newer.driver, server, pace, "h2").await?);
            without.push(load(&older.driver, server, pace, "http/1.1").await?);
        }
        let (with, without) = (median(with), median(without));
        println!(
            "{what}: {with:.0} ms with HTTP/2, {without:.0} ms with HTTP/1.1: {:.2} ×",
            with / without
        );
    }
    for browser in [newer, older] {
        browser.driver.clone().quit().await?;
    }
    Ok(())
}

/// Each run is at a port of its own, which the browser knows nothing of.
async fn load(driver: &WebDriver, server: SocketAddr, pace: Pace, protocol: &str) -> Result<f64> {
    let link = SlowLink::open(server, pace).await?;
    driver
        .goto(format!("https://{}/{PAGE}", link.address))
        .await?;
    let (time, by) = eventually(async || {
        let loaded = driver.execute(LOADED, []).await?;
        let loaded = loaded.json().as_array();
        Ok(loaded.map(|loaded| (loaded[0].as_f64(), loaded[1].as_str().map(str::to_owned))))
    })
    .await?;
    anyhow::ensure!(by.as_deref() == Some(protocol), "{by:?} is spoken");
    driver.goto("about:blank").await?;
    time.context("a time")
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
