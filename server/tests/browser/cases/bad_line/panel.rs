//! The controls: by keyboard, for a screen reader, on a phone; what they say of the run, and when it ends.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use server::config::{Limits, Settings};
use thirtyfour::Key;

use super::{BAD_LINE, PAIR, slide, switch_on};
use crate::cases::faults::toggle;
use crate::cases::looks::{THEMES, can_be_read, choose_theme};
use crate::harness::places::{Mostly, run};
use crate::harness::{Kind, Page, eventually, in_browser, in_browsers, start_server_with};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER, SINGLE_BROWSER};

const CONNECT: &str = "await negotiate();
await opened;
setInterval(() => channel.send('x'), 50);
console.log('open');";

/// The lines that the page has asked anything of, and whether the server still has them.
const LINES: &str =
    "const asked = performance.getEntriesByType('resource').map(({ name }) => name);
    const lines = [...new Set(asked.filter((name) => /\\/line\\/[0-9a-f]+$/.test(name)))];
    const done = arguments[0];
    Promise.all(lines.map((line) => fetch(line).then(({ status }) => status))).then(done);";

#[test]
fn a_line_ends_with_its_run() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        switch_on(&page, &demo).await?;
        demo.run_code(&format!("{PAIR}{CONNECT}")).await?;
        demo.logs("open").await?;
        eventually(async || {
            let statuses = page.evaluate_async(LINES).await?;
            Ok((statuses == json!([200])).then_some(()))
        })
        .await
        .context("one line should be open")?;
        demo.stop().await?;
        eventually(async || {
            let statuses = page.evaluate_async(LINES).await?;
            Ok((statuses == json!([404])).then_some(()))
        })
        .await
        .context("the line should be closed")
    });
}

/// What the table says was delivered, each way.
async fn delivered(page: &Page<'_>, demo: &Demo<'_>) -> Result<Vec<u64>> {
    let script = "return [...arguments[0].querySelectorAll('.line-counts tr:nth-child(2) td')]
        .map(({ textContent }) => Number(textContent.replaceAll(',', '')));";
    let arguments = [demo.region.to_json()?];
    Ok(serde_json::from_value(
        page.evaluate(script, arguments).await?,
    )?)
}

/// Waits until the table says this of the way to the other side.
async fn is_said_to_be(page: &Page<'_>, demo: &Demo<'_>, words: &str) -> Result<()> {
    let script = "return arguments[0].querySelector('.line-counts th:nth-child(2)').textContent;";
    eventually(async || {
        let said = page.evaluate(script, [demo.region.to_json()?]).await?;
        Ok((said == json!(words)).then_some(()))
    })
    .await
    .with_context(|| format!("the table should say {words:?}"))
}

/// Nothing but what the reader does moves anything.
const WATCH_SHIFTS: &str = "window.shifts = [];
    new PerformanceObserver((list) => shifts.push(...list.getEntries().filter(({ hadRecentInput }) => !hadRecentInput).map(({ value }) => value)))
        .observe({ type: 'layout-shift' });";

#[test]
fn what_the_line_does_is_counted_beside_its_controls_and_moves_nothing() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        switch_on(&page, &demo).await?;
        demo.run_code(&format!("{PAIR}{CONNECT}")).await?;
        demo.logs("open").await?;
        demo.find("button", "Cut").await?.scroll_into_view().await?;
        page.evaluate(WATCH_SHIFTS, []).await?;
        for least in [1, 50] {
            eventually(async || {
                let counts = delivered(&page, &demo).await?;
                Ok(counts.iter().all(|count| *count > least).then_some(()))
            })
            .await
            .context("packets should be counted")?;
        }
        assert_eq!(page.evaluate("return shifts", []).await?, json!([]));

        demo.press("Cut out").await?;
        is_said_to_be(&page, &demo, "Out, cut").await
    });
}

#[test]
fn a_preset_moves_the_sliders_and_a_slider_makes_it_ones_own() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        switch_on(&page, &demo).await?;
        let region = demo.region.to_json()?;
        let options = "return [...arguments[0].querySelectorAll('.line-controls option')].map(({ text }) => text);";
        eventually(async || {
            let options = page.evaluate(options, [region.clone()]).await?;
            let names = json!([
                "my own settings",
                "Perfect",
                "Good Wi-Fi",
                "A train",
                "A hotel",
                "3G",
                "Satellite"
            ]);
            Ok((options == names).then_some(()))
        })
        .await
        .context("the server's presets should be offered")?;
        let choose = "const select = arguments[0].querySelector('.line-controls select');
            select.value = [...select.options].find(({ text }) => text === '3G').value;
            select.dispatchEvent(new Event('change'));";
        page.evaluate(choose, [region.clone()]).await?;
        let said = "return [...arguments[0].querySelectorAll('.line-controls [type=range]')].slice(2, 8).map((one) => one.getAttribute('aria-valuetext'));";
        assert_eq!(
            page.evaluate(said, [region.clone()]).await?,
            json!([
                "150 ms",
                "150 ms",
                "20 ms",
                "20 ms",
                "768 kbit/s",
                "1.6 Mbit/s"
            ])
        );
        slide(&page, &demo, "Loss, from the other side", "5 %").await?;
        let chosen = "const [select] = arguments[0].querySelectorAll('.line-controls select'); return select.selectedOptions[0].text;";
        assert_eq!(
            page.evaluate(chosen, [region]).await?,
            json!("my own settings")
        );
        Ok(())
    });
}

#[test]
fn a_slider_is_moved_by_keyboard_and_says_its_value_with_the_unit() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        switch_on(&page, &demo).await?;
        let slider = demo.find("slider", "Delay, to the other side").await?;
        slider.scroll_into_view().await?;
        slider.focus().await?;
        page.press_key(Key::Right).await?;
        page.press_key(Key::Right).await?;
        let said = slider.attr("aria-valuetext").await?;
        assert_eq!(said.as_deref(), Some("4 ms"));
        // Both ways are the same until the reader wants otherwise.
        let other = demo.find("slider", "Delay, from the other side").await?;
        let said = other.attr("aria-valuetext").await?;
        assert_eq!(said.as_deref(), Some("4 ms"));
        assert_eq!(page.path().await?, "/connecting/");
        Ok(())
    });
}

#[test]
fn in_every_theme_the_controls_can_be_read_on_a_phone() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.become_phone(320).await?;
        page.go_to(CHAPTER).await?;
        for theme in THEMES {
            choose_theme(&page, theme).await?;
            let demo = page.demo(SINGLE_BROWSER).await?;
            switch_on(&page, &demo).await?;
            can_be_read(&page, &demo, theme).await?;
            page.fits_its_width().await?;
        }
        Ok(())
    });
}

/// With these bounds of the server the second of two runs gets no line: it is connected all the same, and its panel says why.
fn is_refused(limits: Limits, words: &str) {
    run(Mostly::Works, async {
        let settings = Settings {
            limits,
            ..Settings::default()
        };
        let address = start_server_with(settings).await.expect("a port is free");
        in_browsers([Kind::Chromium], address, async |[browser]| {
            let tabs = [browser.open(CHAPTER).await?, browser.open(CHAPTER).await?];
            for tab in &tabs {
                let demo = tab.demo(CREATE_OFFER).await?;
                switch_on(tab, &demo).await?;
                demo.run_code(&format!("{PAIR}{CONNECT}")).await?;
                demo.logs("open").await?;
            }
            let [_, second] = &tabs;
            let said = "return document.querySelector('.line-problem').textContent;";
            eventually(async || {
                let said = second.evaluate(said, []).await?;
                let is_said = said.as_str().is_some_and(|said| said.contains(words));
                Ok(is_said.then_some(()))
            })
            .await
            .with_context(|| format!("the panel should say {words:?}"))
        })
        .await;
    });
}

#[test]
fn a_run_that_is_refused_a_line_is_connected_without_and_the_panel_says_why() {
    let limits = Limits {
        max_lines_per_address: 1,
        ..Limits::default()
    };
    is_refused(limits, "--max-lines-per-address");
}

#[test]
fn where_the_server_has_no_lines_the_panel_says_so() {
    let limits = Limits {
        no_line: true,
        ..Limits::default()
    };
    is_refused(limits, "--no-line");
}

#[test]
fn a_timeline_that_is_not_understood_is_named() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        switch_on(&page, &demo).await?;
        let write = "const field = arguments[0].querySelector('.line-timeline input');
            field.value = 'cut at noon';
            field.dispatchEvent(new Event('change'));
            return arguments[0].querySelector('.line-controls > .note').textContent;";
        let said = page.evaluate(write, [demo.region.to_json()?]).await?;
        let said = said.as_str().unwrap_or_default();
        ensure!(
            said.starts_with("“cut at noon” is not understood."),
            "{said}"
        );
        Ok(())
    });
}

#[test]
fn switched_off_it_does_nothing_more_to_what_runs_over_it() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        switch_on(&page, &demo).await?;
        let code = format!(
            "{PAIR}await negotiate();
            b.ondatachannel = ({{ channel }}) => channel.onmessage = ({{ data }}) => console.log(data);
            await opened;
            let number = 0;
            setInterval(() => channel.send(`message ${{number += 1}}`), 50);"
        );
        demo.run_code(&code).await?;
        demo.logs("message").await?;
        demo.press("Cut").await?;
        is_said_to_be(&page, &demo, "Out, cut").await?;
        let heard = demo.console().entries().await?.len();
        toggle(&page, CREATE_OFFER, BAD_LINE).await?;
        demo.console().has("message", heard + 1).await?;
        Ok(())
    });
}
