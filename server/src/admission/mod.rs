//! Who may talk to this server: one rule for signaling, the companion, the metrics and the pages.
//!
//! A browser names the server it asks for in `Host` ([RFC 9110, section 7.2](https://www.rfc-editor.org/rfc/rfc9110#section-7.2)) and the
//! page that asks in `Origin` ([RFC 6454, section 7](https://www.rfc-editor.org/rfc/rfc6454#section-7)). A request without `Origin` comes
//! from no page of another site: browsers send it with every WebSocket and every POST.
//!
//! The frames of the book's demos have the origin `null`, as every sandboxed frame of every site has. They prove that they are the book's.
//!
//! # Layout
//! - [`proof`]: how they do that
//! - [`refusal`]: why somebody may not, and what to do about it
//!
//! May import: config, signaling::token, axum, thiserror.

pub mod proof;
pub mod refusal;

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, Uri, header};

use crate::config::Access;
use proof::Proof;
use refusal::{Quoted, Refusal};

/// The opaque origin, as of a sandboxed iframe or of a file.
const OPAQUE: &str = "null";

/// How the origin of a page begins that came over TLS.
const SECURE: &str = "https://";

/// Decides who may talk to this server.
#[derive(Debug)]
pub struct Admission {
    access: Arc<Access>,
    proof: Proof,
}

impl Admission {
    /// By these settings, and by what is in the book's pages.
    pub fn new(access: Arc<Access>, proof: Proof) -> Self {
        Self { access, proof }
    }

    /// Whether the server was asked for by a name of its own. A page of another site can have its name lead to this address (DNS
    /// rebinding), and would count as a page of this server.
    ///
    /// # Errors
    /// When nobody said that the name in `Host` is this server's.
    pub fn admit_host(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let Some(host) = headers.get(header::HOST) else {
            return Ok(());
        };
        match host.to_str() {
            Ok(host) if self.access.has_host(host) => Ok(()),
            _ => Err(Refusal::Host {
                host: Quoted::header(host),
            }),
        }
    }

    /// Whether the page or the frame that sends this may use what the server offers to its own pages: signaling, the companion, and
    /// whatever else connects readers.
    ///
    /// # Errors
    /// When it is of another site, as far as the server can know.
    pub fn admit(&self, headers: &HeaderMap, uri: &Uri) -> Result<(), Refusal> {
        self.admit_host(headers)?;
        match headers.get(header::ORIGIN) {
            Some(origin) if is_opaque(origin) => self.admit_frame(uri),
            Some(origin) => self.admit_site(origin, headers),
            None => Ok(()),
        }
    }

    /// Whether pages of this origin may: those of this server, and those that a flag lets in.
    fn admit_site(&self, header: &HeaderValue, headers: &HeaderMap) -> Result<(), Refusal> {
        let origin = header.to_str().unwrap_or_default().to_ascii_lowercase();
        if self.access.allows(&origin) || is_own(&origin, headers) {
            return Ok(());
        }
        Err(Refusal::Origin {
            host: headers
                .get(header::HOST)
                .map_or_else(Quoted::missing, Quoted::header),
            origin: Quoted::header(header),
        })
    }

    /// Whether a page of this server sends this, and says so. For what acts for a person: pages that a flag lets in may signal, and so may the
    /// book's frames, but neither of them is the reader or the host.
    ///
    /// # Errors
    /// When it is anything else, or does not say what it is.
    pub fn admit_own_page(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        self.admit_host(headers)?;
        let origin = headers.get(header::ORIGIN);
        let is_named_own = origin
            .and_then(|origin| origin.to_str().ok())
            .is_some_and(|origin| is_own(&origin.to_ascii_lowercase(), headers));
        match is_named_own {
            true => Ok(()),
            false => Err(Refusal::NotOwnPage {
                host: headers
                    .get(header::HOST)
                    .map_or_else(Quoted::missing, Quoted::header),
                origin: origin.map_or_else(Quoted::missing, Quoted::header),
            }),
        }
    }

    /// The same on a connection of TLS that this server speaks itself: there a page says that it came over TLS, too. One of the same host and port
    /// that came over plain HTTP is anybody's who was in between.
    ///
    /// # Errors
    /// As [`admit_own_page`](Self::admit_own_page).
    pub fn admit_own_secure_page(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        self.admit_own_page(headers)?;
        match headers.get(header::ORIGIN) {
            Some(origin) if is_secure(origin) => Ok(()),
            origin => Err(Refusal::PlainPage {
                origin: origin.map_or_else(Quoted::missing, Quoted::header),
            }),
        }
    }

    /// Whether an address carries what stands in each page of this book: who asks has loaded one.
    pub fn has_proof(&self, uri: &Uri) -> bool {
        self.proof.is_in(uri)
    }

    /// Whether a sandboxed frame may do so: one of a page of this book, which knows the proof.
    ///
    /// # Errors
    /// When it knows none, or an older one, or when no frame may.
    pub fn admit_frame(&self, uri: &Uri) -> Result<(), Refusal> {
        if self.access.refuse_null_origin {
            Err(Refusal::NullOrigin)
        } else if self.proof.is_in(uri) || self.access.allows_every_origin() {
            Ok(())
        } else {
            Err(Refusal::Proof)
        }
    }
}

fn is_opaque(origin: &HeaderValue) -> bool {
    origin.as_bytes().eq_ignore_ascii_case(OPAQUE.as_bytes())
}

fn is_secure(origin: &HeaderValue) -> bool {
    let begin = origin.as_bytes().get(..SECURE.len());
    begin.is_some_and(|begin| begin.eq_ignore_ascii_case(SECURE.as_bytes()))
}

/// Whether the page comes from this server: it was asked for by the same host. The scheme may differ, as a proxy in front
/// may speak TLS.
fn is_own(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let (Some((scheme, authority)), Some(host)) = (origin.split_once("://"), host) else {
        return false;
    };
    // Browsers leave the usual port out of both, other clients may name it.
    let usual_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    let host = host.to_ascii_lowercase();
    host.strip_suffix(usual_port).unwrap_or(&host) == authority
}

#[cfg(test)]
mod tests;
