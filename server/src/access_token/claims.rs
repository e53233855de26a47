//! What a token says, and for how long it may say so. Pure: the time is an argument.
//!
//! May import: bounds, refusal, room_pattern, serde_json.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use super::bounds::{CLOCK_SKEW, MAX_LIFETIME, MAX_LIFETIME_IN_QUERY};
use super::refusal::Refusal;
use super::room_pattern::RoomPattern;

/// Bytes of the longest id.
const MAX_ID_BYTES: usize = 256;

/// How a token came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// In a header, which no access log shows unless it is told to.
    Header,
    /// In the query of an address.
    Query,
}

/// What somebody may do who has shown a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The rooms that they may enter.
    pub room: RoomPattern,
    /// The id that they announce; any, if there is none.
    pub id: Option<Box<str>>,
    /// Whether they may bring others into these rooms, the companion for example.
    pub may_invite: bool,
    /// Until when the token may be shown.
    pub exp: SystemTime,
    /// Until when a session may last that began with it.
    pub until: SystemTime,
}

impl Claims {
    /// What a token says whose signature is good.
    ///
    /// # Errors
    /// When it says something that it must not, or does not say what it must, and when its time is over, has not begun, or is too long.
    pub fn read(
        claims: &Map<String, Value>,
        carrier: Carrier,
        now: SystemTime,
    ) -> Result<Self, Refusal> {
        let room = text(claims, "room", "`room` must be a text")?
            .ok_or(Refusal::Malformed("it names no `room`"))?;
        let room = room.parse().map_err(|_| {
            Refusal::Malformed(
                "`room` must be the name of a room, perhaps with * as its last character",
            )
        })?;
        let sub = text(claims, "sub", "`sub` must be a text")?;
        let id = text(claims, "id", "`id` must be a text")?;
        if let (Some(sub), Some(id)) = (sub, id)
            && sub != id
        {
            return Err(Refusal::Malformed(
                "`sub` and `id` differ, and both are who may announce itself",
            ));
        }
        let id = id.or(sub);
        if id.is_some_and(|id| id.is_empty() || id.len() > MAX_ID_BYTES) {
            return Err(Refusal::Malformed("`id` is empty, or longer than any id"));
        }
        // https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3
        if claims.contains_key("aud") {
            return Err(Refusal::Malformed(
                "it is for somebody else: this server has no `aud`",
            ));
        }
        let may_invite = match claims.get("mayInvite") {
            None => false,
            Some(Value::Bool(may)) => *may,
            Some(_) => return Err(Refusal::Malformed("`mayInvite` must be true or false")),
        };
        let exp = time(
            claims,
            "exp",
            "`exp` must be a number of seconds since 1970",
        )?
        .ok_or(Refusal::Malformed("it does not say when it ends (`exp`)"))?;
        let nbf = time(
            claims,
            "nbf",
            "`nbf` must be a number of seconds since 1970",
        )?;
        let until = time(
            claims,
            "until",
            "`until` must be a number of seconds since 1970",
        )?;
        check_times(nbf.unwrap_or(UNIX_EPOCH), exp, carrier, now)?;
        // Its session would end at once, and its client would come back with it again and again.
        let late = until.and_then(|until| now.duration_since(until).ok());
        if let Some(late) = late.filter(|late| *late >= CLOCK_SKEW) {
            let seconds = late.as_secs();
            return Err(Refusal::Expired { seconds });
        }
        let until = until.unwrap_or(exp).min(now + MAX_LIFETIME);
        Ok(Self {
            room,
            id: id.map(Into::into),
            may_invite,
            exp,
            until,
        })
    }

    /// The same as a token has them.
    pub fn write(&self) -> Map<String, Value> {
        // A pattern is written as it was read; times are whole seconds, rounded down.
        let seconds = |time: SystemTime| {
            let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
            Value::from(since.as_secs())
        };
        let mut claims = Map::new();
        claims.insert("room".to_owned(), self.room.to_string().into());
        if let Some(id) = &self.id {
            claims.insert("id".to_owned(), (**id).into());
        }
        claims.insert("exp".to_owned(), seconds(self.exp));
        if self.until != self.exp {
            claims.insert("until".to_owned(), seconds(self.until));
        }
        if self.may_invite {
            claims.insert("mayInvite".to_owned(), true.into());
        }
        claims
    }
}

fn check_times(
    nbf: SystemTime,
    exp: SystemTime,
    carrier: Carrier,
    now: SystemTime,
) -> Result<(), Refusal> {
    if let Ok(early) = nbf.duration_since(now)
        && early > CLOCK_SKEW
    {
        let seconds = early.as_secs();
        return Err(Refusal::NotYet { seconds });
    }
    let left = match exp.duration_since(now) {
        Ok(left) => left,
        Err(late) if late.duration() < CLOCK_SKEW => Duration::ZERO,
        Err(late) => {
            let seconds = late.duration().as_secs();
            return Err(Refusal::Expired { seconds });
        }
    };
    let seconds = left.as_secs();
    if left > MAX_LIFETIME + CLOCK_SKEW {
        Err(Refusal::LivesTooLong { seconds })
    } else if carrier == Carrier::Query && left > MAX_LIFETIME_IN_QUERY + CLOCK_SKEW {
        Err(Refusal::LivesTooLongForQuery { seconds })
    } else {
        Ok(())
    }
}

fn text<'c>(
    claims: &'c Map<String, Value>,
    name: &str,
    otherwise: &'static str,
) -> Result<Option<&'c str>, Refusal> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::Malformed(otherwise)),
    }
}

/// A time, which may have a fraction (<https://www.rfc-editor.org/rfc/rfc7519#section-2>).
fn time(
    claims: &Map<String, Value>,
    name: &str,
    otherwise: &'static str,
) -> Result<Option<SystemTime>, Refusal> {
    let Some(value) = claims.get(name) else {
        return Ok(None);
    };
    let seconds = value.as_f64().ok_or(Refusal::Malformed(otherwise))?;
    let since = Duration::try_from_secs_f64(seconds).map_err(|_| Refusal::Malformed(otherwise))?;
    let time = UNIX_EPOCH.checked_add(since);
    time.map(Some).ok_or(Refusal::Malformed(otherwise))
}
