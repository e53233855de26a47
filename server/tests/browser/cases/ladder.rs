//! The ladder stays readable and bounded, however much happens and however little room there is.

use anyhow::{Context, Result};
use serde_json::json;

use crate::harness::{Page, eventually, in_browser};
use crate::pages::CHAPTER;

const BUSY_ROOM: &str = include_str!("ladder/busy-room.js");

/// What one recording keeps.
const MAX_EVENTS: usize = 5_000;

/// Runs a script in the busy room, whose parts stay in `room` for the next one.
async fn begin(page: &Page<'_>) -> Result<()> {
    let script = format!(
        "const done = arguments[0]; (async () => {{ {BUSY_ROOM}; globalThis.room = {{ recording, feed, place }}; }})().then(() => done(''), (error) => done(String(error)));"
    );
    assert_eq!(page.evaluate_async(&script).await?, json!(""));
    Ok(())
}

/// Lets so many things happen, and waits until the ladder has drawn the last of them.
async fn feed(page: &Page<'_>, count: usize) -> Result<()> {
    page.evaluate("room.feed(arguments[0])", [json!(count)])
        .await?;
    let is_drawn = "const { recording, place } = room;
        const last = recording.events.at(-1).at.toFixed(1);
        return [...place.querySelectorAll('.row .time')].some(({ textContent }) => textContent === last);";
    eventually(async || Ok((page.evaluate(is_drawn, []).await? == json!(true)).then_some(()))).await
}

#[test]
fn a_flood_of_events_leaves_memory_and_drawing_bounded_and_says_what_is_gone() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        begin(&page).await?;
        for _ in 0..2 {
            feed(&page, MAX_EVENTS).await?;
        }
        let before = page.heap_in_use().await?;
        for _ in 0..4 {
            feed(&page, MAX_EVENTS).await?;
        }
        // One collection does not always find all that is free.
        let mut after = 0;
        let is_full = eventually(async || {
            after = page.heap_in_use().await?;
            Ok((after * 10 < before * 11).then_some(()))
        });
        is_full.await.with_context(|| {
            format!("the heap should grow no further once the ring is full: {before} and then {after} bytes")
        })?;
        let state = "const { recording, place } = room;
            return [recording.events.length, recording.dropped, place.querySelectorAll('.row').length < 60,
                place.querySelector('.position').textContent.includes(`without ${recording.dropped} that are gone`),
                place.querySelector('.note:not([hidden]):has(+ .ladder-box)').textContent];";
        let gone = 9 + 5 * MAX_EVENTS;
        let note = format!("{gone} events of this long run are gone, old messages first.");
        assert_eq!(
            page.evaluate(state, []).await?,
            json!([MAX_EVENTS, gone, true, true, note])
        );
        Ok(())
    });
}

/// After the ladder was scrolled to its middle: whether heads are still at the top of its box, how many rows are drawn in what is to
/// be seen, and the labels and heads that are wider than their room.
const LOOK: &str = "const { place } = room;
    const box = place.querySelector('.ladder-box');
    const [edge, heads] = [box, box.querySelector('.ladder-heads')].map((one) => one.getBoundingClientRect());
    const seen = [...box.querySelectorAll('.row')].filter((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return bottom > edge.top && top < edge.bottom;
    });
    const tooWide = seen.filter((row) => {
        const room = row.querySelector('.mark, .arrow').getBBox().width;
        return [...row.querySelectorAll('.label')].some((label) => label.getComputedTextLength() > room);
    });
    const isCut = (row) => row.querySelector('title').textContent.includes('longer than any') && row.textContent.includes('…');
    return [Math.abs(heads.top - edge.top) < 2, seen.length > 8, tooWide.map(({ textContent }) => textContent), seen.some(isCut)];";

#[test]
fn heads_stay_in_sight_and_labels_in_their_boxes_on_a_phone_and_on_a_desk() {
    in_browser(async |browser| {
        for is_phone in [true, false] {
            let page = browser.new_tab().await?;
            if is_phone {
                page.become_phone(320).await?;
            }
            page.go_to(CHAPTER).await?;
            begin(&page).await?;
            feed(&page, 300).await?;
            let scroll = "const box = room.place.querySelector('.ladder-box'); box.scrollTop = box.scrollHeight / 2;";
            page.evaluate(scroll, []).await?;
            eventually(async || {
                let look = page.evaluate(LOOK, []).await?;
                Ok((look == json!([true, true, [], true])).then_some(()))
            })
            .await
            .map_err(|error| error.context(format!("phone: {is_phone}")))?;
            page.fits_its_width().await?;
        }
        Ok(())
    });
}

/// What a page that is printed shows of the ladder.
const PRINTED: &str = "dispatchEvent(new Event('beforeprint'));
    const all = room.place.querySelectorAll('.row').length;
    dispatchEvent(new Event('afterprint'));
    return [all, room.place.querySelectorAll('.row').length < 60];";

#[test]
fn all_rows_are_printed_and_only_those_in_sight_are_drawn() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        begin(&page).await?;
        feed(&page, 300).await?;
        // Of the nine events before, four are channels of our own making, which have no row.
        let printed = page.evaluate(PRINTED, []).await?;
        assert_eq!(printed, json!([305, true]));
        Ok(())
    });
}
