//! Characters that nobody sees, or that change how others are shown: [`find`].
//!
//! Pure.
// May import: nothing.

/// First and last of each range of Unicode's categories `Cf` (format characters, among them all bidirectional controls and the zero-width
/// ones), `Zl` and `Zp` (line and paragraph separators), and of what has the property `Default_Ignorable_Code_Point`, such as fillers
/// and variation selectors (<https://www.unicode.org/reports/tr44/>). A test compares it with the tables of the crate `regex`.
const INVISIBLE: [(char, char); 25] = [
    ('\u{AD}', '\u{AD}'),
    ('\u{34F}', '\u{34F}'),
    ('\u{600}', '\u{605}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{6DD}', '\u{6DD}'),
    ('\u{70F}', '\u{70F}'),
    ('\u{890}', '\u{891}'),
    ('\u{8E2}', '\u{8E2}'),
    ('\u{115F}', '\u{1160}'),
    ('\u{17B4}', '\u{17B5}'),
    ('\u{180B}', '\u{180F}'),
    ('\u{200B}', '\u{200F}'),
    ('\u{2028}', '\u{202E}'),
    ('\u{2060}', '\u{206F}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{FE00}', '\u{FE0F}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFA0}', '\u{FFA0}'),
    ('\u{FFF0}', '\u{FFFB}'),
    ('\u{110BD}', '\u{110BD}'),
    ('\u{110CD}', '\u{110CD}'),
    ('\u{13430}', '\u{1343F}'),
    ('\u{1BCA0}', '\u{1BCA3}'),
    ('\u{1D173}', '\u{1D17A}'),
    ('\u{E0000}', '\u{E0FFF}'),
];

/// The first character that is one of these or a control character (`Cc`): two names that differ in it alone look the same, and with some
/// of them a name reads backwards, or as two lines of a log.
pub fn find(text: &str) -> Option<char> {
    text.chars().find(|c| c.is_control() || is_listed(*c))
}

fn is_listed(c: char) -> bool {
    let after = INVISIBLE.partition_point(|(first, _)| *first <= c);
    after > 0 && c <= INVISIBLE[after - 1].1
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use regex::Regex;

    #[test]
    fn exactly_what_unicode_calls_controls_separators_and_ignorable_is_found() {
        let expected =
            Regex::new(r"^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]$").unwrap();
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            assert_eq!(
                super::find(&text).is_some(),
                expected.is_match(&text),
                "U+{:04X}",
                u32::from(c)
            );
        }
    }
}
