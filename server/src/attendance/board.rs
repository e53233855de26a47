//! The demo that the host shows to everybody: its text and the lines of its console. It is text, and nothing of it is run anywhere else. Pure.
//!
//! One is shown at a time. Pages are told only what they do not know yet, and a page that reads slowly is told less often.
//!
//! May import: refusal, seen, serde.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::refusal::Refused;
use super::seen::check;

/// Bytes of the text of a demo.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;
/// Characters of the path of its page.
const MAX_PAGE: usize = 200;
/// Characters of its name.
const MAX_NAME: usize = 100;
/// Lines of the console that are kept, the newest, and of one message.
const MAX_LINES: usize = 200;
/// Characters of a line.
const MAX_LINE: usize = 500;
/// Bytes of all lines that are kept.
const MAX_LINE_BYTES: usize = 32 * 1024;

/// What the page says that shows a demo: `{"type":"demo","page":"connecting/index.html","name":"createoffer.js","text":"…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Showing {
    /// This demo is shown, or has another text by now.
    Demo {
        /// The page that it is on, as it stands in addresses behind the root. Whether the book has it was checked by then.
        page: String,
        /// Its name.
        name: String,
        /// Its text.
        text: String,
    },
    /// Its console has further lines.
    Lines {
        /// Whether all lines before these are gone.
        cleared: bool,
        /// The further ones.
        lines: Vec<Line>,
    },
}

/// A line of the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// How the demo logged it.
    pub level: Level,
    /// What it logged.
    pub text: String,
}

/// How a line was logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "they are those of the console in browsers")]
pub enum Level {
    Log,
    Info,
    Debug,
    Warn,
    Error,
}

/// What is shown now.
#[derive(Debug, Default)]
pub(super) struct Board {
    pub(super) demo: Option<Demo>,
    /// Grows with each page that begins to show something: it has ended for whoever has an earlier number.
    pub(super) number: u64,
    /// Counts texts, of all demos.
    texts: u64,
    /// Counts lines, of all demos.
    lines: u64,
    /// Counts how often the console was cleared.
    clears: u64,
}

/// A demo.
#[derive(Debug)]
pub(super) struct Demo {
    page: String,
    name: String,
    text: String,
    /// The newest, each with its number.
    lines: VecDeque<(u64, Line)>,
    line_bytes: usize,
}

/// What one page knows of the board.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Which demo it was told of: the number, the page and the name.
    told_of: Option<(u64, String, String)>,
    /// Whether it looks at that.
    watches: bool,
    texts: u64,
    lines: u64,
    clears: u64,
}

/// What a page is told.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum News<'a> {
    /// Which demo is shown; none any more.
    Shown {
        number: Option<u64>,
        page: Option<&'a str>,
        demo: Option<&'a str>,
    },
    ShownText {
        text: &'a str,
    },
    ShownLines {
        cleared: bool,
        lines: Vec<&'a Line>,
    },
}

impl Board {
    /// What a page does not know yet. It is taken to know it from then on.
    pub(super) fn news(&self, known: &mut Known) -> Vec<News<'_>> {
        let Some(demo) = &self.demo else {
            let shown = News::Shown {
                number: None,
                page: None,
                demo: None,
            };
            let was_told = std::mem::take(known).told_of.is_some();
            return Vec::from_iter(was_told.then_some(shown));
        };
        let mut news = Vec::new();
        let now = (self.number, &demo.page, &demo.name);
        let told_of = known.told_of.as_ref();
        if told_of.map(|(number, page, name)| (*number, page, name)) != Some(now) {
            *known = Known::default();
            known.told_of = Some((self.number, demo.page.clone(), demo.name.clone()));
            news.push(News::Shown {
                number: Some(self.number),
                page: Some(&demo.page),
                demo: Some(&demo.name),
            });
        }
        if !known.watches {
            return news;
        }
        if known.texts != self.texts {
            known.texts = self.texts;
            news.push(News::ShownText { text: &demo.text });
        }
        let further = demo.lines.iter();
        let further = further.filter(|(number, _)| *number > known.lines);
        let lines: Vec<_> = further.map(|(_, line)| line).collect();
        let cleared = known.clears != self.clears;
        if cleared || !lines.is_empty() {
            news.push(News::ShownLines { cleared, lines });
        }
        (known.lines, known.clears) = (self.lines, self.clears);
        news
    }

    pub(super) fn receive(&mut self, showing: Showing) -> Result<(), Refused> {
        match showing {
            Showing::Demo { page, name, text } => self.put(page, name, text),
            Showing::Lines { cleared, lines } => self.add(cleared, lines),
        }
    }

    fn put(&mut self, page: String, name: String, text: String) -> Result<(), Refused> {
        check("page", &page, MAX_PAGE)?;
        check("name", &name, MAX_NAME)?;
        if text.len() > MAX_TEXT_BYTES {
            let words = format!("A text that is shown may have {MAX_TEXT_BYTES} bytes.");
            return Err(Refused::bad_message(words));
        }
        self.texts += 1;
        match &mut self.demo {
            Some(demo) if demo.page == page && demo.name == name => demo.text = text,
            demo => {
                *demo = Some(Demo {
                    page,
                    name,
                    text,
                    lines: VecDeque::new(),
                    line_bytes: 0,
                });
            }
        }
        Ok(())
    }

    fn add(&mut self, cleared: bool, lines: Vec<Line>) -> Result<(), Refused> {
        let Some(demo) = &mut self.demo else {
            return Err(Refused::bad_message("No demo is shown yet."));
        };
        if lines.len() > MAX_LINES {
            let words = format!("At most {MAX_LINES} lines can be shown at once.");
            return Err(Refused::bad_message(words));
        }
        let mut all = lines.iter();
        all.try_for_each(|line| check("text", &line.text, MAX_LINE))?;
        if cleared {
            self.clears += 1;
            demo.lines.clear();
            demo.line_bytes = 0;
        }
        for line in lines {
            self.lines += 1;
            demo.line_bytes += line.text.len();
            demo.lines.push_back((self.lines, line));
        }
        while demo.lines.len() > MAX_LINES || demo.line_bytes > MAX_LINE_BYTES {
            let Some((_, oldest)) = demo.lines.pop_front() else {
                break;
            };
            demo.line_bytes -= oldest.text.len();
        }
        Ok(())
    }
}

impl Known {
    /// The page looks at what has this number, or at nothing any more. What it knows of it is told anew.
    pub(super) fn watch(&mut self, number: Option<u64>) {
        let told_of = self.told_of.take();
        let told = told_of.as_ref().map(|(number, ..)| *number);
        *self = Self {
            watches: number.is_some() && number == told,
            told_of,
            // No number of the board's: what the page may still have of it is gone.
            clears: u64::MAX,
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn demo(name: &str, text: &str) -> Showing {
        Showing::Demo {
            page: "connecting/index.html".to_owned(),
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    fn lines(cleared: bool, texts: &[&str]) -> Showing {
        let line = |text: &&str| Line {
            level: Level::Log,
            text: (*text).to_owned(),
        };
        Showing::Lines {
            cleared,
            lines: texts.iter().map(line).collect(),
        }
    }

    /// The news in short: the name of the demo, its text, or its lines, with a `!` in front if the others are gone.
    fn told(board: &Board, known: &mut Known) -> Vec<String> {
        let news = board.news(known).into_iter();
        let short = |one| match one {
            News::Shown { demo, .. } => demo.unwrap_or("nothing").to_owned(),
            News::ShownText { text } => text.to_owned(),
            News::ShownLines { cleared, lines } => {
                let mark = if cleared { "!" } else { "" };
                let texts: Vec<_> = lines.iter().map(|line| &*line.text).collect();
                format!("{mark}{}", texts.join(","))
            }
        };
        news.map(short).collect()
    }

    #[test]
    fn a_page_is_told_which_demo_is_shown_and_the_rest_only_if_it_looks_at_that() {
        let mut board = Board::default();
        let mut known = Known::default();
        assert!(told(&board, &mut known).is_empty());
        board.number = 1;
        board.receive(demo("a.js", "one")).unwrap();
        board.receive(lines(true, &["x"])).unwrap();
        assert_eq!(told(&board, &mut known), ["a.js"]);
        board.receive(demo("a.js", "two")).unwrap();
        assert!(told(&board, &mut known).is_empty());
        known.watch(Some(2));
        assert!(told(&board, &mut known).is_empty(), "that is not shown");
        known.watch(Some(1));
        assert_eq!(told(&board, &mut known), ["two", "!x"]);
        board.receive(lines(false, &["y", "z"])).unwrap();
        assert_eq!(told(&board, &mut known), ["y,z"]);
        board.receive(lines(true, &[])).unwrap();
        assert_eq!(told(&board, &mut known), ["!"]);
        known.watch(None);
        board.receive(demo("a.js", "three")).unwrap();
        assert!(told(&board, &mut known).is_empty());
        board.demo = None;
        assert_eq!(told(&board, &mut known), ["nothing"]);
        assert!(told(&board, &mut known).is_empty());
    }

    #[test]
    fn another_demo_is_told_and_not_looked_at_before_the_reader_wants_that() {
        let mut board = Board::default();
        let mut known = Known::default();
        board.receive(demo("a.js", "one")).unwrap();
        told(&board, &mut known);
        known.watch(Some(0));
        told(&board, &mut known);
        board.receive(demo("b.js", "two")).unwrap();
        assert_eq!(told(&board, &mut known), ["b.js"]);
        assert!(told(&board, &mut known).is_empty());
    }

    #[test]
    fn texts_and_lines_are_bounded_and_the_newest_lines_are_kept() {
        let mut board = Board::default();
        let code = |done: Result<(), Refused>| done.unwrap_err().code;
        assert_eq!(code(board.receive(lines(false, &["x"]))), "bad-message");
        let long = "x".repeat(MAX_TEXT_BYTES + 1);
        assert_eq!(code(board.receive(demo("a.js", &long))), "bad-message");
        board.receive(demo("a.js", &long[1..])).unwrap();
        assert_eq!(
            code(board.receive(lines(false, &[&long[..MAX_LINE + 1]]))),
            "bad-message"
        );
        assert_eq!(
            code(board.receive(lines(false, &["x"; MAX_LINES + 1]))),
            "bad-message"
        );
        let line = &long[..MAX_LINE];
        board.receive(lines(false, &[line; MAX_LINES])).unwrap();
        board.receive(lines(false, &["last"])).unwrap();
        let demo = board.demo.as_ref().unwrap();
        assert!(demo.line_bytes <= MAX_LINE_BYTES);
        assert_eq!(demo.lines.back().unwrap().1.text, "last");
        for _ in 0..3 {
            board.receive(lines(false, &["x"; MAX_LINES])).unwrap();
        }
        assert_eq!(board.demo.as_ref().unwrap().lines.len(), MAX_LINES);
    }
}
