//! HTTP/2 on a connection of TLS whose client has chosen it (<https://www.rfc-editor.org/rfc/rfc9113>).
//!
//! Many requests are on one connection at a time. What the number of connections bounds elsewhere has bounds of its own here:
//! - streams: [`MAX_STREAMS`] at once, and few that the client resets before they are looked at, or that break the rules;
//! - memory of requests that are being answered, and of responses that were made for them: a share of what clients have begun to say
//!   ([`held`](super::held));
//! - bodies that nobody has read yet: [`WINDOW_BYTES`];
//! - time without a request, or without taking anything of a response: as on other connections ([`progress`](super::progress)).
//!
//! h2 itself bounds the frames of a head by `max_header_list_size`, and small and empty frames of bodies; and it reads no further frame while an answer to a
//! PING or to SETTINGS waits to be written.
//!
//! May import: client_address, held, host, progress, site, config, metrics, security_headers, signaling, axum, futures_util, h2, hyper, hyper_util, tokio,
//! tokio_util, tracing.

use std::convert::Infallible;
use std::error::Error;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::future::{Either, ready};
use h2::Reason;
use hyper::Request;
use hyper::body::{Body as _, Incoming};
use hyper::rt::Executor;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use signaling::socket::Socket;
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;
use tracing::debug;

use super::client_address::Connection;
use super::held::{Held, Requests};
use super::host::{self, BadHost};
use super::progress::{InPieces, Patience, Progress, Stop, Turn};
use super::site::{CLOSING_TIME, Environment, NO_HEAD, Shared, Site};
use crate::config::Limits;
use crate::metrics::Metrics;
use crate::security_headers::SECURITY_HEADERS;

/// Requests of a connection at a time; further ones are refused, and browsers ask again. The standard recommends no fewer
/// (<https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2>).
const MAX_STREAMS: u32 = 100;

/// Streams that a client may reset before they are looked at. More end the connection: whoever resets what was just asked for has others work for nothing
/// (CVE-2023-44487).
const MAX_RESETS: usize = 20;

/// Streams that the server may have to reset because of what the client sends. More end the connection (CVE-2025-8671).
const MAX_ERRORS: usize = 100;

/// Bytes of bodies that a client may send ahead, on a connection and on a stream: the least that the standard knows. No route takes a larger body.
const WINDOW_BYTES: u32 = 65_535;

/// Bytes of a response that wait in a stream for the client, beside those that have a frame already. They are not copied.
const MAX_WAITING_BYTES: usize = 64 * 1024;

/// What a field of a request takes beside its name and its value, as the standard reckons
/// (<https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2>).
const FIELD_BYTES: usize = 32;

/// How long a client may leave a ping without an answer. It gets one where others have one too: signaling's period.
const PONG_TIME: Duration = Duration::from_secs(20);

/// The refusal of a connection that h2 ends because of too many frames of a kind.
const FLOOD: &str = "http2-flood";

/// The refusal of a request that would hold more than there is left, or whose response would.
const TOO_MUCH: &str = "too-much-unfinished";

/// Serves a connection until it ends.
pub(super) async fn serve(
    socket: Socket,
    connection: Connection,
    site: impl Site,
    requests: Requests,
    environment: Environment,
) {
    let Environment {
        limits,
        metrics,
        closing,
        tasks,
        ..
    } = environment;
    let progress = Progress::new();
    let counts = Arc::clone(&metrics);
    let turns = progress.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        let turn = turns.begin();
        let is_head = request.method() == Method::HEAD;
        let counts = Arc::clone(&counts);
        let answered = match admit(&mut request, &requests, &connection) {
            // Pages are found here and now. What they were asked with is gone before the next request is looked at.
            Ok(held) => Either::Right(answer(site.respond(request, &connection), held)),
            Err(refusal) => Either::Left(ready(Ok((refusal.respond(&counts), None)))),
        };
        async move {
            let (mut response, held) = answered.await?;
            let held = held.and_then(|held| match still_held(held, &response) {
                Ok(held) => held,
                Err(refusal) => {
                    response = refusal.respond(&counts);
                    None
                }
            });
            Ok::<_, Infallible>(in_pieces(response, is_head, turn, held))
        }
    });
    let served = http(&limits, tasks).serve_connection(socket, service);
    let mut served = pin!(served);
    let patience = Patience {
        idle: limits.request_head_timeout,
        stalled: limits.stalled_response_timeout,
    };
    let time = tokio::select! {
        outcome = served.as_mut() => return end(outcome, &metrics),
        stop = progress.stops(patience) => match stop {
            Stop::NoRequest => {
                metrics.refused(NO_HEAD);
                CLOSING_TIME
            }
            // What was answered last may still be on its way to a slow client, whose window updates would reset a connection that is gone.
            Stop::Idle => limits.stalled_response_timeout,
            Stop::Stalled => return debug!("A client took nothing of its responses"),
        },
        () = closing.cancelled() => CLOSING_TIME,
    };
    // Says that nothing more may be asked for, and ends when everything is answered.
    served.as_mut().graceful_shutdown();
    let at_most = async {
        closing.cancelled().await;
        sleep(CLOSING_TIME).await;
    };
    tokio::select! {
        outcome = timeout(time, served) => end(outcome.unwrap_or(Ok(())), &metrics),
        () = at_most => {}
    }
}

/// HTTP/2 within its bounds. Each request is a task, which ends with its connection.
fn http(limits: &Limits, tasks: TaskTracker) -> http2::Builder<Tasks> {
    let head = u32::try_from(limits.max_request_head_bytes).unwrap_or(u32::MAX);
    let mut http = http2::Builder::new(Tasks(tasks));
    http.timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_pending_accept_reset_streams(MAX_RESETS)
        .max_local_error_reset_streams(MAX_ERRORS)
        .max_header_list_size(head)
        .initial_connection_window_size(WINDOW_BYTES)
        .initial_stream_window_size(WINDOW_BYTES)
        .max_send_buf_size(MAX_WAITING_BYTES)
        .keep_alive_interval(limits.ping_period)
        .keep_alive_timeout(PONG_TIME);
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
    TooMuch,
    /// It would have this server connect to another one.
    Connect,
}

impl Refusal {
    fn respond(self, metrics: &Metrics) -> Response {
        match self {
            Self::Host(bad_host) => {
                metrics.refused(BadHost::CODE);
                bad_host.into_response()
            }
            Self::TooMuch => {
                metrics.refused(TOO_MUCH);
                let text = "Requests that are not answered yet, and responses that are not taken, hold too much memory. Try again in a moment, or \
                            raise --max-unfinished-bytes-per-address and --max-unfinished-bytes-in-all.\n";
                let retry = [(header::RETRY_AFTER, "1")];
                let status = StatusCode::SERVICE_UNAVAILABLE;
                (status, SECURITY_HEADERS, retry, text).into_response()
            }
            Self::Connect => {
                let text = "This server connects nobody to another one.\n";
                (StatusCode::METHOD_NOT_ALLOWED, SECURITY_HEADERS, text).into_response()
            }
        }
    }
}

fn admit(
    request: &mut Request<Incoming>,
    requests: &Requests,
    connection: &Connection,
) -> Result<Held, Refusal> {
    if request.method() == Method::CONNECT {
        return Err(Refusal::Connect);
    }
    host::settle(request).map_err(Refusal::Host)?;
    let held = requests.hold(bytes_of(request), connection.account());
    held.ok_or(Refusal::TooMuch)
}

/// What a request takes until it is answered: its head, and its body, as far as a route takes that.
fn bytes_of(request: &Request<Incoming>) -> usize {
    let fields = request.headers().iter();
    let fields = fields.map(|(name, value)| name.as_str().len() + value.len() + FIELD_BYTES);
    let path = request.uri().path_and_query();
    let path = path.map_or(0, |path| path.as_str().len());
    let body = match request.body().is_end_stream() {
        true => 0,
        false => request.body().size_hint().upper().unwrap_or(u64::MAX),
    };
    let body = body.min(WINDOW_BYTES.into()) as usize;
    fields.sum::<usize>() + path + body
}

async fn answer(
    response: impl Future<Output = Result<Response, Infallible>>,
    held: Held,
) -> Result<(Response, Option<Held>), Infallible> {
    Ok((response.await?, Some(held)))
}

/// What is held once there is a response: nothing, if its body is everybody's.
fn still_held(mut held: Held, response: &Response) -> Result<Option<Held>, Refusal> {
    if response.extensions().get::<Shared>().is_some() {
        return Ok(None);
    }
    // One whose length nobody knows is made while it is sent.
    let bytes = response.body().size_hint().exact().unwrap_or(0);
    match held.try_set(usize::try_from(bytes).unwrap_or(usize::MAX)) {
        true => Ok(Some(held)),
        false => Err(Refusal::TooMuch),
    }
}

/// As it goes to the client. For HTTP/1.1 hyper leaves the body out of a response to HEAD.
fn in_pieces(
    response: Response,
    is_head: bool,
    turn: Turn,
    held: Option<Held>,
) -> hyper::Response<InPieces> {
    let (mut parts, mut body) = response.into_parts();
    if is_head {
        if let Some(length) = body.size_hint().exact().filter(|length| *length > 0) {
            let length = HeaderValue::from(length);
            parts
                .headers
                .entry(header::CONTENT_LENGTH)
                .or_insert(length);
        }
        body = axum::body::Body::empty();
    }
    hyper::Response::from_parts(parts, InPieces::new(body, turn, held))
}

fn end(outcome: hyper::Result<()>, metrics: &Metrics) {
    let Err(error) = outcome else { return };
    let cause = error
        .source()
        .and_then(|cause| cause.downcast_ref::<h2::Error>());
    if cause.and_then(h2::Error::reason) == Some(Reason::ENHANCE_YOUR_CALM) {
        metrics.refused(FLOOD);
    }
    debug!(%error, "A connection of HTTP/2 ended early");
}
