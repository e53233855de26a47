//! What a chapter promises of a demo or of an edit: `NAME.expected` beside it, one line for each thing that the console shows.
//!
//! ```text
//! # a comment
//! connected: one message went each way
//! open after {300..2500} ms
//! firefox: answerer: failed
//! chromium: not: failed
//! not: InvalidStateError
//! within 60 s
//! ```
//!
//! A line is found as a part of an entry, with a number of the range in the place of braces. In front may stand the one browser that it is true
//! of; `not` says that no entry has it when all others are there, or, if there are no others, for as long as `within` says.
//!
//! May import: `harness`.

use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::harness::Kind;

/// For how long a demo may show nothing new, if its file does not say.
const USUALLY: Duration = Duration::from_secs(20);

/// What the console is to show in one browser.
#[derive(Debug)]
pub(super) struct Expected {
    pub(super) shown: Vec<Pattern>,
    pub(super) not_shown: Vec<Pattern>,
    pub(super) within: Duration,
}

impl Expected {
    /// What a file says of a browser.
    pub(super) fn read(file: &Path, kind: Kind) -> Result<Self> {
        let text = fs::read_to_string(file);
        let text = text.with_context(|| format!("{} should be there", file.display()))?;
        Self::of(&text, kind).with_context(|| file.display().to_string())
    }

    fn of(text: &str, kind: Kind) -> Result<Self> {
        let mut expected = Self {
            shown: Vec::new(),
            not_shown: Vec::new(),
            within: USUALLY,
        };
        for line in text.lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(seconds) = line
                .strip_prefix("within ")
                .and_then(|rest| rest.strip_suffix(" s"))
            {
                expected.within = Duration::from_secs(seconds.parse()?);
                continue;
            }
            let Some(line) = line_for(kind, line) else {
                continue;
            };
            match line.strip_prefix("not: ") {
                Some(line) => expected.not_shown.push(Pattern::of(line)?),
                None => expected.shown.push(Pattern::of(line)?),
            }
        }
        let is_empty = expected.shown.is_empty() && expected.not_shown.is_empty();
        ensure!(!is_empty, "it expects nothing");
        Ok(expected)
    }
}

/// The line without the name of the browser; nothing, if it is about another one.
fn line_for(kind: Kind, line: &str) -> Option<&str> {
    let is_chromium = kind == Kind::Chromium;
    for (name, is_named) in [("chromium: ", is_chromium), ("firefox: ", !is_chromium)] {
        if let Some(line) = line.strip_prefix(name) {
            return is_named.then_some(line);
        }
    }
    Some(line)
}

/// A text with numbers in some places.
#[derive(Debug)]
pub(in crate::cases) struct Pattern {
    line: String,
    begin: String,
    /// A number of a range, and what follows it.
    then: Vec<(RangeInclusive<f64>, String)>,
}

impl Pattern {
    pub(in crate::cases) fn of(line: &str) -> Result<Self> {
        let mut parts = line.split('{');
        let begin = parts.next().unwrap_or_default().to_owned();
        let mut then = Vec::new();
        for part in parts {
            let (range, after) = part.split_once('}').context("a brace is open")?;
            let (least, most) = range.split_once("..").context("a range has two dots")?;
            then.push((least.parse()?..=most.parse()?, after.to_owned()));
        }
        Ok(Self {
            line: line.to_owned(),
            begin,
            then,
        })
    }

    pub(in crate::cases) fn is_in(&self, text: &str) -> bool {
        let mut rest = text;
        while let Some(place) = rest.find(&self.begin) {
            if self.continues(&rest[place + self.begin.len()..]) {
                return true;
            }
            match rest[place..].chars().next() {
                Some(first) => rest = &rest[place + first.len_utf8()..],
                None => return false,
            }
        }
        false
    }

    fn continues(&self, mut rest: &str) -> bool {
        for (range, after) in &self.then {
            let is_digit = |one: char| one.is_ascii_digit() || matches!(one, '.' | '-');
            let digits = rest.trim_start_matches(is_digit);
            // A full stop may end the sentence.
            let number = rest[..rest.len() - digits.len()].trim_end_matches('.');
            rest = &rest[number.len()..];
            let is_within = number
                .parse()
                .is_ok_and(|number: f64| range.contains(&number));
            let Some(behind) = rest.strip_prefix(after.as_str()).filter(|_| is_within) else {
                return false;
            };
            rest = behind;
        }
        true
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.line)
    }
}

#[test]
fn a_number_in_a_range_is_found_in_a_text() -> Result<()> {
    let pattern = Pattern::of("open after {300..2500} ms, {1..2}")?;
    assert!(pattern.is_in("A: open after 300 ms, open after 301.5 ms, 2."));
    assert!(!pattern.is_in("open after 299 ms, 1"));
    assert!(!pattern.is_in("open after 400 s, 1"));
    assert!(Pattern::of("plain")?.is_in("it is plain"));
    assert!(Pattern::of("{1..}").is_err() && Pattern::of("{1").is_err());
    Ok(())
}

#[test]
fn a_file_says_what_is_so_in_each_browser() -> Result<()> {
    let text = "# both\nopen\nfirefox: failed\nchromium: not: failed\nwithin 60 s\n";
    let chromium = Expected::of(text, Kind::Chromium)?;
    assert_eq!((chromium.shown.len(), chromium.not_shown.len()), (1, 1));
    let firefox = Expected::of(text, Kind::Firefox)?;
    assert_eq!((firefox.shown.len(), firefox.not_shown.len()), (2, 0));
    assert_eq!(firefox.within, Duration::from_secs(60));
    assert!(Expected::of("firefox: only there\n", Kind::Chromium).is_err());
    assert!(Expected::of("not: done\nwithin 5 s\n", Kind::Chromium).is_ok());
    Ok(())
}
