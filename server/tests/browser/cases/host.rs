//! The host's page: who is in the workshop, and what the host does for all. Attendees are sockets of other browsers here, so that each test says what they do.
//!
//! # Layout
//! - [`looking`]: how the page looks and is used
//! - [`presenting`]: the speaker's notes
//! - [`together`]: what the host does with the pages of all

mod looking;
mod presenting;
mod together;

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, from_value, json};
use server::host_access::HostAccess;

use crate::harness::Kind::{Chromium, ChromiumWithRequests, Firefox};
use crate::harness::{Browser, Page, eventually, in_browser_of, in_hosted_workshop, in_workshop};
use crate::pages::{CHAPTER, HOST};

/// A page of the server without any script.
const EMPTY: &str = "healthz";

/// What the page says, to the host or to somebody else.
#[derive(Debug, Deserialize)]
struct Shown {
    /// To somebody else.
    notice: String,
    remark: String,
    attendees: Vec<Row>,
    /// All words of each pair.
    pairs: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Row {
    name: String,
    hand: String,
    pair: String,
    place: String,
}

const SHOWN: &str = "const textIn = (place, selector) => place.querySelector(selector)?.textContent ?? '';
    const rowsOf = (section) => [...document.querySelectorAll(`section[aria-label=${section}] .host-row`)];
    return {
        notice: textIn(document, '.host-notice'),
        remark: textIn(document, '.host-remark'),
        attendees: rowsOf('Attendees').map((row) => ({
            name: textIn(row, '.host-name'), hand: textIn(row, '.host-hand'), pair: textIn(row, '.host-pair'), place: textIn(row, '.host-place') })),
        pairs: rowsOf('Pairs').map((row) => row.textContent),
    };";

const PRESS: &str = "const buttons = [...document.querySelectorAll('.host button, .host-dialog button')];
    const button = buttons.find((one) => (one.getAttribute('aria-label') ?? one.textContent) === arguments[0] && !one.hidden);
    button?.click();
    return button !== undefined;";

/// Joins the workshop as somebody of this name, and keeps what they are told.
const ATTEND: &str = "const [name] = arguments;
    window.told = [];
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/workshop/attend`);
    window.tell = (message) => socket.send(JSON.stringify(message));
    socket.addEventListener('message', ({ data }) => told.push(JSON.parse(data)));
    socket.addEventListener('open', () => tell({ type: 'hello', ticket: null, name, shares: true }));";

impl Shown {
    async fn of(page: &Page<'_>) -> Result<Self> {
        Ok(from_value(page.evaluate(SHOWN, []).await?)?)
    }

    fn names(&self) -> Vec<&str> {
        self.attendees.iter().map(|row| &*row.name).collect()
    }
}

/// A new code, as the terminal of the workshop gives it to a browser.
fn new_code(host_access: &HostAccess) -> Result<String> {
    let code = host_access.make_code(Instant::now());
    Ok(code.context("there are random bytes")?.reveal())
}

/// Goes to the page as its host.
pub(super) async fn become_host(page: &Page<'_>, host_access: &HostAccess) -> Result<()> {
    let code = new_code(host_access)?;
    page.go_to(&format!("{HOST}#code={code}")).await?;
    is_open(page).await
}

/// Waits until the dashboard is there.
async fn is_open(page: &Page<'_>) -> Result<()> {
    let opened = eventually(async || Ok((page.count(".host").await? > 0).then_some(())));
    opened.await.context("the host should be let in")
}

/// Waits until the page shows what is looked for.
async fn shows(page: &Page<'_>, what: &str, is: impl Fn(&Shown) -> bool) -> Result<Shown> {
    let mut last = None;
    let found = eventually(async || {
        let shown = Shown::of(page).await?;
        if is(&shown) {
            return Ok(Some(shown));
        }
        last = Some(shown);
        Ok(None)
    });
    let found = found.await;
    found.with_context(|| format!("{what}? {last:?}"))
}

/// Presses a button of the page, once it is there: by its accessible name.
async fn press(page: &Page<'_>, button: &str) -> Result<()> {
    let pressed = eventually(async || {
        let is_there = page.evaluate(PRESS, [json!(button)]).await?;
        Ok((is_there == true).then_some(()))
    });
    pressed
        .await
        .with_context(|| format!("a button {button:?}"))
}

/// Somebody comes, in a tab of their own.
pub(super) async fn attend<'b>(browser: &'b Browser, name: &str) -> Result<Page<'b>> {
    let page = browser.open(EMPTY).await?;
    page.evaluate(ATTEND, [json!(name)]).await?;
    told(&page, "you").await?;
    Ok(page)
}

/// The latest message of this type that an attendee was told, once there is one.
async fn told(page: &Page<'_>, kind: &str) -> Result<Value> {
    told_when(page, kind, |_| true).await
}

async fn told_when(page: &Page<'_>, kind: &str, is: impl Fn(&Value) -> bool) -> Result<Value> {
    let latest = "return told.findLast(({ type }) => type === arguments[0]) ?? null;";
    let found = eventually(async || {
        let message = page.evaluate(latest, [json!(kind)]).await?;
        Ok((!message.is_null() && is(&message)).then_some(message))
    });
    found
        .await
        .with_context(|| format!("an attendee should be told {kind:?}"))
}

/// An attendee tells the server something.
pub(super) async fn tell(page: &Page<'_>, message: Value) -> Result<()> {
    page.evaluate("tell(arguments[0]);", [message]).await?;
    Ok(())
}

#[test]
fn a_code_opens_the_page_and_is_gone_from_its_address() {
    in_hosted_workshop([Chromium, Firefox], async |browsers, host_access| {
        for browser in browsers {
            let page = browser.new_tab().await?;
            become_host(&page, host_access).await?;
            let address = page.evaluate("return location.href;", []).await?;
            assert_eq!(address, json!(format!("{}/{HOST}", browser.origin)));
            // The session is the browser's, and needs no code any more.
            page.reload().await?;
            is_open(&page).await?;
            press(&page, "End this session").await?;
            shows(&page, "the session is over", |shown| {
                shown.notice.starts_with("The session is over.")
            })
            .await?;
            assert_eq!(page.count(".host").await?, 0);
            page.close().await?;
        }
        Ok(())
    });
}

#[test]
fn without_a_code_the_page_refuses_in_the_servers_words_and_says_what_the_host_sees() {
    in_workshop(async |browser| {
        let page = browser.open(HOST).await?;
        let words = "This browser has no session as the host. Press Enter";
        shows(&page, words, |shown| shown.notice.starts_with(words)).await?;
        assert_eq!(page.count(".host").await?, 0);
        assert_eq!(page.count("#what-the-host-does-not-see").await?, 1);
        let page = browser.open(&format!("{HOST}#code=guessed")).await?;
        let words = "This code opens nothing any more";
        shows(&page, words, |shown| shown.notice.starts_with(words)).await?;
        let fragment = page.evaluate("return location.hash;", []).await?;
        assert_eq!(fragment, json!(""));
        Ok(())
    });
}

#[test]
fn without_a_workshop_the_page_is_a_text_and_asks_for_nothing() {
    in_browser_of(ChromiumWithRequests, async |browser| {
        let page = browser.open(HOST).await?;
        page.demos().await?;
        let loaded = "return performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/host/host.js'));";
        let loaded = eventually(async || {
            let is_there = page.evaluate(loaded, []).await?;
            Ok((is_there == true).then_some(()))
        });
        loaded.await.context("its script comes")?;
        assert_eq!(page.count(".host, .host-notice").await?, 0);
        let requests = browser.requests().await?;
        let asked: Vec<_> = (requests.iter())
            .filter(|url| url.contains("/workshop/host/"))
            .collect();
        ensure!(asked.is_empty(), "{asked:?}");
        Ok(())
    });
}

#[test]
fn whoever_raises_a_hand_is_first_until_it_is_lowered() {
    in_hosted_workshop([Chromium, Chromium], async |[own, other], host_access| {
        let page = own.new_tab().await?;
        become_host(&page, host_access).await?;
        let ada = attend(other, "Ada").await?;
        let bert = attend(other, "Bert").await?;
        shows(&page, "both come", |shown| {
            let names = shown.names();
            names.contains(&"Ada") && names.contains(&"Bert")
        })
        .await?;
        tell(
            &ada,
            json!({ "type": "seen", "page": "connecting/index.html", "title": "Creating Connections", "demo": "createoffer.js", "running": true,
                "error": null, "way": null, "solved": [] }),
        )
        .await?;
        tell(&bert, json!({ "type": "hand", "raised": true })).await?;
        let shown = shows(&page, "Bert is first", |shown| {
            let ada = shown.attendees.iter().find(|row| row.name == "Ada");
            let is_seen = ada.is_some_and(|row| !row.place.starts_with("no page"));
            shown.names().first() == Some(&"Bert") && is_seen
        })
        .await?;
        assert_eq!(shown.attendees[0].hand, "hand raised, under 1 min");
        let ada = shown.attendees.iter().find(|row| row.name == "Ada");
        let place = ada.map(|row| &*row.place);
        assert_eq!(place, Some("Creating Connections › createoffer.js"));
        press(&page, "Lower hand: Bert").await?;
        told_when(&bert, "you", |you| you["hand"] == false).await?;
        shows(&page, "the hand is down", |shown| {
            shown.attendees.iter().all(|row| row.hand.is_empty())
        })
        .await?;
        Ok(())
    });
}

#[test]
fn pair_everyone_pairs_two_browsers() {
    in_hosted_workshop(
        [Chromium, Chromium, Firefox],
        async |[own, one, other], host_access| {
            let page = own.new_tab().await?;
            become_host(&page, host_access).await?;
            let ada = attend(one, "Ada").await?;
            let bert = attend(other, "Bert").await?;
            press(&page, "Pair everyone").await?;
            let has_pair = |you: &Value| you["pair"]["name"].is_string();
            let [of_ada, of_bert] = [
                told_when(&ada, "you", has_pair).await?,
                told_when(&bert, "you", has_pair).await?,
            ];
            assert_eq!(of_ada["pair"]["name"], of_bert["pair"]["name"]);
            let pair = of_ada["pair"]["name"].as_str().unwrap_or_default();
            let shown = shows(&page, "one pair", |shown| {
                let words = shown.pairs.first();
                words.is_some_and(|words| words.contains("Ada") && words.contains("Bert"))
            })
            .await?;
            assert_eq!(shown.pairs.len(), 1, "{shown:?}");
            let ada_row = shown.attendees.iter().find(|row| row.name == "Ada");
            assert!(ada_row.is_some_and(|row| row.pair.starts_with(pair)));
            press(&page, &format!("Split {pair}")).await?;
            press(&page, "Split").await?;
            told_when(&ada, "you", |you| you["pair"].is_null()).await?;
            Ok(())
        },
    );
}

#[test]
fn a_message_arrives_as_the_text_that_it_is() {
    const WRITE: &str = "const field = document.querySelector('[data-tool=message]');
        field.closest('details').open = true;
        field.value = arguments[0];";
    in_hosted_workshop([Chromium, Chromium], async |[own, other], host_access| {
        let page = own.new_tab().await?;
        become_host(&page, host_access).await?;
        let ada = attend(other, "Ada").await?;
        let text = "A break <b>until</b> ten & a bit.";
        page.evaluate(WRITE, [json!(text)]).await?;
        press(&page, "Send to everyone").await?;
        assert_eq!(told(&ada, "said").await?["text"], json!(text));
        shows(&page, "it is sent", |shown| {
            shown.remark == "The message is sent to everybody."
        })
        .await?;
        press(&page, "Send to everyone").await?;
        shows(&page, "an empty one is not sent", |shown| {
            shown.remark == "Write a message first."
        })
        .await?;
        Ok(())
    });
}

#[test]
fn everybody_is_brought_to_a_demo_of_a_page_of_the_contents() {
    const CHOOSE: &str = "const [page, demo] = ['page', 'demo'].map((name) => document.querySelector(`[data-tool=${name}]`));
        page.closest('details').open = true;
        if (page.value !== 'connecting/index.html') {
            page.value = 'connecting/index.html';
            if (page.value) page.dispatchEvent(new Event('change'));
        }
        demo.value = 'createoffer.js';
        return demo.value;";
    in_hosted_workshop([Chromium, Chromium], async |[own, other], host_access| {
        let page = own.new_tab().await?;
        become_host(&page, host_access).await?;
        let ada = attend(other, "Ada").await?;
        let chosen = eventually(async || {
            let demo = page.evaluate(CHOOSE, []).await?;
            Ok((demo == json!("createoffer.js")).then_some(()))
        });
        chosen.await.context("the page has this demo")?;
        press(&page, "Bring everyone").await?;
        let bring = told(&ada, "bring").await?;
        assert_eq!(bring["place"], "connecting/index.html#demo-createoffer.js");
        assert_eq!(bring["title"], "Creating Connections › createoffer.js");
        Ok(())
    });
}

#[test]
fn what_an_attendee_is_called_and_says_is_text() {
    in_hosted_workshop([Chromium, Chromium], async |[own, other], host_access| {
        let page = own.new_tab().await?;
        become_host(&page, host_access).await?;
        let ada = attend(other, "<img src=x>").await?;
        let error = "<script>alert(1)</script>\u{202e}";
        tell(
            &ada,
            json!({ "type": "seen", "page": "<b>", "title": "<b>x</b>", "demo": null, "running": false, "error": error, "way": null,
                "solved": ["<i>x</i>"] }),
        )
        .await?;
        shows(&page, "it is shown", |shown| {
            let mut rows = shown.attendees.iter();
            rows.any(|row| row.name == "<img src=x>" && row.place == "<b>x</b>")
        })
        .await?;
        let foreign = ".host :is(img, script, b, i)";
        assert_eq!(page.count(foreign).await?, 0);
        Ok(())
    });
}

#[test]
fn whoever_follows_the_workshop_to_another_address_is_nobody_new_before_they_answer() {
    const ANSWER: &str =
        "const buttons = [...document.querySelectorAll('.workshop-notices button')];
        const button = buttons.find(({ textContent }) => textContent === 'Go on');
        button?.click();
        return button !== undefined;";
    in_hosted_workshop([Chromium, Chromium], async |[own, other], host_access| {
        let page = own.new_tab().await?;
        become_host(&page, host_access).await?;
        let ada = attend(other, "Ada").await?;
        let you = told(&ada, "you").await?;
        let ticket = you["ticket"].as_str().context("a ticket")?;
        // As at another address, this browser keeps nothing of it.
        let there = other.open(&format!("{CHAPTER}#~as:{ticket}")).await?;
        let answered = eventually(async || {
            let is_asked = there.evaluate(ANSWER, []).await?;
            Ok((is_asked == true).then_some(()))
        });
        answered.await.context("the reader is asked who they are")?;
        let shown = shows(&page, "Ada is at a page of the book", |shown| {
            let mut rows = shown.attendees.iter();
            rows.any(|row| row.name == "Ada" && row.place.starts_with("Creating Connections"))
        })
        .await?;
        // Whoever had come as somebody new would be there still, away.
        assert_eq!(shown.names(), ["Ada"]);
        Ok(())
    });
}
