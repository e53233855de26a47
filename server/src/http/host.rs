//! The host's page of a workshop: `workshop/host/session` exchanges a one-time code for a session (POST), says whether there is one (GET) and
//! ends it (DELETE); `workshop/host` is the WebSocket of the page, and `workshop/host/show` that of a page which shows a demo to everybody;
//! `workshop/host/code` makes a code for another device (POST); `workshop/host/notes` has the speaker's notes (GET).
//!
//! # Layout
//! - `admit`: who may show a code or a session at all
//! - `code`: the address for another device
//! - `connection`: which may be a host's
//! - `cookie`: where a browser keeps its session
//! - `notes`: the speaker's notes
//! - `refusal`: why a request is refused
//! - `socket`: what the page is told, and what it asks for
//!
//! May import: websocket, admission, attendance, book, signaling::bucket, config, host_access, net, state, workshop::code, axum, futures_util, serde,
//! serde_json, thiserror, tokio, tokio_util, tower_http, tracing, tungstenite, signaling::turned_away, signaling::upgrade.

mod admit;
mod code;
mod connection;
mod cookie;
mod notes;
mod refusal;
mod socket;

use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use signaling::turned_away;
use signaling::upgrade::Upgrade;
use tower_http::timeout::TimeoutLayer;
use tracing::info;

use crate::net::client_address::Connection;
use crate::state::App;
use admit::{admit_host, admit_page};
use cookie::Cookie;
use refusal::{Refused, answer};
use socket::Purpose;

/// Where the page (`book/stage/host/`) has its session, where its WebSocket, and where that of a page is which shows a demo.
const SESSION: &str = "/workshop/host/session";
const SOCKET: &str = "/workshop/host";
const SHOW: &str = "/workshop/host/show";
/// Where it gets a code for another device.
const CODE: &str = "/workshop/host/code";
/// Where it gets the speaker's notes.
const NOTES: &str = "/workshop/host/notes";

/// Bytes of a request's body: a code has 22.
const MAX_BODY: usize = 64;

/// The routes of the host's page.
pub(super) fn routes(app: &App) -> Router<App> {
    let router = Router::new()
        .route(SESSION, get(look).post(open).delete(end))
        .route(CODE, post(code::make))
        .route(NOTES, get(notes::tell))
        .route(SOCKET, any(connect_page))
        .route(SHOW, any(connect_show));
    router.route_layer((
        map_response(unstored),
        DefaultBodyLimit::max(MAX_BODY),
        TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            app.limits.request_head_timeout,
        ),
    ))
}

async fn open(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
    code: String,
) -> Response {
    let opened = admit_page(&app, &connection, &headers).and_then(|from| {
        let key = app.host_access.open_session(&code, from, Instant::now())?;
        info!(client.address = %from, "A browser has the host's page now");
        Ok(Cookie::of(&headers, connection.is_tls()).with(&key))
    });
    answer(
        &app,
        opened.map(|cookie| (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)])),
    )
}

async fn look(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
) -> Response {
    let found = admit_host(&app, &connection, &headers);
    answer(&app, found.map(|_| StatusCode::NO_CONTENT))
}

async fn end(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
) -> Response {
    let cookie = Cookie::of(&headers, connection.is_tls());
    let ended = admit_page(&app, &connection, &headers).and_then(|from| {
        let keys = cookie.keys(&headers);
        let ended = app.host_access.end_session(&keys, from, Instant::now());
        ended.map_err(|refusal| Refused::by(refusal, &keys, &cookie))
    });
    let forgotten = [(header::SET_COOKIE, cookie.forgotten())];
    answer(&app, ended.map(|()| (StatusCode::NO_CONTENT, forgotten)))
}

async fn connect_page(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response {
    connect(app, connection, request, Purpose::Hosting)
}

async fn connect_show(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response {
    connect(app, connection, request, Purpose::Showing)
}

fn connect(app: App, connection: Connection, mut request: Request, purpose: Purpose) -> Response {
    let headers = request.headers();
    let cookie = Cookie::of(headers, connection.is_tls());
    let found = admit_page(&app, &connection, headers).and_then(|from| {
        let attendance = app.attendance.clone().ok_or(Refused::NoWorkshop)?;
        let keys = cookie.keys(headers);
        let session = app.host_access.session(&keys, from, Instant::now());
        match session {
            Ok(session) => Ok((attendance, session)),
            Err(refusal) => Err(Refused::by(refusal, &keys, &cookie)),
        }
    });
    let (attendance, session) = match found {
        Ok(found) => found,
        Err(refused) => return refused.answer(&app),
    };
    let upgrade = match Upgrade::of(&mut request) {
        Ok(upgrade) => upgrade,
        Err(no_upgrade) => return no_upgrade.into_response(),
    };
    let client = match connection.client(request.headers(), &app.access) {
        Ok(client) => client,
        Err(limit_reached) => {
            app.metrics.refused(limit_reached.code());
            return turned_away::websocket(upgrade, limit_reached);
        }
    };
    // Counted from here on, so that a server that stops right now waits for it.
    let tracked = app.tasks.token();
    upgrade.grant(move |upgraded| async move {
        socket::serve(upgraded, &app, &attendance, session, purpose).await;
        drop((client, tracked));
    })
}

/// What is said of sessions is of now, and of nobody else.
async fn unstored(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}
