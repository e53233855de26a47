//! Every line of a description that a browser, or the webrtc crate, writes is explained.

use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use webrtc::peer_connection::*;

use crate::harness::{Browser, Kind, eventually, in_browser, in_browsers, start_server};
use crate::pages::{CHAPTER, CREATE_OFFER};

/// What they wrote in November 2026: data, sound, and pictures in several versions. The one of Safari is made up after published ones. What
/// those write that are here to be asked is asked for in each run as well.
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

/// What the crate writes now: an answer to Chromium's offer, and then an offer of its own of all that.
async fn written_by_the_crate() -> Result<String> {
    struct Deaf;
    impl PeerConnectionEventHandler for Deaf {}

    let mut media = MediaEngine::default();
    media.register_default_codecs()?;
    let pc = PeerConnectionBuilder::new()
        .with_media_engine(media)
        .with_udp_addrs(vec!["127.0.0.1:0"])
        .with_handler(Arc::new(Deaf))
        .build()
        .await?;
    let (_, chromiums) = DESCRIPTIONS[0];
    pc.set_remote_description(RTCSessionDescription::offer(chromiums.to_owned())?)
        .await?;
    let answer = pc.create_answer(None).await?;
    pc.set_local_description(answer.clone()).await?;
    let offer = pc.create_offer(None).await?;
    pc.close().await?;
    Ok([answer.sdp, offer.sdp].concat())
}

/// The lines of `given`, and of what this browser writes now, that have no explanation.
const UNKNOWN: &str = "const { explain } = await at('instruments/sdp-lines.js');
    const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
    a.createDataChannel('x');
    a.addTransceiver('audio');
    a.addTransceiver('video', { sendEncodings: [{ rid: 'small', scaleResolutionDownBy: 2 }, { rid: 'large' }] });
    await a.setLocalDescription();
    await b.setRemoteDescription(a.localDescription);
    await b.setLocalDescription();
    const gathered = (pc) => new Promise((done) => { pc.onicegatheringstatechange = look; look(); function look() { if (pc.iceGatheringState === 'complete') done(pc.localDescription.sdp); } });
    const own = (await gathered(a)) + (await gathered(b));
    const lines = (GIVEN + own).split(/\\r?\\n/).filter((line) => line);
    const odd = ['a=never-heard-of:1', 'x=1', 'a=constructor:1', ''].filter((line) => explain(line));
    return [lines.length, lines.filter((line) => !explain(line)?.words), odd];";

async fn explains_all(browser: &Browser, given: &str) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let script = UNKNOWN.replace("GIVEN", &json!(given).to_string());
    let outcome = page.in_stage(&script).await?;
    assert!(outcome[0].as_u64() > Some(300), "{outcome}");
    assert_eq!(outcome[1], json!([]), "lines without an explanation");
    assert_eq!(outcome[2], json!([]), "lines that nobody writes");
    Ok(())
}

#[test]
fn every_line_that_chromium_firefox_safari_and_the_crate_write_is_explained() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let by_the_crate = written_by_the_crate()
            .await
            .expect("the crate describes itself");
        let kept = DESCRIPTIONS.map(|(_, sdp)| sdp);
        let given = [kept.concat(), by_the_crate].concat();
        let address = start_server().await.expect("a port is free");
        let kinds = [Kind::Chromium, Kind::Firefox];
        in_browsers(kinds, address, async |[chromium, firefox]| {
            explains_all(chromium, &given).await?;
            explains_all(firefox, &given).await
        })
        .await;
    });
}

/// Compares an offer with an answer, as the panel does.
const COMPARE: &str = "const { sectionsOf } = await at('instruments/sdp-lines.js');
    const { compare } = await at('instruments/sdp-compare.js');
    const [, offer] = sectionsOf('v=0\\r\\nm=application 9\\r\\na=setup:actpass\\r\\na=mid:0\\r\\na=sendrecv\\r\\n');
    const [, answer] = sectionsOf('v=0\\nm=application 9\\na=setup:active\\na=mid:0\\na=rtcp-mux\\n');
    return compare(offer.lines, answer.lines).map(({ line, mark, other }) => `${mark} ${line} ${other}`.trim());";

#[test]
fn an_offer_is_told_from_its_answer_line_by_line() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let outcome: Value = page.in_stage(COMPARE).await?;
        let expected = [
            "same m=application 9",
            "other a=setup:actpass a=setup:active",
            "same a=mid:0",
            "only a=sendrecv",
            "gone a=rtcp-mux",
        ];
        assert_eq!(outcome, json!(expected));
        Ok(())
    });
}

/// Two negotiations: the second one adds sound.
const RENEGOTIATES: &str = "const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
async function negotiate() {
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
}
a.createDataChannel('x');
await negotiate();
a.addTransceiver('audio');
await negotiate();
console.log('negotiated twice');";

/// Chooses the last description whose title begins so, and tells which one it is compared with, and which lines stand only in it.
const CHOOSE: &str = "const [region, beginning] = arguments;
    const [choice, against] = region.querySelectorAll('.instruments-bar select');
    choice.value = [...choice.options].findLast(({ text }) => text.startsWith(beginning)).value;
    choice.dispatchEvent(new Event('change'));
    const only = [...region.querySelectorAll('tr:has(.mark-only) code')].map(({ textContent }) => textContent);
    return [against.selectedOptions[0].text.replace(/, \\d+ ms$/, ''), [...against.options].indexOf(against.selectedOptions[0]), only.some((line) => line.startsWith('m=audio'))];";
const COMPARED: &str = "return arguments[0].querySelectorAll('.instruments-bar select')[1].selectedOptions[0].text.replace(/, \\d+ ms$/, '');";

#[test]
fn a_renegotiation_stands_beside_the_one_before_and_the_answer_is_one_press_away() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code(RENEGOTIATES).await?;
        demo.logs("negotiated twice").await?;
        demo.open_instruments().await?;
        demo.choose_instrument("SDP").await?;
        eventually(async || {
            let options = page.count(".instruments-bar select:first-of-type option");
            Ok((options.await? == 8 + 9).then_some(()))
        })
        .await
        .context("four descriptions of two connections should be there")?;
        let region = demo.region.to_json()?;
        let chosen = page
            .evaluate(CHOOSE, [region.clone(), json!("Connection 1: local offer")])
            .await?;
        let first_offer = json!(["Connection 1: local offer", 1, true]);
        assert_eq!(chosen, first_offer, "it begins with the one before");
        demo.press("Offer with answer").await?;
        let compared = page.evaluate(COMPARED, [region.clone()]).await?;
        assert_eq!(compared, json!("Connection 1: remote answer"));
        demo.press("With the one before").await?;
        let compared = page.evaluate(COMPARED, [region]).await?;
        assert_eq!(compared, json!("Connection 1: local offer"));
        Ok(())
    });
}
