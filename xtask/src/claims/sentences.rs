//! Sentences of Markdown: their text as a reader has it, and where their links lead.
//!
//! May import: nothing.

#[derive(Debug)]
pub(crate) struct Sentence {
    /// With its code in backticks.
    pub(crate) text: String,
    /// Where its paragraph begins.
    pub(crate) line: usize,
    pub(crate) links: Vec<String>,
}

/// Stands where a link ends, until the sentence is known that it belongs to. No text has it.
const LINK: char = '\u{1}';

/// The sentences of a paragraph.
pub(crate) fn sentences_of(markdown: &str, line: usize) -> Vec<Sentence> {
    let (text, links) = plain(markdown);
    let mut links = links.into_iter();
    let sentences = split(&text).into_iter().map(|sentence| Sentence {
        links: links
            .by_ref()
            .take(sentence.matches(LINK).count())
            .collect(),
        text: sentence.replace(LINK, ""),
        line,
    });
    sentences
        .filter(|sentence| !sentence.text.is_empty())
        .collect()
}

/// What a quotation of Markdown is in the text of a sentence.
pub(crate) fn quoted(markdown: &str) -> String {
    plain(markdown).0.replace(LINK, "")
}

/// Takes away tags and the addresses of links, and gives these.
fn plain(markdown: &str) -> (String, Vec<String>) {
    let mut text = String::new();
    let mut links = Vec::new();
    let mut rest = markdown;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        rest = after;
        match first {
            '`' => {
                let (code, behind) = after.split_once('`').unwrap_or((after, ""));
                text += &format!("`{code}`");
                rest = behind;
            }
            '<' if after.starts_with(|one: char| one.is_ascii_alphabetic() || one == '/') => {
                let (tag, behind) = after.split_once('>').unwrap_or((after, ""));
                if tag == "br" {
                    text.push(' ');
                }
                rest = behind;
            }
            ']' if after.starts_with('(') => {
                let (link, behind) = after[1..].split_once(')').unwrap_or((&after[1..], ""));
                links.push(link.to_owned());
                text.push(LINK);
                rest = behind;
            }
            '[' if opens_link(after) => {}
            _ => text.push(first),
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    (words.join(" "), links)
}

fn opens_link(after: &str) -> bool {
    after
        .split_once(']')
        .is_some_and(|(_, behind)| behind.starts_with('('))
}

/// At full stops that an upper-case letter, or code, follows.
fn split(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut begin = 0;
    let mut is_code = false;
    let mut is_end = false;
    let mut before = ' ';
    for (place, one) in text.char_indices() {
        if one == '`' {
            is_code = !is_code;
        }
        let is_start = one.is_uppercase() || "`“\"*".contains(one);
        if is_end && before == ' ' && is_start && !text[begin..place].ends_with("e.g. ") {
            sentences.push(text[begin..place].trim());
            begin = place;
        }
        is_end = match one {
            '.' | '!' | '?' => !is_code,
            ' ' | LINK | ')' | '”' | '"' | '*' => is_end,
            _ => false,
        };
        before = one;
    }
    sentences.push(text[begin..].trim());
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_belongs_to_its_sentence_and_an_abbreviation_ends_none() {
        let found = sentences_of(
            "It is [so](a.md#b). Not, e.g. Chrome, [here\nor there](c.md).",
            7,
        );
        let texts: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, ["It is so.", "Not, e.g. Chrome, here or there."]);
        assert_eq!(found[1].links, ["c.md"]);
        assert_eq!(quoted("[here](c.md) `<b>` <b>x</b>"), "here `<b>` x");
    }
}
