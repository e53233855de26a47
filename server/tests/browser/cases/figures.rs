//! Figures that are played step by step: complete before, and wherever they can't be played.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, Page, eventually, in_browser, in_browser_of};
use crate::pages::{CHAPTER, INSTRUMENTS};

/// Each page with a figure, and its steps.
const FIGURES: [(&str, usize); 3] = [("", 5), (CHAPTER, 4), (INSTRUMENTS, 9)];

/// What the figure says of its steps, the sentences that are lit, and how many parts of the drawing are hidden.
const SHOWN: &str = "const figure = document.querySelector('figure.playable');
    const isHidden = (part) => getComputedStyle(part).visibility === 'hidden';
    return [
        figure.querySelector('.figure-state')?.firstChild.data ?? '',
        [...figure.querySelectorAll('figcaption [aria-current=step]')].map(({ textContent }) => textContent).join(),
        [...figure.querySelectorAll('svg [data-step]')].filter(isHidden).length,
    ];";

async fn shows(page: &Page<'_>, state: &str, sentence: &str, hidden: usize) -> Result<()> {
    let mut seen = Value::Null;
    let is_shown = eventually(async || {
        seen = page.evaluate(SHOWN, []).await?;
        let is_lit = seen[1].as_str().is_some_and(|lit| match sentence {
            "" => lit.is_empty(),
            _ => lit.contains(sentence),
        });
        Ok((seen[0] == state && is_lit && seen[2] == hidden).then_some(()))
    });
    is_shown
        .await
        .with_context(|| format!("{state:?}, {sentence:?}, {hidden} hidden, not {seen}"))
}

async fn press(page: &Page<'_>, name: &str) -> Result<()> {
    let script = "[...document.querySelectorAll('.figure-bar button')].find(({ textContent }) => textContent === arguments[0]).click();";
    page.evaluate(script, [json!(name)]).await?;
    Ok(())
}

pub(super) async fn is_walked_through(browser: &Browser) -> Result<()> {
    for (path, steps) in FIGURES {
        let page = browser.open(path).await?;
        shows(&page, &format!("{steps} steps"), "", 0).await?;
        for step in 1..=steps {
            press(&page, "Next").await?;
            shows(&page, &format!("{step} of {steps}"), ".", steps - step).await?;
        }
        press(&page, "Back").await?;
        shows(&page, &format!("{} of {steps}", steps - 1), ".", 1).await?;
        press(&page, "Next").await?;
        press(&page, "Next").await?;
        shows(&page, &format!("{steps} steps"), "", 0).await?;
        press(&page, "Play").await?;
        shows(&page, &format!("2 of {steps}"), ".", steps - 2).await?;
        press(&page, "Pause").await?;
        shows(&page, &format!("2 of {steps}"), ".", steps - 2).await?;
    }
    Ok(())
}

#[test]
fn a_figure_is_walked_through_step_by_step_in_chromium() {
    in_browser_of(Chromium, is_walked_through);
}

#[test]
fn a_figure_is_walked_through_step_by_step_in_firefox() {
    in_browser_of(Firefox, is_walked_through);
}

/// Clicks on a sentence, or on a part of the drawing.
const CLICK: &str = "document.querySelector(`figure.playable ${arguments[0]}`).dispatchEvent(new MouseEvent('click', { bubbles: true }));";

/// Presses a key where the keyboard is.
const PRESS_KEY: &str = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], bubbles: true }));";

#[test]
fn a_sentence_and_a_part_of_the_drawing_lead_to_their_step_and_arrow_keys_turn_steps_not_pages() {
    in_browser(async |browser| {
        let page = browser.open("").await?;
        shows(&page, "5 steps", "", 0).await?;
        page.evaluate(CLICK, [json!("li[data-step='3']")]).await?;
        shows(&page, "3 of 5", "B sends back an answer", 2).await?;
        page.evaluate(CLICK, [json!("svg [data-step='2'] *")])
            .await?;
        shows(&page, "2 of 5", "A sends B an offer", 3).await?;
        page.evaluate("document.querySelector('.figure-bar button').focus();", [])
            .await?;
        for (key, state, hidden) in [("ArrowRight", "3 of 5", 2), ("ArrowLeft", "2 of 5", 3)] {
            page.evaluate(PRESS_KEY, [json!(key)]).await?;
            shows(&page, state, ".", hidden).await?;
        }
        Ok(())
    });
}

#[test]
fn the_front_page_has_its_figure_in_the_first_window() {
    let screens = [(1366, 768, false), (390, 844, true)];
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for (width, height, is_phone) in screens {
            page.become_screen(width, height, is_phone).await?;
            page.go_to("").await?;
            shows(&page, "5 steps", "", 0).await?;
            let below = "return document.querySelector('figure').getBoundingClientRect().bottom - innerHeight;";
            let below = page.evaluate(below, []).await?.as_f64();
            assert!(
                below.is_some_and(|below| below <= 0.0),
                "{below:?} px below the window at {width} × {height}"
            );
        }
        Ok(())
    });
}

/// The words of the figures that are smaller than this many px.
const SMALL: &str = "return [...document.querySelectorAll('.diagram text')].filter((text) => text.checkVisibility())
    .filter((text) => Number.parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a < arguments[0])
    .map(({ textContent }) => textContent);";

#[test]
fn on_the_smallest_phone_the_words_of_figures_can_be_read() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.become_screen(320, 640, true).await?;
        for (path, _) in FIGURES {
            page.go_to(path).await?;
            page.demos().await?;
            assert_eq!(
                page.evaluate(SMALL, [json!(11)]).await?,
                json!([]),
                "{path}"
            );
        }
        Ok(())
    });
}

/// How many dots travel.
const TRAVELLERS: &str = "return document.querySelectorAll('.traveller').length;";

#[test]
fn who_wants_less_motion_gets_the_steps_and_nothing_that_moves() {
    in_browser(async |browser| {
        let page = browser.open("").await?;
        shows(&page, "5 steps", "", 0).await?;
        press(&page, "Next").await?;
        assert_eq!(page.evaluate(TRAVELLERS, []).await?, json!(2));
        let reduced =
            json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        page.ask_chromium("Emulation.setEmulatedMedia", reduced)
            .await?;
        page.reload().await?;
        shows(&page, "5 steps", "", 0).await?;
        let play = page.driver().await?.find(By::Css(".figure-play")).await?;
        assert!(!play.is_displayed().await?);
        press(&page, "Next").await?;
        shows(&page, "1 of 5", "C", 4).await?;
        assert_eq!(page.evaluate(TRAVELLERS, []).await?, json!(0));
        Ok(())
    });
}

#[test]
fn on_paper_and_without_javascript_a_figure_is_complete() {
    in_browser(async |browser| {
        let page = browser.open("").await?;
        shows(&page, "5 steps", "", 0).await?;
        press(&page, "Next").await?;
        page.ask_chromium("Emulation.setEmulatedMedia", json!({ "media": "print" }))
            .await?;
        shows(&page, "1 of 5", "C", 0).await?;
        let bar = page.driver().await?.find(By::Css(".figure-bar")).await?;
        assert!(!bar.is_displayed().await?);

        let page = browser.new_tab().await?;
        page.ask_chromium(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": true }),
        )
        .await?;
        for (path, steps) in FIGURES {
            page.go_to(path).await?;
            let driver = page.driver().await?;
            let parts = driver.find_all(By::Css("figure svg [data-step]")).await?;
            ensure!(parts.len() == steps, "{path} has {} steps", parts.len());
            for part in parts {
                assert!(part.is_displayed().await?);
            }
            assert_eq!(page.count(".figure-bar").await?, 0);
        }
        Ok(())
    });
}

/// Each page with a figure whose value is dragged, a value, and what the figure says then.
const DIALS: [(&str, &str, &str); 2] = [
    (
        "rooms/meshes.html",
        "10",
        "with 10 peers a mesh has 45 connections, and a star 9.",
    ),
    (
        "begin/what-webrtc-is.html",
        "300",
        "with 300 ms for each round trip the first message is there after 1,500 ms.",
    ),
];

/// Drags the value of the figure there, and returns its text and that of the drawing.
const DRAG: &str = "const [value] = arguments;
    const figure = document.querySelector('figure[data-dial]');
    const slider = figure.querySelector('.dial > input');
    if (value) slider.value = value;
    slider.dispatchEvent(new Event('input'));
    const drawn = [...figure.querySelectorAll('svg [data-x]')].map((part) => part.getAttribute('transform'));
    return [slider.ariaValueText, `${figure.textContent}${drawn}`];";

#[test]
fn a_figure_with_a_dial_begins_as_the_book_has_it_and_follows_what_is_dragged() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for (path, value, says) in DIALS {
            page.go_to(path).await?;
            page.demos().await?;
            let is_there = eventually(async || Ok((page.count(".dial").await? == 1).then_some(())));
            is_there.await.context("the dial")?;
            let text = "const figure = document.querySelector('figure[data-dial]');
                return `${figure.textContent}${[...figure.querySelectorAll('svg [data-x]')].map((part) => part.getAttribute('transform'))}`;";
            let before = page.evaluate(text, []).await?;
            let same = page.evaluate(DRAG, [json!("")]).await?;
            assert_eq!(
                same[1], before,
                "{path} has other numbers than its terms give"
            );
            let dragged = page.evaluate(DRAG, [json!(value)]).await?;
            assert_eq!(dragged[0], format!("For example, {says}"), "{path}");
            assert_ne!(dragged[1], before, "{path}");
            page.fits_its_width().await?;
        }
        Ok(())
    });
}

/// How high the figure is with what is dragged, and before that is there.
const PLACE: &str = "const figure = document.querySelector('figure[data-dial]');
    const dial = figure.querySelector('.dial');
    const height = figure.getBoundingClientRect().height;
    dial.remove();
    const before = figure.getBoundingClientRect().height;
    figure.querySelector('.diagram').after(dial);
    return [height, before];";

#[test]
fn nothing_moves_when_a_figure_gets_its_dial() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for (width, is_phone) in [(320, true), (390, true), (1366, false)] {
            page.become_screen(width, 768, is_phone).await?;
            for (path, _, _) in DIALS {
                page.go_to(path).await?;
                let is_there =
                    eventually(async || Ok((page.count(".dial").await? == 1).then_some(())));
                is_there.await.context("the dial")?;
                let place = page.evaluate(PLACE, []).await?;
                assert_eq!(place[0], place[1], "{path} at {width} px");
            }
        }
        Ok(())
    });
}

/// The parts of a drawing that step aside while the mouse is on its second sentence, and afterwards.
const POINTED: &str = "const figure = document.querySelector('figure.playable');
    const at = (part, type) => part.dispatchEvent(new PointerEvent(type, { bubbles: type === 'pointerover' }));
    const aside = () => [...figure.querySelectorAll('svg [data-aside]')].map((part) => part.dataset.step);
    at(figure.querySelector('li[data-step=\"2\"]'), 'pointerover');
    const during = aside();
    at(figure, 'pointerleave');
    return [during, aside()];";

#[test]
fn what_a_sentence_is_about_stands_out_while_the_mouse_is_on_it() {
    in_browser(async |browser| {
        let page = browser.open("").await?;
        shows(&page, "5 steps", "", 0).await?;
        let pointed = page.evaluate(POINTED, []).await?;
        assert_eq!(pointed, json!([["1", "3", "4", "5"], []]));
        Ok(())
    });
}
