//! The QR codes of demos: in a workshop, of each place in the book where a demo may be, and of nothing else.

use std::sync::Arc;

use server::book::live::LiveBook;
use server::book::source::Source;
use server::workshop::Workshop;

use crate::qr_code::Modules;
use crate::support::Server;
use crate::support::http::{get, get_with, request};

const URL: &str = "http://192.0.2.5:8000/";

async fn workshop_at(url: &str) -> Server {
    let workshop = Workshop::at(url.to_owned()).unwrap();
    let book = LiveBook::open_for(Some(workshop), Source::Embedded).unwrap();
    Server::with_book(Arc::new(book)).await
}

/// What a browser asks with for this place.
fn path_of(place: &str) -> String {
    let mut path = String::from("/qr?to=");
    for byte in place.bytes() {
        path.push_str(&format!("%{byte:02X}"));
    }
    path
}

#[tokio::test]
async fn the_code_of_a_demo_leads_to_its_place_at_the_address_of_the_workshop() {
    let server = workshop_at(URL).await;
    for place in [
        "connecting/#demo-quickconnect-intro.js",
        "connecting/index.html#demo-quickconnect-intro.js",
        "quickconnect/reference.html#demo-two-peers.js",
        "#demo-a.js",
        "connecting/#demo-gr%C3%BCn%20%221%22.js",
        "connecting/#demo-quickconnect-intro.js~amber-otter",
        "connecting/#~amber-otter",
    ] {
        let code = get(&server, &path_of(place)).await;
        assert_eq!(code.status, 200, "{place}: {}", code.text());
        assert!(code.header("content-type").starts_with("image/svg+xml"));
        let read = Modules::drawn_in(code.text()).read();
        assert_eq!(read, format!("{URL}{place}"));
    }
}

#[tokio::test]
async fn codes_of_short_and_long_places_have_one_size() {
    let server = workshop_at(&format!("http://{}/", "a".repeat(192))).await;
    let begin = "connecting/#demo-";
    for place in [
        format!("{begin}a"),
        format!("{begin}{}", "a".repeat(200 - begin.len())),
    ] {
        let code = get(&server, &path_of(&place)).await;
        assert_eq!(code.status, 200, "{place}: {}", code.text());
        let size = " width=\"1000\" height=\"1000\" viewBox=";
        assert!(code.text().contains(size), "{}", code.text());
        assert!(Modules::drawn_in(code.text()).read().ends_with(&place));
    }
}

#[tokio::test]
async fn what_leads_to_no_demo_of_the_book_is_refused_with_a_sentence() {
    let server = workshop_at(URL).await;
    let demo = "#demo-a.js";
    let long = format!("connecting/#demo-{}", "a".repeat(200));
    let begin = "connecting/";
    for (place, sentence) in [
        (long, "more than 200 bytes"),
        (String::new(), "Only a demo has a code"),
        (begin.to_owned(), "Only a demo has a code"),
        (format!("{begin}#"), "Only a demo has a code"),
        (format!("{begin}#demo-"), "Only a demo has a code"),
        (format!("{begin}#~"), "Only a demo has a code"),
        (format!("{begin}#try-this"), "Only a demo has a code"),
        (format!("{begin}#demo-a b.js"), "Only a demo has a code"),
        (format!("{begin}#demo-ü.js"), "Only a demo has a code"),
        (format!("{begin}#demo-a\r\n.js"), "Only a demo has a code"),
        (format!("/{begin}{demo}"), "no such page"),
        (format!("//evil.example/{demo}"), "no such page"),
        (format!("http://evil.example/{demo}"), "no such page"),
        (format!("@evil.example/{demo}"), "no such page"),
        (format!("../{begin}{demo}"), "no such page"),
        (format!("%2e%2e/{begin}{demo}"), "no such page"),
        (format!("./{begin}{demo}"), "no such page"),
        (format!("connecting{demo}"), "no such page"),
        (format!("connecting/?query{demo}"), "no such page"),
        (format!("no/such/page.html{demo}"), "no such page"),
        (format!("stage/runner.html{demo}"), "no such page"),
        (format!("stage/stage.js{demo}"), "no such page"),
        (format!("workshop/qr.svg{demo}"), "no such page"),
        (format!("%ff{demo}"), "no such page"),
    ] {
        let answer = get(&server, &path_of(&place)).await;
        assert_eq!(answer.status, 400, "{place}");
        assert!(answer.header("content-type").starts_with("text/plain"));
        assert!(
            answer.text().contains(sentence),
            "{place}: {}",
            answer.text()
        );
    }
    for path in ["/qr", "/qr?", "/qr?to", "/qr?from=connecting/%23demo-a.js"] {
        assert_eq!(get(&server, path).await.status, 400, "{path}");
    }
    let posted = request(&server, "POST", &path_of("#demo-a.js"), &[]).await;
    assert_eq!(posted.status, 405);
}

#[tokio::test]
async fn a_code_is_kept_and_asked_for_again_because_the_address_may_be_another() {
    let path = path_of("connecting/#demo-a.js");
    let server = workshop_at(URL).await;
    let code = get(&server, &path).await;
    assert_eq!(code.header("cache-control"), "no-cache");
    let condition = [("if-none-match", code.header("etag"))];
    let again = get_with(&server, &path, &condition).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let other = workshop_at("http://192.0.2.6:8000/").await;
    assert_eq!(get_with(&other, &path, &condition).await.status, 200);
    let head = request(&server, "HEAD", &path, &[]).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test]
async fn pages_name_the_address_where_there_is_a_workshop_and_there_alone() {
    const NAME: &str = "guidebook-workshop";
    let workshop = workshop_at(URL).await;
    let element = format!("<meta name=\"{NAME}\" content=\"{URL}\">");
    for path in ["/", "/connecting/"] {
        assert!(get(&workshop, path).await.text().contains(&element));
    }
    let frame = get(&workshop, "/stage/runner.html").await;
    assert!(!frame.text().contains(&element), "demos need not know");

    let plain = Server::start().await;
    assert!(!get(&plain, "/connecting/").await.text().contains(NAME));
    let code = get(&plain, &path_of("connecting/#demo-a.js")).await;
    assert_eq!(code.status, 404);
    assert!(code.text().contains("Only a workshop has codes"));
}
