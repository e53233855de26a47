//! `POST /companion`, with the name of the room as its body. Into the room of a pair a member invites it, with `?ticket=`.
//!
//! The route lets in whoever may signal, and nobody else: a page of another site can't ask.
//!
//! May import: companion::refusal, entry, net::client_address, signaling, state, axum, quickconnect::protocol, tracing.

use std::time::SystemTime;

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use quickconnect::protocol::RoomName;
use tracing::warn;

use super::entry::{self, Entry};
use super::signaling;
use crate::companion::refusal::Refusal;
use crate::net::client_address::Connection;
use crate::state::App;

/// Where pages look for it (`book/stage/invite.js`).
pub(super) const PATH: &str = "/companion";

/// Brings the companion into the room.
pub(super) async fn invite(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    uri: Uri,
    Extension(entry): Extension<Entry>,
    headers: HeaderMap,
    room: String,
) -> Response {
    let Some(companions) = &app.companions else {
        let text = "This server was started without a companion (--no-companion).";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let room = match RoomName::new(&room, &app.limits.names()) {
        Ok(room) => room,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    if let Err(refusal) = entry.may_invite(&room) {
        return entry::refuse(&app, &refusal);
    }
    let ticket = match &app.attendance {
        Some(attendance) => attendance.companion_ticket(signaling::ticket_in(&uri), &room),
        None => Ok(None),
    };
    let ticket = match ticket {
        Ok(ticket) => ticket,
        Err(not_admitted) => {
            app.metrics.refused(not_admitted.code);
            return (StatusCode::FORBIDDEN, not_admitted.to_string()).into_response();
        }
    };
    let keys = app.access_keys.as_ref();
    let token = keys.and_then(|keys| keys.own_token(SystemTime::now()));
    let address = connection.address(&headers, &app.access);
    match companions
        .invite(
            room,
            ticket,
            token,
            address,
            &app.tasks,
            app.closing.clone(),
        )
        .await
    {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => {
            app.metrics.refused(refusal.code());
            // Strangers can cause all others as often as they like; those are counted.
            if let Refusal::NotJoined(error) = &refusal {
                warn!(%error, "The companion can't join");
            }
            let status = match refusal {
                Refusal::BusyForTheAddress { .. } | Refusal::TooOften { .. } => {
                    StatusCode::TOO_MANY_REQUESTS
                }
                Refusal::Busy { .. } | Refusal::NotJoined(_) => StatusCode::SERVICE_UNAVAILABLE,
            };
            (status, refusal.to_string()).into_response()
        }
    }
}
