//! The Content-Security-Policy of each page. Each inline script is allowed by the hash of its text, so that injected scripts do not run.
//!
//! May import: camera_host, axum, base64, html5ever, sha2.

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

use crate::camera_host;

/// Where the other name of the reader's own machine goes. In Firefox the frame of a demo has the one that its page doesn't have
/// (`book/stage/place.js` says why), so a page may hold such a frame, and a frame stand in such a page.
const TWIN: &str = " {twin}";

/// Where the names go at which a frame gets the reader's own cameras, in the policy of a page that may hold such a frame.
const CAMERAS: &str = " {cameras}";

/// Where the pages go that may hold it, in the policy of the frame.
const PAGES: &str = " {pages}";

/// Where this server is named besides `'self'`, in the policy of frames. The origin of a frame is opaque, and of that WebKit had
/// versions in which `'self'` matches nothing, not even the page around it (<https://bugs.webkit.org/show_bug.cgi?id=316847>):
/// there no demo started. With a scheme, since an opaque origin has none to add; `http` covers `https`, and `ws` `wss`
/// (<https://www.w3.org/TR/CSP3/#match-schemes>).
const OWN: &str = " http://{own}";
const OWN_SOCKETS: &str = " ws://{own}";

/// A policy without the parts that depend on the address at which a browser asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    text: String,
    /// That of a frame, at a name for cameras.
    at_cameras: Option<String>,
}

impl Policy {
    /// For the pages of the book.
    pub fn of_page(html: &str) -> Self {
        // mdBook sets the width of its sidebar by a style attribute. The stage asks whether the twin and the names for cameras lead here
        // before it uses them.
        let text = format!(
            "default-src 'self'; script-src 'self'{}; style-src 'self'; style-src-attr 'unsafe-inline'; \
             img-src 'self' data:; connect-src 'self'{TWIN}{CAMERAS}; frame-src 'self'{TWIN}{CAMERAS}; object-src 'none'; base-uri 'self'; \
             form-action 'none'; frame-ancestors 'self'",
            hashes(html)
        );
        Self {
            text,
            at_cameras: None,
        }
    }

    /// For the frames in which demos run: an origin of their own, scripts from the text in the editor (`blob:`),
    /// and no connection but to this server. Where a frame may be led is up to the `frame-src` of its page.
    ///
    /// At a name for cameras the origin is that of the name, and there is no connection at all.
    pub fn of_frame(html: &str) -> Self {
        let hashes = hashes(html);
        let text = format!(
            "sandbox allow-scripts; default-src 'none'; script-src 'self' blob:{hashes}{OWN}; connect-src 'self'{OWN}{OWN_SOCKETS}; \
             style-src 'self' 'unsafe-inline'{OWN}; img-src 'self' data: blob:{OWN}; media-src 'self' blob:{OWN}; \
             form-action 'none'; frame-ancestors 'self'{TWIN}{OWN}"
        );
        let at_cameras = format!(
            "sandbox allow-scripts allow-same-origin; default-src 'none'; script-src 'self' blob:{hashes}; worker-src blob:; \
             style-src 'unsafe-inline'; img-src data: blob:; media-src blob:; base-uri 'none'; form-action 'none'; \
             frame-ancestors{PAGES}"
        );
        Self {
            text,
            at_cameras: Some(at_cameras),
        }
    }

    /// As a response has it. `host` is what the request's `Host` says.
    pub fn at(&self, host: Option<&HeaderValue>) -> HeaderValue {
        let host = host.and_then(|host| named(host.to_str().ok()?));
        if let (Some(text), Some(host)) = (&self.at_cameras, host)
            && camera_host::is(host)
        {
            return value(&text.replace(PAGES, &camera_host::pages_of(host)));
        }
        let own = |part: &str| host.map_or_else(String::new, |host| part.replace("{own}", host));
        let twin = host.and_then(twin_of);
        let twin = twin.map_or_else(String::new, |twin| format!(" {twin}"));
        let cameras = host.and_then(camera_host::frames_of);
        let cameras = cameras.map_or_else(String::new, |frames| format!(" {frames}"));
        let text = self
            .text
            .replace(TWIN, &twin)
            .replace(CAMERAS, &cameras)
            .replace(OWN, &own(OWN))
            .replace(OWN_SOCKETS, &own(OWN_SOCKETS));
        value(&text)
    }
}

fn value(policy: &str) -> HeaderValue {
    HeaderValue::from_str(policy).expect("a policy is printable ASCII")
}

/// A host that a policy can name, with its port: a name or an IPv4 address (<https://www.w3.org/TR/CSP3/#grammardef-host-source>
/// has no IPv6 addresses), and nothing that would end the directive or match other hosts.
fn named(host: &str) -> Option<&str> {
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    (is_name && port.parse::<u16>().is_ok()).then_some(host)
}

/// The other name of the reader's own machine, at the same port. Without a scheme, it is the page's.
fn twin_of(host: &str) -> Option<String> {
    let (name, port) = match host.split_once(':') {
        Some((name, port)) => (name, Some(port.parse::<u16>().ok()?)),
        None => (host, None),
    };
    let twin = match name {
        "localhost" => "127.0.0.1",
        "127.0.0.1" => "localhost",
        _ => return None,
    };
    Some(match port {
        Some(port) => format!("{twin}:{port}"),
        None => twin.to_owned(),
    })
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
        // The example of Content Security Policy Level 2, section 7.15.2.
        let policy = Policy::of_page("<script>alert('Hello, world.');</script>").at(None);
        let hash = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert!(policy.to_str().is_ok_and(|policy| policy.contains(hash)));
    }

    #[test]
    fn the_twin_of_the_own_machine_is_named_with_the_own_port_and_no_other_host_is() {
        let allowed = |host: &'static str| {
            let policy = Policy::of_page("").at(Some(&HeaderValue::from_static(host)));
            let policy = policy.to_str().unwrap_or_default().to_owned();
            assert!(!policy.contains('{'), "{policy}");
            let frames = policy.split("frame-src ").nth(1).unwrap_or_default();
            frames.split(';').next().unwrap_or_default().to_owned()
        };
        for (host, frames) in [
            (
                "127.0.0.1:8000",
                "'self' localhost:8000 http://*.localhost:8000",
            ),
            (
                "localhost:8000",
                "'self' 127.0.0.1:8000 http://*.localhost:8000",
            ),
            ("localhost", "'self' 127.0.0.1 http://*.localhost"),
            ("book.example:8000", "'self'"),
            ("[::1]:8000", "'self'"),
            ("localhost:8000; script-src *", "'self'"),
            ("localhost:*", "'self'"),
            ("localhost:", "'self'"),
        ] {
            assert_eq!(allowed(host), frames, "{host}");
        }
    }

    #[test]
    fn a_frame_names_its_server_and_whatever_else_a_host_says_is_left_out() {
        let ancestors = |host: &'static str| {
            let policy = Policy::of_frame("").at(Some(&HeaderValue::from_static(host)));
            let policy = policy.to_str().unwrap_or_default().to_owned();
            assert!(!policy.contains('{'), "{policy}");
            policy.rsplit("frame-ancestors ").next().map(str::to_owned)
        };
        for (host, expected) in [
            ("book.example", "'self' http://book.example"),
            ("192.0.2.7:8000", "'self' http://192.0.2.7:8000"),
            (
                "localhost:8000",
                "'self' 127.0.0.1:8000 http://localhost:8000",
            ),
            ("[::1]:8000", "'self'"),
            ("*", "'self'"),
            ("book.example:*", "'self'"),
            ("book.example:", "'self'"),
            ("book.example; script-src *", "'self'"),
            ("book.example/path", "'self'"),
            ("", "'self'"),
        ] {
            assert_eq!(ancestors(host).as_deref(), Some(expected), "{host}");
        }
    }

    #[test]
    fn a_frame_has_an_origin_at_a_name_for_cameras_alone_and_reaches_nobody_there() {
        let policy = |host: &'static str| {
            let policy =
                Policy::of_frame("<script>a</script>").at(Some(&HeaderValue::from_static(host)));
            policy.to_str().unwrap_or_default().to_owned()
        };
        let apart = policy("camera-00.localhost:8000");
        for directive in [
            "sandbox allow-scripts allow-same-origin; default-src 'none';",
            "script-src 'self' blob: 'sha256-",
            "worker-src blob:;",
            "frame-ancestors http://localhost:8000 http://127.0.0.1:8000",
        ] {
            assert!(apart.contains(directive), "{apart}");
        }
        assert!(
            !apart.contains("connect-src") && !apart.contains('{'),
            "{apart}"
        );
        for host in [
            "localhost:8000",
            "127.0.0.1:8000",
            "book.localhost",
            "192.0.2.7",
        ] {
            let opaque = policy(host);
            assert!(
                opaque.starts_with("sandbox allow-scripts; "),
                "{host}: {opaque}"
            );
        }
    }

    #[test]
    fn a_hash_is_named_once() {
        let policy = Policy::of_page("<script>a</script><script>a</script>").at(None);
        assert!(
            policy
                .to_str()
                .is_ok_and(|policy| policy.matches("sha256").count() == 1)
        );
    }
}
