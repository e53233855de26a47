//! Every route on one page, and the headers that every response carries.
//!
//! May import: the handlers of `book`, `author` and `signaling`.

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};

use crate::accept::Place;
use crate::signaling::connection;
use crate::{App, author, book};

/// The routes. Signaling answers where the original server's clients look for it: first `/`, then `/primus`.
pub fn app(app: App) -> Router {
    let mut router = Router::new()
        .route("/", any(front_door))
        .route("/primus", any(front_door));
    if app.shelf.source().checkout().is_some() {
        router = router
            .route(author::SCRIPT, get(author::script))
            .route(author::EVENTS, get(author::events));
    }
    router
        .fallback(book::serve::handler)
        .layer(map_response(harden))
        .with_state(app)
}

/// Signaling for a WebSocket, the book for everybody else.
async fn front_door(
    State(app): State<App>,
    place: Option<Extension<Place>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request,
) -> Response {
    match upgrade {
        Ok(upgrade) => {
            let App {
                switchboard,
                limits,
                closing,
                tasks,
                ..
            } = app;
            // Counted from here on, so that a server that stops right now waits for it.
            let tracked = tasks.token();
            connection::bound(upgrade, &limits).on_upgrade(move |socket| async move {
                connection::serve(socket, switchboard, limits, closing).await;
                drop((tracked, place));
            })
        }
        Err(rejection) if request.headers().contains_key(header::SEC_WEBSOCKET_KEY) => {
            rejection.into_response()
        }
        Err(_) => book::serve::handler(State(app), request).await,
    }
}

async fn harden(mut response: Response) -> Response {
    const HEADERS: [(HeaderName, HeaderValue); 3] = [
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        ),
    ];
    response.headers_mut().extend(HEADERS);
    response
}
