//! What the taps see, and that nothing can be seen of them.

use super::instruments::ladder_shows;
use crate::harness::Kind::ChromiumWithRequests;
use crate::harness::{in_browser, in_browser_of};
use crate::pages::{CHAPTER, CREATE_OFFER};

const CHECKS: &str = include_str!("tap/checks.js");

#[test]
fn code_that_is_observed_can_not_tell() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code(CHECKS).await?;
        let outcome = demo.logs(" checks, failed: ").await?.text;
        assert!(outcome.ends_with("failed: none"), "{outcome}");
        Ok(())
    });
}

/// A connection gets its STUN server when it is made, or later. None has that name (RFC 6761, section 6.4).
const NAMED: [&str; 2] = [
    "const pc = new RTCPeerConnection({ iceServers: [{ urls: 'stun:nowhere.invalid' }] });",
    "const pc = new RTCPeerConnection();
pc.setConfiguration({ iceServers: [{ urls: 'stun:nowhere.invalid' }] });",
];
const GATHER: &str = "pc.createDataChannel('x');
await pc.setLocalDescription();";

#[test]
fn a_server_that_does_not_help_is_seen_whenever_it_was_named() {
    in_browser(async |browser| {
        for named in NAMED {
            let page = browser.open(CHAPTER).await?;
            let demo = page.demo(CREATE_OFFER).await?;
            demo.run_code(&format!("{named}\n{GATHER}")).await?;
            demo.open_instruments().await?;
            let expected = ["new RTCPeerConnection()", "a server did not help: 701"];
            ladder_shows(&page, CREATE_OFFER, &expected).await?;
        }
        Ok(())
    });
}

#[test]
fn a_page_that_is_only_read_loads_no_instruments() {
    in_browser_of(ChromiumWithRequests, async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.demo(CREATE_OFFER).await?;
        let requests = browser.requests().await?;
        assert!(requests.iter().any(|url| url.contains("stage/stage.js")));
        assert!(!requests.iter().any(|url| url.contains("instruments")));
        Ok(())
    });
}
