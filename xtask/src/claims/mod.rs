//! The list of what the book claims, and where each claim is shown: `target/claims.md`. And the tables of `book/appendix/browsers.md`, which are made from
//! their rows.
//!
//! What can be decided is decided: a sentence that names a browser is in the list `sentences.expected`, with a row, a demo or a test that shows it, or with
//! the reason why none does; and what that list names is there. Of numbers, and of links to standards, the list only says where they stand.
//!
//! # Layout
//! - [`book`](mod@book): all that is compared
//! - [`prose`]: a chapter, sentence by sentence
//! - [`sentences`]: the sentences of a paragraph
//! - [`rows`]: the table of browser differences
//! - [`shown`]: where sentences about browsers are shown
//! - [`numbers`]: numbers with a unit
//! - [`places`]: where they stand besides
//! - [`report`]: the list
//!
//! May import: workspace, anyhow.

mod book;
mod numbers;
mod places;
mod prose;
mod report;
mod rows;
mod sentences;
mod shown;

use std::{fmt::Write as _, fs};

use anyhow::{Context, Result, bail};

use crate::workspace::root;
use book::{Book, PAGE, ROWS, SENTENCES, places_of, read, table, text};
use numbers::all_in;
use places::is_in_constant;
use rows::{Row, Table};
use shown::{Entry, Place, names_a_browser};

const LIST: &str = "target/claims.md";

/// Writes the tables of the page, then does as [`check`].
pub(crate) fn write() -> Result<()> {
    let page = root().join("book").join(PAGE);
    let fresh = with_tables(&fs::read_to_string(&page)?, &table()?)?;
    fs::write(page, fresh)?;
    check()
}

/// Writes the list, and fails with every claim about a browser that nothing shows.
pub(crate) fn check() -> Result<()> {
    let book = read()?;
    let list = root().join(LIST);
    fs::create_dir_all(list.parent().context("it is in a folder")?)?;
    let report = report::report(&book)?;
    fs::write(list, &report.text)?;
    println!("{}; all of it is in {LIST}", report.summary);
    let problems = problems(&book)?;
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{}", problems.join("\n"));
}

fn problems(book: &Book) -> Result<Vec<String>> {
    let mut problems = unshown(book);
    problems.extend(out_of_date(book));
    problems.extend(problems_of_rows(book)?);
    Ok(problems)
}

/// Sentences that name a browser, and are not in the list.
fn unshown(book: &Book) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, chapter) in &book.chapters {
        for sentence in &chapter.sentences {
            let is_row = name == PAGE && sentence.text.starts_with('|');
            let is_shown = || places_of(book, name, &sentence.text).next().is_some();
            if names_a_browser(&sentence.text) && !is_row && !is_shown() {
                problems.push(format!(
                    "book/{name}:{}: nothing shows “{}”: add it to {SENTENCES}, with the row, the demo or the test that does",
                    sentence.line, sentence.text
                ));
            }
        }
    }
    problems
}

/// Lines of the list that the book doesn't say any more, or that name what isn't there.
fn out_of_date(book: &Book) -> Vec<String> {
    let mut problems = Vec::new();
    for entry in &book.entries {
        let Entry {
            chapter,
            quote,
            place,
        } = entry;
        let found = book.chapters.iter().find(|(name, _)| name == chapter);
        let is_said = found.is_some_and(|(_, chapter)| {
            let mut sentences = chapter.sentences.iter();
            sentences.any(|sentence| sentence.text.contains(quote.as_str()))
        });
        if !is_said {
            problems.push(format!(
                "{SENTENCES}: no sentence of book/{chapter} has “{quote}” any more"
            ));
        }
        if let Err(error) = place.check(root(), &book.table) {
            problems.push(format!("{SENTENCES}: “{quote}”: {error}"));
        }
        problems.extend(other_number(book, entry));
    }
    problems
}

/// What is wrong with a line that has a number which none of the constants has that are named for it. So a constant that changes changes the list, and
/// the sentence with it.
fn other_number(book: &Book, entry: &Entry) -> Option<String> {
    let Place::Constant { value, .. } = &entry.place else {
        return None;
    };
    let values: Vec<&str> = places_of(book, &entry.chapter, &entry.quote)
        .filter_map(|place| match place {
            Place::Constant { value, .. } => Some(value.as_str()),
            _ => None,
        })
        .collect();
    let numbers: Vec<f64> = all_in(&entry.quote).collect();
    let is_there = |number: &f64| {
        let mut values = values.iter();
        values.any(|value| is_in_constant(*number, value))
    };
    let is_right = !numbers.is_empty() && numbers.iter().all(is_there);
    (!is_right).then(|| {
        format!(
            "{SENTENCES}: “{}” has not the numbers of {value}",
            entry.quote
        )
    })
}

/// The tables are on the page, and demos that stand in for probes say what is so in one of the browsers.
fn problems_of_rows(book: &Book) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let page = text(&format!("book/{PAGE}"))?;
    if with_tables(&page, &book.table)? != page {
        problems.push(format!(
            "book/{PAGE} has not what {ROWS} says: run `cargo xtask claims`"
        ));
    }
    for Row { name, shown, .. } in book.table.rows() {
        let Some(stem) = shown else { continue };
        let expected = text(&format!("code/{stem}.expected"))
            .with_context(|| format!("the row {name} in {ROWS}"))?;
        let is_said = expected.lines().any(|line| {
            rows::BROWSERS
                .iter()
                .any(|browser| line.starts_with(&format!("{browser}: ")))
        });
        if !is_said {
            problems.push(format!(
                "{ROWS}: {name}: code/{stem}.expected says nothing of one browser"
            ));
        }
    }
    Ok(problems)
}

/// The page with the table of each section in the place of what stands there.
fn with_tables(page: &str, table: &Table) -> Result<String> {
    let mut fresh = String::new();
    let mut title = "";
    let mut written = Vec::new();
    for line in page.lines() {
        if let Some(found) = line.strip_prefix("## ") {
            title = found;
        }
        let section = table.sections.iter().find(|(name, _)| name == title);
        match section {
            Some((name, rows)) if line.starts_with('|') => {
                if !written.contains(name) {
                    written.push(name.clone());
                    fresh += &table.markdown(rows);
                }
            }
            _ => writeln!(fresh, "{line}")?,
        }
    }
    let missing = table
        .sections
        .iter()
        .find(|(name, _)| !written.contains(name));
    if let Some((name, _)) = missing {
        bail!("book/{PAGE} should have a heading “## {name}”, and a table below it");
    }
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    use super::{prose::Chapter, shown::entries_of, *};

    const ROW: &str = "measured in Chromium 1\nmeasured in Firefox 2\n## A\n[x]\nwhat: it\nchromium: 1\nfirefox: 2\n";

    fn book(markdown: &str, sentences: &str) -> Book {
        Book {
            chapters: vec![("a.md".to_owned(), Chapter::read(markdown))],
            table: Table::of(ROW).expect("it is right"),
            entries: entries_of(sentences).expect("it is right"),
        }
    }

    #[test]
    fn a_sentence_about_a_browser_that_is_not_in_the_list_fails() {
        let book = book(
            "It is so. Firefox does [it](b.md). Chrome doesn't.",
            "## a.md\nFirefox does => row x\n",
        );
        assert_eq!(out_of_date(&book), [""; 0]);
        let [problem] = &unshown(&book)[..] else {
            panic!("one sentence is not in the list");
        };
        assert!(
            problem.starts_with("book/a.md:1: nothing shows “Chrome doesn't.”"),
            "{problem}"
        );
    }

    #[test]
    fn a_line_of_the_list_fails_when_the_sentence_or_the_place_is_gone() {
        let book = book(
            "Firefox does it.",
            "## a.md\nFirefox did => row x\nFirefox does => row y\n",
        );
        let problems = out_of_date(&book);
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].ends_with("no sentence of book/a.md has “Firefox did” any more"));
        assert!(problems[1].ends_with("there is no row y"));
    }

    #[test]
    fn a_line_with_a_constant_fails_when_the_sentence_has_another_number() {
        let file = "xtask/src/claims/places.rs";
        let value = "const MAX_FILES: usize = 3;";
        for (sentence, is_right) in [
            ("It names three files.", true),
            ("It names 4 files.", false),
            ("It names 3 of 4 files.", false),
            ("It names some files.", false),
        ] {
            let line = format!("## a.md\n{sentence} => constant {file}: {value}\n");
            let problems = out_of_date(&book(sentence, &line));
            assert_eq!(problems.is_empty(), is_right, "{problems:?}");
        }
    }

    #[test]
    fn the_table_of_a_section_takes_the_place_of_what_stands_there() {
        let table = Table::of(ROW).expect("it is right");
        let page =
            "# T\n\n## A\n\nText.\n\n| old |\n|---|\n| old |\n\nMore.\n\n## B\n\n| other |\n";
        let fresh = "# T\n\n## A\n\nText.\n\n| What | Chrome 1 | Firefox 2 |\n|---|---|---|\n| it | 1 | 2 |\n\nMore.\n\n## B\n\n| other |\n";
        assert_eq!(with_tables(page, &table).expect("it is right"), fresh);
        assert!(with_tables("## A\n", &table).is_err());
    }
}
