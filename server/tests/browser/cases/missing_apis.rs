//! What a browser lacks is missed by the code that needs it, and by nothing else.

use anyhow::Result;

use crate::harness::Kind::{Chromium, FirefoxWithoutWebRtc};
use crate::harness::{Browser, OwnBook, in_browser_of, in_own_book};
use crate::pages::{CHAPTER, CREATE_OFFER};

const HARMLESS: &str = "console.log('still runs');\ndocument.body.append('still shown');";

async fn says_that_webrtc_is_missing(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(&format!("{HARMLESS}\nnew RTCPeerConnection();"))
        .await?;
    demo.logs("still runs").await?;
    assert_eq!(demo.logs("has no WebRTC").await?.level, "warn");
    let failure = demo.logs("RTCPeerConnection is not defined").await?;
    assert!(failure.shown.contains("line 3"), "{failure:?}");
    assert_eq!(demo.state().await?, "running");
    Ok(())
}

#[test]
fn a_firefox_without_webrtc_runs_other_code_and_names_the_cause() {
    in_browser_of(FirefoxWithoutWebRtc, says_that_webrtc_is_missing);
}

/// A browser whose frames lack these names.
fn frames_without(names: &str) -> Result<OwnBook> {
    let book = OwnBook::new()?;
    let script = format!(
        "<head>\n<script>for (const name of '{names}'.split(' ')) delete globalThis[name];</script>"
    );
    book.change("book/stage/runner.html", "<head>", &script)?;
    Ok(book)
}

const LACKING: [(&str, &str); 5] = [
    (
        "RTCPeerConnection webkitRTCPeerConnection",
        "has no WebRTC: RTCPeerConnection",
    ),
    (
        "RTCPeerConnection RTCSessionDescription RTCIceCandidate RTCDataChannel RTCDataChannelEvent RTCStatsReport RTCRtpSender",
        "has no WebRTC: RTCPeerConnection",
    ),
    (
        "RTCDataChannelEvent RTCIceCandidate",
        "lacks RTCIceCandidate, RTCDataChannelEvent",
    ),
    ("WebSocket", "has no WebSocket"),
    (
        "ResizeObserver Worker BroadcastChannel MediaDevices SubtleCrypto Storage Clipboard",
        "",
    ),
];

#[test]
fn whatever_a_frame_lacks_other_code_runs_and_what_the_book_needs_is_named() {
    for (names, sentence) in LACKING {
        let book = frames_without(names).expect("the checkout can be copied");
        in_own_book(Chromium, &book, async |browser| {
            let page = browser.open(CHAPTER).await?;
            let demo = page.demo(CREATE_OFFER).await?;
            demo.run_code(HARMLESS).await?;
            demo.logs("still runs").await?;
            demo.shows_content().await?;
            let texts = demo.console().texts().await?;
            let expected = if sentence.is_empty() { 1 } else { 2 };
            assert_eq!(texts.len(), expected, "{names}: {texts:?}");
            assert!(
                sentence.is_empty() || texts[0].contains(sentence),
                "{names}: {texts:?}"
            );
            Ok(())
        });
    }
}

/// The page itself: nothing observes, nothing is kept, nothing is copied.
const BARE_PAGE: &str = "<script>
for (const name of ['ResizeObserver', 'IntersectionObserver', 'BroadcastChannel', 'Worker', 'WebSocket', 'RTCPeerConnection']) delete globalThis[name];
delete Navigator.prototype.clipboard;
delete Document.prototype.execCommand;
for (const name of ['localStorage', 'sessionStorage']) {
  Object.defineProperty(globalThis, name, { get() { throw new DOMException('Access is denied', 'SecurityError'); } });
}
</script>
";

/// Writes into an editor as typing does, without `execCommand`.
const TYPE: &str = "const [area, code] = arguments;
    area.focus();
    area.select();
    area.setRangeText(code);
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));";

#[test]
fn a_page_that_lacks_them_all_still_runs_its_demos_and_says_what_it_can_not_do() {
    let book = OwnBook::new().expect("the checkout can be copied");
    let head = "<script>\n// mdBook sets";
    book.change("book/theme/head.hbs", head, &format!("{BARE_PAGE}{head}"))
        .expect("the head begins with a script");
    in_own_book(Chromium, &book, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let editor = demo.editor().await?.to_json()?;
        page.evaluate(TYPE, [editor, HARMLESS.into()]).await?;
        demo.says("This browser keeps nothing for this page")
            .await?;
        demo.run().await?;
        demo.logs("still runs").await?;
        demo.press("Copy").await?;
        demo.says("This browser does not allow copying").await?;
        Ok(())
    });
}
