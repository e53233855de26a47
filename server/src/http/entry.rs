//! Whom an access token lets in (`--access-key`), and where requests carry it.
//!
//! - `Authorization: Bearer TOKEN`, as programs do ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750#section-2.1))
//! - `Sec-WebSocket-Protocol: token, TOKEN`, as pages must, since a page sets no other header of a WebSocket
//! - `?token=TOKEN`, where neither is possible; such a token lives for a minute at most
//!
//! May import: access_token, net::turned_away, net::upgrade, signaling::gate, state, axum, quickconnect::protocol, tracing.

use std::sync::Arc;
use std::time::SystemTime;

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use quickconnect::protocol::RoomName;
use tracing::info;

use crate::access_token::claims::Carrier;
use crate::access_token::gate::TokenGate;
use crate::access_token::keys::Grant;
use crate::access_token::refusal::Refusal;
use crate::net::turned_away::Reason;
use crate::net::upgrade::Upgrade;
use crate::signaling::gate::{Gate, Pass};
use crate::state::App;

/// The subprotocol that clients offer before their token. The server chooses it, and so never repeats the token.
const SUBPROTOCOL: &str = "token";

/// What stands in the query of an address before the token.
const PARAMETER: &str = "token=";

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
    app.switchboard.metrics().refused(refusal.code());
    info!(error.code = refusal.code(), "Let nobody in. {refusal}");
    refusal.to_string()
}

/// Chooses the subprotocol, if the client has offered it: browsers give up a WebSocket for which none of theirs is chosen. Whether a token is
/// needed does not matter here: the same page may ask a server that needs none.
pub(super) fn choose_subprotocol(upgrade: &mut Upgrade, headers: &HeaderMap) {
    if offered(headers).is_some() {
        upgrade.choose_protocol(HeaderValue::from_static(SUBPROTOCOL));
    }
}

/// What stands behind `Bearer` in `Authorization`, perhaps nothing; that word is of any case
/// ([RFC 9110, section 11.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.1)). Another word is for a proxy that asks for a login: the browser of
/// whoever has logged in sends it with every request, and it says nothing to this server.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}

/// The token that is offered as a second subprotocol.
fn offered(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL);
    let texts = lines.into_iter().filter_map(|line| line.to_str().ok());
    let mut offered = texts.flat_map(|line| line.split(',').map(str::trim));
    offered.find(|name| *name == SUBPROTOCOL)?;
    offered.next()
}

/// The token in the query. Clients that were given an address with a query put their path behind that, and a token has no slash.
fn in_query(uri: &Uri) -> Option<&str> {
    let mut fields = uri.query()?.split('&');
    let token = fields.find_map(|field| field.strip_prefix(PARAMETER))?;
    token.split('/').next()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::test_headers::headers;

    #[test]
    fn a_token_is_found_in_each_place_where_it_may_stand() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c "] {
            assert_eq!(bearer(&headers(&[("authorization", value)])), Some("a.b.c"));
        }
        assert_eq!(bearer(&headers(&[("authorization", "Basic a.b.c")])), None);
        for value in ["token, a.b.c", "chat,token,a.b.c,other"] {
            let headers = headers(&[("sec-websocket-protocol", value)]);
            assert_eq!(offered(&headers), Some("a.b.c"), "{value}");
        }
        let in_lines = [
            ("sec-websocket-protocol", "token"),
            ("sec-websocket-protocol", "a.b.c"),
        ];
        assert_eq!(offered(&headers(&in_lines)), Some("a.b.c"));
        for value in ["a.b.c", "token", "a.b.c, token"] {
            assert_eq!(
                offered(&headers(&[("sec-websocket-protocol", value)])),
                None
            );
        }
        for (uri, token) in [
            ("/?token=a.b.c", Some("a.b.c")),
            ("/primus?x=1&token=a.b.c&token=d", Some("a.b.c")),
            ("/?token=a.b.c/", Some("a.b.c")),
            ("/?token=a.b.c/primus", Some("a.b.c")),
            ("/?tokens=a.b.c", None),
            ("/", None),
        ] {
            assert_eq!(in_query(&uri.parse().unwrap()), token, "{uri}");
        }
    }
}
