//! Every route on one page.
//!
//! # Layout
//! - `access`: refuses requests of whoever may not talk to this server
//! - `admin`: health, readiness, metrics
//! - `attend`: lets pages take part in a workshop
//! - `author`: tells the pages of a checkout that it has changed
//! - `authority`: hands out the root of `--tls`
//! - `below`: takes the base path away
//! - `camera`: what demos with the reader's own devices load, at names of their own
//! - `companion`: invites the companion
//! - `entry`: whom an access token lets in
//! - `forwarded`: what a trusted proxy says of a request
//! - `host`: the session and the WebSocket of the host's page
//! - `ice`: gives STUN and TURN servers
//! - `lab`: the same with a NAT on each side
//! - `lines`: opens lines between peers, changes and ends them
//! - `media`: publishes and watches in the media room
//! - `qr`: draws the QR code of a demo
//! - `signaling`: from a request to a WebSocket
//! - `websocket`: those of pages that say little
//!
//! May import: access_token, admission, attendance, book, camera_host, companion, config, host_access, line, log, metrics, net, network, relay,
//! security_headers, sfu, signaling, state, workshop, axum, futures_util, hyper, quickconnect::protocol, rustls, serde, serde_json, thiserror, tokio,
//! tokio_tungstenite, tokio_util, tower, tower_http, tracing, tungstenite, url.

mod access;
mod admin;
mod attend;
mod author;
mod authority;
pub(crate) mod below;
mod camera;
mod companion;
mod entry;
mod forwarded;
mod host;
mod ice;
mod lab;
mod lines;
mod media;
mod qr;
mod signaling;
mod websocket;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Request as HttpRequest, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use hyper::body::Incoming;
use rustls::ServerConfig;
use tower::ServiceExt as _;
use tower_http::timeout::TimeoutLayer;

use crate::book::serve;
use crate::book::source::AUTHOR_SCRIPT;
use crate::config;
use crate::net::Site;
use crate::net::client_address::Connection;
use crate::net::host::BadHost;
use crate::net::opening::StunServer;
use crate::security_headers::{self, SECURITY_HEADERS};
use crate::state::App;

/// Whatever answers requests. Pages of the book need no route, and most requests are for those.
#[derive(Debug, Clone)]
pub struct Front {
    routes: Router,
    app: App,
    /// Whether the book is here.
    has_pages: bool,
}

impl Front {
    /// Has the request say what the client asked for, whatever proxies have made of it. The response, if that is all to be said.
    fn enter<B>(&self, request: &mut HttpRequest<B>, connection: &Connection) -> Option<Response> {
        if let Err(bad_host) = forwarded::name_host(connection, request) {
            self.app.metrics.refused(BadHost::CODE);
            return Some(bad_host.into_response());
        }
        below::enter(&self.app.proxy.base_path, request)
    }

    /// The response, if the request needs no route: it is for a file of the book, or for a server of another name.
    fn without_a_route<B>(&self, request: &HttpRequest<B>) -> Option<Response> {
        if self.has_pages
            && let Some(response) = camera::respond(&self.app.book, request)
        {
            return Some(response);
        }
        // A load balancer asks by any name, and learns nothing that is not everybody's.
        let is_health = admin::HEALTH.contains(&request.uri().path());
        if !is_health && let Err(refusal) = self.app.admission.admit_host(request.headers()) {
            let mut refused = access::refuse_readably(&self.app, refusal);
            refused.headers_mut().extend(SECURITY_HEADERS);
            return Some(refused);
        }
        if !self.has_pages {
            return None;
        }
        let mut page = serve::page(&self.app.book.current(), request)?;
        page.headers_mut()
            .extend(security_headers::isolation(request.headers()));
        Some(page)
    }
}

impl Site for Front {
    fn at_once(
        &self,
        request: &mut HttpRequest<Incoming>,
        connection: &Connection,
    ) -> Option<Response> {
        let entered = self.enter(request, connection);
        entered.or_else(|| self.without_a_route(request))
    }

    fn respond(
        &self,
        mut request: HttpRequest<Incoming>,
        connection: &Connection,
    ) -> impl Future<Output = Result<Response, Infallible>> + Send + use<> {
        request.extensions_mut().insert(connection.clone());
        self.routes.clone().oneshot(request)
    }

    fn tls(&self) -> Option<Arc<ServerConfig>> {
        let tls = self.app.tls.as_ref().filter(|_| self.has_pages)?;
        Some(tls.config())
    }

    fn stun(&self) -> Option<Arc<dyn StunServer>> {
        let relay = self.app.relay.clone().filter(|_| self.has_pages)?;
        Some(relay)
    }
}

/// A request that no route serves.
async fn page(State(app): State<App>, request: Request) -> Response {
    serve::respond(&app.book.current(), &request)
}

/// The routes. Signaling answers where the original server's clients look for it: first `/`, then `/primus`.
pub fn app(app: App, settings: &config::Admin) -> Front {
    let mut router = Router::new()
        .route("/", any(signaling::websocket_or_page))
        .route(
            "/primus",
            any(signaling::websocket_or_page).post(signaling::may_signal),
        )
        .route(
            companion::PATH,
            post(companion::invite).layer((
                from_fn_with_state(app.clone(), access::permitted),
                DefaultBodyLimit::max(app.limits.max_room_name_bytes),
                TimeoutLayer::with_status_code(
                    StatusCode::REQUEST_TIMEOUT,
                    app.limits.request_head_timeout,
                ),
            )),
        )
        .route(ice::PATH, ice::route(&app))
        .route(qr::PATH, get(qr::code))
        .route(attend::PATH, get(attend::websocket))
        .route(authority::PATH, get(authority::root));
    router = router
        .merge(admin::health())
        .merge(lines::routes(&app))
        .merge(lab::routes(&app))
        .merge(media::routes(&app))
        .merge(host::routes(&app));
    if settings.metrics {
        router = router.merge(numbers(&app));
    }
    if app.book.source().checkout().is_some() {
        router = router
            .route(&format!("/{AUTHOR_SCRIPT}"), get(author::script))
            .route(author::EVENTS, get(author::events));
    }
    let routes = router
        .fallback(page)
        .layer(from_fn(security_headers::add))
        .with_state(app.clone());
    Front {
        routes,
        app,
        has_pages: true,
    }
}

/// The routes at the address for metrics.
pub fn for_operators(app: App) -> Front {
    let routes = admin::health()
        .merge(numbers(&app))
        .layer(from_fn(security_headers::add))
        .with_state(app.clone());
    Front {
        routes,
        app,
        has_pages: false,
    }
}

fn numbers(app: &App) -> Router<App> {
    admin::numbers().route_layer(from_fn_with_state(app.clone(), access::admitted))
}
