//! Checks the info strings of live blocks when the book is rendered. The stage runs a block as its info string says, and shows any other block as
//! text, so without this check a misspelt hint would leave a demo dead without any message.
//!
//! May import: policy, render, html5ever.

use std::cell::RefCell;
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

/// What else the stage reads, and what mdBook does.
const HINTS: [&str; 5] = ["alone", "devices", "file=", "hidelines=", "nohighlight"];

/// How the stand-in devices of a block may be at first, `devices=denied` (`STATES` in `book/stage/devices.js`).
const DEVICES: [&str; 6] = ["working", "denied", "busy", "none", "unplugged", "each"];

/// The mistakes in all pages, each once.
pub(super) fn mistakes(files: &[File]) -> Vec<String> {
    let pages = files.iter().filter(|file| file.is_page_of_chapter());
    let mut found = BTreeSet::new();
    for page in pages {
        for info in info_strings(&page.contents) {
            let mistake = mistake_in(&info);
            found.extend(mistake.map(|mistake| format!("{}: {mistake}", page.path)));
        }
    }
    found.into_iter().collect()
}

/// What is wrong with one info string, given as its words.
fn mistake_in(info: &[String]) -> Option<String> {
    let shown = info.join(",");
    let (language, hints) = info.split_first()?;
    let is_live = language == LIVE || hints.iter().any(|hint| hint == LIVE);
    let is_javascript = language == LIVE || is_name_of_javascript(language);
    if !is_javascript {
        return is_live.then(|| {
            format!("the block `{shown}` can't run: only JavaScript is live. Call it js, or take `live` away.")
        });
    }
    let is_known = |hint: &&String| {
        *hint == LIVE
            || is_name_of_javascript(hint)
            || devices_in(hint).is_some_and(|state| DEVICES.contains(&state))
            || HINTS.iter().any(|known| match known.strip_suffix('=') {
                Some(_) => hint.starts_with(known) && hint.len() > known.len(),
                None => hint == known,
            })
    };
    if let Some(unknown) = hints.iter().find(|hint| !is_known(hint)) {
        return Some(format!(
            "the block `{shown}` has the hint `{unknown}`, which nobody reads. The stage knows `live`, `alone`, `devices` and `file=NAME`."
        ));
    }
    let needs_live = |hint: &&String| {
        matches!(hint.as_str(), "alone" | "devices")
            || hint.starts_with("file=")
            || devices_in(hint).is_some()
    };
    let useless = hints.iter().find(needs_live).filter(|_| !is_live)?;
    Some(format!(
        "the block `{shown}` does not run, so nobody reads its hint `{useless}`. Add `live`, or take it away."
    ))
}

/// The state that a hint gives to stand-in devices.
fn devices_in(hint: &str) -> Option<&str> {
    hint.strip_prefix("devices=")
}

fn is_name_of_javascript(word: &str) -> bool {
    LANGUAGES.iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// The words of the info strings of all blocks of code in a page, as mdBook leaves them in its classes.
fn info_strings(html: &[u8]) -> Vec<Vec<String>> {
    let tokenizer = Tokenizer::new(Blocks::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&String::from_utf8_lossy(html)));
    // The tokenizer pauses after each script, for a browser to run it.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[derive(Default)]
struct Blocks(RefCell<Vec<Vec<String>>>);

impl TokenSink for Blocks {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(Tag {
            kind: TagKind::StartTag,
            name,
            attrs,
            ..
        }) = token
        else {
            return TokenSinkResult::Continue;
        };
        let class = (attrs.iter()).find(|attribute| &*attribute.name.local == "class");
        if let Some(class) = class.filter(|_| &*name == "code") {
            let mut words = class.value.split_ascii_whitespace();
            if let Some(language) = words.next().and_then(|word| word.strip_prefix("language-")) {
                let rest = words.map(str::to_owned);
                let info = std::iter::once(language.to_owned()).chain(rest).collect();
                self.0.borrow_mut().push(info);
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
        let [info] = &info_strings(html.as_bytes())[..] else {
            panic!("one block: {html}");
        };
        mistake_in(info).unwrap_or_default()
    }

    #[test]
    fn blocks_that_run_and_blocks_that_are_only_shown_are_fine() {
        for info in [
            "js live file=a.js",
            "js live alone file=a.js",
            "js live alone devices file=a.js",
            "js live devices=each",
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
        assert!(info_strings(html.as_bytes()).is_empty());
    }
}
