//! Finds the speaker's notes of a chapter, each right below the heading of its section, and takes them out. Pure.
//!
//! May import: comment, pulldown_cmark, serde.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::Serialize;

use super::comment::{self, Mistake};

/// One section of a chapter that has a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Its heading, as text.
    pub title: String,
    /// The fragment by which its heading is found in the page.
    pub id: String,
    /// How long it should take, 1 to 240.
    pub minutes: u16,
    /// The note, as plain text; empty where the author has planned a time only.
    pub paragraphs: Vec<String>,
}

/// What was taken out of a chapter.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// The chapter without its notes.
    pub(super) rest: String,
    pub(super) sections: Vec<Section>,
    /// Each with its line, the first of which is 1.
    pub(super) mistakes: Vec<(usize, Mistake)>,
}

/// Takes the notes out of a chapter; `None` if there is none, which is quick.
pub(super) fn take(markdown: &str) -> Option<Taken> {
    if !comment::is_in(markdown) {
        return None;
    }
    let mut reader = Reader::default();
    for (event, place) in Parser::new_ext(markdown, options()).into_offset_iter() {
        reader.read(event, place, markdown);
    }
    let mut rest = markdown.to_owned();
    for place in reader.notes.into_iter().rev() {
        rest.replace_range(place, "");
    }
    // All of them stood in code.
    let is_none = rest.len() == markdown.len() && reader.mistakes.is_empty();
    (!is_none).then_some(Taken {
        rest,
        sections: reader.sections,
        mistakes: reader.mistakes,
    })
}

/// As mdBook reads Markdown, so that headings have the same ids.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
}

#[derive(Default)]
struct Reader {
    sections: Vec<Section>,
    mistakes: Vec<(usize, Mistake)>,
    /// Where the notes stand.
    notes: Vec<Range<usize>>,
    /// The ids that were given so far.
    ids: HashSet<String>,
    /// The text of what is being read and gets an id, and the one that the author gave to it.
    heading: Option<(String, Option<String>)>,
    /// The last heading, as long as nothing has come below it.
    above: Option<Heading>,
    /// Whether a note is being read.
    is_in_note: bool,
}

struct Heading {
    title: String,
    id: String,
}

impl Reader {
    fn read(&mut self, event: Event<'_>, place: Range<usize>, markdown: &str) {
        match event {
            Event::Start(Tag::Heading { id, .. }) => {
                self.heading = Some((String::new(), id.map(|id| id.to_string())));
                self.above = None;
            }
            // mdBook gives ids to them, too.
            Event::Start(Tag::DefinitionListTitle) => {
                self.heading = Some((String::new(), None));
                self.above = None;
            }
            Event::End(TagEnd::Heading(_)) => self.above = self.end_of_heading(),
            Event::End(TagEnd::DefinitionListTitle) => {
                self.end_of_heading();
            }
            Event::Start(Tag::HtmlBlock) => self.html(place, markdown),
            Event::End(TagEnd::HtmlBlock) => self.is_in_note = false,
            Event::Html(_) if self.is_in_note => {}
            Event::InlineHtml(html) if comment::begins(&html) => {
                self.mistake(place.start, markdown, Mistake::NotBelowHeading);
            }
            Event::Text(text) | Event::Code(text) => match &mut self.heading {
                Some((title, _)) => title.push_str(&text),
                None => self.above = None,
            },
            // Such as that of a quotation that holds only a heading.
            Event::End(_) => {}
            _ => self.above = None,
        }
    }

    fn end_of_heading(&mut self) -> Option<Heading> {
        let (title, own) = self.heading.take()?;
        let id = own.unwrap_or_else(|| unique(id_of(&title), &mut self.ids));
        Some(Heading { title, id })
    }

    fn html(&mut self, place: Range<usize>, markdown: &str) {
        let above = self.above.take();
        let html = &markdown[place.clone()];
        if !comment::begins(html) {
            // In the middle of other HTML.
            if comment::is_in(html) {
                self.mistake(place.start, markdown, Mistake::NotBelowHeading);
            }
            return;
        }
        self.is_in_note = true;
        match (comment::read(html), above) {
            (Err(mistake), _) => self.mistake(place.start, markdown, mistake),
            (Ok(_), None) => self.mistake(place.start, markdown, Mistake::NotBelowHeading),
            (Ok(note), Some(Heading { title, id })) => self.sections.push(Section {
                title,
                id,
                minutes: note.minutes,
                paragraphs: note.paragraphs,
            }),
        }
        self.notes.push(place);
    }

    fn mistake(&mut self, at: usize, markdown: &str, mistake: Mistake) {
        let line = 1 + markdown[..at].matches('\n').count();
        self.mistakes.push((line, mistake));
    }
}

/// The id that mdBook gives to a heading with this text.
fn id_of(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let kept = text.chars().filter_map(|one| match one {
        '_' | '-' => Some(one),
        _ if one.is_alphanumeric() => Some(one),
        _ if one.is_whitespace() => Some('-'),
        _ => None,
    });
    kept.collect()
}

/// Where several have one text, mdBook counts them.
fn unique(id: String, ids: &mut HashSet<String>) -> String {
    let mut number = 0;
    let mut given = id.clone();
    while !ids.insert(given.clone()) {
        number += 1;
        given = format!("{id}-{number}");
    }
    given
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn sections(markdown: &str) -> Vec<(String, String)> {
        let taken = take(markdown).unwrap();
        assert_eq!(taken.mistakes, []);
        let sections = taken.sections.into_iter();
        sections
            .map(|section| (section.title, section.id))
            .collect()
    }

    fn mistakes(markdown: &str) -> Vec<(usize, Mistake)> {
        take(markdown).unwrap().mistakes
    }

    #[test]
    fn a_note_is_of_the_heading_above_it_and_leaves_the_text_as_it_is() {
        let markdown = "# One\n\n<!-- presenter: 5 min\nAsk.\n\nWait.\n-->\n\nText.\n\n<div class=\"card\">\n\n#### Try\n<!-- presenter: 2 min -->\n<b>x</b>\n\n</div>\n";
        let taken = take(markdown).unwrap();
        assert_eq!(taken.mistakes, []);
        assert_eq!(
            taken.rest,
            "# One\n\n\nText.\n\n<div class=\"card\">\n\n#### Try\n<b>x</b>\n\n</div>\n"
        );
        let [one, two] = &taken.sections[..] else {
            panic!("two: {:?}", taken.sections);
        };
        assert_eq!((&*one.title, &*one.id, one.minutes), ("One", "one", 5));
        assert_eq!(one.paragraphs, ["Ask.", "Wait."]);
        assert_eq!((&*two.title, two.minutes), ("Try", 2));
    }

    #[test]
    fn headings_have_the_ids_that_mdbook_gives_them() {
        const NOTE: &str = "\n<!-- presenter: 1 min -->\n\nText.\n\n";
        let headings = [
            "## One side: make an offer",
            "### What you *should* see",
            "## `rtc-quickconnect` -- it's 2<sup>nd</sup>",
            "### What you should see",
            "## Own {#by-hand}",
            "Set out\n---",
        ];
        let markdown = headings.map(|heading| format!("{heading}\n{NOTE}"));
        let ids: Vec<_> = sections(&markdown.concat())
            .into_iter()
            .map(|(_, id)| id)
            .collect();
        let expected = [
            "one-side-make-an-offer",
            "what-you-should-see",
            "rtc-quickconnect--its-2nd",
            "what-you-should-see-1",
            "by-hand",
            "set-out",
        ];
        assert_eq!(ids, expected);
    }

    #[test]
    fn what_stands_in_code_is_no_note() {
        for markdown in [
            "# One\n\n```md\n<!-- presenter: 5 min -->\n```\n",
            "# One\n\n    <!-- presenter: 5 min -->\n",
            "# One\n\nWrite `<!-- presenter: 5 min -->`.\n",
            "# One\n\n<!-- Another comment. -->\n",
        ] {
            assert!(take(markdown).is_none(), "{markdown}");
        }
    }

    #[test]
    fn a_note_that_is_not_right_below_a_heading_is_a_mistake() {
        for (markdown, line) in [
            ("<!-- presenter: 5 min -->\n\n# One\n", 1),
            ("# One\n\nText.\n\n<!-- presenter: 5 min -->\n", 5),
            ("# One\n\n<!-- x -->\n\n<!-- presenter: 5 min -->\n", 5),
            ("# One\n\nText <!-- presenter: 5 min --> goes on.\n", 3),
            ("# One <!-- presenter: 5 min -->\n", 1),
            ("# One\n\n<div>\n<!-- presenter: 5 min -->\n</div>\n", 3),
            (
                "# One\n\n<!-- presenter: 5 min -->\n\n<!-- presenter: 2 min -->\n",
                5,
            ),
        ] {
            let expected = [(line, Mistake::NotBelowHeading)];
            assert_eq!(mistakes(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn each_mistake_has_its_line() {
        let markdown =
            "# One\n\n<!-- presenter -->\n\n## Two\n\n<!-- presenter: 1 min\n\n## Three\n";
        let expected = [(3, Mistake::NoMinutes), (7, Mistake::NeverClosed)];
        assert_eq!(mistakes(markdown), expected);
    }
}
