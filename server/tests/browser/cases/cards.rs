//! What a chapter suggests to try: each edit is applied, does what its card promises, and is taken back.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;
use thirtyfour::prelude::*;

use super::faults::is_diagnosed;
use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, Kind, Page, eventually, in_browser, in_browser_of};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER, QUICKCONNECT, SINGLE_BROWSER, pages};

const CODE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../code/connecting");

/// Presses the button of a card, once it has this name.
async fn press(page: &Page<'_>, card: &str, button: &str) -> Result<()> {
    let script = "const heading = [...document.querySelectorAll('.card > :is(h3, h4)')].find(({ textContent }) => textContent === arguments[0]);
        const button = heading?.parentElement.querySelector('.card-bar button');
        if (button?.textContent !== arguments[1]) return false;
        button.click();
        return true;";
    let is_pressed = eventually(async || {
        let pressed = page.evaluate(script, [json!(card), json!(button)]).await?;
        Ok((pressed == json!(true)).then_some(()))
    });
    is_pressed
        .await
        .with_context(|| format!("the card {card:?} should have a button {button:?}"))
}

async fn apply(page: &Page<'_>, card: &str) -> Result<()> {
    press(page, card, "Apply this edit").await
}

/// Applies an edit of a card, which leads to the code, and runs it from there by keyboard.
async fn run_edit<'p>(page: &'p Page<'_>, demo: &str, card: &str) -> Result<Demo<'p>> {
    let demo = page.demo(demo).await?;
    apply(page, card).await?;
    demo.says("The edit is applied").await?;
    demo.editor()
        .await?
        .send_keys(Key::Control + Key::Enter)
        .await?;
    Ok(demo)
}

/// What the console shows of the offer.
async fn offer(demo: &Demo<'_>) -> Result<String> {
    Ok(demo.logs("offer:").await?.text)
}

async fn of_the_offer_come_true(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = run_edit(&page, CREATE_OFFER, "Offer nothing").await?;
    let text = offer(&demo).await?;
    assert!(text.contains("v=0") && !text.contains("m="), "{text}");
    is_diagnosed(&page, CREATE_OFFER, "empty-offer").await?;

    let demo = run_edit(&page, CREATE_OFFER, "Tell the browser nothing").await?;
    demo.logs("signaling state: stable").await?;
    is_diagnosed(&page, CREATE_OFFER, "offer-not-set").await?;
    let texts = demo.console().texts().await?;
    assert!(!texts.iter().any(|text| text.contains("candidate:")));

    let demo = run_edit(&page, CREATE_OFFER, "Offer audio too").await?;
    let text = offer(&demo).await?;
    for part in ["m=application", "m=audio", "a=group:BUNDLE 0 1"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    demo.console().has("candidate:", 2).await?;
    Ok(())
}

async fn of_both_sides_come_true(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = run_edit(&page, SINGLE_BROWSER, "Hand over no candidates").await?;
    demo.logs("offer and answer are exchanged").await?;
    match browser.kind {
        Kind::Chromium => is_diagnosed(&page, SINGLE_BROWSER, "no-candidates").await?,
        _ => drop(demo.logs("failed").await?),
    }
    let texts = demo.console().texts().await?;
    assert!(!texts.iter().any(|text| text.contains("connected")));

    let demo = run_edit(&page, SINGLE_BROWSER, "Hand them over one way").await?;
    demo.logs("connected: one message went each way").await?;

    let demo = run_edit(&page, SINGLE_BROWSER, "Let candidates come too early").await?;
    demo.logs("connected: one message went each way").await?;
    let entries = demo.console().entries().await?;
    assert!(entries.iter().any(|entry| entry.level == "error"));
    assert_eq!(demo.marked_lines().await?, [12]);

    let demo = run_edit(&page, SINGLE_BROWSER, "Send too early").await?;
    demo.logs("InvalidStateError").await?;
    let texts = demo.console().texts().await?;
    assert!(!texts.iter().any(|text| text.contains("exchanged")));
    Ok(())
}

async fn of_the_room_come_true(browser: &Browser) -> Result<()> {
    let windows = [
        browser.open_window(CHAPTER).await?,
        browser.open_window(CHAPTER).await?,
    ];
    let [first, second] = &windows;
    run_edit(first, QUICKCONNECT, "Go to another room").await?;
    let alone = second.demo(QUICKCONNECT).await?;
    alone.reset().await?;
    alone.run().await?;
    for window in &windows {
        let demo = window.demo(QUICKCONNECT).await?;
        demo.says("1 peer is in this room: this one.").await?;
    }
    run_edit(second, QUICKCONNECT, "Go to another room").await?;
    second
        .demo(QUICKCONNECT)
        .await?
        .logs("call:started")
        .await?;

    for window in &windows {
        run_edit(window, QUICKCONNECT, "Look at the connection").await?;
    }
    let demo = first.demo(QUICKCONNECT).await?;
    demo.logs("RTCPeerConnection").await?;
    Ok(())
}

#[test]
fn the_edits_of_the_offer_do_what_their_cards_say_in_chromium() {
    in_browser_of(Chromium, of_the_offer_come_true);
}

#[test]
fn the_edits_of_the_offer_do_what_their_cards_say_in_firefox() {
    in_browser_of(Firefox, of_the_offer_come_true);
}

#[test]
fn the_edits_of_both_sides_do_what_their_cards_say_in_chromium() {
    in_browser_of(Chromium, of_both_sides_come_true);
}

#[test]
fn the_edits_of_both_sides_do_what_their_cards_say_in_firefox() {
    in_browser_of(Firefox, of_both_sides_come_true);
}

#[test]
fn the_edits_of_the_room_do_what_their_cards_say_in_chromium() {
    in_browser_of(Chromium, of_the_room_come_true);
}

#[test]
fn the_edits_of_the_room_do_what_their_cards_say_in_firefox() {
    in_browser_of(Firefox, of_the_room_come_true);
}

#[test]
fn the_program_by_hand_connects_two_tabs_and_notices_when_one_is_closed() {
    in_browser(async |browser| {
        let [first, second] = [
            browser.open("rooms/machines.html").await?,
            browser.open("rooms/machines.html").await?,
        ];
        for tab in [&first, &second] {
            run_edit(tab, "machines-tabs.js", "Use two tabs").await?;
        }
        for tab in [&first, &second] {
            let demo = tab.demo("machines-tabs.js").await?;
            demo.logs("reads: hello from tab").await?;
        }
        second.close().await?;
        let left = first.demo("machines-tabs.js").await?;
        left.logs("has lost tab").await?;
        Ok(())
    });
}

/// The lines that the editor marks as new.
const ADDED: &str = "return [...document.querySelectorAll('.added-line')].map(({ textContent }) => textContent.trim());";

#[test]
fn an_edit_is_marked_in_the_code_and_taking_it_back_brings_what_was_there() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let card = "Offer audio too";
        demo.write("// mine").await?;
        apply(&page, card).await?;
        let code = demo.code().await?;
        assert!(code.contains("createDataChannel('hello');\npc.addTransceiver('audio');"));
        assert_eq!(
            page.evaluate(ADDED, []).await?,
            json!(["pc.addTransceiver('audio');"])
        );
        assert_eq!(page.focused().await?, "Code of createoffer.js");
        apply(&page, "Offer nothing").await?;
        assert!(!demo.code().await?.contains("createDataChannel"));
        press(&page, "Offer nothing", "Take it back").await?;
        assert_eq!(demo.code().await?, "// mine");
        assert_eq!(page.evaluate(ADDED, []).await?, json!([]));

        apply(&page, card).await?;
        page.reload().await?;
        press(&page, card, "Take it back").await?;
        let book = fs::read_to_string(Path::new(CODE).join(CREATE_OFFER))?;
        assert_eq!(
            page.demo(CREATE_OFFER).await?.code().await?,
            book.trim_end()
        );
        Ok(())
    });
}

#[test]
fn an_edit_is_shown_where_rust_was_chosen_too() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        page.evaluate(
            "document.querySelector('[role=tab]:not([aria-selected=true])').click()",
            [],
        )
        .await?;
        assert!(!demo.region.is_displayed().await?);
        apply(&page, "Offer nothing").await?;
        assert!(demo.region.is_displayed().await?);
        Ok(())
    });
}

/// For each card of a page: whether it says what to expect, and whether a diff in it has its button.
const CARDS: &str = "return [...document.querySelectorAll('.card')].map((card) => [
        card.querySelector(':scope > h4[id]') !== null,
        card.querySelector('details')?.open === false,
        (card.querySelector('code.language-diff') !== null) === (card.querySelector('.card-bar button') !== null),
        card.querySelector('.card-bar input[type=checkbox]') !== null,
    ].every(Boolean));";

#[test]
fn each_edit_of_the_book_can_be_applied_and_each_card_says_what_to_expect() {
    in_browser(async |browser| {
        let mut cards = 0;
        for path in pages() {
            let page = browser.open(path).await?;
            page.demos().await?;
            let mut seen = Value::Null;
            eventually(async || {
                seen = page.evaluate(CARDS, []).await?;
                let all = seen.as_array().context("a list")?;
                Ok(all.iter().all(|is_whole| is_whole == true).then_some(()))
            })
            .await
            .with_context(|| format!("{path}: {seen}"))?;
            cards += seen.as_array().map_or(0, Vec::len);
        }
        let files = fs::read_dir(CODE)?.filter_map(|file| file.ok());
        let diffs = files.filter(|file| file.path().extension().is_some_and(|one| one == "diff"));
        ensure!(cards > diffs.count(), "each diff has its card");
        Ok(())
    });
}

const TICKED: &str =
    "return [...document.querySelectorAll('.card-tick > input')].map(({ checked }) => checked);";

#[test]
fn a_tick_stays() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let is_there = async |count| {
            eventually(async || {
                let ticked = page.evaluate(TICKED, []).await?;
                let ticked = ticked.as_array().context("a list")?.clone();
                let is_so = !ticked.is_empty()
                    && ticked.iter().filter(|one| **one == true).count() == count;
                Ok(is_so.then_some(()))
            })
            .await
        };
        is_there(0).await?;
        let click = "document.querySelectorAll('.card-tick > input')[1].click()";
        page.evaluate(click, []).await?;
        page.reload().await?;
        is_there(1).await?;
        page.evaluate(click, []).await?;
        page.reload().await?;
        is_there(0).await
    });
}

#[test]
fn on_paper_and_without_javascript_a_card_can_be_read() {
    in_browser(async |browser| {
        let page = browser.open("print.html").await?;
        page.ask_chromium("Emulation.setEmulatedMedia", json!({ "media": "print" }))
            .await?;
        let heights = "return [...document.querySelectorAll('.card details')].filter((one) => one.getBoundingClientRect().height < 2 * one.querySelector('summary').getBoundingClientRect().height).length;";
        assert_eq!(page.evaluate(heights, []).await?, json!(0));

        let page = browser.new_tab().await?;
        page.ask_chromium(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": true }),
        )
        .await?;
        page.go_to(CHAPTER).await?;
        let card = page.driver().await?.find(By::Css(".card")).await?;
        let text = card.text().await?;
        assert!(text.contains("-pc.createDataChannel('hello');"), "{text}");
        card.find(By::Css("summary")).await?.click().await?;
        let text = card.text().await?;
        assert!(text.contains("The offer has no m= line"), "{text}");
        Ok(())
    });
}
