//! The log as JSON (`--log-format json`).
#![cfg(unix)]

use serde_json::Value;

use crate::support::{PROGRAM, Peer, Running, guidebook};

/// So many make some of their lines be left out.
const JOINS: usize = 40;

#[tokio::test]
async fn each_line_is_an_object_those_about_the_log_itself_included() {
    let mut command = guidebook(PROGRAM);
    let running = Running::start(command.args(["--log-format", "json"]));
    // What would end a line or a text, in an id.
    let odd = "a\"b\\c";
    let mut peer = Peer::connect_to(running.address(), odd).await.unwrap();
    peer.hears_greeting().await;
    peer.says(r#"/announce|a\"b|{"id":"a\"b\\c\nd","room":"r"}"#)
        .await;
    for number in 0..JOINS {
        let mut peer = Peer::connect_to(running.address(), &number.to_string())
            .await
            .unwrap();
        peer.hears_greeting().await;
        peer.announce("r").await;
        while !peer.next_text().await.starts_with("/roominfo|") {}
        peer.closes().await;
    }
    let (_, _, log) = running.end_by("-TERM");
    let mut messages = Vec::new();
    for line in log.lines() {
        let line: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        for field in ["timestamp", "level", "target"] {
            assert!(line[field].is_string(), "{field}: {line}");
        }
        messages.push(line["fields"]["message"].as_str().unwrap().to_owned());
    }
    let joined = log.lines().find(|line| line.contains("Peer joined"));
    assert_eq!(keys(joined.unwrap()), keys(&shown()));
    let is_there = |begin: &str| messages.iter().any(|message| message.starts_with(begin));
    for begin in ["Peer joined", "Left out ", "Stopping"] {
        assert!(is_there(begin), "{begin}: {messages:?}");
    }
}

/// The line that the book shows.
fn shown() -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../book/take/operating.md");
    let page = std::fs::read_to_string(page).unwrap();
    let line = page.lines().find(|line| line.starts_with("{\"timestamp\""));
    line.unwrap().to_owned()
}

/// The names in a line, and in its fields.
fn keys(line: &str) -> Vec<String> {
    let line: Value = serde_json::from_str(line).unwrap();
    let [line, fields] = [&line, &line["fields"]].map(|object| object.as_object().unwrap());
    line.keys().chain(fields.keys()).cloned().collect()
}
