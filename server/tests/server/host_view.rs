//! What the host's page of a workshop shows of its attendees, and what it makes them hear.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::host::{host, next, showing, workshop};
use crate::support::{Attendee, Peer, Server, soon};

/// Between two views.
const VIEW_PERIOD: Duration = Duration::from_millis(500);

/// Somebody with this name.
async fn attendee(server: &Server, name: &str) -> Attendee {
    let mut attendee = Attendee::comes(server.address).await;
    attendee.says(json!({ "type": "name", "name": name })).await;
    attendee.is(|you| you["name"] == name).await;
    attendee
}

/// The next message of this type.
async fn hears(peer: &mut Peer, kind: &str) -> Value {
    loop {
        let message = next(peer).await;
        if message["type"] == kind {
            return message;
        }
    }
}

/// The next view in which this is so of the attendee with this name.
async fn sees(page: &mut Peer, name: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    loop {
        let view = hears(page, "view").await;
        let attendees = view["attendees"].as_array().unwrap();
        let found = attendees.iter().find(|attendee| attendee["name"] == name);
        if let Some(attendee) = found.filter(|attendee| is_so(attendee)) {
            return attendee.clone();
        }
    }
}

#[tokio::test]
async fn the_view_comes_at_once_and_each_change_within_a_second() {
    let server = workshop().await;
    let mut page = host(&server).await;
    let first = next(&mut page).await;
    assert_eq!(
        first,
        json!({ "type": "view", "attendees": [], "pairs": [], "noTls": 0, "timer": null, "reach": null })
    );
    let mut alder = attendee(&server, "Alder").await;
    sees(&mut page, "Alder", |alder| alder["here"] == true).await;

    let mut took = Vec::new();
    for turn in 0..5 {
        let title = format!("Chapter {turn}");
        let seen = json!({ "type": "seen", "page": "connecting/index.html", "title": title,
            "demo": "createoffer.js", "running": true, "error": null, "way": null, "solved": [] });
        let told = Instant::now();
        alder.says(seen).await;
        let seen = sees(&mut page, "Alder", |alder| alder["title"] == title).await;
        took.push(told.elapsed());
        assert_eq!(seen["demo"], "createoffer.js");
        assert_eq!(seen["running"], true);
    }
    // A busy machine may hold one of them up.
    took.sort();
    assert!(took[2] < Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn many_changes_at_once_are_few_views() {
    let server = workshop().await;
    let mut page = host(&server).await;
    next(&mut page).await;
    let begin = Instant::now();
    let mut alder = attendee(&server, "Alder").await;
    for turn in 0..20 {
        let raised = turn % 2 == 0;
        let hand = json!({ "type": "hand", "raised": raised });
        alder.says(hand).await;
    }
    let last = json!({ "type": "name", "name": "Last" });
    alder.says(last).await;
    let mut views = 1;
    while next(&mut page).await["attendees"][0]["name"] != "Last" {
        views += 1;
    }
    let periods = begin.elapsed().div_duration_f64(VIEW_PERIOD);
    assert!(
        f64::from(views) <= periods + 1.0,
        "{views} in {periods} periods"
    );
}

#[tokio::test]
async fn what_the_host_asks_for_reaches_the_attendees() {
    let server = workshop().await;
    let mut page = host(&server).await;
    let mut alder = attendee(&server, "Alder").await;
    let command = json!({ "type": "say", "text": "Lunch in five minutes." });
    page.says(&command.to_string()).await;
    assert_eq!(alder.hears("said").await["text"], command["text"]);
    for place in [
        "connecting/index.html#demo-createoffer.js",
        "connecting/",
        "workshop/join.html#the-port",
    ] {
        let command = json!({ "type": "bring", "place": place, "title": "Here" });
        page.says(&command.to_string()).await;
        let brought = alder.hears("bring").await;
        assert_eq!(
            (&brought["place"], &brought["title"]),
            (&command["place"], &command["title"])
        );
    }
    let id = sees(&mut page, "Alder", |alder| alder["here"] == true).await["id"].clone();
    let command = json!({ "type": "rename", "id": id, "name": "Birch" });
    page.says(&command.to_string()).await;
    sees(&mut page, "Birch", |birch| birch["id"] == id).await;
    let command = json!({ "type": "timer", "label": "Break", "seconds": 300 });
    page.says(&command.to_string()).await;
    assert_eq!(alder.hears("timer").await["label"], "Break");
}

#[tokio::test]
async fn what_a_device_can_do_is_seen_until_its_attendee_stops_sharing() {
    let server = workshop().await;
    let mut page = host(&server).await;
    let mut alder = attendee(&server, "Alder").await;
    let checks = json!([{ "name": "The clock", "outcome": "fails", "words": "It is wrong." }]);
    alder
        .says(json!({ "type": "checked", "checks": checks }))
        .await;
    sees(&mut page, "Alder", |alder| alder["checked"] == checks).await;
    alder
        .says(json!({ "type": "shares", "shares": false }))
        .await;
    sees(&mut page, "Alder", |alder| alder["checked"] == json!([])).await;
}

#[tokio::test]
async fn two_try_to_reach_each_other_and_the_host_sees_what_came_of_it() {
    let server = workshop().await;
    let mut page = host(&server).await;
    let mut both = [
        attendee(&server, "Alder").await,
        attendee(&server, "Birch").await,
    ];
    sees(&mut page, "Birch", |birch| birch["here"] == true).await;
    page.says(&json!({ "type": "reach" }).to_string()).await;
    let mut number = Value::Null;
    for one in &mut both {
        let asked = one.hears("reach").await;
        number = asked["number"].clone();
        let description = if asked["offers"] == true {
            "v=0 offer"
        } else {
            "v=0 answer"
        };
        one.says(json!({ "type": "reach-signal", "number": number, "description": description }))
            .await;
    }
    for one in &mut both {
        let theirs = one.hears("reach-signal").await;
        assert_eq!(theirs["number"], number);
        assert!(theirs["description"].as_str().unwrap().starts_with("v=0 "));
        one.says(json!({ "type": "reached", "number": number, "direct": true }))
            .await;
    }
    loop {
        let view = hears(&mut page, "view").await;
        if view["reach"]["remaining"] == 0 {
            assert_eq!(view["reach"]["rows"], json!(["", "d"]));
            return;
        }
    }
}

#[tokio::test]
async fn a_page_knows_at_once_how_long_the_server_may_be_silent() {
    let server = workshop().await;
    for mut page in [host(&server).await, showing(&server).await] {
        let first = soon("a ping", page.next()).await.unwrap();
        let first = first.into_text().unwrap();
        let first: Value = serde_json::from_str(&first).unwrap();
        assert_eq!(first, json!({ "type": "ping", "every": 25_000 }));
    }
}
