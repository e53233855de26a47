//! Checks the info strings of live blocks when the book is rendered. The stage runs a block as its info string says, and shows any other block as
//! text, so without this check a misspelt hint would leave a demo dead without any message.
//!
//! May import: policy, render, html5ever.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::policy::raw_kind;
use super::render::File;

/// What a block may be called for the stage to run it, in any case (`LANGUAGES` in `book/stage/stage.js`).
const LANGUAGES: [&str; 3] = ["js", "javascript", "mjs"];

/// What makes a block live. Alone, it stands for JavaScript.
const LIVE: &str = "live";

/// What makes a block a further file of the demo that stands right before it (`takeParts` in `book/stage/stage.js`).
const PART: &str = "part";

/// What else the stage reads, and what mdBook does.
const HINTS: [&str; 6] = [
    "alone",
    "camera",
    "devices",
    "file=",
    "hidelines=",
    "nohighlight",
];

/// How the stand-in devices of a block may be at first, `devices=denied` (`STATES` in `book/stage/devices.js`).
const DEVICES: [&str; 6] = ["working", "denied", "busy", "none", "unplugged", "each"];

/// The mistakes in all pages, each once.
pub(super) fn mistakes(files: &[File]) -> Vec<String> {
    let pages = files.iter().filter(|file| file.is_page_of_chapter());
    let mut found = BTreeSet::new();
    for page in pages {
        for mistake in mistakes_in(&blocks(&page.contents)) {
            found.insert(format!("{}: {mistake}", page.path));
        }
    }
    found.into_iter().collect()
}

/// What is wrong with the blocks of a page, in their order.
fn mistakes_in(blocks: &[Block]) -> Vec<String> {
    let mut found = Vec::new();
    // Whether the block before is a demo, or a further file of one.
    let mut is_demo = false;
    for Block { info, is_adjacent } in blocks {
        found.extend(mistake_in(info).or_else(|| {
            (is_part(info) && !(is_demo && *is_adjacent)).then(|| {
                format!(
                    "the block `{}` is a file of no demo: it has to stand right behind one.",
                    info.join(",")
                )
            })
        }));
        is_demo = is_live(info) || (is_part(info) && is_demo && *is_adjacent);
    }
    found
}

fn is_live(info: &[String]) -> bool {
    info.iter().any(|word| word == LIVE)
}

fn is_part(info: &[String]) -> bool {
    info.iter().skip(1).any(|word| word == PART)
}

/// What is wrong with one info string, given as its words.
fn mistake_in(info: &[String]) -> Option<String> {
    let shown = info.join(",");
    let (language, hints) = info.split_first()?;
    let is_live = is_live(info);
    let is_javascript = language == LIVE || is_name_of_javascript(language);
    if !is_javascript {
        return is_live.then(|| {
            format!("the block `{shown}` can't run: only JavaScript is live. Call it js, or take `live` away.")
        });
    }
    let is_known = |hint: &&String| {
        *hint == LIVE
            || *hint == PART
            || is_name_of_javascript(hint)
            || devices_in(hint).is_some_and(|state| DEVICES.contains(&state))
            || HINTS.iter().any(|known| match known.strip_suffix('=') {
                Some(_) => hint.starts_with(known) && hint.len() > known.len(),
                None => hint == known,
            })
    };
    if let Some(unknown) = hints.iter().find(|hint| !is_known(hint)) {
        return Some(format!(
            "the block `{shown}` has the hint `{unknown}`, which nobody reads. The stage knows `live`, `part`, `alone`, `devices`, `camera` and `file=NAME`."
        ));
    }
    if is_part(info) {
        let is_named = hints.iter().any(|hint| hint.starts_with("file="));
        let other = hints.iter().find(|hint| {
            matches!(hint.as_str(), LIVE | "alone" | "camera" | "devices")
                || devices_in(hint).is_some()
        });
        return match other {
            Some(other) => Some(format!(
                "the block `{shown}` is a file of a demo, which has the hint `{other}` itself. Take one of the two away."
            )),
            None => (!is_named).then(|| {
                format!("the block `{shown}` is a file of a demo and has no name to be imported by. Add `file=NAME`.")
            }),
        };
    }
    let needs_live = |hint: &&String| {
        matches!(hint.as_str(), "alone" | "camera" | "devices")
            || hint.starts_with("file=")
            || devices_in(hint).is_some()
    };
    if let Some(useless) = hints.iter().find(needs_live).filter(|_| !is_live) {
        return Some(format!(
            "the block `{shown}` does not run, so nobody reads its hint `{useless}`. Add `live`, or take it away."
        ));
    }
    let has = |word: &str| hints.iter().any(|hint| hint == word);
    let has_devices = has("devices") || hints.iter().any(|hint| devices_in(hint).is_some());
    // Without stand-ins there is no control to choose the reader's own by; and a demo with those reaches nobody but itself.
    (has("camera") && !(has_devices && has("alone"))).then(|| {
        format!("the block `{shown}` may have the reader's own devices, and lacks `alone`, `devices`, or both. Add them, or take `camera` away.")
    })
}

/// The state that a hint gives to stand-in devices.
fn devices_in(hint: &str) -> Option<&str> {
    hint.strip_prefix("devices=")
}

fn is_name_of_javascript(word: &str) -> bool {
    LANGUAGES.iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// A block of code in a page.
#[derive(Debug)]
struct Block {
    /// The words of its info string, as mdBook leaves them in its classes.
    info: Vec<String>,
    /// Nothing stands between it and the block before.
    is_adjacent: bool,
}

/// All blocks of code in a page that say their language.
fn blocks(html: &[u8]) -> Vec<Block> {
    let tokenizer = Tokenizer::new(Blocks::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&String::from_utf8_lossy(html)));
    // The tokenizer pauses after each script, for a browser to run it.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.found.into_inner()
}

#[derive(Default)]
struct Blocks {
    found: RefCell<Vec<Block>>,
    /// A block has ended, and only white space has come since.
    is_behind_block: Cell<bool>,
}

impl TokenSink for Blocks {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let (name, attrs) = match token {
            Token::TagToken(Tag {
                kind: TagKind::StartTag,
                name,
                attrs,
                ..
            }) => (name, attrs),
            Token::TagToken(Tag { name, .. }) => {
                self.is_behind_block.set(&*name == "pre");
                return TokenSinkResult::Continue;
            }
            Token::CharacterTokens(text) => {
                if !text.trim_ascii().is_empty() {
                    self.is_behind_block.set(false);
                }
                return TokenSinkResult::Continue;
            }
            _ => return TokenSinkResult::Continue,
        };
        let is_adjacent = self.is_behind_block.get();
        if &*name != "pre" {
            self.is_behind_block.set(false);
        }
        let class = (attrs.iter()).find(|attribute| &*attribute.name.local == "class");
        if let Some(class) = class.filter(|_| &*name == "code") {
            let mut words = class.value.split_ascii_whitespace();
            if let Some(language) = words.next().and_then(|word| word.strip_prefix("language-")) {
                let rest = words.map(str::to_owned);
                let info = std::iter::once(language.to_owned()).chain(rest).collect();
                self.found.borrow_mut().push(Block { info, is_adjacent });
            }
        }
        raw_kind(&name).map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_of(info: &str) -> String {
        let html = format!("<pre><code class=\"language-{info}\">1 &lt; 2</code></pre>");
        let [Block { info, .. }] = &blocks(html.as_bytes())[..] else {
            panic!("one block: {html}");
        };
        mistake_in(info).unwrap_or_default()
    }

    /// What is told of a page with these blocks, each after what stands in front of it.
    fn told_of_page(blocks_of_page: &[(&str, &str)]) -> Vec<String> {
        let html: String = blocks_of_page
            .iter()
            .map(|(before, info)| {
                format!("{before}<pre><code class=\"language-{info}\">1 &lt; 2\n</code></pre>\n")
            })
            .collect();
        mistakes_in(&blocks(html.as_bytes()))
    }

    #[test]
    fn a_further_file_stands_right_behind_its_demo() {
        let demo = ("<p>x</p>\n", "js live alone file=a.js");
        let part = "js part file=b.js";
        for page in [
            &[demo, ("", part)][..],
            &[demo, ("\n \n", part), ("", "js part file=c.js")],
            &[demo, ("", part), ("<p>x</p>", "js"), demo],
        ] {
            assert_eq!(told_of_page(page), [""; 0], "{page:?}");
        }
        for page in [
            &[demo, ("<p>between</p>", part)][..],
            &[demo, ("between", part)],
            &[("", part)],
            &[("", "js"), ("", part)],
            &[demo, ("<p>x</p>", "rust"), ("", part)],
        ] {
            let told = told_of_page(page);
            assert!(
                told.len() == 1 && told[0].contains("file of no demo"),
                "{page:?}: {told:?}"
            );
        }
    }

    #[test]
    fn blocks_that_run_and_blocks_that_are_only_shown_are_fine() {
        for info in [
            "js live file=a.js",
            "js live alone file=a.js",
            "js live alone devices file=a.js",
            "js live devices=each",
            "js live alone devices=busy camera",
            "js part file=b.js",
            "mjs part file=b.js",
            "javascript live",
            "JS live",
            "mjs live",
            "live",
            "live js",
            "js",
            "js hidelines=#",
            "rust",
            "rust ignore",
            "toml whatever",
        ] {
            assert_eq!(told_of(info), "", "{info}");
        }
    }

    #[test]
    fn what_would_stay_dead_without_a_word_is_told() {
        for (info, part) in [
            ("rust live", "only JavaScript is live"),
            ("ts live file=a.ts", "only JavaScript is live"),
            ("js Live", "`Live`, which nobody reads"),
            ("js live aloen", "`aloen`, which nobody reads"),
            ("js live file=", "`file=`, which nobody reads"),
            ("live room=x", "`room=x`, which nobody reads"),
            ("js live devices=", "`devices=`, which nobody reads"),
            ("js live devices=lost", "`devices=lost`, which nobody reads"),
            ("js live alone camera", "lacks `alone`, `devices`, or both"),
            (
                "js live devices camera",
                "lacks `alone`, `devices`, or both",
            ),
            ("js part camera file=b.js", "the hint `camera` itself"),
            ("js camera", "does not run"),
            ("js part", "no name to be imported by"),
            ("js part live file=b.js", "the hint `live` itself"),
            ("js part alone file=b.js", "the hint `alone` itself"),
            ("js devices", "does not run"),
            ("js devices=busy", "does not run"),
            ("js lvie file=a.js", "`lvie`, which nobody reads"),
            ("js file=a.js", "does not run"),
            ("JavaScript alone", "does not run"),
        ] {
            let told = told_of(info);
            assert!(told.contains(part), "{info}: {told}");
        }
    }

    #[test]
    fn code_that_only_mentions_a_block_is_none() {
        let html =
            "<script>'<code class=\"language-rust live\">'</script><code class=\"x\"></code>";
        assert!(blocks(html.as_bytes()).is_empty());
    }
}
