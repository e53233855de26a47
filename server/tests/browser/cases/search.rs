//! The search of the book answers what people look for.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::harness::{Browser, Page, eventually, in_browser};

/// What people type, and the section that answers it.
const QUESTIONS: [(&str, &str); 12] = [
    ("mute", "media/mute.html#say-that-you-are-muted"),
    ("file", "quickconnect/how-to.html#send-a-file"),
    (
        "who is here",
        "quickconnect/how-to.html#find-out-who-is-here",
    ),
    (
        "authenticate",
        "quickconnect/how-to.html#authenticate-users",
    ),
    (
        "own TURN server",
        "quickconnect/how-to.html#use-my-own-turn-server",
    ),
    ("npm", "quickconnect/how-to.html#install-it-with-npm"),
    (
        "nginx",
        "quickconnect/how-to.html#run-the-server-behind-nginx",
    ),
    ("reconnect", "quickconnect/how-to.html#reconnect"),
    ("esbuild", "take/own-page.html#with-a-bundler"),
    ("PeerJS", "take/moving.html#from-peerjs"),
    (
        "access token",
        "take/tokens.html#who-may-join-access-tokens",
    ),
    (
        "call:started",
        "quickconnect/reference.html#event-call-started",
    ),
];

/// Answers that are seen without scrolling.
const FIRST: usize = 3;

/// Types into the search box.
const ASK: &str = "const box = document.getElementById('mdbook-searchbar');
    box.value = arguments[0];
    box.dispatchEvent(new KeyboardEvent('keyup'));";

/// The addresses of what was found, the best first.
const FOUND: &str = "const { origin } = location;
    const header = document.getElementById('mdbook-searchresults-header').textContent;
    if (!header.includes(`'${arguments[0]}'`)) return null;
    return [...document.querySelectorAll('#mdbook-searchresults a')].map(({ href }) => new URL(href)).map(({ pathname, hash }) => pathname.slice(1) + hash);";

pub(super) async fn first_of(page: &Page<'_>, question: &str) -> Result<Value> {
    let found = eventually(async || {
        page.evaluate(ASK, [json!(question)]).await?;
        let found = page.evaluate(FOUND, [json!(question)]).await?;
        Ok(found.is_array().then_some(found))
    });
    found
        .await
        .with_context(|| format!("{question:?} is answered"))
}

/// What people look for is among what is found first: the page of questions may come before it.
pub(super) async fn answers_questions(browser: &Browser) -> Result<()> {
    let page = browser.open("").await?;
    page.evaluate(
        "document.getElementById('mdbook-search-toggle').click();",
        [],
    )
    .await?;
    for (question, section) in QUESTIONS {
        let found = first_of(&page, question).await?;
        let first = found.as_array().context("a list")?.iter().take(FIRST);
        ensure!(
            first.into_iter().any(|one| *one == json!(section)),
            "{question}: {found}"
        );
    }
    Ok(())
}

#[test]
fn the_search_finds_what_people_look_for_first() {
    in_browser(answers_questions);
}
