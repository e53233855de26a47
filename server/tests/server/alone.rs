//! `guidebook signaling`: the endpoint without the book.

use std::net::SocketAddr;

use server::config::IceServers;
use server::doctor::examine;

use crate::support::http::{get_at, get_at_with, post_at};
use crate::support::{PROGRAM, Peer, Running, guidebook, soon};

fn signaling(arguments: &[&str]) -> Running {
    let mut command = guidebook(PROGRAM);
    command.arg("signaling").args(arguments);
    Running::start(&mut command)
}

/// The address that it gives clients.
async fn says(address: SocketAddr, headers: &[(&str, &str)]) -> String {
    let answer = get_at_with(address, "/", headers).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/plain"));
    answer.text().to_owned()
}

#[tokio::test]
async fn peers_meet_and_there_is_no_page() {
    let running = signaling(&[]);
    let expected = format!("Signaling is at http://127.0.0.1:{}/", running.port);
    assert!(
        running.printed.starts_with(&expected),
        "{}",
        running.printed
    );
    let address = running.address();
    let [mut alice, mut bob] = [
        Peer::connect_to(address, "alice").await.unwrap(),
        Peer::connect_to(address, "bob").await.unwrap(),
    ];
    for peer in [&mut alice, &mut bob] {
        peer.hears_greeting().await;
    }
    alice.announce("room").await;
    alice.hears_room_info(1).await;
    bob.announce("room").await;
    bob.hears_room_info(2).await;

    for (path, status) in [
        ("/connecting/", 404),
        ("/index.html", 404),
        ("/stage/stage.js", 404),
        ("/workshop/attend", 404),
        ("/line", 404),
        ("/metrics", 404),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/code/quickconnect/js/index.js", 200),
        ("/code/quickconnect/js/index.d.ts", 200),
        ("/code/quickconnect/js/index.js.map", 200),
    ] {
        let answer = get_at(address, path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(!answer.text().contains("<html"), "{path}");
    }
    let ice = post_at(address, "/ice", "").await;
    assert!(ice.text().contains("turn:127.0.0.1"), "{}", ice.text());
    assert_eq!(post_at(address, "/companion", "room").await.status, 404);
}

#[tokio::test]
async fn its_root_says_what_it_is_and_where_clients_find_it() {
    let running = signaling(&["--base-path", "/rtc", "--trusted-proxy", "127.0.0.1"]);
    let address = running.address();
    let says_plain = says(address, &[]).await;
    assert!(
        says_plain.contains("at ws://localhost/rtc/,"),
        "{says_plain}"
    );
    let outside = [
        ("x-forwarded-host", "127.0.0.9"),
        ("x-forwarded-proto", "https"),
    ];
    let says_secure = says(address, &outside).await;
    assert!(
        says_secure.contains("wss://127.0.0.9/rtc/,"),
        "{says_secure}"
    );
    let library = "https://127.0.0.9/rtc/code/quickconnect/js/index.js,";
    assert!(says_secure.contains(library), "{says_secure}");
}

#[tokio::test]
async fn the_metrics_are_there_if_they_are_asked_for() {
    let running = signaling(&["--metrics", "--no-turn"]);
    let metrics = get_at(running.address(), "/metrics").await;
    assert_eq!(metrics.status, 200);
    let ice = post_at(running.address(), "/ice", "").await;
    assert!(ice.text().contains("\"iceServers\":[]"), "{}", ice.text());
}

#[tokio::test]
async fn the_doctor_connects_two_peers_through_it() {
    let running = signaling(&["--base-path", "/rtc"]);
    for path in ["", "/rtc/", "/rtc"] {
        let url = format!("http://127.0.0.1:{}{path}", running.port);
        let report = soon("a report", examine(&url, &IceServers::default(), None)).await;
        assert!(!report.has_failed(), "{report}");
        assert!(report.to_string().contains("without the book"), "{report}");
    }
}

#[test]
fn an_option_of_the_book_ends_it_with_a_sentence_and_a_variable_does_not() {
    for option in [
        "--max-lines=3",
        "--no-companion",
        "--book=.",
        "--max-attendees=3",
    ] {
        let output = guidebook(PROGRAM).args(["signaling", option]).output();
        let output = output.unwrap();
        assert!(!output.status.success(), "{option}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.contains("is about the book") || error.contains("unexpected argument"),
            "{error}"
        );
    }
    let mut command = guidebook(PROGRAM);
    command.env("GUIDEBOOK_MAX_LINES", "3").arg("signaling");
    drop(Running::start(&mut command));
}

#[test]
fn its_help_has_nothing_of_the_book() {
    let output = guidebook(PROGRAM).args(["signaling", "--help"]).output();
    let help = String::from_utf8(output.unwrap().stdout).unwrap();
    for option in [
        "--listen",
        "--base-path",
        "--max-rooms",
        "--cert",
        "--metrics",
    ] {
        assert!(help.contains(option), "{option}");
    }
    for option in [
        "--book",
        "--open",
        "-line",
        "companion",
        "attendees",
        "--state-dir",
    ] {
        assert!(!help.contains(option), "{option}: {help}");
    }
}

/// It renders nothing: the book takes some 20 MB.
#[cfg(target_os = "linux")]
#[test]
fn it_needs_less_memory_than_the_book() {
    let alone = signaling(&[]).resident_kib();
    let book = Running::start(&mut guidebook(PROGRAM)).resident_kib();
    assert!(
        alone * 2 < book,
        "{alone} KiB alone, {book} KiB with the book"
    );
}
