//! What one comment of the speaker's notes says: `<!-- presenter: 5 min`, then the note, then `-->`. Pure.
//!
//! May import: thiserror.

/// Minutes that one section may be planned for.
pub(super) const MAX_MINUTES: u16 = 240;

/// Characters of one note.
pub(super) const MAX_CHARACTERS: usize = 4_000;

/// Where a comment begins, and where it ends.
const BEGIN: &str = "<!--";
const END: &str = "-->";

/// The first word of such a comment, in any case.
const WORD: &str = "presenter";

/// Behind the time, which is in minutes.
const UNIT: &str = "min";

/// One note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    /// How long its section should take.
    pub(super) minutes: u16,
    /// Plain text. A line that begins with `- ` begins a paragraph of its own.
    pub(super) paragraphs: Vec<String>,
}

/// What is wrong with a note.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Mistake {
    /// Its first line has no minutes.
    #[error(
        "The first line of a presenter's note says how long its section takes, and this one does not: write `presenter: 5 min`."
    )]
    NoMinutes,
    /// More of them than a section has, or none.
    #[error("A section takes 1 to {MAX_MINUTES} minutes, and not {0}.")]
    WrongMinutes(u64),
    /// Something else stands in its first line.
    #[error(
        "The first line of a presenter's note has the word `{0}`, which nobody reads: write `presenter: 5 min`, and the note in the lines below."
    )]
    UnknownWord(String),
    /// It is too long to be read out.
    #[error("A presenter's note has at most {MAX_CHARACTERS} characters, and this one has {0}.")]
    TooLong(usize),
    /// It goes on to the end of the chapter.
    #[error("This presenter's note is never closed: end it with `-->`.")]
    NeverClosed,
    /// The rest of its last line would be lost.
    #[error(
        "Text stands behind the `-->` of this presenter's note: put it into a line of its own."
    )]
    TextBehind,
    /// Nobody knows of which section it is.
    #[error(
        "A presenter's note stands right below the heading of its section, and this one does not: move it there, with an empty line above."
    )]
    NotBelowHeading,
}

/// Whether this piece of HTML begins with a note, be it right or wrong.
pub(super) fn begins(html: &str) -> bool {
    behind_word(html).is_some()
}

/// Whether there is a note anywhere in it.
pub(super) fn is_in(html: &str) -> bool {
    html.match_indices(BEGIN).any(|(at, _)| begins(&html[at..]))
}

/// Reads a note, out of a piece of HTML that begins with it and has no other.
pub(super) fn read(html: &str) -> Result<Note, Mistake> {
    let text = behind_word(html).unwrap_or_default();
    let (text, behind) = text.split_once(END).ok_or(Mistake::NeverClosed)?;
    if !behind.trim().is_empty() {
        return Err(Mistake::TextBehind);
    }
    let (first, note) = text.split_once('\n').unwrap_or((text, ""));
    let minutes = minutes_in(first)?;
    let length = note.trim().chars().count();
    if length > MAX_CHARACTERS {
        return Err(Mistake::TooLong(length));
    }
    Ok(Note {
        minutes,
        paragraphs: paragraphs_of(note),
    })
}

/// What follows the word, if that is what the comment begins with.
fn behind_word(html: &str) -> Option<&str> {
    let text = html.trim_start().strip_prefix(BEGIN)?.trim_start();
    let (word, behind) = text.split_at_checked(WORD.len())?;
    let goes_on =
        behind.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '-' | '_'));
    let is_word = word.eq_ignore_ascii_case(WORD) && (!goes_on || behind.starts_with(END));
    is_word.then_some(behind)
}

/// The time, as it stands behind the word: `: 5 min`.
fn minutes_in(line: &str) -> Result<u16, Mistake> {
    let line = line.trim().strip_prefix(':').ok_or(Mistake::NoMinutes)?;
    let mut words = line.split_whitespace();
    let number = words.next().and_then(|word| word.parse::<u64>().ok());
    let number = number.ok_or(Mistake::NoMinutes)?;
    let unit = words.next().ok_or(Mistake::NoMinutes)?;
    let unknown = Some(unit).filter(|unit| *unit != UNIT).or(words.next());
    if let Some(word) = unknown {
        return Err(Mistake::UnknownWord(word.to_owned()));
    }
    let minutes = u16::try_from(number).ok();
    minutes
        .filter(|minutes| (1..=MAX_MINUTES).contains(minutes))
        .ok_or(Mistake::WrongMinutes(number))
}

/// Lines are joined, as in Markdown.
fn paragraphs_of(text: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.lines().map(str::trim) {
        match paragraphs.last_mut() {
            Some(paragraph) if goes_on && !line.is_empty() && !line.starts_with("- ") => {
                paragraph.push(' ');
                paragraph.push_str(line);
            }
            _ if line.is_empty() => {}
            _ => paragraphs.push(line.to_owned()),
        }
        goes_on = !line.is_empty();
    }
    paragraphs
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_note_is_minutes_and_paragraphs() {
        let note = read(
            "<!-- presenter: 5 min\nAsk who has seen\nan offer.\n\n- Press Run.\n- Look at <b>ufrag</b>,\n  twice.\n-->\n",
        );
        let expected = Note {
            minutes: 5,
            paragraphs: vec![
                "Ask who has seen an offer.".to_owned(),
                "- Press Run.".to_owned(),
                "- Look at <b>ufrag</b>, twice.".to_owned(),
            ],
        };
        assert_eq!(note, Ok(expected));
    }

    #[test]
    fn a_time_alone_is_a_note() {
        for html in [
            "<!-- presenter: 240 min -->",
            "<!--presenter:240 min-->",
            "<!--\n  Presenter:  240   min\n\n-->",
        ] {
            let note = read(html).unwrap();
            assert_eq!((note.minutes, note.paragraphs.len()), (240, 0), "{html}");
        }
    }

    #[test]
    fn other_comments_are_none() {
        for html in [
            "<!-- A remark of the author. -->",
            "<!-- presenters: 5 min -->",
            "<!-- presenter_view -->",
            "<!-- prese",
            "presenter: 5 min",
            "&lt;!-- presenter: 5 min --&gt;",
        ] {
            assert!(!begins(html) && !is_in(html), "{html}");
        }
        assert!(is_in("<div>\n<!-- presenter: 5 min -->"));
        assert!(begins("<!-- presenter-->"));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let long = format!(
            "<!-- presenter: 5 min\n{}-->",
            "ü".repeat(MAX_CHARACTERS + 1)
        );
        for (html, mistake) in [
            ("<!-- presenter -->", Mistake::NoMinutes),
            ("<!-- presenter-->", Mistake::NoMinutes),
            ("<!-- presenter 5 min -->", Mistake::NoMinutes),
            ("<!-- presenter: Ask. -->", Mistake::NoMinutes),
            ("<!-- presenter: 5 -->", Mistake::NoMinutes),
            ("<!-- presenter:\n5 min -->", Mistake::NoMinutes),
            ("<!-- presenter: -5 min -->", Mistake::NoMinutes),
            ("<!-- presenter: 0 min -->", Mistake::WrongMinutes(0)),
            ("<!-- presenter: 241 min -->", Mistake::WrongMinutes(241)),
            (
                "<!-- presenter: 65541 min -->",
                Mistake::WrongMinutes(65_541),
            ),
            (
                "<!-- presenter: 5 minutes -->",
                Mistake::UnknownWord("minutes".to_owned()),
            ),
            (
                "<!-- presenter: 5 min loudly\n-->",
                Mistake::UnknownWord("loudly".to_owned()),
            ),
            ("<!-- presenter: 5 min", Mistake::NeverClosed),
            ("<!-- presenter: 5 min --> Text.", Mistake::TextBehind),
            (&long, Mistake::TooLong(MAX_CHARACTERS + 1)),
        ] {
            assert_eq!(read(html), Err(mistake), "{html}");
        }
        let longest = format!("<!-- presenter: 5 min\n{}\n-->", "ü".repeat(MAX_CHARACTERS));
        assert!(read(&longest).is_ok());
    }
}
