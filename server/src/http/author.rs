//! Tells the open pages of a checkout that the book has changed.
//!
//! May import: book::live, state, axum, futures_util, serde_json.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};

use crate::book::live::Edition;
use crate::state::App;

/// Where the script in the pages hears of changes.
pub(super) const EVENTS: &str = "/author/events";

/// What runs in the pages, at [`AUTHOR_SCRIPT`](crate::book::source::AUTHOR_SCRIPT).
pub(super) async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("author.js")).into_response()
}

/// The state of the book, now and after each change, until the server stops.
pub(super) async fn events(State(app): State<App>) -> Response {
    let mut editions = app.book.subscribe();
    // The first one is new to the page, too.
    editions.mark_changed();
    let events = stream::unfold(editions, |mut editions| async move {
        editions.changed().await.ok()?;
        let event = event(&editions.borrow_and_update());
        Some((Ok::<_, Infallible>(event), editions))
    });
    Sse::new(events.take_until(app.closing.cancelled_owned()))
        .keep_alive(KeepAlive::default())
        .into_response()
}

fn event(edition: &Edition) -> Event {
    let json = serde_json::json!({ "edition": edition.number, "error": edition.error.as_deref() });
    Event::default().data(json.to_string())
}
