//! The page is complete without its script, keeps the place of what it will say, and is used with a keyboard.

use serde_json::json;
use thirtyfour::Key;
use thirtyfour::prelude::*;

use super::{ALL, COPY, MEDIA, SECURE, START, START_MEDIA, Shown, check, outcome, press};
use crate::harness::{eventually, in_browser};
use crate::pages::CHECK;

const SCREENS: [(u32, u32, bool); 3] = [(1366, 768, false), (390, 844, true), (320, 640, true)];

/// The height of the whole list with its buttons, and of each row.
const HEIGHTS: &str = "return [...document.querySelectorAll('.device-check, .device-check > ul > li')].map((one) => Math.round(one.getBoundingClientRect().height));";

#[test]
fn what_is_found_has_its_place_before_it_is_found() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for (width, height, is_phone) in SCREENS {
            page.become_screen(width, height, is_phone).await?;
            page.go_to(CHECK).await?;
            page.demos().await?;
            press(&page, COPY).await?;
            let before = page.evaluate(HEIGHTS, []).await?;
            check(&page).await?;
            let after = page.evaluate(HEIGHTS, []).await?;
            assert_eq!(after, before, "at {width} px");
            page.fits_its_width().await?;
        }
        Ok(())
    });
}

#[test]
fn on_a_phone_the_buttons_are_as_large_as_a_finger_and_apart() {
    const TOO_SMALL: &str = "const boxes = [...document.querySelectorAll('.check-bar button')].map((one) => one.getBoundingClientRect());
        const between = (a, b) => Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
        return boxes.filter((box, i) => box.width < 44 || box.height < 44 || boxes.some((other, j) => i !== j && between(box, other) < 7.9)).length;";
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.become_phone(320).await?;
        page.go_to(CHECK).await?;
        press(&page, COPY).await?;
        assert_eq!(page.evaluate(TOO_SMALL, []).await?, json!(0));
        Ok(())
    });
}

#[test]
fn it_is_used_with_a_keyboard_which_stays_where_it_is() {
    in_browser(async |browser| {
        let page = browser.open(CHECK).await?;
        press(&page, COPY).await?;
        page.evaluate("document.querySelector('.check-bar button').focus();", [])
            .await?;
        assert_eq!(page.focused().await?, START);
        // mdBook turns pages with it.
        page.press_key(Key::Right).await?;
        page.press_key(Key::Enter).await?;
        eventually(async || Ok(Shown::of(&page).await?.is_under_way().then_some(()))).await?;
        outcome(&page).await?;
        assert_eq!(page.focused().await?, "Check again");
        for name in [START_MEDIA, COPY] {
            page.press_key(Key::Tab).await?;
            assert_eq!(page.focused().await?, name);
        }
        let live = "const { role } = document.querySelector('.check-status');
            return [role, document.querySelector('.check-bar').role, document.querySelectorAll('.device-check [aria-live], .device-check [role=alert]').length];";
        let live_role = page.evaluate(live, []).await?;
        assert_eq!(live_role, json!(["status", "group", 0]));
        Ok(())
    });
}

#[test]
fn without_javascript_each_check_is_named_and_explained() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.ask_chromium(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": true }),
        )
        .await?;
        page.go_to(CHECK).await?;
        let driver = page.driver().await?;
        let links = driver
            .find_all(By::Css(".device-check > ul > li a"))
            .await?;
        let mut names = Vec::new();
        for link in &links {
            assert!(link.is_displayed().await?);
            names.push(link.text().await?);
        }
        let mut expected: Vec<&str> = ALL.into_iter().chain([SECURE, MEDIA]).collect();
        names.sort();
        expected.sort_unstable();
        assert_eq!(names, expected);
        assert_eq!(page.count(".check-bar, .check-state").await?, 0);
        Ok(())
    });
}

/// The sections that rows lead to, and those that are checked.
const SECTIONS: &str = "const { createChecks, MEDIA } = await at('check/check-list.js');
    const led = [...document.querySelectorAll('.device-check > ul > li a')].map(({ hash }) => hash.slice(1));
    const checked = [...createChecks().flat(), MEDIA].map(({ section }) => section);
    return led.join() === checked.join() && led.every((id) => document.getElementById(id)?.localName === 'h2') ? [] : [led, checked];";

#[test]
fn each_check_has_a_row_and_a_section_in_the_same_order() {
    in_browser(async |browser| {
        let page = browser.open(CHECK).await?;
        assert_eq!(page.in_stage(SECTIONS).await?, json!([]));
        Ok(())
    });
}
