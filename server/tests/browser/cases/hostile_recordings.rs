//! Recordings that somebody made to be slow, or to deceive, open as any other, and what is left out of them is said.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::harness::{Browser, Page, in_browser};
use crate::pages::{CHAPTER, SINGLE_BROWSER};

const RECORDINGS: &str = include_str!("hostile_recordings/recordings.js");

/// A demo whose instruments are open.
async fn opened<'b>(browser: &'b Browser) -> Result<Page<'b>> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(SINGLE_BROWSER).await?;
    demo.open_instruments().await?;
    Ok(page)
}

/// Runs a script beside the recordings, which has the demo as `region`.
async fn with_recordings(page: &Page<'_>, script: &str) -> Result<Value> {
    let region =
        "const region = document.querySelector('section[aria-label=\"p2p-singlebrowser.js\"]');";
    page.in_stage(&format!("{RECORDINGS}{region}{script}"))
        .await
}

/// Opens a recording, four times as long as what is kept, with seven other sides, and draws each panel of it: how long the page stood
/// still at most, in ms, and how many elements a panel had at most.
const MEASURE: &str = "const make = recordings[NAME];
    const file = fileOf(make(20_000), list(7, (k) => ({ id: `side ${k}`, name: `side ${k}`, shift: 0, uncertainty: 1, events: make(2_000) })));
    look(region, 'Ladder');
    let longest = await longestPause(() => open(region, file));
    let elements = 0;
    for (const panel of panels) {
        const { took, elements: count } = look(region, panel);
        longest = Math.max(longest, took);
        elements = Math.max(elements, count);
    }
    return [Math.round(longest), elements];";

/// What `recordings` has; the honest one is the measure of the others.
const NAMES: [&str; 10] = [
    "honest",
    "connections",
    "channels",
    "sockets",
    "states",
    "candidates",
    "descriptions",
    "failures",
    "lines",
    "sections",
];

/// The page may stand still for so many times as long as an honest recording of the same size lets it. What grows with the square of
/// what a recording holds takes hundreds of times as long, if it ends at all.
const MOST_TIMES: u64 = 8;
/// However quick the honest one is, in ms.
const LEAST_MS: u64 = 100;
/// Elements of one panel.
const MOST_ELEMENTS: u64 = 40_000;

#[test]
fn no_recording_holds_up_the_page_for_much_longer_than_an_honest_one() {
    in_browser(async |browser| {
        let page = opened(browser).await?;
        let mut honest = None;
        for name in NAMES {
            let script = MEASURE.replace("NAME", &json!(name).to_string());
            let measured = with_recordings(&page, &script).await?;
            println!("{name}: longest pause in ms, and most elements: {measured}");
            let [pause, elements]: [u64; 2] = serde_json::from_value(measured.clone())
                .with_context(|| format!("{name}: the page says {measured}"))?;
            let most = MOST_TIMES * LEAST_MS.max(*honest.get_or_insert(pause));
            assert!(pause <= most, "{name}: {pause} ms, and {most} are allowed");
            assert!(elements < MOST_ELEMENTS, "{name}: {elements} elements");
        }
        Ok(())
    });
}

/// A file as large as one may be, of which nothing is an event: how long the page stood still while it was read, and how long that took.
const JUNK: &str = "const junk = `{\"kind\":\"creating-connections recording\",\"version\":2,\"events\":[${'{},'.repeat(6_000_000)}{}]}`;
    look(region, 'Ladder');
    const began = performance.now();
    const pause = await longestPause(() => open(region, new File([junk], 'junk.json')));
    return [pause, performance.now() - began, region.querySelector('.said').textContent];";

#[test]
fn the_page_goes_on_while_a_file_is_read() {
    in_browser(async |browser| {
        let page = opened(browser).await?;
        let measured = with_recordings(&page, JUNK).await?;
        let (pause, whole, said): (f64, f64, String) = serde_json::from_value(measured)?;
        assert!(said.starts_with("junk.json is shown."), "{said}");
        assert!(pause * 3.0 < whole, "{pause} ms of {whole}");
        Ok(())
    });
}

/// What each panel says of what it leaves out.
const NOTES: &str = "const said = {};
    for (const [recording, panel] of arguments_) {
        look(region, 'Ladder');
        await open(region, fileOf(recordings[recording](20_000)));
        const { panel: element } = look(region, panel);
        chooseAll(element);
        const notes = [...element.querySelectorAll('.note')].filter(({ hidden, offsetParent }) => !hidden && offsetParent).slice(1);
        said[`${recording}, ${panel}`] = notes.map(({ textContent }) => textContent);
    }
    said.position = region.querySelector('.position').textContent;
    said.heads = (await open(region, fileOf(recordings.connections(100))), look(region, 'Ladder')).panel.querySelectorAll('.ladder-heads g').length;
    return said;";

#[test]
fn what_is_left_out_of_a_recording_is_said_in_each_panel() {
    in_browser(async |browser| {
        let page = opened(browser).await?;
        let looks = json!([
            ["connections", "Ladder"],
            ["connections", "States"],
            ["channels", "States"],
            ["states", "States"],
            ["candidates", "Candidates"],
            ["descriptions", "SDP"],
            ["lines", "SDP"],
        ]);
        let script = NOTES.replace("arguments_", &looks.to_string());
        let said = with_recordings(&page, &script).await?;
        let gone = "15000 events of this long run are gone, old messages first.";
        for (look, part) in [
            ("connections, Ladder", gone),
            (
                "connections, Ladder",
                "4600 earlier rows are not in the table.",
            ),
            (
                "connections, States",
                "4900 earlier connections are not kept here: the ladder has them.",
            ),
            (
                "channels, States",
                "4800 earlier channels are not kept here: the ladder has them.",
            ),
            ("connections, States", "320 earlier lanes are not drawn."),
            ("states, States", "The first 400 of 1003 rows."),
            (
                "states, States",
                "Of a lane, the newest 60 states are drawn.",
            ),
            (
                "candidates, Candidates",
                "40 earlier connections are not shown here: the ladder has them.",
            ),
            (
                "descriptions, SDP",
                "earlier descriptions are not in the list.",
            ),
            ("lines, SDP", "The first 3000 lines are shown, and"),
        ] {
            assert!(
                said[look].to_string().contains(part),
                "{look} should say {part:?}: {said:#}"
            );
        }
        assert_eq!(said["position"], "From a file: event 4 of 4");
        let own_columns = 24;
        assert_eq!(
            said["heads"],
            own_columns + 1,
            "one column for all earlier ones"
        );
        Ok(())
    });
}

/// How long the model, the diagnosis, the rows and the comparison of descriptions take of so many events, and of sixteen times as many.
const RATIOS: &str = "const [{ eventsOf }, { modelOf }, { diagnose }, { rowsOf }, { compare }] = await Promise.all(
        ['events.js', 'instruments/model/model.js', 'instruments/diagnosis/diagnosis.js', 'instruments/model/rows.js', 'instruments/model/sdp-compare.js'].map(at));
    const best = (act) => Math.min(...list(5, () => {
        const began = performance.now();
        act();
        return performance.now() - began;
    }));
    const work = {
        compare: (count) => {
            const [own, other] = [0, 1].map((side) => list(count, (k) => `a=x${2 * k + side}:1`));
            return () => compare(own, other);
        },
        ...Object.fromEntries(Object.entries(recordings).map(([name, make]) => [name, (count) => {
            const events = eventsOf(make(count));
            return () => (rowsOf(events), diagnose(modelOf(events), 1e6));
        }])),
    };
    return Object.entries(work).map(([name, prepare]) => [name, ...[1_250, 20_000].map((count) => best(prepare(count)))]);";

#[test]
fn sixteen_times_as_much_takes_nowhere_near_the_square_of_that() {
    in_browser(async |browser| {
        let page = opened(browser).await?;
        let measured = with_recordings(&page, RATIOS).await?;
        let measured: Vec<(String, f64, f64)> =
            serde_json::from_value(measured.clone()).with_context(|| measured.to_string())?;
        for (name, once, sixteen) in measured {
            // Caches and collections of garbage make it more than sixteen; the square is 256. Times of less than 4 ms say little.
            assert!(
                sixteen < 64.0 * once.max(4.0),
                "{name}: {once} and {sixteen} ms"
            );
        }
        Ok(())
    });
}

/// Characters that hide, in everything that a recording names; then all that any panel shows of it.
const HIDDEN: &str = "const hidden = '\\u202e\\u200b\\u0007';
    const name = `evil${hidden}live`;
    const events = [
        { type: 'new', on: 'pc1', at: 1 }, { type: 'new', on: 'ws1', text: name, at: 1 }, { type: 'new', on: 'ch1', of: 'pc1', side: 'remote', text: name, at: 1 },
        { type: 'message', on: 'ws1', side: 'in', text: `/announce|${name}|{\"id\":\"${name}\"}`, at: 2 }, { type: 'message', on: 'ch1', side: 'in', text: name, at: 3 },
        { type: 'state', on: 'pc1', name: 'ice', value: name, at: 4 }, { type: 'state', on: 'ch1', name: 'channel', value: name, at: 4 },
        { type: 'call', on: 'pc1', name, at: 5 }, { type: 'failed', on: 'pc1', name, value: name, text: name, at: 5 },
        { type: 'candidate', on: 'pc1', text: `candidate:${name} 1 udp 1 ${name} 9 typ ${name}`, mid: name, at: 6 },
        ...[0, 1].map((k) => call(k, 'pc1', 'setLocalDescription', { value: name, text: `v=0\\r\\ns=${name}\\r\\nm=${name} 9 x ${name}\\r\\na=mid:${name}\\r\\na=${name}\\r\\n` })),
    ];
    const sides = [{ id: name, name, shift: 0, uncertainty: 1, events: [{ type: 'state', on: 'pc1', name, value: name, at: 7 }] }];
    const shown = [];
    for (const some of [[], sides]) {
        look(region, 'Ladder');
        await open(region, fileOf(events, some));
        shown.push(...panels.map((panel) => look(region, panel).panel.textContent));
    }
    const texts = shown.join('');
    return [shown.map((text) => text.includes('[U+202E][U+200B][U+0007]')), [...hidden].filter((character) => texts.includes(character)).length];";

#[test]
fn characters_that_hide_are_shown_as_what_they_are_in_every_panel() {
    in_browser(async |browser| {
        let page = opened(browser).await?;
        let shown = with_recordings(&page, HIDDEN).await?;
        assert_eq!(shown, json!([vec![true; 8], 0]));
        Ok(())
    });
}

/// What is secret, in each place in which sockets could tell it.
const SECRETS: &str = "const { eventsOf } = await at('events.js');
    const { recordingOf } = await at('instruments/files/files.js');
    const events = [
        { type: 'new', on: 'ws1', text: 'ws://127.0.0.1:1/?proof=SECRET', at: 1 }, { type: 'new', on: 'ws2', text: 'ws://127.0.0.1:1/x?y=1&proof=SECRET', at: 1 },
        { type: 'failed', on: 'ws1', value: 'SyntaxError', text: \"The URL 'ws://x?proof=SECRET' is invalid.\", at: 1 },
        { type: 'message', on: 'ws1', side: 'in', text: 'primus::hello|{\"resume\":\"SECRET\",\"pingSeconds\":25}', at: 1 },
        { type: 'message', on: 'ws1', side: 'out', text: 'primus::hello|{\"resume\":\"SECRET\"}', at: 1 },
    ];
    const recording = JSON.stringify({ kind: 'creating-connections recording', version: 2, events, sides: [{ id: 'x', shift: 0, uncertainty: 1, events }] });
    const kept = [eventsOf(events), recordingOf(recording, 'x')];
    return [kept.map((one) => JSON.stringify(one).includes('SECRET')), kept[0].map(({ text }) => text)];";

#[test]
fn nothing_that_proves_who_somebody_is_gets_into_a_recording() {
    in_browser(async |browser| {
        let page = opened(browser).await?;
        let outcome = with_recordings(&page, SECRETS).await?;
        let kept = [
            "ws://127.0.0.1:1/",
            "ws://127.0.0.1:1/x?y=1",
            "The URL 'ws://x' is invalid.",
            "primus::hello",
            "primus::hello",
        ];
        assert_eq!(outcome, json!([[false, false], kept]));
        Ok(())
    });
}

/// As many statistics as a frame may send, of more connections than are drawn.
const STATS: &str = "const { createStats } = await at('instruments/panels/statistics.js');
    const { statsOf } = await at('stats.js');
    const stats = createStats();
    document.querySelector('main').prepend(stats.element);
    const fields = Object.fromEntries(list(90, (k) => [`field${k}`, k]));
    for (let n = 1; n <= 60; n += 1) {
        const reports = list(400, (k) => ({ ...fields, id: `report${k}`, type: 'transport', bytesSent: 1, bytesReceived: 1 }));
        stats.add(statsOf({ on: `pc${n}`, reports: [{ id: 't', type: 'transport', bytesSent: 1, bytesReceived: 1 }, { id: 'd', type: 'data-channel', messagesSent: 1, messagesReceived: 1 }, ...reports] }));
    }
    await stats.draw();
    chooseAll(stats.element);
    await stats.draw();
    const notes = [...stats.element.querySelectorAll('.note')].filter(({ hidden }) => !hidden).map(({ textContent }) => textContent);
    return [stats.element.querySelectorAll('.graph').length, stats.element.querySelectorAll('tbody tr').length <= 400 + 2 * 56, notes];";

#[test]
fn of_the_statistics_of_many_connections_some_are_drawn_and_the_rest_is_counted() {
    in_browser(async |browser| {
        let page = opened(browser).await?;
        let outcome = with_recordings(&page, STATS).await?;
        let graphs = "44 further graphs are not drawn.";
        let values = "23844 of 23844 values, of which the first 400 are shown; those of 49 further connections are not searched.";
        assert_eq!(outcome, json!([56, true, [graphs, values]]));
        Ok(())
    });
}
