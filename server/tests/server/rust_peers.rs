//! Two and more Rust clients in one room of the real server: calls, channels, messages, and every way they end.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use quickconnect::protocol::PeerId;
use quickconnect::protocol::peer::ChannelConfig;
use quickconnect::{Channel, ConnectError, Error, Event, Message, QuickConnect, SendError};
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{Peer, Server, soon};

/// A client that is to be reached on this machine only.
fn client(server: &Server, id: &str) -> quickconnect::Builder {
    QuickConnect::builder(format!("http://{}", server.address))
        .room("r")
        .id(id)
        .addresses(vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))])
}

/// The next event that `pick` has a use for; those before it are passed over, but none may be an error.
async fn next<T>(peer: &mut QuickConnect, what: &str, pick: impl Fn(Event) -> Option<T>) -> T {
    let picked = async {
        loop {
            let event = peer.next().await.expect("the client goes on");
            assert!(!matches!(event, Event::Error(_)), "{what}: {event:?}");
            if let Some(picked) = pick(event) {
                return picked;
            }
        }
    };
    soon(what, picked).await
}

async fn error(peer: &mut QuickConnect) -> Error {
    let error = async {
        loop {
            if let Event::Error(error) = peer.next().await.expect("the client goes on") {
                return error;
            }
        }
    };
    soon("an error", error).await
}

async fn call_started(peer: &mut QuickConnect) -> PeerId {
    next(peer, "call:started", |event| match event {
        Event::CallStarted(id) => Some(id),
        _ => None,
    })
    .await
}

async fn call_ended(peer: &mut QuickConnect) -> PeerId {
    next(peer, "call:ended", |event| match event {
        Event::CallEnded(id) => Some(id),
        _ => None,
    })
    .await
}

async fn opened(peer: &mut QuickConnect, label: &str) -> Channel {
    next(peer, label, |event| match event {
        Event::ChannelOpened(channel) if channel.label() == label => Some(channel),
        _ => None,
    })
    .await
}

async fn message(peer: &mut QuickConnect) -> Message {
    next(peer, "a message", |event| match event {
        Event::Message(_, message) => Some(message),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn two_clients_of_one_room_are_connected_whoever_comes_first() {
    for ids in [["a", "b"], ["b", "a"]] {
        let server = Server::start().await;
        let mut first = client(&server, ids[0]).connect().await.unwrap();
        let mut second = client(&server, ids[1]).connect().await.unwrap();
        assert_eq!(call_started(&mut first).await.as_str(), ids[1]);
        assert_eq!(call_started(&mut second).await.as_str(), ids[0]);
        first.close().await;
        assert_eq!(call_ended(&mut second).await.as_str(), ids[0]);
        second.close().await;
    }
}

#[tokio::test]
async fn a_channel_opens_on_both_sides_whichever_side_declares_it() {
    for declaring in ["a", "b"] {
        let server = Server::start().await;
        let declare = |id: &str| match id == declaring {
            true => client(&server, id).data_channel("chat"),
            false => client(&server, id),
        };
        let mut a = declare("a").connect().await.unwrap();
        let mut b = declare("b").connect().await.unwrap();
        let (of_a, of_b) = tokio::join!(opened(&mut a, "chat"), opened(&mut b, "chat"));
        of_a.send_text("from a").await.unwrap();
        of_b.send(b"from b").await.unwrap();
        assert_eq!(message(&mut b).await, Message::Text("from a".into()));
        assert_eq!(message(&mut a).await, Message::Binary("from b".into()));
    }
}

#[tokio::test]
async fn a_negotiated_channel_and_one_that_comes_later_open_too() {
    let server = Server::start().await;
    let negotiated = ChannelConfig {
        negotiated: true,
        ordered: false,
        ..Default::default()
    };
    let join = |id| client(&server, id).data_channel_with("both", negotiated.clone());
    let mut a = join("a").connect().await.unwrap();
    let mut b = join("b").connect().await.unwrap();
    tokio::join!(opened(&mut a, "both"), opened(&mut b, "both"));
    b.create_data_channel("later", ChannelConfig::default())
        .await
        .unwrap();
    tokio::join!(opened(&mut a, "later"), opened(&mut b, "later"));
}

#[tokio::test]
async fn three_clients_are_all_connected() {
    let server = Server::start().await;
    let mut peers = Vec::new();
    for id in ["a", "b", "c"] {
        peers.push(client(&server, id).connect().await.unwrap());
    }
    for peer in &mut peers {
        let mut others = [call_started(peer).await, call_started(peer).await];
        others.sort();
        assert!(
            !others.contains(peer.id()) && others[0] != others[1],
            "{others:?}"
        );
    }
}

#[tokio::test]
async fn ten_thousand_messages_keep_their_order_and_none_is_lost() {
    const COUNT: u32 = 10_000;
    let server = Server::start().await;
    let mut a = client(&server, "a")
        .data_channel("bulk")
        .connect()
        .await
        .unwrap();
    let mut b = client(&server, "b").connect().await.unwrap();
    let (of_a, of_b) = tokio::join!(opened(&mut a, "bulk"), opened(&mut b, "bulk"));
    let send = async |channel: Channel| {
        for number in 0..COUNT {
            let mut bytes = [0; 1024];
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            channel.send(&bytes).await.unwrap();
        }
    };
    let receive = async |mut peer: QuickConnect| {
        for number in 0..COUNT {
            match message(&mut peer).await {
                Message::Binary(bytes) => assert_eq!(bytes[..4], number.to_be_bytes()),
                text => panic!("{text:?}"),
            }
        }
        // Who hears last must not find the other gone.
        peer
    };
    let all = async { tokio::join!(send(of_a), send(of_b), receive(a), receive(b)) };
    tokio::time::timeout(Duration::from_secs(120), all)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_is_too_large_or_too_late_is_not_sent() {
    let server = Server::start().await;
    let mut a = client(&server, "a")
        .data_channel("chat")
        .connect()
        .await
        .unwrap();
    let b = client(&server, "b").connect().await.unwrap();
    let channel = opened(&mut a, "chat").await;
    let too_large = channel.send(&vec![0; quickconnect::MAX_MESSAGE + 1]).await;
    assert!(
        matches!(too_large, Err(SendError::TooLarge { .. })),
        "{too_large:?}"
    );
    b.close().await;
    call_ended(&mut a).await;
    let too_late = channel.send_text("hello?").await;
    assert!(
        matches!(too_late, Err(SendError::Closed { .. })),
        "{too_late:?}"
    );
}

#[tokio::test]
async fn a_call_that_was_ended_begins_anew_when_asked() {
    let server = Server::start().await;
    let mut a = client(&server, "a").connect().await.unwrap();
    let mut b = client(&server, "b").connect().await.unwrap();
    let id = call_started(&mut a).await;
    call_started(&mut b).await;
    a.end_call(&id).await.unwrap();
    assert_eq!(call_ended(&mut a).await, id);
    call_ended(&mut b).await;
    let id = a.id().clone();
    b.reconnect_to(&id).await.unwrap();
    tokio::join!(call_started(&mut a), call_started(&mut b));
}

#[tokio::test]
async fn a_call_outlives_the_server() {
    let server = Server::start().await;
    let mut a = client(&server, "a")
        .data_channel("chat")
        .connect()
        .await
        .unwrap();
    let mut b = client(&server, "b").connect().await.unwrap();
    let channel = opened(&mut a, "chat").await;
    opened(&mut b, "chat").await;
    server.stop().await;
    assert!(matches!(error(&mut a).await, Error::ServerAway { .. }));
    assert!(matches!(error(&mut b).await, Error::ServerAway { .. }));
    channel.send_text("still here").await.unwrap();
    assert_eq!(message(&mut b).await, Message::Text("still here".into()));
}

#[tokio::test]
async fn when_the_server_is_back_so_is_the_room_and_calls_that_went_on_are_not_made_again() {
    let server = Server::start().await;
    let address = server.address;
    let mut a = client(&server, "a")
        .data_channel("chat")
        .connect()
        .await
        .unwrap();
    let mut b = client(&server, "b").connect().await.unwrap();
    let (of_a, _) = tokio::join!(opened(&mut a, "chat"), opened(&mut b, "chat"));
    let mut leaving = client(&server, "c").connect().await.unwrap();
    tokio::join!(call_started(&mut leaving), call_started(&mut a));
    call_started(&mut b).await;

    server.stop().await;
    for peer in [&mut a, &mut b] {
        assert!(matches!(error(peer).await, Error::ServerAway { .. }));
    }
    leaving.close().await;
    for peer in [&mut a, &mut b] {
        assert_eq!(call_ended(peer).await.as_str(), "c");
    }

    let server = Server::start_at(address).await;
    // She is there before those who have to come back.
    let mut d = client(&server, "d").connect().await.unwrap();
    let mut met = [call_started(&mut d).await, call_started(&mut d).await];
    met.sort();
    assert_eq!(met.map(|id| id.to_string()), ["a", "b"]);
    for (peer, other) in [(&mut a, "b"), (&mut b, "a")] {
        let (mut is_called, mut is_back) = (false, false);
        while !(is_called && is_back) {
            match next(peer, "d, and the other", Some).await {
                Event::CallStarted(id) => is_called = id == *d.id(),
                Event::PeerUpdated(data) => is_back = data.id == other,
                event => assert!(!matches!(event, Event::CallEnded(_)), "{event:?}"),
            }
        }
    }
    of_a.send_text("the same call").await.unwrap();
    let answer = next(&mut b, "a message", |event| match event {
        Event::CallStarted(_) | Event::CallEnded(_) | Event::Message(..) => Some(event),
        _ => None,
    });
    assert!(matches!(answer.await, Event::Message(..)));
}

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
    assert!(matches!(before[..], [Some(Event::Connected)]), "{before:?}");
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
        let mut a = client(&server, "a")
            .data_channel("chat")
            .connect()
            .await
            .unwrap();
        let mut b = client(&server, "b").connect().await.unwrap();
        tokio::join!(opened(&mut a, "chat"), opened(&mut b, "chat"));
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
