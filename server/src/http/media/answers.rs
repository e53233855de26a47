//! What clients of the media room are answered. Whoever may ask was decided by more than its origin, so each may read it.
//!
//! May import: access_token, admission, sfu, signaling::gate, axum, serde_json, tracing.

use axum::extract::rejection::StringRejection;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use signaling::gate::NotAdmitted;
use tracing::warn;

use crate::access_token;
use crate::admission;
use crate::sfu::refusal::Refusal;

/// Bytes of an offer: one of a browser has 5 to 10 KB.
pub(super) const MAX_OFFER: usize = 64 * 1024;

/// What offers and answers are.
const SDP: &str = "application/sdp";

/// Frames of the book and pages of other sites read an answer, and where its session is.
const READABLE: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, "Location"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Why somebody gets nothing.
pub(super) enum Refused {
    /// There is no media room.
    NoSfu,
    /// There is nothing at this address.
    NoSuchAddress,
    /// It says neither where it comes from nor a key.
    NoKey,
    /// Its key is none for this room.
    BadKey,
    /// It is of another site.
    Stranger(admission::refusal::Refusal),
    /// It has no access token, where one is needed, a bad one, or one that does not allow this.
    NoToken(access_token::refusal::Refusal),
    /// The room is of a pair that it is not in, or its token is for another room.
    NotAdmitted(NotAdmitted),
    /// Its body is no offer.
    NotSdp,
    /// Its body is too large, or no text.
    Body(StringRejection),
    /// Its body chooses nothing.
    NoChoice(serde_json::Error),
    /// The media room says no.
    BySfu(Refusal),
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, words) = match self {
            Self::NoSfu => {
                let words = "This server was started without a media room (--no-sfu).";
                (StatusCode::NOT_FOUND, words.to_owned())
            }
            Self::NoSuchAddress => {
                let words = "There is nothing at this address: publish at whip/ROOM, watch at whep/ROOM/ID, look at sfu/ROOM.";
                (StatusCode::NOT_FOUND, words.to_owned())
            }
            Self::NoKey => unauthorized("no key"),
            Self::NoToken(refusal) if refusal.is_of_the_token() => {
                (StatusCode::UNAUTHORIZED, refusal.to_string())
            }
            Self::NoToken(refusal) => (StatusCode::FORBIDDEN, refusal.to_string()),
            Self::BadKey => unauthorized("a key that is none for this room, or is none any more"),
            Self::Stranger(refusal) => {
                let mut response = refusal.into_response();
                response.headers_mut().extend(readable());
                return response;
            }
            Self::NotAdmitted(not_admitted) => (StatusCode::FORBIDDEN, not_admitted.to_string()),
            Self::NotSdp => {
                let words = format!("The body is an offer, and says so: Content-Type: {SDP}.");
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, words)
            }
            Self::Body(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                let words = format!("The body has more than {MAX_OFFER} bytes.");
                (StatusCode::PAYLOAD_TOO_LARGE, words)
            }
            Self::Body(error) => (error.status(), error.body_text()),
            Self::NoChoice(error) => {
                let words = format!("The body is not {{\"encodingId\": NAME}}: {error}.");
                (StatusCode::BAD_REQUEST, words)
            }
            Self::BySfu(refusal) => {
                if let Refusal::NoPort(_) | Refusal::NoSecret(_) = &refusal {
                    // Strangers can cause all others as often as they like; those are counted.
                    warn!(error = %refusal, "No session of the media room can begin");
                }
                (status(&refusal), refusal.to_string())
            }
        };
        let mut response = text(status, words);
        if status == StatusCode::UNAUTHORIZED {
            let challenge = header::HeaderValue::from_static("Bearer");
            (response.headers_mut()).insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

fn unauthorized(what: &str) -> (StatusCode, String) {
    let words = format!(
        "This request has {what}. A page of this server gives keys for a room: POST sfu/ROOM/key. Send one as Authorization: Bearer KEY."
    );
    (StatusCode::UNAUTHORIZED, words)
}

fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NoPublisher | Refusal::NoSession | Refusal::NoLayer => StatusCode::NOT_FOUND,
        Refusal::RoomName { .. }
        | Refusal::NotAWatcher
        | Refusal::Malformed(_)
        | Refusal::NothingToSend
        | Refusal::NothingToReceive
        | Refusal::ManySections
        | Refusal::OtherSection => StatusCode::BAD_REQUEST,
        // Not 406, with which a server of WHEP makes an offer of its own.
        Refusal::NoCodec { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::TooManyOfTheAddress { .. } | Refusal::TooOften { .. } => {
            StatusCode::TOO_MANY_REQUESTS
        }
        Refusal::NoAddress => StatusCode::CONFLICT,
        Refusal::TooMany { .. } | Refusal::NoPort(_) | Refusal::NoSecret(_) | Refusal::Stopping => {
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// Pages of other origins ask before they send a key or an offer, or end a session; clients of WHIP, what may be sent.
pub(super) async fn preflight() -> Response {
    let head = [
        (
            header::ACCESS_CONTROL_ALLOW_METHODS,
            "GET, POST, PATCH, DELETE",
        ),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization, content-type",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
        (HeaderName::from_static("accept-post"), SDP),
    ];
    (StatusCode::NO_CONTENT, READABLE, head).into_response()
}

/// The server has told all its candidates in its answer, and takes those of its peer as they are used
/// ([RFC 9725, section 4.3](https://www.rfc-editor.org/rfc/rfc9725#section-4.3)).
pub(super) async fn no_patch() -> Response {
    let words = "A session is not changed: the server needs no candidates, as it answers whoever asks. Begin a new one in place of a restart of ICE.";
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, words.to_owned());
    let allowed = header::HeaderValue::from_static("DELETE");
    response.headers_mut().insert(header::ALLOW, allowed);
    response
}

/// The offer in a body that says that it is one.
pub(super) fn offer(
    headers: &HeaderMap,
    given: Result<String, StringRejection>,
) -> Result<String, Refused> {
    let media_type = headers.get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|text| text.split(';').next());
    match essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(SDP)) {
        true => body(given),
        false => Err(Refused::NotSdp),
    }
}

/// A body that is text and not too large.
pub(super) fn body(given: Result<String, StringRejection>) -> Result<String, Refused> {
    given.map_err(Refused::Body)
}

/// A session has begun.
pub(super) fn created(location: &str, answer: String) -> Response {
    let head = [(header::CONTENT_TYPE, SDP), (header::LOCATION, location)];
    (StatusCode::CREATED, READABLE, head, answer).into_response()
}

pub(super) fn json(status: StatusCode, body: &Value) -> Response {
    let head = [(header::CONTENT_TYPE, "application/json")];
    (status, READABLE, head, body.to_string()).into_response()
}

pub(super) fn empty(status: StatusCode) -> Response {
    (status, READABLE).into_response()
}

fn text(status: StatusCode, words: String) -> Response {
    let head = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (status, READABLE, head, words).into_response()
}

fn readable() -> HeaderMap {
    let pairs = READABLE.map(|(name, value)| (name, header::HeaderValue::from_static(value)));
    pairs.into_iter().collect()
}
