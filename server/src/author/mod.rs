//! The author's mode: watches a checkout, renders it again, and tells the open pages.
//!
//! May import: [`Shelf`], notify, axum. Only `--book` switches it on.

use std::convert::Infallible;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tracing::{info, warn};

use crate::App;
use crate::book::shelf::{Edition, Shelf};

/// Added to every page.
pub const SCRIPT: &str = "/author.js";

/// Where the script hears of changes.
pub const EVENTS: &str = "/author/events";

/// Editors save in several steps, and several files at once. The book is rendered when they are quiet for so long.
const QUIET: Duration = Duration::from_millis(50);

/// Watches the shelf's checkout, if it has one, until the watcher is dropped.
pub fn watch(shelf: &Arc<Shelf>) -> notify::Result<Option<RecommendedWatcher>> {
    let Some(root) = shelf.source().checkout() else {
        return Ok(None);
    };
    let (changed, changes) = mpsc::channel();
    let mut watcher =
        notify::recommended_watcher(move |event: notify::Result<notify::Event>| match event {
            // Rendering reads every file, and must not be its own cause.
            Ok(event) if event.kind.is_access() => {}
            // The other end is gone when the server stops.
            Ok(_) => drop(changed.send(())),
            Err(error) => warn!(%error, "Watching the checkout failed; a change may go unnoticed"),
        })?;
    for (path, mode) in [
        ("book.toml", RecursiveMode::NonRecursive),
        ("book", RecursiveMode::Recursive),
        ("code", RecursiveMode::Recursive),
    ] {
        let path = root.join(path);
        if path.exists() {
            watcher.watch(&path, mode)?;
        }
    }
    info!(book = %root.display(), "Watching the checkout");
    let shelf = Arc::clone(shelf);
    std::thread::spawn(move || {
        while changes.recv().is_ok() {
            while changes.recv_timeout(QUIET).is_ok() {}
            shelf.renew();
        }
    });
    Ok(Some(watcher))
}

/// What runs in the pages.
pub async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("author.js")).into_response()
}

/// The state of the book, now and after each change, until the server stops.
pub async fn events(State(app): State<App>) -> Response {
    let editions = stream::unfold(
        (app.shelf.subscribe(), true),
        |(mut editions, first)| async move {
            if !first {
                editions.changed().await.ok()?;
            }
            let event = event(&editions.borrow_and_update());
            Some((Ok::<_, Infallible>(event), (editions, false)))
        },
    );
    Sse::new(editions.take_until(app.closing.cancelled_owned()))
        .keep_alive(KeepAlive::default())
        .into_response()
}

fn event(edition: &Edition) -> Event {
    let json = serde_json::json!({ "edition": edition.number, "error": edition.error.as_deref() });
    Event::default().data(json.to_string())
}
