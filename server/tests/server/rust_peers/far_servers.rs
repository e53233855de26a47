//! Servers that are far away, that fell silent, that are full, and that take only small frames.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use quickconnect::{ConnectError, Error, Event, Message, QuickConnect};
use serde_json::{Map, Value, json};
use server::config::Limits;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::{call_started, client, message, next, pair};
use crate::slow_link::{Pace, SlowLink};
use crate::support::{Server, soon};

/// So long nothing happens before it counts as never: many times as long as a client waits that does something.
const NEVER: Duration = Duration::from_secs(2);
/// Far more than a call takes at 600 ms each way.
const A_WHILE: Duration = Duration::from_secs(60);

/// A server that is written out in its test.
struct Script(TcpListener);

impl Script {
    async fn new() -> Self {
        Self(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap())
    }

    fn client(&self, id: &str) -> quickconnect::Builder {
        let url = format!("http://{}", self.0.local_addr().unwrap());
        QuickConnect::builder(url).room("r").id(id)
    }

    /// The next connection, greeted.
    async fn greets(&self, greeting: &str) -> WebSocketStream<TcpStream> {
        let (stream, _) = soon("a connection", self.0.accept()).await.unwrap();
        let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
        let greeting = format!("primus::hello|{greeting}");
        socket.send(greeting.into()).await.unwrap();
        socket
    }
}

async fn hears(socket: &mut WebSocketStream<TcpStream>) -> String {
    let frame = soon("a frame", socket.next()).await.unwrap().unwrap();
    frame.into_text().unwrap().to_string()
}

/// The next event that `pick` has a use for, errors too.
async fn any<T>(peer: &mut QuickConnect, what: &str, pick: impl Fn(Event) -> Option<T>) -> T {
    let picked = async {
        loop {
            if let Some(picked) = pick(peer.next().await.expect("the client goes on")) {
                return picked;
            }
        }
    };
    soon(what, picked).await
}

async fn connected(peer: &mut QuickConnect) {
    any(peer, "connected", |event| {
        matches!(event, Event::Connected).then_some(())
    })
    .await;
}

async fn through(link: &SlowLink, id: &str) -> QuickConnect {
    let url = format!("http://{}", link.address);
    let join = QuickConnect::builder(url)
        .room("r")
        .id(id)
        .addresses(vec![(Ipv4Addr::LOCALHOST, 0).into()]);
    join.connect().await.unwrap()
}

fn pings_often() -> Limits {
    Limits {
        ping_period: Duration::from_millis(300),
        ..Limits::default()
    }
}

#[tokio::test]
async fn who_is_far_away_is_called_and_the_call_outlives_a_lost_socket() {
    let server = Server::start().await;
    let link = SlowLink::open(server.address, Pace::SLOW).await.unwrap();
    let all = async {
        let (mut a, mut b) = tokio::join!(through(&link, "a"), through(&link, "b"));
        let started = |event| match event {
            Event::CallStarted(id) => Some(id),
            Event::Error(error) => panic!("{error}"),
            _ => None,
        };
        let call = async |peer: &mut QuickConnect| {
            while started(peer.next().await.unwrap()).is_none() {}
        };
        tokio::join!(call(&mut a), call(&mut b));
        link.cut();
        for peer in [&mut a, &mut b] {
            loop {
                match peer.next().await.unwrap() {
                    Event::Connected => break,
                    event => assert!(!matches!(event, Event::CallEnded(_)), "{event:?}"),
                }
            }
        }
    };
    timeout(A_WHILE, all).await.expect("a call, and both back");
}

#[tokio::test]
async fn who_is_forgotten_on_the_way_comes_back_and_meets_who_is_in_the_room() {
    let server = Server::with_limits(pings_often()).await;
    let link = SlowLink::open(server.address, Pace::FREE).await.unwrap();
    let mut alone = through(&link, "a").await;
    connected(&mut alone).await;
    link.forget();
    // She comes while nobody knows that the other is not there.
    let mut b = client(&server, "b").connect().await.unwrap();
    any(&mut alone, "disconnected", |event| {
        matches!(event, Event::Disconnected).then_some(())
    })
    .await;
    connected(&mut alone).await;
    assert_eq!(call_started(&mut alone).await.as_str(), "b");

    // The same with a call, which goes on.
    link.forget();
    connected(&mut alone).await;
    let mut c = client(&server, "c").connect().await.unwrap();
    let started = next(&mut alone, "a call with the third", |event| match event {
        Event::CallStarted(id) => Some(id),
        Event::CallEnded(id) => panic!("the call with {id} ended"),
        _ => None,
    });
    assert_eq!(started.await.as_str(), "c");
    call_started(&mut c).await;
    call_started(&mut b).await;
}

#[tokio::test]
async fn a_server_that_is_silent_is_left_only_if_it_promised_to_ping() {
    let script = Script::new().await;
    let connecting = tokio::spawn(script.client("a").connect());
    let mut socket = script.greets(r#"{"resume":"T","pingSeconds":0.2}"#).await;
    let mut a = connecting.await.unwrap().unwrap();
    // Whatever comes counts.
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        socket.send("primus::ping".into()).await.unwrap();
    }
    // Now it falls silent, and does not close.
    let original = script.greets("{}").await;
    any(&mut a, "disconnected", |event| {
        matches!(event, Event::Disconnected).then_some(())
    })
    .await;
    let another = timeout(NEVER, script.0.accept()).await;
    assert!(another.is_err(), "{another:?}");
    drop((original, socket));
}

#[tokio::test]
async fn a_server_that_is_full_is_asked_ever_more_seldom() {
    let script = Script::new().await;
    let connecting = tokio::spawn(script.client("a").connect());
    let mut times = Vec::new();
    for _ in 0..5 {
        let mut socket = script.greets(r#"{"resume":"T"}"#).await;
        times.push(Instant::now());
        let full = CloseFrame {
            code: CloseCode::Again,
            reason: "full".into(),
        };
        socket.close(Some(full)).await.unwrap();
    }
    let waits: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    // At least half of 200 ms doubled three times.
    assert!(waits[3] >= Duration::from_millis(800), "{waits:?}");
    connecting.await.unwrap().unwrap().close().await;
}

#[tokio::test]
async fn what_is_larger_than_the_server_takes_is_told_once_and_all_else_goes_on() {
    const LIMIT: usize = 4096;

    let server = Server::with_limits(Limits {
        max_frame_bytes: LIMIT,
        ..Limits::default()
    })
    .await;
    let [(mut a, channel), (mut b, _)] = pair(&server, "chat").await;
    let large = json!("x".repeat(LIMIT));
    for _ in 0..2 {
        a.send(None, "large", vec![large.clone()]).await.unwrap();
    }
    let profile = |name: &str, value: Value| Map::from_iter([(name.to_owned(), value)]);
    a.profile(profile("avatar", large)).await.unwrap();
    a.profile(profile("name", json!("Ann"))).await.unwrap();
    a.send(None, "small", vec![json!(1)]).await.unwrap();
    let told = async {
        let mut told = Vec::new();
        while told.len() < 2 {
            match a.next().await.unwrap() {
                Event::Error(error) => told.push(error),
                event => assert!(!matches!(event, Event::Disconnected), "{event:?}"),
            }
        }
        told
    };
    match &soon("two errors", told).await[..] {
        [
            Error::TooLarge {
                command,
                bytes,
                limit: LIMIT,
            },
            Error::ProfileTooLarge { limit: LIMIT, .. },
        ] => assert!(command == "/large" && *bytes > LIMIT),
        other => panic!("{other:?}"),
    }
    let known = next(&mut b, "the new profile", |event| match event {
        Event::PeerUpdated(data) => Some(data.profile),
        _ => None,
    });
    assert_eq!(known.await, profile("name", json!("Ann")));
    next(&mut b, "what is small", |event| {
        matches!(event, Event::Command { command, .. } if command == "small").then_some(())
    })
    .await;
    channel.send_text("still here").await.unwrap();
    assert_eq!(message(&mut b).await, Message::Text("still here".into()));
}

#[tokio::test]
async fn a_profile_that_no_server_takes_is_refused_before_anything_is_sent() {
    let server = Server::start().await;
    let join = client(&server, "a").profile("avatar", "x".repeat(70_000));
    let refused = join.connect().await.map(drop);
    assert!(
        matches!(refused, Err(ConnectError::ProfileTooLarge { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_server_that_names_no_limit_teaches_it_by_closing() {
    let script = Script::new().await;
    let join = script.client("a").profile("avatar", "x".repeat(5_000));
    let connecting = tokio::spawn(join.connect());
    let mut socket = script.greets(r#"{"resume":"T"}"#).await;
    let mut a = connecting.await.unwrap().unwrap();
    let bytes = hears(&mut socket).await.len();
    let too_large = CloseFrame {
        code: CloseCode::Size,
        reason: "too large".into(),
    };
    socket.close(Some(too_large)).await.unwrap();
    let mut socket = script.greets(r#"{"resume":"U"}"#).await;
    assert!(hears(&mut socket).await.starts_with("primus::hello|"));
    let announce = hears(&mut socket).await;
    assert!(
        announce.starts_with("/announce|a|") && !announce.contains("avatar"),
        "{announce}"
    );
    let errors = async {
        let mut errors = Vec::new();
        loop {
            match a.next().await.unwrap() {
                Event::Error(error) => errors.push(error),
                Event::Command { .. } => return errors,
                _ => {}
            }
        }
    };
    socket.send("/done|b".into()).await.unwrap();
    match &soon("what is said last", errors).await[..] {
        [
            Error::TooLarge {
                command,
                bytes: told,
                ..
            },
        ] => {
            assert!(command == "/announce" && *told == bytes);
        }
        other => panic!("{other:?}"),
    }
}
