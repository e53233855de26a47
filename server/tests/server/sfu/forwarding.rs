//! What passes from whoever publishes to whoever watches.

use super::peer::{OF_WATCHERS, Peer};
use super::{OWN_PAGE, is_empty, look, publishers, room_is, start};
use crate::relay::metric;
use crate::support::http;

/// The whole numbers from the first on, without a gap.
fn numbers_have_no_gap(got: &[super::peer::Got]) {
    for pair in got.windows(2) {
        assert_eq!(pair[1].number, pair[0].number + 1, "{pair:?}");
        assert!(pair[1].time > pair[0].time, "{pair:?}");
    }
}

#[tokio::test]
async fn pictures_pass_under_the_name_that_the_watcher_has_for_their_codec() {
    let server = start().await;
    let mut publisher = Peer::publishes(&server, "lobby", &[]).await;
    publisher.sees("a connection", |it| it.is_connected).await;
    let mut watcher = Peer::watches(&server, &format!("lobby/{}", publisher.id())).await;
    let seen = watcher.gets(20).await;
    assert!(seen.got.iter().all(|got| got.pt == OF_WATCHERS));
    numbers_have_no_gap(&seen.got);
    let room = look(&server, "lobby").await;
    assert_eq!(room["watchers"], 1);
    let [report] = &publishers(&room)[..] else {
        panic!("{room}");
    };
    assert_eq!(report["id"], publisher.id());
    assert_eq!(report["kinds"], serde_json::json!(["video"]));
    assert_eq!(report["layers"], serde_json::json!([]));
    assert!(report["packets"].as_u64().unwrap() >= 20);
    assert!(metric(&server, "guidebook_sfu_packets_total").await >= 20);
    assert_eq!(metric(&server, "guidebook_sfu_watchers").await, 1);
}

#[tokio::test]
async fn whoever_joins_late_gets_a_keyframe_and_may_ask_for_more() {
    let server = start().await;
    let mut publisher = Peer::publishes(&server, "lobby", &[]).await;
    let packets = |room: &serde_json::Value| publishers(room)[0]["packets"].as_u64() > Some(10);
    room_is(&server, "lobby", "pictures", packets).await;
    let mut watcher = Peer::watches(&server, &format!("lobby/{}", publisher.id())).await;
    watcher
        .sees("a keyframe", |it| it.got.iter().any(|got| got.is_keyframe))
        .await;
    let before = publisher.now().asked;
    assert!(before >= 1);
    watcher.asks_for_a_keyframe();
    publisher.sees("a request", |it| it.asked > before).await;
    let requests =
        |room: &serde_json::Value| publishers(room)[0]["keyframeRequests"].as_u64() > Some(1);
    room_is(&server, "lobby", "requests are counted", requests).await;
}

#[tokio::test]
async fn a_watcher_may_want_no_wish_for_keyframes_passed_on() {
    let server = start().await;
    let mut publisher = Peer::publishes(&server, "lobby", &[]).await;
    let packets = |room: &serde_json::Value| publishers(room)[0]["packets"].as_u64() > Some(10);
    room_is(&server, "lobby", "pictures", packets).await;
    let whom = format!("lobby/{}?keyframes=off", publisher.id());
    let mut watcher = Peer::watches(&server, &whom).await;
    watcher.gets(5).await;
    watcher.asks_for_a_keyframe();
    let seen = watcher.gets(20).await;
    assert!(seen.got.iter().all(|got| !got.is_keyframe));
    assert_eq!(publisher.now().asked, 0);
    let withheld = "guidebook_sfu_withheld_keyframe_requests_total";
    assert!(metric(&server, withheld).await >= 1);
    // Somebody else who joins gets one, and so does everybody.
    let _other = Peer::watches(&server, &format!("lobby/{}", publisher.id())).await;
    publisher.sees("a request", |it| it.asked > 0).await;
    watcher
        .sees("a keyframe", |it| it.got.iter().any(|got| got.is_keyframe))
        .await;
}

#[tokio::test]
async fn a_watcher_chooses_a_layer_and_its_numbers_and_times_go_on() {
    let server = start().await;
    let publisher = Peer::publishes(&server, "lobby", &["l", "h"]).await;
    let both = |room: &serde_json::Value| {
        let layers = publishers(room)[0]["layers"].as_array().unwrap();
        layers.len() == 2
            && layers
                .iter()
                .all(|it| it["bitsPerSecond"].as_u64() > Some(0))
    };
    let room = room_is(&server, "lobby", "both layers are measured", both).await;
    assert_eq!(publishers(&room)[0]["layers"][0]["encodingId"], "l");
    let mut watcher = Peer::watches(&server, &format!("lobby/{}", publisher.id())).await;
    // The server chooses what has the most bits.
    let seen = watcher.gets(5).await;
    assert_eq!(seen.got[0].layer, 1);
    let choose = async |body: &str| {
        let path = format!("{}/layer", watcher.location);
        http::post(&server, &path, &[OWN_PAGE], body).await
    };
    assert_eq!(
        choose(r#"{"mediaId":"0","encodingId":"l"}"#).await.status,
        204
    );
    assert_eq!(choose(r#"{"encodingId":"x"}"#).await.status, 404);
    assert_eq!(choose("{").await.status, 400);
    let low = |it: &super::peer::Seen| it.got.iter().filter(|got| got.layer == 0).count() >= 5;
    let seen = watcher.sees("the low layer", low).await;
    numbers_have_no_gap(&seen.got);
    let first = seen.got.iter().position(|got| got.layer == 0).unwrap();
    assert!(seen.got[first].is_keyframe, "a decoder can begin there");
    assert!(seen.got[first..].iter().all(|got| got.layer == 0));
    let path = format!("{}/layer", watcher.location);
    let answer = http::post(&server, &path, &[OWN_PAGE], "{}").await;
    assert_eq!(answer.status, 204);
    watcher
        .sees("the high layer again", |it| {
            it.got.last().is_some_and(|got| got.layer == 1)
        })
        .await;
}

#[tokio::test]
async fn the_end_of_a_session_is_told_and_frees_everything() {
    let server = start().await;
    let publisher = Peer::publishes(&server, "lobby", &[]).await;
    let whom = format!("lobby/{}", publisher.id());
    let mut first = Peer::watches(&server, &whom).await;
    let mut second = Peer::watches(&server, &whom).await;
    first.gets(1).await;
    second.gets(1).await;
    let answer = super::delete(&server, &first.location).await;
    assert_eq!(answer.status, 200);
    first.sees("the end", |it| it.is_over).await;
    assert_eq!(super::delete(&server, &first.location).await.status, 404);
    second.gets(5).await;
    // With the publisher end those who watch it.
    let answer = super::delete(&server, &publisher.location).await;
    assert_eq!(answer.status, 200);
    second.sees("the end", |it| it.is_over).await;
    is_empty(&server, "lobby").await;
    assert_eq!(metric(&server, "guidebook_sfu_publishers").await, 0);
    assert_eq!(metric(&server, "guidebook_sfu_watchers").await, 0);
}

#[tokio::test]
async fn the_server_stops_while_pictures_pass() {
    let server = start().await;
    let publisher = Peer::publishes(&server, "lobby", &[]).await;
    let mut watcher = Peer::watches(&server, &format!("lobby/{}", publisher.id())).await;
    watcher.gets(1).await;
    server.stop().await;
    watcher.sees("the end", |it| it.is_over).await;
}
