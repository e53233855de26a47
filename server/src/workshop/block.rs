//! What stays in the last rows of a terminal: as much of the code, the address and the host's next steps as has room. Pure.
//!
//! May import: code, wifi.

use super::code::Code;
use super::wifi::Wifi;

/// Rows that the log has at least, above the block.
pub const MIN_LOG_ROWS: usize = 6;

const BOLD: &str = "\x1b[1m";
const NOT_BOLD: &str = "\x1b[0m";

/// Columns in front of a code, and between it and what stands beside it.
const GAP: usize = 2;

/// Columns of the narrowest text: with fewer, it has one or two words in a line.
const MIN_TEXT_COLUMNS: usize = 20;

/// How large a terminal is, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// From the left to the right.
    pub columns: usize,
    /// From the top to the bottom.
    pub rows: usize,
}

/// What is to be kept in view.
#[derive(Debug, Clone)]
pub struct Block {
    /// The address that everybody opens.
    pub url: String,
    /// Its code; `None` where nobody can open it.
    pub code: Option<Code>,
    /// The Wi-Fi, if it has a code.
    pub wifi: Option<Wifi>,
    /// The address by the machine's name in the network, if it has one.
    pub named: Option<String>,
    /// What is wrong with the address, in sentences.
    pub warning: Option<String>,
    /// Other addresses that may work, best first.
    pub others: Vec<String>,
    /// What the host does next, each in a sentence.
    pub steps: Vec<String>,
}

/// Codes beside each other.
struct Picture {
    lines: Vec<String>,
    columns: usize,
}

impl Block {
    /// The lines of the largest form that leaves [`MIN_LOG_ROWS`] free, the first one empty; `None` if not even the text alone does. Codes come
    /// before other addresses, and that of the address before that of the Wi-Fi. No line is wider than the terminal.
    pub fn lines(&self, size: Size) -> Option<Vec<String>> {
        let rows = size.rows.checked_sub(MIN_LOG_ROWS + 1)?;
        let pictures = [self.both_codes(), self.one_code()];
        for picture in pictures.iter().flatten() {
            for text in [self.text(true), self.text(false)] {
                let forms = [
                    picture.beside(&text, size.columns),
                    picture.above(&text, size.columns),
                ];
                let mut forms = forms.into_iter().flatten();
                if let Some(lines) = forms.find(|lines| lines.len() <= rows) {
                    return Some(below_a_gap(lines));
                }
            }
        }
        let is_text = |line: &String| !line.is_empty();
        let short: Vec<_> = self.text(false).into_iter().filter(is_text).collect();
        let lines = wrapped(&short, size.columns)?;
        (lines.len() <= rows).then(|| below_a_gap(lines))
    }

    /// Paragraphs, with empty ones between what does not belong together. The first is the address.
    fn text(&self, with_others: bool) -> Vec<String> {
        let mut text = vec![self.url.clone()];
        text.extend(self.named.iter().map(|named| format!("or {named}")));
        text.push(String::new());
        if let Some(warning) = &self.warning {
            text.extend([warning.clone(), String::new()]);
        }
        if with_others && !self.others.is_empty() {
            text.push("If that does not open, one of these may:".to_owned());
            text.extend(self.others.iter().cloned());
            text.push(String::new());
        }
        text.extend(self.steps.iter().cloned());
        text
    }

    fn one_code(&self) -> Option<Picture> {
        let code = self.code.as_ref()?;
        Some(Picture {
            lines: code.to_lines(),
            columns: code.side(),
        })
    }

    /// That of the Wi-Fi first, with words below that say which is which.
    fn both_codes(&self) -> Option<Picture> {
        let (wifi, code) = (self.wifi.as_ref()?, self.code.as_ref()?);
        let name = format!("Wi-Fi {}", wifi.ssid());
        let name = match columns(&name) <= wifi.code().side() {
            true => name,
            false => "Wi-Fi".to_owned(),
        };
        let wifi = labelled(wifi.code(), &name);
        let book = labelled(code, "The book");
        Some(wifi.before(&book))
    }
}

fn labelled(code: &Code, label: &str) -> Picture {
    let side = code.side();
    let mut lines = code.to_lines();
    let margin = side.saturating_sub(columns(label)) / 2;
    let label = format!("{}{label}", " ".repeat(margin));
    let rest = side.saturating_sub(columns(&label));
    lines.push(label + &" ".repeat(rest));
    Picture {
        lines,
        columns: side,
    }
}

impl Picture {
    /// Both, with their last lines in one row.
    fn before(self, other: &Self) -> Self {
        let height = self.lines.len().max(other.lines.len());
        let row = |picture: &Self, y: usize| {
            let line = (y + picture.lines.len()).checked_sub(height);
            match line.and_then(|line| picture.lines.get(line)) {
                Some(line) => line.clone(),
                None => " ".repeat(picture.columns),
            }
        };
        let gap = " ".repeat(GAP);
        Self {
            lines: (0..height)
                .map(|y| format!("{}{gap}{}", row(&self, y), row(other, y)))
                .collect(),
            columns: self.columns + GAP + other.columns,
        }
    }

    /// The text to its right, if that has no word that it would have to break.
    fn beside(&self, text: &[String], width: usize) -> Option<Vec<String>> {
        let width = width.checked_sub(self.columns + 2 * GAP)?;
        let words = text.iter().flat_map(|paragraph| paragraph.split(' '));
        if words.map(columns).max()? > width {
            return None;
        }
        let text = wrapped(text, width)?;
        let height = self.lines.len().max(text.len());
        let gap = " ".repeat(GAP);
        let row = |y: usize| {
            let text = text.get(y).map_or("", String::as_str);
            match self.lines.get(y) {
                Some(line) => format!("{gap}{line}{gap}{text}"),
                None => format!("{}{text}", " ".repeat(self.columns + 2 * GAP)),
            }
        };
        Some((0..height).map(row).collect())
    }

    /// The text below it.
    fn above(&self, text: &[String], width: usize) -> Option<Vec<String>> {
        if self.columns + GAP > width {
            return None;
        }
        let gap = " ".repeat(GAP);
        let mut lines: Vec<_> = self
            .lines
            .iter()
            .map(|line| format!("{gap}{line}"))
            .collect();
        lines.extend(wrapped(text, width)?);
        Some(lines)
    }
}

fn below_a_gap(lines: Vec<String>) -> Vec<String> {
    let mut below = vec![String::new()];
    below.extend(lines);
    below
}

/// Lines of at most this many columns, the first paragraph in bold; `None` if there are too few for any text.
fn wrapped(text: &[String], width: usize) -> Option<Vec<String>> {
    if width < MIN_TEXT_COLUMNS {
        return None;
    }
    let mut lines = Vec::new();
    for (number, paragraph) in text.iter().enumerate() {
        let broken = broken(paragraph, width).into_iter();
        lines.extend(broken.map(|line| match number {
            0 => format!("{BOLD}{line}{NOT_BOLD}"),
            _ => line,
        }));
    }
    Some(lines)
}

/// Between words where that is possible. An empty paragraph is an empty line.
fn broken(paragraph: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in paragraph.split(' ') {
        let space = usize::from(used > 0);
        if used > 0 && used + space + columns(word) > width {
            lines.push(String::new());
            used = 0;
        } else if space > 0 {
            lines.last_mut().into_iter().for_each(|line| line.push(' '));
            used += space;
        }
        for character in word.chars() {
            let more = columns_of(character);
            if used + more > width {
                lines.push(String::new());
                used = 0;
            }
            lines
                .last_mut()
                .into_iter()
                .for_each(|line| line.push(character));
            used += more;
        }
    }
    lines
}

/// At most: what is not in ASCII may take two.
fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn columns_of(character: char) -> usize {
    match character.is_ascii() {
        true => 1,
        false => 2,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const URL: &str = "http://255.255.255.255:65535/";

    fn block() -> Block {
        Block {
            url: URL.to_owned(),
            code: Some(Code::of(URL).unwrap()),
            wifi: None,
            named: None,
            warning: None,
            others: Vec::new(),
            steps: vec![
                "1. Open http://localhost:65535/workshop/join.html here, for the projector."
                    .to_owned(),
                "2. Everybody joins this Wi-Fi, then scans the code or types the address."
                    .to_owned(),
                "3. Ctrl-C ends the workshop.".to_owned(),
            ],
        }
    }

    fn in_wifi() -> Block {
        let password = "correct horse".parse().unwrap();
        let wifi = Wifi::new("Guests".parse().unwrap(), Some(&password)).unwrap();
        Block {
            wifi: Some(wifi),
            ..block()
        }
    }

    /// Without colours, and without spaces at their ends.
    fn lines(block: &Block, columns: usize, rows: usize) -> Option<Vec<String>> {
        let plain = |line: String| {
            let mut parts = line.split('\x1b');
            let first = parts.next().unwrap().to_owned();
            let rest = parts.map(|part| part.split_once('m').unwrap().1);
            (first + &rest.collect::<String>()).trim_end().to_owned()
        };
        let lines = block.lines(Size { columns, rows })?;
        Some(lines.into_iter().map(plain).collect())
    }

    fn rows_of_codes(lines: &[String]) -> usize {
        lines.iter().filter(|line| line.contains('█')).count()
    }

    #[test]
    fn with_the_longest_address_of_ipv4_the_code_stays_in_24_rows_of_80_columns() {
        let lines = lines(&block(), 80, 24).unwrap();
        assert_eq!(lines.len(), 24 - MIN_LOG_ROWS);
        assert_eq!(rows_of_codes(&lines), 17);
        let text: Vec<_> = lines
            .iter()
            .filter_map(|line| line.get(..).and_then(|line| line.rsplit('█').next()))
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        assert_eq!(
            text,
            [
                URL,
                "1. Open",
                "http://localhost:65535/workshop/join.html",
                "here, for the projector.",
                "2. Everybody joins this Wi-Fi, then scans",
                "the code or types the address.",
                "3. Ctrl-C ends the workshop."
            ]
        );
    }

    #[test]
    fn the_name_stands_below_the_address_and_the_code_keeps_its_place() {
        let named = Block {
            named: Some("http://workshop.local:65535/".to_owned()),
            ..block()
        };
        let lines = lines(&named, 80, 24).unwrap();
        assert_eq!(rows_of_codes(&lines), 17);
        let at = |text: &str| lines.iter().position(|line| line.ends_with(text));
        let address = at(URL).unwrap();
        assert_eq!(at("or http://workshop.local:65535/"), Some(address + 1));
    }

    #[test]
    fn where_it_has_no_room_beside_the_code_the_text_stands_below() {
        assert_eq!(rows_of_codes(&lines(&block(), 60, 40).unwrap()), 17);
        let lines = lines(&block(), 60, 40).unwrap();
        assert_eq!(lines[1 + 17], URL);
    }

    #[test]
    fn too_few_rows_have_the_address_without_the_code_and_far_too_few_have_nothing() {
        let small = lines(&block(), 80, 23).unwrap();
        assert_eq!(rows_of_codes(&small), 0);
        assert_eq!(
            small,
            [
                "",
                URL,
                "1. Open http://localhost:65535/workshop/join.html here, for the projector.",
                "2. Everybody joins this Wi-Fi, then scans the code or types the address.",
                "3. Ctrl-C ends the workshop."
            ]
        );
        assert!(lines(&block(), 80, MIN_LOG_ROWS + 5).is_some());
        assert_eq!(lines(&block(), 80, MIN_LOG_ROWS + 4), None);
        assert_eq!(lines(&block(), 80, 0), None);
        assert_eq!(lines(&block(), 10, 50), None);
    }

    #[test]
    fn nothing_is_wider_or_higher_than_the_terminal_whatever_its_size() {
        let mut block = in_wifi();
        block.others = vec!["http://10.0.0.5:8000/".to_owned(); 7];
        block.warning = Some("No other device can open this address.".to_owned());
        for columns in 0..150 {
            for rows in 0..60 {
                let lines = lines(&block, columns, rows).unwrap_or_default();
                assert!(lines.is_empty() || lines.len() + MIN_LOG_ROWS <= rows);
                let widest = lines.iter().map(|line| line.chars().count()).max();
                assert!(
                    widest.unwrap_or(0) <= columns,
                    "{columns} × {rows}: {lines:#?}"
                );
            }
        }
    }

    #[test]
    fn the_code_of_the_wifi_is_there_where_both_have_room_and_the_address_goes_before() {
        let both = |columns, rows| {
            let lines = lines(&in_wifi(), columns, rows).unwrap();
            let has_label = lines
                .iter()
                .any(|line| line.contains("Wi-Fi Guests") && line.contains("The book"));
            (rows_of_codes(&lines) > 0, has_label)
        };
        assert_eq!(both(80, 40), (true, true));
        assert_eq!(both(130, 28), (true, true));
        assert_eq!(both(80, 24), (true, false));
        assert_eq!(both(70, 40), (true, false));
        assert_eq!(both(80, 15), (false, false));
    }

    #[test]
    fn other_addresses_give_way_to_the_code() {
        let mut block = block();
        block.others = (5..13)
            .map(|last| format!("http://10.0.0.{last}:8000/"))
            .collect();
        let has_others = |rows| {
            let lines = lines(&block, 80, rows).unwrap();
            assert_eq!(rows_of_codes(&lines), 17);
            lines.iter().any(|line| line.contains("10.0.0.12"))
        };
        assert!(has_others(30));
        assert!(!has_others(24));
    }

    #[test]
    fn a_word_longer_than_the_line_is_broken() {
        assert_eq!(broken("ab cdefgh i", 4), ["ab", "cdef", "gh i"]);
        assert_eq!(broken("", 4), [""]);
        assert_eq!(broken("日本語", 4), ["日本", "語"]);
    }
}
