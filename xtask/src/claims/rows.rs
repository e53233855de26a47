//! The table of browser differences: `server/tests/browser/differences/rows.expected`, a block for each row.
//!
//! ```text
//! # a comment
//! measured in Chromium 156.0.8078.108
//! measured in Firefox 153.8.0
//!
//! ## Agreeing
//!
//! [no-setup]
//! what: [An offer without `a=setup`](../agreeing/descriptions.md#leave-out-who-begins)
//! chromium: connects
//! firefox: `InvalidAccessError`
//!
//! [long-cut]
//! what: [A way that is cut for twenty seconds](../network/breaking.md#cut-it-for-longer)
//! chromium: `failed`
//! firefox: `connected` again
//! shown: network/breaking-cut-long
//! ```
//!
//! What the browsers return is compared with the two lines, without their backticks; `{4..7}` stands for a number between the two. A row with
//! `shown` has no probe: a demo, or an edit of one, shows it, and its `.expected` in `code/` says so.
//!
//! The browser tests read it as well.
//!
//! May import: anyhow.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail, ensure};

/// What is true of each browser, in the order of the columns.
pub(crate) const BROWSERS: [&str; 2] = ["chromium", "firefox"];

#[derive(Debug)]
pub(crate) struct Table {
    /// The versions in which it was measured last, in the order of [`BROWSERS`].
    pub(crate) versions: [String; 2],
    /// Headings of the page, and their rows.
    pub(crate) sections: Vec<(String, Vec<Row>)>,
}

#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// Markdown, with links relative to the page of the table.
    pub(crate) what: String,
    /// In the order of [`BROWSERS`].
    pub(crate) returns: [String; 2],
    /// The demo, or the edit of one, that stands in for a probe: `network/breaking-cut-long`.
    pub(crate) shown: Option<String>,
}

impl Table {
    pub(crate) fn of(text: &str) -> Result<Self> {
        let mut versions = [String::new(), String::new()];
        let mut sections: Vec<(String, Vec<Row>)> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let section = sections.last_mut().map(|(_, rows)| rows);
            read(line, &mut versions, section)
                .map(|title| sections.extend(title.map(|title| (title, Vec::new()))))
                .with_context(|| format!("line {}: {line}", index + 1))?;
        }
        let table = Self { versions, sections };
        ensure!(
            table.versions.iter().all(|version| !version.is_empty()),
            "it should say in which versions it was measured"
        );
        let mut names: Vec<&str> = table.rows().map(|row| row.name.as_str()).collect();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            bail!("two rows are called {}", twice[0]);
        }
        for row in table.rows() {
            let is_whole = [&row.what, &row.returns[0], &row.returns[1]];
            ensure!(
                is_whole.iter().all(|text| !text.is_empty()),
                "the row {} should have `what`, `chromium` and `firefox`",
                row.name
            );
        }
        Ok(table)
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.sections.iter().flat_map(|(_, rows)| rows)
    }

    /// The table of a section, as the page has it.
    pub(crate) fn markdown(&self, rows: &[Row]) -> String {
        let [chromium, firefox] = self.versions.each_ref().map(|version| major(version));
        let mut text = format!("| What | Chrome {chromium} | Firefox {firefox} |\n|---|---|---|\n");
        for row in rows {
            let [chromium, firefox] = row.returns.each_ref().map(|cell| in_words(cell));
            writeln!(text, "| {} | {chromium} | {firefox} |", row.what)
                .expect("a string takes everything");
        }
        text
    }
}

/// Takes one line. Gives the title of a section that begins with it.
fn read(
    line: &str,
    versions: &mut [String; 2],
    section: Option<&mut Vec<Row>>,
) -> Result<Option<String>> {
    if line.trim().is_empty() || line.starts_with("# ") {
        return Ok(None);
    }
    if let Some(title) = line.strip_prefix("## ") {
        return Ok(Some(title.to_owned()));
    }
    if let Some((browser, version)) = line
        .strip_prefix("measured in ")
        .and_then(|rest| rest.split_once(' '))
    {
        let browser = browser.to_lowercase();
        let column = BROWSERS.iter().position(|one| *one == browser);
        versions[column.context("there is no such browser")?] = version.to_owned();
        return Ok(None);
    }
    let rows = section.context("a row should stand below a heading")?;
    if let Some(name) = line
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        let name = name.to_owned();
        rows.push(Row {
            name,
            ..Row::default()
        });
        return Ok(None);
    }
    let (key, value) = line
        .split_once(": ")
        .context("it should be a `key: value`")?;
    let row = rows.last_mut().context("a row begins with its [name]")?;
    match key {
        "what" => value.clone_into(&mut row.what),
        "chromium" => value.clone_into(&mut row.returns[0]),
        "firefox" => value.clone_into(&mut row.returns[1]),
        "shown" => row.shown = Some(value.to_owned()),
        _ => bail!("there is no key `{key}`"),
    }
    Ok(None)
}

/// `156.0.8078.108` is 156 to readers, and `153.8.0` is 153.8.
fn major(version: &str) -> &str {
    let version = version.strip_suffix(".0").unwrap_or(version);
    match version.split_once(".0.") {
        Some((major, _)) => major,
        None => version,
    }
}

/// `{4..7}` is “4 to 7” to readers.
fn in_words(cell: &str) -> String {
    let mut words = String::new();
    for (index, part) in cell.split('{').enumerate() {
        match part.split_once('}').filter(|_| index > 0) {
            Some((range, after)) => {
                words += &range.replace("..", " to ");
                words += after;
            }
            None => words += part,
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# why\nmeasured in Chromium 156.0.8078.108\nmeasured in Firefox 153.8.0\n\n## One\n\n[a]\nwhat: it\nchromium: `yes`\nfirefox: after {4..7} s\nshown: part/demo\n";

    #[test]
    fn a_table_has_the_versions_in_its_head_and_ranges_in_words() {
        let table = Table::of(TEXT).expect("it is right");
        let (title, rows) = &table.sections[0];
        assert_eq!(
            (title.as_str(), rows[0].shown.as_deref()),
            ("One", Some("part/demo"))
        );
        let markdown = "| What | Chrome 156 | Firefox 153.8 |\n|---|---|---|\n| it | `yes` | after 4 to 7 s |\n";
        assert_eq!(table.markdown(rows), markdown);
    }

    #[test]
    fn what_is_no_row_fails_with_its_line() {
        for (wrong, said) in [
            (
                format!("{TEXT}[a]\nwhat: it\nchromium: 1\nfirefox: 2\n"),
                "two rows are called a",
            ),
            (
                format!("{TEXT}[b]\nwhat: it\nchromium: 1\n"),
                "the row b should have",
            ),
            (
                format!("{TEXT}safari: 1\n"),
                "line 12: safari: 1: there is no key `safari`",
            ),
            (
                "[a]\n".to_owned(),
                "line 1: [a]: a row should stand below a heading",
            ),
            (
                TEXT.replace("measured in Firefox 153.8.0", ""),
                "in which versions",
            ),
        ] {
            let error = format!("{:#}", Table::of(&wrong).expect_err("it is wrong"));
            assert!(error.contains(said), "{error}");
        }
    }
}
