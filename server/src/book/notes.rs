//! The speaker's notes: comments in the Markdown of chapters, which the host's page shows and no reader's page has.
//!
//! They are taken out before mdBook renders a chapter, so that neither its page nor the printed book nor the search knows of them.
//!
//! # Layout
//! - `comment`: what one comment says; pure
//! - `chapter`: finds those of a chapter, with the headings above them; pure
//!
//! May import: mdbook_driver, pulldown_cmark, serde, thiserror.

mod chapter;
mod comment;

use std::path::Path;

use mdbook_driver::book::{Book, BookItem, Chapter};
use serde::Serialize;

pub use chapter::Section;

/// The notes of one chapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChapterNotes {
    /// The path of its page from the root of the book.
    pub page: String,
    /// What the table of contents calls it.
    pub title: String,
    /// Those of its sections that have a note, in their order.
    pub sections: Vec<Section>,
}

/// What was taken out of a book.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// In the order of the book; chapters without a note are left out.
    pub(super) chapters: Vec<ChapterNotes>,
    /// What is wrong with notes, each with its file and line.
    pub(super) mistakes: Vec<String>,
}

/// Takes the notes out of all chapters. `src` is the folder of the book, as mistakes name it.
pub(super) fn take(book: &mut Book, src: &Path) -> Notes {
    let mut notes = Notes::default();
    notes.take(&mut book.items, src);
    notes
}

impl Notes {
    fn take(&mut self, items: &mut [BookItem], src: &Path) {
        for item in items {
            if let BookItem::Chapter(chapter) = item {
                self.take_out_of(chapter, src);
                self.take(&mut chapter.sub_items, src);
            }
        }
    }

    fn take_out_of(&mut self, chapter: &mut Chapter, src: &Path) {
        let (Some(path), Some(source)) = (&chapter.path, &chapter.source_path) else {
            return;
        };
        let Some(taken) = chapter::take(&chapter.content) else {
            return;
        };
        let file = src.join(source);
        let told = taken
            .mistakes
            .iter()
            .map(|(line, mistake)| format!("{}:{line}: {mistake}", file.display()));
        self.mistakes.extend(told);
        self.chapters.push(ChapterNotes {
            page: page_of(path),
            title: chapter.name.clone(),
            sections: taken.sections,
        });
        chapter.content = taken.rest;
    }
}

/// Where mdBook puts the page of a chapter: a README becomes the index of its folder.
fn page_of(source: &Path) -> String {
    let is_readme = source
        .file_stem()
        .is_some_and(|stem| stem.eq_ignore_ascii_case("readme"));
    let page = match is_readme {
        true => source.with_file_name("index.html"),
        false => source.with_extension("html"),
    };
    page.to_string_lossy().replace('\\', "/")
}

/// Whether a page has a note all the same: it stands in a file that its chapter includes, which is read only when mdBook renders the chapter.
/// Says so for the author.
pub(super) fn left_in(page: &str, contents: &[u8]) -> Option<String> {
    let is_left = comment::is_in(&String::from_utf8_lossy(contents));
    is_left.then(|| {
        format!(
            "{page}: a `presenter:` comment stands in a file that this page includes, and would be in the page. Write it into the chapter itself."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapter(name: &str, path: &str, content: &str) -> Chapter {
        Chapter::new(name, content.to_owned(), path, Vec::new())
    }

    #[test]
    fn notes_come_in_the_order_of_the_book_and_leave_its_chapters() {
        const TEXT: &str = "# One\n\n<!-- presenter: 5 min -->\n\nText.\n";
        let mut parent = chapter("Parent", "part/README.md", TEXT);
        let child = chapter("Child", "part/child.md", TEXT);
        parent.sub_items = vec![BookItem::Chapter(child)];
        let items = vec![
            BookItem::PartTitle("A part".to_owned()),
            BookItem::Chapter(parent),
            BookItem::Chapter(chapter("Without", "without.md", "# Without\n")),
            BookItem::Chapter(chapter("Last", "last.md", TEXT)),
        ];
        let mut book = Book::new_with_items(items);
        let notes = take(&mut book, Path::new("book"));
        let pages: Vec<_> = notes
            .chapters
            .iter()
            .map(|chapter| (&*chapter.page, &*chapter.title))
            .collect();
        let expected = [
            ("part/index.html", "Parent"),
            ("part/child.html", "Child"),
            ("last.html", "Last"),
        ];
        assert_eq!(pages, expected);
        assert!(notes.mistakes.is_empty());
        for chapter in book.chapters() {
            assert!(!chapter.content.contains("presenter"), "{}", chapter.name);
        }
    }

    #[test]
    fn a_mistake_names_its_file_and_line() {
        let broken = chapter(
            "Broken",
            "part/broken.md",
            "# Broken\n\n<!-- presenter: soon -->\n",
        );
        let mut book = Book::new_with_items(vec![BookItem::Chapter(broken)]);
        let notes = take(&mut book, Path::new("book"));
        let [mistake] = &notes.mistakes[..] else {
            panic!("one mistake: {:?}", notes.mistakes);
        };
        assert!(mistake.starts_with("book/part/broken.md:3: "), "{mistake}");
    }
}
