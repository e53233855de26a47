//! The instructions of the reference for a page of one's own, followed word by word, from another origin: what is allowed, and what is refused.

use serde_json::Value;
use server::config::{Access, Settings};
use tokio_tungstenite::tungstenite::Error;

use crate::support::{Peer, Server, http};

const REFERENCE: &str = include_str!("../../../book/quickconnect/reference.md");
const DECLARATIONS: &str = include_str!("../../../code/quickconnect/js/index.d.ts");
const PACKAGE: &str = include_str!("../../../code/quickconnect/js/package.json");
/// Where it has the server, and where the page.
const SERVER: &str = "http://127.0.0.1:8000";
const PAGE: &str = "http://127.0.0.1:9000";

/// The blocks of the section in a language, in their order.
fn blocks(language: &str) -> Vec<&'static str> {
    let (_, section) = REFERENCE
        .split_once("## In a page of your own\n")
        .expect("the reference has the section");
    let (section, _) = section
        .split_once("\n<!--")
        .expect("what is generated follows");
    let begin = format!("```{language}\n");
    let rests = section.split(begin.as_str()).skip(1);
    rests
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .collect()
}

/// What follows `before` in a text, up to the end of the word.
fn after<'t>(text: &'t str, before: &str) -> Vec<&'t str> {
    let rests = text.split(before).skip(1);
    rests
        .map(|rest| {
            rest.split(['\n', '"', '\'', ' '])
                .next()
                .unwrap_or_default()
        })
        .collect()
}

/// The flag that it tells to start the server with.
fn flagged() -> Settings {
    let [_, _, start] = blocks("sh")[..] else {
        panic!("three commands: to copy, to serve, and to start the server");
    };
    let flags = after(start, "--allow-origin ");
    assert_eq!(flags, [PAGE]);
    let access = Access {
        allow_origin: vec![flags[0].parse().unwrap()],
        ..Access::default()
    };
    Settings {
        access,
        ..Settings::default()
    }
}

/// The status of a WebSocket of its page.
async fn status(server: &Server) -> u16 {
    match Peer::connect_with(server, &[("origin", PAGE)], "a").await {
        Ok(mut peer) => {
            peer.hears_greeting().await;
            101
        }
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn what_it_tells_to_copy_is_there_for_pages_of_every_origin() {
    let server = Server::start().await;
    let copied = after(blocks("sh")[0], SERVER);
    let folder = "/code/quickconnect/js/";
    let expected = ["index.js", "index.js.map", "index.d.ts"].map(|name| format!("{folder}{name}"));
    assert_eq!(copied, expected);
    for path in copied {
        let answer = http::get_with(&server, path, &[("origin", PAGE)]).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(!answer.body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn the_file_says_its_version_and_its_licence_and_leads_to_its_source_map() {
    let server = Server::start().await;
    let library = http::get(&server, "/code/quickconnect/js/index.js").await;
    let package: Value = serde_json::from_str(PACKAGE).unwrap();
    let part = |name: &str| package[name].as_str().unwrap().to_owned();
    let banner = format!(
        "/*! {} {}, {} */",
        part("name"),
        part("version"),
        part("license")
    );
    let mut lines = library.text().lines();
    assert_eq!(lines.next(), Some(banner.as_str()));
    assert_eq!(lines.last(), Some("//# sourceMappingURL=index.js.map"));
    assert_eq!(
        library.header("content-type"),
        "text/javascript; charset=utf-8"
    );
}

#[tokio::test]
async fn the_declarations_are_those_of_the_library_and_can_be_read_in_a_browser() {
    let server = Server::start().await;
    let answer = http::get(&server, "/code/quickconnect/js/index.d.ts").await;
    assert_eq!(answer.text(), DECLARATIONS);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
}

#[tokio::test]
async fn its_page_imports_what_is_there_and_signals_at_the_server() {
    let server = Server::start().await;
    let [page] = blocks("html")[..] else {
        panic!("one page");
    };
    let [library, signaling] = after(page, SERVER)[..] else {
        panic!("{page}");
    };
    assert_eq!(http::get(&server, library).await.status, 200);
    assert_eq!(signaling, "");
}

#[tokio::test]
async fn its_page_is_refused_and_can_read_the_flag_that_the_reference_tells() {
    let server = Server::start().await;
    assert_eq!(status(&server).await, 403);
    let asked = http::post(&server, "/primus", &[("origin", PAGE)], "").await;
    assert_eq!(asked.status, 403);
    assert_eq!(asked.header("access-control-allow-origin"), "*");
    let flag = format!("--allow-origin {PAGE}.");
    assert!(asked.text().contains(&flag), "{}", asked.text());
}

#[tokio::test]
async fn with_that_flag_its_page_may_signal_and_others_may_not() {
    let server = Server::with_settings(flagged()).await;
    assert_eq!(status(&server).await, 101);
    let other = [("origin", "http://127.0.0.1:9001")];
    assert!(Peer::connect_with(&server, &other, "b").await.is_err());
}
