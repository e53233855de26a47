//! The list of claims, as Markdown: chapter by chapter, what shows what is said.
//!
//! May import: book, places, prose, shown, workspace, anyhow.

use std::{fmt::Write as _, fs};

use anyhow::Result;

use super::{
    book::{Book, PAGE, ROWS, places_of},
    places::{leads_to_a_standard, numbers},
    prose::Chapter,
    shown::{Place, names_a_browser},
};
use crate::workspace::root;

pub(crate) struct Report {
    pub(crate) text: String,
    /// In one line.
    pub(crate) summary: String,
}

/// What is counted over all chapters.
#[derive(Default)]
struct Counts {
    expectations: usize,
    about_browsers: usize,
    not_measured: usize,
    standards: usize,
    numbers: usize,
    not_found: usize,
}

pub(crate) fn report(book: &Book) -> Result<Report> {
    let mut counts = Counts::default();
    let mut chapters = String::new();
    for (name, chapter) in &book.chapters {
        let mut part = String::new();
        expectations(chapter, &mut counts, &mut part)?;
        about_browsers(book, name, chapter, &mut counts, &mut part)?;
        if name == PAGE {
            rows(book, &mut part)?;
        }
        standards(chapter, &mut counts, &mut part)?;
        if name != PAGE {
            let (found, missing) = numbers(book, name, chapter);
            counts.numbers += found.len() + missing.len();
            counts.not_found += missing.len();
            section(&mut part, "Numbers", &found.concat())?;
            let title = "Numbers that are in no file of the chapter";
            section(&mut part, title, &missing.concat())?;
        }
        if !part.is_empty() {
            write!(chapters, "\n## book/{name}\n{part}")?;
        }
    }
    let Counts {
        expectations,
        about_browsers,
        not_measured,
        standards,
        numbers,
        not_found,
    } = counts;
    let summary = format!(
        "{expectations} expectations of consoles, {about_browsers} sentences about browsers ({not_measured} of them not measured), {standards} links to \
         standards, {numbers} numbers with a unit ({not_found} of them in no file of their chapter)"
    );
    let text = format!(
        "# What the book claims, and where it is shown\n\nMade by `cargo xtask claims`. {summary}.\n\nOf a number, the list says which file of the chapter \
         has it too, in the same unit or another one. That is a hint, and no proof.\n{chapters}"
    );
    Ok(Report { text, summary })
}

/// Demos, edits and exercises, with what must come of them.
fn expectations(chapter: &Chapter, counts: &mut Counts, part: &mut String) -> Result<()> {
    for (title, extension) in [("Demos", "js"), ("Edits", "diff")] {
        let mut list = String::new();
        for stem in chapter.stems(extension) {
            let file = format!("code/{stem}.expected");
            let lines = match fs::read_to_string(root().join(&file)) {
                Ok(text) => {
                    let lines = text.lines().filter(|line| !line.starts_with('#'));
                    counts.expectations += lines.clone().count();
                    format!("{} expectations in `{file}`", lines.count())
                }
                Err(_) => "a test of its own".to_owned(),
            };
            writeln!(list, "- `{stem}.{extension}`: {lines}")?;
        }
        section(part, title, &list)?;
    }
    let mut list = String::new();
    for exercise in &chapter.exercises {
        writeln!(
            list,
            "- `{exercise}`: `code/{exercise}.goals.js`, missed by the start and met by the solution"
        )?;
    }
    section(part, "Exercises", &list)
}

fn about_browsers(
    book: &Book,
    name: &str,
    chapter: &Chapter,
    counts: &mut Counts,
    part: &mut String,
) -> Result<()> {
    let mut list = String::new();
    for sentence in &chapter.sentences {
        if !names_a_browser(&sentence.text) || (name == PAGE && sentence.text.starts_with('|')) {
            continue;
        }
        let places: Vec<&Place> = places_of(book, name, &sentence.text).collect();
        let is_measured =
            |place: &&Place| !matches!(place, Place::NotMeasured(_) | Place::NoClaim(_));
        counts.about_browsers += 1;
        let is_open = places
            .iter()
            .any(|place| matches!(place, Place::NotMeasured(_)));
        counts.not_measured += usize::from(is_open && !places.iter().any(is_measured));
        let places: Vec<String> = places.iter().map(|place| place.in_words()).collect();
        let places = if places.is_empty() {
            "**nothing**".to_owned()
        } else {
            places.join("; ")
        };
        writeln!(list, "- {}: {}\n  - {places}", sentence.line, sentence.text)?;
    }
    section(part, "About browsers", &list)
}

fn rows(book: &Book, part: &mut String) -> Result<()> {
    let mut list = String::new();
    for row in book.table.rows() {
        let by = match &row.shown {
            Some(stem) => format!("`code/{stem}.expected`"),
            None => format!(
                "a probe, `{}`",
                ROWS.replace("rows.expected", &format!("{}.js", row.name))
            ),
        };
        writeln!(list, "- `{}`: {by}", row.name)?;
    }
    section(part, "Rows", &list)
}

fn standards(chapter: &Chapter, counts: &mut Counts, part: &mut String) -> Result<()> {
    let mut list = String::new();
    for sentence in &chapter.sentences {
        for link in &sentence.links {
            if leads_to_a_standard(link) {
                counts.standards += 1;
                writeln!(list, "- {}: {link}", sentence.line)?;
            }
        }
    }
    section(part, "Links to standards", &list)
}

fn section(part: &mut String, title: &str, list: &str) -> Result<()> {
    if !list.is_empty() {
        write!(part, "\n### {title}\n\n{list}")?;
    }
    Ok(())
}
