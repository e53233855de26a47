//! HTTP/2 on a connection of TLS whose client has chosen it (<https://www.rfc-editor.org/rfc/rfc9113>).
//!
//! Many requests are on one connection at a time. What the number of connections bounds elsewhere has bounds of its own here. Each of them is that of one
//! connection, and that of memory is one of its address, too, so that no client takes anything from one at another address:
//! - requests: [`MAX_STREAMS`] at once;
//! - memory of requests that wait for their bodies, and of responses that were made for a request and wait for their client: [`MAX_HELD_BYTES`], and
//!   [`Account::requests`];
//! - bodies that nobody has read yet: [`WINDOW_BYTES`];
//! - time without a request, or with a response of which the client takes nothing: as on other connections ([`progress`](super::progress)).
//!
//! h2 itself bounds resets, the frames of a head, and small and empty frames of bodies; and it reads no further frame while an answer to a PING or to SETTINGS
//! waits to be written.
//!
//! May import: client_address, host, pieces, progress, site, config, metrics, security_headers, signaling, axum, futures_util, h2, hyper, hyper_util, tokio,
//! tokio_util, tracing.

use std::error::Error;
use std::pin::pin;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use futures_util::future::{Either, ready};
use h2::Reason;
use hyper::Request;
use hyper::body::{Body as _, Incoming};
use hyper::rt::Executor;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use signaling::account::Account;
use signaling::socket::Socket;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;
use tracing::debug;

use super::client_address::Connection;
use super::host::{self, BadHost};
use super::pieces::InPieces;
use super::progress::{Open, Patience, Progress, Stop};
use super::site::{CLOSING_TIME, Environment, LARGE_HEAD, NO_HEAD, Site};
use crate::config::Limits;
use crate::metrics::Metrics;
use crate::security_headers::SECURITY_HEADERS;

/// Requests of a connection at a time. A page comes with about 20 files, and a browser waits with what is beyond the number that it was told. What it asks
/// for before it was told is refused, and it asks again, a few times: h2 ends a connection for 1024 of these only.
const MAX_STREAMS: u32 = 32;

/// Bytes that the requests of a connection hold, beside those for files of the book: of their heads and bodies until they are answered, and of their
/// responses until they are taken. A further request is refused.
const MAX_HELD_BYTES: usize = 256 * 1024;

/// What one response counts for at most, such as the recording of a line, which may have 4 MiB. A large one that waits leaves room for requests without a long
/// body, and beside two of them nothing more is let in.
const MAX_RESPONSE_BYTES: u64 = 192 * 1024;

/// What a field of a head takes at most, beside its name and its value: its places in the table of fields, which doubles when it is full, and its name's own
/// memory.
const FIELD_BYTES: usize = 256;

/// What the standard reckons for the same (<https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2>).
const FIELD_BYTES_OF_STANDARD: usize = 32;

/// How many times the largest head of a request h2 lets in, so that this server can refuse it, and count it.
const LARGE_HEADS: u32 = 2;

/// Bytes of bodies that a client may send ahead, on a connection and on a stream: the least that the standard knows for a connection.
const WINDOW_BYTES: u32 = 65_535;

/// Bytes of a request's body beyond which no route reads.
const MAX_BODY_BYTES: u64 = 64 * 1024;

/// Bytes of a response that wait in a stream for the client. They are not copied, but each of their pieces takes memory of its own.
const MAX_WAITING_BYTES: usize = 16 * 1024;

/// The refusal of a connection that h2 ends because of too many frames of a kind.
const FLOOD: &str = "http2-flood";

/// The refusal of a request for which the others on its connection, or of its address, leave no room.
const TOO_MUCH: &str = "http2-too-much-held";

/// Serves a connection until it ends.
pub(super) async fn serve(
    socket: Socket,
    connection: Connection,
    account: &Account,
    site: impl Site,
    environment: Environment,
) {
    let Environment {
        limits,
        metrics,
        closing,
        tasks,
        ..
    } = environment;
    let progress = Progress::new(MAX_HELD_BYTES, account.requests());
    let (requests, counts) = (progress.clone(), Arc::clone(&metrics));
    let max_head_bytes = limits.max_request_head_bytes;
    let service = service_fn(move |mut request: Request<Incoming>| {
        let is_head = request.method() == Method::HEAD;
        let mut open = requests.begin();
        let at_once = match check(&mut request, max_head_bytes) {
            Ok(()) => site.at_once(&mut request, &connection),
            Err(refusal) => Some(refusal.respond(&counts)),
        };
        if let Some(response) = at_once {
            let response = without_body_if(is_head, response);
            return Either::Left(ready(Ok(in_pieces(response, open))));
        }
        if !open.try_hold(bytes_of(&request)) {
            counts.refused(TOO_MUCH);
            // By which the client knows that it may ask again (<https://www.rfc-editor.org/rfc/rfc9113#section-8.7>).
            return Either::Left(ready(Err(h2::Error::from(Reason::REFUSED_STREAM))));
        }
        let made = move |response| {
            let response = without_body_if(is_head, response);
            // One whose length nobody knows is made while it is sent. None is refused: what the request has changed has to be told.
            let bytes = response.body().size_hint().exact().unwrap_or(0);
            open.hold(bytes.min(MAX_RESPONSE_BYTES) as usize);
            Ok(in_pieces(response, open))
        };
        let mut response = Box::pin(site.respond(request, &connection));
        // Most responses are there by now. What their requests held is given back before the next one is looked at.
        match (&mut response).now_or_never() {
            Some(Ok(response)) => Either::Left(ready(made(response))),
            None => Either::Right(async move {
                let Ok(response) = response.await;
                made(response)
            }),
        }
    });
    let served = http(&limits, tasks).serve_connection(socket, service);
    let mut served = pin!(served);
    let stalled = limits.stalled_response_timeout;
    let mut idle = limits.request_head_timeout;
    let mut is_ending = false;
    loop {
        let stop = tokio::select! {
            outcome = served.as_mut() => return end(outcome, &metrics),
            stop = progress.stops(Patience { idle, stalled }) => stop,
            () = closing.cancelled() => break,
        };
        match stop {
            Stop::Stalled => return debug!("A client took nothing of a response"),
            _ if is_ending => return debug!("A client left a connection open"),
            Stop::NoRequest => {
                metrics.refused(NO_HEAD);
                idle = CLOSING_TIME;
            }
            // What was answered last may still be on its way to a slow client, whose window updates would reset a connection that is gone.
            Stop::Idle => idle = stalled,
        }
        // Says that nothing more may be asked for; the client ends it.
        served.as_mut().graceful_shutdown();
        is_ending = true;
    }
    // The same, and it ends when everything is answered.
    served.as_mut().graceful_shutdown();
    let outcome = timeout(CLOSING_TIME, served).await;
    end(outcome.unwrap_or(Ok(())), &metrics);
}

/// HTTP/2 within its bounds. Each request is a task, which ends with its connection.
fn http(limits: &Limits, tasks: TaskTracker) -> http2::Builder<Tasks> {
    let head = u32::try_from(limits.max_request_head_bytes).unwrap_or(u32::MAX);
    let mut http = http2::Builder::new(Tasks(tasks));
    http.timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        // A client may take back at once all that it may ask for. By default, 20 that nobody has looked at end the connection.
        .max_pending_accept_reset_streams(MAX_STREAMS as usize)
        .max_header_list_size(head.saturating_mul(LARGE_HEADS))
        .initial_connection_window_size(WINDOW_BYTES)
        .initial_stream_window_size(WINDOW_BYTES)
        .max_send_buf_size(MAX_WAITING_BYTES);
    http
}

#[derive(Debug, Clone)]
struct Tasks(TaskTracker);

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for Tasks {
    fn execute(&self, stream: F) {
        self.0.spawn(stream);
    }
}

/// Why a request is answered by nobody behind here.
enum Refusal {
    Host(BadHost),
    /// Its head has more than so many bytes.
    LargeHead(usize),
    /// It would have this server connect to another one.
    Connect,
}

impl Refusal {
    fn respond(self, metrics: &Metrics) -> Response {
        let (status, text) = match self {
            Self::Host(bad_host) => {
                metrics.refused(BadHost::CODE);
                return bad_host.into_response();
            }
            Self::LargeHead(max) => {
                metrics.refused(LARGE_HEAD);
                let text = format!("The head of the request has more than {max} bytes.\n");
                (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, text)
            }
            Self::Connect => {
                let text = "This server connects nobody to another one.\n".to_owned();
                (StatusCode::METHOD_NOT_ALLOWED, text)
            }
        };
        (status, SECURITY_HEADERS, text).into_response()
    }
}

/// Whether a request can be looked at. It looks like one of HTTP/1.1 then.
fn check<B>(request: &mut Request<B>, max_head_bytes: usize) -> Result<(), Refusal> {
    if request.method() == Method::CONNECT {
        return Err(Refusal::Connect);
    }
    host::settle(request).map_err(Refusal::Host)?;
    match head_bytes(request, FIELD_BYTES_OF_STANDARD) > max_head_bytes {
        true => Err(Refusal::LargeHead(max_head_bytes)),
        false => Ok(()),
    }
}

/// Of the head of a request, with so many for each field beside what it says.
fn head_bytes<B>(request: &Request<B>, each_field: usize) -> usize {
    let fields = request.headers().iter();
    let fields = fields.map(|(name, value)| name.as_str().len() + value.len() + each_field);
    let path = request.uri().path_and_query();
    fields.sum::<usize>() + path.map_or(0, |path| path.as_str().len())
}

/// What a request takes until it is answered: its head, and its body, as far as a route reads that.
fn bytes_of(request: &Request<Incoming>) -> usize {
    let body = request.body();
    let body = match body.is_end_stream() {
        true => 0,
        false => body.size_hint().upper().unwrap_or(u64::MAX),
    };
    head_bytes(request, FIELD_BYTES) + body.min(MAX_BODY_BYTES) as usize
}

/// For HTTP/1.1 hyper leaves the body out of a response to HEAD.
fn without_body_if(is_head: bool, response: Response) -> Response {
    if !is_head {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    if let Some(length) = body.size_hint().exact().filter(|length| *length > 0) {
        let field = parts.headers.entry(header::CONTENT_LENGTH);
        field.or_insert(HeaderValue::from(length));
    }
    Response::from_parts(parts, Body::empty())
}

fn in_pieces(response: Response, open: Open) -> hyper::Response<InPieces> {
    response.map(|body| InPieces::new(body, open))
}

fn end(outcome: hyper::Result<()>, metrics: &Metrics) {
    let Err(error) = outcome else { return };
    let cause = error.source();
    let cause = cause.and_then(|cause| cause.downcast_ref::<h2::Error>());
    // A client may end it in the same words.
    let by_us = cause.filter(|cause| cause.is_library());
    if by_us.and_then(h2::Error::reason) == Some(Reason::ENHANCE_YOUR_CALM) {
        metrics.refused(FLOOD);
    }
    debug!(%error, "A connection of HTTP/2 ended early");
}
