//! The page of *From a demo to your own page*, at an origin of its own: what one sends stands in the other.
//!
//! May import: `harness`, `own_page`.

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::http::header;
use axum::response::Html;
use axum::routing::get;
use serde_json::json;

use super::own_page::{Site, open, server_for};
use crate::harness::Kind::{Chromium, FirefoxWithAddresses};
use crate::harness::{Browser, Page, eventually, in_each_browser};

const HTML: &str = include_str!("../../../../code/take/chat.html");
const PROGRAM: &str = include_str!("../../../../code/take/chat.js");
/// Where both have the server.
const SERVER: &str = "http://127.0.0.1:8000";

/// Sends what a user would have written.
const SEND: &str = "const form = document.querySelector('form');
    form.elements.text.value = arguments[0];
    form.requestSubmit();";

/// Waits until these words stand in an element.
async fn shows(page: &Page<'_>, element: &str, words: &str) -> Result<()> {
    let text = "return document.querySelector(arguments[0]).textContent;";
    let shown = eventually(async || {
        let text = page.evaluate(text, [json!(element)]).await?;
        let has_words = text.as_str().is_some_and(|text| text.contains(words));
        Ok(has_words.then_some(()))
    });
    shown
        .await
        .with_context(|| format!("{element} should have {words}"))
}

async fn they_talk(browser: &Browser) -> Result<()> {
    let site = Site::new().await?;
    let origin = site.origin.clone();
    let server = format!("http://{}", server_for(&origin).await?);
    let [page, program] = [HTML, PROGRAM].map(|text| text.replace(SERVER, &server));
    for text in [&page, &program] {
        ensure!(text.contains(&server), "it names the server: {text}");
    }
    let program = ([(header::CONTENT_TYPE, "text/javascript")], program);
    let files = Router::new().route("/", get(async || Html(page)));
    site.serve_files(files.route("/chat.js", get(async || program)));
    let one = open(browser, &origin).await?;
    let other = open(browser, &origin).await?;
    for page in [&one, &other] {
        shows(page, "[role=status]", " is here.").await?;
    }
    one.evaluate(SEND, [json!("hello <b>there</b>")]).await?;
    shows(&one, "[role=log]", "You: hello <b>there</b>").await?;
    shows(&other, "[role=log]", ": hello <b>there</b>").await
}

#[test]
fn two_pages_of_another_origin_exchange_a_message() {
    in_each_browser([Chromium, FirefoxWithAddresses], they_talk);
}
