//! Real browsers behind NATs of the server's memory.

use anyhow::Result;
use serde_json::{Value, json};

use crate::harness::{Browser, Kind, in_browser_of};

/// Opens a lab, and two connections of this page in it. A pair has no way when each side has tried five times, and
/// a NAT has dropped all of that. Otherwise it says whether each side is reached where it was said to be. The type of the candidate does not tell:
/// a check that comes before the candidate was given makes it `prflx` as well.
const OUTCOME: &str = r"
const NAMES = ['open', 'full-cone', 'restricted', 'port-restricted', 'symmetric'];
const ROUNDS = 5;
const said = ({ sdp }, name) => new RegExp(`a=ice-${name}:(.*)`).exec(sdp)[1].trim();
const credentials = (description) => ({ ufrag: said(description, 'ufrag'), password: said(description, 'pwd') });
const bare = ({ type, sdp }) => ({ type, sdp: sdp.replace(/a=(candidate|end-of-candidates).*\r\n/g, '') });
const take = (pc, candidates) => Promise.all(candidates.map(({ address, port }) =>
    pc.addIceCandidate({ candidate: `candidate:1 1 udp 2130706431 ${address} ${port} typ host`, sdpMLineIndex: 0 })));
const usesNamed = async (pc, candidates) => {
    for (;;) {
        const stats = [...(await pc.getStats()).values()];
        const pair = stats.find(({ type, state, nominated }) => type === 'candidate-pair' && state === 'succeeded' && nominated);
        const remote = pair && stats.find(({ id }) => id === pair.remoteCandidateId);
        if (remote) return candidates.some(({ port }) => port === remote.port);
    }
};
// Whether one's way, once there is one, leads to a port of the other's own, and so past the lab.
const isPast = async (one, other) => {
    for (;;) {
        const [own, others] = [[...(await one.getStats()).values()], [...(await other.getStats()).values()]];
        const remotes = own.filter(({ type, state, nominated, selected }) => type === 'candidate-pair' && state === 'succeeded' && (nominated || selected))
            .map(({ remoteCandidateId }) => own.find(({ id }) => id === remoteCandidateId)?.port)
            .filter((port) => port !== undefined);
        if (remotes.length > 0)
            return others.some(({ type, candidateType, port }) => type === 'local-candidate' && candidateType === 'host' && remotes.includes(port));
    }
};
const hasTried = (packets, side) => packets.filter(({ by, fate, hops }) => by === side && fate === 'dropped' && hops.at(-1).nat).length >= ROUNDS;
async function outcome(kinds) {
    const lab = await (await fetch('/lab', { method: 'POST', body: JSON.stringify(kinds) })).json();
    const tell = (body) => fetch(`/lab/${lab.id}`, { method: 'PATCH', body: JSON.stringify({ credentials: body }) });
    const { address, port } = lab.a.stun;
    const iceServers = lab.turn ? [{ urls: `turn:${address}:${port}`, ...lab.turn }] : [];
    const [a, b] = [new RTCPeerConnection({ iceServers }), new RTCPeerConnection()];
    const channel = a.createDataChannel('words');
    await a.setLocalDescription();
    await tell({ a: credentials(a.localDescription) });
    await b.setRemoteDescription(bare(a.localDescription));
    await b.setLocalDescription();
    await tell({ b: credentials(b.localDescription) });
    await a.setRemoteDescription(bare(b.localDescription));
    await Promise.all([take(a, lab.b.candidates), take(b, lab.a.candidates)]);
    for (;;) {
        if (channel.readyState === 'open') {
            const [ofA, ofB] = [await usesNamed(b, lab.a.candidates), await usesNamed(a, lab.b.candidates)];
            return { hasWay: true, ofA, ofB, isPast: await isPast(a, b) || await isPast(b, a) };
        }
        const { packets } = await (await fetch(`/lab/${lab.id}/packets`)).json();
        if (!lab.turn && hasTried(packets, 'a') && hasTried(packets, 'b')) return { hasWay: false };
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}
";

/// What comes of each pair.
const OF_ALL: &str = r"
return Promise.all(NAMES.flatMap((a) => NAMES.map(async (b) => ({ a, b, ...(await outcome({ a, b })) }))));
";

/// Those that have no way without TURN, with a server for A.
const WITH_TURN: &str = r"
const PAIRS = [['port-restricted', 'symmetric'], ['symmetric', 'port-restricted'], ['symmetric', 'symmetric']];
return Promise.all(PAIRS.map(async ([a, b]) => {
    const { hasWay, isPast } = await outcome({ a, b, turn: true });
    return { hasWay, isPast };
}));
";

async fn connects_as_the_textbook_says(browser: &Browser) -> Result<()> {
    let page = browser.open("").await?;
    let script = format!("return (async () => {{ {OUTCOME} {OF_ALL} }})();");
    let outcomes = page.evaluate(&script, []).await?;
    let outcomes = outcomes.as_array().expect("a list of outcomes");
    let is_strict = |name: &Value| name == "symmetric" || name == "port-restricted";
    for outcome in outcomes {
        let (a, b) = (&outcome["a"], &outcome["b"]);
        let has_symmetric = a == "symmetric" || b == "symmetric";
        let expected = !(has_symmetric && is_strict(a) && is_strict(b));
        assert_eq!(outcome["hasWay"], expected, "{outcome}");
        // A symmetric NAT shows a port that nobody has named: a peer-reflexive candidate.
        if expected {
            assert_eq!(outcome["isPast"], false, "{outcome}");
            assert_eq!(outcome["ofA"], *a != "symmetric", "{outcome}");
            assert_eq!(outcome["ofB"], *b != "symmetric", "{outcome}");
        }
    }
    let connected = outcomes.iter().filter(|outcome| outcome["hasWay"] == true);
    assert_eq!((connected.count(), outcomes.len()), (22, 25));
    Ok(())
}

#[test]
fn chromium_connects_through_the_nats_that_the_textbook_names() {
    in_browser_of(Kind::Chromium, connects_as_the_textbook_says);
}

#[test]
fn firefox_connects_through_the_nats_that_the_textbook_names() {
    in_browser_of(Kind::Firefox, connects_as_the_textbook_says);
}

async fn connects_by_turn_where_there_is_no_other_way(browser: &Browser) -> Result<()> {
    let page = browser.open("").await?;
    let script = format!("return (async () => {{ {OUTCOME} {WITH_TURN} }})();");
    let outcomes = page.evaluate(&script, []).await?;
    let found = json!({ "hasWay": true, "isPast": false });
    assert_eq!(outcomes, json!([found, found, found]));
    Ok(())
}

#[test]
fn chromium_connects_by_turn_where_there_is_no_other_way() {
    in_browser_of(Kind::Chromium, connects_by_turn_where_there_is_no_other_way);
}

#[test]
fn firefox_connects_by_turn_where_there_is_no_other_way() {
    in_browser_of(Kind::Firefox, connects_by_turn_where_there_is_no_other_way);
}
