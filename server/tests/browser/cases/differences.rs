//! Where browsers differ: each row of the table (`differences/rows.expected`) that has a probe (`differences/NAME.js`) is measured again, in Chromium
//! and in Firefox, all of it in one page.
//!
//! `UPDATE_BOOK=1` writes what came, and the versions, into the table; then `cargo xtask claims` writes the page.
//!
//! May import: `guide::expected`, `harness`, `browser_rows`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use thirtyfour::prelude::*;

use super::guide::expected::Pattern;
use crate::browser_rows::{BROWSERS, Row, Table};
use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::eventually::eventually_within;
use crate::harness::{Browser, in_each_browser};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/browser/differences");

const ROWS: &str = "rows.expected";

/// What probes have in common, made anew for each.
const WORDS: &str = "words.js";

/// This one takes all the connections that a page may have, so it is last.
const LAST: &str = "many-connections";

/// What the book lends. The frame may not ask for it.
const LENT: &str = "const done = arguments[0];
    fetch('/ice', { method: 'POST' }).then((answer) => answer.json()).then(({ iceServers }) => done(iceServers), (error) => done(String(error)));";

/// A frame like those of demos: of no site, so that permissions which the test has given to the page don't show it more addresses than readers have.
const FRAME: &str = "const done = arguments[0];
    const frame = document.createElement('iframe');
    frame.className = 'probes';
    frame.sandbox = 'allow-scripts';
    frame.srcdoc = '<!doctype html>';
    frame.onload = () => done();
    document.body.append(frame);";

/// What runs the probes, some at a time: most of them wait. Firefox looks up made-up names, and those slowly if many are asked for at once. What came is
/// the text of the frame in the end.
const RUN: &str = "const results = {};
const measure = async (name) => {
    const words = createWords(LENT);
    const late = words.pause(PATIENCE).then(() => `nothing within ${PATIENCE / 1_000} s`);
    const came = (async () => probes[name](words))().catch((error) => `failed: ${error}`);
    results[name] = String(await Promise.race([came, late]));
    words.end();
};
const work = async (names) => {
    while (names.length > 0) await measure(names.shift());
};
const all = async () => {
    const others = Object.keys(probes).filter((name) => name !== LAST);
    await Promise.all(Array.from({ length: AT_ONCE }, () => work(others)));
    await measure(LAST);
    document.body.textContent = JSON.stringify(results);
};
all();";

/// Probes that are measured at the same time.
const AT_ONCE: usize = 10;
/// How long one may take, in ms.
const PATIENCE: u32 = 25_000;

/// How long all of them may take, on a busy machine. They take ten to fifteen seconds.
const ALL: Duration = Duration::from_secs(120);

/// What a browser returned: its version, and a text for each row.
struct Measured {
    column: usize,
    version: String,
    returned: BTreeMap<String, String>,
}

/// The modules of the folder, as one script, with the servers that the book lends to the page.
fn script(lent: &Value) -> Result<String> {
    let words = module(&Path::new(FOLDER).join(WORDS))?;
    let probes = probes()?.into_iter().map(|(name, file)| {
        let probe = module(&file)?;
        // What a probe declares is its own.
        Ok(format!("probes['{name}'] = (() => {{ {probe} }})();\n"))
    });
    let probes: String = probes.collect::<Result<_>>()?;
    Ok(format!(
        "const [PATIENCE, AT_ONCE, LAST, LENT] = [{PATIENCE}, {AT_ONCE}, '{LAST}', {lent}];
        const createWords = (() => {{ {words} }})(); const probes = {{}};\n{probes}\n{RUN}"
    ))
}

/// A module that imports nothing, as the body of a function that returns its default.
fn module(file: &Path) -> Result<String> {
    let text = fs::read_to_string(file)?;
    let (before, default) = text
        .split_once("export default ")
        .with_context(|| format!("{} should export a default", file.display()))?;
    Ok(format!("{before}return {default}"))
}

/// The probes, by the names of their rows.
fn probes() -> Result<BTreeMap<String, PathBuf>> {
    let mut probes = BTreeMap::new();
    for entry in fs::read_dir(FOLDER)? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if let Some(name) = name.strip_suffix(".js").filter(|_| name != WORDS) {
            probes.insert(name.to_owned(), file.clone());
        }
    }
    Ok(probes)
}

async fn measure(browser: &Browser) -> Result<Measured> {
    let page = browser.open("").await?;
    let lent = page.evaluate_async(LENT).await?;
    page.evaluate_async(FRAME).await?;
    let driver = page.driver().await?;
    let frame = driver.find(By::Css("iframe.probes")).await?;
    frame.enter_frame().await?;
    page.evaluate(&script(&lent)?, []).await?;
    let returned = eventually_within(ALL, async || {
        let text = page
            .evaluate("return document.body.textContent;", [])
            .await?;
        let text = text.as_str().filter(|text| !text.is_empty());
        Ok(text.map(serde_json::from_str).transpose()?)
    })
    .await
    .context("the probes should come to an end")?;
    driver.enter_default_frame().await?;
    Ok(Measured {
        column: usize::from(browser.kind != Chromium),
        version: page.browser_version().await?,
        returned,
    })
}

/// Whether it is all that came. Backticks are for readers.
fn is_as_expected(expected: &str, came: &str) -> Result<bool> {
    let whole = |text: &str| format!("“{}”", text.replace('`', ""));
    Ok(Pattern::of(&whole(expected))?.is_in(&whole(came)))
}

/// What is wrong about a row in a browser.
fn wrong(row: &Row, measured: &Measured) -> Result<Option<String>> {
    let Measured {
        column,
        version,
        returned,
    } = measured;
    let expected = &row.returns[*column];
    let came = returned.get(&row.name).map_or("no answer", String::as_str);
    if is_as_expected(expected, came)? {
        return Ok(None);
    }
    let (name, browser) = (&row.name, BROWSERS[*column]);
    Ok(Some(format!(
        "{name}, {browser} {version}: the table says “{expected}”, and it returned “{came}”"
    )))
}

/// The table with what came in place of what is wrong.
fn updated(text: &str, table: &Table, measured: &[Measured]) -> Result<String> {
    let mut lines = Vec::new();
    let mut name = "";
    for line in text.lines() {
        if let Some(begun) = line.strip_prefix('[') {
            name = begun.trim_end_matches(']');
        }
        let mut new = line.to_owned();
        for Measured {
            column,
            version,
            returned,
        } in measured
        {
            let browser = BROWSERS[*column];
            let row = table
                .rows()
                .find(|row| row.name == name && row.shown.is_none());
            if line
                .to_lowercase()
                .starts_with(&format!("measured in {browser} "))
            {
                let words: Vec<&str> = line.split(' ').take(3).collect();
                new = format!("{} {version}", words.join(" "));
            } else if let (Some(row), Some(came)) = (row, returned.get(name))
                && line.starts_with(&format!("{browser}: "))
                && !is_as_expected(&row.returns[*column], came)?
            {
                new = format!("{browser}: {came}");
            }
        }
        lines.push(new);
    }
    Ok(lines.join("\n") + "\n")
}

#[test]
fn browsers_differ_as_the_table_says() {
    let file = Path::new(FOLDER).join(ROWS);
    let text = fs::read_to_string(&file).expect("the table is there");
    let table = Table::of(&text).unwrap_or_else(|error| panic!("{ROWS}: {error:#}"));
    let measured = Mutex::new(Vec::new());
    in_each_browser([Chromium, Firefox], async |browser| {
        let came = measure(browser).await?;
        measured.lock().expect("no test panics with it").push(came);
        Ok(())
    });
    let measured = measured.into_inner().expect("no test panics with it");
    if std::env::var_os("UPDATE_BOOK").is_some() {
        let text = updated(&text, &table, &measured).expect("the ranges are ranges");
        return fs::write(&file, text).expect("the table can be written");
    }
    let rows = table.rows().filter(|row| row.shown.is_none());
    let wrong: Vec<String> = rows
        .flat_map(|row| measured.iter().map(move |measured| wrong(row, measured)))
        .filter_map(|wrong| wrong.expect("the ranges are ranges"))
        .collect();
    assert!(
        wrong.is_empty(),
        "{}\n\nIf that is a change of a browser, change the chapters, too. UPDATE_BOOK=1 cargo test --release -p guidebook --test browser differences \
         writes what came into {ROWS}, and cargo xtask claims the page.",
        wrong.join("\n")
    );
}

#[test]
fn each_row_has_a_probe_or_a_demo_that_shows_it() -> Result<()> {
    let table = Table::of(&fs::read_to_string(Path::new(FOLDER).join(ROWS))?)?;
    let rows = table.rows().filter(|row| row.shown.is_none());
    let names: BTreeSet<&str> = rows.map(|row| row.name.as_str()).collect();
    let probes = probes()?;
    let probes: BTreeSet<&str> = probes.keys().map(String::as_str).collect();
    assert_eq!(names, probes, "rows, and files in {FOLDER}");
    Ok(())
}
