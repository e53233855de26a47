//! What a page says about a line is what packets meet.

use std::time::Instant;

use super::*;

/// With headers of IP and UDP 1,000 bytes.
const PACKET: [u8; 972] = [7; 972];

/// The numbers of those that arrive, of a hundred packets, when a third is lost.
async fn survivors(server: &Server, seed: u32) -> Vec<u8> {
    let (mut line, a, b) = connected(server, json!({ "settings": { "seed": seed } })).await;
    let lossy = json!({ "way": "a-to-b", "set": { "loss": 33 } });
    let before = line.order(lossy).await["a_to_b"]["statistics"]["entered"]["packets"].clone();
    for number in 0..100 {
        a.send(line.a, &[number]).await;
    }
    let all = before.as_u64().unwrap() + 100;
    let now = line
        .is("all of them", |now| {
            now["a_to_b"]["statistics"]["entered"]["packets"] == all
        })
        .await;
    let lost = now["a_to_b"]["statistics"]["lost"]["packets"]
        .as_u64()
        .unwrap();
    let mut arrived = Vec::new();
    for _ in lost..100 {
        arrived.push(b.receive().await.0[0]);
    }
    arrived
}

#[tokio::test]
async fn the_same_seed_loses_the_same_packets() {
    let server = Server::start().await;
    let first = survivors(&server, 1).await;
    assert!((50..85).contains(&first.len()), "{first:?}");
    assert_eq!(survivors(&server, 1).await, first);
    assert_ne!(survivors(&server, 2).await, first);
}

#[tokio::test]
async fn a_delay_is_as_long_as_it_is_said_to_be_each_way() {
    let server = Server::start().await;
    let (mut line, a, b) = connected(&server, json!({})).await;
    line.order(json!({ "set": { "delay": 100 } })).await;
    let mut shortest = [Duration::MAX; 2];
    for _ in 0..5 {
        let sent = Instant::now();
        a.send(line.a, b"out").await;
        b.hears(b"out").await;
        shortest[0] = shortest[0].min(sent.elapsed());
        let sent = Instant::now();
        b.send(line.b, b"back").await;
        a.hears(b"back").await;
        shortest[1] = shortest[1].min(sent.elapsed());
    }
    let expected = Duration::from_millis(100)..Duration::from_millis(130);
    assert!(
        shortest.iter().all(|time| expected.contains(time)),
        "{shortest:?}"
    );
}

#[tokio::test]
async fn a_narrow_line_takes_its_time_for_each_packet() {
    let server = Server::start().await;
    let (mut line, a, b) = connected(&server, json!({})).await;
    line.order(json!({ "set": { "rate": 400 } })).await;
    let sent = Instant::now();
    for _ in 0..10 {
        a.send(line.a, &PACKET).await;
    }
    for _ in 0..10 {
        b.receive().await;
    }
    // 20 ms each.
    let took = sent.elapsed();
    assert!(took >= Duration::from_millis(200), "{took:?}");
    assert!(took < Duration::from_millis(500), "{took:?}");
}

#[tokio::test]
async fn what_finds_the_queue_full_is_dropped() {
    let server = Server::start().await;
    let (mut line, a, b) = connected(&server, json!({})).await;
    line.order(json!({ "set": { "rate": 10, "queue": 2_000 } }))
        .await;
    for _ in 0..5 {
        a.send(line.a, &PACKET).await;
    }
    line.is("the others", |now| {
        now["a_to_b"]["statistics"]["queue_full"]["packets"] == 3
    })
    .await;
    line.order(json!({ "set": { "rate": 0 } })).await;
    b.hears(&PACKET).await;
    b.hears(&PACKET).await;
}

#[tokio::test]
async fn a_line_that_is_cut_one_way_carries_the_other_and_both_when_it_is_mended() {
    let server = Server::start().await;
    let (mut line, a, b) = connected(&server, json!({})).await;
    line.order(json!({ "way": "a-to-b", "set": { "cut": true } }))
        .await;
    a.send(line.a, b"cut off").await;
    b.send(line.b, b"not cut off").await;
    a.hears(b"not cut off").await;
    line.is("the cut", |now| {
        now["a_to_b"]["statistics"]["cut"]["packets"] == 1
    })
    .await;
    line.order(json!({ "set": { "cut": false } })).await;
    a.send(line.a, b"mended").await;
    b.hears(b"mended").await;
}

#[tokio::test]
async fn duplicates_arrive_twice() {
    let server = Server::start().await;
    let (mut line, a, b) = connected(&server, json!({})).await;
    line.order(json!({ "set": { "duplicate": 100 } })).await;
    a.send(line.a, b"twice").await;
    b.hears(b"twice").await;
    b.hears(b"twice").await;
}

#[tokio::test]
async fn a_timeline_mends_a_line_by_itself() {
    let server = Server::start().await;
    let (mut line, a, b) = connected(&server, json!({})).await;
    let began = Instant::now();
    line.order(json!({ "timeline": [
        { "at": 0, "set": { "cut": true } },
        { "at": 0.3, "set": { "cut": false } },
    ] }))
    .await;
    a.send(line.a, b"cut off").await;
    // It changes also where no packet comes.
    line.is("the cut and its end", |now| {
        now["a_to_b"]["statistics"]["cut"]["packets"] == 1
            && now["a_to_b"]["conditions"]["cut"] == false
    })
    .await;
    assert!(began.elapsed() >= Duration::from_millis(300));
    a.send(line.a, b"mended").await;
    b.hears(b"mended").await;
}

#[tokio::test]
async fn a_timeline_may_be_that_of_a_new_line() {
    let server = Server::start().await;
    let timeline = json!([{ "at": 0, "set": { "delay": 50 } }, { "at": 3_600, "set": {} }]);
    let opening = json!({ "settings": { "timeline": timeline } });
    let mut line = Line::open(&server, &opening).await;
    line.is("the first step", |now| {
        now["b_to_a"]["conditions"]["delay"] == 50.0
    })
    .await;
    let now = line
        .order(json!({ "timeline": [], "set": { "delay": 1 } }))
        .await;
    assert_eq!(now["b_to_a"]["conditions"]["delay"], 1.0);
}

#[tokio::test]
async fn networks_that_people_know_can_be_had_by_name() {
    let server = Server::start().await;
    let answer = http::get(&server, "/line").await;
    let list: Value = serde_json::from_str(answer.text()).unwrap();
    let presets = list["presets"].as_array().unwrap();
    assert_eq!(presets[0]["id"], "perfect");
    let is_satellite = |preset: &&Value| preset["name"] == "Satellite";
    let satellite = presets.iter().find(is_satellite).unwrap();
    let opening = json!({ "settings": { "a_to_b": { "loss": 50 } }, "preset": satellite["id"] });
    let mut line = Line::open(&server, &opening).await;
    let now = line.look().await;
    for way in ["a_to_b", "b_to_a"] {
        assert_eq!(now[way]["conditions"], satellite[way]);
    }
    let now = line.order(json!({ "preset": "perfect" })).await;
    assert_eq!(now["a_to_b"]["conditions"], presets[0]["a_to_b"]);
}
