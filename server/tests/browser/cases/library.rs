//! The JavaScript client by itself: what it promises to two peers, called from a page's own script.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::harness::{Browser, in_browser};

/// What every case begins with: `a` is the master, `b` the slave, and `when` waits for an event.
const PREAMBLE: &str = "
    const { default: quickconnect, sendLarge, receiveLarge } = await import('/code/quickconnect/js/index.js');
    const when = (qc, event) => new Promise((resolve) => qc.once(event, (...args) => resolve(args)));
    const both = (event) => Promise.all([when(a, event), when(b, event)]);
    const join = (id, options) => quickconnect(location.origin, { room: 'library', id, ...options });
    const a = join('a'), b = join('b', { reactive: true });
    await both('call:started');";

/// Runs the body of a case in a page of its own, and returns what it returns.
async fn case(browser: &Browser, body: &str) -> Result<Value> {
    let page = browser.open("").await?;
    let script = format!("return (async () => {{ {PREAMBLE} {body} }})();");
    page.evaluate(&script, []).await
}

fn holds(body: &str) {
    in_browser(async |browser| {
        let outcome = case(browser, body).await?;
        ensure!(outcome == json!(true), "the case returned {outcome}");
        Ok(())
    });
}

#[test]
fn a_channel_that_only_the_slave_declares_opens_on_both_sides() {
    holds(
        "const opened = both('channel:opened:late'); b.createDataChannel('late');
        const [[fromB], [fromA]] = await opened; return fromB === 'b' && fromA === 'a';",
    );
}

#[test]
fn a_stream_that_the_slave_adds_and_removes_during_a_call_comes_and_goes_on_the_other_side() {
    holds(
        "const canvas = document.createElement('canvas'); canvas.getContext('2d');
        const stream = canvas.captureStream(5);
        const added = when(a, 'stream:added'); b.addStream(stream); await added;
        const removed = when(a, 'stream.removed'); b.removeStream(stream);
        return (await removed)[0] === 'b';",
    );
}

#[test]
fn a_call_that_was_ended_stays_ended_until_one_side_reconnects() {
    holds(
        "const ended = both('call:ended'); a.endCall('b'); await ended;
        const updated = when(b, 'peer:update'); a.profile({ name: 'A' }); await updated;
        if (b.calls.size > 0 || b.peers.get('a').data.name !== 'A') return 'it was called again';
        const started = both('call:started'); b.reconnectTo('a'); await started;
        return a.calls.size === 1 && b.calls.size === 1;",
    );
}

#[test]
fn a_peer_that_comes_back_with_its_id_is_called_again() {
    holds(
        "const ended = when(b, 'call:ended'); a.close(); await ended;
        const started = when(b, 'call:started'); const again = join('a');
        await when(again, 'call:started'); return (await started)[0] === 'a';",
    );
}

#[test]
fn a_large_message_arrives_whole_and_in_order() {
    holds(
        "const opened = both('channel:opened:large'); a.createDataChannel('large');
        const [[, ours], [, theirs]] = await opened;
        const arrived = []; const done = new Promise((resolve) => receiveLarge(theirs, (message) => arrived.push(message) === 2 && resolve()));
        const bytes = Uint8Array.from({ length: 3e6 }, (_, index) => index);
        sendLarge(ours, bytes); await sendLarge(ours, 'and a text'); await done;
        return new Uint8Array(arrived[0]).every((byte, index) => byte === bytes[index]) && arrived[1] === 'and a text';",
    );
}

#[test]
fn a_message_to_the_room_arrives_with_its_values_and_its_sender() {
    holds(
        "const heard = when(b, 'message:hello'); a.send('/hello', 1, 'x|y', { z: '|' });
        const [one, text, object, peer] = await heard;
        return one === 1 && text === 'x|y' && object.z === '|' && peer.id === 'a';",
    );
}

#[test]
fn what_a_peer_says_that_nobody_can_use_is_an_error_that_names_it() {
    holds(
        "const failed = when(b, 'error'); a.to('b').send('/sdp', { type: 'rollback', sdp: '<b>' });
        const [error] = await failed; return error.peerId === 'a' && b.calls.get('a').active;",
    );
}
