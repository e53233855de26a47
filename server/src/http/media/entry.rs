//! Who may publish, watch and look in the media room.
//!
//! A key in `Authorization` decides alone where there is one; under `--access-key` an access token may stand in its place, and gets a key if its bearer may
//! invite: who has a key can give it to anybody. Without one, pages and frames of the book may, as far as they may enter a room of this name for
//! signaling; clients that say nothing of where they come from may look, and nothing more.
//!
//! A session ends with the access token that it began with, or when the token's key is taken out of the file, as in signaling; one of a key, with the token by
//! which that was made.
//!
//! May import: access_token, answers, http, http::entry, sfu, signaling, signaling::carried, state, axum, quickconnect::protocol.

use std::sync::Arc;
use std::time::SystemTime;

use ::signaling::carried::bearer;
use axum::http::{HeaderMap, Uri, header};
use quickconnect::protocol::RoomName;

use super::answers::Refused;
use crate::access_token::key::Key;
use crate::access_token::keys::Keys;
use crate::http::entry::{self, Entry};
use crate::http::signaling;
use crate::sfu::refusal::Refusal;
use crate::sfu::term::Term;
use crate::sfu::{Sfu, ShownKey};
use crate::state::App;

/// What somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// To begin or change a session.
    Sessions,
    /// To end one whose secret they know. A session lasts longer than the key that it began with, and whoever has both may end it after that as well.
    Ending,
    /// To see who publishes. A page of this server says nothing of where it comes from then.
    Looking,
    /// To get a key, which whoever has one may not.
    Keys,
}

/// The room of this name.
pub(super) fn room(app: &App, name: &str) -> Result<RoomName, Refused> {
    let is_plain = |part: &str| {
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        !part.is_empty() && part.bytes().all(is_of_name)
    };
    let limit = app.limits.max_room_name_bytes;
    let room = name.split('/').all(is_plain);
    let room = room.then(|| RoomName::new(name, &app.limits.names()));
    let room = room.and_then(Result::ok);
    room.ok_or(Refused::BySfu(Refusal::RoomName { limit }))
}

/// Whether somebody may, and until when a session may last that begins so.
pub(super) fn admit(
    app: &App,
    sfu: &Sfu,
    room: &RoomName,
    headers: &HeaderMap,
    uri: &Uri,
    door: Door,
) -> Result<Term, Refused> {
    let admitted = judge(app, sfu, room, headers, uri, door);
    if let Err(refused) = &admitted {
        app.metrics.refused(code(refused));
    }
    admitted
}

/// How it is counted.
fn code(refused: &Refused) -> &'static str {
    match refused {
        Refused::NoToken(refusal) => refusal.code(),
        Refused::Stranger(refusal) => refusal.code(),
        Refused::NotAdmitted(not_admitted) => not_admitted.code,
        _ => "sfu-key",
    }
}

fn judge(
    app: &App,
    sfu: &Sfu,
    room: &RoomName,
    headers: &HeaderMap,
    uri: &Uri,
    door: Door,
) -> Result<Term, Refused> {
    if let Some(key) = bearer(headers) {
        let shown = sfu.shown_key(key, room);
        let shown = shown.filter(|shown| match door {
            Door::Sessions | Door::Looking => shown.is_good,
            Door::Ending => true,
            Door::Keys => false,
        });
        if let Some(shown) = shown {
            return term_of_key(app, shown, door);
        }
        if app.access_keys.is_none() {
            return Err(Refused::BadKey);
        }
    }
    (app.admission.admit(headers, uri)).map_err(Refused::Stranger)?;
    let entry = entry::of(app, headers, uri).map_err(Refused::NoToken)?;
    let is_page = headers.contains_key(header::ORIGIN) || door == Door::Looking;
    if matches!(entry, Entry::Open) && !is_page {
        return Err(Refused::NoKey);
    }
    if door == Door::Keys {
        entry.may_invite(room).map_err(Refused::NoToken)?;
    }
    let term = match (&entry, &app.access_keys) {
        (Entry::Token(grant), Some(keys)) => {
            let until = Some(grant.claims.until);
            term(keys, Arc::clone(&grant.key), until)
        }
        _ => Term::default(),
    };
    let pass = signaling::pass(app, entry, signaling::ticket_in(uri));
    (pass.admits(room, None)).map_err(Refused::NotAdmitted)?;
    Ok(term)
}

/// A key that was made by an access token is good for as long as that token's key. Whoever ends a session may always.
fn term_of_key(app: &App, shown: ShownKey, door: Door) -> Result<Term, Refused> {
    let Some(signer) = shown.signer.filter(|_| door != Door::Ending) else {
        return Ok(Term::default());
    };
    let signed =
        (app.access_keys.as_ref()).and_then(|keys| Some((keys, keys.by_thumbprint(&signer)?)));
    let (keys, key) = signed.ok_or(Refused::BadKey)?;
    Ok(term(keys, key, shown.until))
}

fn term(keys: &Arc<Keys>, key: Arc<Key>, until: Option<SystemTime>) -> Term {
    let signer = key.thumbprint().into();
    let keys = Arc::clone(keys);
    Term {
        until,
        signer: Some(signer),
        holds: Some(Arc::new(move || keys.has(&key))),
    }
}
