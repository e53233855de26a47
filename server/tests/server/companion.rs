//! The companion: whom it keeps company, when it leaves, and what it can't be made to do.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use quickconnect::protocol::peer::{ChannelConfig, PeerData};
use quickconnect::{Builder, Event, Message, QuickConnect};
use server::config::{Access, Limits, Settings};
use tokio::net::UdpSocket;
use tokio::time::timeout;

use crate::support::{Peer, Server, http, soon};

/// An offer as the `webrtc` crate makes it; nothing in it is checked before a connection exists.
const OFFER: &str = include_str!("../../../code/connecting/createoffer.txt");
/// So long nothing is sent to an address before it counts as never. A client that does dial takes a tenth of it.
const NEVER: Duration = Duration::from_millis(500);

async fn invite(server: &Server, room: &str) -> u16 {
    http::post(server, "/companion", &[], room).await.status
}

fn reader(server: &Server) -> Builder {
    QuickConnect::builder(format!("http://{}", server.address)).room("r")
}

async fn next<T>(peer: &mut QuickConnect, what: &str, pick: impl Fn(Event) -> Option<T>) -> T {
    let picked = async {
        loop {
            let event = peer.next().await.expect("the client goes on");
            if let Some(picked) = pick(event) {
                return picked;
            }
        }
    };
    soon(what, picked).await
}

async fn call_started(peer: &mut QuickConnect) {
    let started = |event| matches!(event, Event::CallStarted(_)).then_some(());
    next(peer, "call:started", started).await;
}

async fn announced(peer: &mut QuickConnect) -> PeerData {
    next(peer, "peer:announce", |event| match event {
        Event::PeerAnnounced(data) => Some(data),
        _ => None,
    })
    .await
}

/// Waits until a companion is to be had again.
async fn is_free(server: &Server) {
    let free = async {
        while invite(server, "elsewhere").await != 204 {
            tokio::task::yield_now().await;
        }
    };
    soon("a companion", free).await;
}

fn one_companion() -> Limits {
    Limits {
        max_companions: 1,
        ..Limits::default()
    }
}

#[tokio::test]
async fn a_reader_who_is_alone_is_connected_and_gets_echoes_and_pongs() {
    let server = Server::start().await;
    let mut reader = reader(&server)
        .data_channel("chat")
        .connect()
        .await
        .unwrap();
    assert_eq!(invite(&server, "r").await, 204);
    assert_eq!(announced(&mut reader).await.profile["companion"], true);
    call_started(&mut reader).await;
    let channel = next(&mut reader, "a channel", |event| match event {
        Event::ChannelOpened(channel) => Some(channel),
        _ => None,
    });
    let channel = channel.await;
    channel.send_text("hello").await.unwrap();
    channel.send_text("ping").await.unwrap();
    channel.send(&[1, 2, 3]).await.unwrap();
    for expected in [
        Message::Text("hello".into()),
        Message::Text("pong".into()),
        Message::Binary(vec![1, 2, 3].into()),
    ] {
        let heard = next(&mut reader, "an echo", |event| match event {
            Event::Message(_, message) => Some(message),
            _ => None,
        });
        assert_eq!(heard.await, expected);
    }
}

#[tokio::test]
async fn it_leaves_with_the_last_peer_and_is_free_for_another_room() {
    let server = Server::with_limits(one_companion()).await;
    let mut first = reader(&server).connect().await.unwrap();
    let mut second = reader(&server).connect().await.unwrap();
    assert_eq!(invite(&server, "r").await, 204);
    call_started(&mut first).await;
    call_started(&mut first).await;
    first.close().await;
    let left = |event| matches!(event, Event::PeerLeft(_)).then_some(());
    next(&mut second, "the first peer's end", left).await;
    assert_eq!(invite(&server, "elsewhere").await, 503);
    second.close().await;
    is_free(&server).await;
}

#[tokio::test]
async fn it_leaves_when_its_time_is_up_and_is_free_for_another_room() {
    let limits = Limits {
        companion_lifetime: Duration::from_secs(1),
        ..one_companion()
    };
    let server = Server::with_limits(limits).await;
    let mut reader = reader(&server).connect().await.unwrap();
    assert_eq!(invite(&server, "r").await, 204);
    call_started(&mut reader).await;
    let ended = |event| matches!(event, Event::CallEnded(_)).then_some(());
    next(&mut reader, "call:ended", ended).await;
    is_free(&server).await;
}

#[tokio::test]
async fn it_comes_once_however_often_it_is_invited() {
    let server = Server::start().await;
    let mut watcher = Peer::join(&server, "watcher", "r", 1).await;
    let invitations = [(); 5].map(|()| invite(&server, "r"));
    for status in futures_util::future::join_all(invitations).await {
        assert_eq!(status, 204);
    }
    assert!(watcher.next_text().await.contains(r#""companion":true"#));
    Peer::join(&server, "other", "r", 3).await;
}

#[tokio::test]
async fn one_client_can_not_have_all_of_them_behind_a_proxy_either() {
    let settings = Settings {
        limits: Limits {
            max_companions_per_address: 1,
            ..Limits::default()
        },
        access: Access {
            trusted_proxy: vec!["127.0.0.1".parse().unwrap()],
            ..Access::default()
        },
        ..Settings::default()
    };
    let server = Server::with_settings(settings).await;
    let by = async |client, room| {
        let headers = [("x-forwarded-for", client)];
        http::post(&server, "/companion", &headers, room).await
    };
    assert_eq!(by("192.0.2.1", "one").await.status, 204);
    let refused = by("192.0.2.1", "two").await;
    assert_eq!(refused.status, 429);
    let text = refused.text();
    assert!(text.contains("--max-companions-per-address"), "{text}");
    assert_eq!(by("192.0.2.2", "two").await.status, 204);
    // What stands before the last address is the client's own invention.
    assert_eq!(by("192.0.2.3, 192.0.2.1", "three").await.status, 429);
}

#[tokio::test]
async fn who_invites_it_again_and_again_is_refused() {
    let limits = Limits {
        max_invitation_burst: 1,
        ..Limits::default()
    };
    let server = Server::with_limits(limits).await;
    assert_eq!(invite(&server, "one").await, 204);
    // It is there already.
    assert_eq!(invite(&server, "one").await, 204);
    assert_eq!(invite(&server, "two").await, 429);
}

#[tokio::test]
async fn it_calls_no_more_peers_and_keeps_no_more_channels_than_its_limits_say() {
    let limits = Limits {
        max_companion_calls: 1,
        max_companion_channels: 2,
        ..Limits::default()
    };
    let server = Server::with_limits(limits).await;
    let labels = ["one", "two", "three"];
    let with_channels = |id: &str| {
        let builder = reader(&server).id(id);
        labels
            .into_iter()
            .fold(builder, |builder, label| builder.data_channel(label))
    };
    let mut first = with_channels("a").connect().await.unwrap();
    assert_eq!(invite(&server, "r").await, 204);
    call_started(&mut first).await;
    let closed = |event| matches!(event, Event::ChannelClosed(_)).then_some(());
    next(&mut first, "a channel too many", closed).await;
    // Others call her, and each other, but not the companion.
    let mut second = reader(&server).id("b").connect().await.unwrap();
    let met = next(&mut second, "call:started", |event| match event {
        Event::CallStarted(id) => Some(id),
        _ => None,
    });
    assert_eq!(met.await.as_str(), "a");
    let other = timeout(NEVER, async {
        while !matches!(second.next().await, Some(Event::CallStarted(_))) {}
    });
    assert!(other.await.is_err(), "the companion calls two");
}

#[tokio::test]
async fn who_makes_channels_without_end_loses_the_call() {
    let limits = Limits {
        max_companion_channels: 2,
        ..Limits::default()
    };
    let server = Server::with_limits(limits).await;
    let mut reader = reader(&server).id("a").connect().await.unwrap();
    assert_eq!(invite(&server, "r").await, 204);
    call_started(&mut reader).await;
    for number in 0..33 {
        let label = format!("channel-{number}");
        let made = reader.create_data_channel(&label, ChannelConfig::default());
        made.await.unwrap();
    }
    let ended = |event| matches!(event, Event::CallEnded(_)).then_some(());
    next(&mut reader, "call:ended", ended).await;
}

#[tokio::test]
async fn only_pages_of_the_server_may_invite_it() {
    let server = Server::start().await;
    let from = async |origin| {
        let headers = [("origin", origin)];
        http::post(&server, "/companion", &headers, "r")
            .await
            .status
    };
    // The tests' requests are for the host `localhost`.
    assert_eq!(from("http://localhost").await, 204);
    for stranger in [
        "null",
        "http://elsewhere",
        "http://localhost:81",
        "file://localhost",
    ] {
        assert_eq!(from(stranger).await, 403, "{stranger}");
    }
    assert_eq!(http::get(&server, "/companion").await.status, 405);
}

#[tokio::test]
async fn a_room_without_a_name_and_a_server_without_a_companion_say_so() {
    let server = Server::start().await;
    assert_eq!(invite(&server, "").await, 400);
    assert_eq!(invite(&server, &"r".repeat(10_000)).await, 413);
    let limits = Limits {
        no_companion: true,
        ..Limits::default()
    };
    let server = Server::with_limits(limits).await;
    assert_eq!(invite(&server, "r").await, 404);
}

#[tokio::test]
async fn a_server_with_a_companion_in_a_room_stops_as_soon_as_any_other() {
    let server = Server::start().await;
    let mut reader = reader(&server).reconnect(false).connect().await.unwrap();
    assert_eq!(invite(&server, "r").await, 204);
    call_started(&mut reader).await;
    let took = server.stop().await;
    assert!(took < Duration::from_secs(2), "{took:?}");
}

/// Calls whoever is in the room as a peer that says it may be reached at `target`, and waits for its answer.
async fn point_at(target: SocketAddr, callee: &str, liar: &mut Peer) {
    let candidate = format!(
        "candidate:1 1 udp 2130706431 127.0.0.1 {} typ host",
        target.port()
    );
    let sdp = OFFER
        .trim_start_matches("offer: ")
        .lines()
        .take_while(|line| !line.is_empty());
    let sdp: String = sdp.flat_map(|line| [line, "\r\n"]).collect();
    let sdp = format!("{sdp}a={candidate}\r\n");
    let offer = serde_json::json!({ "type": "offer", "sdp": sdp });
    let candidate =
        serde_json::json!({ "candidate": candidate, "sdpMid": "0", "sdpMLineIndex": 0 });
    liar.says(&format!(
        "/to|{callee}|/announce|a|{{\"id\":\"a\",\"room\":\"r\"}}"
    ))
    .await;
    liar.says(&format!("/to|{callee}|/sdp|a|{offer}")).await;
    liar.says(&format!("/to|{callee}|/candidate|a|{candidate}"))
        .await;
    // Frames are handled in order: whoever answers the second offer has seen the candidate.
    liar.says(&format!("/to|{callee}|/sdp|a|{offer}")).await;
    let mut answers = 0;
    while answers < 2 {
        if liar.next_text().await.contains("\"answer\"") {
            answers += 1;
        }
    }
}

#[tokio::test]
async fn it_sends_nothing_to_an_address_that_a_peer_names() {
    let server = Server::start().await;
    let target = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = target.local_addr().unwrap();
    let mut bytes = [0; 2048];

    // A client that dials does send something there, so that this test can fail.
    let dialing = reader(&server).id("b").connect().await.unwrap();
    let mut liar = Peer::join(&server, "a", "r", 2).await;
    point_at(address, "b", &mut liar).await;
    soon("a check", target.recv_from(&mut bytes)).await.unwrap();
    dialing.close().await;
    liar.closes().await;
    while timeout(NEVER, target.recv_from(&mut bytes)).await.is_ok() {}

    let mut liar = Peer::join(&server, "a", "r", 1).await;
    assert_eq!(invite(&server, "r").await, 204);
    let announce = liar.next_text().await;
    let companion = announce.split('|').nth(1).unwrap().to_owned();
    point_at(address, &companion, &mut liar).await;
    let heard = timeout(NEVER, target.recv_from(&mut bytes)).await;
    assert!(heard.is_err(), "{heard:?}");
}
