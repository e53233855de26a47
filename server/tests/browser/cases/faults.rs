//! What is broken on purpose leads to its own diagnosis, and what is healthy to none.

use anyhow::{Context, Result};
use serde_json::json;

use crate::harness::{Page, eventually, in_browser};
use crate::pages::{CHAPTER, CREATE_OFFER, QUICKCONNECT, SINGLE_BROWSER};

/// Each fault that shows when both sides are on one page, and what it is to be told from.
const DIAGNOSES: [(&str, &str); 12] = [
    ("Hold back the answer", "no-answer"),
    ("Lose the offer", "no-offer"),
    ("Deliver the answer twice", "answer-twice"),
    ("Both sides offer at once", "glare"),
    ("Candidates overtake the description", "early-candidates"),
    ("Drop candidates, one way", "one-way-candidates"),
    ("Drop all candidates", "no-candidates"),
    ("Only a relay may be used", "relay-only"),
    ("Wrong ICE password", "wrong-password"),
    ("Slow signaling", "slow"),
    ("Reorder the signaling", "out-of-order"),
    ("The other peer freezes", "freeze"),
];

/// Every rule that only needs time has spoken by then, in ms.
const LOOKED_AT_FOR: f64 = 9_000.0;

const TOGGLE: &str = "[...arguments[0].querySelectorAll('.fault')].find((label) => label.querySelector('strong').textContent === arguments[1]).querySelector('input').click();";
const FINDINGS: &str = "const card = arguments[0].querySelector('.diagnosis');
    return [Number(card.dataset.elapsed ?? 0), [...card.querySelectorAll('.finding')].map((finding) => finding.dataset.finding)];";

pub(super) async fn toggle(page: &Page<'_>, demo: &str, fault: &str) -> Result<()> {
    let region = page.demo(demo).await?.region.to_json()?;
    page.evaluate(TOGGLE, [region, json!(fault)]).await?;
    Ok(())
}

/// For how long the run has been looked at, in ms, and what was found.
async fn findings(page: &Page<'_>, demo: &str) -> Result<(f64, Vec<String>)> {
    let region = page.demo(demo).await?.region.to_json()?;
    Ok(serde_json::from_value(
        page.evaluate(FINDINGS, [region]).await?,
    )?)
}

/// Waits until the card of a demo says exactly this.
pub(super) async fn is_diagnosed(page: &Page<'_>, demo: &str, expected: &str) -> Result<()> {
    let mut seen = Vec::new();
    let is_said = eventually(async || {
        seen = findings(page, demo).await?.1;
        Ok((seen == [expected]).then_some(()))
    });
    is_said
        .await
        .with_context(|| format!("the card of {demo} should say {expected}, and says {seen:?}"))
}

/// Waits until a run was looked at for long enough, and expects that nothing was found.
pub(super) async fn stays_healthy(page: &Page<'_>, demo: &str) -> Result<()> {
    eventually(async || {
        let (elapsed, found) = findings(page, demo).await?;
        assert!(found.is_empty(), "{demo}: {found:?}");
        Ok((elapsed > LOOKED_AT_FOR).then_some(()))
    })
    .await
    .with_context(|| format!("{demo} should be looked at"))
}

#[test]
fn each_fault_alone_leads_to_its_own_diagnosis() {
    in_browser(async |browser| {
        let mut tabs = Vec::new();
        for (fault, _) in DIAGNOSES {
            let tab = browser.open(CHAPTER).await?;
            let demo = tab.demo(SINGLE_BROWSER).await?;
            demo.open_instruments().await?;
            toggle(&tab, SINGLE_BROWSER, fault).await?;
            demo.run().await?;
            drop(demo);
            tabs.push(tab);
        }
        for (tab, (fault, diagnosis)) in tabs.iter().zip(DIAGNOSES) {
            is_diagnosed(tab, SINGLE_BROWSER, diagnosis)
                .await
                .context(fault)?;
        }
        Ok(())
    });
}

#[test]
fn healthy_runs_have_no_diagnosis() {
    in_browser(async |browser| {
        let alone = browser.open(CHAPTER).await?;
        for demo in [CREATE_OFFER, SINGLE_BROWSER] {
            alone.demo(demo).await?.run().await?;
        }
        let pair = [browser.open(CHAPTER).await?, browser.open(CHAPTER).await?];
        for tab in &pair {
            tab.demo(QUICKCONNECT).await?.run().await?;
        }
        for tab in &pair {
            stays_healthy(tab, QUICKCONNECT).await?;
        }
        for demo in [CREATE_OFFER, SINGLE_BROWSER] {
            stays_healthy(&alone, demo).await?;
        }
        Ok(())
    });
}

#[test]
fn mistakes_of_the_readers_own_are_named_with_their_line() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        for (code, diagnosis, line) in [
            (
                "const pc = new RTCPeerConnection();\nawait pc.setLocalDescription();",
                "empty-offer",
                None,
            ),
            (
                "const pc = new RTCPeerConnection();\npc.createDataChannel('x');\nawait pc.createOffer();",
                "offer-not-set",
                Some("line 3"),
            ),
            (
                "const pc = new RTCPeerConnection();\npc.createDataChannel('x').send('early');",
                "send-early",
                Some("line 2"),
            ),
            (
                "const pc = new RTCPeerConnection();\npc.createDataChannel('x');\nconst { sdp } = await pc.createOffer();\nawait pc.setRemoteDescription({ type: 'answer', sdp: sdp.replace('actpass', 'active') });",
                "answer-unexpected",
                Some("line 4"),
            ),
        ] {
            demo.run_code(code).await?;
            is_diagnosed(&page, CREATE_OFFER, diagnosis).await?;
            if let Some(line) = line {
                demo.find("button", &format!("Go to {line}")).await?;
            }
        }
        Ok(())
    });
}

/// A card whose finding changes what it says, while the keyboard is on what the reader has opened in it.
const READ_ON: &str = "const [{ createRecording }, { createCard }, { eventsOf }] = await Promise.all(['recording.js', 'instruments/panels/card.js', 'events.js'].map(at));
    const recording = createRecording();
    const card = document.body.appendChild(document.createElement('div'));
    const says = async (words) => {
        while (!card.textContent.includes(words)) await new Promise(requestAnimationFrame);
    };
    const refuse = (call) => recording.add(eventsOf([
        { type: 'call', at: call, on: 'pc1', name: 'addIceCandidate', text: `candidate:${call}`, call },
        { type: 'failed', at: call, on: 'pc1', name: 'addIceCandidate', value: 'InvalidStateError', call }]), 0);
    recording.start();
    recording.add(eventsOf([{ type: 'new', at: 0, on: 'pc1', name: 'RTCPeerConnection' }]), 0);
    createCard(card, recording, () => {}, { find: () => [] });
    refuse(1);
    await says('A candidate was refused');
    const details = card.querySelector('details');
    details.open = true;
    const link = details.querySelector('a');
    link.focus();
    refuse(2);
    await says('2 candidates were refused');
    refuse(3);
    await says('3 candidates were refused');
    recording.stop();
    return [details.isConnected, details.open, document.activeElement === link];";

#[test]
fn a_card_that_says_more_leaves_what_is_open_in_it_and_the_keyboard_where_it_is() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        assert_eq!(page.in_stage(READ_ON).await?, json!([true, true, true]));
        Ok(())
    });
}

#[test]
fn a_server_that_goes_away_is_noticed_by_a_demo_that_runs() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.open_instruments().await?;
        demo.run().await?;
        demo.says("1 peer ").await?;
        toggle(&page, QUICKCONNECT, "The signaling server goes away").await?;
        is_diagnosed(&page, QUICKCONNECT, "server-away").await
    });
}

#[test]
fn reset_mends_what_was_broken_and_the_next_run_is_healthy() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(SINGLE_BROWSER).await?;
        demo.open_instruments().await?;
        toggle(&page, SINGLE_BROWSER, "Drop all candidates").await?;
        toggle(&page, SINGLE_BROWSER, "Slow signaling").await?;
        let broken = "return document.querySelector('section[aria-label=\"p2p-singlebrowser.js\"] .broken').textContent;";
        assert_eq!(
            page.evaluate(broken, []).await?,
            json!(" ⚡ 2 broken on purpose")
        );
        demo.reset().await?;
        assert_eq!(page.evaluate(broken, []).await?, json!(""));
        assert_eq!(page.count(".fault > label > input:checked").await?, 0);
        demo.run().await?;
        demo.logs("connected: one message went each way").await?;
        Ok(())
    });
}

#[test]
fn a_held_answer_is_delivered_when_the_fault_is_switched_off() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(SINGLE_BROWSER).await?;
        demo.open_instruments().await?;
        toggle(&page, SINGLE_BROWSER, "Hold back the answer").await?;
        demo.run().await?;
        is_diagnosed(&page, SINGLE_BROWSER, "no-answer").await?;
        toggle(&page, SINGLE_BROWSER, "Hold back the answer").await?;
        demo.logs("connected: one message went each way").await?;
        Ok(())
    });
}
