//! `guidebook doctor`: looks at a running server as an attendee's device would, and says in plain words what it finds.
//!
//! # Layout
//! - `certificate`: why one is not taken
//! - `ice`: STUN and TURN servers that are named
//! - `http`: one request over a connection of its own, with TLS where the address says so
//! - `pages`: the book over HTTP as a browser loads it, and what its responses tell of clock and certificate
//! - `sockets`: whether a page and the frame of a demo may signal
//! - [`report`]: what was found, for people and for programs
//! - `peers`: two peers of this process, connected through the server
//!
//! It knows nothing of the server inside.
//!
//! May import: config, getrandom, http_body_util, httpdate, hyper, hyper_util, quickconnect, rtc, rustls, rustls_native_certs, serde_json,
//! thiserror, tokio, tokio_rustls, url.

mod certificate;
mod http;
mod ice;
mod pages;
mod peers;
pub mod report;
mod sockets;

use url::Url;

use crate::config::IceServers;
use report::{Report, Row, Verdict};

/// Looks at the server at this address, such as `http://127.0.0.1:8000` or that of one of its pages, and at these ICE servers.
pub async fn examine(url: &str, ice_servers: &IceServers) -> Report {
    let mut rows = match http::address(url) {
        Ok(address) => examine_server(&address).await,
        Err(failure) => vec![Row::new("page", Verdict::Failed, failure.to_string())],
    };
    rows.extend(ice::examine(ice_servers).await);
    let url = url.to_owned();
    Report { url, rows }
}

async fn examine_server(address: &Url) -> Vec<Row> {
    let (page, mut rows) = pages::examine(address).await;
    if let Some(page) = page {
        rows.extend(sockets::examine(&page).await);
        let origin = page.url.origin().ascii_serialization();
        rows.extend(peers::examine(&origin).await);
    }
    rows
}
