//! What is served on the connections of a listener, and what all listeners of a server share.
//!
//! May import: client_address, opening, config, metrics, axum, hyper, rustls, tokio_util.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use rustls::ServerConfig;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::client_address::Connection;
use super::opening::StunServer;
use crate::config::{Access, Limits, Proxy};
use crate::metrics::Metrics;

/// How long one connection may take to end once the server stops. The whole server ends in little more.
pub(super) const CLOSING_TIME: Duration = Duration::from_secs(1);

/// The refusal of a connection that asks for nothing in time.
pub(super) const NO_HEAD: &str = "request-head-timeout";

/// The refusal of a request whose head is too large.
pub(super) const LARGE_HEAD: &str = "request-head-too-large";

/// What is served on the connections of a listener.
pub trait Site: Clone + Send + Sync + 'static {
    /// The response to a request that came on this connection, if its body is memory that the server has anyway, such as a file of the book, or a few
    /// words. The request says afterwards what [`respond`](Self::respond) has to know of it.
    fn at_once(&self, request: &mut Request<Incoming>, connection: &Connection)
    -> Option<Response>;

    /// The response to a request to which there is none [at once](Self::at_once).
    fn respond(
        &self,
        request: Request<Incoming>,
        connection: &Connection,
    ) -> impl Future<Output = Result<Response, Infallible>> + Send + use<Self>;

    /// How TLS is spoken; not at all, and connections that begin with it are told so.
    fn tls(&self) -> Option<Arc<ServerConfig>> {
        None
    }

    /// Whoever serves connections that begin with STUN; nobody, and they are served HTTP, which refuses them.
    fn stun(&self) -> Option<Arc<dyn StunServer>> {
        None
    }
}

/// What all listeners of a server share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The bounds.
    pub limits: Arc<Limits>,
    /// Says which proxies are trusted.
    pub access: Arc<Access>,
    /// Says whether those speak the PROXY protocol.
    pub proxy: Arc<Proxy>,
    /// Counts what is refused.
    pub metrics: Arc<Metrics>,
    /// Cancelled when the server stops: connections end then.
    pub closing: CancellationToken,
    /// Every connection is a task of these.
    pub tasks: TaskTracker,
}
