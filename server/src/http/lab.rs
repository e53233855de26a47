//! NAT labs for pages and frames of the book: `POST /lab` opens one, and whoever has its id looks at it, tells it more and ends it at `/lab/ID`.
//!
//! May import: access, ice, line, lines, net::client_address, state, axum.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{get, post};

use super::access::preflight;
use super::ice;
use super::lines::{Refused, answer, bounded, closed, lines, packets_after, read, refuse};
use crate::line::lab::Lab;
use crate::line::lab::order::{Opening, Order};
use crate::net::client_address::Connection;
use crate::state::App;

/// The routes of labs.
pub(super) fn routes(app: &App) -> Router<App> {
    let routes = Router::new()
        .route("/lab", post(open).options(preflight))
        .route(
            "/lab/{id}",
            get(look).patch(change).delete(close).options(preflight),
        )
        .route("/lab/{id}/packets", get(packets))
        .route("/lab/{id}/nats", get(watch));
    bounded(routes, app)
}

fn find(app: &App, id: &str) -> Result<Arc<Lab>, Refused> {
    lines(app)?.get_lab(id).ok_or(Refused::NoLab)
}

async fn open(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Refused> {
    let labs = lines(&app)?;
    let opening: Opening = read(&body)?;
    let client = ice::client(&app, &connection, &headers);
    Ok(match labs.open_lab(&client, &opening) {
        Ok(lab) => answer(StatusCode::CREATED, &lab.report()),
        Err(refused) => refuse(&app, &refused),
    })
}

async fn look(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refused> {
    let lab = find(&app, &id)?;
    Ok(answer(StatusCode::OK, &lab.report()))
}

async fn packets(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refused> {
    let lab = find(&app, &id)?;
    Ok(packets_after(&uri, |number| lab.packets_after(number)))
}

/// What the panel *NATs* shows, asked for once a second while it is open.
async fn watch(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refused> {
    let lab = find(&app, &id)?;
    Ok(answer(StatusCode::OK, &lab.watch()))
}

async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, Refused> {
    let lab = find(&app, &id)?;
    let order: Order = read(&body)?;
    lab.order(&order);
    Ok(answer(StatusCode::OK, &lab.report()))
}

async fn close(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refused> {
    let is_closed = lines(&app)?.close_lab(&id).await;
    closed(is_closed, Refused::NoLab)
}
