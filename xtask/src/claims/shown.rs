//! Where each sentence that names a browser is shown, and numbers of other sentences: `server/tests/browser/differences/sentences.expected`.
//!
//! ```text
//! ## agreeing/descriptions.md
//! Chrome begins with 2, Firefox with 0. => row version-number
//! Firefox throws a `NotSupportedError` => demo agreeing/sdp-pending-pranswer
//! the browser says nothing more => test server/tests/browser/contract/losses.rs
//! in our runs after 40 seconds in Chrome => not measured: it takes too long
//! Open it at another address for Firefox => no claim: it says what to do
//! The last 1,000 packets => constant server/src/line/lab/log.rs: MAX_KEPT: usize = 1_000;
//! ```
//!
//! In front stands a part of the sentence, as the book or a reader has it: so much that the line is wrong when the claim changes. A constant is named by
//! its file and by what stands there, with its value: the line is wrong when that changes, too.
//!
//! May import: rows, sentences, anyhow.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use super::{rows::Table, sentences::quoted};

/// Sentences with one of these name a browser.
const NAMES: [&str; 5] = ["Chrom", "Firefox", "Safari", "WebKit", "Edge"];

/// A line of the file.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) chapter: String,
    pub(crate) quote: String,
    pub(crate) place: Place,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Place {
    /// A row of the table.
    Row(String),
    /// A demo or an edit, without `.expected`.
    Demo(String),
    /// A file with tests.
    Test(String),
    /// A file, and what stands in it: a constant with its value.
    Constant { file: String, value: String },
    /// Why nothing shows it.
    NotMeasured(String),
    /// What the sentence is, if it claims nothing of a browser.
    NoClaim(String),
}

pub(crate) fn names_a_browser(sentence: &str) -> bool {
    NAMES.iter().any(|name| sentence.contains(name))
}

pub(crate) fn entries_of(text: &str) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut chapter = "";
    for (index, line) in text.lines().enumerate() {
        if let Some(name) = line.strip_prefix("## ") {
            chapter = name;
        } else if !line.is_empty() && !line.starts_with("# ") {
            let (quote, place) = entry(line).with_context(|| {
                format!("line {} says no place that there is: {line}", index + 1)
            })?;
            entries.push(Entry {
                chapter: chapter.to_owned(),
                quote: quoted(quote),
                place,
            });
        }
    }
    Ok(entries)
}

fn entry(line: &str) -> Option<(&str, Place)> {
    let (quote, place) = line.rsplit_once(" => ")?;
    let (kind, what) = match place.split_once(": ") {
        Some((kind, what)) if kind.starts_with("no") => (kind, what),
        _ => place.split_once(' ')?,
    };
    let what = what.to_owned();
    let place = match kind {
        "row" => Place::Row(what),
        "demo" => Place::Demo(what),
        "test" => Place::Test(what),
        "constant" => {
            let (file, value) = what.split_once(": ")?;
            Place::Constant {
                file: file.to_owned(),
                value: value.to_owned(),
            }
        }
        "not measured" => Place::NotMeasured(what),
        "no claim" => Place::NoClaim(what),
        _ => return None,
    };
    Some((quote, place))
}

impl Place {
    /// Fails if nothing is there.
    pub(crate) fn check(&self, root: &Path, table: &Table) -> Result<()> {
        let file = match self {
            Self::Row(name) => {
                let is_there = table.rows().any(|row| row.name == *name);
                ensure!(is_there, "there is no row {name}");
                return Ok(());
            }
            Self::Demo(stem) => format!("code/{stem}.expected"),
            Self::Test(file) => file.clone(),
            Self::Constant { file, value } => {
                let text = fs::read_to_string(root.join(file));
                let text = text.with_context(|| format!("could not read {file}"))?;
                ensure!(
                    text.contains(value.as_str()),
                    "{file} does not have {value}"
                );
                return Ok(());
            }
            Self::NotMeasured(_) | Self::NoClaim(_) => return Ok(()),
        };
        ensure!(root.join(&file).is_file(), "there is no file {file}");
        Ok(())
    }

    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Row(name) => format!("row `{name}`"),
            Self::Demo(stem) => format!("`code/{stem}.expected`"),
            Self::Test(file) => format!("`{file}`"),
            Self::Constant { file, value } => format!("`{value}` in `{file}`"),
            Self::NotMeasured(why) => format!("**not measured**: {why}"),
            Self::NoClaim(why) => format!("no claim: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_quotation_and_a_place() {
        let text =
            "# why\n\n## a/b.md\nIt [is](c.md) so => row x\nand: so => not measured: why: so\n";
        let entries = entries_of(text).expect("it is right");
        assert_eq!(
            (entries[0].chapter.as_str(), entries[0].quote.as_str()),
            ("a/b.md", "It is so")
        );
        assert_eq!(entries[0].place, Place::Row("x".to_owned()));
        for wrong in [
            "It is so",
            "It is so => here x",
            "It is so => row",
            "It is so => constant a/b.rs",
        ] {
            let error = format!("{:#}", entries_of(wrong).expect_err("it is wrong"));
            assert!(error.contains("line 1 says no place"), "{error}");
        }
    }

    #[test]
    fn a_constant_has_to_have_the_value_that_is_named() {
        let table = Table::of("measured in Chromium 1\nmeasured in Firefox 2\n");
        let table = table.expect("it is right");
        let check = |constant: &str| {
            let line = format!("at most four => constant {constant}");
            let entries = entries_of(&line).expect("it is right");
            entries[0].place.check(crate::workspace::root(), &table)
        };
        let file = "xtask/src/claims/places.rs";
        check(&format!("{file}: const MAX_FILES: usize = 3;")).expect("it is there");
        let other = check(&format!("{file}: const MAX_FILES: usize = 4;"));
        let other = other.expect_err("it is another value").to_string();
        assert!(
            other.ends_with("does not have const MAX_FILES: usize = 4;"),
            "{other}"
        );
        assert!(check("xtask/none.rs: x").is_err());
    }
}
