//! Below a prefix, demos reach the book's own server, and their text is the same as elsewhere.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Result;
use server::config::Settings;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::harness::places::{Mostly, run};
use crate::harness::{BOOK, Browser, Kind, in_browsers};
use crate::pages::QUICKCONNECT;
use crate::proxy::{self, Fault};

const CHAPTER: &str = "rtc/connecting/";

/// What demos of the book ask for, at the root of their host.
const ASKS: &str = "const lent = await fetch('/ice', { method: 'POST' });
console.log('lent:', lent.status);
const socket = new WebSocket(location.origin.replace('http', 'ws'));
socket.onmessage = ({ data }) => console.log(data.split('|')[0]);
console.log('at', new URL(socket.url).pathname);";

/// The whole way of two tabs, and what demos ask for without the library.
async fn demos_work(browser: &Browser) -> Result<()> {
    let tabs = [browser.open(CHAPTER).await?, browser.open(CHAPTER).await?];
    for tab in &tabs {
        tab.demo(QUICKCONNECT).await?.run().await?;
    }
    for tab in &tabs {
        tab.demo(QUICKCONNECT).await?.logs("call:started").await?;
    }
    let [first, second] = tabs;
    second.close().await?;
    let demo = first.demo(QUICKCONNECT).await?;
    demo.run_code(ASKS).await?;
    for logged in ["lent: 200", "at /rtc/", "primus::hello"] {
        demo.logs(logged).await?;
    }
    Ok(())
}

/// In these browsers, behind a proxy.
fn in_browsers_behind(fault: Fault, kind: Kind) {
    run(Mostly::Works, async {
        let mut settings = Settings::default();
        settings.proxy.base_path = "/rtc".parse().expect("it is a path");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a port is free");
        let server: SocketAddr = listener.local_addr().expect("it listens");
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async { drop(stopped.await) };
        tokio::spawn(server::run(listener, BOOK.clone(), settings, shutdown));
        let address = proxy::before(server, fault).await;
        in_browsers([kind], address, async |[browser]| demos_work(browser).await).await;
        drop(stop);
    });
}

#[test]
fn behind_a_proxy_that_leaves_the_prefix_demos_work() {
    in_browsers_behind(Fault::None, Kind::Chromium);
}

#[test]
fn behind_a_proxy_that_takes_the_prefix_away_demos_work() {
    in_browsers_behind(Fault::Prefix("/rtc"), Kind::Chromium);
}

#[test]
fn in_firefox_whose_frames_have_another_name_demos_work_as_well() {
    in_browsers_behind(Fault::Prefix("/rtc"), Kind::Firefox);
}
