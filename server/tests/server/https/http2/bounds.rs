//! What a connection of HTTP/2 may hold, and for how long.

use std::time::Duration;

use server::config::Limits;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::frames::{
    self, CANCEL, CONTINUATION, DATA, END_STREAM, Frame, GOAWAY, HEADERS, INITIAL_WINDOW_SIZE,
    MAX_CONCURRENT_STREAMS, PING, REFUSED_STREAM, RST_STREAM, Raw, SETTINGS, WINDOW_UPDATE, frame,
};
use super::{HTTP_2, connect};
use crate::https::{is_refused, start, with_limits};
use crate::slow_link::{Pace, SlowLink};
use crate::support::http::Http2;
use crate::support::soon;
#[cfg(target_os = "linux")]
use crate::support::wire::Way;

/// Requests that may be open at a time.
pub(crate) const MAX_STREAMS: usize = 32;

/// Where a request with a body is taken.
const POST: &str = "/companion";

/// A page of many pieces.
const PAGE: &str = "/connecting/";

/// What is not there has a page of its own, which names the path.
const NOTHING: &str = "/nothing";

/// What health is asked for is answered by.
const ALIVE_BYTES: u32 = 6;

/// Shorter than usual, so that a test can wait for it, and far longer than an answer takes.
const SHORT: Duration = Duration::from_secs(1);

/// The same of what bounds the first bytes of a connection, too.
const HEAD_TIME: Duration = Duration::from_secs(3);

/// A window for everything that there is.
const LARGE: [u8; 4] = 100_000_000_u32.to_be_bytes();

fn is_end_of(stream: u32) -> impl Fn(&Frame) -> bool {
    move |frame| frame.stream == stream && frame.flags & END_STREAM != 0
}

/// Asks for a page and has it to the end.
async fn loads_page(raw: &mut Raw, stream: u32) {
    raw.send(&frames::get(stream, PAGE)).await.unwrap();
    raw.send(&frame(WINDOW_UPDATE, 0, stream, &LARGE))
        .await
        .unwrap();
    let head = raw.until(|frame| frame.stream == stream).await;
    assert_eq!(head.kind, HEADERS);
    raw.until(is_end_of(stream)).await;
}

#[tokio::test]
async fn more_requests_than_the_server_says_are_refused_and_end_nothing() {
    let (server, trusted) = start().await;
    let mut raw = Raw::open(&server, &trusted, &[(INITIAL_WINDOW_SIZE, 0)]).await;
    let settings = raw.until(|frame| frame.kind == SETTINGS).await;
    let mut fields = settings.payload.chunks(6);
    let said = fields.find(|field| field[..2] == MAX_CONCURRENT_STREAMS.to_be_bytes());
    assert_eq!(said.unwrap()[2..], (MAX_STREAMS as u32).to_be_bytes());
    raw.send(&frame(WINDOW_UPDATE, 0, 0, &LARGE)).await.unwrap();
    let mut streams = frames::streams();
    for stream in streams.by_ref().take(MAX_STREAMS) {
        raw.send(&frames::get(stream, PAGE)).await.unwrap();
    }
    // A browser that was not told yet takes the number to be 100; this one asks again and again.
    for stream in streams.by_ref().take(300) {
        raw.send(&frames::get(stream, PAGE)).await.unwrap();
        let refusal = raw.until(|frame| frame.kind == RST_STREAM).await;
        assert_eq!((refusal.stream, refusal.code()), (stream, REFUSED_STREAM));
    }
    // The first one is taken, and so another one has its place.
    raw.send(&frame(WINDOW_UPDATE, 0, 1, &LARGE)).await.unwrap();
    raw.until(is_end_of(1)).await;
    loads_page(&mut raw, streams.next().unwrap()).await;
}

#[tokio::test]
async fn all_that_a_client_may_ask_for_can_be_taken_back_at_once() {
    let (server, trusted) = start().await;
    let mut raw = Raw::open(&server, &trusted, &[]).await;
    let mut streams = frames::streams();
    // Both kinds of frames are in one record of TLS, so that the server reads them together.
    let own: Vec<u32> = streams.by_ref().take(MAX_STREAMS).collect();
    let asks = own.iter().flat_map(|stream| frames::get(*stream, PAGE));
    let resets = own
        .iter()
        .flat_map(|stream| frame(RST_STREAM, 0, *stream, &CANCEL));
    let both: Vec<u8> = asks.chain(resets).collect();
    raw.send(&both).await.unwrap();
    loads_page(&mut raw, streams.next().unwrap()).await;
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused_and_counted_and_the_connection_goes_on() {
    let (server, trusted) = start().await;
    let connection = connect(&server, &trusted).await;
    let most = Limits::default().max_request_head_bytes;
    for (length, status) in [(most - 500, 200), (most, 431)] {
        let field = "a".repeat(length);
        let headers = [("x", field.as_str())];
        let answer = connection.exchange("GET", "/healthz", &headers, "").await;
        assert_eq!(answer.status, status, "{length}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    is_refused(&server, "request-head-too-large", 1).await;
    // h2 answers one that is larger still by itself.
    let field = "a".repeat(3 * most);
    let headers = [("x", field.as_str())];
    let answer = connection.exchange("GET", "/healthz", &headers, "").await;
    assert_eq!(answer.status, 431);
    assert_eq!(connection.get("/healthz").await.status, 200);
}

/// Goes on with it, by such frames, until the server ends the connection.
async fn sends_a_head_without_an_end(mut raw: Raw, filling: &[u8]) {
    let begun = frames::request("GET", "/");
    raw.send(&frame(HEADERS, 0, 1, &begun)).await.unwrap();
    let more = frame(CONTINUATION, 0, 1, filling);
    soon("the end", async { while raw.send(&more).await.is_ok() {} }).await;
}

#[tokio::test]
async fn a_head_that_never_ends_ends_the_connection_and_is_counted() {
    let (server, trusted) = start().await;
    for filling in [frames::field("x", &"a".repeat(10_000)), Vec::new()] {
        let raw = Raw::open(&server, &trusted, &[]).await;
        sends_a_head_without_an_end(raw, &filling).await;
    }
    is_refused(&server, "http2-flood", 2).await;
}

#[tokio::test]
async fn a_client_that_ends_the_connection_in_the_words_of_a_server_is_no_flood() {
    let (server, trusted) = start().await;
    let mut raw = Raw::open(&server, &trusted, &[]).await;
    // The last stream of the server's, which has opened none, and the code.
    let enhance_your_calm = [0, 0, 0, 0, 0, 0, 0, 0xb];
    let goodbye = frame(GOAWAY, 0, 0, &enhance_your_calm);
    raw.send(&goodbye).await.unwrap();
    raw.rest().await;
    // One that is counted, so that the other one would be by now.
    let raw = Raw::open(&server, &trusted, &[]).await;
    sends_a_head_without_an_end(raw, &[]).await;
    is_refused(&server, "http2-flood", 1).await;
}

#[tokio::test]
async fn one_who_asks_for_nothing_is_sent_away_whatever_else_it_says() {
    let (server, trusted) = with_limits(Limits {
        request_head_timeout: HEAD_TIME,
        ..Limits::default()
    })
    .await;
    let ping = frame(PING, 0, 0, b"are you?");
    let half_a_head = frame(HEADERS, 0, 1, &frames::request("GET", "/"));
    let says: [(&[u8], &[u8]); 3] = [(&[], &[]), (&ping, &ping), (&half_a_head, &[])];
    for (count, (first, again)) in (1..).zip(says) {
        let begin = Instant::now();
        let mut raw = Raw::open(&server, &trusted, &[]).await;
        raw.send(first).await.unwrap();
        // Each frame of the server's is answered by another one, until it says goodbye.
        while let Some(frame) = raw.next().await
            && frame.kind != GOAWAY
        {
            raw.send(again).await.unwrap();
        }
        assert!(begin.elapsed() >= HEAD_TIME);
        is_refused(&server, "request-head-timeout", count).await;
    }
}

#[tokio::test]
async fn a_connection_that_is_idle_is_told_so_and_ends_when_its_client_agrees() {
    let (server, trusted) = with_limits(Limits {
        request_head_timeout: HEAD_TIME,
        ..Limits::default()
    })
    .await;
    let connection = connect(&server, &trusted).await;
    let begin = Instant::now();
    assert_eq!(connection.get(PAGE).await.status, 200);
    soon("the end", connection.ends()).await;
    assert!(begin.elapsed() >= HEAD_TIME, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn one_who_takes_nothing_of_a_response_loses_the_connection_whatever_it_takes_of_others() {
    for window in [0, 1, ALIVE_BYTES] {
        let (server, trusted) = with_limits(Limits {
            stalled_response_timeout: SHORT,
            ..Limits::default()
        })
        .await;
        let begin = Instant::now();
        let mut raw = Raw::open(&server, &trusted, &[(INITIAL_WINDOW_SIZE, window)]).await;
        let mut streams = frames::streams();
        let left = streams.next().unwrap();
        raw.send(&frames::get(left, PAGE)).await.unwrap();
        let asks_on = async {
            for stream in streams {
                // It is there, and says so all the time.
                let mut says = frame(PING, 0, 0, b"are you?");
                // It has the whole of what is small enough.
                let takes_others = window == ALIVE_BYTES;
                if takes_others {
                    says.extend(frames::get(stream, "/healthz"));
                }
                if raw.send(&says).await.is_err() {
                    return;
                }
                let is_answered = |frame: &Frame| match takes_others {
                    true => is_end_of(stream)(frame),
                    false => frame.kind == PING,
                };
                loop {
                    match raw.next().await {
                        None => return,
                        Some(frame) if is_answered(&frame) => break,
                        Some(_) => {}
                    }
                }
            }
        };
        soon("the end", asks_on).await;
        assert!(begin.elapsed() >= SHORT);
    }
}

#[tokio::test]
async fn a_slow_client_gets_everything_that_it_asks_for_at_once() {
    const PAGES: usize = 5;
    let (server, trusted) = with_limits(Limits {
        // Shorter than what is on its way takes when everything is answered.
        request_head_timeout: SHORT,
        ping_period: SHORT,
        ..Limits::default()
    })
    .await;
    let book = server.book.current();
    let expected = &book.get("connecting/index.html").unwrap().identity().body;
    // Several times as long for each page.
    let bits_per_second = expected.len() as u64 * 8;
    let pace = Pace {
        delay: Duration::from_millis(50),
        bits_per_second,
    };
    let link = SlowLink::open(server.address, pace).await.unwrap();
    let stream = trusted.offering(&[HTTP_2]).connect(link.address).await;
    let connection = Http2::over(stream.unwrap()).await;
    let mut pages = JoinSet::new();
    let begin = Instant::now();
    for _ in 0..PAGES {
        let connection = connection.clone();
        pages.spawn(async move { connection.get(PAGE).await.body });
    }
    while let Some(page) = pages.join_next().await {
        assert!(page.unwrap() == expected);
    }
    assert!(begin.elapsed() > 3 * SHORT, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_body_that_never_ends_is_dropped_and_holds_up_nothing_else() {
    let (server, trusted) = with_limits(Limits {
        request_head_timeout: HEAD_TIME,
        ..Limits::default()
    })
    .await;
    let mut raw = Raw::open(&server, &trusted, &[]).await;
    let begun = [frames::post(1, POST), frame(DATA, 0, 1, b"ro")].concat();
    raw.send(&begun).await.unwrap();
    raw.send(&frames::get(3, PAGE)).await.unwrap();
    let is_end = is_end_of(3);
    raw.until(|frame| {
        assert_ne!(frame.stream, 1, "it was answered before the page");
        is_end(frame)
    })
    .await;
    // It is answered, and its rest is not wanted any more.
    let head = raw.until(|frame| frame.stream == 1).await;
    assert_eq!(head.kind, HEADERS);
    let reset = raw.until(|frame| frame.kind == RST_STREAM).await;
    assert_eq!((reset.stream, reset.code()), (1, 0));
}

#[tokio::test]
async fn a_body_that_nobody_wants_is_refused_at_once() {
    let (server, trusted) = start().await;
    let mut raw = Raw::open(&server, &trusted, &[]).await;
    raw.send(&frames::post(1, NOTHING)).await.unwrap();
    let reset = raw.until(|frame| frame.kind == RST_STREAM).await;
    assert_eq!((reset.stream, reset.code()), (1, 0));
}

#[tokio::test]
async fn requests_that_wait_for_their_bodies_hold_so_much_on_a_connection_and_leave_others_alone() {
    let (server, trusted) = start().await;
    let mut raw = Raw::open(&server, &trusted, &[]).await;
    let mut streams = frames::streams();
    // Nobody knows how long these will be.
    let most = 256 / 64 - 1;
    for stream in streams.by_ref().take(most + 1) {
        raw.send(&frames::post(stream, POST)).await.unwrap();
    }
    let refusal = raw.until(|frame| frame.kind == RST_STREAM).await;
    let refused = (refusal.stream as usize, refusal.code());
    assert_eq!(refused, (2 * most + 1, REFUSED_STREAM));
    is_refused(&server, "http2-too-much-held", 1).await;
    // Pages come on this connection, too, and everything on others.
    loads_page(&mut raw, streams.next().unwrap()).await;
    let connection = connect(&server, &trusted).await;
    let answer = connection.exchange("POST", POST, &[], "r").await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    // What ends makes room.
    raw.send(&frame(RST_STREAM, 0, 1, &CANCEL)).await.unwrap();
    is_answered_again(&mut raw, streams, post_with_body).await;
}

/// Where every address of 127.0.0.0/8 is this machine's.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn all_connections_of_an_address_hold_so_much_together_and_leave_other_addresses_alone() {
    // As many as the connections themselves leave room for.
    const EACH: usize = 256 / 64 - 1;
    const MOST: usize = 8 * 1024 / 64 - 1;
    const CONNECTIONS: usize = MOST / EACH + 1;

    let (server, trusted) = with_limits(Limits {
        // No body is given up meanwhile.
        request_head_timeout: Duration::from_secs(600),
        ..Limits::default()
    })
    .await;
    let mut full = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut raw = Raw::open(&server, &trusted, &[]).await;
        let posts = frames::streams().take(EACH);
        let posts: Vec<u8> = posts
            .flat_map(|stream| frames::post(stream, POST))
            .collect();
        raw.send(&posts).await.unwrap();
        full.push(raw);
    }
    let refused = CONNECTIONS * EACH - MOST;
    is_refused(&server, "http2-too-much-held", refused).await;
    // Pages come all the same.
    let mut streams = frames::streams();
    let mut raw = Raw::open(&server, &trusted, &[]).await;
    loads_page(&mut raw, streams.next().unwrap()).await;
    let stream = streams.next().unwrap();
    raw.send(&frames::post(stream, POST)).await.unwrap();
    let answer = raw.until(|frame| frame.stream == stream).await;
    assert_eq!(answer.code(), REFUSED_STREAM);
    let elsewhere = Way {
        address: server.address,
        trusted: Some(trusted.offering(&[HTTP_2])),
    };
    let wire = elsewhere.connect_from([127, 0, 0, 2].into()).await.unwrap();
    let connection = Http2::over(wire).await;
    let answer = connection.exchange("POST", POST, &[], "r").await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    // What ends makes room.
    drop(full);
    is_answered_again(&mut raw, streams, post_with_body).await;
}

/// A request that is complete.
fn post_with_body(stream: u32) -> Vec<u8> {
    let body = frame(DATA, END_STREAM, stream, b"r");
    [frames::post(stream, POST), body].concat()
}

/// Asks until it is not refused any more.
async fn is_answered_again(
    raw: &mut Raw,
    mut streams: impl Iterator<Item = u32>,
    ask: impl Fn(u32) -> Vec<u8>,
) {
    let again = async {
        loop {
            let stream = streams.next().unwrap();
            raw.send(&ask(stream)).await.unwrap();
            let answer = raw.until(|frame| frame.stream == stream).await;
            if answer.kind == HEADERS {
                return;
            }
            assert_eq!(answer.code(), REFUSED_STREAM);
        }
    };
    soon("room for another request", again).await;
}

#[tokio::test]
async fn responses_that_were_made_for_a_request_count_until_they_are_taken_and_pages_do_not() {
    let (server, trusted) = start().await;
    let mut raw = Raw::open(&server, &trusted, &[(INITIAL_WINDOW_SIZE, 1)]).await;
    raw.send(&frame(WINDOW_UPDATE, 0, 0, &LARGE)).await.unwrap();
    let mut streams = frames::streams();
    let mut taken = Vec::new();
    loop {
        let stream = streams.next().unwrap();
        raw.send(&frames::get(stream, NOTHING)).await.unwrap();
        let answer = raw.until(|frame| frame.stream == stream && frame.kind != DATA);
        let answer = answer.await;
        if answer.kind == RST_STREAM {
            assert_eq!(answer.code(), REFUSED_STREAM);
            break;
        }
        taken.push(stream);
    }
    is_refused(&server, "http2-too-much-held", 1).await;
    loads_page(&mut raw, streams.next().unwrap()).await;
    let connection = connect(&server, &trusted).await;
    assert_eq!(connection.get(NOTHING).await.status, 404);
    for stream in taken {
        let window = frame(WINDOW_UPDATE, 0, stream, &LARGE);
        raw.send(&window).await.unwrap();
    }
    is_answered_again(&mut raw, streams, |stream| frames::get(stream, NOTHING)).await;
}
