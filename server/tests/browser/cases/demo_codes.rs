//! "Show QR": in a workshop, a phone opens exactly this demo.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;

use super::looks;
use crate::harness::{Browser, Page, eventually, in_browser, in_workshop};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER, QUICKCONNECT};
use crate::qr_code::Modules;

const SHOW: &str = "Show QR";
const CLOSE: &str = "Close";

/// What the address of the demo has behind that of the workshop.
const PLACE: &str = "connecting/#demo-quickconnect-intro.js";

/// What the dialog is called and what address it shows, once its picture is there.
const SHOWN: &str = "const dialog = document.querySelector('dialog:modal');
    const picture = dialog?.querySelector('img');
    if (!picture?.complete || picture.naturalWidth === 0) return null;
    const name = document.getElementById(dialog.getAttribute('aria-labelledby')).textContent;
    return [name, dialog.querySelector('.qr-address').textContent, picture.alt];";

/// The picture, as the server has drawn it.
const PICTURE: &str = "const [done] = arguments;
    const { src } = document.querySelector('dialog:modal img');
    fetch(src).then((response) => response.text()).then(done, (error) => done(String(error)));";

async fn shown(page: &Page<'_>) -> Result<Value> {
    let shown = eventually(async || {
        let shown = page.evaluate(SHOWN, []).await?;
        Ok((!shown.is_null()).then_some(shown))
    });
    shown.await.context("a dialog with a picture should open")
}

/// No dialog is left, and its button has the keyboard again.
async fn is_closed(page: &Page<'_>) -> Result<()> {
    let closed = eventually(async || {
        let is_gone = page.count("dialog").await? == 0;
        Ok((is_gone && page.focused().await? == SHOW).then_some(()))
    });
    closed.await.context("the dialog should be gone")
}

/// The dialog shows the address, and its picture is the code of that.
async fn leads_to(page: &Page<'_>, address: &str) -> Result<()> {
    let name = format!("{QUICKCONNECT} on a phone");
    let expected = json!([name, address, "QR code of the address"]);
    assert_eq!(shown(page).await?, expected);
    let picture = page.evaluate_async(PICTURE).await?;
    let svg = picture.as_str().unwrap_or_default();
    ensure!(svg.starts_with("<svg "), "no picture: {svg}");
    assert_eq!(Modules::drawn_in(svg).read(), address);
    Ok(())
}

async fn focus(page: &Page<'_>, demo: &Demo<'_>, button: &str) -> Result<()> {
    let button = demo.find("button", button).await?.to_json()?;
    page.evaluate("arguments[0].focus();", [button]).await?;
    Ok(())
}

fn address(browser: &Browser) -> String {
    format!("{}/{PLACE}", browser.origin)
}

#[test]
fn without_a_workshop_no_demo_has_the_button() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        for demo in page.demos().await? {
            assert!(demo.find("button", SHOW).await.is_err(), "{}", demo.name);
        }
        Ok(())
    });
}

#[test]
fn in_a_workshop_a_demo_that_others_can_meet_has_the_button_and_no_other_demo() {
    in_workshop(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.demo(QUICKCONNECT).await?.find("button", SHOW).await?;
        let alone = page.demo(CREATE_OFFER).await?;
        assert!(alone.find("button", SHOW).await.is_err());
        Ok(())
    });
}

#[test]
fn by_keyboard_the_dialog_opens_and_closes_and_its_button_gets_the_keyboard_back() {
    in_workshop(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        focus(&page, &demo, SHOW).await?;
        for closing in [Key::Escape, Key::Enter] {
            page.press_key(Key::Enter).await?;
            leads_to(&page, &address(browser)).await?;
            assert_eq!(page.focused().await?, CLOSE);
            page.press_key(closing).await?;
            is_closed(&page).await?;
        }
        assert_eq!(demo.state().await?, "idle", "nothing was run");
        Ok(())
    });
}

#[test]
fn by_mouse_too_and_the_demo_goes_on_behind_it() {
    in_workshop(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.run().await?;
        demo.says("1 peer ").await?;
        demo.press(SHOW).await?;
        leads_to(&page, &address(browser)).await?;
        // mdBook's keys for the next page and for the search.
        page.press_key(Key::Right).await?;
        let keyboard = page.driver().await?.action_chain();
        keyboard.send_keys("s").perform().await?;
        demo.press(CLOSE).await?;
        is_closed(&page).await?;
        assert_eq!(page.path().await?, format!("/{CHAPTER}"));
        assert_eq!(page.count("#mdbook-search-wrapper.hidden").await?, 1);
        assert_eq!(demo.state().await?, "running");
        Ok(())
    });
}

#[test]
fn nothing_else_of_the_pages_address_gets_into_the_code() {
    in_workshop(async |browser| {
        for path in [
            "connecting/?x=<b>y</b>#demo-createoffer.js",
            "connecting/index.html#no-such-place",
        ] {
            let page = browser.open(path).await?;
            page.demo(QUICKCONNECT).await?.press(SHOW).await?;
            let file = page.path().await?;
            let address = format!("{}{file}#demo-{QUICKCONNECT}", browser.origin);
            leads_to(&page, &address).await?;
            page.close().await?;
        }
        Ok(())
    });
}

#[test]
fn the_address_opens_the_page_at_the_demo() {
    in_workshop(async |browser| {
        let page = browser.open(PLACE).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.comes_into_view().await?;
        assert_eq!(demo.state().await?, "idle", "it waits for a click");
        Ok(())
    });
}

#[test]
fn a_server_that_refuses_is_quoted_and_the_address_stays() {
    // The page is at a path that the book has not, as one of an author's may be that was renamed since it was opened.
    const MOVE: &str = "history.replaceState(null, '', '/no/such/page.html');";
    in_workshop(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        page.evaluate(MOVE, []).await?;
        demo.press(SHOW).await?;
        let text =
            "return document.querySelector('dialog:modal [role=status]')?.textContent ?? '';";
        let quoted = eventually(async || {
            let told = page.evaluate(text, []).await?;
            Ok((told == json!("This book has no such page.")).then_some(()))
        });
        quoted.await.context("the dialog should say why")?;
        assert_eq!(page.count("dialog img").await?, 0);
        assert_eq!(page.count("dialog .qr-address").await?, 1);
        demo.press(CLOSE).await?;
        is_closed(&page).await
    });
}

/// The shorter side of the picture that is in the window, and whether all of the dialog is as wide as it is shown.
const SIDE: &str = "const dialog = document.querySelector('dialog:modal');
    const { left, top, right, bottom } = dialog.querySelector('img').getBoundingClientRect();
    const seen = [Math.min(right, innerWidth) - Math.max(left, 0), Math.min(bottom, innerHeight) - Math.max(top, 0)];
    return [Math.floor(Math.min(...seen)), dialog.scrollWidth <= dialog.clientWidth];";

#[test]
fn the_code_is_as_large_as_the_screen_lets_it_be() {
    in_workshop(async |browser| {
        let page = browser.new_tab().await?;
        for (width, height, is_phone, least) in [
            (1920, 1080, false, 900),
            (1366, 768, false, 640),
            (1024, 768, false, 600),
            (390, 844, true, 300),
            (320, 640, true, 240),
            (640, 320, true, 240),
        ] {
            page.become_screen(width, height, is_phone).await?;
            page.go_to(CHAPTER).await?;
            page.demo(QUICKCONNECT).await?.press(SHOW).await?;
            shown(&page).await?;
            let found = page.evaluate(SIDE, []).await?;
            let side = found[0].as_i64().context("the picture has a side")?;
            assert!(side >= least, "{side} px at {width} × {height}");
            assert_eq!(found[1], json!(true), "at {width} × {height}");
        }
        Ok(())
    });
}

#[test]
fn in_every_theme_the_dialog_can_be_read_on_a_phone() {
    in_workshop(async |browser| {
        let page = browser.new_tab().await?;
        page.become_phone(320).await?;
        page.go_to(CHAPTER).await?;
        for theme in looks::THEMES {
            looks::choose_theme(&page, theme).await?;
            let demo = page.demo(QUICKCONNECT).await?;
            let small = page
                .evaluate(looks::TOO_SMALL, [demo.region.to_json()?])
                .await?;
            assert_eq!(small, json!([]), "{theme}");
            demo.press(SHOW).await?;
            shown(&page).await?;
            looks::can_be_read(&page, &demo, theme).await?;
        }
        Ok(())
    });
}
