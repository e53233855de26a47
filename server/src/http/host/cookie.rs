//! The cookie in which a host's browser keeps the key of its session (<https://httpwg.org/specs/rfc6265.html>). Scripts can't read it, and no
//! page of another site has it sent.
//!
//! May import: host_access, axum.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, header};

use crate::host_access::sessions::Key;

/// Cookies have no port of their own: workshops at two ports of one machine would take the cookie from each other.
const NAME: &str = "guidebook-host-";

/// The port of a server that was asked for without one. TLS has another, and this is no more than a part of a name.
const NO_PORT: u16 = 80;

const ATTRIBUTES: &str = "HttpOnly; SameSite=Strict; Path=/";

/// Cookies of this name that are looked at. Browsers have one; more come if somebody else on this machine set them for other paths.
const MAX_KEYS: usize = 4;

/// The cookie of one server, as its browser calls that.
#[derive(Debug)]
pub(super) struct Cookie {
    name: String,
}

impl Cookie {
    /// By the port that the server was asked for.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
        let authority = host.and_then(|host| Authority::try_from(host).ok());
        let port = authority.and_then(|authority| authority.port_u16());
        let port = port.unwrap_or(NO_PORT);
        let name = format!("{NAME}{port}");
        Self { name }
    }

    /// Sets it.
    pub(super) fn with(&self, key: &Key) -> HeaderValue {
        let key = key.reveal();
        let mut header = header(&format!("{}={key}; {ATTRIBUTES}", self.name));
        // `Debug` leaves it out.
        header.set_sensitive(true);
        header
    }

    /// Has the browser forget it.
    pub(super) fn forgotten(&self) -> HeaderValue {
        header(&format!("{}=; {ATTRIBUTES}; Max-Age=0", self.name))
    }

    /// The keys that a browser shows.
    pub(super) fn keys<'h>(&self, headers: &'h HeaderMap) -> Vec<&'h str> {
        let lines = headers.get_all(header::COOKIE).into_iter();
        let texts = lines.filter_map(|line| line.to_str().ok());
        let pairs = texts.flat_map(|text| text.split(';'));
        let named = pairs.filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == self.name).then_some(value)
        });
        named.take(MAX_KEYS).collect()
    }
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("names, numbers and base64 are in ASCII")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::test_headers::headers;

    #[test]
    fn servers_at_two_ports_have_two_cookies() {
        let keys = |host: &str| {
            let cookies = "a=b; guidebook-host-8000=one; guidebook-host-8001=two";
            let headers = headers(&[("host", host), ("cookie", cookies)]);
            let keys = Cookie::of(&headers).keys(&headers);
            keys.concat()
        };
        assert_eq!(keys("localhost:8000"), "one");
        assert_eq!(keys("[::1]:8001"), "two");
        assert_eq!(keys("localhost"), "");
    }

    #[test]
    fn of_many_cookies_of_the_name_a_few_are_looked_at() {
        let many = "guidebook-host-80=x;".repeat(1000);
        let headers = headers(&[("host", "localhost"), ("cookie", &many)]);
        assert_eq!(Cookie::of(&headers).keys(&headers).len(), MAX_KEYS);
    }

    #[test]
    fn the_key_is_in_no_text_that_could_be_logged() {
        let key = Key::random().unwrap();
        let headers = headers(&[("host", "localhost:8000")]);
        let header = Cookie::of(&headers).with(&key);
        assert!(header.to_str().unwrap().contains(&key.reveal()));
        assert!(!format!("{header:?}").contains(&key.reveal()));
    }
}
