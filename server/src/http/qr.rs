//! `GET /qr?to=PLACE`: in a workshop, the QR code of a demo's address. `PLACE` is what stands behind the address of the workshop:
//! `connecting/#demo-createoffer.js`.
//!
//! Whoever may read the book may ask: a code leads to a page of this book, and nobody can have one made that leads elsewhere.
//!
//! May import: book, state, workshop, axum, thiserror, url.

use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use crate::book::Book;
use crate::book::render::File;
use crate::book::serve;
use crate::state::App;
use crate::workshop::Workshop;
use crate::workshop::code::Code;

/// Where pages look for it (`book/stage/workshop/show-qr.js`).
pub(super) const PATH: &str = "/qr";

/// What of the query is the place.
const PARAMETER: &str = "to";

/// What the id of a demo begins with (`book/stage/demo.js`).
const DEMO: &str = "demo-";

/// What precedes the name of a pair, in place of an id or behind it (`book/stage/workshop/pair-link.js`).
const PAIR: &str = "~";

/// Bytes of the longest place. With it, the longest address of a workshop has a code that a phone still reads off a projector: 69 modules
/// wide (ISO/IEC 18004, table 7).
const MAX_PLACE_BYTES: usize = 200;

/// Why there is no code of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error("A place of more than {MAX_PLACE_BYTES} bytes has no code.")]
    TooLong,
    #[error(
        "Only a demo has a code: ask with the path of its page and its id, both as they stand in addresses, such as \
         /qr?to=connecting/%23demo-createoffer.js"
    )]
    NotOfADemo,
    #[error("This book has no such page.")]
    NoSuchPage,
}

/// Draws the code. Caches have to ask again each time, because the next workshop at this port may have another address.
pub(super) async fn code(State(app): State<App>, request: Request) -> Response {
    let Some(workshop) = app.book.workshop() else {
        let text =
            "Only a workshop has codes: this server was started without the word `workshop`.";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    match code_of(&place_in(request.uri()), &app.book.current(), &workshop) {
        Ok(code) => {
            let file = File {
                path: "qr.svg".to_owned(),
                contents: code.to_svg().into_bytes(),
                hashed: false,
            };
            serve::made(file, &request)
        }
        Err(refusal) => (StatusCode::BAD_REQUEST, refusal.to_string()).into_response(),
    }
}

/// The place that is asked for; empty if none is.
fn place_in(uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let mut fields = form_urlencoded::parse(query.as_bytes());
    fields
        .find(|(name, _)| name == PARAMETER)
        .map_or_else(String::new, |(_, place)| place.into_owned())
}

fn code_of(place: &str, book: &Book, workshop: &Workshop) -> Result<Code, Refusal> {
    if place.len() > MAX_PLACE_BYTES {
        return Err(Refusal::TooLong);
    }
    // Browsers encode every other character, so what is shown beside the code is what is in it.
    let is_written = place.bytes().all(|byte| byte.is_ascii_graphic());
    let (page, id) = place.split_once('#').ok_or(Refusal::NotOfADemo)?;
    let has_name = |begin: &str| id.strip_prefix(begin).is_some_and(|name| !name.is_empty());
    if !is_written || !(has_name(DEMO) || has_name(PAIR)) {
        return Err(Refusal::NotOfADemo);
    }
    // A question mark would end the path in the address, and may be a part of a file's name.
    if page.contains('?') || !serve::has_page(book, page) {
        return Err(Refusal::NoSuchPage);
    }
    workshop.code_of(place).map_err(|_| Refusal::TooLong)
}
