//! The headers that keep a page to what the book put into it.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest, Sha256};

use crate::support::http::{Answer, get, get_with};
use crate::support::{Checkout, Server};

/// One directive of a page's policy.
fn directive<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let policy = answer.header("content-security-policy");
    let directive = policy
        .split("; ")
        .find_map(|directive| directive.strip_prefix(name));
    directive
        .unwrap_or_else(|| panic!("no {name} in {policy}"))
        .trim()
}

/// The inline scripts of a page, found the simple way; mdBook writes its tags so. What stands in a script is no tag.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut inline = Vec::new();
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once("<script") {
        let (attributes, text) = tag.split_once('>').unwrap();
        let (text, after) = text.split_once("</script>").unwrap();
        if !attributes.contains("src=") {
            inline.push(text);
        }
        rest = after;
    }
    inline
}

#[tokio::test]
async fn every_page_runs_its_own_scripts_and_no_others() {
    let server = Server::start().await;
    let book = server.book.current();
    let pages: Vec<_> = book
        .paths()
        .filter(|path| path.ends_with(".html"))
        .collect();
    assert!(pages.contains(&"index.html") && pages.contains(&"print.html"));
    let mut count = 0;
    for page in pages {
        let answer = get(&server, &format!("/{page}")).await;
        let allowed = directive(&answer, "script-src");
        assert!(!allowed.contains("unsafe"), "{page}: {allowed}");
        for script in inline_scripts(answer.text()) {
            let hash = format!(
                "'sha256-{}'",
                BASE64_STANDARD.encode(Sha256::digest(script))
            );
            assert!(allowed.contains(&hash), "{page}: {script}");
            count += 1;
        }
    }
    assert!(
        count > 10,
        "mdBook's pages have inline scripts, and the test found {count}"
    );
}

#[tokio::test]
async fn a_page_loads_nothing_from_elsewhere() {
    let server = Server::start().await;
    let answer = get(&server, "/").await;
    assert_eq!(directive(&answer, "default-src"), "'self'");
    let own = "'self' 127.0.0.1 http://*.localhost";
    assert_eq!(directive(&answer, "connect-src"), own);
    assert_eq!(directive(&answer, "object-src"), "'none'");
    assert_eq!(directive(&answer, "frame-ancestors"), "'self'");
}

#[tokio::test]
async fn a_frame_is_an_origin_of_its_own_that_reaches_this_server_only() {
    let server = Server::start().await;
    let answer = get(&server, "/stage/runner.html").await;
    assert_eq!(directive(&answer, "sandbox"), "allow-scripts");
    assert_eq!(directive(&answer, "default-src"), "'none'");
    let own = "'self' http://localhost ws://localhost";
    assert_eq!(directive(&answer, "connect-src"), own);
    assert_eq!(directive(&answer, "form-action"), "'none'");
    assert!(directive(&answer, "script-src").starts_with("'self' blob: 'sha256-"));
}

#[tokio::test]
async fn a_page_may_hold_frames_of_this_server_only_and_of_no_other_port() {
    let server = Server::start().await;
    for (host, frames, ancestors) in [
        (
            "127.0.0.1:8000",
            "'self' localhost:8000 http://*.localhost:8000",
            "'self' localhost:8000 http://127.0.0.1:8000",
        ),
        (
            "localhost:8000",
            "'self' 127.0.0.1:8000 http://*.localhost:8000",
            "'self' 127.0.0.1:8000 http://localhost:8000",
        ),
        ("192.0.2.7:8000", "'self'", "'self' http://192.0.2.7:8000"),
    ] {
        let headers = [("host", host)];
        for path in ["/", "/nothing"] {
            let page = get_with(&server, path, &headers).await;
            assert_eq!(directive(&page, "frame-src"), frames, "{host}{path}");
            assert_eq!(directive(&page, "connect-src"), frames, "{host}{path}");
        }
        let frame = get_with(&server, "/stage/runner.html", &headers).await;
        assert_eq!(directive(&frame, "frame-ancestors"), ancestors, "{host}");
    }
}

#[tokio::test]
async fn a_page_that_is_already_there_keeps_the_policy_of_its_address() {
    let server = Server::start().await;
    let host = ("host", "127.0.0.1:8000");
    let page = get_with(&server, "/", &[host]).await;
    let etag = page.header("etag");
    let again = get_with(&server, "/", &[host, ("if-none-match", etag)]).await;
    assert_eq!(again.status, 304);
    let frames = "'self' localhost:8000 http://*.localhost:8000";
    assert_eq!(directive(&again, "frame-src"), frames);
}

#[tokio::test]
async fn every_response_is_hardened_once() {
    let server = Server::with_book(Checkout::new().book()).await;
    for path in [
        "/",
        "/nothing",
        "/part",
        "/stage/runner.js",
        "/author.js",
        "/healthz",
    ] {
        let answer = get(&server, path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(answer.all(name), [value], "{path}");
        }
    }
}

#[tokio::test]
async fn no_page_elsewhere_has_a_handle_on_ours_where_browsers_heed_that() {
    let server = Server::with_book(Checkout::new().book()).await;
    for path in ["/", "/part/", "/nothing"] {
        // Browsers send this to HTTPS and to their own machine only, and complain of the header elsewhere.
        let trusted = get_with(&server, path, &[("sec-fetch-dest", "document")]).await;
        let name = "cross-origin-opener-policy";
        assert_eq!(trusted.all(name), ["same-origin"], "{path}");
        let plain = get(&server, path).await;
        assert!(plain.all(name).is_empty(), "{path}");
    }
}
