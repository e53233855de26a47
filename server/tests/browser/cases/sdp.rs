//! Every line of a description that a browser, or the webrtc crate, writes is explained.

use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use webrtc::peer_connection::*;

use crate::harness::places::{Mostly, run};
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
const UNKNOWN: &str = "const { explain } = await at('instruments/model/sdp-lines.js');
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
    run(Mostly::Works, async {
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
const COMPARE: &str = "const { sectionsOf } = await at('instruments/model/sdp-lines.js');
    const { compare } = await at('instruments/model/sdp-compare.js');
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
    const [choice, against] = region.querySelectorAll('.panel:not([hidden]) .instruments-bar select');
    choice.value = [...choice.options].findLast(({ text }) => text.startsWith(beginning)).value;
    choice.dispatchEvent(new Event('change'));
    const only = [...region.querySelectorAll('tr:has(.mark-only) code')].map(({ textContent }) => textContent);
    return [against.selectedOptions[0].text.replace(/, \\d+ ms$/, ''), [...against.options].indexOf(against.selectedOptions[0]), only.some((line) => line.startsWith('m=audio'))];";
const COMPARED: &str = "return arguments[0].querySelectorAll('.panel:not([hidden]) .instruments-bar select')[1].selectedOptions[0].text.replace(/, \\d+ ms$/, '');";

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
            let options =
                page.count(".panel:not([hidden]) .instruments-bar select:first-of-type option");
            Ok((options.await? == 8 + 9).then_some(()))
        })
        .await
        .context("four descriptions of two connections should be there")?;
        let region = demo.region.to_json()?;
        let chosen = page
            .evaluate(CHOOSE, [region.clone(), json!("a, line 1: local offer")])
            .await?;
        let first_offer = json!(["a, line 1: local offer", 1, true]);
        assert_eq!(chosen, first_offer, "it begins with the one before");
        demo.press("Offer with answer").await?;
        let compared = page.evaluate(COMPARED, [region.clone()]).await?;
        assert_eq!(compared, json!("a, line 1: remote answer"));
        demo.press("With the one before").await?;
        let compared = page.evaluate(COMPARED, [region]).await?;
        assert_eq!(compared, json!("a, line 1: local offer"));
        Ok(())
    });
}

const GATEWAYS: &str = include_str!("sdp/gateways.sdp");

/// What is said of each line of the gateways: which are not known, and what is said of those that say who sends.
const OF_GATEWAYS: &str = "const { explain } = await at('instruments/model/sdp-lines.js');
    const lines = GIVEN.split('\\n').filter((line) => line);
    const odd = /NaN|undefined|\\[object|function/;
    const words = (beginning) => explain(lines.find((line) => line.startsWith(beginning))).words;
    return [lines.filter((line) => !explain(line)?.words), lines.filter((line) => odd.test(explain(line)?.words ?? '')),
        ['a=rid:recvcam', 'a=rid:hi', 'a=simulcast:send', 'm=message', 'm='].map(words)];";

#[test]
fn lines_that_gateways_write_are_explained_or_honestly_unknown() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let script = OF_GATEWAYS.replace("GIVEN", &json!(GATEWAYS).to_string());
        let outcome = page.in_stage(&script).await?;
        let unknown = ["a=x-nat:0", "a=x-google-max-bitrate:1", "a=", "a", "x=1"];
        assert_eq!(outcome[0], json!(unknown));
        assert_eq!(outcome[1], json!([]), "explanations that make no sense");
        let words = [
            "The stream “recvcam” is one of several versions of the same picture; this side sends it.",
            "The stream “hi” is one of several versions of the same picture; this side receives it.",
            "The same picture in several versions: this side sends hi, lo, and receives mid.",
            "Message, over TCP/MSRP, in one format.",
            "Audio, over RTP/SAVP, in one of 3 formats, the favourite first.",
        ];
        assert_eq!(outcome[2], json!(words));
        Ok(())
    });
}

/// Descriptions made of pieces of descriptions, of names that every object has, and of anything, as a recording would have them, in the panel itself.
/// The numbers are the same in every run.
const ANYTHING: &str = "const [{ createSdp }, { modelOf }, { eventsOf }] = await Promise.all(['instruments/panels/sdp.js', 'instruments/model/model.js', 'events.js'].map(at));
    let seed = 1;
    const random = (most) => (seed = (seed * 48_271) % 2_147_483_647) % most;
    const pick = (list) => list[random(list.length)];
    const names = ['group', 'candidate', 'ssrc', 'ssrc-group', 'rid', 'simulcast', 'extmap', 'fmtp', 'rtpmap', 'rtcp-fb', 'max-message-size', 'setup', 'ice-options', 'mid', 'rtcp', 'constructor', '__proto__'];
    const pieces = ['', 'constructor', '__proto__', 'toString', 'send', 'recv', ' ', ';', ',', '~', '0', '-1', '1e999', '*', '/', ':', 'udp', 'typ', 'host', '9', '192.0.2.1', '\\0', '\\r', '\\u202e', '\\u2028', '\\ud800', '<img src=x>', 'x'.repeat(500)];
    const value = () => Array.from({ length: random(10) }, () => pick(pieces)).join(pick([' ', '', ':', '/']));
    const line = () => pick([() => `a=${pick(names)}:${value()}`, () => `${pick([...'vosiuepcbtrzkmxa'])}=${value()}`, () => value()])();
    const sdp = () => Array.from({ length: random(40) }, line).join(pick(['\\r\\n', '\\n', '\\r']));
    const blank = [];
    for (let i = 0; i < 300; i += 1) {
        const given = [sdp(), sdp()];
        const panel = createSdp({ onrow() {} });
        panel.draw({ model: modelOf(eventsOf(given.flatMap((text, k) => [{ type: 'call', on: 'pc1', name: 'setLocalDescription', call: k + 1, value: 'offer', text }, { type: 'done', on: 'pc1', name: 'setLocalDescription', call: k + 1 }]))) });
        const shown = panel.element.textContent;
        const isBlank = !panel.element.querySelector('tbody tr') && !shown.includes('This description is empty.');
        if (isBlank || panel.element.querySelector('img') || /NaN|\\[object |native code/.test(shown)) blank.push([given, shown]);
    }
    return blank;";

#[test]
fn whatever_a_description_is_the_panel_shows_it() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let outcome = page.in_stage(ANYTHING).await?;
        assert_eq!(outcome, json!([]));
        Ok(())
    });
}

/// A recording of a gateway that left a media line empty.
const EMPTY_MEDIA_LINE: &str = r#"{"kind":"creating-connections recording","version":2,"demo":"x","events":[{"at":1,"on":"pc1","type":"new","name":"RTCPeerConnection"},
    {"at":1,"on":"pc1","type":"call","name":"setRemoteDescription","call":1,"value":"offer","text":"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nm=\r\n"},
    {"at":1,"on":"pc1","type":"done","name":"setRemoteDescription","call":1}],"sides":[]}"#;

/// What each panel shows of it.
const SHOWN: &str = "const { recordingOf } = await at('instruments/files/files.js');
    const { modelOf } = await at('instruments/model/model.js');
    const [{ createSdp }, { createStates }, { createCandidates }] = await Promise.all(['sdp', 'states', 'candidates'].map((name) => at(`instruments/panels/${name}.js`)));
    const model = modelOf(recordingOf(GIVEN, 'x').events);
    const sdp = createSdp({ onrow() {} });
    sdp.draw({ model });
    const states = createStates({ onrow() {} });
    states.draw({ model, now: 2 });
    const candidates = createCandidates({ onrow() {} });
    candidates.draw({ model, stats: new Map() });
    const cells = [...sdp.element.querySelectorAll('tbody tr')].at(-1).textContent;
    return [cells, sdp.element.querySelector('.origin').textContent.includes('The other side wrote it'), states.element.querySelectorAll('.lane-state').length > 0, candidates.element.querySelectorAll('.verdict').length];";

#[test]
fn a_media_line_without_a_value_leaves_no_panel_blank() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let script = SHOWN.replace("GIVEN", &json!(EMPTY_MEDIA_LINE).to_string());
        let outcome = page.in_stage(&script).await?;
        let said = "m=This line lacks its value, so it says nothing. RFC 8866, 5.14";
        assert_eq!(outcome, json!([said, true, true, 1]));
        Ok(())
    });
}

/// So many pictures to receive: the description of fourteen has 54,000 characters, and that of seventy more than are kept.
fn many_videos(count: usize) -> String {
    format!(
        "const pc = new RTCPeerConnection();
for (let i = 0; i < {count}; i += 1) pc.addTransceiver('video');
await pc.setLocalDescription();
console.log('last', pc.localDescription.sdp.trim().split('\\n').at(-1));"
    )
}

/// The last line that the panel shows, and what it says is missing.
const LAST: &str = "const panel = [...arguments[0].querySelectorAll('.instruments [role=tabpanel]')].find((one) => one.querySelector('.origin'));
    const notes = [...panel.querySelectorAll('.origin ~ .note')].filter(({ hidden }) => !hidden).map(({ textContent }) => textContent);
    return [[...panel.querySelectorAll('tbody code')].at(-1)?.textContent ?? '', notes.join(' ')];";

async fn last_line_shown(browser: &Browser, videos: usize) -> Result<(String, String, String)> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(&many_videos(videos)).await?;
    let written = demo.logs("last ").await?.text;
    demo.open_instruments().await?;
    demo.choose_instrument("SDP").await?;
    let region = demo.region.to_json()?;
    let (shown, said) = eventually(async || {
        let last = page.evaluate(LAST, [region.clone()]).await?;
        let (shown, said): (String, String) = serde_json::from_value(last)?;
        Ok((!shown.is_empty()).then_some((shown, said)))
    })
    .await
    .context("the panel should show the description")?;
    let written = written.trim_start_matches("last ").trim().to_owned();
    Ok((written, shown, said))
}

#[test]
fn a_description_of_fourteen_pictures_is_shown_to_its_end() {
    in_browser(async |browser| {
        let (written, shown, said) = last_line_shown(browser, 14).await?;
        assert_eq!(shown, written);
        assert_eq!(said, "");
        Ok(())
    });
}

#[test]
fn a_description_that_is_too_long_ends_with_a_whole_line_and_says_what_is_missing() {
    in_browser(async |browser| {
        let (_, shown, said) = last_line_shown(browser, 70).await?;
        assert!(
            shown.starts_with("a=") && said.contains("The first 3000 lines are shown, and "),
            "{shown} {said}"
        );
        assert!(
            said.contains("characters at the end of this description were too many to be recorded"),
            "{said}"
        );
        Ok(())
    });
}
