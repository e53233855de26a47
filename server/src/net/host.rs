//! The host that a request is for (<https://www.rfc-editor.org/rfc/rfc9112#section-3.2>).
//!
//! May import: security_headers, axum, thiserror.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Request, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};

use crate::security_headers::SECURITY_HEADERS;

/// Why a request names no host that it could be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadHost {
    /// HTTP/1.1 demands one.
    #[error("The request has no Host header, which HTTP/1.1 demands.")]
    Missing,
    /// One proxy could follow the first of them, and this server the second.
    #[error("The request has more than one Host header.")]
    Repeated,
    /// Neither a name nor an address, with or without a port.
    #[error("The Host header of the request is neither a name nor an address.")]
    Malformed,
}

/// The host and port of a request; `None` for a request of HTTP/1.0 that names none.
///
/// Such a request is served: the standard demands a host of HTTP/1.1 only, health checks of load balancers are such requests,
/// and no browser sends them. What a request line names (`GET http://host/`) stands above the header.
pub fn of<B>(request: &Request<B>) -> Result<Option<Authority>, BadHost> {
    let named = header(request.headers(), request.version())?;
    Ok(request.uri().authority().cloned().or(named))
}

fn header(headers: &HeaderMap, version: Version) -> Result<Option<Authority>, BadHost> {
    let mut values = headers.get_all(header::HOST).iter();
    let Some(value) = values.next() else {
        return match version {
            Version::HTTP_10 => Ok(None),
            _ => Err(BadHost::Missing),
        };
    };
    if values.next().is_some() {
        return Err(BadHost::Repeated);
    }
    let authority = Authority::try_from(value.as_bytes()).map_err(|_| BadHost::Malformed)?;
    let port = authority.as_str().strip_prefix(authority.host());
    let is_host = match port.map(|port| port.strip_prefix(':').unwrap_or(port)) {
        Some(port) => port.is_empty() || port.parse::<u16>().is_ok(),
        // A user stands before it.
        None => false,
    };
    match is_host && !authority.host().is_empty() {
        true => Ok(Some(authority)),
        false => Err(BadHost::Malformed),
    }
}

impl BadHost {
    /// A stable name, for the metrics.
    pub const CODE: &str = "bad-host";
}

impl IntoResponse for BadHost {
    fn into_response(self) -> Response {
        (
            StatusCode::BAD_REQUEST,
            SECURITY_HEADERS,
            format!("{self}\n"),
        )
            .into_response()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn of(version: Version, target: &str, hosts: &[&str]) -> Result<Option<String>, BadHost> {
        let mut request = Request::builder().version(version).uri(target);
        for host in hosts {
            request = request.header("host", *host);
        }
        let authority = super::of(&request.body(()).unwrap())?;
        Ok(authority.map(|authority| authority.to_string()))
    }

    #[test]
    fn one_name_or_address_is_the_host() {
        for host in [
            "book.example",
            "Book.example:8000",
            "192.0.2.1:8000",
            "[::1]:8000",
            "localhost",
        ] {
            let named = of(Version::HTTP_11, "/", &[host]).unwrap().unwrap();
            assert!(named.eq_ignore_ascii_case(host), "{host}");
        }
    }

    #[test]
    fn none_is_one_too_few_for_http_1_1_only() {
        assert_eq!(of(Version::HTTP_11, "/", &[]), Err(BadHost::Missing));
        assert_eq!(of(Version::HTTP_10, "/", &[]), Ok(None));
    }

    #[test]
    fn two_are_one_too_many_even_if_they_are_the_same() {
        for version in [Version::HTTP_10, Version::HTTP_11] {
            let both = of(version, "/", &["a.example", "a.example"]);
            assert_eq!(both, Err(BadHost::Repeated));
        }
    }

    #[test]
    fn what_is_neither_name_nor_address_is_none() {
        for host in [
            "",
            "a b",
            "a/b",
            "user@host",
            "http://host",
            "host:x",
            ":80",
            "\u{ff}",
        ] {
            let named = of(Version::HTTP_11, "/", &[host]);
            assert_eq!(named, Err(BadHost::Malformed), "{host:?}");
        }
    }

    #[test]
    fn the_target_of_the_request_stands_above_its_header() {
        let named = of(Version::HTTP_11, "http://a.example/", &["b.example"]);
        assert_eq!(named, Ok(Some("a.example".to_owned())));
        let named = of(Version::HTTP_11, "http://a.example/", &[]);
        assert_eq!(named, Err(BadHost::Missing));
    }
}
