//! Who may publish and watch, and what is answered.

use std::time::Duration;

use serde_json::Value;
use server::config::Limits;

use super::peer::{Peer, offer, offer_to};
use super::{OWN_PAGE, SDP, delete, location, look, send};
use crate::support::{Server, http};

const STRANGER: (&str, &str) = ("origin", "https://stranger.example");

async fn key(server: &Server, room: &str) -> String {
    key_for(server, room, 600).await
}

async fn key_for(server: &Server, room: &str, seconds: u64) -> String {
    let answer = http::post(server, &format!("/sfu/{room}/key"), &[OWN_PAGE], "").await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let body: Value = serde_json::from_str(answer.text()).unwrap();
    assert_eq!(body["lifetimeSeconds"], seconds);
    format!("Bearer {}", body["key"].as_str().unwrap())
}

#[tokio::test]
async fn own_pages_and_frames_may_and_strangers_may_not() {
    let server = Server::start().await;
    let offer = offer(&server).await;
    let frame = format!("/whip/lobby?{}", server.proof());
    for (path, headers, status) in [
        ("/whip/lobby", &[SDP, OWN_PAGE][..], 201),
        (&*frame, &[SDP, ("origin", "null")], 201),
        ("/whip/lobby", &[SDP, ("origin", "null")], 403),
        ("/whip/lobby", &[SDP, STRANGER], 403),
        ("/whip/lobby", &[SDP], 401),
    ] {
        let answer = http::post(&server, path, headers, &offer).await;
        assert_eq!(
            answer.status,
            status,
            "{path} {headers:?} {}",
            answer.text()
        );
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
    // Whoever says nothing of where it comes from may look.
    assert_eq!(
        look(&server, "lobby").await["publishers"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let answer = http::get_with(&server, "/sfu/lobby", &[STRANGER]).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_key_lets_anybody_into_its_room_and_into_no_other() {
    let server = Server::start().await;
    let key = key(&server, "lobby").await;
    let offer = offer(&server).await;
    let with_key = [SDP, STRANGER, ("authorization", &*key)];
    let answer = http::post(&server, "/whip/lobby", &with_key, &offer).await;
    let session = location("/whip/lobby", &answer);
    assert_eq!(answer.header("access-control-expose-headers"), "Location");
    assert_eq!(answer.header("content-type"), "application/sdp");
    let elsewhere = http::post(&server, "/whip/other", &with_key, &offer).await;
    assert_eq!(elsewhere.status, 401);
    assert_eq!(elsewhere.header("www-authenticate"), "Bearer");
    // It decides alone, also where a page of the server shows it.
    for bad in ["Bearer x", "Bearer", &key.replace("Bearer ", "Bearer x")] {
        let headers = [SDP, OWN_PAGE, ("authorization", bad)];
        let answer = http::post(&server, "/whip/lobby", &headers, &offer).await;
        assert_eq!(answer.status, 401, "{bad}");
    }
    // What a proxy has asked for says nothing of a room.
    for (headers, status) in [(&[SDP, OWN_PAGE][..], 201), (&[SDP][..], 401)] {
        let login = [headers, &[("authorization", "Basic x")]].concat();
        let answer = http::post(&server, "/whip/lobby", &login, &offer).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    let more = [("authorization", &*key)];
    let answer = http::post(&server, "/sfu/lobby/key", &more, "").await;
    assert_eq!(answer.status, 401, "a key makes no keys");
    let without = http::request(&server, "DELETE", &session, &[]).await;
    assert_eq!(without.status, 401);
    let with = http::request(&server, "DELETE", &session, &more).await;
    assert_eq!(with.status, 200);
}

#[tokio::test]
async fn a_key_that_has_ended_ends_sessions_of_its_room_and_does_nothing_else() {
    let server = Server::with_limits(Limits {
        sfu_key_lifetime: Duration::ZERO,
        ..Limits::default()
    })
    .await;
    let session = location("/whip/lobby", &offer_to(&server, "/whip/lobby").await);
    let [key, other] = ["lobby", "other"].map(|room| key_for(&server, room, 0));
    let [key, other] = [key.await, other.await];
    let with_key = [SDP, STRANGER, ("authorization", &*key)];
    let begun = http::post(&server, "/whip/lobby", &with_key, &offer(&server).await).await;
    assert_eq!(begun.status, 401);
    let looked = http::get_with(&server, "/sfu/lobby", &with_key).await;
    assert_eq!(looked.status, 401);
    let (_, secret) = session.rsplit_once('/').unwrap();
    let unknown = session.replace(secret, "AAAAAAAAAAAAAAAAAAAAAA");
    for (path, key, status) in [
        (&session, &other, 401),
        (&unknown, &key, 404),
        (&session, &key, 200),
        (&session, &key, 404),
    ] {
        let headers = [STRANGER, ("authorization", &**key)];
        let answer = http::request(&server, "DELETE", path, &headers).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}

#[tokio::test]
async fn the_rooms_of_pairs_are_for_their_members() {
    let server = Server::of_workshop(Limits::default()).await;
    assert_eq!(
        offer_to(&server, "/whip/amber-otter/lobby").await.status,
        403
    );
    assert_eq!(offer_to(&server, "/whip/lobby").await.status, 201);
    let answer = http::post(&server, "/sfu/amber-otter/lobby/key", &[OWN_PAGE], "").await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn what_is_no_offer_is_refused_with_a_reason() {
    let server = Server::start().await;
    let good = offer(&server).await;
    let watches = good.replace("sendonly", "recvonly");
    let without_fingerprint = good.replace("a=fingerprint", "a=x");
    let twice = format!("{good}{}", &good[good.find("m=").unwrap()..]);
    let long = format!("{good}a={}\r\n", "x".repeat(64 * 1024));
    for (body, status, reason) in [
        ("", 400, "sends nothing"),
        ("v=0", 400, "sends nothing"),
        (&*watches, 400, "sends nothing"),
        (
            &*without_fingerprint,
            400,
            "no offer that this server understands",
        ),
        (&*twice, 400, "one of video at most"),
        (&*long, 413, "more than 65536 bytes"),
    ] {
        let answer = send(&server, "/whip/lobby", body).await;
        assert_eq!(answer.status, status, "{body} {}", answer.text());
        assert!(answer.text().contains(reason), "{}", answer.text());
    }
    let json = ("content-type", "application/json");
    let answer = http::post(&server, "/whip/lobby", &[OWN_PAGE, json], &good).await;
    assert_eq!(answer.status, 415);
    for path in ["/whip/a%20b", "/whip/a%2F%2Fb", "/whip/%2e%2e", "/whip/ä"] {
        let path = path.replace('ä', "%C3%A4");
        assert_eq!(send(&server, &path, &good).await.status, 400, "{path}");
    }
    assert_eq!(
        look(&server, "lobby").await["publishers"],
        serde_json::json!([])
    );
}

#[tokio::test]
async fn nobody_watches_whoever_does_not_publish_and_secrets_are_of_one_room() {
    let server = Server::start().await;
    let publisher = Peer::publishes(&server, "lobby", &[]).await;
    let other_room = format!("/whep/other/{}", publisher.id());
    for path in [&*other_room, "/whep/lobby/nobody", "/whep/lobby"] {
        assert_eq!(offer_to(&server, path).await.status, 404, "{path}");
    }
    let elsewhere = publisher.location.replace("lobby", "other");
    assert_eq!(delete(&server, &elsewhere).await.status, 404);
    let answer = http::request(&server, "PATCH", &publisher.location, &[OWN_PAGE]).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "DELETE"));
    let layer = publisher.location.replace("whip", "whep") + "/layer";
    let answer = http::post(&server, &layer, &[OWN_PAGE], "{}").await;
    assert_eq!(answer.status, 400, "{}", answer.text());
}

#[tokio::test]
async fn a_codec_that_only_one_of_them_has_is_refused_with_its_name() {
    let server = Server::start().await;
    let mut publisher = Peer::publishes(&server, "lobby", &[]).await;
    publisher.sees("a connection", |it| it.is_connected).await;
    let heard = |room: &Value| room["publishers"][0]["kinds"] == serde_json::json!(["video"]);
    super::room_is(&server, "lobby", "pictures", heard).await;
    let offer = offer(&server).await.replace("sendonly", "recvonly");
    let of_vp9 = offer.replace("VP8/90000", "VP9/90000");
    let path = format!("/whep/lobby/{}", publisher.id());
    let answer = send(&server, &path, &of_vp9).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert!(answer.text().contains("VP8"), "{}", answer.text());
    assert_eq!(send(&server, &path, &offer).await.status, 201);
}

#[tokio::test]
async fn pages_of_other_origins_may_ask_with_a_key() {
    let server = Server::start().await;
    for path in ["/whip/lobby", "/whep/lobby/x", "/sfu/lobby"] {
        let answer = http::request(&server, "OPTIONS", path, &[STRANGER]).await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let headers = answer.header("access-control-allow-headers");
        assert_eq!(headers, "authorization, content-type");
        assert!(
            answer
                .header("access-control-allow-methods")
                .contains("DELETE")
        );
        assert_eq!(answer.header("accept-post"), "application/sdp");
    }
}

#[tokio::test]
async fn a_server_may_have_no_media_room() {
    let server = Server::with_limits(Limits {
        no_sfu: true,
        ..Limits::default()
    })
    .await;
    for answer in [
        offer_to(&server, "/whip/lobby").await,
        http::get(&server, "/sfu/lobby").await,
        delete(&server, "/whip/lobby/a/b").await,
    ] {
        assert_eq!(answer.status, 404);
        assert!(answer.text().contains("--no-sfu"), "{}", answer.text());
    }
}
