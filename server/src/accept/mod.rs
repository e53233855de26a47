//! Accepts connections, serves HTTP on each, and ends them when the server stops.
//!
//! # Layout
//! - [`places`]: how many connections there are, in all and by address
//! - [`visitor`]: who asks, and for whom a proxy asks
//! - [`host`]: which host a request is for
//! - [`socket`]: the socket below HTTP
//! - [`upgrade`]: from a request to the bare socket of a WebSocket
//! - [`turned_away`]: what those hear who find no place
//!
//! May import: hyper, `router`'s [`Front`], [`App`]. `axum::serve` isn't used because it has no timer for slow request heads
//! and waits for idle connections when it stops.

pub mod host;
pub mod places;
pub mod socket;
pub mod turned_away;
pub mod upgrade;
pub mod visitor;

use std::io;
use std::net::IpAddr;
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
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;
use tracing::{debug, warn};

use crate::config::Limits;
use crate::router::Front;
use crate::{App, CLOSING_TIME};
use host::BadHost;
use places::{NoPlace, Places};
use socket::Socket;
use visitor::Visitor;

/// After a failed accept (usually: out of file descriptors) others may close in the meantime.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Connections beyond all limits that are told so at the same time. More than these are dropped without a word.
const MAX_TURNED_AWAY: usize = 64;

/// Accepts until `shutdown` is ready. The listener is gone afterwards, the connections go on.
pub async fn until(
    shutdown: impl Future<Output = ()>,
    listener: TcpListener,
    front: Front,
    app: &App,
) {
    let places = Places::new(&app.limits);
    let turned_away = Arc::new(Semaphore::new(MAX_TURNED_AWAY));
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, remote)) => match admit(&places, app, remote.ip()) {
                Ok(visitor) => {
                    app.tasks
                        .spawn(connection(stream, visitor, front.clone(), app.clone()));
                }
                Err(no_place) => {
                    app.switchboard.metrics().refused(no_place.code());
                    debug!(client.address = %remote.ip(), error.code = no_place.code(), "Turned a connection away");
                    if let Ok(permit) = Arc::clone(&turned_away).try_acquire_owned() {
                        let closing = app.closing.clone();
                        let http = http(&app.limits);
                        app.tasks.spawn(async move {
                            tokio::select! {
                                () = closing.cancelled() => {}
                                () = turned_away::serve(stream, http, no_place) => {}
                            }
                            drop(permit);
                        });
                    }
                }
            },
            Err(error) if is_about_one_connection(&error) => {
                debug!(%error, "A connection broke before it was accepted");
            }
            Err(error) => {
                warn!(%error, "Cannot accept connections; trying again");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// A proxy is nobody's address: whom it asks for is counted when its request is read.
fn admit(places: &Arc<Places>, app: &App, remote: IpAddr) -> Result<Visitor, NoPlace> {
    let place = places.enter()?;
    let guest = match app.access.trusts(remote) {
        true => None,
        false => Some(places.welcome(remote)?),
    };
    Ok(Visitor::new(place, remote, guest))
}

async fn connection(stream: TcpStream, visitor: Visitor, front: Front, app: App) {
    // Signaling frames are small and wanted at once.
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "Cannot switch off Nagle's algorithm");
    }
    let patience = app.limits.stalled_response_timeout;
    let socket = Socket::new(stream, patience);
    let switchboard = Arc::clone(&app.switchboard);
    let service = service_fn(move |mut request: Request<Incoming>| {
        if let Err(bad_host) = host::of(&request) {
            switchboard.metrics().refused(BadHost::CODE);
            return Either::Left(ready(Ok(bad_host.into_response())));
        }
        match front.at_once(&request) {
            Some(response) => Either::Left(ready(Ok(response))),
            None => {
                request.extensions_mut().insert(visitor.clone());
                Either::Right(front.routes().oneshot(request))
            }
        }
    });
    let connection = http(&app.limits).serve_connection(socket, service);
    let mut connection = pin!(connection.with_upgrades());
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = app.closing.cancelled() => {
            // Ends an idle connection at once, and a busy one after its response.
            connection.as_mut().graceful_shutdown();
            timeout(CLOSING_TIME, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = served {
        // The first has been answered with 431. The second is for connections without a request, too.
        if error.is_parse_too_large() {
            app.switchboard.metrics().refused("request-head-too-large");
        } else if error.is_timeout() {
            app.switchboard.metrics().refused("request-head-timeout");
        }
        debug!(%error, "A connection ended early");
    }
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
