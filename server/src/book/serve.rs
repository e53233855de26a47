//! Answers requests for files of the book, from memory.
//!
//! May import: asset, book, negotiate, render, axum, percent_encoding.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use super::Book;
use super::asset::{Asset, FOREVER, Representation};
use super::negotiate::{self, AcceptEncoding, Wanted};
use super::render::File;

/// mdBook's page for missing pages.
const NOT_FOUND: &str = "404.html";

/// What that has where its links begin.
const BASE: &str = "<base href=\"/\">";

/// The response to a plain request for a file of the book; `None` if it is anything else. Most requests are such, and need no route.
pub fn page<B>(book: &Arc<Book>, request: &Request<B>) -> Option<Response> {
    let (method, headers) = (request.method(), request.headers());
    match look_up(book, request.uri().path()) {
        _ if !is_plain(request) => None,
        Found::Asset(asset) => Some(serve(book, asset, method, headers)),
        Found::Versioned(asset) => Some(serve_forever(book, asset, method, headers)),
        Found::Folder | Found::Nothing => None,
    }
}

/// Whether a request is for a file, and for nothing else that may be at its path.
pub fn is_plain<B>(request: &Request<B>) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
        && !request.headers().contains_key(header::UPGRADE)
}

/// The response to any request that no other route serves.
pub fn respond<B>(book: &Arc<Book>, request: &Request<B>) -> Response {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    if !matches!(*method, Method::GET | Method::HEAD) {
        return (
            StatusCode::METHOD_NOT_ALLOWED,
            [(header::ALLOW, "GET, HEAD")],
        )
            .into_response();
    }
    match look_up(book, uri.path()) {
        Found::Asset(asset) => serve(book, asset, method, headers),
        Found::Versioned(asset) => serve_forever(book, asset, method, headers),
        Found::Folder => redirect_into_folder(uri),
        Found::Nothing => not_found(book, uri.path(), headers),
    }
}

/// The response with a file that frames load, at its plain or its versioned URL; `None` without one, and without one whose path is wanted.
pub fn for_frame<B>(
    book: &Arc<Book>,
    request: &Request<B>,
    is_wanted: impl Fn(&str) -> bool,
) -> Option<Response> {
    let path = request.uri().path();
    let path = percent_decode_str(path.strip_prefix('/')?)
        .decode_utf8()
        .ok()?;
    let path = match book.version().remove_from(&path) {
        Some(versioned) => versioned.path,
        None => &path,
    };
    let asset = book.get(path).filter(|_| is_wanted(path))?;
    Some(serve(book, asset, request.method(), request.headers()))
}

/// The response with a file that was made for this request. Its path says of what type it is.
pub fn made<B>(file: File, request: &Request<B>) -> Response {
    serve_alone(&Asset::new(file), request.method(), request.headers())
}

/// Whether a page is at this path, as it stands in an address behind the slash of the root.
pub fn has_page(book: &Book, path: &str) -> bool {
    let decoded = percent_decode_str(path).decode_utf8();
    decoded.is_ok_and(|path| book.has_page(&file_at(&path)))
}

enum Found<'a> {
    Asset(&'a Asset),
    /// At a versioned URL, whose contents never change.
    Versioned(&'a Asset),
    /// A folder that has an index, asked for without the slash its relative links need.
    Folder,
    Nothing,
}

fn look_up<'a>(book: &'a Book, path: &str) -> Found<'a> {
    let Ok(path) = percent_decode_str(path.strip_prefix('/').unwrap_or(path)).decode_utf8() else {
        return Found::Nothing;
    };
    if let Some(versioned) = book.version().remove_from(&path) {
        return match book.get(versioned.path) {
            Some(asset) if versioned.is_current => Found::Versioned(asset),
            Some(asset) => Found::Asset(asset),
            None => Found::Nothing,
        };
    }
    match book.get(&file_at(&path)) {
        Some(asset) => Found::Asset(asset),
        None if !is_folder(&path) && book.get(&format!("{path}/index.html")).is_some() => {
            Found::Folder
        }
        None => Found::Nothing,
    }
}

/// The file that a path leads to: of a folder, its index.
fn file_at(path: &str) -> Cow<'_, str> {
    match is_folder(path) {
        true => format!("{path}index.html").into(),
        false => path.into(),
    }
}

fn is_folder(path: &str) -> bool {
    path.is_empty() || path.ends_with('/')
}

/// Whoever asks for a file, and takes one that is encoded, has the book compressed.
fn serve(book: &Arc<Book>, asset: &Asset, method: &Method, headers: &HeaderMap) -> Response {
    if headers.contains_key(header::ACCEPT_ENCODING) {
        book.compress_in_background();
    }
    serve_alone(asset, method, headers)
}

fn serve_alone(asset: &Asset, method: &Method, headers: &HeaderMap) -> Response {
    with_policy(asset, headers, negotiated(asset, method, headers))
}

/// For whoever has it need not ask again.
fn serve_forever(
    book: &Arc<Book>,
    asset: &Asset,
    method: &Method,
    headers: &HeaderMap,
) -> Response {
    let mut response = serve(book, asset, method, headers);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, FOREVER);
    response
}

/// A page's policy names the address that the browser asks at.
fn with_policy(asset: &Asset, headers: &HeaderMap, mut response: Response) -> Response {
    if let Some(policy) = asset.policy() {
        let policy = policy.at(headers.get(header::HOST));
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn negotiated(asset: &Asset, method: &Method, headers: &HeaderMap) -> Response {
    let wants_part = headers.contains_key(header::RANGE) && *method == Method::GET;
    // Ranges are served of the uncompressed file: a part of a compressed one is of no use.
    let form = if wants_part {
        asset.identity()
    } else {
        asset.best_for(&AcceptEncoding::of(headers))
    };
    if negotiate::has_already(headers, &form.etag) {
        return not_modified(form);
    }
    if !wants_part {
        return response(StatusCode::OK, form, form.body.clone());
    }
    let length = form.body.len();
    match negotiate::wanted_part(headers, &form.etag, length) {
        Wanted::Everything => response(StatusCode::OK, form, form.body.clone()),
        Wanted::Part(range) => {
            let bounds = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            let part = form.body.slice(range);
            let part = response(StatusCode::PARTIAL_CONTENT, form, part);
            ([(header::CONTENT_RANGE, bounds)], part).into_response()
        }
        Wanted::Unsatisfiable => {
            let bounds = format!("bytes */{length}");
            let headers = [(header::CONTENT_RANGE, bounds)];
            (StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response()
        }
    }
}

fn response(status: StatusCode, form: &Representation, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().clone_from(&form.headers);
    response
}

fn not_modified(form: &Representation) -> Response {
    let mut response = response(StatusCode::NOT_MODIFIED, form, Bytes::new());
    remove(
        &mut response,
        &[
            header::CONTENT_TYPE,
            header::CONTENT_ENCODING,
            header::ACCEPT_RANGES,
        ],
    );
    response
}

/// The links of the page are relative to its base, which mdBook takes to be the root of the host. The book may stand below a prefix that only the
/// browser knows, and so the base is relative to the path that was asked for.
fn not_found(book: &Book, path: &str, headers: &HeaderMap) -> Response {
    let Some(page) = book.get(NOT_FOUND) else {
        return (StatusCode::NOT_FOUND, "There is no such page.\n").into_response();
    };
    let form = page.identity();
    let up = "../".repeat(path.matches('/').count().saturating_sub(1));
    let html = String::from_utf8_lossy(&form.body);
    let html = html.replacen(BASE, &format!("<base href=\"./{up}\">"), 1);
    let mut response = response(StatusCode::NOT_FOUND, form, html.into());
    // They describe the error page, not the missing one.
    remove(&mut response, &[header::ETAG, header::ACCEPT_RANGES]);
    with_policy(page, headers, response)
}

fn remove(response: &mut Response, names: &[HeaderName]) {
    for name in names {
        response.headers_mut().remove(name);
    }
}

/// Leads to the same path with a slash at its end: by its last name, since only the browser knows what stands in front of it.
pub fn redirect_into_folder(uri: &Uri) -> Response {
    let query = uri
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let name = uri.path().rsplit('/').next().unwrap_or_default();
    let location = format!("./{name}/{query}");
    (
        StatusCode::PERMANENT_REDIRECT,
        [(header::LOCATION, location)],
    )
        .into_response()
}
