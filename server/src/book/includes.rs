//! Which files a text has mdBook insert. Pure.
//!
//! mdBook has no interface for that. This finds at least the files that it would insert, also into a part of the text
//! (<https://rust-lang.github.io/mdBook/format/mdbook.html#including-files>).
//!
//! May import: nothing.

/// A directive, and whether lines or an anchor may follow its path after a colon.
const DIRECTIVES: [(&str, bool); 4] = [
    ("include", true),
    ("rustdoc_include", true),
    ("playground", false),
    ("playpen", false),
];

/// The paths, as they are written, relative to the folder of the text.
pub(super) fn of(text: &str) -> Vec<String> {
    // mdBook leaves anchor lines out of an included part, which joins the lines around them: a directive may come about only then.
    let without_anchors: Vec<_> = text.lines().filter(|line| !is_anchor(line)).collect();
    let mut paths = named_in(text);
    if without_anchors.len() < text.lines().count() {
        paths.extend(named_in(&without_anchors.join("\n")));
    }
    paths.sort();
    paths.dedup();
    paths
}

fn named_in(text: &str) -> Vec<String> {
    let at_hash = |(at, _): (usize, &str)| path_of(&text[..at], &text[at + 1..]);
    text.match_indices('#').filter_map(at_hash).collect()
}

/// The path of the directive whose hash sign has this before and behind it.
fn path_of(before: &str, behind: &str) -> Option<String> {
    let (name, may_have_lines) = DIRECTIVES
        .into_iter()
        .find(|(name, _)| behind.starts_with(name))?;
    let arguments = behind.strip_prefix(name)?;
    let is_directive =
        before.trim_end().ends_with("{{") && arguments.starts_with(char::is_whitespace);
    let line = behind.lines().next().unwrap_or_default();
    let is_escaped = before.ends_with("\\{{") && line.contains("}}");
    if !is_directive || is_escaped {
        return None;
    }
    let arguments = arguments.split('}').next().unwrap_or_default();
    let path = arguments.split_whitespace().next()?;
    let path = match may_have_lines {
        true => path.split(':').next().unwrap_or_default(),
        false => path,
    };
    Some(path.to_owned())
}

/// Whether mdBook takes the line for the begin or the end of a part.
fn is_anchor(line: &str) -> bool {
    let is_named = |rest: &str| {
        rest.trim_start()
            .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'))
    };
    ["ANCHOR:", "ANCHOR_END:"].iter().any(|mark| {
        line.match_indices(mark)
            .any(|(at, _)| is_named(&line[at + mark.len()..]))
    })
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn every_way_to_insert_a_file_is_found() {
        for text in [
            "{{#include a.js}}",
            "{{ #include a.js }}",
            "{{{#include a.js}}}",
            "{{#include a.js:3:}}",
            "{{#include a.js:name}}",
            "{{#rustdoc_include a.js:3:5}}",
            "{{#playground a.js editable}}",
            "{{#playpen\n a.js}}",
            "text {{#title x}} {{#include\n\ta.js}} text",
            "{{#title \n{{#include a.js}}",
            // mdBook takes this for no escape, as no end follows on the line.
            "\\{{#include a.js\n}}",
            "{{\n// ANCHOR: x\n#include a.js}}",
        ] {
            assert_eq!(of(text), ["a.js"], "{text:?}");
        }
    }

    #[test]
    fn what_inserts_nothing_is_left_alone() {
        for text in [
            "# include a.js",
            "#include <a.h>",
            "\\{{#include a.js}}",
            "{{#included a.js}}",
            "{{#title a.js}}",
            "{{#include}}",
            "{ {#include a.js}}",
        ] {
            assert!(of(text).is_empty(), "{text:?}");
        }
    }
}
