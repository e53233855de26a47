//! The instruments below a demo show what its run did.

use anyhow::Result;
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::harness::{Page, in_browser};
use crate::pages::{CHAPTER, QUICKCONNECT, SINGLE_BROWSER};

/// The rows of a table in the demo, as text, once the panel has drawn them: all of them, also those that repeat each other.
const ROWS: &str = "const table = [...arguments[0].querySelectorAll('table')].find((one) => one.caption.textContent === arguments[1]);
    table.closest('details').open = true;
    const fold = [...table.closest('.panel').querySelectorAll('button')].find(({ textContent }) => textContent === 'Fold repeats');
    if (fold?.getAttribute('aria-pressed') === 'true') fold.click();
    return [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent));";

pub(super) async fn rows(page: &Page<'_>, demo: &str, caption: &str) -> Result<Vec<Vec<String>>> {
    let region = page.demo(demo).await?.region.to_json()?;
    Ok(serde_json::from_value(
        page.evaluate(ROWS, [region, json!(caption)]).await?,
    )?)
}

/// Waits until the ladder of a demo has all of `expected` in it, in this order.
pub(super) async fn ladder_shows(page: &Page<'_>, demo: &str, expected: &[&str]) -> Result<()> {
    let mut seen = Vec::new();
    let is_shown = crate::harness::eventually(async || {
        seen = rows(page, demo, "What happened, in order").await?;
        let mut whats = seen.iter().map(|row| row[3].as_str());
        let is_shown = expected
            .iter()
            .all(|expected| whats.any(|what| what.starts_with(expected)));
        Ok(is_shown.then_some(()))
    });
    anyhow::Context::with_context(is_shown.await, || {
        format!("the ladder should show {expected:?}, and shows {seen:?}")
    })
}

#[test]
fn the_ladder_of_a_handshake_is_in_causal_order_and_names_lines() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(SINGLE_BROWSER).await?;
        demo.run_handshake().await?;
        let expected = [
            "new RTCPeerConnection()",
            "createOffer() gives an offer",
            "setLocalDescription(offer)",
            "setRemoteDescription(offer)",
            "createAnswer() gives an answer",
            "setRemoteDescription(answer)",
            "addIceCandidate(host udp",
            "connection: connected",
            "message “hello from the caller”",
            "message “hello from the answerer”",
        ];
        ladder_shows(&page, SINGLE_BROWSER, &expected).await?;
        let rows = rows(&page, SINGLE_BROWSER, "What happened, in order").await?;
        let offered = rows
            .iter()
            .find(|row| row[3] == "setRemoteDescription(offer)")
            .expect("it is there");
        assert_eq!(
            offered[1..],
            [
                "caller, line 1",
                "answerer, line 2",
                "setRemoteDescription(offer)",
                "line 31"
            ]
        );
        Ok(())
    });
}

#[test]
fn both_tabs_of_a_call_have_a_ladder_in_causal_order() {
    in_browser(async |browser| {
        let tabs = [browser.open(CHAPTER).await?, browser.open(CHAPTER).await?];
        for tab in &tabs {
            let demo = tab.demo(QUICKCONNECT).await?;
            demo.run().await?;
            demo.open_instruments().await?;
        }
        let [first, second] = &tabs;
        let master = [
            "new WebSocket()",
            "announce",
            "announce",
            "setLocalDescription()",
            "sdp offer",
            "sdp answer",
            "setRemoteDescription(answer)",
            "connection: connected",
        ];
        let slave = [
            "new WebSocket()",
            "announce",
            "sdp offer",
            "setRemoteDescription(offer)",
            "setLocalDescription",
            "sdp answer",
            "connection: connected",
        ];
        ladder_shows(first, QUICKCONNECT, &master).await?;
        ladder_shows(second, QUICKCONNECT, &slave).await
    });
}

/// Replays a recording step by step, in the modules themselves, and compares the end with the whole.
const REPLAY: &str = "const { eventsOf } = await at('events.js');
    const { modelOf } = await at('instruments/model/model.js');
    const { rowsOf } = await at('instruments/model/rows.js');
    const { createPlayer } = await at('instruments/model/player.js');
    const said = [['pc1', 'new', {}], ['pc1', 'call', { name: 'createOffer', call: 1 }], ['pc1', 'done', { name: 'createOffer', call: 1, value: 'offer', text: 'v=0' }],
        ['pc1', 'state', { name: 'ice', value: 'checking' }], ['ws1', 'new', {}], ['ws1', 'message', { side: 'out', text: '/ready|a' }]];
    const events = eventsOf(said.map(([on, type, more], i) => ({ on, type, at: i, ...more })));
    const player = createPlayer(() => {});
    player.take(events, 1);
    player.seek(0);
    const lengths = [];
    for (let i = 0; i < events.length; i += 1) {
        player.step(1);
        lengths.push(player.shown.length);
    }
    const same = (make) => JSON.stringify(make(player.shown)) === JSON.stringify(make(events));
    return [lengths, same(modelOf), same(rowsOf)];";

#[test]
fn a_replay_ends_as_the_run_did() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let outcome = page.in_stage(REPLAY).await?;
        assert_eq!(outcome, json!([[1, 2, 3, 4, 5, 6], true, true]));
        Ok(())
    });
}

/// What a frame, or a file, could say to do harm.
const HOSTILE: &str = "const { eventsOf } = await at('events.js');
    const { recordingOf } = await at('instruments/files/files.js');
    const odd = eventsOf([null, 1, {}, { type: 'new', on: 'pc1<b>' }, { type: 'gone', on: 'pc1' }, { type: 'new', on: { toString() { throw 1; } } },
        { type: 'state', on: 'pc1', at: NaN, name: 'x'.repeat(1e6), line: -1, size: 1.5, text: {} }]);
    let refused = '';
    try { recordingOf('{}', 'x.json'); } catch (error) { refused = error.message; }
    return [odd.length, odd[0].at, odd[0].name.length, odd[0].line ?? null, odd[0].text, refused, eventsOf('no').length];";

#[test]
fn what_a_frame_or_a_file_says_is_checked() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let outcome = page.in_stage(HOSTILE).await?;
        let refused = "x.json is no recording of a demo: choose a file that “Save as JSON” made.";
        assert_eq!(outcome, json!([1, 0, 200, Value::Null, "", refused, 0]));
        Ok(())
    });
}

/// The statistics of sixty connections, one after the other, and of the last one a thousand times.
const MANY: &str = "const { createHistory } = await at('instruments/model/history.js');
    const history = createHistory();
    const say = (n, at) => history.add({ on: `pc${n}`, at, reports: [{ type: 'transport', id: 't', bytesSent: at }] });
    for (let n = 1; n <= 60; n += 1) say(n, n);
    for (let at = 61; at < 1_061; at += 1) say(60, at);
    const series = history.series();
    return [history.newest().length, series.length, series[0].of, series.at(-1).of, series.at(-1).times.length];";

#[test]
fn statistics_are_kept_of_the_last_connections_and_for_ten_minutes() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let outcome = page.in_stage(MANY).await?;
        assert_eq!(outcome, json!([50, 50, "pc11", "pc60", 600]));
        Ok(())
    });
}

#[test]
fn instruments_are_chosen_with_the_arrow_keys() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(SINGLE_BROWSER).await?;
        demo.open_instruments().await?;
        demo.choose_instrument("Ladder").await?;
        for (key, tab) in [
            (Key::Right, "States"),
            (Key::Left, "Ladder"),
            (Key::Left, "Break it"),
            (Key::Home, "Ladder"),
        ] {
            page.press_key(key).await?;
            assert_eq!(page.focused().await?, tab);
            assert_eq!(
                page.count(".instruments [role=tabpanel]:not([hidden])")
                    .await?,
                1
            );
        }
        assert!(
            page.path().await?.contains(CHAPTER),
            "no key turned the page"
        );
        Ok(())
    });
}
