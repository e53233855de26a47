//! Accepts connections, serves HTTP on each, and ends them when the server stops.
//!
//! May import: hyper, axum's `Router`, [`App`]. `axum::serve` isn't used because it has no timer for slow request heads
//! and waits for idle connections when it stops.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;
use tracing::{debug, warn};

use crate::{App, CLOSING_TIME};

/// After a failed accept (usually: out of file descriptors) others may close in the meantime.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// One of the `max_connections`. A request carries it along, so that a WebSocket keeps it after the upgrade.
pub type Place = Arc<OwnedSemaphorePermit>;

/// Accepts until `shutdown` is ready. The listener is gone afterwards, the connections go on.
pub async fn until(
    shutdown: impl Future<Output = ()>,
    listener: TcpListener,
    router: Router,
    app: &App,
) {
    let places = Arc::new(Semaphore::new(app.limits.max_connections));
    let mut shutdown = pin!(shutdown);
    loop {
        let next = async {
            let place = Arc::clone(&places)
                .acquire_owned()
                .await
                .expect("nobody closes the semaphore");
            (listener.accept().await, place)
        };
        tokio::select! {
            () = &mut shutdown => return,
            (accepted, place) = next => match accepted {
                Ok((stream, _)) => {
                    app.tasks.spawn(connection(stream, Arc::new(place), router.clone(), app.clone()));
                }
                Err(error) if is_about_one_connection(&error) => debug!(%error, "A connection broke before it was accepted"),
                Err(error) => {
                    warn!(%error, "Cannot accept connections; trying again");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

async fn connection(stream: TcpStream, place: Place, router: Router, app: App) {
    // Signaling frames are small and wanted at once.
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "Cannot switch off Nagle's algorithm");
    }
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(app.limits.request_head_timeout);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Arc::clone(&place));
        router.clone().oneshot(request)
    });
    let mut connection = pin!(
        http.serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = app.closing.cancelled() => {
            // Ends an idle connection at once, and a busy one after its response.
            connection.as_mut().graceful_shutdown();
            timeout(CLOSING_TIME, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = served {
        debug!(%error, "A connection ended early");
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
