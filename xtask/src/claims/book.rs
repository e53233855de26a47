//! The book as the list of its claims sees it: the chapters, the table of browser differences, and what shows each sentence about a browser.
//!
//! May import: prose, rows, shown, workspace, anyhow.

use std::fs;

use anyhow::{Context, Result};

use super::{
    prose::Chapter,
    rows::Table,
    shown::{Entry, Place, entries_of},
};
use crate::workspace::root;

const SUMMARY: &str = "book/SUMMARY.md";
pub(super) const PAGE: &str = "appendix/browsers.md";
pub(super) const ROWS: &str = "server/tests/browser/differences/rows.expected";
pub(super) const SENTENCES: &str = "server/tests/browser/differences/sentences.expected";

/// All that is compared.
pub(super) struct Book {
    /// By their paths in `book/`.
    pub(super) chapters: Vec<(String, Chapter)>,
    pub(super) table: Table,
    pub(super) entries: Vec<Entry>,
}

/// The table alone.
pub(super) fn table() -> Result<Table> {
    Table::of(&text(ROWS)?).with_context(|| ROWS.to_owned())
}

/// A file of the workspace.
pub(super) fn text(file: &str) -> Result<String> {
    fs::read_to_string(root().join(file)).with_context(|| format!("could not read {file}"))
}

/// All of it.
pub(super) fn read() -> Result<Book> {
    let summary = text(SUMMARY)?;
    let links = summary.split("](").skip(1);
    let names = links
        .filter_map(|rest| rest.split_once(')'))
        .map(|(name, _)| name);
    let chapters = names.map(|name| {
        let markdown = text(&format!("book/{name}"))?;
        Ok((name.to_owned(), Chapter::read(&markdown)))
    });
    Ok(Book {
        chapters: chapters.collect::<Result<_>>()?,
        table: table()?,
        entries: entries_of(&text(SENTENCES)?).with_context(|| SENTENCES.to_owned())?,
    })
}

/// What shows a sentence.
pub(super) fn places_of<'b>(
    book: &'b Book,
    chapter: &'b str,
    sentence: &'b str,
) -> impl Iterator<Item = &'b Place> {
    let entries = book.entries.iter();
    let entries = entries
        .filter(move |entry| entry.chapter == chapter && sentence.contains(entry.quote.as_str()));
    entries.map(|entry| &entry.place)
}
