//! What people get stuck on, without a camera, is recognised and told apart: as it really happens where that takes seconds, and
//! otherwise from the events that it leaves.

use anyhow::Context;
use serde_json::json;

use super::faults::is_diagnosed;
use crate::harness::{eventually, in_browser};
use crate::pages::{CHAPTER, CREATE_OFFER};

/// Two connected sides, and what goes wrong then.
const CONNECT: &str = "const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
async function negotiate() {
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
}
const channel = a.createDataChannel('x');
await negotiate();
if (channel.readyState !== 'open') await new Promise((resolve) => { channel.onopen = resolve; });
";

const MISTAKES: [(&str, &str); 6] = [
    ("renegotiate", "a.addTransceiver('audio');"),
    (
        "loop",
        "let left = 14;
a.onnegotiationneeded = async () => {
  await negotiate();
  if ((left -= 1) > 0) a.addTransceiver('audio');
};
a.addTransceiver('audio');",
    ),
    (
        "too-large",
        "channel.send('x'.repeat(a.sctp.maxMessageSize + 1));",
    ),
    (
        "queue-full",
        "for (let i = 0; i < 200; i += 1) channel.send('x'.repeat(200_000));",
    ),
    (
        "send-closed",
        "channel.close();
await new Promise((resolve) => { channel.onclose = resolve; });
channel.send('x');",
    ),
    (
        "too-many",
        "globalThis.kept = Array.from({ length: 51 }, () => new RTCPeerConnection());",
    ),
];

#[test]
fn each_pitfall_that_takes_only_seconds_is_recognised_as_it_happens() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        for (finding, mistake) in MISTAKES {
            demo.run_code(&format!("{CONNECT}{mistake}")).await?;
            is_diagnosed(&page, CREATE_OFFER, finding)
                .await
                .context(mistake)?;
        }
        Ok(())
    });
}

/// Runs that take long, or a network of their own, told by their events: one side, whose other side is elsewhere.
const TOLD: &str = "const [{ eventsOf }, { modelOf }, { diagnose }, { FINDINGS }] = await Promise.all(['events.js', 'instruments/model/model.js', 'instruments/diagnosis/diagnosis.js', 'instruments/diagnosis/findings.js'].map(at));
    const sdp = (id) => `v=0\\r\\no=- ${id} 2 IN IP4 127.0.0.1\\r\\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\\r\\na=ice-pwd:${id}\\r\\n`;
    const state = (at, name, value) => ({ at, type: 'state', on: 'pc1', name, value });
    const call = (at, number, name, more) => [{ at, type: 'call', on: 'pc1', name, call: number, ...more }, { at: at + 1, type: 'done', on: 'pc1', name, call: number }];
    const found = (text) => ({ at: 30, type: 'candidate', on: 'pc1', text });
    const given = (address) => call(40, 3, 'addIceCandidate', { text: `candidate:1 1 udp 2122260223 ${address} 50000 typ host` });
    const negotiated = [
        { at: 0, type: 'new', on: 'pc1' },
        ...call(10, 1, 'setLocalDescription', { value: 'offer', text: sdp(1) }), state(12, 'signaling', 'have-local-offer'),
        ...call(20, 2, 'setRemoteDescription', { value: 'answer', text: sdp(2) }), state(22, 'signaling', 'stable'),
        state(25, 'connection', 'connecting'), state(25, 'ice', 'checking'),
    ];
    const own = found('candidate:1 1 udp 2122260223 192.168.1.2 50000 typ host');
    const failed = [state(15_000, 'ice', 'failed'), state(15_000, 'connection', 'failed')];
    const connected = [state(60, 'ice', 'connected'), state(60, 'connection', 'connected')];
    const lost = [state(5_000, 'ice', 'disconnected'), state(5_000, 'connection', 'disconnected')];
    const turn = (code) => ({ at: 100, type: 'candidate-error', on: 'pc1', value: code, text: 'turn:example' });
    const runs = {
        'across networks': [...negotiated, own, ...given('192.0.2.1'), ...failed],
        'names that do not resolve': [...negotiated, own, ...given('0f3c6a4e-1c7e-4ad4-9a3b-2b4a2d6f6f10.local'), ...failed],
        'wrong TURN credentials': [...negotiated, own, ...given('192.0.2.1'), turn('401'), ...failed],
        'error 701, and connected': [...negotiated, own, ...given('192.168.1.3'), turn('701'), ...connected],
        'no address of its own': [...negotiated, state(50, 'gathering', 'complete'), ...given('192.168.1.3')],
        'interrupted': [...negotiated, own, ...given('192.168.1.3'), ...connected, ...lost],
        'interrupted, and back': [...negotiated, own, ...given('192.168.1.3'), ...connected, ...lost, state(6_000, 'ice', 'connected'), state(6_000, 'connection', 'connected')],
        'disconnected taken for the end': [...negotiated, own, ...given('192.168.1.3'), ...connected, ...lost, { at: 5_100, type: 'call', on: 'pc1', name: 'close' }],
        'nobody answers the checks': [...negotiated, own, ...given('192.168.1.3')],
    };
    const told = Object.entries(runs).map(([name, events]) => [name, diagnose(modelOf(eventsOf(events)), 20_000).map(({ id }) => (FINDINGS[id] ? id : `${id} is not explained`)).join()]);
    return Object.fromEntries(told);";

#[test]
fn pitfalls_that_take_a_network_are_told_apart_by_what_they_leave() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let told = page.in_stage(TOLD).await?;
        let expected = json!({
            "across networks": "checks-failed",
            "names that do not resolve": "local-names",
            "wrong TURN credentials": "turn-credentials",
            "error 701, and connected": "",
            "no address of its own": "no-local-candidates",
            "interrupted": "disconnected",
            "interrupted, and back": "",
            "disconnected taken for the end": "closed-too-soon",
            "nobody answers the checks": "stuck",
        });
        assert_eq!(told, expected);
        Ok(())
    });
}

/// Two sides of a page, of which one sends ten messages, and the other gets some of them.
const SENT: &str = "const [{ eventsOf }, { modelOf }, { diagnose }] = await Promise.all(['events.js', 'instruments/model/model.js', 'instruments/diagnosis/diagnosis.js'].map(at));
    const text = 'v=0\\r\\no=- 1 2 IN IP4 127.0.0.1\\r\\n';
    const beginning = ['setLocalDescription', 'setRemoteDescription'].flatMap((name, i) => {
        const [pc, ch, call] = [`pc${i + 1}`, `ch${i + 1}`, i + 1];
        return [
            { at: 0, type: 'new', on: pc }, { at: call, type: 'call', on: pc, name, call, value: 'offer', text }, { at: call, type: 'done', on: pc, name, call },
            { at: 3, type: 'new', on: ch, of: pc, text: 'chat' }, { at: 4, type: 'state', on: ch, name: 'channel', value: 'open' },
        ];
    });
    const message = (on, side, at) => ({ at, type: 'message', on, side, text: 'x' });
    const sent = Array.from({ length: 10 }, (_, i) => message('ch1', 'out', 100 + i));
    return [[], [100, 101], [105, 107, 110]].map((times) => {
        const received = times.map((time) => message('ch2', 'in', time));
        return diagnose(modelOf(eventsOf([...beginning, ...sent, ...received])), 20_000).some(({ id }) => id === 'freeze');
    });";

#[test]
fn who_hears_nothing_more_is_frozen_and_who_misses_some_is_not() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        assert_eq!(page.in_stage(SENT).await?, json!([true, true, false]));
        Ok(())
    });
}

/// A run that goes on for long: a handshake, then more messages than are kept.
const LONG: &str = "const [{ eventsOf }, { createRecording }, { modelOf }, { diagnose }] = await Promise.all(['events.js', 'recording.js', 'instruments/model/model.js', 'instruments/diagnosis/diagnosis.js'].map(at));
    const recording = createRecording();
    recording.start();
    const text = 'v=0\\r\\no=- 1 2 IN IP4 127.0.0.1\\r\\nm=application 9 x 1\\r\\na=candidate:1 1 udp 1 192.168.1.2 9 typ host\\r\\n';
    const states = [['signaling', 'have-local-offer'], ['signaling', 'stable'], ['connection', 'connected'], ['ice', 'connected']];
    recording.add(eventsOf([
        { type: 'new', on: 'ws1', text: 'ws://x/' }, { type: 'state', on: 'ws1', name: 'socket', value: 'open' }, { type: 'new', on: 'pc1' },
        ...['setLocalDescription', 'setRemoteDescription'].flatMap((name, i) => [{ type: 'call', on: 'pc1', name, call: i + 1, value: i ? 'answer' : 'offer', text }, { type: 'done', on: 'pc1', name, call: i + 1 }]),
        ...states.map(([name, value]) => ({ type: 'state', on: 'pc1', name, value })),
        { type: 'new', on: 'ch1', of: 'pc1', side: 'local', text: 'chat' }, { type: 'state', on: 'ch1', name: 'channel', value: 'open' },
    ]), 0);
    const [beginning] = recording.events;
    for (let batch = 0; batch < 200; batch += 1) {
        recording.add(eventsOf(Array.from({ length: 100 }, (_, i) => ({ at: 100 * batch + i, type: 'message', on: 'ch1', side: i % 2 ? 'in' : 'out', text: `message ${i}` }))), 0);
    }
    const { connections: [{ descriptions, channels }] } = modelOf(recording.events);
    return [recording.events.length, recording.dropped, recording.events[0] === beginning, descriptions.length, channels[0].sent.length > 2_000, diagnose(modelOf(recording.events), 30_000)];";

#[test]
fn of_a_long_run_old_messages_go_first_and_how_it_began_is_still_known() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let outcome = page.in_stage(LONG).await?;
        assert_eq!(outcome, json!([5_000, 15_013, true, 2, true, []]));
        Ok(())
    });
}

/// Two sides that are connected renegotiate for long, with descriptions as large as they may be.
const RENEGOTIATING: &str = "const [{ eventsOf }, { createRecording }, { modelOf }, { diagnose }] = await Promise.all(['events.js', 'recording.js', 'instruments/model/model.js', 'instruments/diagnosis/diagnosis.js'].map(at));
    const recording = createRecording();
    recording.start();
    recording.add(eventsOf([{ type: 'new', on: 'pc1' }, { type: 'state', on: 'pc1', name: 'connection', value: 'connected' }, { type: 'state', on: 'pc1', name: 'ice', value: 'connected' }]), 0);
    const description = (i) => `v=0\\r\\no=- 1 ${i} IN IP4 127.0.0.1\\r\\nm=application 9 x 1\\r\\na=candidate:1 1 udp 1 192.168.1.2 9 typ host\\r\\n${'a=x\\r\\n'.repeat(7_900)}`;
    for (let i = 0; i < 200; i += 1) {
        recording.add(eventsOf(['setLocalDescription', 'setRemoteDescription'].flatMap((name, k) => {
            const call = 2 * i + k + 1;
            return [{ at: 20 * i, type: 'call', on: 'pc1', name, call, value: k ? 'answer' : 'offer', text: description(i) }, { at: 20 * i + 1, type: 'done', on: 'pc1', name, call }];
        })), 0);
    }
    const { connections: [{ states, descriptions }] } = modelOf(recording.events);
    return [recording.dropped > 0, descriptions.length < 120, states.connection.length, diagnose(modelOf(recording.events), 30_000).map(({ id }) => id)];";

#[test]
fn of_renegotiations_without_end_old_descriptions_go_first_and_the_states_stay() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let outcome = page.in_stage(RENEGOTIATING).await?;
        assert_eq!(outcome, json!([true, true, 2, ["loop"]]));
        Ok(())
    });
}

/// What the instruments say of how much is gone, and the states that they know.
const STATES: &str = "const region = arguments[0];
    const table = [...region.querySelectorAll('table')].find(({ caption }) => caption?.textContent.startsWith('Every state'));
    return [region.querySelector('.position').textContent.includes('that are gone'), [...table.tBodies[0].rows].some(({ textContent }) => textContent.includes('have-local-offer'))];";

#[test]
fn a_flood_of_messages_at_once_does_not_push_out_how_the_run_began() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let flood = "for (let i = 0; i < 3_000; i += 1) channel.send('x');
console.log('sent');";
        demo.run_code(&format!("{CONNECT}{flood}")).await?;
        demo.logs("sent").await?;
        demo.open_instruments().await?;
        demo.choose_instrument("States").await?;
        let region = demo.region.to_json()?;
        eventually(async || {
            let states = page.evaluate(STATES, [region.clone()]).await?;
            Ok((states == json!([true, true])).then_some(()))
        })
        .await
        .context("some messages should be gone, and no state")
    });
}
