//! Until when sessions last that began with an access token, or with a key that was made by one.

use std::time::{Duration, SystemTime};

use serde_json::Value;
use server::access_token::claims::Claims;
use server::access_token::key_set::new_file;

use super::SDP;
use super::peer::{Peer, offer};
use crate::access_tokens::Issuer;
use crate::support::{Server, http};

const ROOM: &str = "demo-1";

fn bearer(issuer: &Issuer, change: impl FnOnce(&mut Claims)) -> String {
    let token = issuer.token(|claims| {
        claims.may_invite = true;
        change(claims);
    });
    format!("Bearer {token}")
}

/// A key for the room, made by a token; and for how many seconds it is good.
async fn key(server: &Server, token: &str) -> (String, u64) {
    let headers = [("authorization", token)];
    let answer = http::post(server, &format!("/sfu/{ROOM}/key"), &headers, "").await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let body: Value = serde_json::from_str(answer.text()).unwrap();
    let key = format!("Bearer {}", body["key"].as_str().unwrap());
    (key, body["lifetimeSeconds"].as_u64().unwrap())
}

#[tokio::test]
async fn a_session_ends_with_the_token_that_let_it_in_or_that_its_key_was_made_by() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let long = bearer(&issuer, |_| {});
    let mut publisher = Peer::publishes_as(&server, ROOM, &[("authorization", &long)]).await;
    publisher.sees("a connection", |it| it.is_connected).await;
    let whom = format!("{ROOM}/{}", publisher.id());
    // Times of tokens are whole seconds. On a busy machine, both need some to see pictures.
    let end = SystemTime::now() + Duration::from_secs(6);
    let short = bearer(&issuer, |claims| claims.until = end);
    let (key, seconds) = key(&server, &short).await;
    assert!(seconds <= 6, "a key of {seconds} s outlives the token");
    let [by_token, by_key] =
        [&short, &key].map(|authorization| ("authorization", &**authorization));
    let mut watchers = [
        Peer::watches_as(&server, &whom, &[by_token]).await,
        Peer::watches_as(&server, &whom, &[by_key]).await,
    ];
    for watcher in &mut watchers {
        watcher.sees("pictures", |it| !it.got.is_empty()).await;
    }
    for watcher in &mut watchers {
        watcher.sees("the end", |it| it.is_over).await;
    }
    assert!(!publisher.now().is_over);
    let offer = offer(&server).await;
    let again = http::post(&server, &format!("/whip/{ROOM}"), &[SDP, by_key], &offer).await;
    assert_eq!(again.status, 401, "{}", again.text());
}

#[tokio::test]
async fn sessions_end_when_the_key_is_taken_out_that_signed_the_token() {
    sessions_end_when_the_file_has_only("second").await;
}

#[tokio::test]
async fn sessions_end_when_another_key_of_the_same_name_takes_its_place() {
    sessions_end_when_the_file_has_only("first").await;
}

async fn sessions_end_when_the_file_has_only(name: &str) {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let token = bearer(&issuer, |_| {});
    let (key, _) = key(&server, &token).await;
    let mut peers = Vec::new();
    for authorization in [&token, &key] {
        let headers = [("authorization", authorization.as_str())];
        let mut peer = Peer::publishes_as(&server, ROOM, &headers).await;
        peer.sees("a connection", |it| it.is_connected).await;
        peers.push(peer);
    }
    issuer.writes(&new_file(name).unwrap());
    for peer in &mut peers {
        peer.sees("the end", |it| it.is_over).await;
    }
    let headers = [SDP, ("authorization", &*key)];
    let offer = offer(&server).await;
    let again = http::post(&server, &format!("/whip/{ROOM}"), &headers, &offer).await;
    assert_eq!(again.status, 401, "{}", again.text());
}
