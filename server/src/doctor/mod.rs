//! `guidebook doctor`: looks at a running server as an attendee's device would, and says in plain words what it finds.
//!
//! # Layout
//! - `certificate`: why one is not taken
//! - `ice`: STUN and TURN servers, the guidebook's own and those that are named
//! - `http`: one request over a connection of its own, with TLS where the address says so
//! - `pages`: the book over HTTP as a browser loads it, and what its responses tell of clock and certificate
//! - `sockets`: whether a page and the frame of a demo may signal
//! - [`report`]: what was found, for people and for programs
//! - `peers`: two peers of this process, connected through the server
//!
//! It knows nothing of the server inside.
//!
//! May import: config, transport::tls, getrandom, http_body_util, httpdate, hyper, hyper_util, quickconnect, rtc, rustls, rustls_native_certs, serde_json,
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
use pages::{Found, Page};
use report::{Report, Row, Verdict};

/// The page that was asked for is another server's.
const KEPT_BACK: &str = "The address leads to another server, or away from HTTPS, where the token is not shown. Name the address that it leads to.";

/// Looks at the server at this address, such as `http://127.0.0.1:8000` or that of one of its pages, and at these ICE servers. The access token is
/// shown to the server of this name; it has to name rooms such as `doctor-*`.
pub async fn examine(url: &str, ice_servers: &IceServers, token: Option<&str>) -> Report {
    let (mut rows, mut of_ice) = match http::address(url) {
        Ok(address) => examine_server(&address, token).await,
        Err(failure) => {
            let row = Row::new("page", Verdict::Failed, failure.to_string());
            (vec![row], Vec::new())
        }
    };
    of_ice.extend(ice::examine_named(ice_servers).await);
    if of_ice.is_empty() {
        of_ice.push(ice::none());
    }
    rows.extend(of_ice);
    let url = url.to_owned();
    Report { url, rows }
}

/// What is to be said of the server, and of the ICE servers that it gives.
async fn examine_server(address: &Url, token: Option<&str>) -> (Vec<Row>, Vec<Row>) {
    let (found, mut rows) = pages::examine(address).await;
    let is_meant = match &found {
        Found::Book(page) => may_be_shown(address, &page.root),
        Found::Other(url) => may_be_shown(address, url),
        Found::Nothing => true,
    };
    if token.is_some() && !is_meant {
        rows.push(Row::new("token", Verdict::Warning, KEPT_BACK));
    }
    let token = token.filter(|_| is_meant);
    let page = match found {
        Found::Book(page) => {
            rows.extend(sockets::examine(&page, token).await);
            page
        }
        Found::Other(url) if sockets::is_greeted(&url, token).await => {
            rows.retain(|row| row.check != pages::STAGE);
            let says = "A signaling server without the book greets whoever asks there.";
            rows.push(Row::new(pages::STAGE, Verdict::Skipped, says));
            Page {
                root: url.clone(),
                proof: String::new(),
                url,
            }
        }
        Found::Other(_) | Found::Nothing => return (rows, Vec::new()),
    };
    rows.extend(peers::examine(page.root.as_str(), token).await);
    (rows, ice::examine_given(&page, token).await)
}

/// Whether what is meant for one address may be shown at another one, to which redirects or a page have led: not to a server of another name, and
/// not without encryption if it was asked for.
fn may_be_shown(address: &Url, at: &Url) -> bool {
    let is_as_safe = at.scheme() == address.scheme() || at.scheme() == "https";
    is_as_safe && at.host_str() == address.host_str()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_token_is_shown_to_the_server_that_it_is_meant_for_alone() {
        for (address, at, may) in [
            ("http://a.example/", "http://a.example:8000/guide/", true),
            ("http://a.example/", "https://a.example/", true),
            ("https://a.example/", "http://a.example/", false),
            ("https://a.example/", "https://b.example/", false),
        ] {
            let [from, to] = [address, at].map(|url| Url::parse(url).unwrap());
            assert_eq!(may_be_shown(&from, &to), may, "{address} {at}");
        }
    }
}
