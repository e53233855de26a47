//! What is served at the names for cameras: the page in which a demo with the reader's own devices runs, and the modules that it loads. No page of the
//! book is, no endpoint, no socket and nothing to remember, so that code there has nothing of the book's in its origin.
//!
//! The browser says what it asks for (<https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header>): the page only for a frame, a module only as a
//! script. So nothing there is a page of its own, whose code came from whoever has opened it, and nothing becomes a service worker, which would outlive
//! the run.
//!
//! May import: book, camera_host, security_headers, axum.

use std::sync::Arc;

use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::book::live::LiveBook;
use crate::book::{Book, serve};
use crate::camera_host;
use crate::security_headers::{FETCH_DESTINATION, SECURITY_HEADERS};

/// The page of a demo's frame.
const RUNNER: &str = "stage/runner.html";

/// The folders of what it loads, and a demo in it imports.
const FOLDERS: [&str; 5] = [
    "stage/runner/",
    "code/live-graph/",
    "code/quickconnect/js/",
    "code/test-media/",
    "code/test-network/",
];

/// What of these folders is a script.
const SCRIPT: &str = ".js";

/// Of a response that says that there is nothing.
const NOTHING: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

const ELSEWHERE: &str = "At this name is only what a demo with your own camera, microphone or screen loads. The book is at localhost and at 127.0.0.1.\n";

/// The response to a request at a name for cameras, whatever it is for; `None` to one at another name.
pub(super) fn respond<B>(book: &LiveBook, request: &Request<B>) -> Option<Response> {
    let host = request.headers().get(header::HOST)?;
    if !host.to_str().is_ok_and(camera_host::is) {
        return None;
    }
    let mut response = file(&book.current(), request).unwrap_or_else(nothing);
    // The next run has another name, so that nobody would find it in a cache.
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(response)
}

fn file<B>(book: &Arc<Book>, request: &Request<B>) -> Option<Response> {
    let destination = request.headers().get(FETCH_DESTINATION)?;
    let destination = destination.to_str().ok()?;
    let is_for = |path: &str| is_for(path, destination);
    serve::is_plain(request).then(|| serve::for_frame(book, request, is_for))?
}

/// Whether the file at a path is served for what a browser wants it for.
fn is_for(path: &str, destination: &str) -> bool {
    match path {
        // A page of the book looks whether it is there before it offers such a frame.
        RUNNER => matches!(destination, "iframe" | "empty"),
        _ => {
            let is_script =
                path.ends_with(SCRIPT) && FOLDERS.iter().any(|folder| path.starts_with(folder));
            is_script && destination == "script"
        }
    }
}

fn nothing() -> Response {
    let policy = [(header::CONTENT_SECURITY_POLICY, NOTHING)];
    (StatusCode::NOT_FOUND, SECURITY_HEADERS, policy, ELSEWHERE).into_response()
}
