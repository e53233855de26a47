//! The address to listen at, in the forms in which people write it.
//!
//! May import: nothing.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

/// What precedes the path of a Unix socket.
const UNIX: &str = "unix:";

/// Where the server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// At an address of this machine.
    Tcp(SocketAddr),
    /// At a path, for a proxy on this machine.
    Unix(PathBuf),
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "{UNIX}{}", path.display()),
        }
    }
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim().strip_prefix(UNIX) {
            Some(path) if !path.starts_with('/') => Err(
                "a Unix socket has a path from the root, such as unix:/run/guidebook.sock".into(),
            ),
            Some(_) if !cfg!(unix) => {
                Err("this system has no Unix sockets that it could use".into())
            }
            Some(path) => Ok(Self::Unix(path.into())),
            None => address(text).map(Self::Tcp),
        }
    }
}

/// The mode of a file: who may connect to a Unix socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mode(pub u32);

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:o}", self.0)
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mode = u32::from_str_radix(text.trim(), 8).ok();
        let mode = mode.filter(|mode| *mode <= 0o777).map(Self);
        mode.ok_or_else(|| "a mode has up to three octal digits, such as 660".into())
    }
}

/// `IP:PORT`; `PORT` and `localhost:PORT` for this machine alone; `:PORT` for every address of it.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    let at = |ip: Ipv4Addr, port: &str| {
        port.parse()
            .map(|port| SocketAddr::new(IpAddr::V4(ip), port))
    };
    let address = match text.rsplit_once(':') {
        None => at(Ipv4Addr::LOCALHOST, text).ok(),
        Some(("", port)) => at(Ipv4Addr::UNSPECIFIED, port).ok(),
        Some((host, port)) if host.eq_ignore_ascii_case("localhost") => {
            at(Ipv4Addr::LOCALHOST, port).ok()
        }
        Some(_) => text.parse().ok(),
    };
    address.ok_or_else(|| {
        "it must be an address of this machine and a port, such as 0.0.0.0:8000 or [::]:8000, or a port alone".into()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_unix_socket_is_named_by_its_path_from_the_root() {
        let listen: Listen = "unix:/run/guidebook.sock".parse().unwrap();
        assert_eq!(listen, Listen::Unix("/run/guidebook.sock".into()));
        assert_eq!(listen.to_string(), "unix:/run/guidebook.sock");
        for text in ["unix:", "unix:guidebook.sock"] {
            let error = text.parse::<Listen>().unwrap_err();
            assert!(error.contains("/run/guidebook.sock"), "{error}");
        }
    }

    #[test]
    fn a_mode_is_octal() {
        assert_eq!("660".parse(), Ok(Mode(0o660)));
        for text in ["", "rw", "1777", "888"] {
            assert!(text.parse::<Mode>().unwrap_err().contains("660"), "{text}");
        }
    }

    #[test]
    fn an_address_is_taken_in_the_ways_in_which_people_write_it() {
        for (text, expected) in [
            ("192.0.2.1:80", "192.0.2.1:80"),
            ("[::1]:8000", "[::1]:8000"),
            ("8000", "127.0.0.1:8000"),
            ("localhost:8000", "127.0.0.1:8000"),
            ("LocalHost:0", "127.0.0.1:0"),
            (":8000", "0.0.0.0:8000"),
        ] {
            assert_eq!(address(text).unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in [
            "",
            ":",
            "localhost",
            "0.0.0.0",
            "host.example:80",
            "::1",
            "1:65536",
            "80 0",
        ] {
            assert!(
                address(text).unwrap_err().contains("0.0.0.0:8000"),
                "{text}"
            );
        }
    }
}
