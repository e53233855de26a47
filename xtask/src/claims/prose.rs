//! The prose of a chapter, sentence by sentence: what a reader reads, without code blocks, tags and the addresses of links.
//!
//! May import: sentences.

use super::sentences::{Sentence, sentences_of};

/// What is shown or asked in a chapter besides its prose, and the prose.
#[derive(Debug, Default)]
pub(crate) struct Chapter {
    pub(crate) sentences: Vec<Sentence>,
    /// Files of `code/` that are included: `agreeing/states-half.js`.
    pub(crate) files: Vec<String>,
    /// The goals of its exercises: `agreeing/states-new`.
    pub(crate) exercises: Vec<String>,
}

const INCLUDE: &str = "{{#include ../../code/";
const GOALS: &str = "data-goals=\"";

/// A paragraph, an item of a list, a row of a table, a heading, while it is read.
#[derive(Default)]
struct Block {
    text: String,
    line: usize,
}

impl Chapter {
    pub(crate) fn read(markdown: &str) -> Self {
        let mut chapter = Self::default();
        let mut block = Block::default();
        let mut is_code = false;
        let mut is_comment = false;
        for (index, line) in markdown.lines().enumerate() {
            let line = line.trim();
            // Readers see no comment, and the speaker's notes say what the chapter says.
            if !is_code && (is_comment || line.starts_with("<!--")) {
                chapter.end(&mut block);
                is_comment = !line.contains("-->");
                continue;
            }
            if let Some((_, rest)) = line.split_once(INCLUDE) {
                chapter
                    .files
                    .extend(rest.split('}').next().map(str::to_owned));
            }
            if let Some((_, rest)) = line.split_once(GOALS) {
                chapter
                    .exercises
                    .extend(rest.split('"').next().map(str::to_owned));
            }
            if line.starts_with("```") {
                chapter.end(&mut block);
                is_code = !is_code;
            } else if !is_code {
                chapter.take(line.trim_start_matches("> "), index + 1, &mut block);
            }
        }
        chapter.end(&mut block);
        chapter
    }

    /// Takes a line outside of code blocks.
    fn take(&mut self, line: &str, number: usize, block: &mut Block) {
        let is_alone = line.starts_with('#') || line.starts_with('|');
        let is_include = line.starts_with("{{");
        if is_alone || begins_block(line) || line.is_empty() || is_include {
            self.end(block);
        }
        if line.is_empty() || is_include || line.starts_with("|--") {
            return;
        }
        if block.text.is_empty() {
            block.line = number;
        } else {
            block.text.push(' ');
        }
        block.text += line.trim_start_matches("- ").trim_start_matches('#');
        if is_alone || ends_block(line) {
            self.end(block);
        }
    }

    fn end(&mut self, block: &mut Block) {
        let Block { text, line } = std::mem::take(block);
        self.sentences.extend(sentences_of(&text, line));
    }

    /// Its demos and the diffs of their edits, without the solutions of exercises.
    pub(crate) fn stems(&self, extension: &str) -> Vec<&str> {
        let files = self.files.iter();
        files
            .filter_map(|file| file.strip_suffix(extension)?.strip_suffix('.'))
            .filter(|stem| !stem.ends_with("-solution"))
            .collect()
    }
}

/// An item of a list, or an element that holds text.
fn begins_block(line: &str) -> bool {
    let digits = line.trim_start_matches(|one: char| one.is_ascii_digit());
    let is_numbered = digits.len() < line.len() && digits.starts_with(". ");
    let is_element = line.starts_with('<')
        && [
            "div", "/", "details", "summary", "fig", "li", "ol", "ul", "p>",
        ]
        .iter()
        .any(|name| line[1..].starts_with(name));
    line.starts_with("- ") || is_numbered || is_element
}

fn ends_block(line: &str) -> bool {
    [
        "</summary>",
        "</figcaption>",
        "</li>",
        "</p>",
        "</ol>",
        "</div>",
        "</details>",
    ]
    .iter()
    .any(|end| line.ends_with(end))
        || line.starts_with("<div")
        || line.starts_with("<details")
        || line == "<figure>"
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKDOWN: &str = "# A title\n\nOne sentence with a [link](https://a.example/#b). Another, over\ntwo lines with `code. Not two`.\n\
        <!-- A comment. 5 min\n\nof two lines. -->\n\
        <div class=\"exercise\" data-goals=\"part/goal\">\n\n```js,live file=a.js\n{{#include ../../code/part/a.js}}\n```\n\n```diff\n{{#include \
        ../../code/part/a-b.diff}}\n```\n\n- An item. Its second.\n- Another\n\n| a | b |\n|---|---|\n\n<summary>What to expect</summary>\n</div>\n";

    #[test]
    fn a_chapter_is_read_sentence_by_sentence() {
        let chapter = Chapter::read(MARKDOWN);
        let sentences: Vec<(usize, &str)> = chapter
            .sentences
            .iter()
            .map(|sentence| (sentence.line, sentence.text.as_str()))
            .collect();
        let expected = [
            (1, "A title"),
            (3, "One sentence with a link."),
            (3, "Another, over two lines with `code. Not two`."),
            (18, "An item."),
            (18, "Its second."),
            (19, "Another"),
            (21, "| a | b |"),
            (24, "What to expect"),
        ];
        assert_eq!(sentences, expected);
        assert_eq!(chapter.sentences[1].links, ["https://a.example/#b"]);
        assert_eq!(chapter.stems("js"), ["part/a"]);
        assert_eq!(chapter.stems("diff"), ["part/a-b"]);
        assert_eq!(chapter.exercises, ["part/goal"]);
    }
}
