//! The “NATs” panel: a demo of the book whose two peers are behind NATs of a lab, as its reader sees it, and as it is saved.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::harness::Kind::{ChromiumWithRequests, Firefox};
use crate::harness::{Browser, Page, eventually, in_browser_of};
use crate::pages::demo::Demo;

const CHAPTER: &str = "network/nats.html";
/// A program without a lab, and one with two NATs in it.
const WITHOUT: &str = "nat-punch.js";
const WITH: &str = "nat-lab.js";

/// The cells of each row of a table, by the beginning of its caption.
const ROWS: &str = "const table = [...arguments[0].querySelectorAll('.nats table')].find(({ caption }) => caption.textContent.startsWith(arguments[1]));
    return [...table?.querySelectorAll('tbody tr') ?? []].map((row) => [...row.children].map(({ textContent }) => textContent));";

const IS_OFFERED: &str = "return [...arguments[0].querySelectorAll('.instruments [role=tab]')].some(({ textContent, hidden }) => textContent === 'NATs' && !hidden);";

const STATUS: &str = "return arguments[0].querySelector('.nats [role=status]')?.textContent ?? '';";

/// Keeps the file from becoming one.
const KEEP: &str = "HTMLAnchorElement.prototype.click = () => {};
    URL.createObjectURL = (file) => {
        file.text().then((text) => { window.saved = text; });
        return '';
    };";

const OPEN: &str = "const input = arguments[0].querySelector('.instruments input[type=file]');
    const files = new DataTransfer();
    files.items.add(new File([window.saved], 'saved.json'));
    input.files = files.files;
    input.dispatchEvent(new Event('change'));";

/// Waits for a row of a table of the panel of which this is so.
async fn has_row(
    page: &Page<'_>,
    demo: &Demo<'_>,
    caption: &str,
    is_so: impl Fn(&[String]) -> bool,
) -> Result<()> {
    let mut seen: Vec<Vec<String>> = Vec::new();
    let found = eventually(async || {
        let rows = page.evaluate(ROWS, [demo.region.to_json()?, json!(caption)]);
        seen = serde_json::from_value(rows.await?)?;
        Ok(seen.iter().any(|row| is_so(row)).then_some(()))
    });
    found
        .await
        .with_context(|| format!("“{caption}” should have a row, and has {seen:?}"))
}

/// Waits until the panel says this of its lab.
async fn says(page: &Page<'_>, demo: &Demo<'_>, part: &str) -> Result<()> {
    let mut said = String::new();
    let is_said = eventually(async || {
        let words = page.evaluate(STATUS, [demo.region.to_json()?]).await?;
        said = words.as_str().unwrap_or_default().to_owned();
        Ok(said.contains(part).then_some(()))
    });
    is_said
        .await
        .with_context(|| format!("the panel should say {part:?}, and says {said:?}"))
}

/// The row of A's table, and of each packet that was dropped from whom it came and why.
async fn shows_the_lab(page: &Page<'_>, demo: &Demo<'_>) -> Result<()> {
    has_row(page, demo, "Mappings of the NAT of A", |row| {
        row[..3] == ["10.0.0.2:5000", "203.0.113.1:5000", "anybody"]
            && row[3].contains("203.0.113.2:5000")
            && row[5].ends_with(" s")
    })
    .await?;
    has_row(page, demo, "Dropped in the internet", |row| {
        row[5].starts_with("STUN: Binding request") && row[6].starts_with("For nobody")
    })
    .await
}

/// Runs the demo with a lab, and opens the panel of it.
pub(super) async fn open_panel<'p>(page: &'p Page<'_>) -> Result<Demo<'p>> {
    page.go_to(CHAPTER).await?;
    let demo = page.demo(WITH).await?;
    demo.run().await?;
    demo.logs("connected through both NATs").await?;
    demo.open_instruments().await?;
    let is_offered = eventually(async || {
        let is_offered = page.evaluate(IS_OFFERED, [demo.region.to_json()?]).await?;
        Ok((is_offered == json!(true)).then_some(()))
    });
    is_offered.await.context("a run with a lab has the panel")?;
    demo.choose_instrument("NATs").await?;
    shows_the_lab(page, &demo).await?;
    Ok(demo)
}

async fn shows_what_nats_hold_and_drop(browser: &Browser) -> Result<()> {
    let page = browser.new_tab().await?;
    let demo = open_panel(&page).await?;
    says(&page, &demo, "Checks of A and B arrive.").await?;
    // Whoever was first was not let in: which of the two that was is up to the browser.
    let filtered = "return [...arguments[0].querySelectorAll('.nats .lab-nat tbody td:last-child')].some(({ textContent }) => textContent.startsWith('Filtered: from 203.0.113.'));";
    ensure!(page.evaluate(filtered, [demo.region.to_json()?]).await? == json!(true));

    // Saved, and opened when the lab is gone.
    page.evaluate(KEEP, []).await?;
    page.evaluate(
        "[...arguments[0].querySelectorAll('button')].find(({ textContent }) => textContent === 'Save as JSON').click();",
        [demo.region.to_json()?],
    )
    .await?;
    let saved = eventually(async || {
        let is_saved = page.evaluate("return Boolean(window.saved)", []).await?;
        Ok((is_saved == json!(true)).then_some(()))
    });
    saved.await.context("a recording")?;
    demo.stop().await?;
    says(&page, &demo, "The lab has ended.").await?;
    page.evaluate(OPEN, [demo.region.to_json()?]).await?;
    says(&page, &demo, "As it was when it was saved").await?;
    shows_the_lab(&page, &demo).await
}

#[test]
fn what_the_nats_of_a_demo_hold_and_drop_is_shown_and_saved() {
    in_browser_of(ChromiumWithRequests, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(WITHOUT).await?;
        demo.run().await?;
        demo.open_instruments().await?;
        let requests = browser.requests().await?;
        ensure!(
            !requests.iter().any(|url| url.contains("instruments/lab")),
            "without a lab nothing of it is loaded"
        );
        shows_what_nats_hold_and_drop(browser).await
    });
}

#[test]
fn what_the_nats_of_a_demo_hold_and_drop_is_shown_and_saved_in_firefox() {
    in_browser_of(Firefox, shows_what_nats_hold_and_drop);
}
