//! The host's page of a workshop: who gets it, by a one-time code and a session, and what its WebSocket takes.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use server::config::{Access, Limits, Settings};
use server::host_access::{MAX_SOCKETS, guesses, sessions};
use server::process::addresses;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::support::http::{Answer, exchange};
use crate::support::{Peer, Server, soon};

const SESSION: &str = "/workshop/host/session";
const SOCKET: &str = "/workshop/host";
const SHOW: &str = "/workshop/host/show";

pub(crate) async fn workshop() -> Server {
    Server::of_workshop(Settings::default()).await
}

async fn workshop_for(access: Access) -> Server {
    let settings = Settings {
        access,
        ..Settings::default()
    };
    Server::of_workshop(settings).await
}

fn new_code(server: &Server) -> String {
    let code = server.host_access.make_code(Instant::now());
    code.unwrap().reveal()
}

/// A request as a page of the server sends it, with more headers, or others in place of these.
async fn ask(server: &Server, method: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let host = server.address.to_string();
    let origin = format!("http://{host}");
    let mut all = vec![("host", &*host), ("origin", &*origin)];
    all.retain(|(name, _)| headers.iter().all(|(other, _)| other != name));
    all.extend(headers.iter().filter(|(_, value)| !value.is_empty()));
    exchange(server, method, SESSION, &all, body).await
}

/// The cookie of a new session.
pub(crate) async fn session(server: &Server) -> String {
    let opened = ask(server, "POST", &[], &new_code(server)).await;
    assert_eq!(opened.status, 204, "{}", opened.text());
    cookie(&opened)
}

/// What a browser sends of the cookie that it was given.
fn cookie(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie").split(';').next();
    cookie.unwrap().to_owned()
}

/// The WebSocket of the page, in a browser with this cookie.
async fn connect(server: &Server, cookie: &str) -> Result<Peer, Error> {
    let origin = format!("http://{}", server.address);
    let headers = [("origin", &*origin), ("cookie", cookie)];
    Peer::connect_at_with(server, SOCKET, &headers, "host").await
}

pub(crate) async fn host(server: &Server) -> Peer {
    let cookie = session(server).await;
    connect(server, &cookie).await.unwrap()
}

/// The WebSocket of a page by which the host shows a demo.
pub(crate) async fn showing(server: &Server) -> Peer {
    let cookie = session(server).await;
    let origin = format!("http://{}", server.address);
    let headers = [("origin", &*origin), ("cookie", &*cookie)];
    Peer::connect_at_with(server, SHOW, &headers, "host")
        .await
        .unwrap()
}

/// The status and the sentence with which a WebSocket is refused.
async fn refused(server: &Server, headers: &[(&'static str, &str)]) -> (u16, String) {
    refused_at(server, SOCKET, headers).await
}

async fn refused_at(
    server: &Server,
    path: &str,
    headers: &[(&'static str, &str)],
) -> (u16, String) {
    match Peer::connect_at_with(server, path, headers, "host").await {
        Err(Error::Http(response)) => {
            let body = response.body().clone().unwrap_or_default();
            (response.status().as_u16(), String::from_utf8(body).unwrap())
        }
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was not refused"),
    }
}

/// The next message that is no ping.
pub(crate) async fn next(peer: &mut Peer) -> Value {
    loop {
        let message = next_or_ping(peer).await;
        if message["type"] != "ping" {
            return message;
        }
    }
}

async fn next_or_ping(peer: &mut Peer) -> Value {
    let text = peer.next_text_between_pings().await;
    serde_json::from_str(&text).expect(&text)
}

/// The next message that is no view.
async fn next_refusal(peer: &mut Peer) -> Value {
    loop {
        let message = next(peer).await;
        if message["type"] != "view" {
            return message;
        }
    }
}

#[tokio::test]
async fn a_code_becomes_a_session_that_no_script_and_no_other_site_has() {
    let server = workshop().await;
    let opened = ask(&server, "POST", &[], &new_code(&server)).await;
    assert_eq!((opened.status, opened.text()), (204, ""));
    assert_eq!(opened.header("cache-control"), "no-store");
    assert_eq!(opened.header("access-control-allow-origin"), "");
    let cookie = opened.header("set-cookie");
    let name = format!("guidebook-host-{}=", server.address.port());
    let (key, attributes) = cookie
        .strip_prefix(&name)
        .unwrap()
        .split_once("; ")
        .unwrap();
    assert_eq!(key.len(), 43, "256 bits");
    assert_eq!(attributes, "HttpOnly; SameSite=Strict; Path=/");

    let shown = [("cookie", &*self::cookie(&opened))];
    assert_eq!(ask(&server, "GET", &shown, "").await.status, 204);
    let without = ask(&server, "GET", &[], "").await;
    assert_eq!(without.status, 403);
    assert!(without.text().contains("Press Enter"), "{}", without.text());
    assert_eq!(without.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_code_works_once() {
    let server = workshop().await;
    let code = new_code(&server);
    assert_eq!(ask(&server, "POST", &[], &code).await.status, 204);
    let again = ask(&server, "POST", &[], &code).await;
    assert_eq!(again.status, 403);
    assert!(again.text().contains("works once"), "{}", again.text());
    assert_eq!(again.header("set-cookie"), "");
}

#[tokio::test]
async fn only_a_page_of_the_server_itself_may_show_a_code_or_a_session() {
    let server = workshop_for(Access {
        allow_origin: vec!["*".parse().unwrap()],
        ..Access::default()
    })
    .await;
    let cookie = session(&server).await;
    let own = format!("http://{}", server.address);
    let host = server.address.to_string();
    for origin in [
        "",
        "null",
        "https://stranger.example",
        "http://localhost:3000",
    ] {
        let code = new_code(&server);
        let stranger = [("origin", origin)];
        let answer = ask(&server, "POST", &stranger, &code).await;
        assert_eq!(answer.status, 403, "{origin}");
        assert!(answer.text().contains("Only a page of this server"));
        let readable_by = answer.header("access-control-allow-origin");
        assert_eq!(readable_by, "", "{origin} learns of no workshop");
        let ended = ask(&server, "DELETE", &[stranger[0], ("cookie", &cookie)], "").await;
        assert_eq!(ended.status, 403, "{origin}");
        let mut headers = vec![("host", &*host), ("cookie", &*cookie)];
        if !origin.is_empty() {
            headers.push(("origin", origin));
        }
        assert_eq!(refused(&server, &headers).await.0, 403, "{origin}");
        // It is not used up.
        assert_eq!(ask(&server, "POST", &[], &code).await.status, 204);
    }
    assert_eq!(refused_at(&server, SHOW, &[("origin", &own)]).await.0, 403);
    assert_eq!(refused(&server, &[("origin", &own)]).await.0, 403);
    connect(&server, &cookie).await.unwrap();
}

#[tokio::test]
async fn a_frame_of_the_book_may_not_act_as_the_host_even_with_its_proof() {
    let server = workshop().await;
    let cookie = session(&server).await;
    let path = format!("{SOCKET}?{}", server.proof());
    let headers = [("origin", "null"), ("cookie", &*cookie)];
    let frame = Peer::connect_at_with(&server, &path, &headers, "frame").await;
    assert!(matches!(frame, Err(Error::Http(response)) if response.status() == 403));
}

#[tokio::test]
async fn whoever_asks_through_a_proxy_is_told_to_press_enter() {
    let trusting = workshop_for(Access {
        trusted_proxy: vec!["127.0.0.1".parse().unwrap()],
        ..Access::default()
    })
    .await;
    for (server, header) in [
        (&trusting, ("x-forwarded-for", "127.0.0.1")),
        (&trusting, ("x-none", "at all")),
        (&workshop().await, ("x-forwarded-for", "127.0.0.1")),
        (&workshop().await, ("forwarded", "for=127.0.0.1")),
        (&workshop().await, ("via", "1.1 proxy")),
    ] {
        let code = new_code(server);
        for method in ["POST", "GET", "DELETE"] {
            let answer = ask(server, method, &[header], &code).await;
            assert_eq!(answer.status, 403, "{header:?}");
            assert!(answer.text().contains("Press Enter"), "{}", answer.text());
        }
    }
}

#[tokio::test]
async fn the_machine_at_its_address_in_the_network_is_told_to_press_enter() {
    let mut addresses = addresses::of_this_machine().into_iter();
    let Some(address) = addresses.find(|ip| ip.is_ipv4() && !ip.is_loopback()) else {
        return; // this machine is in no network
    };
    let settings = Settings::default();
    let server = Server::of_workshop_at((address, 0).into(), settings).await;
    let code = new_code(&server);
    let answer = ask(&server, "POST", &[], &code).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("Press Enter"), "{}", answer.text());
    let origin = format!("http://{}", server.address);
    let (status, says) = refused(&server, &[("origin", &origin)]).await;
    assert_eq!(status, 403);
    assert!(says.contains("Press Enter"), "{says}");
}

#[tokio::test]
async fn guesses_end_in_a_minute_without_answers() {
    let server = workshop().await;
    let cookie = session(&server).await;
    let shown = [("cookie", &*cookie)];
    let wrong = format!("guidebook-host-{}=wrong", server.address.port());
    for guess in 0..guesses::MAX_WRONG / 2 {
        let answer = ask(&server, "POST", &[], "AAAAAAAAAAAAAAAAAAAAAA").await;
        assert!(answer.text().contains("works once"), "{guess}");
        let answer = ask(&server, "GET", &[("cookie", &wrong)], "").await;
        assert!(answer.text().contains("no session"), "{guess}");
        // Or the page would show it again and again.
        let forgotten = answer.header("set-cookie");
        assert!(forgotten.ends_with("; Max-Age=0"), "{forgotten}");
    }
    let code = new_code(&server);
    for answer in [
        ask(&server, "POST", &[], &code).await,
        ask(&server, "GET", &shown, "").await,
        ask(&server, "DELETE", &shown, "").await,
    ] {
        assert_eq!(answer.status, 403);
        assert!(
            answer.text().contains("Too many wrong"),
            "{}",
            answer.text()
        );
        assert_eq!(answer.header("set-cookie"), "");
    }
    let origin = format!("http://{}", server.address);
    let (status, says) = refused(&server, &[("origin", &origin), shown[0]]).await;
    assert_eq!(status, 403);
    assert!(says.contains("Too many wrong"), "{says}");
}

#[tokio::test]
async fn a_body_that_can_be_no_code_is_not_read() {
    let server = workshop().await;
    let long = ask(&server, "POST", &[], &"A".repeat(10_000)).await;
    assert_eq!(long.status, 413);
}

#[tokio::test]
async fn without_a_workshop_there_is_no_host() {
    let server = Server::start().await;
    let code = new_code(&server);
    for method in ["POST", "GET", "DELETE"] {
        let answer = ask(&server, method, &[], &code).await;
        assert_eq!(answer.status, 404, "{method}");
        assert!(
            answer.text().contains("Only a workshop"),
            "{}",
            answer.text()
        );
    }
    let origin = format!("http://{}", server.address);
    assert_eq!(refused(&server, &[("origin", &origin)]).await.0, 404);
}

#[tokio::test]
async fn the_end_of_a_session_closes_its_pages_and_no_others() {
    let server = workshop().await;
    let [one, other] = [session(&server).await, session(&server).await];
    let mut pages = [
        connect(&server, &one).await.unwrap(),
        connect(&server, &one).await.unwrap(),
    ];
    let mut elsewhere = connect(&server, &other).await.unwrap();
    let ended = ask(&server, "DELETE", &[("cookie", &one)], "").await;
    assert_eq!(ended.status, 204);
    assert!(ended.header("set-cookie").ends_with("; Max-Age=0"));
    for page in &mut pages {
        let (code, reason) = page.is_closed_with_reason().await;
        assert_eq!(code, CloseCode::Policy);
        assert!(reason.contains("session has ended"), "{reason}");
    }
    let origin = format!("http://{}", server.address);
    let again = refused(&server, &[("origin", &origin), ("cookie", &one)]).await;
    assert_eq!(again.0, 403);
    elsewhere.says("nonsense").await;
    assert_eq!(next_refusal(&mut elsewhere).await["code"], "bad-message");
}

#[tokio::test]
async fn with_one_session_too_many_the_pages_of_the_oldest_are_closed() {
    let server = workshop().await;
    let mut oldest = host(&server).await;
    for _ in 0..sessions::MAX {
        session(&server).await;
    }
    assert_eq!(oldest.is_closed().await, CloseCode::Policy);
}

#[tokio::test]
async fn pages_beyond_the_bound_are_told_so_and_find_a_place_when_another_goes() {
    let server = workshop().await;
    let cookie = session(&server).await;
    let mut pages = Vec::new();
    for _ in 0..MAX_SOCKETS {
        let mut page = connect(&server, &cookie).await.unwrap();
        assert_eq!(next(&mut page).await["type"], "view");
        pages.push(page);
    }
    let mut beyond = connect(&server, &cookie).await.unwrap();
    let (code, reason) = beyond.is_closed_with_reason().await;
    assert_eq!(code, CloseCode::Again);
    assert!(reason.contains("open too often"), "{reason}");
    pages.pop().unwrap().closes().await;
    let mut page = connect(&server, &cookie).await.unwrap();
    assert_eq!(next(&mut page).await["type"], "view");
}

#[tokio::test]
async fn what_is_no_command_is_refused_with_a_sentence_and_the_page_goes_on() {
    let server = workshop().await;
    let mut page = host(&server).await;
    for (command, about) in [
        ("nonsense", "command"),
        ("[]", "command"),
        (r#"{"type":"shutdown"}"#, "shutdown"),
        (r#"{"type":"say"}"#, "text"),
        (
            r#"{"type":"bring","place":"no/such.html","title":"x"}"#,
            "no such page",
        ),
        (
            r#"{"type":"bring","place":"//evil.example/","title":"x"}"#,
            "no such page",
        ),
        (
            r#"{"type":"bring","place":"https://evil.example/","title":"x"}"#,
            "no such page",
        ),
        (
            r#"{"type":"bring","place":"../connecting/","title":"x"}"#,
            "no such page",
        ),
        (
            r#"{"type":"bring","place":"connecting/?x","title":"x"}"#,
            "no such page",
        ),
        (
            r##"{"type":"bring","place":"connecting/#demo a","title":"x"}"##,
            "no such page",
        ),
        (
            r##"{"type":"bring","place":"connecting/#dem\u00f6","title":"x"}"##,
            "no such page",
        ),
        (
            r#"{"type":"bring","place":"stage/stage.js","title":"x"}"#,
            "no such page",
        ),
    ] {
        page.says(command).await;
        let refusal = next_refusal(&mut page).await;
        assert_eq!(refusal["type"], "refused", "{command}");
        assert_eq!(refusal["code"], "bad-message", "{command}");
        let words = refusal["words"].as_str().unwrap();
        assert!(words.contains(about), "{command}: {words}");
    }
}

#[tokio::test]
async fn a_command_larger_than_it_may_be_and_one_in_bytes_end_the_connection() {
    let server = workshop().await;
    let mut page = host(&server).await;
    let text = "x".repeat(4096);
    page.says(&json!({ "type": "say", "text": text }).to_string())
        .await;
    assert_eq!(page.is_closed().await, CloseCode::Size);
    let mut page = host(&server).await;
    page.sends(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(page.is_closed().await, CloseCode::Unsupported);
}

#[tokio::test]
async fn a_page_that_gives_no_sign_of_life_makes_room() {
    let limits = Limits {
        ping_period: Duration::from_millis(50),
        ..Limits::default()
    };
    let server = Server::of_workshop(limits).await;
    let cookie = session(&server).await;
    // They are not read, and so no ping is answered.
    let mut silent = Vec::new();
    for _ in 0..MAX_SOCKETS {
        silent.push(connect(&server, &cookie).await.unwrap());
    }
    let finds_a_place = async {
        loop {
            let mut page = connect(&server, &cookie).await.unwrap();
            if page.next_text_or_end().await.is_some() {
                return;
            }
        }
    };
    soon("a place", finds_a_place).await;
}

#[tokio::test]
async fn a_page_hears_so_often_that_the_server_is_there_and_how_often() {
    let server = Server::of_workshop(Limits {
        ping_period: Duration::from_millis(50),
        ..Limits::default()
    })
    .await;
    let mut page = host(&server).await;
    let mut pings = 0;
    while pings < 3 {
        let message = next_or_ping(&mut page).await;
        if message["type"] == "ping" {
            assert_eq!(message["every"], 50);
            pings += 1;
        }
    }
}

#[tokio::test]
async fn the_end_of_the_server_closes_the_page() {
    let server = workshop().await;
    let mut page = host(&server).await;
    assert_eq!(next(&mut page).await["type"], "view");
    let closed = tokio::spawn(async move { page.is_closed().await });
    let took = server.stop().await;
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(closed.await.unwrap(), CloseCode::Away);
}
