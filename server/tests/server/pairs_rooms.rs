//! Who may enter the rooms of a pair: the sessions of its members, the companion whom one of them invited, and nobody else.

use quickconnect::QuickConnect;
use serde_json::json;
use server::config::{Admin, Limits, Settings};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::support::{Attendee, Peer, Server, http};

/// Two in one pair.
async fn pair(server: &Server) -> [Attendee; 2] {
    let mut a = Attendee::comes(server.address).await;
    let mut b = Attendee::comes(server.address).await;
    a.says(json!({"type": "open-pair"})).await;
    a.has_pair_of(1).await;
    b.says(json!({"type": "join", "pair": a.pair()})).await;
    a.has_pair_of(2).await;
    b.has_pair_of(2).await;
    [a, b]
}

/// A session at this path, which nobody has announced yet.
async fn session(server: &Server, path: &str, id: &str) -> Peer {
    let mut peer = Peer::connect_at(server, path, id).await.unwrap();
    peer.hears_greeting().await;
    peer
}

/// It is told that the room is another pair's, and is in no room.
async fn is_refused(peer: &mut Peer, room: &str) {
    peer.announce(room).await;
    let words = peer.hears_error("not-your-pair").await;
    assert!(words.contains("only its members"), "{words}");
}

#[tokio::test]
async fn members_enter_and_a_third_does_not_with_or_without_a_ticket() {
    let server = Server::of_workshop(Limits::default()).await;
    let [a, b] = pair(&server).await;
    let room = format!("{}/quickconnect-intro", a.pair());
    let mut first = session(&server, &a.path(), "a").await;
    first.announce(&room).await;
    first.hears_room_info(1).await;
    let mut second = session(&server, &b.path(), "b").await;
    second.announce(&room).await;
    second.hears_room_info(2).await;
    first.hears(&second.announcement(&room)).await;

    let third = Attendee::comes(server.address).await;
    let [other, _] = pair(&server).await;
    let mut forged = a.path();
    forged.pop();
    for path in [
        "/",
        "/?ticket=",
        &third.path(),
        &other.path(),
        &forged,
        "/primus",
    ] {
        let mut stranger = session(&server, path, "c").await;
        is_refused(&mut stranger, &room).await;
        // Who is in another room stays there.
        stranger.announce("elsewhere").await;
        stranger.hears_room_info(1).await;
        is_refused(&mut stranger, &room).await;
        stranger.hears_nothing().await;
        stranger.closes().await;
    }
    first.hears_nothing().await;
}

#[tokio::test]
async fn members_are_told_each_others_names_by_the_ids_of_their_sessions() {
    let server = Server::of_workshop(Limits::default()).await;
    let [mut a, mut b] = pair(&server).await;
    let mut third = Attendee::comes(server.address).await;
    let name = |one: &Attendee| one.you()["name"].clone();
    let room = format!("{}/x", a.pair());
    let mut first = session(&server, &a.path(), "id-a").await;
    first.announce(&room).await;
    first.hears_room_info(1).await;
    assert_eq!(b.hears("peers").await["names"], json!({"id-a": name(&a)}));
    let mut second = session(&server, &b.path(), "id-b").await;
    second.announce(&room).await;
    second.hears_room_info(2).await;
    let both = json!({"id-a": name(&a), "id-b": name(&b)});
    assert_eq!(b.hears("peers").await["names"], both);
    // Of a page only the latest names wait.
    while a.hears("peers").await["names"] != both {}
    a.says(json!({"type": "name", "name": "Anna"})).await;
    let renamed = json!({"id-a": "Anna", "id-b": name(&b)});
    assert_eq!(b.hears("peers").await["names"], renamed);
    // In a room of everybody, nobody is named.
    second.announce("everybodys").await;
    second.hears_room_info(1).await;
    assert_eq!(b.hears("peers").await["names"], json!({"id-a": "Anna"}));
    first.closes().await;
    assert_eq!(b.hears("peers").await["names"], json!({}));
    // Others would have been told before.
    third.says(json!({"type": "hand", "raised": true})).await;
    third.is(|you| you["hand"] == true).await;
    assert!(!third.has_heard("peers"));
}

#[tokio::test]
async fn a_room_that_only_looks_like_that_of_a_pair_is_everybodys() {
    let server = Server::of_workshop(Limits::default()).await;
    let [a, _] = pair(&server).await;
    let pair = a.pair();
    for room in [
        pair.clone(),
        format!("{pair}s/x"),
        format!(" {pair}/x"),
        format!("x/{pair}/x"),
        pair.to_uppercase() + "/x",
        "quickconnect-intro".to_owned(),
    ] {
        let mut peer = session(&server, "/", "c").await;
        peer.announce(&room).await;
        peer.hears_room_info(1).await;
        peer.closes().await;
    }
    // Before a pair comes back, nobody is in its rooms.
    let mut peer = session(&server, "/", "c").await;
    is_refused(&mut peer, "amber-otter/x").await;
}

#[tokio::test]
async fn who_leaves_a_pair_is_taken_out_of_its_rooms_and_does_not_come_back() {
    let server = Server::of_workshop(Limits::default()).await;
    let [a, mut b] = pair(&server).await;
    let room = format!("{}/x", a.pair());
    let [mut stays, mut leaves] = [
        session(&server, &a.path(), "a").await,
        session(&server, &b.path(), "b").await,
    ];
    stays.announce(&room).await;
    stays.hears_room_info(1).await;
    leaves.announce(&room).await;
    leaves.hears_room_info(2).await;
    stays.hears(&leaves.announcement(&room)).await;
    let former = b.path();
    b.says(json!({"type": "leave"})).await;
    assert_eq!(leaves.is_closed().await, CloseCode::Policy);
    stays.hears(&leaves.leave()).await;
    b.is(|you| you["pair"].is_null()).await;
    let mut again = session(&server, &former, "b").await;
    is_refused(&mut again, &room).await;
}

#[tokio::test]
async fn after_a_restart_a_demo_may_be_there_before_its_page_and_a_third_may_not() {
    let folder = tempfile::tempdir().unwrap();
    let settings = || Settings {
        admin: Admin {
            state_dir: Some(folder.path().to_owned()),
            ..Admin::default()
        },
        ..Settings::default()
    };
    let server = Server::of_workshop(settings()).await;
    let third = Attendee::comes(server.address).await;
    let [a, b] = pair(&server).await;
    let (address, room) = (server.address, format!("{}/x", a.pair()));
    server.stop().await;
    let server = Server::of_workshop_at(address, settings()).await;
    for path in ["/", &third.path()] {
        let mut stranger = session(&server, path, "c").await;
        is_refused(&mut stranger, &room).await;
    }
    let mut demo = session(&server, &a.path(), "a").await;
    demo.announce(&room).await;
    demo.hears_room_info(1).await;
    let mut back = Attendee::comes_with(server.address, b.ticket()).await;
    back.has_pair_of(2).await;
    assert_eq!(back.you()["pair"]["members"][0]["here"], false);
}

#[tokio::test]
async fn a_member_invites_the_companion_and_nobody_else_does() {
    let server = Server::of_workshop(Limits::default()).await;
    let [a, _] = pair(&server).await;
    let third = Attendee::comes(server.address).await;
    let room = format!("{}/x", a.pair());
    let mut member = session(&server, &a.path(), "a").await;
    member.announce(&room).await;
    member.hears_room_info(1).await;
    let invite = async |path: &str, room: &str| {
        let path = format!("/companion{}", path.trim_start_matches('/'));
        http::post(&server, &path, &[], room).await
    };
    for path in ["/", &third.path()] {
        let refused = invite(path, &room).await;
        assert_eq!(refused.status, 403);
        assert!(
            refused.text().contains("only its members"),
            "{}",
            refused.text()
        );
    }
    member.hears_nothing().await;
    assert_eq!(invite(&a.path(), &room).await.status, 204);
    let announced = member.next_text().await;
    assert!(announced.contains(r#""companion":true"#), "{announced}");
    // Into rooms of everybody, anybody invites it.
    assert_eq!(invite("/", "everybodys").await.status, 204);
}

#[tokio::test]
async fn a_rust_client_enters_with_the_ticket_in_its_address() {
    let server = Server::of_workshop(Limits::default()).await;
    let [a, _] = pair(&server).await;
    let room = format!("{}/x", a.pair());
    let mut page = session(&server, &a.path(), "a").await;
    page.announce(&room).await;
    page.hears_room_info(1).await;
    let url = format!("http://{}{}", server.address, a.path());
    let client = QuickConnect::builder(url).room(room.as_str());
    let client = client.connect().await.unwrap();
    assert!(page.next_text().await.starts_with("/announce|"));
    client.close().await;
}
