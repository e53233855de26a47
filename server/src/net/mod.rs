//! The network: accepts connections within the limits, serves HTTP on each, or hands it to a server of STUN, and ends them when the server
//! stops. It knows nothing of what is served.
//!
//! # Layout
//! - [`client_address`]: the address of a client, also behind a proxy, and whether it speaks TLS
//! - [`listener`]: where connections come from
//! - `proxy_protocol`: for whom a proxy connects that passes on bytes
//! - [`opening`]: whether a connection begins with HTTP, STUN or TLS
//! - `secure`: the handshake of one that begins with TLS
//! - `tls_alert`: what it is told where it gets no TLS
//! - `http2`: HTTP/2, for whoever chooses it in that handshake, and its bounds
//! - `progress`: what the requests of such a connection hold, and whether it gets anywhere; `pieces`: their responses
//! - [`host`]: which host a request is for
//! - `site`: what is served, and what listeners share
//! - `turned_away`: what connections beyond the limits are told
//!
//! `axum::serve` isn't used because it has no timer for slow request heads and waits for idle connections when it stops.
//!
//! May import: signaling, config, metrics, security_headers, transport::tls, axum, futures_util, h2, hyper, hyper_util, rustls, thiserror, tokio,
//! tokio_util, tracing.

pub use site::{Environment, Site};

pub mod client_address;
pub mod host;
mod http2;
pub mod listener;
pub mod opening;
mod pieces;
mod progress;
mod proxy_protocol;
mod secure;
mod site;
#[cfg(test)]
mod tests;
mod tls_alert;
mod turned_away;

use std::io;
use std::mem;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::response::IntoResponse as _;
use futures_util::future::{Either, ready};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use signaling::connection_limits::ConnectionLimits;
use signaling::socket::Socket;
use signaling::transport::Transport;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tracing::{debug, info, warn};

use crate::config::Limits;
use crate::metrics::NO_TLS;
use client_address::{Accepted, Connection};
use host::BadHost;
use listener::Listener;
use proxy_protocol::{Failure, Source};
use secure::Handshakes;
use site::{CLOSING_TIME, LARGE_HEAD, NO_HEAD};
use tls_alert::Alert;

/// After a failed accept (usually: out of file descriptors) others may close in the meantime.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Connections beyond the limits that are told so at the same time. More than these are dropped without an answer.
const MAX_TURNED_AWAY: usize = 64;

/// Accepts until `shutdown` is ready. The listener is gone afterwards, the connections go on.
pub async fn serve_until(
    shutdown: impl Future<Output = ()>,
    listener: impl Listener,
    site: impl Site,
    environment: Environment,
) {
    let connections = ConnectionLimits::new(&environment.limits.signaling());
    let turned_away = Arc::new(Semaphore::new(MAX_TURNED_AWAY));
    let handshakes = Handshakes::new(&environment.limits);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => return,
            accepted = listener.accept() => accepted,
        };
        let (transport, remote) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if is_about_one_connection(&error) => {
                debug!(%error, "A connection broke before it was accepted");
                continue;
            }
            Err(error) => {
                warn!(%error, "Cannot accept connections; trying again");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let is_proxy = listener.is_for_proxies() || environment.access.trusts(remote.ip());
        match Accepted::count(&connections, remote, is_proxy) {
            Ok(accepted) => {
                let served = serve(
                    transport,
                    accepted,
                    site.clone(),
                    handshakes.clone(),
                    environment.clone(),
                );
                environment.tasks.spawn(served);
            }
            Err(limit_reached) => {
                environment.metrics.refused(limit_reached.code());
                debug!(client.address = %remote.ip(), error.code = limit_reached.code(), "Turned a connection away");
                if let Ok(permit) = Arc::clone(&turned_away).try_acquire_owned() {
                    let closing = environment.closing.clone();
                    let http = http(&environment.limits);
                    let alert = match site.tls() {
                        Some(_) => Alert::NoPlace,
                        None => Alert::NotSpoken,
                    };
                    environment.tasks.spawn(async move {
                        tokio::select! {
                            () = closing.cancelled() => {}
                            () = turned_away::serve(transport, Vec::new(), http, limit_reached, alert) => {}
                        }
                        drop(permit);
                    });
                }
            }
        }
    }
}

/// Serves one connection until it ends.
async fn serve(
    mut transport: Box<dyn Transport>,
    mut accepted: Accepted,
    site: impl Site,
    handshakes: Handshakes,
    environment: Environment,
) {
    let mut early = Vec::new();
    if accepted.is_proxy() && environment.proxy.proxy_protocol {
        let alert = site.tls().map_or(Alert::NotSpoken, |_| Alert::NoPlace);
        // Boxed, because an idle connection takes the memory of this future.
        let named = Box::pin(name_client(transport, accepted, alert, &environment)).await;
        let Some(named) = named else { return };
        (transport, accepted, early) = named;
    }
    let remote = accepted.address();
    let mut connection = Connection::from(accepted);
    let Environment {
        limits,
        metrics,
        closing,
        ..
    } = &environment;
    if early.is_empty() {
        let first = timeout(limits.request_head_timeout, opening::read(&mut transport));
        let first = tokio::select! {
            first = first => first,
            () = closing.cancelled() => return,
        };
        early = match first {
            Ok(Ok(early)) if early.is_empty() => return,
            Ok(Ok(early)) => early,
            Ok(Err(error)) => {
                return debug!(%error, "A connection ended before it asked for anything");
            }
            Err(_) => return metrics.refused(NO_HEAD),
        };
    }
    if opening::is_tls(&early)
        && let Some(config) = site.tls()
    {
        let hello = mem::take(&mut early);
        // Boxed, because an idle connection takes the memory of this future.
        let shaken = tokio::select! {
            shaken = Box::pin(handshakes.shake(config, transport, hello, &connection)) => shaken,
            () = closing.cancelled() => return,
        };
        let tls = match shaken {
            Ok(tls) => tls,
            Err(failure) => {
                metrics.refused(failure.code());
                return info!(client.address = %remote.ip(), error.code = failure.code(), "A handshake of TLS failed: {failure}");
            }
        };
        connection = connection.over_tls();
        // A proxy has none, and is not offered HTTP/2.
        if let Some(account) = connection.account().cloned()
            && tls.is_http_2()
        {
            let socket = Socket::new(tls, early, limits.stalled_response_timeout);
            let served = http2::serve(socket, connection, &account, site, environment);
            return Box::pin(served).await;
        }
        transport = tls;
    } else if opening::is_tls(&early) {
        metrics.refused(NO_TLS);
        info!(
            client.address = %remote.ip(),
            "Somebody asked with https://, which this server does not speak; tell them to type the address with http:// in front"
        );
        let refused = tokio::select! {
            refused = tls_alert::refuse(transport, Alert::NotSpoken) => refused,
            () = closing.cancelled() => return,
        };
        if let Err(error) = refused {
            debug!(%error, "A connection of TLS ended before it was told that there is none");
        }
        return;
    }
    // A proxy speaks for others, and HTTP.
    if opening::is_stun(&early)
        && !connection.is_proxy()
        && let Some(server) = site.stun()
    {
        let served = server.serve_stream(transport, early, remote);
        tokio::select! {
            () = served => {}
            () = closing.cancelled() => {}
        }
        return;
    }
    let socket = Socket::new(transport, early, limits.stalled_response_timeout);
    let counts = Arc::clone(metrics);
    let service = service_fn(move |mut request: Request<Incoming>| {
        let at_once = match host::of(&request) {
            Ok(_) => site.at_once(&mut request, &connection),
            Err(bad_host) => {
                counts.refused(BadHost::CODE);
                Some(bad_host.into_response())
            }
        };
        match at_once {
            Some(response) => Either::Left(ready(Ok(response))),
            None => Either::Right(site.respond(request, &connection)),
        }
    });
    let served = http(limits).serve_connection(socket, service);
    let mut served = pin!(served.with_upgrades());
    let outcome = tokio::select! {
        outcome = served.as_mut() => outcome,
        () = closing.cancelled() => {
            // Ends an idle connection at once, and a busy one after its response.
            served.as_mut().graceful_shutdown();
            timeout(CLOSING_TIME, served).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = outcome {
        // The first has been answered with 431. The second is for connections without a request, too.
        if error.is_parse_too_large() {
            metrics.refused(LARGE_HEAD);
        } else if error.is_timeout() {
            metrics.refused(NO_HEAD);
        }
        debug!(%error, "A connection ended early");
    }
}

/// A connection of a proxy, counted as that of the client for whom it is, and what of it was read behind the header that says so. None, and it ends, if
/// the proxy does not say it, or the client has no place.
async fn name_client(
    mut transport: Box<dyn Transport>,
    mut accepted: Accepted,
    alert: Alert,
    environment: &Environment,
) -> Option<(Box<dyn Transport>, Accepted, Vec<u8>)> {
    let Environment {
        limits, metrics, ..
    } = environment;
    let read = timeout(
        limits.proxy_header_timeout,
        proxy_protocol::read(&mut transport),
    );
    let read = tokio::select! {
        read = read => read.unwrap_or(Err(Failure::Late)),
        () = environment.closing.cancelled() => return None,
    };
    let (source, early) = match read {
        Ok(read) => read,
        Err(failure) => {
            metrics.refused(failure.code());
            info!(
                client.address = %accepted.address().ip(),
                error.code = failure.code(),
                "A connection of a trusted proxy has no header of the PROXY protocol: {failure}"
            );
            return None;
        }
    };
    let counted = match source {
        Source::Client(client) => accepted.is_for(client, &environment.access),
        Source::Nameless => accepted.is_for_nobody_named(),
        Source::Proxy => Ok(()),
    };
    let Err(limit_reached) = counted else {
        return Some((transport, accepted, early));
    };
    metrics.refused(limit_reached.code());
    tokio::select! {
        () = turned_away::serve(transport, early, http(limits), limit_reached, alert) => {}
        () = environment.closing.cancelled() => {}
    }
    None
}

/// HTTP as every connection is served it, wherever it was accepted.
fn http(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.request_head_timeout)
        .max_header_size(limits.max_request_head_bytes)
        // What is read ahead, of bodies and of further requests as well. By default each connection may keep 400 KB.
        .max_buf_size(limits.max_request_head_bytes);
    http
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
