//! Keys that belong to an input method.

use anyhow::Result;
use serde_json::json;
use thirtyfour::Key;

use crate::harness::{Page, in_browser};
use crate::pages::{CHAPTER, CREATE_OFFER};

/// The input method composes in what has the keyboard.
async fn compose(page: &Page<'_>, text: &str) -> Result<()> {
    let end = text.len();
    let composition = json!({ "text": text, "selectionStart": end, "selectionEnd": end });
    page.ask_chromium("Input.imeSetComposition", composition)
        .await
}

/// Presses a key that it takes. Browsers tell of it with this code (https://www.w3.org/TR/uievents/#determine-keydown-keyup-keyCode).
async fn press(page: &Page<'_>, key: &str, modifiers: u32) -> Result<()> {
    const TAKEN: u32 = 229;
    for kind in ["rawKeyDown", "keyUp"] {
        let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": TAKEN, "modifiers": modifiers });
        page.ask_chromium("Input.dispatchKeyEvent", event).await?;
    }
    Ok(())
}

/// As DevTools name it.
const CONTROL: u32 = 2;

#[test]
fn during_a_composition_escape_tab_and_shortcuts_are_the_input_methods() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        for (key, modifiers) in [("Escape", 0), ("Tab", 0), ("Enter", CONTROL), ("Enter", 0)] {
            demo.write("").await?;
            compose(&page, "ni").await?;
            press(&page, key, modifiers).await?;
            assert_eq!(page.focused().await?, "Code of createoffer.js", "{key}");
            assert_eq!(demo.state().await?, "idle", "{key}");
            assert_eq!(demo.code().await?, "ni", "{key} writes nothing");
            page.ask_chromium("Input.insertText", json!({ "text": "に" }))
                .await?;
            assert_eq!(demo.code().await?, "に", "{key}");
        }

        demo.write("console.log('run by keyboard');").await?;
        demo.editor()
            .await?
            .send_keys(Key::Control + Key::Enter)
            .await?;
        demo.logs("run by keyboard").await?;
        page.press_key(Key::Escape).await?;
        assert_ne!(page.focused().await?, "Code of createoffer.js");
        Ok(())
    });
}

/// A key, as browsers tell of it; how many listeners of the document hear it, and whether the browser may still act on it.
const TOLD: &str = "const [key, how] = arguments;
    let heard = 0;
    const hear = () => { heard += 1; };
    document.addEventListener('keydown', hear);
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...how });
    document.activeElement.dispatchEvent(event);
    document.removeEventListener('keydown', hear);
    return [heard, event.defaultPrevented];";

#[test]
fn no_part_of_the_page_hears_keys_of_an_input_method() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.demos().await?;
        for key in ["ArrowRight", "s", "?", "Escape", "Enter", "Tab"] {
            for how in [json!({ "isComposing": true }), json!({ "keyCode": 229 })] {
                let told = page.evaluate(TOLD, [json!(key), how]).await?;
                assert_eq!(told, json!([0, false]), "{key}");
            }
        }
        let other = [json!("Shift"), json!({ "isComposing": false })];
        assert_eq!(page.evaluate(TOLD, other).await?, json!([1, false]));
        Ok(())
    });
}
