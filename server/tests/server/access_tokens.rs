//! `--access-key`: who is let in over real sockets, by which token, and what everybody else is told.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use quickconnect::{Error as ClientError, Event, QuickConnect};
use serde_json::json;
use server::access_token::claims::{Carrier, Claims};
use server::access_token::key::Key;
use server::access_token::key_set::{KeySet, new_file};
use server::access_token::keys::Keys;
use server::config::{Access, IceServers, Limits, Settings};
use server::doctor::examine;
use server::owner_only;
use tempfile::TempDir;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::support::{PROGRAM, Peer, Server, guidebook, http, soon};

/// A file of keys, and who signs with the first of them.
pub(crate) struct Issuer {
    folder: TempDir,
}

impl Issuer {
    pub(crate) fn new() -> Self {
        let issuer = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        issuer.writes(&new_file("first").unwrap());
        issuer
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("keys.json")
    }

    pub(crate) fn writes(&self, text: &str) {
        owner_only::write(self.folder.path(), "keys.json", text.as_bytes()).unwrap();
    }

    fn settings(&self) -> Settings {
        Settings {
            access: Access {
                access_key: Some(self.path()),
                ..Access::default()
            },
            ..Settings::default()
        }
    }

    pub(crate) async fn serves(&self) -> Server {
        let mut settings = self.settings();
        settings.admin.metrics = true;
        Server::with_settings(settings).await
    }

    /// A token of the first key in the file, as changed by the test.
    pub(crate) fn token(&self, change: impl FnOnce(&mut Claims)) -> String {
        let set = KeySet::open(&self.path()).unwrap();
        sign(set.signer().unwrap(), change)
    }
}

fn sign(key: &Key, change: impl FnOnce(&mut Claims)) -> String {
    let exp = SystemTime::now() + Duration::from_secs(50);
    let mut claims = Claims {
        room: "demo-*".parse().unwrap(),
        id: None,
        may_invite: false,
        exp,
        until: exp,
    };
    change(&mut claims);
    key.sign(&claims).unwrap()
}

fn subprotocols(token: &str) -> String {
    format!("token, {token}")
}

/// Connects as a page does that has a token.
async fn connect(server: &Server, token: &str, id: &str) -> Peer {
    let offer = subprotocols(token);
    let headers = [("sec-websocket-protocol", offer.as_str())];
    Peer::connect_with(server, &headers, id).await.unwrap()
}

/// The code that a WebSocket at this path is told before it is closed, and the words.
async fn refused(
    server: &Server,
    path: &str,
    headers: &[(&'static str, &str)],
) -> (String, String) {
    let mut peer = Peer::connect_at_with(server, path, headers, "a")
        .await
        .unwrap();
    let text = peer.next_text().await;
    let error: serde_json::Value =
        serde_json::from_str(text.strip_prefix("/error|").expect(&text)).unwrap();
    let code = error["code"].as_str().unwrap().to_owned();
    let closed = peer.is_closed_with_reason().await;
    assert_eq!(closed, (CloseCode::Library(4003), code.clone()));
    (code, error["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn without_the_flag_nobody_is_asked_for_a_token_and_who_has_one_is_let_in_as_well() {
    let server = Server::start().await;
    let issuer = Issuer::new();
    let mut anna = Peer::join(&server, "anna", "lobby", 1).await;
    let mut bert = connect(&server, &issuer.token(|_| {}), "bert").await;
    bert.hears_greeting().await;
    bert.announce("lobby").await;
    bert.hears_room_info(2).await;
    let announcement = bert.announcement("lobby");
    anna.hears(&announcement).await;
}

#[tokio::test]
async fn a_token_lets_in_by_subprotocol_by_header_and_by_query() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let token = issuer.token(|_| {});
    let (offer, bearer) = (subprotocols(&token), format!("Bearer {token}"));
    for (path, headers) in [
        (
            "/".to_owned(),
            vec![("sec-websocket-protocol", offer.as_str())],
        ),
        (
            "/primus".to_owned(),
            vec![("authorization", bearer.as_str())],
        ),
        (format!("/?token={token}"), vec![]),
        // Original clients put their path behind the address that they are given.
        (format!("/?token={token}/"), vec![]),
        (format!("/?token={token}/primus"), vec![]),
    ] {
        let mut peer = Peer::connect_at_with(&server, &path, &headers, "a")
            .await
            .unwrap();
        peer.hears_greeting().await;
        peer.announce("demo-1").await;
        peer.hears_room_info(1).await;
        peer.closes().await;
    }
}

#[tokio::test]
async fn who_has_no_good_token_hears_why_as_a_frame_that_client_libraries_show_and_is_closed() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let (code, words) = refused(&server, "/", &[]).await;
    assert_eq!(code, "token-missing");
    assert!(words.contains("option `token`"), "{words}");
    let other = Key::hs256("other", &[1; 32]).unwrap();
    let forged = Key::hs256("first", &[1; 32]).unwrap();
    let now = SystemTime::now();
    for (token, expected) in [
        ("nonsense".to_owned(), "token-malformed"),
        (sign(&other, |_| {}), "token-key-unknown"),
        (sign(&forged, |_| {}), "token-signature"),
        (
            issuer.token(|claims| claims.exp = now - Duration::from_secs(60)),
            "token-expired",
        ),
    ] {
        let offer = subprotocols(&token);
        let (code, words) = refused(&server, "/", &[("sec-websocket-protocol", &offer)]).await;
        assert_eq!(code, expected);
        assert!(!words.contains(&token), "{words}");
    }
    let long = issuer.token(|claims| claims.exp = now + Duration::from_secs(600));
    let (code, _) = refused(&server, &format!("/?token={long}"), &[]).await;
    assert_eq!(code, "token-lives-too-long");
    let mut peer = connect(&server, &long, "a").await;
    peer.hears_greeting().await;
    let numbers = http::get(&server, "/metrics").await;
    let numbers = numbers.text();
    for code in ["token-missing", "token-signature"] {
        assert!(
            numbers.contains(&format!("refusals_total{{code=\"{code}\"}} 1")),
            "{numbers}"
        );
    }
}

#[tokio::test]
async fn rooms_and_ids_that_the_token_does_not_name_are_refused_and_the_session_goes_on() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let token = issuer.token(|claims| claims.id = Some("anna".into()));
    let mut anna = connect(&server, &token, "anna").await;
    anna.hears_greeting().await;
    anna.announce("lobby").await;
    let words = anna.hears_error("token-other-room").await;
    assert!(words.contains("`room`"), "{words}");
    anna.announce("demo-1").await;
    anna.hears_room_info(1).await;
    anna.announce("lobby").await;
    anna.hears_error("token-other-room").await;
    anna.hears_nothing().await;
    let mut bert = connect(&server, &token, "bert").await;
    bert.hears_greeting().await;
    bert.announce("demo-1").await;
    let words = bert.hears_error("token-other-id").await;
    assert!(words.contains("`id`"), "{words}");
}

#[tokio::test]
async fn a_session_ends_with_what_its_token_says_in_a_room_or_not() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    // Times of tokens are whole seconds.
    let token = issuer.token(|claims| claims.until = SystemTime::now() + Duration::from_secs(5));
    let mut idle = connect(&server, &token, "idle").await;
    idle.hears_greeting().await;
    let mut member = connect(&server, &token, "member").await;
    member.hears_greeting().await;
    member.announce("demo-1").await;
    member.hears_room_info(1).await;
    for peer in [&mut idle, &mut member] {
        assert_eq!(peer.is_closed().await, CloseCode::Library(4002));
    }
}

#[tokio::test]
async fn keys_change_while_the_server_runs_and_who_was_let_in_by_one_that_is_gone_is_closed() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let old = issuer.token(|_| {});
    let mut before = connect(&server, &old, "before").await;
    before.hears_greeting().await;
    issuer.writes(&new_file("second").unwrap());
    let new = issuer.token(|_| {});
    assert_eq!(before.is_closed().await, CloseCode::Library(4002));
    let mut after = connect(&server, &new, "after").await;
    after.hears_greeting().await;
    let offer = subprotocols(&old);
    let (code, _) = refused(&server, "/", &[("sec-websocket-protocol", &offer)]).await;
    assert_eq!(code, "token-key-unknown");
}

#[tokio::test]
async fn what_connects_readers_by_other_means_asks_for_a_token_as_well() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    for (path, body) in [
        ("/ice", ""),
        ("/companion", "demo-1"),
        ("/line", "{}"),
        ("/lab", "{}"),
    ] {
        let answer = http::post(&server, path, &[], body).await;
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.text().contains("access token"), "{}", answer.text());
    }
    let bearer = format!("Bearer {}", issuer.token(|_| {}));
    let answer = http::post(&server, "/ice", &[("authorization", &bearer)], "").await;
    assert_eq!(answer.status, 200);
    let path = format!("/ice?token={}", issuer.token(|_| {}));
    assert_eq!(http::post(&server, &path, &[], "").await.status, 200);
    let opened = http::post(&server, "/line", &[("authorization", &bearer)], "{}").await;
    assert_eq!(opened.status, 201, "{}", opened.text());
    // Everybody reads the book.
    assert_eq!(http::get(&server, "/").await.status, 200);
}

#[tokio::test]
async fn a_browser_may_ask_whether_it_may_bring_a_token() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let preflight = [
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization"),
    ];
    for path in ["/ice", "/line", "/lab"] {
        let answer = http::request(&server, "OPTIONS", path, &preflight).await;
        assert_eq!(answer.status, 204, "{path}");
        let allowed = answer.header("access-control-allow-headers");
        assert!(allowed.contains("authorization"), "{allowed}");
    }
}

#[tokio::test]
async fn the_companion_comes_to_rooms_of_the_token_if_its_bearer_may_invite() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let invite = async |room: &str, may: bool| {
        let token = issuer.token(|claims| claims.may_invite = may);
        let bearer = format!("Bearer {token}");
        http::post(&server, "/companion", &[("authorization", &bearer)], room).await
    };
    let answer = invite("demo-1", false).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("`mayInvite`"), "{}", answer.text());
    assert_eq!(invite("lobby", true).await.status, 403);
    let mut anna = connect(&server, &issuer.token(|_| {}), "anna").await;
    anna.hears_greeting().await;
    anna.announce("demo-1").await;
    anna.hears_room_info(1).await;
    let answer = invite("demo-1", true).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    let announced = anna.next_text_between_pings().await;
    assert!(announced.contains("\"companion\":true"), "{announced}");
}

#[tokio::test]
async fn the_media_room_is_for_the_rooms_of_a_token_and_its_keys_for_whoever_may_invite() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let [guest, host] = [false, true].map(|may| {
        let token = issuer.token(|claims| claims.may_invite = may);
        format!("Bearer {token}")
    });
    let missing = http::get(&server, "/sfu/demo-1").await;
    assert_eq!(missing.status, 401);
    assert_eq!(missing.header("www-authenticate"), "Bearer");
    for (room, status) in [("demo-1", 200), ("lobby", 403)] {
        let headers = [("authorization", &*guest)];
        let answer = http::get_with(&server, &format!("/sfu/{room}"), &headers).await;
        assert_eq!(answer.status, status, "{room}: {}", answer.text());
    }
    for (bearer, room, status) in [
        (&guest, "demo-1", 403),
        (&host, "lobby", 403),
        (&host, "demo-1", 201),
    ] {
        let headers = [("authorization", bearer.as_str())];
        let answer = http::post(&server, &format!("/sfu/{room}/key"), &headers, "").await;
        assert_eq!(answer.status, status, "{room}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_books_demos_are_let_in_without_a_token_if_the_operator_says_so() {
    let issuer = Issuer::new();
    let strict = issuer.serves().await;
    let of_frame = |server: &Server| format!("/?{}", server.proof());
    let (code, _) = refused(&strict, &of_frame(&strict), &[("origin", "null")]).await;
    assert_eq!(code, "token-missing");
    let mut settings = issuer.settings();
    settings.access.access_pages = true;
    let open = Server::with_settings(settings).await;
    Peer::connect_as_frame(&open, "frame").await;
    let path = format!("/ice?{}", open.proof());
    assert_eq!(
        http::post(&open, &path, &[("origin", "null")], "")
            .await
            .status,
        200
    );
    // To be of this server's origin is easily said.
    let origin = format!("http://{}", open.address);
    let (code, _) = refused(&open, "/", &[("origin", &origin)]).await;
    assert_eq!(code, "token-missing");
}

#[tokio::test]
async fn a_foreign_origin_is_refused_whatever_token_it_has() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let offer = subprotocols(&issuer.token(|_| {}));
    let headers = [
        ("origin", "https://stranger.example"),
        ("sec-websocket-protocol", offer.as_str()),
    ];
    match Peer::connect_with(&server, &headers, "a").await {
        Err(Error::Http(response)) => assert_eq!(response.status().as_u16(), 403),
        other => panic!("{:?}", other.map(|_| ())),
    }
}

const HOW_TO: &str = include_str!("../../../book/quickconnect/how-to.md");

/// The commands of the how-to that make something, each as its words.
fn commands_of_the_how_to() -> Vec<Vec<&'static str>> {
    let (_, section) = HOW_TO.split_once("## Authenticate users\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let lines = section.lines();
    let commands = lines.filter_map(|line| line.strip_prefix("guidebook token "));
    commands
        .map(|words| {
            words
                .split(' ')
                .map(|word| word.trim_matches('\''))
                .collect()
        })
        .collect()
}

#[test]
fn the_commands_of_the_how_to_make_a_key_and_a_token_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| {
        let mut command = guidebook(PROGRAM);
        let command = command.current_dir(&folder).arg("token").args(words);
        command.output().unwrap()
    };
    let commands = commands_of_the_how_to();
    let [new_key, token] = &commands[..] else {
        panic!("{commands:?}");
    };
    let made = run(new_key);
    assert!(made.status.success(), "{made:?}");
    let keys = KeySet::open(&folder.path().join("keys.json")).unwrap();
    let made = run(token);
    assert!(made.status.success(), "{made:?}");
    let text = String::from_utf8(made.stdout).unwrap();
    let keys = Keys::of(keys).unwrap();
    let grant = keys.check(text.trim(), Carrier::Header, SystemTime::now());
    let claims = grant.unwrap().claims;
    assert!(claims.room.covers("team-7") && !claims.room.covers("lobby"));
    assert_eq!(claims.id.as_deref(), Some("anna"));
    // The keys may be in use.
    let again = run(new_key);
    assert!(!again.status.success());
    assert!(String::from_utf8(again.stderr).unwrap().contains("already"));
}

#[test]
fn a_server_whose_keys_cannot_be_used_does_not_start() {
    let issuer = Issuer::new();
    let error = || {
        let mut command = guidebook(PROGRAM);
        let output = command
            .arg("--access-key")
            .arg(issuer.path())
            .output()
            .unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    issuer.writes(&json!({ "keys": [] }).to_string());
    let none = error();
    assert!(
        none.contains("keys.json") && none.contains("has no keys"),
        "{none}"
    );
    fs::remove_file(issuer.path()).unwrap();
    let missing = error();
    assert!(missing.contains("--new-key"), "{missing}");
}

#[tokio::test]
async fn two_rust_clients_meet_by_tokens_that_they_are_asked_for_again_when_one_has_ended() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let url = format!("http://{}", server.address);
    let mut anna = QuickConnect::builder(&url)
        .room("demo-1")
        .token(issuer.token(|_| {}))
        .connect()
        .await
        .unwrap();
    let key = KeySet::open(&issuer.path())
        .unwrap()
        .signer()
        .unwrap()
        .clone();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let mut bert = QuickConnect::builder(&url)
        .room("demo-1")
        .token_from(move || {
            let is_first = count.fetch_add(1, Ordering::Relaxed) == 0;
            let token = sign(&key, |claims| {
                if is_first {
                    claims.until = SystemTime::now() + Duration::from_secs(3);
                }
            });
            async move { Ok::<_, String>(token) }
        })
        .connect()
        .await
        .unwrap();
    let started = async { while !matches!(anna.next().await, Some(Event::CallStarted(_))) {} };
    soon("a call", started).await;
    let back = async {
        while !matches!(bert.next().await, Some(Event::Disconnected)) {}
        loop {
            match bert.next().await {
                Some(Event::Connected) => break,
                Some(Event::Error(error)) => panic!("a new token is no error: {error}"),
                _ => {}
            }
        }
    };
    soon("another session", back).await;
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    anna.close().await;
    bert.close().await;
}

#[tokio::test]
async fn a_rust_client_without_a_good_token_is_told_why() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let url = format!("http://{}", server.address);
    let builder = QuickConnect::builder(&url).room("demo-1").reconnect(false);
    let mut client = builder.clone().connect().await.unwrap();
    let refused = async {
        loop {
            if let Some(Event::Error(ClientError::Refused { code, .. })) = client.next().await {
                return code;
            }
        }
    };
    assert_eq!(soon("the refusal", refused).await, "token-missing");
    let none = builder.clone().token_from(async || Err("logged out"));
    let error = none.connect().await.unwrap_err().to_string();
    assert_eq!(
        error,
        "There is no access token for the signaling server: logged out."
    );
    let error = builder.token("a\nb").connect().await.unwrap_err();
    assert!(error.to_string().contains("characters"), "{error}");
    assert!(!format!("{:?}", QuickConnect::builder(&url).token("secret")).contains("secret"));
}

#[tokio::test]
async fn a_token_costs_nobody_who_has_none_a_place_for_long() {
    let issuer = Issuer::new();
    let server = Server::with_settings(Settings {
        limits: Limits {
            max_connections_per_address: 3,
            ..Limits::default()
        },
        ..issuer.settings()
    })
    .await;
    for _ in 0..5 {
        let (code, _) = refused(&server, "/", &[]).await;
        assert_eq!(code, "token-missing");
    }
}

#[tokio::test]
async fn the_doctor_says_why_it_is_not_let_in_and_with_a_token_it_connects_two_peers() {
    let issuer = Issuer::new();
    let server = issuer.serves().await;
    let url = format!("http://{}", server.address);
    let examined = async |token: Option<&str>| {
        let no_others = IceServers::default();
        let report = soon("a report", examine(&url, &no_others, token)).await;
        report.to_string()
    };
    let report = examined(None).await;
    assert!(report.contains("show one with --token"), "{report}");
    let elsewhere = issuer.token(|_| {});
    let report = examined(Some(&elsewhere)).await;
    let refusal = "The server refuses. The access token of this connection is not for this room.";
    assert!(report.contains(refusal), "{report}");
    let token = issuer.token(|claims| claims.room = "doctor-*".parse().unwrap());
    let report = examined(Some(&token)).await;
    assert!(report.contains("A message went from one"), "{report}");
    assert!(report.contains("Demos have no access token"), "{report}");
    assert!(!report.contains("failed"), "{report}");
}
