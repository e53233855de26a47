//! A workshop: the address that its host gives to everybody.
//!
//! # Layout
//! - [`code`]: the QR code of an address
//! - [`wifi`]: the Wi-Fi that everybody joins, and the code that joins it
//! - [`block`]: what stays in the last rows of a terminal
//! - [`welcome`]: what the terminal says when a workshop begins
//!
//! May import: qrcode, thiserror.

pub mod block;
pub mod code;
pub mod welcome;
pub mod wifi;

use qrcode::types::QrError;

use code::Code;
use wifi::Wifi;

/// Bytes of the longest address. The code of a longer one has modules so small that a phone does not read it off a projector.
pub const MAX_URL_BYTES: usize = 200;

/// A workshop, as everybody in the room finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workshop {
    url: String,
    named: Option<String>,
    code: Code,
    wifi: Option<Wifi>,
    has_tls: bool,
}

/// How addresses begin without TLS, and with it.
const PLAIN: &str = "http://";
const SECURE: &str = "https://";

impl Workshop {
    /// At this address. Fails if the address is far longer than [`MAX_URL_BYTES`], and has no code.
    pub fn at(url: String) -> Result<Self, QrError> {
        let code = Code::of(&url)?;
        Ok(Self {
            url,
            named: None,
            code,
            wifi: None,
            has_tls: false,
        })
    }

    /// The same, which is also found at this address, by the machine's name in its network.
    #[must_use]
    pub fn also_at(self, named: Option<String>) -> Self {
        Self { named, ..self }
    }

    /// The same in this Wi-Fi, which everybody is helped to join.
    #[must_use]
    pub fn in_wifi(self, wifi: Option<Wifi>) -> Self {
        Self { wifi, ..self }
    }

    /// The same; `has_tls` says whether TLS is spoken at the port of its address.
    #[must_use]
    pub fn with_tls(self, has_tls: bool) -> Self {
        Self { has_tls, ..self }
    }

    /// The address over TLS, where that is spoken.
    pub fn secure_url(&self) -> Option<String> {
        let plain = match self.has_tls {
            true => self.url.strip_prefix(PLAIN),
            false => None,
        };
        match plain {
            Some(rest) => {
                let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                let end = host.rsplit(']').next().unwrap_or(host);
                // What each scheme leaves out is another port.
                let port = if end.contains(':') { "" } else { ":80" };
                Some(format!("{SECURE}{host}{port}/{path}"))
            }
            None => self.url.starts_with(SECURE).then(|| self.url.clone()),
        }
    }

    /// The address that everybody opens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address by the machine's name in its network, if it has one.
    pub fn named(&self) -> Option<&str> {
        self.named.as_deref()
    }

    /// The same for cameras.
    pub fn code(&self) -> &Code {
        &self.code
    }

    /// The Wi-Fi that everybody joins, if the host has named it.
    pub fn wifi(&self) -> Option<&Wifi> {
        self.wifi.as_ref()
    }

    /// The code of a place in the book: what stands behind the address. Fails if both together are too long for a code.
    pub fn code_of(&self, place: &str) -> Result<Code, QrError> {
        Code::of(&format!("{}{place}", self.url))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::Workshop;

    #[test]
    fn the_address_over_tls_has_the_same_host_and_port() {
        for (url, secure) in [
            ("http://192.0.2.5:8000/", "https://192.0.2.5:8000/"),
            ("http://[2001:db8::5]:8000/", "https://[2001:db8::5]:8000/"),
            ("http://[2001:db8::5]/", "https://[2001:db8::5]:80/"),
            ("http://laptop.local/", "https://laptop.local:80/"),
            ("https://book.example/", "https://book.example/"),
        ] {
            let workshop = Workshop::at(url.to_owned()).unwrap();
            assert_eq!(
                workshop.with_tls(true).secure_url().as_deref(),
                Some(secure)
            );
        }
    }

    #[test]
    fn without_tls_there_is_none_but_one_that_was_given() {
        let of = |url: &str| Workshop::at(url.to_owned()).unwrap().secure_url();
        assert_eq!(of("http://192.0.2.5:8000/"), None);
        let given = "https://book.example/";
        assert_eq!(of(given).as_deref(), Some(given));
    }
}
