//! The cookie in which a host's browser keeps the key of its session (<https://httpwg.org/specs/rfc6265.html>). Scripts can't read it, and no
//! page of another site has it sent.
//!
//! May import: host_access, axum.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, header};

use crate::host_access::sessions::Key;

/// Cookies have no port of their own: workshops at two ports of one machine would take the cookie from each other.
const NAME: &str = "guidebook-host-";

/// Before the name over TLS: browsers take a cookie that is called so over TLS only, and so nobody sets or reads it by plain HTTP
/// (<https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-the-__host-prefix>).
const SECURE_PREFIX: &str = "__Host-";

/// The ports of a server that was asked for without one.
const NO_PORT: u16 = 80;
const NO_PORT_OF_TLS: u16 = 443;

const ATTRIBUTES: &str = "HttpOnly; SameSite=Strict; Path=/";
const SECURE: &str = "; Secure";

/// Cookies of this name that are looked at. Browsers have one; more come if somebody else on this machine set them for other paths.
const MAX_KEYS: usize = 4;

/// The cookie of one server, as its browser calls that.
#[derive(Debug)]
pub(super) struct Cookie {
    name: String,
    is_tls: bool,
}

impl Cookie {
    /// By the port that the server was asked for, over TLS or not.
    pub(super) fn of(headers: &HeaderMap, is_tls: bool) -> Self {
        let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
        let authority = host.and_then(|host| Authority::try_from(host).ok());
        let port = authority.and_then(|authority| authority.port_u16());
        let (prefix, no_port) = match is_tls {
            true => (SECURE_PREFIX, NO_PORT_OF_TLS),
            false => ("", NO_PORT),
        };
        let name = format!("{prefix}{NAME}{}", port.unwrap_or(no_port));
        Self { name, is_tls }
    }

    /// Sets it.
    pub(super) fn with(&self, key: &Key) -> HeaderValue {
        let key = key.reveal();
        let mut header = header(&format!("{}={key}; {}", self.name, self.attributes()));
        // `Debug` leaves it out.
        header.set_sensitive(true);
        header
    }

    /// Has the browser forget it.
    pub(super) fn forgotten(&self) -> HeaderValue {
        header(&format!("{}=; {}; Max-Age=0", self.name, self.attributes()))
    }

    fn attributes(&self) -> String {
        let secure = if self.is_tls { SECURE } else { "" };
        format!("{ATTRIBUTES}{secure}")
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
            let keys = Cookie::of(&headers, false).keys(&headers);
            keys.concat()
        };
        assert_eq!(keys("localhost:8000"), "one");
        assert_eq!(keys("[::1]:8001"), "two");
        assert_eq!(keys("localhost"), "");
    }

    #[test]
    fn a_cookie_of_tls_is_secure_and_no_other_cookie_is_taken_for_it() {
        let named = "guidebook-host-8000=plain; __Host-guidebook-host-8000=secure";
        let headers = headers(&[("host", "192.0.2.5:8000"), ("cookie", named)]);
        let keys = |is_tls| Cookie::of(&headers, is_tls).keys(&headers).concat();
        assert_eq!((keys(false), keys(true)), ("plain".into(), "secure".into()));
        let forgotten = Cookie::of(&headers, true).forgotten();
        assert_eq!(
            forgotten,
            "__Host-guidebook-host-8000=; HttpOnly; SameSite=Strict; Path=/; Secure; Max-Age=0"
        );
    }

    #[test]
    fn of_many_cookies_of_the_name_a_few_are_looked_at() {
        let many = "guidebook-host-80=x;".repeat(1000);
        let headers = headers(&[("host", "localhost"), ("cookie", &many)]);
        assert_eq!(Cookie::of(&headers, false).keys(&headers).len(), MAX_KEYS);
    }

    #[test]
    fn the_key_is_in_no_text_that_could_be_logged() {
        let key = Key::random().unwrap();
        let headers = headers(&[("host", "localhost:8000")]);
        let header = Cookie::of(&headers, false).with(&key);
        assert!(header.to_str().unwrap().contains(&key.reveal()));
        assert!(!format!("{header:?}").contains(&key.reveal()));
    }
}
