//! Every route on one page.
//!
//! May import: the handlers of `book`, `author`, `companion`, `operation` and `signaling`, `accept` for who asks, `admission` for who
//! may, and `hardening`.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::{Extension, Request, State};
use axum::http::{Request as HttpRequest, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tower_http::timeout::TimeoutLayer;
use tracing::info;

use crate::accept::turned_away;
use crate::accept::upgrade::Upgrade;
use crate::accept::visitor::Visitor;
use crate::admission::proof;
use crate::admission::refusal::Refusal;
use crate::config::Operation;
use crate::hardening::{HARDENING, harden, isolation};
use crate::signaling::connection;
use crate::{App, author, book, companion, operation};

/// Whatever answers requests. Pages of the book need no route, and most requests are for those.
#[derive(Debug, Clone)]
pub struct Front {
    routes: Router,
    app: App,
    /// Whether the book is here.
    has_pages: bool,
}

impl Front {
    /// The response, if the request needs no route: it is for a page, or for a server of another name.
    pub fn at_once<B>(&self, request: &HttpRequest<B>) -> Option<Response> {
        // A load balancer asks by any name, and learns nothing that is not everybody's.
        let is_health = operation::HEALTH.contains(&request.uri().path());
        if !is_health && let Err(refusal) = self.app.admission.admit_host(request.headers()) {
            let mut refused = refuse(&self.app, refusal);
            refused.headers_mut().extend(HARDENING);
            return Some(refused);
        }
        if !self.has_pages {
            return None;
        }
        let mut page = book::serve::page(&self.app, request)?;
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
        .route("/primus", any(front_door).post(may_signal))
        .route(
            companion::route::PATH,
            post(companion::route::invite).layer((
                from_fn_with_state(app.clone(), admitted),
                DefaultBodyLimit::max(app.limits.max_room_name_bytes),
                TimeoutLayer::with_status_code(
                    StatusCode::REQUEST_TIMEOUT,
                    app.limits.request_head_timeout,
                ),
            )),
        );
    router = router.merge(operation::health());
    if operation.metrics {
        router = router.merge(numbers(&app));
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
        app,
        has_pages: true,
    }
}

/// The routes at the address for metrics.
pub fn for_operators(app: App) -> Front {
    let routes = operation::health()
        .merge(numbers(&app))
        .layer(from_fn(harden))
        .with_state(app.clone());
    Front {
        routes,
        app,
        has_pages: false,
    }
}

fn numbers(app: &App) -> Router<App> {
    operation::numbers().route_layer(from_fn_with_state(app.clone(), admitted))
}

/// Lets in whoever may use what this server offers to its own pages.
async fn admitted(State(app): State<App>, request: Request, next: Next) -> Response {
    match app.admission.admit(request.headers(), request.uri()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refuse(&app, refusal),
    }
}

/// Counts, logs and tells a refusal.
fn refuse(app: &App, refusal: Refusal) -> Response {
    app.switchboard.metrics().refused(refusal.code());
    info!(error.code = refusal.code(), "Refused a request. {refusal}");
    refusal.into_response()
}

/// A page can't read why its WebSocket was refused, so it asks here, and gets the words of the refusal (`book/stage/proof.js`). With a proof
/// it asks for its frames, which can't read any response.
async fn may_signal(State(app): State<App>, request: Request) -> Response {
    let admission = &app.admission;
    let admitted = match proof::is_claimed(request.uri()) {
        true => admission.admit_frame(request.uri()),
        false => admission.admit(request.headers(), request.uri()),
    };
    match admitted {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => refuse(&app, refusal),
    }
}

/// Signaling for a WebSocket, the book for everybody else.
async fn front_door(
    State(app): State<App>,
    Extension(visitor): Extension<Visitor>,
    mut request: Request,
) -> Response {
    match Upgrade::of(&mut request) {
        Ok(upgrade) => signaling(app, visitor, upgrade, &request),
        Err(no_upgrade) if request.headers().contains_key(header::SEC_WEBSOCKET_KEY) => {
            no_upgrade.into_response()
        }
        Err(_) => book::serve::handler(State(app), request).await,
    }
}

fn signaling(app: App, visitor: Visitor, upgrade: Upgrade, request: &Request) -> Response {
    if let Err(refusal) = app.admission.admit(request.headers(), request.uri()) {
        return refuse(&app, refusal);
    }
    let client = match visitor.client(request.headers(), &app.access) {
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
