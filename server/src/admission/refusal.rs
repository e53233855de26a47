//! Why somebody may not talk to this server: which header is at fault, and what to do about it. The same words stand in the log and in
//! the response. Whoever asks why can read them, from whatever site (`http/access.rs`), so they say no more than the request did and which flags
//! there are, but for [`Refusal::NullOrigin`].
//!
//! May import: axum, thiserror.

use std::fmt;

use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// Characters of a header that are repeated.
const MAX_QUOTED: usize = 100;

/// Who is refused, and by which header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The server was asked for by a name that nobody gave it.
    #[error(
        "Host: {host} is not a name of this server. If it is, start the server with --host-name {}. Addresses and localhost need no flag.",
        .host.without_port()
    )]
    Host {
        /// As the request says.
        host: Quoted,
    },
    /// A page of another site, or a proxy that does not pass `Host` on.
    #[error(
        "Host: {host} does not match Origin: {origin}. If the page comes from this server, a proxy in between changes Host: have it pass \
         on what the browser says (nginx: proxy_set_header Host $http_host). If it comes from elsewhere and may use this server, start \
         the server with --allow-origin {origin}."
    )]
    Origin {
        /// As the request says.
        host: Quoted,
        /// As the request says.
        origin: Quoted,
    },
    /// Whatever is no page of this server, where only such pages may ask.
    #[error(
        "Host: {host} does not match Origin: {origin}. Only a page of this server may do this, and --allow-origin changes nothing about it. If \
         the page comes from this server, a proxy in between changes Host: have it pass on what the browser says."
    )]
    NotOwnPage {
        /// As the request says.
        host: Quoted,
        /// As the request says.
        origin: Quoted,
    },
    /// A page of this server that came over plain HTTP, where one that came over TLS may ask.
    #[error(
        "Origin: {origin} is a page that came over http://, which anybody in between could have changed. Open it with https:// in front."
    )]
    PlainPage {
        /// As the request says.
        origin: Quoted,
    },
    /// A sandboxed frame of another site, or of a page that was loaded before the server was started.
    #[error(
        "Origin: null, and no proof that it is a frame of this book: any site can make such frames. A page of the book gets the proof of \
         a server that was started again by itself, and at the latest when it is reloaded. A file that is opened without a server has this \
         origin as well: serve it over http, and start this server with --allow-origin and its origin."
    )]
    Proof,
    /// A sandboxed frame, where all of them are refused.
    #[error(
        "Origin: null is refused, because the server was started with --refuse-null-origin. The demos of the book need it."
    )]
    NullOrigin,
}

impl Refusal {
    /// How it is counted.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Host { .. } => "host",
            Self::Origin { .. }
            | Self::NotOwnPage { .. }
            | Self::PlainPage { .. }
            | Self::NullOrigin => "origin",
            Self::Proof => "proof",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self {
            // RFC 9110, section 15.5.20: the request was led to a server that does not answer for this name.
            Self::Host { .. } => StatusCode::MISDIRECTED_REQUEST,
            _ => StatusCode::FORBIDDEN,
        };
        (status, format!("{self}\n")).into_response()
    }
}

/// What a header says, as text that fits into a sentence: whoever sent it may have sent anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted(String);

impl Quoted {
    pub(super) fn header(value: &HeaderValue) -> Self {
        let text = String::from_utf8_lossy(value.as_bytes());
        let printable = text.chars().take(MAX_QUOTED).map(|char| match char {
            ' '..='~' => char,
            _ => '?',
        });
        Self(printable.collect())
    }

    pub(super) fn missing() -> Self {
        Self("(none)".to_owned())
    }

    fn without_port(&self) -> &str {
        self.0.rsplit_once(':').map_or(&self.0, |(name, _)| name)
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
