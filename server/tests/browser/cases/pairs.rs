//! Pairs of a workshop: the demos of two attendees are in a room of their own, which their text names, and nobody else gets in.

use std::future::pending;

use anyhow::{Context, Result, ensure};
use futures_util::FutureExt;
use serde_json::{Value, json};
use server::config::Settings;
use thirtyfour::Key;
use tokio::sync::oneshot;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::places::{Mostly, run};
use crate::harness::{
    Browser, Kind, Page, eventually, in_browser, in_browsers, in_workshop, start_workshop,
    start_workshop_until,
};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, QUICKCONNECT};

const PAIR_ME: &str = "Pair me with someone";
const OPEN: &str = "Open a pair";
const LEAVE: &str = "Leave the pair";
const JOIN: &str = "Join";

/// Presses what can be seen in a notice, or in the panel, which is open only for that: it would cover what is below.
const PRESS: &str = "const toggle = document.querySelector('.workshop-toggle');
    if (toggle?.getAttribute('aria-expanded') === 'false') toggle.click();
    const button = [...document.querySelectorAll('.workshop button')].find((one) =>
        one.textContent === arguments[0] && one.checkVisibility());
    button?.click();
    if (toggle?.getAttribute('aria-expanded') === 'true') toggle.click();
    return button !== undefined;";

/// Attendees of one workshop: each browser is one.
fn in_one_workshop<const N: usize>(
    kinds: [Kind; N],
    test: impl AsyncFnOnce(&[Browser; N]) -> Result<()>,
) {
    run(Mostly::Works, async {
        let address = start_workshop().await.expect("a port is free");
        in_browsers(kinds, address, test).await;
    });
}

async fn press(page: &Page<'_>, button: &str) -> Result<()> {
    let is_pressed = eventually(async || {
        let pressed = page.evaluate(PRESS, [json!(button)]).await?;
        Ok((pressed == json!(true)).then_some(()))
    });
    is_pressed
        .await
        .with_context(|| format!("the workshop should have a button {button:?}"))
}

/// Waits until the element that a selector names has a text with `part` in it, and gives all of that.
async fn reads(page: &Page<'_>, selector: &str, part: &str) -> Result<String> {
    const READ: &str = "return document.querySelector(arguments[0])?.textContent ?? '';";
    let mut text = String::new();
    let is_read = eventually(async || {
        let found = page.evaluate(READ, [json!(selector)]).await?;
        text = found.as_str().unwrap_or_default().to_owned();
        Ok((!text.is_empty() && text.contains(part)).then_some(()))
    });
    is_read
        .await
        .with_context(|| format!("{selector} should say {part:?}, and says {text:?}"))?;
    Ok(text)
}

/// Who is in the pair, as the panel says it.
async fn says(page: &Page<'_>, part: &str) -> Result<String> {
    reads(page, ".workshop-who", part).await
}

/// The name of the pair, once there is one.
async fn pair_of(page: &Page<'_>) -> Result<String> {
    reads(page, ".workshop-words", "-").await
}

/// The text of the demo names this room.
async fn names(demo: &Demo<'_>, room: &str) -> Result<()> {
    let part = format!("{{ room: '{room}' }}");
    let is_named = eventually(async || Ok(demo.code().await?.contains(&part).then_some(())));
    is_named
        .await
        .with_context(|| format!("the text should name {room}"))
}

/// The demo's room in this pair.
fn room_of(pair: &str) -> String {
    format!("{pair}/quickconnect-intro")
}

/// Both ask for a pair, and get each other.
async fn paired<'b>(one: &'b Browser, other: &'b Browser) -> Result<([Page<'b>; 2], String)> {
    let pages = [one.open(CHAPTER).await?, other.open(CHAPTER).await?];
    for page in &pages {
        press(page, PAIR_ME).await?;
    }
    let pair = pair_of(&pages[0]).await?;
    assert_eq!(pair_of(&pages[1]).await?, pair);
    for page in &pages {
        says(page, "Your pair: you and ").await?;
        // It tells who the other is, and would cover what is below.
        reads(
            page,
            ".workshop-notice",
            &format!("Your pair, {pair}: you and "),
        )
        .await?;
        press(page, "Close").await?;
        names(&page.demo(QUICKCONNECT).await?, &room_of(&pair)).await?;
    }
    Ok((pages, pair))
}

#[test]
fn two_who_ask_are_paired_and_meet_in_their_own_room_where_a_third_does_not_get_in() {
    in_one_workshop([Chromium, Firefox, Chromium], async |[ada, ben, cem]| {
        let (pages, pair) = paired(ada, ben).await?;
        for page in &pages {
            page.demo(QUICKCONNECT).await?.run().await?;
        }
        for page in &pages {
            page.demo(QUICKCONNECT).await?.logs("call:started").await?;
            reads(page, ".demo-room", "you and ").await?;
            reads(page, ".demo-room", &format!("2 in “{}”", room_of(&pair))).await?;
            // Beside what the demo has printed of its own id.
            reads(page, ".entry .whom", "You").await?;
        }

        let page = cem.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        let code = format!(
            "import quickconnect from 'rtc-quickconnect';
            const qc = quickconnect(location.origin, {{ room: '{}' }});
            qc.on('error', ({{ message }}) => console.log('refused:', message));",
            room_of(&pair)
        );
        demo.run_code(&code).await?;
        demo.logs("refused:").await?;
        for page in &pages {
            page.demo(QUICKCONNECT).await?.says("2 peers ").await?;
        }
        Ok(())
    });
}

#[test]
fn a_page_that_is_loaded_again_is_in_the_pair_again() {
    in_one_workshop([Chromium, Chromium], async |[ada, ben]| {
        let ([page, other], pair) = paired(ada, ben).await?;
        page.reload().await?;
        assert_eq!(pair_of(&page).await?, pair);
        says(&page, "Your pair: you and ").await?;
        let demo = page.demo(QUICKCONNECT).await?;
        names(&demo, &room_of(&pair)).await?;
        demo.run().await?;
        other.demo(QUICKCONNECT).await?.run().await?;
        demo.logs("call:started").await?;
        Ok(())
    });
}

#[test]
fn after_a_restart_of_the_server_pages_that_stayed_open_are_in_their_pair_again() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut settings = Settings::default();
    settings.admin.state_dir = Some(folder.path().to_owned());
    run(Mostly::Works, async {
        let (stop, stopped) = oneshot::channel::<()>();
        let until = stopped.map(|_| ());
        let started = start_workshop_until(until, None, settings.clone()).await;
        let (address, running) = started.expect("a port is free");
        in_browsers([Chromium, Firefox], address, async |[ada, ben]| {
            let (pages, pair) = paired(ada, ben).await?;
            // It ends when it is dropped, too.
            drop(stop);
            running.await??;
            start_workshop_until(pending(), Some(address), settings).await?;
            for page in &pages {
                page.demo(QUICKCONNECT).await?.run().await?;
            }
            for page in &pages {
                let demo = page.demo(QUICKCONNECT).await?;
                demo.logs("call:started").await?;
                names(&demo, &room_of(&pair)).await?;
                says(page, "Your pair: you and ").await?;
            }
            Ok(())
        })
        .await;
    });
}

#[test]
fn a_link_into_a_pair_leads_to_the_demo_and_joins_only_after_a_tap() {
    in_one_workshop([Chromium, Firefox], async |[ada, ben]| {
        let first = ada.open(CHAPTER).await?;
        press(&first, OPEN).await?;
        let pair = pair_of(&first).await?;
        says(&first, "Your pair: you alone.").await?;

        let link = format!("connecting/#demo-{QUICKCONNECT}~{pair}");
        let page = ben.open(&link).await?;
        reads(&page, ".workshop-notice", &format!("Join the pair {pair}?")).await?;
        let fragment = page.evaluate("return location.hash;", []).await?;
        assert_eq!(fragment, json!(format!("#demo-{QUICKCONNECT}")));
        let demo = page.demo(QUICKCONNECT).await?;
        demo.comes_into_view().await?;
        says(&page, "You are in no pair: ").await?;
        names(&demo, "quickconnect-intro").await?;
        says(&first, "Your pair: you alone.").await?;

        press(&page, JOIN).await?;
        assert_eq!(pair_of(&page).await?, pair);
        names(&demo, &room_of(&pair)).await?;
        says(&first, "Your pair: you and ").await?;
        assert_eq!(page.count(".workshop-notice").await?, 0);
        Ok(())
    });
}

#[test]
fn what_runs_goes_on_when_the_pair_is_left_and_the_text_is_the_books_again() {
    in_one_workshop([Chromium, Chromium], async |[ada, ben]| {
        let ([page, other], _) = paired(ada, ben).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.run().await?;
        demo.says("1 peer ").await?;
        press(&page, LEAVE).await?;
        demo.says("The room is everybody’s again from the next run on.")
            .await?;
        assert_eq!(demo.state().await?, "running");
        names(&demo, "quickconnect-intro").await?;
        says(&other, "Your pair: you alone.").await?;
        Ok(())
    });
}

/// The texts that are kept for the reader.
const KEPT: &str = "return Object.entries(localStorage).filter(([key]) => key.includes(' edit ')).map(([, text]) => text);";

#[test]
fn what_the_reader_writes_is_kept_without_the_pair_and_reset_brings_the_book_with_it() {
    in_one_workshop([Chromium, Chromium], async |[ada, ben]| {
        let ([page, _other], pair) = paired(ada, ben).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        let book = demo.code().await?;
        demo.write(&format!("{book}\n// mine")).await?;
        let kept = page.evaluate(KEPT, []).await?;
        let text = kept[0].as_str().context("the edit is kept")?;
        ensure!(text.ends_with("// mine") && !text.contains(&pair), "{text}");
        demo.reset().await?;
        assert_eq!(demo.code().await?, book);
        assert_eq!(page.evaluate(KEPT, []).await?, json!([]));

        demo.write(&format!("{book}\n// again")).await?;
        press(&page, LEAVE).await?;
        names(&demo, "quickconnect-intro").await?;
        ensure!(demo.code().await?.ends_with("// again"));
        Ok(())
    });
}

#[test]
fn names_are_text_wherever_they_are_shown() {
    const NAME: &str = "<b>Ada</b> &amp;";
    const RENAME: &str = "const name = document.getElementById('workshop-name');
        name.value = arguments[0];
        name.form.requestSubmit();";
    in_one_workshop([Chromium, Chromium], async |[ada, ben]| {
        let ([page, other], _) = paired(ada, ben).await?;
        page.evaluate(RENAME, [json!(NAME)]).await?;
        says(&other, &format!("Your pair: you and {NAME}.")).await?;
        reads(&other, ".demo-room", &format!("you and {NAME} ")).await?;
        reads(&page, "#workshop-panel", &format!("You are {NAME}.")).await?;
        for page in [&page, &other] {
            assert_eq!(page.count(":is(.workshop, .demo-peers) b").await?, 0);
        }
        Ok(())
    });
}

#[test]
fn a_demo_sees_nothing_of_the_ticket_that_admits_it_nor_does_the_page_show_it() {
    const TICKET: &str = "return localStorage.getItem('guidebook-ticket');";
    const INSTRUMENTS: &str = "[id='demo-quickconnect-intro.js'] .instruments";
    const SHOWN: &str =
        "return document.querySelector(arguments[1]).textContent.includes(arguments[0]);";
    const CURIOUS: &str =
        "const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/?x=1`);
await new Promise((done) => socket.addEventListener('message', done, { once: true }));
const seen = [socket.url, name, location.href, document.documentElement.outerHTML];
console.log('found', seen.filter((text) => text.includes('SECRET')).length, socket.url);";
    in_one_workshop([Chromium, Chromium], async |[ada, ben]| {
        let ([page, _other], _) = paired(ada, ben).await?;
        // The command that carries it shows that it does.
        reads(&page, ".workshop-rust code", "?ticket=…").await?;
        let ticket = page.evaluate(TICKET, []).await?;
        let secret = ticket.as_str().context("the ticket is kept")?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.open_instruments().await?;
        demo.run_code(&CURIOUS.replace("SECRET", secret)).await?;
        let found = demo.logs("found ").await?.text;
        ensure!(
            found.starts_with("found 0 ws://") && found.ends_with("/?x=1"),
            "{found}"
        );
        reads(&page, INSTRUMENTS, "new WebSocket").await?;
        let is_shown = page
            .evaluate(SHOWN, [json!(secret), json!(INSTRUMENTS)])
            .await?;
        assert_eq!(is_shown, json!(false));
        Ok(())
    });
}

#[test]
fn the_command_of_the_twin_is_for_the_room_of_the_pair() {
    in_one_workshop([Chromium, Chromium], async |[ada, ben]| {
        let ([page, _other], pair) = paired(ada, ben).await?;
        let command = reads(&page, ".workshop-rust code", "cargo run ").await?;
        let expected = format!(
            "cargo run --release --example quickconnect-intro \"{}/?ticket=…\" {}",
            ada.origin,
            room_of(&pair)
        );
        assert_eq!(command, expected);
        Ok(())
    });
}

#[test]
fn the_code_of_a_demo_leads_into_the_pair() {
    in_workshop(async |browser| {
        let page = browser.open(CHAPTER).await?;
        press(&page, OPEN).await?;
        let pair = pair_of(&page).await?;
        page.demo(QUICKCONNECT).await?.press("Show QR").await?;
        let address = reads(&page, "dialog:modal .qr-address", "~").await?;
        assert_eq!(
            address,
            format!("{}/connecting/#demo-{QUICKCONNECT}~{pair}", browser.origin)
        );
        Ok(())
    });
}

#[test]
fn the_panel_is_used_by_keyboard_and_fits_a_small_phone() {
    in_workshop(async |browser| {
        let page = browser.new_tab().await?;
        page.become_phone(320).await?;
        page.go_to(CHAPTER).await?;
        reads(&page, ".workshop-toggle", "Workshop").await?;
        page.evaluate("document.querySelector('.workshop-toggle').focus();", [])
            .await?;
        page.press_key(Key::Enter).await?;
        reads(&page, "#workshop-panel:not([hidden])", "You are ").await?;
        page.fits_its_width().await?;
        // mdBook's key for the next page.
        page.press_key(Key::Right).await?;
        page.press_key(Key::Escape).await?;
        assert_eq!(page.count("#workshop-panel[hidden]").await?, 1);
        assert_eq!(page.focused().await?, "Workshop");
        assert_eq!(page.path().await?, format!("/{CHAPTER}"));
        Ok(())
    });
}

/// Keeps what moves on its own from the beginning of each page (https://wicg.github.io/layout-instability/).
const WATCH: &str = "globalThis.shifts = [];
    new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries()) shifts.push(...sources.map(({ node }) => `${value} ${node?.nodeName} ${node?.className}`));
    }).observe({ type: 'layout-shift', buffered: true });";

/// What has moved, once everything is drawn that there is.
const SHIFTS: &str = "const done = arguments[0];
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(shifts))));";

#[test]
fn nothing_in_the_page_moves_when_the_workshop_comes() {
    in_workshop(async |browser| {
        let page = browser.new_tab().await?;
        page.ask_chromium(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": WATCH }),
        )
        .await?;
        for (width, height, is_phone) in [(1366, 768, false), (320, 640, true)] {
            page.become_screen(width, height, is_phone).await?;
            page.go_to(&format!("{CHAPTER}?{width}")).await?;
            reads(&page, ".workshop-toggle", "Workshop").await?;
            let moved = page.evaluate_async(SHIFTS).await?;
            assert_eq!(moved, json!([]), "at {width} px");
        }
        Ok(())
    });
}

/// The requests of the page for modules of workshops, and how much of one is in it.
const OF_WORKSHOPS: &str = "return [
    performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.includes('/stage/workshop/') || name.endsWith('/workshop/attend')),
    document.querySelectorAll('.workshop, .workshop-toggle').length];";

#[test]
fn without_a_workshop_a_page_loads_nothing_of_one() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.run().await?;
        demo.says("1 peer ").await?;
        let found: Value = page.evaluate(OF_WORKSHOPS, []).await?;
        assert_eq!(found, json!([[], 0]));
        Ok(())
    });
}
