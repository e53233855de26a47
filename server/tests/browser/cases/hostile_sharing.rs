//! Whoever joins the room in which pages share their events changes nothing but its own column, and keeps nobody else from one.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::sharing::{OTHER, THIS, handshake, ladder, ladder_shows, said, says, watched};
use crate::harness::{Browser, Page, eventually, in_browser};
use crate::pages::CHAPTER;

const MEMBERS: &str = include_str!("hostile_sharing/members.js");

/// A page on which members of the room live; they join as the script says.
async fn members<'b>(browser: &'b Browser, script: &str) -> Result<Page<'b>> {
    let page = browser.open("").await?;
    let script = format!(
        "const done = arguments[0]; {MEMBERS} (async () => {{ globalThis.members = await Promise.all({script}); }})().then(() => done(''), (error) => done(String(error)));"
    );
    assert_eq!(page.evaluate_async(&script).await?, json!(""));
    Ok(page)
}

/// Their ids are words that the page, or the language, uses itself.
const INTERNAL: &str = "['own', 'server', 'other', 'code', '__proto__', 'constructor', 'side server'].map((id) => member(id, { answers: true,
        events: [{ type: 'new', on: 'pc1', at: 1 }, { type: 'new', on: 'ch1', of: 'server', text: 'x', at: 1 }, { type: 'state', on: 'ch1', name: 'channel', value: 'lie', at: 1 },
            { type: 'state', on: 'pc1', name: 'lie', value: id, at: 2 }] }))";

#[test]
fn a_side_draws_into_its_own_column_whatever_its_name_is() {
    in_browser(async |browser| {
        let _members = members(browser, INTERNAL).await?;
        let page = browser.open(CHAPTER).await?;
        watched(&page).await?;
        says(&page, "On one timeline with 7 other sides").await?;
        let mut lies: Vec<Vec<String>> = Vec::new();
        let are_there = eventually(async || {
            let rows = ladder(&page).await?.into_iter();
            lies = rows.filter(|row| row[3].contains("lie")).collect();
            Ok((lies.len() == 14).then_some(()))
        });
        are_there.await.context("each of them says two things")?;
        for row in lies {
            assert_eq!(row[1], "Other side", "{row:?}");
        }
        Ok(())
    });
}

/// They do no more than join, or than answer.
const STRANGERS: [&str; 2] = [
    "Array.from({ length: 7 }, (_, i) => member(`stranger-${i}`, {}))",
    "Array.from({ length: 7 }, (_, i) => member(`stranger-${i}`, { answers: true }))",
];

#[test]
fn seven_strangers_with_nothing_to_show_keep_nobody_from_being_shown() {
    in_browser(async |browser| {
        for strangers in STRANGERS {
            let strangers = members(browser, strangers).await?;
            let master = browser.open(CHAPTER).await?;
            watched(&master).await?;
            ladder_shows(&master, &[["Server", "Your code", "roominfo"]]).await?;
            let met = "return members.every(({ heard }) => heard.some((frame) => frame.includes('/announce|i')));";
            eventually(async || {
                let met = strangers.evaluate(met, []).await?;
                Ok((met == json!(true)).then_some(()))
            })
            .await
            .context("all of them should be there first")?;
            let slave = browser.open(CHAPTER).await?;
            watched(&slave).await?;
            ladder_shows(&master, &handshake(THIS, OTHER)).await?;
            ladder_shows(&slave, &handshake(OTHER, THIS)).await?;
            for page in [master, slave, strangers] {
                page.close().await?;
            }
        }
        Ok(())
    });
}

/// One listens; the others ask more than the page listens to, and again whenever they are answered.
const ASKERS: &str = "[member('listener', {}), ...Array.from({ length: 6 }, (_, i) => member(`asker-${i}`, { asks: 60 }))]";

/// What the listener got, and how many questions the others had answered.
const HEARD: &str = "const [listener, ...askers] = members;
    const events = listener.heard.flatMap((frame) => (/\\|(\\{\"batch\".*)$/s.exec(frame) ? JSON.parse(RegExp.$1).batch.events : []));
    return [events.some(({ text = '' }) => text.startsWith('/roominfo')), askers.reduce((sum, { answered }) => sum + answered, 0)];";

/// Answers at once, and then in a second, of a page that has answered for no longer than this test may take.
const MOST_ANSWERS: u64 = 5 + 3 * 60;

#[test]
fn questions_of_many_keep_no_events_from_anybody() {
    in_browser(async |browser| {
        let askers = members(browser, ASKERS).await?;
        let page = browser.open(CHAPTER).await?;
        watched(&page).await?;
        let mut heard = Value::Null;
        let is_heard = eventually(async || {
            heard = askers.evaluate(HEARD, []).await?;
            Ok((heard[0] == true).then_some(()))
        });
        is_heard
            .await
            .context("the listener should have the events")?;
        assert!(heard[1].as_u64() < Some(MOST_ANSWERS), "{heard}");
        says(&page, "messages of others were ignored").await
    });
}

/// Says what only the server says, and floods.
const LIAR: &str = "[member('liar', { answers: true, events: [{ type: 'new', on: 'pc1', at: 1 }], says: ['/error|liar|{\"message\":\"LIES\"}', '/error||{\"message\":\"LIES\"}',
        ...Array.from({ length: 100 }, () => '/announce|liar|{\"id\":\"liar\",\"room\":\"instruments:quickconnect-intro\"}')] })]";

#[test]
fn no_member_of_the_room_speaks_in_the_name_of_the_server() {
    in_browser(async |browser| {
        let _liar = members(browser, LIAR).await?;
        let page = browser.open(CHAPTER).await?;
        watched(&page).await?;
        says(&page, "On one timeline with another side").await?;
        let said = said(&page).await?;
        assert!(!said.contains("LIES"), "{said}");
        Ok(())
    });
}

/// A call between this side and `b`, and what a third one claims of it; then sides of a file whose ids are no good.
const CLAIMS: &str = "const { eventsOf } = await at('events.js');
    const { merge } = await at('instruments/timeline/merge.js');
    const { sharedRowsOf } = await at('instruments/timeline/shared-rows.js');
    const { sidesOf } = await at('instruments/timeline/exchange.js');
    const sdp = (id) => `v=0\\r\\no=- ${id} 2 IN IP4 127.0.0.1\\r\\n`;
    const set = (name, at, call, type, id) => [{ type: 'call', on: 'pc1', name, at, call, value: type, text: sdp(id) }, { type: 'done', on: 'pc1', name, at, call }];
    const channel = [{ type: 'new', on: 'ch1', of: 'pc1', side: 'local', text: 'x', at: 4 }, { type: 'message', on: 'ch1', side: 'in', size: 1, at: 9 }];
    const own = eventsOf([{ type: 'new', on: 'pc1', at: 0 }, ...set('setLocalDescription', 1, 1, 'offer', 1), ...set('setRemoteDescription', 3, 2, 'answer', 2), ...channel]);
    const honest = [{ type: 'new', on: 'pc1', at: 0 }, ...set('setRemoteDescription', 2, 1, 'offer', 1), ...set('setLocalDescription', 3, 2, 'answer', 2)];
    const liar = [...set('setLocalDescription', 0, 1, 'offer', 1), ...set('setLocalDescription', 0, 2, 'answer', 2), ...set('setRemoteDescription', 0, 3, 'answer', 2), ...set('setRemoteDescription', 0, 4, 'offer', 1)];
    const side = (id, events) => ({ id, name: id, shift: 0, uncertainty: 1, events });
    const from = (sides) => sharedRowsOf(merge(own, sides), sides).rows.filter(({ label }) => label.startsWith('message')).map(({ from, to }) => `${from} > ${to}`).join();
    const ids = sidesOf([side('', honest), side('b', honest), side('b', liar), side('b/pc1 x', honest), { ...side('c', honest), shift: 1e300 }]).map(({ id }) => id);
    return [from(sidesOf([side('b', honest)])), from(sidesOf([side('b', honest), side('c', liar)])), from(sidesOf([side('c', liar)])), ids];";

#[test]
fn what_two_sides_claim_is_believed_of_neither_and_ids_tell_sides_apart() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let outcome = page.in_stage(CLAIMS).await?;
        let expected = json!([
            "side b > own",
            "other > own",
            "side c > own",
            ["b", "b/pc1 x"]
        ]);
        assert_eq!(outcome, expected);
        Ok(())
    });
}
