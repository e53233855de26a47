//! `GET workshop/host/notes`: the speaker's notes of the book, for whoever has a host's session and for nobody else.
//!
//! May import: admit, refusal, book::notes, net::client_address, state, axum, serde, serde_json.

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Serialize;

use super::admit::admit_host;
use super::refusal::answer;
use crate::book::notes::ChapterNotes;
use crate::net::client_address::Connection;
use crate::state::App;

/// As the page is told them, in the order of the book.
#[derive(Serialize)]
struct Told<'a> {
    chapters: &'a [ChapterNotes],
}

/// Tells the notes of the book as it is now.
pub(super) async fn tell(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
) -> Response {
    let told = admit_host(&app, &connection, &headers).map(|_| {
        let book = app.book.current();
        let chapters = book.notes();
        let text = serde_json::to_string(&Told { chapters }).expect("strings become JSON");
        ([(header::CONTENT_TYPE, "application/json")], text)
    });
    answer(&app, told)
}
