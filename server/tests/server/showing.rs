//! The demo that the host of a workshop shows to everybody: who is told of it, who gets its text and its lines, and when it ends.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::host::{next, showing, workshop};
use crate::support::{Attendee, Peer};

fn demo(name: &str, text: &str) -> String {
    json!({ "type": "demo", "page": "connecting/index.html", "name": name, "text": text })
        .to_string()
}

fn lines(cleared: bool, texts: &[&str]) -> String {
    let line = |text: &&str| json!({ "level": "log", "text": text });
    let lines: Vec<Value> = texts.iter().map(line).collect();
    json!({ "type": "lines", "cleared": cleared, "lines": lines }).to_string()
}

/// The page looks at what it was told of.
async fn looks(attendee: &mut Attendee, number: &Value) {
    attendee
        .says(json!({ "type": "watch", "number": number }))
        .await;
}

/// Which demo it is told of.
async fn is_shown(attendee: &mut Attendee) -> Value {
    attendee.hears("shown").await
}

async fn is_refused(page: &mut Peer) {
    let refused = next(page).await;
    assert_eq!(refused["code"], "bad-message", "{refused}");
}

#[tokio::test]
async fn what_the_host_shows_is_told_to_all_and_mirrored_to_those_who_look() {
    let server = workshop().await;
    let mut looking = Attendee::comes(server.address).await;
    let mut other = Attendee::comes(server.address).await;
    let mut page = showing(&server).await;
    page.says(&demo("createoffer.js", "const a = '<b>';")).await;
    let shown = is_shown(&mut looking).await;
    assert_eq!(shown["demo"], "createoffer.js");
    assert_eq!(shown["page"], "connecting/index.html");
    assert_eq!(is_shown(&mut other).await, shown);
    looks(&mut looking, &shown["number"]).await;
    let text = looking.hears("shown-text").await;
    assert_eq!(text["text"], "const a = '<b>';");
    assert_eq!(looking.hears("shown-lines").await["lines"], json!([]));
    page.says(&lines(true, &["one", "two"])).await;
    let told = looking.hears("shown-lines").await;
    assert_eq!(told["cleared"], true);
    assert_eq!(told["lines"][1], json!({ "level": "log", "text": "two" }));
    page.says(&demo("createoffer.js", "changed")).await;
    assert_eq!(looking.hears("shown-text").await["text"], "changed");

    // Whoever comes later is told, too.
    let mut late = Attendee::comes(server.address).await;
    let told = is_shown(&mut late).await;
    looks(&mut late, &told["number"]).await;
    assert_eq!(late.hears("shown-text").await["text"], "changed");
    assert_eq!(late.hears("shown-lines").await["lines"][0]["text"], "one");

    // It ends with the page.
    page.closes().await;
    for one in [&mut looking, &mut other, &mut late] {
        assert_eq!(is_shown(one).await["number"], Value::Null);
    }
    assert!(!other.has_heard("shown-text") && !other.has_heard("shown-lines"));
}

#[tokio::test]
async fn one_demo_is_shown_at_a_time_and_the_latest_page_has_it() {
    let server = workshop().await;
    let mut attendee = Attendee::comes(server.address).await;
    let mut first = showing(&server).await;
    first.says(&demo("a.js", "one")).await;
    assert_eq!(is_shown(&mut attendee).await["demo"], "a.js");
    let mut second = showing(&server).await;
    let (code, reason) = first.is_closed_with_reason().await;
    assert_eq!(code, CloseCode::Normal, "{reason}");
    assert_eq!(is_shown(&mut attendee).await["number"], Value::Null);
    second.says(&demo("b.js", "two")).await;
    assert_eq!(is_shown(&mut attendee).await["demo"], "b.js");
}

#[tokio::test]
async fn only_demos_of_this_book_are_shown_and_within_bounds() {
    let server = workshop().await;
    let mut page = showing(&server).await;
    for page_of in [
        "https://stranger.example/",
        "//stranger.example",
        "nowhere.html",
    ] {
        let elsewhere = json!({ "type": "demo", "page": page_of, "name": "a.js", "text": "" });
        page.says(&elsewhere.to_string()).await;
        is_refused(&mut page).await;
    }
    page.says("{}").await;
    is_refused(&mut page).await;
    page.says(&demo("a.js", &"x".repeat(64 * 1024 + 1))).await;
    is_refused(&mut page).await;
    let largest = "\n".repeat(64 * 1024);
    page.says(&demo("a.js", &largest)).await;
    let mut attendee = Attendee::comes(server.address).await;
    let shown = is_shown(&mut attendee).await;
    looks(&mut attendee, &shown["number"]).await;
    assert_eq!(attendee.hears("shown-text").await["text"], largest);
    page.says_or_ends(&"x".repeat(5 * 64 * 1024)).await;
    assert_eq!(page.is_closed().await, CloseCode::Size);
}
