//! What repeats itself in a ladder is one row that opens, and chips choose which rows are there.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::harness::{Page, eventually, in_browser};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, SINGLE_BROWSER};

/// Two connections of one page, of which one says much over a channel.
const TALKATIVE: &str = "const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
const channel = a.createDataChannel('chat');
channel.onopen = () => {
  for (let i = 0; i < 20; i += 1) channel.send(`message ${i}`);
  console.log('sent');
};
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);";

/// The labels of the ladder's drawing and of its table, and which chips are pressed.
const SHOWN: &str = "const panel = arguments[0].querySelector('.instruments [role=tabpanel]:not([hidden])');
    const drawn = [...panel.querySelectorAll('.ladder .row title')].map(({ textContent }) => textContent.replace(/^.*?: /, ''));
    const told = [...panel.querySelectorAll('tbody tr')].map(({ cells }) => cells[3].textContent);
    const pressed = [...panel.querySelectorAll('[aria-pressed=true]')].map(({ textContent }) => textContent);
    return { drawn, told, pressed };";

async fn shown(page: &Page<'_>, demo: &Demo<'_>) -> Result<Value> {
    page.evaluate(SHOWN, [demo.region.to_json()?]).await
}

fn texts(shown: &Value, of: &str) -> Vec<String> {
    serde_json::from_value(shown[of].clone()).unwrap_or_default()
}

/// Waits until drawing and table agree, and so many of their rows have this in them.
async fn has_rows(page: &Page<'_>, demo: &Demo<'_>, part: &str, count: usize) -> Result<()> {
    let mut seen = Value::Null;
    let has = eventually(async || {
        seen = shown(page, demo).await?;
        let with_part = |of| {
            texts(&seen, of)
                .iter()
                .filter(|text| text.contains(part))
                .count()
        };
        Ok((["drawn", "told"].map(with_part) == [count, count]).then_some(()))
    });
    has.await
        .with_context(|| format!("{count} rows should have {part:?} in them: {seen:#}"))
}

/// The talkative demo, whose ladder is open as a table too, large enough that all of its rows are drawn.
async fn talkative<'p>(page: &'p Page<'_>) -> Result<Demo<'p>> {
    let demo = page.demo(SINGLE_BROWSER).await?;
    demo.run_code(TALKATIVE).await?;
    demo.logs("sent").await?;
    demo.open_instruments().await?;
    let open = "const box = arguments[0].querySelector('.ladder-box');
        box.style.maxBlockSize = 'none';
        box.parentElement.querySelector('details').open = true;";
    page.evaluate(open, [demo.region.to_json()?]).await?;
    Ok(demo)
}

#[test]
fn repeated_messages_are_one_row_that_opens_by_pointer_and_by_keyboard() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = talkative(&page).await?;
        let region = demo.region.to_json()?;
        // Sent on one side, and received on the other.
        has_rows(&page, &demo, "⋯ 20 messages on “chat”", 2).await?;
        has_rows(&page, &demo, "send(“message 7”)", 0).await?;
        let click = "arguments[0].querySelector('.ladder .fold').dispatchEvent(new MouseEvent('click', { bubbles: true }));";
        page.evaluate(click, [region.clone()]).await?;
        has_rows(&page, &demo, "send(“message 7”)", 1).await?;
        has_rows(&page, &demo, "▾ ", 1).await?;
        let focus = "arguments[0].querySelector('tbody [aria-expanded=true]').focus();";
        page.evaluate(focus, [region.clone()]).await?;
        for expanded in ["false", "true"] {
            page.press_key(Key::Enter).await?;
            let state = "return document.activeElement.getAttribute('aria-expanded');";
            eventually(async || {
                Ok((page.evaluate(state, []).await? == json!(expanded)).then_some(()))
            })
            .await
            .with_context(|| {
                format!("what has the focus should be the fold, aria-expanded={expanded}")
            })?;
        }
        has_rows(&page, &demo, "send(“message 7”)", 1).await
    });
}

/// Presses a chip.
const PRESS: &str = "[...arguments[0].querySelectorAll('.ladder-chips button')].find(({ textContent }) => textContent === arguments[1]).click();";

#[test]
fn chips_choose_layers_and_columns_and_whether_repetitions_are_folded() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = talkative(&page).await?;
        let region = demo.region.to_json()?;
        let press = async |chip: &str| page.evaluate(PRESS, [region.clone(), json!(chip)]).await;
        press("Fold repeats").await?;
        has_rows(&page, &demo, "send(“message 7”)", 1).await?;
        press("Signaling").await?;
        has_rows(&page, &demo, "setRemoteDescription(", 2).await?;
        has_rows(&page, &demo, "send(", 0).await?;
        assert_eq!(texts(&shown(&page, &demo).await?, "pressed"), ["Signaling"]);
        press("ICE").await?;
        has_rows(&page, &demo, "setRemoteDescription(", 0).await?;
        has_rows(&page, &demo, "connection: connected", 2).await?;
        let second = "return [...arguments[0].querySelectorAll('[aria-label=\"Whose rows\"] button')].at(-1).textContent;";
        let second = page.evaluate(second, [region.clone()]).await?;
        press(second.as_str().context("it has a name")?).await?;
        has_rows(&page, &demo, "connection: connected", 1).await?;
        press("All").await?;
        has_rows(&page, &demo, "new RTCPeerConnection()", 1).await
    });
}

#[test]
fn the_ladder_of_a_run_that_has_ended_opens_at_its_top() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(SINGLE_BROWSER).await?;
        demo.run_handshake().await?;
        super::instruments::ladder_shows(
            &page,
            SINGLE_BROWSER,
            &["message “hello from the answerer”"],
        )
        .await?;
        demo.stop().await?;
        let region = demo.region.to_json()?;
        let reopen = "const details = arguments[0].querySelector('details.instruments');
            const box = arguments[0].querySelector('.ladder-box');
            box.scrollTop = box.scrollHeight;
            details.open = false;
            details.addEventListener('toggle', () => { details.open = true; }, { once: true });";
        page.evaluate(reopen, [region.clone()]).await?;
        let top = "const box = arguments[0].querySelector('.ladder-box');
            return [box.scrollHeight > box.clientHeight, box.scrollTop];";
        eventually(async || {
            Ok((page.evaluate(top, [region.clone()]).await? == json!([true, 0])).then_some(()))
        })
        .await
        .context("its first row should be in view")
    });
}
