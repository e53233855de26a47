//! Lines for pages and frames of the book: `POST /line` opens one, and whoever has its id looks at it, changes it and ends it at `/line/ID`.
//!
//! May import: access, ice, line, net::client_address, network, state, axum, serde, serde_json, tower_http, tracing.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use network::capture::pcapng;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower_http::timeout::TimeoutLayer;
use tracing::warn;

use super::access::{self, ANY_ORIGIN};
use super::ice;
use crate::line::order::{Opening, Order};
use crate::line::refusal::{OrderRefused, Refusal};
use crate::line::running::Line;
use crate::line::{Lines, report};
use crate::net::client_address::Connection;
use crate::state::App;

/// Bytes of the body of a request: a timeline of as many steps as it may have, each naming every condition, has 25 KB.
const MAX_BODY: usize = 32 * 1024;

/// The routes of lines.
pub(super) fn routes(app: &App) -> Router<App> {
    let with_preflight = |routes: MethodRouter<App>| routes.options(access::preflight);
    let routes = Router::new()
        .route("/line", with_preflight(get(networks).post(open)))
        .route(
            "/line/{id}",
            with_preflight(get(look).patch(change).delete(close)),
        )
        .route("/line/{id}/packets", get(packets))
        .route("/line/{id}/packets.pcapng", get(recording));
    bounded(routes, app)
}

/// Routes of which each may be asked by our pages and frames only, and by a body that is small and comes soon.
pub(super) fn bounded(routes: Router<App>, app: &App) -> Router<App> {
    routes.route_layer((
        from_fn_with_state(app.clone(), access::permitted),
        DefaultBodyLimit::max(MAX_BODY),
        TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            app.limits.request_head_timeout,
        ),
    ))
}

/// What the body of a request asks for.
pub(super) fn read<T: DeserializeOwned>(body: &str) -> Result<T, Refused> {
    serde_json::from_str(body).map_err(Refused::Malformed)
}

async fn networks(State(app): State<App>) -> Result<Response, Refused> {
    lines(&app)?;
    Ok(answer(StatusCode::OK, &report::networks()))
}

async fn open(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Refused> {
    let lines = lines(&app)?;
    let opening: Opening = read(&body)?;
    let client = ice::client(&app, &connection, &headers);
    Ok(match lines.open(&client, &opening) {
        Ok(line) => answer(StatusCode::CREATED, &line.opened()),
        Err(refused) => refuse(&app, &refused),
    })
}

async fn look(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refused> {
    let line = find(&app, &id)?;
    Ok(answer(StatusCode::OK, &line.report()))
}

/// Of those that were kept, those behind the number in `?after=`.
async fn packets(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refused> {
    let line = find(&app, &id)?;
    let shown = |after| line.packets_after(after).report();
    Ok(packets_after(&uri, shown))
}

/// Those behind the number that a request names; all without one.
pub(super) fn packets_after(uri: &Uri, shown: impl FnOnce(u64) -> Value) -> Response {
    let mut fields = uri.query().unwrap_or_default().split('&');
    let after = fields.find_map(|field| field.strip_prefix("after="));
    match after.unwrap_or("0").parse() {
        Ok(after) => answer(StatusCode::OK, &shown(after)),
        Err(_) => {
            let words = "`after` must be the number of a packet.";
            refusal(StatusCode::BAD_REQUEST, words)
        }
    }
}

/// The same as a file.
async fn recording(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refused> {
    let file = find(&app, &id)?.recording().file();
    let name = "attachment; filename=\"line.pcapng\"";
    let head = [
        (header::CONTENT_TYPE, pcapng::MEDIA_TYPE),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store"),
        ANY_ORIGIN,
    ];
    Ok((StatusCode::OK, head, file).into_response())
}

async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, Refused> {
    let line = find(&app, &id)?;
    let order: Order = read(&body)?;
    Ok(match line.order(&order) {
        Ok(()) => answer(StatusCode::OK, &line.report()),
        Err(OrderRefused::OutOfRange(error)) => {
            refusal(StatusCode::BAD_REQUEST, &error.to_string())
        }
        Err(OrderRefused::NoPort(refused)) => refuse(&app, &refused),
    })
}

async fn close(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refused> {
    let is_closed = lines(&app)?.close(&id).await;
    closed(is_closed, Refused::NoLine)
}

/// The answer to whoever wants something ended that was there, or was not.
pub(super) fn closed(was_there: bool, otherwise: Refused) -> Result<Response, Refused> {
    match was_there {
        true => Ok((StatusCode::NO_CONTENT, [ANY_ORIGIN]).into_response()),
        false => Err(otherwise),
    }
}

/// Why a request has no line.
pub(super) enum Refused {
    /// The server has none at all.
    NoLines,
    /// There is none of this id.
    NoLine,
    /// There is no lab of this id.
    NoLab,
    /// Its body asks for nothing that there is.
    Malformed(serde_json::Error),
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let words = match self {
            Self::NoLines => "This server was started without lines (--no-line).",
            Self::NoLine => "There is no such line: it has ended, or the server has started anew.",
            Self::NoLab => "There is no such lab: it has ended, or the server has started anew.",
            Self::Malformed(error) => {
                return refusal(StatusCode::BAD_REQUEST, &error.to_string());
            }
        };
        refusal(StatusCode::NOT_FOUND, words)
    }
}

pub(super) fn lines(app: &App) -> Result<&Arc<Lines>, Refused> {
    app.lines.as_ref().ok_or(Refused::NoLines)
}

fn find(app: &App, id: &str) -> Result<Arc<Line>, Refused> {
    lines(app)?.get(id).ok_or(Refused::NoLine)
}

pub(super) fn refuse(app: &App, refused: &Refusal) -> Response {
    app.metrics.refused(refused.code());
    let status = match refused {
        Refusal::TooManyOfTheAddress { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refusal::NoAddress | Refusal::NoTurnOverIpv6 => StatusCode::CONFLICT,
        Refusal::TooMany { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::NoPort(_) | Refusal::NoRandomBytes => {
            // Strangers can cause all others as often as they like; those are counted.
            warn!(error = %refused, "No line can be opened");
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    refusal(status, &refused.to_string())
}

pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    let head = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        ANY_ORIGIN,
    ];
    (status, head, body.to_string()).into_response()
}

pub(super) fn refusal(status: StatusCode, words: &str) -> Response {
    let head = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        ANY_ORIGIN,
    ];
    (status, head, words.to_owned()).into_response()
}
