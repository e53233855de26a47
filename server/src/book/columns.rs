//! Gives the columns of each table their widths. A browser makes them after the cells that have arrived, so the columns of a table that comes over a slow
//! link would move while it is read.
//!
//! May import: nothing.

/// Begins a table of mdBook's, which says nothing of its columns.
const BEGIN: &str = "<table>";
const END: &str = "</table>";

/// What widths are counted in: a tenth of CSS's `ch`, the width of a zero.
type Tenths = usize;

const DIGIT: Tenths = 10;
/// A character of prose, on average.
const PROSE: Tenths = 9;
/// A character of code.
const CODE: Tenths = 10;
/// The paddings of code in a line.
const CODE_PADDINGS: Tenths = 6;
/// The paddings of a cell.
const PADDINGS: Tenths = 28;
/// No column of less looks like one.
const LEAST: Tenths = 80;
/// What a row has room for where a page's text has its full width, in a wide font.
const ROW: Tenths = 680;
/// The same on a phone.
const NARROW_ROW: Tenths = 380;

/// A page whose tables say how wide their columns are; nothing if it has none.
pub(super) fn with_widths(html: &str) -> Option<String> {
    let mut pieces = html.split(BEGIN);
    let mut page = pieces.next()?.to_owned();
    let before = page.len();
    for piece in pieces {
        page += &begin(piece.split(END).next().unwrap_or_default());
        page += piece;
    }
    (page.len() > before).then_some(page)
}

/// Begins the table with these rows: with the width that it needs, and its columns' shares of the width that it gets.
fn begin(rows: &str) -> String {
    let mut widths: Vec<Width> = Vec::new();
    for row in rows.split("<tr>").skip(1) {
        let cells = row.split("<td").flat_map(|cells| cells.split("<th"));
        for (at, cell) in cells.skip(1).enumerate() {
            if at == widths.len() {
                widths.push(Width::default());
            }
            // What begins the cell are attributes of its own tag.
            widths[at].hold(cell.split_once('>').map_or("", |(_, content)| content));
        }
    }
    let needed: Tenths = widths.iter().map(Width::needed).sum();
    if needed == 0 {
        return BEGIN.to_owned();
    }
    let wide = shares(&widths, ROW);
    let narrow = shares(&widths, NARROW_ROW);
    let columns: String = (wide.iter().zip(&narrow))
        .map(|(wide, narrow)| format!("<col style=\"--share: {wide}; --share-narrow: {narrow}\">"))
        .collect();
    let characters = needed.div_ceil(DIGIT);
    format!(
        "<table class=\"columns\" style=\"min-inline-size: {characters}ch\"><colgroup>{columns}</colgroup>"
    )
}

#[derive(Clone, Copy, Default)]
struct Width {
    longest_word: Tenths,
    longest_line: Tenths,
}

impl Width {
    /// Becomes as wide as a cell with this content needs it.
    fn hold(&mut self, content: &str) {
        let (mut word, mut line, mut character) = (0, 0, PROSE);
        let mut rest = content;
        while let Some(next) = rest.chars().next() {
            let end = match next {
                '<' => rest.find('>'),
                '&' => rest.find(';'),
                _ => None,
            };
            let (piece, after) = rest.split_at(end.unwrap_or(0) + next.len_utf8());
            rest = after;
            match piece {
                "<br>" => (word, line) = (0, 0),
                "<code>" => {
                    character = CODE;
                    line += CODE_PADDINGS;
                    word += CODE_PADDINGS;
                }
                "</code>" => character = PROSE,
                tag if tag.len() > 1 && next == '<' => {}
                _ => {
                    line += character;
                    word += character;
                }
            }
            // A space that ends a word is not seen at the end of a line.
            if next.is_whitespace() {
                word = 0;
            }
            self.longest_word = self.longest_word.max(word);
            self.longest_line = self.longest_line.max(line);
            if matches!(next, '-' | '/') {
                word = 0;
            }
        }
    }

    fn needed(&self) -> Tenths {
        (self.longest_word + PADDINGS).max(LEAST)
    }

    fn wanted(&self) -> Tenths {
        (self.longest_line + PADDINGS).max(LEAST)
    }
}

/// The part of a row with this room that each column gets, as a percentage: its longest line if there is room for those of all, or else its
/// longest word, and of what is left as much as its longest line is part of all that is missing. So do browsers
/// (<https://www.w3.org/TR/CSS21/tables.html#auto-table-layout>).
fn shares(widths: &[Width], row: Tenths) -> Vec<String> {
    let needed: Tenths = widths.iter().map(Width::needed).sum();
    let wanted: Tenths = widths.iter().map(Width::wanted).sum();
    let room = row.clamp(needed, wanted);
    let share = |width: &Width| {
        let missing = width.wanted() - width.needed();
        let got = width.needed() + missing * (room - needed) / (wanted - needed).max(1);
        let tenths = got * 1000 / room;
        format!("{}.{}%", tenths / 10, tenths % 10)
    };
    widths.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> String {
        let row = |cells: &&[&str]| {
            let cells = cells.iter().map(|cell| format!("<td>{cell}</td>"));
            format!("<tr>{}</tr>", cells.collect::<String>())
        };
        let rows: String = rows.iter().map(row).collect();
        format!("<p>a</p><table><tbody>{rows}</tbody></table><p>b</p>")
    }

    /// The least width of the table with these rows, and of each column the share, and that on a phone.
    fn columns_of(rows: &[&[&str]]) -> String {
        let page = with_widths(&table(rows)).unwrap_or_default();
        let (_, rest) = page.split_once("min-inline-size: ").unwrap_or_default();
        let columns = rest.split("</colgroup>").next().unwrap_or_default();
        columns
            .replace("\"><colgroup>", "")
            .replace("<col style=\"--share:", ";")
            .replace("; --share-narrow:", "")
            .replace("\">", "")
    }

    #[test]
    fn columns_are_as_wide_as_their_longest_lines_where_there_is_room() {
        let (short, long) = ("abcdef", "a b c d e f g h i j k l m");
        assert_eq!(
            columns_of(&[&[short, "d"], &["a", long]]),
            "17ch; 24.4% 24.4%; 75.5% 75.5%"
        );
    }

    #[test]
    fn what_no_reader_sees_takes_no_room_and_code_takes_more() {
        let link = "<a href=\"a-very-long-address\">abcdefghijklmnop</a>";
        let lines = "abcdefghijklmno&lt;<br>abc";
        let code = "<code>abcdefghijklmnop</code>";
        assert_eq!(
            columns_of(&[&[link, lines, code]]),
            "54ch; 31.9% 31.9%; 31.9% 31.9%; 36.0% 36.0%"
        );
    }

    #[test]
    fn a_column_keeps_room_for_its_longest_word_beside_one_of_many() {
        let many = "word ".repeat(100);
        let word = "w".repeat(18);
        assert_eq!(
            columns_of(&[&[&word, &many]]),
            "27ch; 27.9% 50.0%; 72.0% 50.0%"
        );
    }

    #[test]
    fn heads_and_attributes_are_read_and_nothing_else_is_changed() {
        let rows =
            "<thead><tr><th style=\"text-align: right\">abc</th><th>d</th></tr></thead></table>";
        let page = with_widths(&format!("<table>{rows}"));
        let column = "<col style=\"--share: 50.0%; --share-narrow: 50.0%\">";
        let begin = format!(
            "<table class=\"columns\" style=\"min-inline-size: 16ch\"><colgroup>{column}{column}</colgroup>"
        );
        assert_eq!(page, Some(format!("{begin}{rows}")));
    }

    #[test]
    fn what_is_no_table_stays_as_it_is() {
        assert_eq!(with_widths("<p>a</p>"), None);
        let empty = "<table></table><p>a < b & c</p>";
        assert_eq!(with_widths(empty).as_deref(), Some(empty));
    }
}
