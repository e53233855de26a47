//! Whom an access token lets in (`--access-key`). `signaling::carried` says where requests carry it; one in a query lives for a minute at most.
//!
//! May import: access_token, signaling::carried, signaling::gate, signaling::turned_away, signaling::upgrade, state, axum, quickconnect::protocol, tracing.

use std::sync::Arc;
use std::time::SystemTime;

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use quickconnect::protocol::RoomName;
use signaling::carried::{self, bearer, in_query, offered};
use signaling::gate::{Gate, Pass};
use signaling::turned_away::Reason;
use signaling::upgrade::Upgrade;
use tracing::info;

use crate::access_token::claims::Carrier;
use crate::access_token::gate::TokenGate;
use crate::access_token::keys::Grant;
use crate::access_token::refusal::Refusal;
use crate::state::App;

/// By what somebody was let in.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    /// Everybody is, or everybody who has loaded a page of the book.
    Open,
    /// By a token.
    Token(Box<Grant>),
}

/// By what a request is let in.
///
/// # Errors
/// When it needs a token, and carries none that is good.
pub(super) fn of(app: &App, headers: &HeaderMap, uri: &Uri) -> Result<Entry, Refusal> {
    let Some(keys) = &app.access_keys else {
        return Ok(Entry::Open);
    };
    if app.access.access_pages && app.admission.has_proof(uri) {
        return Ok(Entry::Open);
    }
    let bearer = bearer(headers).filter(|token| !token.is_empty());
    let in_header = bearer.or_else(|| offered(headers));
    let carried = in_header.map(|token| (token, Carrier::Header));
    let carried = carried.or_else(|| in_query(uri).map(|token| (token, Carrier::Query)));
    let (token, carrier) = carried.ok_or(Refusal::Missing)?;
    let grant = keys.check(token, carrier, SystemTime::now())?;
    Ok(Entry::Token(Box::new(grant)))
}

impl Entry {
    /// What a client enters rooms with who was let in so, where a gate may have a say in it as well.
    pub(super) fn pass(self, app: &App, gate: Option<Arc<dyn Gate>>, who: Option<&str>) -> Pass {
        match (self, &app.access_keys, gate) {
            (Self::Token(grant), Some(keys), gate) => {
                let gate = TokenGate::new(*grant, Arc::clone(keys), gate);
                Pass::of(Arc::new(gate), who)
            }
            (_, _, Some(gate)) => Pass::of(gate, who),
            (_, _, None) => Pass::everywhere(),
        }
    }

    /// Whether they may bring somebody into a room.
    ///
    /// # Errors
    /// When their token does not say so.
    pub(super) fn may_invite(&self, room: &RoomName) -> Result<(), Refusal> {
        match self {
            Self::Token(grant) if !grant.claims.room.covers(room.as_str()) => {
                Err(Refusal::OtherRoom)
            }
            Self::Token(grant) if !grant.claims.may_invite => Err(Refusal::MayNotInvite),
            _ => Ok(()),
        }
    }
}

/// Counts, logs and tells why a request is not let in. Whoever may ask here at all may read that, also the frame of a demo.
pub(super) fn refuse(app: &App, refusal: &Refusal) -> Response {
    let words = count(app, refusal);
    let status = match refusal.is_of_the_token() {
        true => StatusCode::UNAUTHORIZED,
        false => StatusCode::FORBIDDEN,
    };
    let headers = [
        (header::WWW_AUTHENTICATE, "Bearer"),
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (status, headers, format!("{words}\n")).into_response()
}

/// The same for a WebSocket, which is opened and closed: no page can read the response to one that is not.
pub(super) fn turn_away(app: &App, refusal: &Refusal) -> Reason {
    Reason::of(refusal.code(), count(app, refusal))
}

fn count(app: &App, refusal: &Refusal) -> String {
    app.metrics.refused(refusal.code());
    info!(error.code = refusal.code(), "Let nobody in. {refusal}");
    refusal.to_string()
}

/// Chooses the subprotocol, if the client has offered it: browsers give up a WebSocket for which none of theirs is chosen. Whether a token is
/// needed does not matter here: the same page may ask a server that needs none.
pub(super) fn choose_subprotocol(upgrade: &mut Upgrade, headers: &HeaderMap) {
    if offered(headers).is_some() {
        upgrade.choose_protocol(HeaderValue::from_static(carried::SUBPROTOCOL));
    }
}
