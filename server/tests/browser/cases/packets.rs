//! The “Packets” panel: what passes a line, whoever has opened it.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::faults::toggle;
use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, Page, eventually, in_browser_of};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER, SINGLE_BROWSER};

/// Goes over a line of its own, and sends until it is stopped.
const PROGRAM: &str = "import { openLine } from 'test-network';
const line = await openLine({ capture: true });
const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
const channel = a.createDataChannel('words');
await a.setLocalDescription();
await b.setRemoteDescription(a.localDescription);
await b.setLocalDescription();
await a.setRemoteDescription(b.localDescription);
await line.join(a, b);
channel.onopen = () => {
  console.log('open');
  // Firefox collects connections that nobody refers to.
  setInterval(() => [a, b] && channel.send('hello'), 100);
};";

/// Where each column of a row is.
const ROWS: &str = "return [...arguments[0].querySelectorAll('.packets tbody tr')].map((row) => [...row.children].map(({ textContent }) => textContent));";

/// Waits for rows of the panel of which one is so.
async fn has_row(
    page: &Page<'_>,
    demo: &Demo<'_>,
    what: &str,
    is_so: impl Fn(&[String]) -> bool,
) -> Result<Vec<String>> {
    let mut seen: Vec<Vec<String>> = Vec::new();
    let found = eventually(async || {
        let rows = page.evaluate(ROWS, [demo.region.to_json()?]).await?;
        seen = serde_json::from_value(rows)?;
        Ok(seen.iter().find(|row| is_so(row)).cloned())
    });
    found
        .await
        .with_context(|| format!("{what} should be among {seen:?}"))
}

async fn shows_packets_of_the_code(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(PROGRAM).await?;
    demo.logs("open").await?;
    demo.open_instruments().await?;
    demo.choose_instrument("Packets").await?;
    let check = has_row(&page, &demo, "a check", |row| {
        row[5].starts_with("Binding request") && row[6] == "delivered"
    });
    let check = check.await?;
    ensure!(check[2] == "A → B" || check[2] == "B → A", "{check:?}");
    assert_eq!(check[4], "STUN");
    has_row(&page, &demo, "what is sent", |row| row[4] == "DTLS").await?;

    // It opens, and stays open while others come.
    let open = "const row = [...arguments[0].querySelectorAll('.packets tbody tr')].find(({ textContent }) => textContent.includes('Binding request'));
        row.querySelector('summary').click();";
    page.evaluate(open, [demo.region.to_json()?]).await?;
    let fields = has_row(&page, &demo, "an open check", |row| {
        row[5].contains("MESSAGE-INTEGRITY fits the password of")
    });
    fields.await?;
    let count = "return arguments[0].querySelectorAll('.packets tbody tr').length";
    let before = page.evaluate(count, [demo.region.to_json()?]).await?;
    let more = eventually(async || {
        let now = page.evaluate(count, [demo.region.to_json()?]).await?;
        Ok((now.as_u64() > before.as_u64()).then_some(()))
    });
    more.await.context("more packets should come")?;
    has_row(&page, &demo, "the open check", |row| {
        row[5].contains("MESSAGE-INTEGRITY")
    })
    .await?;

    // What Wireshark opens begins with a section header block.
    let watch = "const own = URL.createObjectURL;
        URL.createObjectURL = (file) => {
            window.saved = file.slice(0, 4).arrayBuffer().then((head) => [...new Uint8Array(head)]);
            return own(file);
        };";
    page.evaluate(watch, []).await?;
    demo.press("Save as pcapng").await?;
    let saved = eventually(async || {
        let saved = page.evaluate("return window.saved ?? null", []).await?;
        Ok(saved.is_array().then_some(saved))
    });
    assert_eq!(saved.await?, json!([0x0a, 0x0d, 0x0d, 0x0a]));

    demo.stop().await?;
    let note = "return [...arguments[0].querySelectorAll('.packets .note')].map(({ textContent }) => textContent).join()";
    let ended = eventually(async || {
        let said = page.evaluate(note, [demo.region.to_json()?]).await?;
        let has_ended = said
            .as_str()
            .is_some_and(|said| said.contains("The line has ended"));
        Ok(has_ended.then_some(()))
    });
    ended
        .await
        .context("the panel should say that the line has ended")?;
    has_row(&page, &demo, "what was seen", |row| row[4] == "DTLS").await?;

    // Another run has none of them.
    demo.run_code("console.log('nothing');").await?;
    demo.logs("nothing").await?;
    let gone = eventually(async || {
        let rows = page.evaluate(count, [demo.region.to_json()?]).await?;
        Ok((rows == json!(0)).then_some(()))
    });
    gone.await.context("packets of the run before should go")
}

#[test]
fn packets_of_a_line_that_the_code_has_opened_are_shown_and_saved() {
    in_browser_of(Chromium, shows_packets_of_the_code);
}

#[test]
fn packets_of_a_line_that_the_code_has_opened_are_shown_and_saved_in_firefox() {
    in_browser_of(Firefox, shows_packets_of_the_code);
}

async fn shows_packets_of_a_bad_line(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(SINGLE_BROWSER).await?;
    demo.open_instruments().await?;
    demo.choose_instrument("Packets").await?;
    demo.choose_instrument("Break it").await?;
    toggle(&page, &demo.name, "A bad line").await?;
    demo.run().await?;
    demo.logs("connected: one message went each way").await?;
    demo.choose_instrument("Packets").await?;
    // What came before the panel was there is not kept; checks go on.
    let check = has_row(&page, &demo, "a check", |row| row[4] == "STUN").await?;
    ensure!(check[2] == "out" || check[2] == "in", "{check:?}");
    let titles = "return [...arguments[0].querySelectorAll('.packets caption')].map(({ textContent }) => textContent)";
    let titles = page.evaluate(titles, [demo.region.to_json()?]).await?;
    ensure!(
        matches!(&titles, Value::Array(all) if all.len() == 1 && all[0].as_str().is_some_and(|title| title.starts_with("Line of "))),
        "{titles}"
    );

    demo.choose_instrument("Break it").await?;
    demo.press("Cut").await?;
    demo.choose_instrument("Packets").await?;
    has_row(&page, &demo, "a packet that met the cut", |row| {
        row[6] == "the line was cut"
    })
    .await?;
    Ok(())
}

#[test]
fn packets_of_a_bad_line_are_shown_with_what_became_of_them() {
    in_browser_of(Chromium, shows_packets_of_a_bad_line);
}

#[test]
fn packets_of_a_bad_line_are_shown_with_what_became_of_them_in_firefox() {
    in_browser_of(Firefox, shows_packets_of_a_bad_line);
}
