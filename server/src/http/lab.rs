//! NAT labs for pages and frames of the book: `POST /lab` opens one, and whoever has its id looks at it, tells it more and ends it at `/lab/ID`.
//!
//! May import: access, ice, line, lines, net::client_address, state, axum, tower_http.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::timeout::TimeoutLayer;

use super::lines::{
    ANY_ORIGIN, MAX_BODY, Missing, answer, lines, packets_after, preflight, refusal, refuse,
};
use super::{access, ice};
use crate::line::lab::Lab;
use crate::line::lab::order::{Opening, Order};
use crate::net::client_address::Connection;
use crate::state::App;

/// The routes of labs.
pub(super) fn routes(app: &App) -> Router<App> {
    Router::new()
        .route("/lab", post(open).options(preflight))
        .route(
            "/lab/{id}",
            get(look).patch(change).delete(close).options(preflight),
        )
        .route("/lab/{id}/packets", get(packets))
        .route_layer((
            from_fn_with_state(app.clone(), access::admitted),
            DefaultBodyLimit::max(MAX_BODY),
            TimeoutLayer::with_status_code(
                StatusCode::REQUEST_TIMEOUT,
                app.limits.request_head_timeout,
            ),
        ))
}

fn find(app: &App, id: &str) -> Result<Arc<Lab>, Missing> {
    lines(app)?.get_lab(id).ok_or(Missing::Lab)
}

async fn open(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Missing> {
    let labs = lines(&app)?;
    let opening = match Opening::read(&body) {
        Ok(opening) => opening,
        Err(error) => return Ok(refusal(StatusCode::BAD_REQUEST, &error.to_string())),
    };
    let client = ice::client(&app, &connection, &headers);
    Ok(match labs.open_lab(&client, &opening) {
        Ok(lab) => answer(StatusCode::CREATED, &lab.report()),
        Err(refused) => refuse(&app, &refused),
    })
}

async fn look(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Missing> {
    let lab = find(&app, &id)?;
    Ok(answer(StatusCode::OK, &lab.report()))
}

async fn packets(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Missing> {
    let lab = find(&app, &id)?;
    Ok(packets_after(&uri, |number| lab.packets_after(number)))
}

async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, Missing> {
    let lab = find(&app, &id)?;
    Ok(match Order::read(&body) {
        Ok(order) => {
            lab.order(&order);
            answer(StatusCode::OK, &lab.report())
        }
        Err(error) => refusal(StatusCode::BAD_REQUEST, &error.to_string()),
    })
}

async fn close(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Missing> {
    match lines(&app)?.close_lab(&id).await {
        true => Ok((StatusCode::NO_CONTENT, [ANY_ORIGIN]).into_response()),
        false => Err(Missing::Lab),
    }
}
