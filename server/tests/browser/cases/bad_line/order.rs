//! The negotiation runs as it would without a line, in the same order, while a line is being opened.

use anyhow::Result;
use serde_json::{Value, json};

use super::{PAIR, logged, switch_on};
use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, in_browser_of};
use crate::pages::{CHAPTER, CREATE_OFFER};

/// Makes calls without waiting for the one before, and tells in which order they end. A connection that is closed meanwhile says nothing more.
const IN_A_ROW: &str = "const order = [];
const ends = (name, promise) => promise.then((value) => (order.push(name), value), ({ name: error }) => order.push(`${name} ${error}`));
const pc = new RTCPeerConnection();
pc.createDataChannel('x');
const closed = new RTCPeerConnection();
closed.createDataChannel('x');
ends('closed', closed.setLocalDescription());
closed.close();
const set = ends('set', pc.setLocalDescription());
const made = ends('made', pc.createOffer());
const early = pc.addIceCandidate({ candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0' }).catch(({ name }) => name);
const back = ends('back', pc.setLocalDescription({ type: 'rollback' }));
const [, , refused] = await Promise.all([set, made, early, back]);
await ends('late', closed.createOffer());
order.push(refused, pc.signalingState);
console.log('order', JSON.stringify(order));";

async fn calls_end_in_their_order(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(IN_A_ROW).await?;
    let without: Value = logged(&demo, "order", 1).await?;
    assert_eq!(
        without,
        json!([
            "set",
            "made",
            "back",
            "late InvalidStateError",
            "InvalidStateError",
            "stable"
        ])
    );
    switch_on(&page, &demo).await?;
    demo.run().await?;
    let with: Value = logged(&demo, "order", 1).await?;
    assert_eq!(with, without);
    Ok(())
}

#[test]
fn calls_end_in_the_order_in_which_they_were_made() {
    in_browser_of(Chromium, calls_end_in_their_order);
}

#[test]
fn calls_end_in_the_order_in_which_they_were_made_in_firefox() {
    in_browser_of(Firefox, calls_end_in_their_order);
}

/// Both sides offer at once, connect, and restart ICE; each hears the other afterwards.
const GLARE_AND_RESTART: &str = "for (const [pc, other, isPolite] of [[a, b, true], [b, a, false]]) {
  let makingOffer = false, ignoreOffer = false;
  pc.onnegotiationneeded = async () => {
    makingOffer = true;
    await pc.setLocalDescription();
    makingOffer = false;
    other.take({ description: pc.localDescription });
  };
  pc.onicecandidate = ({ candidate }) => other.take({ candidate });
  pc.take = async ({ description, candidate }) => {
    if (!description) return pc.addIceCandidate(candidate).catch((error) => ignoreOffer || console.error(error));
    const collides = description.type === 'offer' && (makingOffer || pc.signalingState !== 'stable');
    ignoreOffer = !isPolite && collides;
    if (ignoreOffer) return console.log('glare');
    await pc.setRemoteDescription(description);
    if (description.type !== 'offer') return;
    await pc.setLocalDescription();
    other.take({ description: pc.localDescription });
  };
}
b.createDataChannel('of b');
await opened;
const ufragOf = (pc) => /a=ice-ufrag:(.*)/.exec(pc.currentLocalDescription.sdp)[1];
const before = ufragOf(a);
const heard = new Promise((resolve) => b.ondatachannel = ({ channel }) => channel.onmessage = resolve);
a.restartIce();
while (ufragOf(a) === before || a.signalingState !== 'stable') await new Promise((resolve) => setTimeout(resolve, 20));
const again = a.createDataChannel('again');
again.onopen = () => again.send('after the restart');
await heard;
const ways = [await wayOf(a), await wayOf(b)];
console.log('restarted', JSON.stringify(ways.map(({ remote, selected }) => remote.every((port) => port === selected) && selected > 0)));";

#[test]
fn glare_and_a_restart_of_ice_stay_on_the_line() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        switch_on(&page, &demo).await?;
        demo.run_code(&format!("{PAIR}{GLARE_AND_RESTART}")).await?;
        let restarted: Value = logged(&demo, "restarted", 1).await?;
        assert_eq!(restarted, json!([true, true]));
        demo.logs("glare").await?;
        Ok(())
    });
}
