//! Rows of the instruments and lines of the code belong together, and show it.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::harness::{Page, eventually, in_browser};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, SINGLE_BROWSER};

/// Each panel with rows that come from lines, where in it they are, and a line of the demo that such a row came from. Of a description
/// all rows come from one line, which stands above them.
const ROWS: [(&str, &str, &str); 6] = [
    ("Ladder", ".ladder .row", "answerer.setRemoteDescription("),
    ("Ladder", "tbody tr", "createDataChannel("),
    ("States", ".lane-state", "setLocalDescription("),
    ("States", "tbody tr", "new RTCPeerConnection("),
    ("Candidates", "tbody tr", "addIceCandidate("),
    ("SDP", ".origin", "caller.setRemoteDescription("),
];

/// Nothing comes from an empty line.
const EMPTY_LINE: usize = 3;

/// The number of the first line that has this in it.
fn line_with(code: &str, words: &str) -> Result<usize> {
    let place = code.lines().position(|line| line.contains(words));
    Ok(place.with_context(|| format!("{words} should be in\n{code}"))? + 1)
}

/// Puts the cursor at the beginning of a line, as a press on it does.
const GO: &str = "const [region, line] = arguments;
    const textarea = region.querySelector('textarea');
    const start = textarea.value.split('\\n').slice(0, line - 1).join('\\n').length + (line > 1 ? 1 : 0);
    textarea.focus();
    textarea.setSelectionRange(start, start);";

/// The lines of the code that are lit; whether some rows are, each from this line; whether there are others from it.
const LIT: &str = "const [region, selector, line] = arguments;
    const lines = [...region.querySelectorAll('.pce-line')].flatMap((one, i) => (one.classList.contains('lit-line') ? [i + 1] : []));
    const isOfLine = (row) => new RegExp(`line ${line}\\\\b`).test(row.textContent);
    const panel = region.querySelector('.instruments [role=tabpanel]:not([hidden])');
    const rows = [...panel.querySelectorAll(selector)];
    const lit = rows.filter((row) => row.classList.contains('lit'));
    return [lines, lit.length > 0 && lit.every(isOfLine), rows.some((row) => isOfLine(row) && !row.classList.contains('lit'))];";

/// Presses the first row that came from a line, or chooses the description that did.
const PRESS: &str = "const [region, selector, line] = arguments;
    const panel = region.querySelector('.instruments [role=tabpanel]:not([hidden])');
    const row = [...panel.querySelectorAll(selector)].find(({ textContent }) => new RegExp(`line ${line}\\\\b`).test(textContent));
    const press = (one) => one.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    if (selector !== '.origin') return press(row.querySelector('td, rect'));
    const select = panel.querySelector('select');
    select.value = [...select.options].find(({ text }) => text.startsWith('caller, line 1: remote answer')).value;
    select.dispatchEvent(new Event('change'));";

async fn lights(page: &Page<'_>, demo: &Demo<'_>, selector: &str, line: usize) -> Result<()> {
    let mut seen = Value::Null;
    let is_lit = eventually(async || {
        let given = [demo.region.to_json()?, json!(selector), json!(line)];
        seen = page.evaluate(LIT, given).await?;
        Ok((seen == json!([[line], true, false])).then_some(()))
    });
    is_lit
        .await
        .with_context(|| format!("line {line} and its rows should be lit: {seen}"))
}

/// The cursor is elsewhere, in a line that nothing came from.
async fn goes_out(page: &Page<'_>, demo: &Demo<'_>, selector: &str, line: usize) -> Result<()> {
    let mut seen = Value::Null;
    // A description stays in sight, and is no longer lit.
    let expected = json!([[EMPTY_LINE], false, true]);
    let is_out = eventually(async || {
        let given = [demo.region.to_json()?, json!(selector), json!(line)];
        seen = page.evaluate(LIT, given).await?;
        Ok((seen == expected).then_some(()))
    });
    is_out
        .await
        .with_context(|| format!("nothing of line {line} should be lit: {seen}"))
}

#[test]
fn a_row_lights_its_line_and_a_line_its_rows_in_each_panel() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(SINGLE_BROWSER).await?;
        let code = demo.code().await?;
        demo.run_handshake().await?;
        let region = demo.region.to_json()?;
        for (panel, selector, words) in ROWS {
            let what = format!("{panel}, {selector}");
            demo.choose_instrument(panel).await?;
            let open = "for (const details of arguments[0].querySelectorAll('.instruments details')) details.open = true;
                const box = arguments[0].querySelector('.ladder-box'); box.scrollTop = 0;";
            page.evaluate(open, [region.clone()]).await?;
            let line = line_with(&code, words)?;
            page.evaluate(GO, [region.clone(), json!(line)]).await?;
            lights(&page, &demo, selector, line)
                .await
                .context(what.clone())?;
            page.evaluate(GO, [region.clone(), json!(EMPTY_LINE)])
                .await?;
            goes_out(&page, &demo, selector, line)
                .await
                .context(what.clone())?;
            page.evaluate(PRESS, [region.clone(), json!(selector), json!(line)])
                .await?;
            lights(&page, &demo, selector, line).await.context(what)?;
        }
        Ok(())
    });
}
