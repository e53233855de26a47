//! Who enters the room and who does not, what is said there by hand, and what is left when a client closes.

use std::net::Ipv4Addr;

use futures_util::{SinkExt, StreamExt};
use quickconnect::{ConnectError, Error, Event, QuickConnect};
use serde_json::json;
use tokio::net::TcpListener;

use super::{call_started, client, error, next, pair};
use crate::support::{Peer, Server, soon};

#[tokio::test]
async fn who_is_filtered_out_is_not_called_and_no_event_tells_of_it() {
    let server = Server::start().await;
    let join =
        client(&server, "a").peer_filter(|peer| peer.profile.get("role") != Some(&json!("spy")));
    let mut a = join.connect().await.unwrap();
    let mut spy = client(&server, "b")
        .profile("role", "spy")
        .connect()
        .await
        .unwrap();
    next(&mut spy, "connected", |event| {
        matches!(event, Event::Connected).then_some(())
    })
    .await;
    // What it says comes through, so its announce has come before.
    spy.send(None, "hello", vec![]).await.unwrap();
    let before = async {
        let mut before = Vec::new();
        loop {
            match a.next().await {
                Some(Event::Command { .. }) => return before,
                event => before.push(event),
            }
        }
    };
    let before = soon("the spy's command", before).await;
    let is_about_itself =
        |event: &Option<Event>| matches!(event, Some(Event::Connected | Event::Announced(_)));
    assert!(before.iter().all(is_about_itself), "{before:?}");
    let _friend = client(&server, "c").connect().await.unwrap();
    assert_eq!(call_started(&mut a).await.as_str(), "c");
}

#[tokio::test]
async fn who_joins_by_hand_is_unknown_until_then() {
    let server = Server::start().await;
    let late = client(&server, "a").manual_join().connect().await.unwrap();
    late.profile(serde_json::Map::from_iter([(
        "name".to_owned(),
        json!("Late"),
    )]))
    .await
    .unwrap();
    // She is alone in the room.
    let mut peer = Peer::join(&server, "b", "r", 1).await;
    peer.hears_nothing().await;
    late.join().await.unwrap();
    let announce = peer.next_text().await;
    assert!(
        announce.starts_with("/announce|a|") && announce.contains("Late"),
        "{announce}"
    );
    late.join().await.unwrap();
    late.send(None, "hello", vec![]).await.unwrap();
    peer.says("/x|b").await;
    while !peer.next_text().await.starts_with("/hello|a") {}
}

#[tokio::test]
async fn who_announces_an_id_that_is_taken_stays_away() {
    let server = Server::start().await;
    let mut older = client(&server, "a").connect().await.unwrap();
    next(&mut older, "connected", |event| {
        matches!(event, Event::Connected).then_some(())
    })
    .await;
    let mut newer = client(&server, "a").connect().await.unwrap();
    match error(&mut newer).await {
        Error::Refused { code, .. } => assert_eq!(code, "id-taken"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(error(&mut newer).await, Error::TakenOver));
    drop(older);
}

#[tokio::test]
async fn a_client_says_the_last_greeting_back_before_anything_else() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let _client = tokio::spawn(QuickConnect::builder(url).room("r").id("a").connect());
    let greet = async |greeting: &str| {
        let (stream, _) = soon("a connection", listener.accept()).await.unwrap();
        let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
        let greeting = format!(r#"primus::hello|{{"resume":"{greeting}"}}"#);
        socket.send(greeting.into()).await.unwrap();
        let first = soon("a frame", socket.next()).await.unwrap().unwrap();
        first.into_text().unwrap().to_string()
    };
    assert!(greet("one").await.starts_with("/announce|a|"));
    assert_eq!(greet("two").await, r#"primus::hello|{"resume":"one"}"#);
    assert_eq!(greet("three").await, r#"primus::hello|{"resume":"two"}"#);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_that_says_where_it_was_looked_for() {
    let server = Server::start().await;
    let join = client(&server, "a");
    let address = server.address.to_string();
    server.stop().await;
    match join.connect().await {
        Err(error @ ConnectError::NoServer { .. }) => {
            assert!(error.to_string().contains(&address), "{error}")
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn commands_of_ones_own_arrive_as_they_were_meant() {
    let server = Server::start().await;
    let mut a = client(&server, "a").connect().await.unwrap();
    let mut b = client(&server, "b").connect().await.unwrap();
    call_started(&mut a).await;
    call_started(&mut b).await;
    a.send(None, "hello", vec![json!({ "text": "x|y" }), json!(1)])
        .await
        .unwrap();
    let args = next(&mut b, "a command", |event| match event {
        Event::Command {
            command,
            args,
            peer,
        } if command == "hello" && peer.as_str() == "a" => Some(args),
        _ => None,
    });
    assert_eq!(args.await, [json!({ "text": "x|y" }), json!(1)]);
}

#[tokio::test]
async fn malformed_announces_descriptions_and_candidates_are_errors_and_the_client_goes_on() {
    let server = Server::start().await;
    let mut honest = client(&server, "b").connect().await.unwrap();
    let mut liar = Peer::join(&server, "a", "r", 2).await;
    for frame in [
        r#"/to|b|/announce|a|{"id":7}"#,
        r#"/to|b|/announce|a|[1]"#,
        r#"/to|b|/sdp|a|{"type":"offer","sdp":"v=0\r\nm=application"}"#,
        r#"/to|b|/sdp|a|{"type":"offer","sdp":7}"#,
        r#"/to|b|/sdp|a|"#,
        r#"/to|b|/sdp|a|{"type":"rollback"}"#,
        r#"/to|b|/candidate|a|{"sdpMid":"0"}"#,
        r#"/to|b|/candidate|a|null"#,
    ] {
        liar.says(frame).await;
        assert!(
            matches!(error(&mut honest).await, Error::Unusable { .. }),
            "{frame}"
        );
    }
    // What is of no use before any description is kept for it, and no error yet.
    liar.says(r#"/to|b|/candidate|a|{"candidate":"candidate:\u0000"}"#)
        .await;
    liar.vanishes();
    let mut other = client(&server, "c").connect().await.unwrap();
    assert_eq!(call_started(&mut other).await, *honest.id());
}

#[tokio::test]
async fn a_closed_client_leaves_no_task() {
    let server = Server::start().await;
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let call = async || {
        let [(a, _), (b, _)] = pair(&server, "chat").await;
        tokio::join!(a.close(), b.close());
    };
    call().await;
    let before = tasks();
    for _ in 0..5 {
        call().await;
    }
    // The server's own tasks for the sockets end on their own.
    let flat = async {
        while tasks() > before {
            tokio::task::yield_now().await;
        }
    };
    soon("the end of every task", flat).await;
}
