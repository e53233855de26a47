//! What a connection of HTTP/2 may hold, and for how long.

use std::time::Duration;

use futures_util::FutureExt as _;
use h2::client::{ResponseFuture, SendRequest};
use h2::{Reason, SendStream};
use hyper::Request;
use hyper::body::Bytes;
use server::config::Limits;
use tokio::time::Instant;

use super::frames::{
    self, CONTINUATION, DATA, END_HEADERS, GOAWAY, HEADERS, INITIAL_WINDOW_SIZE,
    MAX_CONCURRENT_STREAMS, PING, REFUSED_STREAM, RST_STREAM, Raw, SETTINGS, WINDOW_UPDATE,
};
use super::{HTTP_2, connect};
use crate::https::{is_refused, start, with_limits};
use crate::slow_link::{Pace, SlowLink};
use crate::support::http::Http2;
use crate::support::tls::Trusted;
use crate::support::{Server, soon};

/// Streams that may be open at a time.
const MAX_STREAMS: usize = 100;

/// Where a request with a body is taken.
const POST: &str = "/companion";

/// Enough for a test that waits for it, and far more than an answer takes.
const SHORT: Duration = Duration::from_millis(300);

/// A client of a library, which can send half a body.
struct Client(SendRequest<Bytes>);

impl Client {
    async fn connect(server: &Server, trusted: &Trusted) -> Self {
        let stream = trusted.offering(&[HTTP_2]).connect(server.address).await;
        let (sender, connection) = h2::client::handshake(stream.unwrap()).await.unwrap();
        tokio::spawn(connection);
        Self(sender)
    }

    /// A request whose body goes on as long as the stream is kept.
    async fn begins(&mut self, field: usize) -> (ResponseFuture, SendStream<Bytes>) {
        let request = Request::post(format!("https://localhost{POST}"));
        let request = request.header("x", "a".repeat(field)).body(()).unwrap();
        let mut sender = self.0.clone().ready().await.unwrap();
        sender.send_request(request, false).unwrap()
    }
}

impl Client {
    /// A request that waits for the rest of its body; the status, if it is answered at once.
    async fn is_held(&mut self, field: usize) -> Result<(ResponseFuture, SendStream<Bytes>), u16> {
        let (mut response, body) = self.begins(field).await;
        // Answered after it, in the order in which they came.
        let request = Request::get("https://localhost/healthz").body(()).unwrap();
        let (after, _) = self.0.send_request(request, true).unwrap();
        assert_eq!(status(after).await, 200);
        match (&mut response).now_or_never() {
            Some(response) => Err(response.unwrap().status().as_u16()),
            None => Ok((response, body)),
        }
    }
}

async fn status(response: ResponseFuture) -> u16 {
    let response = soon("a response", response).await.unwrap();
    response.status().as_u16()
}

#[tokio::test]
async fn more_streams_than_the_server_says_are_refused_and_the_others_go_on() {
    let (server, trusted) = start().await;
    let mut raw = Raw::open(&server, &trusted, &[(INITIAL_WINDOW_SIZE, 0)]).await;
    let settings = raw.until(|frame| frame.kind == SETTINGS).await;
    let mut fields = settings.payload.chunks(6);
    let said = fields.find(|field| field[..2] == MAX_CONCURRENT_STREAMS.to_be_bytes());
    assert_eq!(said.unwrap()[2..], (MAX_STREAMS as u32).to_be_bytes());
    let streams: Vec<_> = frames::streams().take(MAX_STREAMS + 1).collect();
    for stream in &streams {
        raw.send(&frames::get(*stream, "/connecting/"))
            .await
            .unwrap();
    }
    let refusal = raw.until(|frame| frame.kind == RST_STREAM).await;
    assert_eq!(refusal.code(), REFUSED_STREAM);
    assert_eq!(refusal.stream, streams[MAX_STREAMS]);
    // The first one is taken, and so another one has its place.
    let window = frames::frame(WINDOW_UPDATE, 0, streams[0], &100_000_000_u32.to_be_bytes());
    raw.send(&window).await.unwrap();
    let window = frames::frame(WINDOW_UPDATE, 0, 0, &100_000_000_u32.to_be_bytes());
    raw.send(&window).await.unwrap();
    let is_last = |frame: &frames::Frame| frame.flags & frames::END_STREAM != 0;
    let last = raw
        .until(|frame| frame.kind == DATA && is_last(frame))
        .await;
    assert_eq!(last.stream, streams[0]);
    let next = streams[MAX_STREAMS] + 2;
    raw.send(&frames::get(next, "/healthz")).await.unwrap();
    let head = raw.until(|frame| frame.stream == next).await;
    assert_eq!(head.kind, HEADERS);
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused_and_the_connection_goes_on() {
    let (server, trusted) = start().await;
    let connection = connect(&server, &trusted).await;
    let most = Limits::default().max_request_head_bytes;
    for (length, status) in [(most - 500, 200), (most, 431)] {
        let field = "a".repeat(length);
        let headers = [("x", field.as_str())];
        let answer = connection.exchange("GET", "/healthz", &headers, "").await;
        assert_eq!(answer.status, status, "{length}");
    }
    assert_eq!(connection.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_head_that_never_ends_ends_the_connection_and_is_counted() {
    let (server, trusted) = start().await;
    for filling in [frames::field("x", &"a".repeat(10_000)), Vec::new()] {
        let mut raw = Raw::open(&server, &trusted, &[]).await;
        let begun = frames::request("GET", "/");
        raw.send(&frames::frame(HEADERS, 0, 1, &begun))
            .await
            .unwrap();
        let more = frames::frame(CONTINUATION, 0, 1, &filling);
        let sent = async { while raw.send(&more).await.is_ok() {} };
        soon("the end", sent).await;
    }
    is_refused(&server, "http2-flood", 2).await;
}

#[tokio::test]
async fn one_who_asks_for_nothing_is_sent_away_whatever_else_it_says() {
    let (server, trusted) = with_limits(Limits {
        request_head_timeout: SHORT,
        ..Limits::default()
    })
    .await;
    let ping = frames::frame(PING, 0, 0, b"are you?");
    let half_a_head = frames::frame(HEADERS, 0, 1, &frames::request("GET", "/"));
    for (count, says) in [(1, Vec::new()), (2, ping), (3, half_a_head)] {
        let begin = Instant::now();
        let mut raw = Raw::open(&server, &trusted, &[]).await;
        let (says, mut is_new) = (says, true);
        let talks_on = async {
            loop {
                // Half a head is followed by nothing.
                if is_new || says.get(3) == Some(&PING) {
                    is_new = false;
                    if raw.send(&says).await.is_err() {
                        return;
                    }
                }
                match raw.next().await {
                    Some(frame) if frame.kind == GOAWAY => return,
                    Some(_) => {}
                    None => return,
                }
            }
        };
        soon("the end", talks_on).await;
        assert!(begin.elapsed() >= SHORT);
        is_refused(&server, "request-head-timeout", count).await;
    }
}

#[tokio::test]
async fn a_connection_that_is_idle_is_told_so_and_ends_when_its_client_agrees() {
    let (server, trusted) = with_limits(Limits {
        request_head_timeout: SHORT,
        ..Limits::default()
    })
    .await;
    let connection = connect(&server, &trusted).await;
    let begin = Instant::now();
    assert_eq!(connection.get("/connecting/").await.status, 200);
    let ended = async {
        while !connection.is_closed() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    soon("the end", ended).await;
    assert!(begin.elapsed() >= SHORT, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn one_who_takes_nothing_of_its_responses_loses_the_connection() {
    for window in [0, 1] {
        let (server, trusted) = with_limits(Limits {
            stalled_response_timeout: SHORT,
            ..Limits::default()
        })
        .await;
        let begin = Instant::now();
        let mut raw = Raw::open(&server, &trusted, &[(INITIAL_WINDOW_SIZE, window)]).await;
        for stream in frames::streams().take(MAX_STREAMS) {
            raw.send(&frames::get(stream, "/connecting/"))
                .await
                .unwrap();
        }
        // It is there, and says so all the time.
        let ping = frames::frame(PING, 0, 0, b"are you?");
        let talks_on =
            async { while raw.send(&ping).await.is_ok() && raw.next().await.is_some() {} };
        soon("the end", talks_on).await;
        assert!(begin.elapsed() >= SHORT);
    }
}

#[tokio::test]
async fn a_slow_client_gets_everything_that_it_asks_for_at_once() {
    const PAGES: usize = 5;
    let (server, trusted) = with_limits(Limits {
        // Shorter than what is on its way takes when everything is answered.
        request_head_timeout: SHORT,
        ..Limits::default()
    })
    .await;
    let pace = Pace {
        delay: Duration::from_millis(50),
        bits_per_second: 2_000_000,
    };
    let link = SlowLink::open(server.address, pace).await.unwrap();
    let stream = trusted.offering(&[HTTP_2]).connect(link.address).await;
    let connection = Http2::over(stream.unwrap()).await;
    let expected = server.book.current();
    let expected = &expected
        .get("connecting/index.html")
        .unwrap()
        .identity()
        .body;
    let mut pages = tokio::task::JoinSet::new();
    let begin = Instant::now();
    for _ in 0..PAGES {
        let connection = connection.clone();
        pages.spawn(async move { connection.get("/connecting/").await.body });
    }
    while let Some(page) = pages.join_next().await {
        assert!(page.unwrap() == expected);
    }
    assert!(begin.elapsed() > 2 * SHORT, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_body_that_never_ends_is_dropped_and_holds_up_nothing_else() {
    let (server, trusted) = with_limits(Limits {
        request_head_timeout: SHORT,
        ..Limits::default()
    })
    .await;
    let mut client = Client::connect(&server, &trusted).await;
    let (response, mut body) = client.begins(0).await;
    body.send_data(Bytes::from_static(b"ro"), false).unwrap();
    let request = Request::get("https://localhost/healthz").body(()).unwrap();
    let (other, _) = client.0.send_request(request, true).unwrap();
    assert_eq!(status(other).await, 200);
    assert_eq!(status(response).await, 408);
    // It is not wanted any more.
    let reset = std::future::poll_fn(|context| body.poll_reset(context));
    assert_eq!(soon("a reset", reset).await.unwrap(), Reason::NO_ERROR);
}

#[tokio::test]
async fn requests_that_are_not_answered_hold_so_much_in_all_and_for_each_address() {
    const MAX_BYTES: usize = 200_000;
    let for_an_address = Limits {
        max_unfinished_bytes_per_address: MAX_BYTES,
        ..Limits::default()
    };
    let in_all = Limits {
        max_unfinished_bytes_in_all: MAX_BYTES,
        ..Limits::default()
    };
    for (head, most) in [(0, 3), (15_000, 2)] {
        for limits in [for_an_address.clone(), in_all.clone()] {
            let (server, trusted) = with_limits(limits).await;
            let mut held = Vec::new();
            // Each on a connection of its own, so that no bound of one connection is met.
            let refusal = loop {
                let mut client = Client::connect(&server, &trusted).await;
                match client.is_held(head).await {
                    Ok(request) => held.push((client, request)),
                    Err(status) => break status,
                }
            };
            assert_eq!((refusal, held.len()), (503, most));
            is_refused(&server, "too-much-unfinished", 1).await;
            // What ends makes room.
            drop(held);
            let again = async {
                let mut client = Client::connect(&server, &trusted).await;
                while client.is_held(head).await.is_err() {}
            };
            soon("room for another one", again).await;
        }
    }
}

#[tokio::test]
async fn responses_that_were_made_for_a_request_count_until_they_are_taken_and_pages_do_not() {
    let (server, trusted) = with_limits(Limits {
        max_unfinished_bytes_per_address: 100_000,
        ..Limits::default()
    })
    .await;
    let mut raw = Raw::open(&server, &trusted, &[(INITIAL_WINDOW_SIZE, 1)]).await;
    for stream in frames::streams().take(MAX_STREAMS / 2) {
        raw.send(&frames::get(stream, "/connecting/"))
            .await
            .unwrap();
    }
    let connection = connect(&server, &trusted).await;
    assert_eq!(connection.get("/nothing").await.status, 404);
    // It names the path, as no other response does.
    for stream in frames::streams()
        .skip(MAX_STREAMS / 2)
        .take(MAX_STREAMS / 2)
    {
        raw.send(&frames::get(stream, "/nothing")).await.unwrap();
    }
    let refused = async { while connection.get("/nothing").await.status != 503 {} };
    soon("a refusal", refused).await;
    assert_eq!(connection.get("/connecting/").await.status, 200);
    drop(raw);
    let again = async { while connection.get("/nothing").await.status != 404 {} };
    soon("room for another one", again).await;
}

#[tokio::test]
async fn a_body_that_nobody_reads_gets_no_further_window() {
    let (server, trusted) = start().await;
    let mut raw = Raw::open(&server, &trusted, &[]).await;
    raw.until(|frame| frame.kind == SETTINGS).await;
    let head = frames::request("POST", "/nothing");
    raw.send(&frames::frame(HEADERS, END_HEADERS, 1, &head))
        .await
        .unwrap();
    // It is answered at once, and the rest is not wanted.
    let reset = raw.until(|frame| frame.kind == RST_STREAM).await;
    assert_eq!((reset.stream, reset.code()), (1, 0));
}
