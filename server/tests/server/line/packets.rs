//! The packets of a line, for its ends to look at.

use std::process::Command;

use server::config::Limits;

use super::*;

impl Line<'_> {
    async fn packets_after(&self, number: u64) -> Value {
        let path = format!("{}/packets?after={number}", self.path);
        let answer = http::get(self.server, &path).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_str(answer.text()).unwrap()
    }
}

/// What the fields of each packet say.
fn column<'v>(packets: &'v Value, field: &str) -> Vec<&'v Value> {
    let packets = packets["packets"].as_array().unwrap();
    packets.iter().map(|packet| &packet[field]).collect()
}

#[tokio::test]
async fn every_packet_is_there_with_what_became_of_it() {
    let server = Server::start().await;
    let (mut line, a, b) = connected(&server, json!({ "capture": true })).await;
    a.send(line.a, b"\x16\xfe\xfd: DTLS, but cut short").await;
    b.receive().await;
    line.order(json!({ "set": { "cut": true } })).await;
    b.send(line.b, b"lost").await;
    let now = line
        .is("all of them", |now| now["capture"]["packets"] == 4)
        .await;
    assert_eq!(now["capture"]["dropped"], 0);
    let packets = line.packets_after(0).await;
    assert_eq!(column(&packets, "number"), [1, 2, 3, 4]);
    assert_eq!(
        column(&packets, "way"),
        ["a-to-b", "b-to-a", "a-to-b", "b-to-a"]
    );
    assert_eq!(
        column(&packets, "fate"),
        ["nobody", "delivered", "delivered", "cut"]
    );
    assert_eq!(
        column(&packets, "protocol"),
        ["stun", "stun", "dtls", "unknown"]
    );
    let check = &packets["packets"][1];
    let says = |text: &str| check.to_string().contains(text);
    assert!(
        says("aaaa:bbbb") && says("fits the password of A"),
        "{check}"
    );
    assert_eq!(column(&line.packets_after(2).await, "number"), [3, 4]);
    assert_eq!(line.packets_after(4).await["packets"], json!([]));
}

#[tokio::test]
async fn packets_are_kept_only_while_that_is_wanted() {
    let server = Server::start().await;
    let (mut line, a, b) = connected(&server, json!({})).await;
    line.order(json!({ "capture": true })).await;
    a.send(line.a, b"seen").await;
    b.hears(b"seen").await;
    let now = line.order(json!({ "capture": false })).await;
    assert_eq!(now["capture"]["on"], false);
    a.send(line.a, b"not seen").await;
    b.hears(b"not seen").await;
    assert_eq!(column(&line.packets_after(0).await, "length"), [4]);
}

#[tokio::test]
async fn what_finds_no_room_is_counted() {
    let limits = Limits {
        max_captured_bytes_in_all: 1_000,
        ..Limits::default()
    };
    let server = Server::with_limits(limits).await;
    let (mut line, a, b) = connected(&server, json!({})).await;
    line.order(json!({ "capture": true })).await;
    for bytes in [900, 200, 100] {
        a.send(line.a, &vec![0; bytes]).await;
        b.receive().await;
    }
    let packets = line.packets_after(0).await;
    assert_eq!(column(&packets, "number"), [1, 3]);
    assert_eq!(packets["dropped"], 1);
    // Its room is free for others when it has ended.
    line.delete().await;
    let (line, a, b) = connected(&server, json!({ "capture": true })).await;
    a.send(line.a, &[0; 500]).await;
    b.receive().await;
    assert_eq!(line.packets_after(0).await["dropped"], 0);
}

#[tokio::test]
async fn the_number_to_go_on_from_must_be_one() {
    let server = Server::start().await;
    let line = Line::open(&server, &json!({})).await;
    let path = format!("{}/packets?after=x", line.path);
    assert_eq!(http::get(&server, &path).await.status, 400);
    for path in ["/packets", "/packets.pcapng"] {
        let path = format!("/line/anything{path}");
        assert_eq!(http::get(&server, &path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn wireshark_opens_them_without_a_warning() {
    let server = Server::start().await;
    let (mut line, a, b) = connected(&server, json!({ "capture": true })).await;
    line.order(json!({ "set": { "loss": 100 } })).await;
    a.check(&b, line.a).await;
    line.is("all of them", |now| now["capture"]["packets"] == 3)
        .await;
    let file = http::get(&server, &format!("{}/packets.pcapng", line.path)).await;
    assert_eq!(file.header("content-type"), "application/x-pcapng");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line.pcapng");
    std::fs::write(&path, &file.body).unwrap();
    let mut tshark = Command::new("tshark");
    tshark.arg("-r").arg(&path).args(["-T", "fields"]);
    for field in [
        "udp.srcport",
        "udp.dstport",
        "stun.att.username",
        "frame.comment",
        "_ws.malformed",
    ] {
        tshark.args(["-e", field]);
    }
    let output = tokio::task::spawn_blocking(move || tshark.output())
        .await
        .unwrap();
    let output =
        output.expect("Debian's package tshark is there: `cargo xtask system` installs it");
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    let is_complaint = |line: &&str| !line.starts_with("Running as user");
    assert_eq!(complaints.lines().find(is_complaint), None);
    let [a, b] = [a, b].map(|peer| peer.address().port());
    let expected = [
        format!(
            "{a}\t{}\tbbbb:aaaa\tdropped: the other peer has not shown itself yet\t",
            line.b.port()
        ),
        format!("{b}\t{a}\taaaa:bbbb\t\t"),
        format!("{a}\t{b}\tbbbb:aaaa\tdropped: loss\t"),
    ];
    let says = String::from_utf8(output.stdout).unwrap();
    assert_eq!(says.lines().collect::<Vec<_>>(), expected);
}
