//! Two and three clients are connected, and every way a call ends and begins again.

use quickconnect::{Error, Event, Message};

use super::{call_ended, call_started, client, error, message, next, pair};
use crate::support::Server;

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
    let [(mut a, channel), (mut b, _)] = pair(&server, "chat").await;
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
    let [(mut a, of_a), (mut b, _)] = pair(&server, "chat").await;
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
