//! The Content-Security-Policy of each page. Inline scripts are allowed one by one, by the hash of their text, so
//! that nothing else which finds its way into a page can run.
//!
//! May import: html5ever (a tokenizer, since a script ends where a browser says), sha2, base64.

use std::cell::RefCell;

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use sha2::{Digest, Sha256};

/// Both names of the reader's own machine. In Firefox the frame of a demo has the one that its page doesn't have
/// (`book/stage/frame.js` says why), so a page may hold such a frame, and a frame stand in such a page.
const LOOPBACK: &str = "http://localhost:* http://127.0.0.1:*";

/// For the pages of the book.
pub fn of_page(html: &str) -> HeaderValue {
    // mdBook sets the width of its sidebar by a style attribute.
    policy(&format!(
        "default-src 'self'; script-src 'self'{}; style-src 'self'; style-src-attr 'unsafe-inline'; \
         img-src 'self' data:; connect-src 'self'; frame-src 'self' {LOOPBACK}; object-src 'none'; base-uri 'self'; \
         form-action 'none'; frame-ancestors 'self'",
        hashes(html)
    ))
}

/// For the frames in which demos run: an origin of their own, scripts from the text in the editor (`blob:`),
/// and no connection but to this server.
pub fn of_frame(html: &str) -> HeaderValue {
    policy(&format!(
        "sandbox allow-scripts; default-src 'none'; script-src 'self' blob:{}; connect-src 'self'; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; \
         frame-ancestors 'self' {LOOPBACK}",
        hashes(html)
    ))
}

fn policy(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("a policy is printable ASCII")
}

fn hashes(html: &str) -> String {
    let hash = |script: &String| {
        format!(
            " 'sha256-{}'",
            BASE64_STANDARD.encode(Sha256::digest(script))
        )
    };
    let mut hashes: Vec<_> = inline_scripts(html).iter().map(hash).collect();
    hashes.sort();
    hashes.dedup();
    hashes.concat()
}

/// The text of every script that has no `src`, as a browser reads it.
fn inline_scripts(html: &str) -> Vec<String> {
    let tokenizer = Tokenizer::new(Scripts::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // The tokenizer pauses after each script, for a browser to run it.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.found.into_inner()
}

#[derive(Default)]
struct Scripts {
    /// The script that is being read.
    open: RefCell<Option<String>>,
    found: RefCell<Vec<String>>,
}

impl TokenSink for Scripts {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(Tag {
                kind: TagKind::StartTag,
                name,
                attrs,
                ..
            }) => {
                if &*name == "script"
                    && !attrs
                        .iter()
                        .any(|attribute| &*attribute.name.local == "src")
                {
                    *self.open.borrow_mut() = Some(String::new());
                }
                if let Some(kind) = raw_kind(&name) {
                    return TokenSinkResult::RawData(kind);
                }
            }
            Token::CharacterTokens(text) => {
                if let Some(script) = self.open.borrow_mut().as_mut() {
                    script.push_str(&text);
                }
            }
            Token::TagToken(Tag {
                kind: TagKind::EndTag,
                ..
            }) => {
                self.found
                    .borrow_mut()
                    .extend(self.open.borrow_mut().take());
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Elements whose contents a browser doesn't read as tags.
pub(super) fn raw_kind(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => Some(RawKind::Rawtext),
        "textarea" | "title" => Some(RawKind::Rcdata),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_read_as_a_browser_reads_it() {
        let html = r#"<!DOCTYPE html><head><title><script>in a title</script></title>
            <!-- <script>in a comment</script> -->
            <style>/* <script>in a style</script> */</style>
            <SCRIPT TYPE=module>one < two && "</scrip>"</SCRIPT >
            <script src="elsewhere.js">with a source</script>
            <textarea><script>in a text</script></textarea>
            <script></script><script>two</script>"#;
        assert_eq!(
            inline_scripts(html),
            [r#"one < two && "</scrip>""#, "", "two"]
        );
    }

    #[test]
    fn line_ends_are_normalised_as_a_browser_does_before_it_hashes() {
        assert_eq!(inline_scripts("<script>a\r\nb\rc</script>"), ["a\nb\nc"]);
    }

    #[test]
    fn a_script_that_never_ends_is_none() {
        assert!(inline_scripts("<script>alert(1)").is_empty());
    }

    #[test]
    fn the_hash_is_the_one_of_the_specification() {
        // The example of Content Security Policy Level 3, section 8.3.
        let policy = of_page("<script>alert('Hello, world.');</script>");
        let hash = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert!(policy.to_str().is_ok_and(|policy| policy.contains(hash)));
    }

    #[test]
    fn a_hash_is_named_once() {
        let policy = of_page("<script>a</script><script>a</script>");
        assert!(
            policy
                .to_str()
                .is_ok_and(|policy| policy.matches("sha256").count() == 1)
        );
    }
}
