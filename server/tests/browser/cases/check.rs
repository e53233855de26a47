//! The page that checks a device: what works is said to work, nothing starts by itself, and nothing goes on when it is over.
//!
//! # Layout
//! - [`failing`]: each failure has its sentence
//! - [`looking`]: how the page looks and is used

mod failing;
mod looking;

use std::future::pending;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{from_value, json};
use server::config::{Admin, Settings};
use server::process::addresses;
use thirtyfour::prelude::*;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::eventually::eventually_within;
use crate::harness::places::{Mostly, run};
use crate::harness::{
    BOOK, Browser, Page, eventually, in_browser, in_browsers, in_each_browser, listen,
    with_settings,
};
use crate::pages::CHECK;

/// Three groups of checks of ten seconds each, and some time for a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What has to work wherever the server can be reached.
const ALL: [&str; 7] = [
    "WebSocket",
    "The clock",
    "Candidates",
    "A direct connection",
    "STUN over UDP",
    "A relay over UDP",
    "A relay over TCP",
];
/// What needs WebRTC.
const CONNECTED: [&str; 5] = [
    "Candidates",
    "A direct connection",
    "STUN over UDP",
    "A relay over UDP",
    "A relay over TCP",
];
const SECURE: &str = "A secure context";
const MEDIA: &str = "Camera and microphone";

const START: &str = "Check";
const START_MEDIA: &str = "Check camera and microphone";
const COPY: &str = "Copy the result";

/// What the page says in all, and of each check.
#[derive(Debug, Deserialize)]
pub(super) struct Shown {
    status: String,
    rows: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    name: String,
    state: String,
    word: String,
    says: String,
}

const SHOWN: &str = "const textIn = (row, selector) => row.querySelector(selector)?.textContent ?? '';
    return {
        status: textIn(document, '.check-status'),
        rows: [...document.querySelectorAll('.device-check > ul > li')].map((row) => ({
            name: textIn(row, 'a'), state: row.dataset.state ?? '', word: textIn(row, '.check-state'), says: textIn(row, 'p + p') })),
    };";

const PRESS: &str = "const button = [...document.querySelectorAll('.check-bar button')].find(({ textContent }) => textContent === arguments[0]);
    button?.click();
    return button !== undefined;";

impl Shown {
    async fn of(page: &Page<'_>) -> Result<Self> {
        Ok(from_value(page.evaluate(SHOWN, []).await?)?)
    }

    fn row(&self, name: &str) -> Result<&Row> {
        let row = self.rows.iter().find(|row| row.name == name);
        row.with_context(|| format!("no check is named {name}: {self:?}"))
    }

    fn is(&self, name: &str, state: &str, words: &str) -> Result<()> {
        let row = self.row(name)?;
        let is_so = row.state == state && row.says.contains(words);
        ensure!(is_so, "{name}: {state}, {words:?}? {self:?}");
        Ok(())
    }

    fn is_under_way(&self) -> bool {
        let mut rows = self.rows.iter();
        rows.any(|row| matches!(row.state.as_str(), "waiting" | "checking"))
    }
}

/// Presses a button of the page, once it is there.
async fn press(page: &Page<'_>, button: &str) -> Result<()> {
    let pressed = eventually(async || {
        let is_there = page.evaluate(PRESS, [json!(button)]).await?;
        Ok((is_there == true).then_some(()))
    });
    pressed
        .await
        .with_context(|| format!("a button {button:?}"))
}

/// Waits until all that was begun is over.
async fn outcome(page: &Page<'_>) -> Result<Shown> {
    let over = eventually_within(PATIENCE, async || {
        let shown = Shown::of(page).await?;
        let is_over = !shown.is_under_way() && !shown.status.starts_with("Checking");
        Ok((is_over && !shown.status.is_empty()).then_some(shown))
    });
    over.await.context("the checks should end")
}

/// Makes all checks, and waits for what comes of them.
pub(super) async fn check(page: &Page<'_>) -> Result<Shown> {
    press(page, START).await?;
    outcome(page).await
}

/// Opens the page with something done to it before any of its scripts. Chromium only.
async fn open_with<'b>(browser: &'b Browser, script: &str) -> Result<Page<'b>> {
    let page = browser.new_tab().await?;
    let source = json!({ "source": script });
    page.ask_chromium("Page.addScriptToEvaluateOnNewDocument", source)
        .await?;
    page.go_to(CHECK).await?;
    Ok(page)
}

#[test]
fn in_chromium_everything_works_and_is_said_to() {
    in_browser(async |browser| {
        let page = browser.open(CHECK).await?;
        let shown = check(&page).await?;
        assert_eq!(shown.status, "Everything works.", "{shown:?}");
        for name in ALL.into_iter().chain([SECURE]) {
            shown.is(name, "works", "")?;
            assert_eq!(shown.row(name)?.word, "✓ works");
        }
        shown.is(MEDIA, "untried", "a button of their own")?;
        let host = browser.origin.trim_start_matches("http://");
        for name in ["A relay over UDP", "A relay over TCP"] {
            shown.is(name, "works", &format!("through {host}"))?;
        }
        assert_eq!(browser.errors().await?, [""; 0]);
        Ok(())
    });
}

/// Firefox takes no server at a loopback address, and an address of the machine without HTTPS is no secure context.
#[test]
fn in_firefox_everything_works_at_an_address_of_the_machine_but_what_needs_https() {
    run(Mostly::Works, async {
        let is_good = |ip: &IpAddr| ip.is_ipv4() && !ip.is_loopback();
        let machine = addresses::of_this_machine().into_iter().find(is_good);
        let machine = machine.expect("the machine has an address besides 127.0.0.1");
        let settings = Settings::default();
        let (address, listeners) = listen(SocketAddr::new(machine, 0), &settings)
            .await
            .expect("a port is free");
        tokio::spawn(server::run(listeners, BOOK.clone(), settings, pending()));
        in_browsers([Firefox], address, async |[browser]| {
            let page = browser.open(CHECK).await?;
            let shown = check(&page).await?;
            for name in ALL {
                shown.is(name, "works", "")?;
            }
            shown.is(SECURE, "fails", "Data channels work.")?;
            ensure!(
                shown.status.starts_with("Does not work: A secure context."),
                "{shown:?}"
            );
            press(&page, START_MEDIA).await?;
            let shown = outcome(&page).await?;
            shown.is(MEDIA, "fails", "https://")
        })
        .await;
    });
}

/// Keeps what is made of connections, sockets and tracks.
const KEEP: &str = "globalThis.made = { pcs: [], sockets: [], tracks: [] };
    const keep = (name, list) => {
        globalThis[name] = new Proxy(globalThis[name], {
            construct(...args) {
                const one = Reflect.construct(...args);
                made[list].push(one);
                return one;
            },
        });
    };
    keep('RTCPeerConnection', 'pcs');
    keep('WebSocket', 'sockets');
    const { getUserMedia } = MediaDevices.prototype;
    MediaDevices.prototype.getUserMedia = async function (...args) {
        const stream = await getUserMedia.apply(this, args);
        made.tracks.push(...stream.getTracks());
        return stream;
    };";

/// How many there are of each, and how many of all go on.
const LEFT: &str = "const { pcs, sockets, tracks } = made;
    const open = [
        ...pcs.filter(({ signalingState }) => signalingState !== 'closed'),
        ...sockets.filter(({ readyState }) => readyState !== WebSocket.CLOSED),
        ...tracks.filter(({ readyState }) => readyState !== 'ended'),
    ];
    return [pcs.length, sockets.length, tracks.length, open.length];";

/// Waits until nothing goes on, and says how many there were of each.
async fn nothing_is_left(page: &Page<'_>) -> Result<[u64; 3]> {
    let counted = eventually(async || {
        let [pcs, sockets, tracks, left]: [u64; 4] = from_value(page.evaluate(LEFT, []).await?)?;
        Ok((left == 0).then_some([pcs, sockets, tracks]))
    });
    counted.await.context("something goes on")
}

#[test]
fn nothing_starts_by_itself_and_nothing_goes_on_when_it_is_over() {
    in_browser(async |browser| {
        let page = open_with(browser, KEEP).await?;
        page.demos().await?;
        press(&page, COPY).await?;
        assert_eq!(nothing_is_left(&page).await?, [0, 0, 0]);
        assert!(!Shown::of(&page).await?.is_under_way());
        check(&page).await?;
        assert_eq!(nothing_is_left(&page).await?, [8, 1, 0]);
        press(&page, START_MEDIA).await?;
        outcome(&page).await?.is(MEDIA, "works", "both")?;
        assert_eq!(nothing_is_left(&page).await?, [8, 1, 2]);
        Ok(())
    });
}

#[test]
fn a_run_ends_with_the_page_and_when_another_begins() {
    const START_AND_LEAVE: &str = "document.querySelector('.check-bar button').click();
        dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));";
    in_browser(async |browser| {
        let page = open_with(browser, KEEP).await?;
        press(&page, COPY).await?;
        page.evaluate(START_AND_LEAVE, []).await?;
        let shown = Shown::of(&page).await?;
        assert!(!shown.is_under_way(), "{shown:?}");
        assert_eq!(shown.status, "Ended, because the page was left.");
        assert_eq!(nothing_is_left(&page).await?, [1, 1, 0]);
        press(&page, "Check again").await?;
        press(&page, "Check again").await?;
        let shown = outcome(&page).await?;
        assert_eq!(shown.status, "Everything works.", "{shown:?}");
        // The first of the two has made no more than a whole run does, and the second has made all of it.
        let [pcs, sockets, _] = nothing_is_left(&page).await?;
        ensure!((9..=17).contains(&pcs) && sockets == 3, "{pcs}, {sockets}");
        Ok(())
    });
}

#[test]
fn the_server_has_nothing_of_a_check_any_more_when_it_is_over() {
    const LENT: &str = "const text = await (await fetch('/metrics')).text();
        return ['connections', 'relayed_ports', 'turn_connections'].map((name) => Number(text.match(new RegExp(`^guidebook_${name} (\\\\d+)`, 'm'))[1]));";
    let admin = Admin {
        metrics: true,
        ..Admin::default()
    };
    let settings = Settings {
        admin,
        ..Settings::default()
    };
    with_settings(Chromium, settings, async |browser| {
        let page = browser.open(CHECK).await?;
        check(&page).await?.is("A relay over TCP", "works", "")?;
        let mut lent = json!(null);
        let given_back = eventually(async || {
            lent = page.in_stage(LENT).await?;
            Ok((lent == json!([0, 0, 0])).then_some(()))
        });
        given_back.await.with_context(|| lent.to_string())
    });
}

#[test]
fn camera_and_microphone_are_asked_for_by_a_button_of_their_own() {
    in_each_browser([Chromium, Firefox], async |browser| {
        let page = browser.open(CHECK).await?;
        press(&page, START_MEDIA).await?;
        let shown = outcome(&page).await?;
        shown.is(MEDIA, "works", "given both, and has switched them off")?;
        ensure!(
            shown.status.starts_with("Camera and microphone: works."),
            "{shown:?}"
        );
        for name in ALL {
            shown.is(name, "untried", "")?;
        }
        Ok(())
    });
}

/// Keeps what the server lends.
const KEEP_LENT: &str = "globalThis.lent = [];
    const { fetch: ask } = globalThis;
    globalThis.fetch = async (url, options) => {
        const response = await ask(url, options);
        if (String(url).endsWith('/ice')) lent.push(...(await response.clone().json()).iceServers);
        return response;
    };";

#[test]
fn what_is_copied_has_every_row_and_no_secret() {
    in_browser(async |browser| {
        let page = open_with(browser, KEEP_LENT).await?;
        let shown = check(&page).await?;
        let permissions = json!({ "permissions": ["clipboardReadWrite"] });
        page.ask_chromium("Browser.grantPermissions", permissions)
            .await?;
        // A click as a reader makes it: browsers give the clipboard to nothing less.
        let copies = format!("//button[.='{COPY}']");
        let driver = page.driver().await?;
        driver.find(By::XPath(copies)).await?.click().await?;
        let said = eventually(async || {
            let status = Shown::of(&page).await?.status;
            Ok(status.contains("in the clipboard").then_some(status))
        });
        assert!(said.await?.starts_with(&shown.status));
        let read = "return navigator.clipboard.readText();";
        let text: String = from_value(page.evaluate(read, []).await?)?;
        let begin = format!("Checked at {}/{CHECK}\n", browser.origin);
        assert!(text.starts_with(&begin), "{text}");
        for row in shown.rows.iter().filter(|row| row.name != MEDIA) {
            let line = format!("{}: works. {}", row.name, row.says);
            assert!(text.contains(&line), "{line:?} in {text}");
        }
        assert!(text.contains("Camera and microphone: not tried."), "{text}");
        let secrets =
            "return lent.flatMap(({ username, credential }) => [username, ...username.split(':'), credential])
            .concat(document.querySelector('meta[name=guidebook-proof]').content);";
        let secrets: Vec<String> = from_value(page.evaluate(secrets, []).await?)?;
        ensure!(secrets.len() >= 4, "the server lends something");
        for secret in secrets {
            assert!(!secret.is_empty() && !text.contains(&secret), "{text}");
        }
        Ok(())
    });
}

/// Debian builds WebKit without WebRTC.
pub(super) async fn says_that_webrtc_is_missing(browser: &Browser) -> Result<()> {
    let page = browser.open(CHECK).await?;
    let shown = check(&page).await?;
    for name in CONNECTED {
        shown.is(name, "fails", "This browser has no WebRTC")?;
    }
    shown.is("The clock", "works", "")
}
