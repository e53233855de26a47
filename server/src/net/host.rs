//! The host that a request is for (<https://www.rfc-editor.org/rfc/rfc9112#section-3.2>).
//!
//! May import: security_headers, axum, thiserror.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, Version, header};
use axum::response::{IntoResponse, Response};

use crate::security_headers::SECURITY_HEADERS;

/// Why a request names no host that it could be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadHost {
    /// HTTP/1.1 demands one.
    #[error("The request has no Host header, which HTTP/1.1 demands.")]
    Missing,
    /// HTTP/2 has `:authority` in its place, or both.
    #[error("The request has neither :authority nor a Host header.")]
    Nowhere,
    /// One part of the server could follow `:authority`, and another one `Host`.
    #[error("The :authority of the request and its Host header name two hosts.")]
    Contradictory,
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

/// Has a request of HTTP/2 look like one of HTTP/1.1, for all who read it: `Host` says what `:authority` says
/// (<https://www.rfc-editor.org/rfc/rfc9113#section-8.3.1>), and the URI begins with the path.
///
/// # Errors
/// When it names no host, or more than one.
pub(super) fn settle<B>(request: &mut Request<B>) -> Result<(), BadHost> {
    let named = single(request.headers())?;
    let authority = request.uri().authority();
    let authority = authority.map(|authority| checked(authority.as_str().as_bytes()));
    let host = match (authority.transpose()?, named) {
        (Some(authority), Some(named)) if authority != named => {
            return Err(BadHost::Contradictory);
        }
        (Some(host), _) | (None, Some(host)) => host,
        (None, None) => return Err(BadHost::Nowhere),
    };
    let host = HeaderValue::from_str(host.as_str()).map_err(|_| BadHost::Malformed)?;
    request.headers_mut().insert(header::HOST, host);
    if let Some(path) = request.uri().path_and_query() {
        *request.uri_mut() = Uri::from(path.clone());
    }
    Ok(())
}

fn header(headers: &HeaderMap, version: Version) -> Result<Option<Authority>, BadHost> {
    match (single(headers)?, version) {
        (None, Version::HTTP_10) => Ok(None),
        (None, _) => Err(BadHost::Missing),
        (named, _) => Ok(named),
    }
}

fn single(headers: &HeaderMap) -> Result<Option<Authority>, BadHost> {
    let mut values = headers.get_all(header::HOST).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(BadHost::Repeated);
    }
    checked(value.as_bytes()).map(Some)
}

fn checked(host: &[u8]) -> Result<Authority, BadHost> {
    let authority = Authority::try_from(host).map_err(|_| BadHost::Malformed)?;
    let port = authority.as_str().strip_prefix(authority.host());
    let is_host = match port.map(|port| port.strip_prefix(':').unwrap_or(port)) {
        Some(port) => port.is_empty() || port.parse::<u16>().is_ok(),
        // A user stands before it.
        None => false,
    };
    match is_host && !authority.host().is_empty() {
        true => Ok(authority),
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

    fn settled(target: &str, hosts: &[&str]) -> Result<(String, String), BadHost> {
        let mut request = Request::builder().version(Version::HTTP_2).uri(target);
        for host in hosts {
            request = request.header("host", *host);
        }
        let mut request = request.body(()).unwrap();
        settle(&mut request)?;
        let host = request.headers()[header::HOST].to_str().unwrap().to_owned();
        Ok((host, request.uri().to_string()))
    }

    #[test]
    fn a_request_of_http_2_says_in_host_what_its_authority_says() {
        for (target, hosts, host) in [
            ("https://book.example:8000/a?b", vec![], "book.example:8000"),
            (
                "https://Book.example/a?b",
                vec!["book.EXAMPLE"],
                "Book.example",
            ),
            ("https://[::1]:8000/a?b", vec![], "[::1]:8000"),
            ("/a?b", vec!["book.example"], "book.example"),
        ] {
            let expected = (host.to_owned(), "/a?b".to_owned());
            assert_eq!(settled(target, &hosts), Ok(expected), "{target}");
        }
    }

    #[test]
    fn a_request_of_http_2_names_one_host() {
        for (target, hosts, expected) in [
            ("/", vec![], BadHost::Nowhere),
            (
                "https://a.example/",
                vec!["b.example"],
                BadHost::Contradictory,
            ),
            (
                "https://a.example/",
                vec!["a.example:443"],
                BadHost::Contradictory,
            ),
            (
                "https://a.example/",
                vec!["a.example"; 2],
                BadHost::Repeated,
            ),
            ("https://user@a.example/", vec![], BadHost::Malformed),
            ("/", vec!["a b"], BadHost::Malformed),
        ] {
            assert_eq!(settled(target, &hosts), Err(expected), "{target}");
        }
    }
}
