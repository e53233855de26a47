//! The address at which a workshop is found that a name or a proxy stands in front of.
//!
//! May import: base_path, host_name, workshop, url.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use url::{Host, Url};

use super::base_path::BasePath;
use super::host_name::HostName;
use crate::workshop::MAX_URL_BYTES;

/// The address of the server as others open it: a scheme, a host, perhaps a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    url: Url,
    name: Option<HostName>,
}

impl PublicUrl {
    /// The same of a server that stands below this path.
    #[must_use]
    pub fn below(mut self, base: &BasePath) -> Self {
        self.url.set_path(&base.below("/"));
        self
    }

    /// The name in it; `None` if there is an address in its place.
    pub fn name(&self) -> Option<&HostName> {
        self.name.as_ref()
    }

    /// The address in place of a name.
    pub fn address(&self) -> Option<IpAddr> {
        match self.url.host()? {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
        }
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > MAX_URL_BYTES {
            return Err(format!(
                "it must have at most {MAX_URL_BYTES} characters, so that a phone can read its QR code"
            ));
        }
        Self::of(text).ok_or_else(|| {
            "it must be http:// or https:// and a name or an address that others can open, perhaps with a port, such as \
             http://laptop.local:8000, and no path, which --base-path says"
                .into()
        })
    }
}

impl PublicUrl {
    fn of(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let is_web = matches!(url.scheme(), "http" | "https");
        let has_user = !url.username().is_empty() || url.password().is_some();
        let has_more = url.path() != "/" || url.query().is_some() || url.fragment().is_some();
        if !is_web || has_user || has_more {
            return None;
        }
        let name = match url.host()? {
            // As a name of the server it would be every name.
            Host::Domain("*") => return None,
            Host::Domain(name) => Some(name.parse().ok()?),
            Host::Ipv4(address) if address.is_unspecified() => return None,
            Host::Ipv6(address) if address.is_unspecified() => return None,
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        };
        Some(Self { url, name })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_scheme_and_a_host_are_an_address_that_can_be_opened() {
        for (text, url, has_name) in [
            (
                "http://laptop.local:8000",
                "http://laptop.local:8000/",
                true,
            ),
            ("HTTPS://Book.Example", "https://book.example/", true),
            ("https://book.example:443/", "https://book.example/", true),
            (" http://192.0.2.5:80 ", "http://192.0.2.5/", false),
            (
                "http://[2001:db8::5]:8000",
                "http://[2001:db8::5]:8000/",
                false,
            ),
        ] {
            let public: PublicUrl = text.parse().unwrap();
            assert_eq!(public.to_string(), url);
            assert_eq!(public.name().is_some(), has_name, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in [
            "",
            "laptop.local",
            "laptop.local:8000",
            "192.0.2.5:8000",
            "ftp://laptop.local",
            "http://",
            "http://0.0.0.0:8000",
            "http://[::]:8000",
            "http://laptop.local/guide",
            "http://laptop.local/?page",
            "http://laptop.local/#page",
            "http://me:secret@laptop.local",
            "http://laptop.local:99999",
            "http://*",
        ] {
            let error = text.parse::<PublicUrl>().unwrap_err();
            assert!(
                error.contains("http://laptop.local:8000"),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn one_that_is_too_long_for_a_code_is_refused() {
        let text = format!("http://{}.example", "a".repeat(MAX_URL_BYTES));
        let error = text.parse::<PublicUrl>().unwrap_err();
        assert!(error.contains("200 characters"), "{error}");
    }
}
