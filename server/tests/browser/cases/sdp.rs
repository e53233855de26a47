//! Every line of a description that a browser, or the webrtc crate, writes is explained.

use anyhow::Result;
use serde_json::{Value, json};

use crate::harness::{Browser, Kind, in_browser, in_browsers, start_server};
use crate::pages::CHAPTER;

/// What they wrote in November 2026: data, sound, and pictures in several versions. The one of Safari is made up after published ones.
const DESCRIPTIONS: [(&str, &str); 6] = [
    ("chromium-offer", include_str!("sdp/chromium-offer.sdp")),
    ("chromium-answer", include_str!("sdp/chromium-answer.sdp")),
    ("firefox-offer", include_str!("sdp/firefox-offer.sdp")),
    ("firefox-answer", include_str!("sdp/firefox-answer.sdp")),
    ("safari-offer", include_str!("sdp/safari-offer.sdp")),
    (
        "webrtc-crate-offer",
        include_str!("sdp/webrtc-crate-offer.sdp"),
    ),
];

/// The lines of `given`, and of what this browser writes now, that have no explanation.
const UNKNOWN: &str = "const done = arguments[arguments.length - 1];
    (async () => {
        const { explain } = await import(new URL('instruments/sdp-lines.js', document.querySelector('script[src*=\"stage/stage.js\"]').src));
        const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
        a.createDataChannel('x');
        a.addTransceiver('audio');
        a.addTransceiver('video');
        await a.setLocalDescription();
        await b.setRemoteDescription(a.localDescription);
        await b.setLocalDescription();
        const own = a.localDescription.sdp + b.localDescription.sdp;
        const lines = (GIVEN + own).split(/\\r?\\n/).filter((line) => line);
        const odd = ['a=never-heard-of:1', 'x=1', 'a=constructor:1', ''].filter((line) => explain(line));
        return [lines.length, lines.filter((line) => !explain(line)?.words), odd];
    })().then(done, (error) => done(String(error)));";

async fn explains_all(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    page.demos().await?;
    let given: String = DESCRIPTIONS.iter().map(|(_, sdp)| *sdp).collect();
    let script = UNKNOWN.replace("GIVEN", &json!(given).to_string());
    let outcome = page.evaluate_async(&script).await?;
    assert!(outcome[0].as_u64() > Some(300), "{outcome}");
    assert_eq!(outcome[1], json!([]), "lines without an explanation");
    assert_eq!(outcome[2], json!([]), "lines that nobody writes");
    Ok(())
}

#[test]
fn every_line_that_chromium_firefox_safari_and_the_crate_write_is_explained() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let address = start_server().await.expect("a port is free");
        let kinds = [Kind::Chromium, Kind::Firefox];
        in_browsers(kinds, address, async |[chromium, firefox]| {
            explains_all(chromium).await?;
            explains_all(firefox).await
        })
        .await;
    });
}

/// Compares an offer with an answer, as the panel does.
const COMPARE: &str = "const done = arguments[0];
    (async () => {
        const { compare, sectionsOf } = await import(new URL('instruments/sdp-lines.js', document.querySelector('script[src*=\"stage/stage.js\"]').src));
        const [, offer] = sectionsOf('v=0\\r\\nm=application 9\\r\\na=setup:actpass\\r\\na=mid:0\\r\\na=sendrecv\\r\\n');
        const [, answer] = sectionsOf('v=0\\nm=application 9\\na=setup:active\\na=mid:0\\n');
        return compare(offer.lines, answer.lines).map(({ line, mark, other }) => `${mark} ${line} ${other}`.trim());
    })().then(done, (error) => done(String(error)));";

#[test]
fn an_offer_is_told_from_its_answer_line_by_line() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.demos().await?;
        let outcome: Value = page.evaluate_async(COMPARE).await?;
        let expected = [
            "same m=application 9",
            "other a=setup:actpass a=setup:active",
            "same a=mid:0",
            "only a=sendrecv",
        ];
        assert_eq!(outcome, json!(expected));
        Ok(())
    });
}
