//! `POST /companion`, with the name of the room as its body.
//!
//! Only a page of this server may ask: a page of another origin, and the frame of a demo, whose origin is `null`, send
//! an `Origin` that is not ours. A request without one comes from no browser, and could join the room by itself.

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use quickconnect::protocol::RoomName;
use tracing::warn;

use super::Refusal;
use crate::App;
use crate::accept::visitor::Visitor;

/// Where pages look for it (`book/stage/invite.js`).
pub const PATH: &str = "/companion";

/// Brings the companion into the room.
pub async fn invite(
    State(app): State<App>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    room: String,
) -> Response {
    let Some(companions) = &app.companions else {
        let text = "This server was started without a companion (--no-companion).";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    if !is_of_our_page(&headers) {
        let text = "Only a page of this server may invite the companion.";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let room = match RoomName::new(&room, &app.limits.names()) {
        Ok(room) => room,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    let address = visitor.address(&headers, &app.access);
    match companions
        .invite(room, address, &app.tasks, app.closing.clone())
        .await
    {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => {
            app.switchboard.metrics().refused(refusal.code());
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

fn is_of_our_page(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = headers.get(header::HOST).map(|host| host.as_bytes());
    let origin = origin.as_bytes();
    let of_origin = (origin.strip_prefix(b"http://")).or_else(|| origin.strip_prefix(b"https://"));
    of_origin.is_some() && of_origin == host
}
