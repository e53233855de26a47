//! The media room: `POST /whip/ROOM` publishes, `POST /whep/ROOM/ID` watches, `DELETE` of the Location that these answer ends it, and `GET /sfu/ROOM` says
//! who publishes.
//!
//! Whoever has a key for the room may do so as well as pages and frames of the book: clients of WHIP and WHEP that are no browsers, and pages of other sites.
//!
//! # Layout
//! - `entry`: who may
//! - `answers`: what they are answered
//!
//! May import: access_token, admission, entry, ice, net::client_address, sfu, signaling, signaling::gate, state, axum, quickconnect::protocol, serde,
//! serde_json, tower_http, tracing, signaling::carried.

mod answers;
mod entry;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::StringRejection;
use axum::extract::{DefaultBodyLimit, Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{get, post};
use quickconnect::protocol::RoomName;
use serde::Deserialize;
use serde_json::json;
use tower_http::timeout::TimeoutLayer;

use super::ice;
use crate::net::client_address::Connection;
use crate::sfu::refusal::Refusal;
use crate::sfu::{Request, Sfu};
use crate::state::App;
use answers::{MAX_OFFER, Refused};
use entry::Door;

/// What is added to the address of a session that watches.
const LAYER: &str = "layer";
/// What is added to that of a room.
const KEY: &str = "key";
/// Added to the address of a publisher by a watcher whose wishes for keyframes are not to be passed on.
const NO_KEYFRAMES: &str = "keyframes=off";

type Answer = Result<Response, Refused>;

/// The routes of the media room.
pub(super) fn routes(app: &App) -> Router<App> {
    Router::new()
        .route(
            "/whip/{*path}",
            post(publish)
                .delete(end)
                .patch(answers::no_patch)
                .options(answers::preflight),
        )
        .route(
            "/whep/{*path}",
            post(watch)
                .delete(end)
                .patch(answers::no_patch)
                .options(answers::preflight),
        )
        .route(
            "/sfu/{*path}",
            get(look).post(make_key).options(answers::preflight),
        )
        .route_layer((
            DefaultBodyLimit::max(MAX_OFFER),
            TimeoutLayer::with_status_code(
                StatusCode::REQUEST_TIMEOUT,
                app.limits.request_head_timeout,
            ),
        ))
}

async fn publish(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    Path(path): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<String, StringRejection>,
) -> Answer {
    let sfu = sfu(&app)?;
    let room = entry::room(&app, &path)?;
    let term = entry::admit(&app, sfu, &room, &headers, &uri, Door::Sessions)?;
    let offer = answers::offer(&headers, body)?;
    let client = ice::client(&app, &connection, &headers);
    let here = last(&path).to_owned();
    let opened = sfu
        .publish(Request {
            room,
            offer,
            client,
            term,
        })
        .await?;
    let location = format!("{here}/{}/{}", opened.id, opened.secret);
    Ok(answers::created(&location, opened.answer))
}

/// Also the layer of a session that watches already: its address is one of a publisher, with more behind it.
async fn watch(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    Path(path): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<String, StringRejection>,
) -> Answer {
    let sfu = sfu(&app)?;
    let (before, id) = split(&path)?;
    if id == LAYER {
        return choose_layer(&app, sfu, before, &uri, &headers, body).await;
    }
    let room = entry::room(&app, before)?;
    let term = entry::admit(&app, sfu, &room, &headers, &uri, Door::Sessions)?;
    let offer = answers::offer(&headers, body)?;
    let passes_keyframes =
        !(uri.query().unwrap_or_default().split('&')).any(|it| it == NO_KEYFRAMES);
    let request = Request {
        room,
        offer,
        client: ice::client(&app, &connection, &headers),
        term,
    };
    let opened = sfu.watch(request, id.to_owned(), passes_keyframes).await?;
    let location = format!("{id}/{}", opened.secret);
    Ok(answers::created(&location, opened.answer))
}

/// What the body of a choice says, as an extension in drafts of WHEP had it; it may say more.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Choice {
    encoding_id: Option<String>,
}

async fn choose_layer(
    app: &App,
    sfu: &Sfu,
    session: &str,
    uri: &Uri,
    headers: &HeaderMap,
    body: Result<String, StringRejection>,
) -> Answer {
    let (room, secret) = session_in(app, session)?;
    entry::admit(app, sfu, &room, headers, uri, Door::Sessions)?;
    let choice: Choice = match answers::body(body)?.trim() {
        "" => Choice::default(),
        body => serde_json::from_str(body).map_err(Refused::NoChoice)?,
    };
    sfu.choose_layer(room, secret, choice.encoding_id).await?;
    Ok(answers::empty(StatusCode::NO_CONTENT))
}

async fn end(
    State(app): State<App>,
    Path(path): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let sfu = sfu(&app)?;
    let (room, secret) = session_in(&app, &path)?;
    entry::admit(&app, sfu, &room, &headers, &uri, Door::Ending)?;
    sfu.end(room, secret).await?;
    Ok(answers::empty(StatusCode::OK))
}

async fn look(
    State(app): State<App>,
    Path(path): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let sfu = sfu(&app)?;
    let room = entry::room(&app, &path)?;
    entry::admit(&app, sfu, &room, &headers, &uri, Door::Looking)?;
    let report = sfu.report(room).await?;
    Ok(answers::json(StatusCode::OK, &json!(report)))
}

/// For pages and frames of the book, which give it to whom they want to let in.
async fn make_key(
    State(app): State<App>,
    Path(path): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let sfu = sfu(&app)?;
    let (room, KEY) = split(&path)? else {
        return Err(Refused::NoSuchAddress);
    };
    let room = entry::room(&app, room)?;
    let term = entry::admit(&app, sfu, &room, &headers, &uri, Door::Keys)?;
    let (key, lifetime) = sfu.make_key(&room, &term);
    let body = json!({ "key": key, "lifetimeSeconds": lifetime.as_secs() });
    Ok(answers::json(StatusCode::CREATED, &body))
}

fn sfu(app: &App) -> Result<&Arc<Sfu>, Refused> {
    app.sfu.as_ref().ok_or(Refused::NoSfu)
}

/// The room and the secret in the address of a session: between them stands the id of the publisher.
fn session_in<'p>(app: &App, path: &'p str) -> Result<(RoomName, &'p str), Refused> {
    let (before, secret) = split(path)?;
    let (room, _) = split(before)?;
    Ok((entry::room(app, room)?, secret))
}

/// The last part of a path, and what stands before it.
fn split(path: &str) -> Result<(&str, &str), Refused> {
    path.rsplit_once('/').ok_or(Refused::NoSuchAddress)
}

/// The last part of a path, of which there may be one only.
fn last(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, last)| last)
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::BySfu(refusal)
    }
}
