//! Where below its host the server is for others.
//!
//! May import: nothing.

use std::fmt;
use std::str::FromStr;

/// Bytes of the longest one: it is a part of the address of a workshop, whose QR code a phone reads off a projector.
const MAX_BYTES: usize = 64;

/// The path below which everything stands; the root of the host by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BasePath(
    /// Empty for the root, otherwise with a slash in front and none at the end.
    String,
);

/// What a path leads to that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'p> {
    /// This, with a slash in front, below the base path.
    Below(&'p str),
    /// The base path itself, without the slash that relative links need.
    Base,
    /// Somewhere else.
    Elsewhere,
}

impl BasePath {
    /// Where a path leads to. At the root everything is below.
    pub fn place<'p>(&self, path: &'p str) -> Place<'p> {
        match path.strip_prefix(&self.0) {
            Some("") => Place::Base,
            Some(rest) if rest.starts_with('/') => Place::Below(rest),
            _ => Place::Elsewhere,
        }
    }

    /// The first of its names; none at the root.
    pub fn first_name(&self) -> Option<&str> {
        self.0.split('/').nth(1)
    }

    /// An address of the host's root, which ends with a slash, as that of what is below.
    pub fn below(&self, root: &str) -> String {
        match self.0.strip_prefix('/') {
            Some(path) => format!("{root}{path}/"),
            None => root.to_owned(),
        }
    }
}

impl fmt::Display for BasePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "/" } else { &self.0 })
    }
}

impl FromStr for BasePath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let path = text.strip_suffix('/').unwrap_or(text);
        if path.len() > MAX_BYTES {
            return Err(format!("a path has at most {MAX_BYTES} bytes"));
        }
        // What needs no encoding in an address, so that proxies can't disagree about it.
        let is_plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        let is_name = |name: &str| !matches!(name, "" | "." | "..") && name.bytes().all(is_plain);
        let is_path = |names: &str| names.split('/').all(is_name);
        match path.strip_prefix('/') {
            None if text == "/" => Ok(Self::default()),
            Some(names) if is_path(names) => Ok(Self(path.to_owned())),
            _ => Err(
                "a path begins with a slash, and each of its names has letters, digits, and any of -._~, such as /rtc; it has no host in \
                 front"
                    .into(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn base(text: &str) -> BasePath {
        text.parse().unwrap()
    }

    #[test]
    fn a_slash_at_the_end_changes_nothing_and_the_root_is_one_too() {
        for (text, shown) in [
            ("/", "/"),
            ("/rtc", "/rtc"),
            (" /rtc/ ", "/rtc"),
            ("/a/b-1/", "/a/b-1"),
        ] {
            assert_eq!(base(text).to_string(), shown);
        }
        assert_eq!(base("/"), BasePath::default());
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in [
            "",
            "rtc",
            "//",
            "//rtc",
            "/a//b",
            "/a/../b",
            "/.",
            "/a b",
            "/a?b",
            "/a#b",
            "/%72tc",
            "/ä",
            "http://host/rtc",
        ] {
            let error = text.parse::<BasePath>().unwrap_err();
            assert!(error.contains("such as /rtc"), "{text}: {error}");
        }
        let error = format!("/{}", "a".repeat(MAX_BYTES)).parse::<BasePath>();
        assert!(error.unwrap_err().contains("64 bytes"));
    }

    #[test]
    fn a_path_is_below_it_only_behind_a_slash() {
        for (at, path, place) in [
            ("/rtc", "/rtc/", Place::Below("/")),
            ("/rtc", "/rtc/primus", Place::Below("/primus")),
            ("/rtc", "/rtc//x", Place::Below("//x")),
            ("/rtc", "/rtc", Place::Base),
            ("/rtc", "/rtcs", Place::Elsewhere),
            ("/rtc", "/", Place::Elsewhere),
            ("/a/b", "/a/b/c", Place::Below("/c")),
            ("/a/b", "/a/", Place::Elsewhere),
            ("/", "/", Place::Below("/")),
            ("/", "/rtc", Place::Below("/rtc")),
        ] {
            assert_eq!(base(at).place(path), place, "{at} {path}");
        }
    }

    #[test]
    fn addresses_get_it_behind_their_root() {
        assert_eq!(base("/rtc").below("http://host/"), "http://host/rtc/");
        assert_eq!(base("/").below("http://host/"), "http://host/");
    }
}
