//! Every route on one page.
//!
//! May import: the handlers of `book`, `author`, `companion`, `operation` and `signaling`, `accept` for who asks, and
//! `hardening`.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, Request as HttpRequest, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tower_http::timeout::TimeoutLayer;
use tracing::info;

use crate::accept::turned_away;
use crate::accept::upgrade::Upgrade;
use crate::accept::visitor::Visitor;
use crate::config::Operation;
use crate::hardening::{harden, isolation};
use crate::signaling::connection;
use crate::{App, author, book, companion, operation};

/// What the log of a page's author shows. The page itself can't read it.
const REFUSED_ORIGIN: &str = "Pages of this origin may not signal here. Whoever runs the server can let them, with --allow-origin.\n";

/// Whatever answers requests. Pages of the book need no route, and most requests are for those.
#[derive(Debug, Clone)]
pub struct Front {
    routes: Router,
    /// Whose book; none where there is only one route or two.
    pages: Option<App>,
}

impl Front {
    /// The response, if the request is for a page.
    pub fn page<B>(&self, request: &HttpRequest<B>) -> Option<Response> {
        let mut page = book::serve::page(self.pages.as_ref()?, request)?;
        page.headers_mut().extend(isolation(request.headers()));
        Some(page)
    }

    /// Whatever answers all other requests.
    pub fn routes(&self) -> Router {
        self.routes.clone()
    }
}

/// The routes. Signaling answers where the original server's clients look for it: first `/`, then `/primus`.
pub fn app(app: App, operation: &Operation) -> Front {
    let mut router = Router::new()
        .route("/", any(front_door))
        .route("/primus", any(front_door))
        .route(
            companion::route::PATH,
            post(companion::route::invite).layer((
                DefaultBodyLimit::max(app.limits.max_room_name_bytes),
                TimeoutLayer::with_status_code(
                    StatusCode::REQUEST_TIMEOUT,
                    app.limits.request_head_timeout,
                ),
            )),
        );
    router = router.merge(operation::health());
    if operation.metrics {
        router = router.merge(operation::numbers());
    }
    if app.shelf.source().checkout().is_some() {
        router = router
            .route(book::source::AUTHOR_SCRIPT, get(author::script))
            .route(author::EVENTS, get(author::events));
    }
    let routes = router
        .fallback(book::serve::handler)
        .layer(from_fn(harden))
        .with_state(app.clone());
    Front {
        routes,
        pages: Some(app),
    }
}

/// The routes at the address for metrics.
pub fn for_operators(app: App) -> Front {
    let routes = operation::health()
        .merge(operation::numbers())
        .layer(from_fn(harden))
        .with_state(app);
    Front {
        routes,
        pages: None,
    }
}

/// Signaling for a WebSocket, the book for everybody else.
async fn front_door(
    State(app): State<App>,
    Extension(visitor): Extension<Visitor>,
    mut request: Request,
) -> Response {
    match Upgrade::of(&mut request) {
        Ok(upgrade) => signaling(app, visitor, upgrade, request.headers()),
        Err(no_upgrade) if request.headers().contains_key(header::SEC_WEBSOCKET_KEY) => {
            no_upgrade.into_response()
        }
        Err(_) => book::serve::handler(State(app), request).await,
    }
}

fn signaling(app: App, visitor: Visitor, upgrade: Upgrade, headers: &HeaderMap) -> Response {
    if !app.access.admits(headers) {
        let origin = headers.get(header::ORIGIN);
        app.switchboard.metrics().refused("origin");
        info!(client.origin = ?origin, "Refused the origin of a page");
        return (StatusCode::FORBIDDEN, REFUSED_ORIGIN).into_response();
    }
    let client = match visitor.client(headers, &app.access) {
        Ok(client) => client,
        Err(no_place) => {
            app.switchboard.metrics().refused(no_place.code());
            return turned_away::websocket(upgrade, no_place);
        }
    };
    // Counted from here on, so that a server that stops right now waits for it.
    let tracked = app.tasks.token();
    upgrade.grant(move |upgraded| async move {
        connection::serve(upgraded, client, app.switchboard, app.limits).await;
        drop(tracked);
    })
}
