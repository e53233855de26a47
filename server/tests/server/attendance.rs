//! Who takes part in a workshop: over real sockets, what pages say and are told.

use std::time::Duration;

use serde_json::json;
use server::config::{Access, Admin, Limits, Settings};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

#[cfg(target_os = "linux")]
use crate::support::{Attendee, Server, http};
#[cfg(target_os = "linux")]
use crate::support::{Checkout, PROGRAM, Running, guidebook};

/// A page of this origin gets its WebSocket, or this status.
async fn status(server: &Server, origin: &str, query: &str) -> u16 {
    match Attendee::connect(server.address, origin, query).await {
        Ok(_) => 101,
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
    }
}

/// A workshop that keeps its key in this folder.
fn keeping_in(folder: &tempfile::TempDir) -> Settings {
    Settings {
        admin: Admin {
            state_dir: Some(folder.path().to_owned()),
            ..Admin::default()
        },
        ..Settings::default()
    }
}

#[tokio::test]
async fn without_a_workshop_nobody_attends() {
    let server = Server::start().await;
    assert_eq!(status(&server, "", "").await, 404);
    let answer = http::get(&server, "/workshop/attend").await;
    assert_eq!(answer.status, 404);
    assert!(
        answer.text().contains("Only a workshop"),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn pages_may_attend_and_other_sites_and_frames_may_not_whatever_they_prove() {
    let settings = Settings {
        access: Access {
            allow_origin: vec!["https://friend.example".parse().unwrap()],
            ..Access::default()
        },
        ..Settings::default()
    };
    let server = Server::of_workshop(settings).await;
    let own = format!("http://{}", server.address);
    assert_eq!(status(&server, &own, "").await, 101);
    for other in ["", "https://stranger.example", "https://friend.example"] {
        assert_eq!(status(&server, other, "").await, 403, "{other}");
    }
    let proof = format!("?{}", server.proof());
    assert_eq!(status(&server, "null", &proof).await, 403);
    assert_eq!(
        status(&server, "https://stranger.example", &proof).await,
        403
    );
    let host = server.address.to_string();
    let headers = [("host", &*host), ("origin", &*own)];
    let plain = http::get_with(&server, "/workshop/attend", &headers).await;
    assert_eq!(plain.status, 426);
}

#[tokio::test]
async fn a_page_is_told_how_often_it_hears_that_the_server_is_there_and_hears_it_so_often() {
    let server = Server::of_workshop(Limits {
        ping_period: Duration::from_millis(50),
        ..Limits::default()
    })
    .await;
    let mut page = Attendee::page(server.address).await;
    page.says(json!({"type": "hello", "ticket": null, "name": null, "shares": true}))
        .await;
    for _ in 0..3 {
        assert_eq!(page.hears("ping").await["every"], 50);
    }
}

#[tokio::test]
async fn two_who_want_to_be_paired_with_someone_are_paired() {
    let server = Server::of_workshop(Limits::default()).await;
    let mut a = Attendee::comes(server.address).await;
    let mut b = Attendee::comes(server.address).await;
    let names = [&a, &b].map(|one| one.you()["name"].as_str().unwrap().to_owned());
    assert_ne!(names[0], names[1]);
    a.says(json!({"type": "pair-me", "wants": true})).await;
    a.is(|you| you["waiting"] == true).await;
    b.says(json!({"type": "pair-me", "wants": true})).await;
    for one in [&mut a, &mut b] {
        one.has_pair_of(2).await;
        assert_eq!(one.you()["waiting"], false);
        let members = &one.you()["pair"]["members"];
        assert_eq!(members[0]["name"], *names[0]);
        assert_eq!(members[1]["name"], *names[1]);
        assert_eq!(members[1]["here"], true);
    }
    assert_eq!(a.pair(), b.pair());
}

#[tokio::test]
async fn a_neighbour_joins_by_two_words_and_a_third_is_refused() {
    let server = Server::of_workshop(Limits::default()).await;
    let mut a = Attendee::comes(server.address).await;
    a.says(json!({"type": "open-pair"})).await;
    a.has_pair_of(1).await;
    let join = |pair: &str| json!({"type": "join", "pair": pair});
    let mut b = Attendee::comes(server.address).await;
    b.says(join(&a.pair().replace('-', " ").to_uppercase()))
        .await;
    b.has_pair_of(2).await;
    a.has_pair_of(2).await;
    let mut c = Attendee::comes(server.address).await;
    c.says(join(&a.pair())).await;
    assert_eq!(c.is_refused().await, "pair-full");
    c.says(join("amber-nothing")).await;
    assert_eq!(c.is_refused().await, "no-such-pair");
    b.says(json!({"type": "leave"})).await;
    a.has_pair_of(1).await;
    c.says(join(&a.pair())).await;
    c.has_pair_of(2).await;
}

#[tokio::test]
async fn all_pages_of_a_browser_are_one_attendee_who_is_here_until_the_last_is_closed() {
    let server = Server::of_workshop(Limits::default()).await;
    let mut a = Attendee::comes(server.address).await;
    let mut second = Attendee::comes_with(server.address, a.ticket()).await;
    assert_eq!(a.you()["id"], second.you()["id"]);
    a.says(json!({"type": "open-pair"})).await;
    second.has_pair_of(1).await;
    let mut b = Attendee::comes(server.address).await;
    b.says(json!({"type": "join", "pair": second.pair()})).await;
    b.has_pair_of(2).await;
    drop(a);
    second.says(json!({"type": "name", "name": "Ada"})).await;
    b.is(|you| you["pair"]["members"][0]["name"] == "Ada").await;
    assert_eq!(b.you()["pair"]["members"][0]["here"], true);
    drop(second);
    b.is(|you| you["pair"]["members"][0]["here"] == false).await;
}

#[tokio::test]
async fn after_a_restart_of_the_server_everybody_comes_back_into_their_pair() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of_workshop(keeping_in(&folder)).await;
    let address = server.address;
    let mut a = Attendee::comes(server.address).await;
    let mut b = Attendee::comes(server.address).await;
    for one in [&mut a, &mut b] {
        one.says(json!({"type": "pair-me", "wants": true})).await;
    }
    a.has_pair_of(2).await;
    b.has_pair_of(2).await;
    let pair = a.pair();
    server.stop().await;
    let (code, _) = a.is_closed().await;
    assert_eq!(code, CloseCode::Away);

    let server = Server::of_workshop_at(address, keeping_in(&folder)).await;
    let mut back = Attendee::comes_with(server.address, b.ticket()).await;
    assert_eq!(back.you()["name"], b.you()["name"]);
    assert_eq!(back.pair(), pair);
    let again = Attendee::comes_with(server.address, a.ticket()).await;
    back.has_pair_of(2).await;
    assert_eq!(again.pair(), pair);
    assert_eq!(again.you()["id"], a.you()["id"]);
    server.stop().await;

    // Without the key a ticket is nothing, and no error.
    let server = Server::of_workshop_at(address, Limits::default()).await;
    let stranger = Attendee::comes_with(server.address, a.ticket()).await;
    assert!(stranger.you()["pair"].is_null());
    assert_ne!(stranger.you()["id"], a.you()["id"]);
}

#[tokio::test]
async fn forged_tickets_make_somebody_new() {
    let server = Server::of_workshop(Limits::default()).await;
    let a = Attendee::comes(server.address).await;
    let ticket = a.ticket().as_str().unwrap().to_owned();
    let (payload, tag) = ticket.split_once('.').unwrap();
    for forged in [
        String::new(),
        payload.to_owned(),
        format!("{payload}.{}", tag.chars().rev().collect::<String>()),
        format!("{}.{tag}", payload.to_lowercase()),
    ] {
        let other = Attendee::comes_with(server.address, json!(forged)).await;
        assert_ne!(other.you()["id"], a.you()["id"], "{forged}");
    }
}

#[tokio::test]
async fn messages_that_are_none_are_refused_and_nothing_else_happens() {
    let server = Server::of_workshop(Limits::default()).await;
    let mut a = Attendee::comes(server.address).await;
    for bad in [
        Message::text("nonsense"),
        Message::text(r#"{"type":"pair-everyone","size":2}"#),
        Message::text(r#"{"type":"hello","ticket":null,"name":null,"shares":true}"#),
        Message::text(r#"{"type":"join"}"#),
        Message::binary(b"bytes".to_vec()),
    ] {
        a.sends(bad).await;
        assert_eq!(a.is_refused().await, "bad-message");
    }
    a.says(json!({"type": "name", "name": "x".repeat(25)}))
        .await;
    assert_eq!(a.is_refused().await, "bad-name");
    a.says(json!({"type": "hand", "raised": true})).await;
    a.is(|you| you["hand"] == true).await;
}

#[tokio::test]
async fn who_sends_too_much_or_something_too_large_is_closed() {
    let server = Server::of_workshop(Limits::default()).await;
    let mut quick = Attendee::comes(server.address).await;
    for number in 0..40 {
        quick
            .says_or_ends(json!({"type": "hand", "raised": number % 2 == 0}))
            .await;
    }
    let (code, reason) = quick.is_closed().await;
    assert_eq!(code, CloseCode::Policy);
    assert!(reason.contains("10 in a second"), "{reason}");
    let mut large = Attendee::comes(server.address).await;
    large
        .says_or_ends(json!({"type": "name", "name": "x".repeat(5000)}))
        .await;
    let (code, reason) = large.is_closed().await;
    assert_eq!(code, CloseCode::Size, "{reason}");
    // Others are not bothered.
    Attendee::comes(server.address).await;
}

#[tokio::test]
async fn a_page_has_to_say_hello_first() {
    let server = Server::of_workshop(Limits::default()).await;
    let mut page = Attendee::page(server.address).await;
    page.says(json!({"type": "shares", "shares": true})).await;
    let (code, reason) = page.is_closed().await;
    assert_eq!(
        (code, &*reason),
        (CloseCode::Policy, "The first message must be a hello.")
    );
}

#[tokio::test]
async fn a_full_workshop_says_so_and_closes() {
    let server = Server::of_workshop(Limits {
        max_attendees: 1,
        ..Limits::default()
    })
    .await;
    let a = Attendee::comes(server.address).await;
    let mut late = Attendee::page(server.address).await;
    late.says(json!({"type": "hello", "ticket": null, "name": null, "shares": true}))
        .await;
    assert_eq!(late.is_refused().await, "workshop-full");
    assert_eq!(late.is_closed().await.0, CloseCode::Again);
    // Another page of whoever is there has a place.
    Attendee::comes_with(server.address, a.ticket()).await;
}

#[tokio::test]
async fn one_address_does_not_fill_a_workshop_that_has_places() {
    let server = Server::of_workshop(Limits {
        max_attendees_per_address: Some(1),
        ..Limits::default()
    })
    .await;
    let _first = Attendee::comes(server.address).await;
    let mut second = Attendee::page(server.address).await;
    second
        .says(json!({"type": "hello", "ticket": null, "name": null, "shares": true}))
        .await;
    let refused = second.hears("refused").await;
    assert_eq!(refused["code"], "workshop-full");
    let words = refused["words"].as_str().unwrap();
    assert!(words.contains("--max-attendees-per-address"), "{words}");
}

#[tokio::test]
async fn a_page_that_answers_no_pings_is_away() {
    let server = Server::of_workshop(Limits {
        ping_period: Duration::from_secs(1),
        ..Limits::default()
    })
    .await;
    let mut a = Attendee::comes(server.address).await;
    let mut b = Attendee::comes(server.address).await;
    for one in [&mut a, &mut b] {
        one.says(json!({"type": "pair-me", "wants": true})).await;
    }
    b.has_pair_of(2).await;
    // Only a client that is polled answers.
    b.is(|you| you["pair"]["members"][0]["here"] == false).await;
    drop(a);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_attendee_takes_at_most_60_kib() {
    const WARM_UP: usize = 20;
    const ATTENDEES: usize = 200;
    const KIB_EACH: u64 = 60;

    // A small book, which is soon compressed.
    let checkout = Checkout::new();
    let mut command = guidebook(PROGRAM);
    command.arg("workshop").arg("--book").arg(checkout.path());
    let running = Running::start(&mut command);
    let solved: Vec<_> = (0..50)
        .map(|number| "x".repeat(50) + &number.to_string())
        .collect();
    let come = async |count: usize| {
        let mut all = Vec::new();
        for _ in 0..count {
            let mut one = Attendee::comes(running.address()).await;
            one.says(json!({"type": "seen", "page": "index.html", "title": "x".repeat(100), "error": "x".repeat(300), "solved": solved}))
                .await;
            one.says(json!({"type": "pair-me", "wants": true})).await;
            all.push(one);
        }
        for one in &mut all {
            one.has_pair_of(2).await;
        }
        all
    };
    let _first = come(WARM_UP).await;
    let before = running.resident_kib();
    let _others = come(ATTENDEES).await;
    let each = (running.resident_kib().saturating_sub(before)) / ATTENDEES as u64;
    assert!(each <= KIB_EACH, "{each} KiB each");
}
