//! From the path that was asked for to the one that routes and pages know: a server may stand below a base path, whether the proxy in front takes that
//! away or not.
//!
//! May import: book, config, axum.

use axum::http::uri::PathAndQuery;
use axum::http::{Request, Uri, header};
use axum::response::Response;

use crate::book::{Book, serve};
use crate::config::{BasePath, Place};

/// The first names of routes. Below `v` are files of the book.
const ROUTES: [&str; 16] = [
    "author",
    "author.js",
    "companion",
    "healthz",
    "ice",
    "lab",
    "line",
    "metrics",
    "primus",
    "qr",
    "readyz",
    "sfu",
    "v",
    "whep",
    "whip",
    "workshop",
];

/// Whether something of the server's own has this name at its root. As a base path it would have two meanings behind a proxy that takes base paths
/// away.
pub(crate) fn is_taken(book: &Book, name: &str) -> bool {
    let mut paths = book.paths();
    ROUTES.contains(&name) || paths.any(|path| path.split('/').next() == Some(name))
}

/// Takes the base path away, if it is there: a proxy may have done so. Where the slash behind it is missing, the response leads below it.
pub(super) fn enter<B>(base: &BasePath, request: &mut Request<B>) -> Option<Response> {
    let uri = request.uri();
    let path = match base.place(uri.path()) {
        Place::Elsewhere => return None,
        Place::Below(path) if path == uri.path() => return None,
        Place::Below(path) => path,
        // A client of signaling was given this address.
        Place::Base if request.headers().contains_key(header::UPGRADE) => "/",
        Place::Base => return Some(serve::redirect_into_folder(uri)),
    };
    let query = uri.query();
    let inner = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let mut parts = uri.clone().into_parts();
    // A part of what was parsed already, so neither fails.
    parts.path_and_query = PathAndQuery::try_from(inner).ok();
    if let Ok(inner) = Uri::from_parts(parts) {
        *request.uri_mut() = inner;
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn entered(base: &str, path: &str) -> Result<String, String> {
        let mut request = Request::builder().uri(path).body(()).unwrap();
        match enter(&base.parse().unwrap(), &mut request) {
            None => Ok(request.uri().to_string()),
            Some(response) => {
                let location = &response.headers()[header::LOCATION];
                Err(location.to_str().unwrap().to_owned())
            }
        }
    }

    #[test]
    fn the_base_path_is_taken_away_and_may_have_been_before() {
        for (path, inner) in [
            ("/rtc/", "/"),
            ("/rtc/primus?x=/rtc/", "/primus?x=/rtc/"),
            ("/rtc/rtc/", "/rtc/"),
            ("/primus?x", "/primus?x"),
            ("http://host/rtc/ice", "http://host/ice"),
        ] {
            assert_eq!(entered("/rtc", path).as_deref(), Ok(inner), "{path}");
        }
        assert_eq!(entered("/", "/rtc/").as_deref(), Ok("/rtc/"));
    }

    #[test]
    fn without_its_slash_it_leads_below_by_its_last_name() {
        assert_eq!(entered("/a/rtc", "/a/rtc?x=1").unwrap_err(), "./rtc/?x=1");
    }

    #[test]
    fn a_websocket_needs_no_slash() {
        let request = Request::builder()
            .uri("/rtc?x")
            .header("upgrade", "websocket");
        let mut request = request.body(()).unwrap();
        assert!(enter(&"/rtc".parse().unwrap(), &mut request).is_none());
        assert_eq!(request.uri(), "/?x");
    }
}
