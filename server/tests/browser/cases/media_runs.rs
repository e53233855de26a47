//! Of the demos of a page, one makes pictures or sounds at a time, and its picture stays in sight while one reads what it logs.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use thirtyfour::Key;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, Page, eventually, in_browser_of};
use crate::pages::demo::Demo;

/// A page with pictures, with a voice, and with a demo that has neither.
const PAGE: &str = "media/without-a-camera.html";
const CANVAS: &str = "camera-canvas.js";
const AGE: &str = "camera-age.js";
const TICKS: &str = "camera-ticks.js";

/// Sends no picture, though it asks for one: there is no track to send.
const NEGOTIATES: &str = "const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
a.addTransceiver('video');
await a.setLocalDescription();
b.ontrack = () => console.log('a track without pictures');
await b.setRemoteDescription(a.localDescription);
console.log('negotiated');";

async fn the_later_one_stays(browser: &Browser) -> Result<()> {
    let page = browser.open(PAGE).await?;
    let [ticks, canvas, age] = [
        page.demo(TICKS).await?,
        page.demo(CANVAS).await?,
        page.demo(AGE).await?,
    ];
    ticks.run_code(NEGOTIATES).await?;
    ticks.logs("negotiated").await?;
    canvas.run().await?;
    canvas.logs("1 s: painted").await?;
    age.run().await?;
    canvas.says("Stopped: camera-age.js runs now").await?;
    canvas.becomes("idle").await?;
    assert_eq!(canvas.frames().await?, 0);
    age.logs(" ms old").await?;
    assert_eq!(age.state().await?, "running");
    // Neither was it stopped, nor has it stopped another one.
    assert_eq!(ticks.state().await?, "running");
    canvas.run().await?;
    age.says("Stopped: camera-canvas.js runs now").await?;
    canvas.logs("1 s: painted").await?;
    assert_eq!(ticks.state().await?, "running");
    Ok(())
}

#[test]
fn a_demo_with_a_picture_stops_the_one_before_and_no_demo_without() {
    in_browser_of(Chromium, the_later_one_stays);
}

#[test]
fn a_demo_with_a_picture_stops_the_one_before_and_no_demo_without_in_firefox() {
    in_browser_of(Firefox, the_later_one_stays);
}

/// An audio context, of which connections and elements know nothing.
const SOUND: &str = "new AudioContext();\nconsole.log('made', AudioContext.prototype.constructor === AudioContext, AudioContext.name);";

#[test]
fn a_sound_stops_a_picture() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.open(PAGE).await?;
        let [ticks, canvas] = [page.demo(TICKS).await?, page.demo(CANVAS).await?];
        canvas.run().await?;
        canvas.logs("1 s: painted").await?;
        ticks.run_code(SOUND).await?;
        ticks.logs("made true AudioContext").await?;
        canvas.says("Stopped: camera-ticks.js runs now").await?;
        assert_eq!(ticks.state().await?, "running");
        Ok(())
    });
}

/// Screens on which the console is below the frame, the second one a phone.
const NARROW: [(u32, u32, bool); 2] = [(900, 700, false), (390, 844, true)];

/// Has a picture, and tells how often it is drawn: browsers draw nothing of what is out of sight.
const DRAWN: &str = "import { testCard } from 'test-media';
const srcObject = new MediaStream([testCard({ width: 320, height: 180, fps: 10 })]);
const video = Object.assign(document.createElement('video'), { width: 320, height: 180, muted: true, srcObject });
document.body.append(video);
await video.play();
let drawn = 0;
requestAnimationFrame(function next() {
  drawn += 1;
  requestAnimationFrame(next);
});
let counted = 0;
setInterval(() => {
  counted += 1;
  console.log(`${counted}: ${drawn > 0 ? 'drawn' : 'not drawn'}`);
  drawn = 0;
}, 1000);";

/// How much of the small view is in the window, whether it has its button, and where console, code and status of the demo are in the document.
const PLACES: &str = "const [view, log, code, status] = ['.demo-view', '[role=log]', '.demo-editor', '.demo-status'].map((one) => arguments[0].querySelector(one));
    const box = view.getBoundingClientRect();
    const isWhole = box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
    const frame = arguments[0].querySelector('iframe');
    const isSmall = view.checkVisibility({ visibilityProperty: true });
    return { isSmall, isWhole, isDrawnSmaller: frame !== null && frame.style.transform !== '',
        places: [log, code, status].map((one) => Math.round(one.getBoundingClientRect().bottom + scrollY)) };";

/// Leads the window to the console, so that the frame is above it.
const READ_ON: &str =
    "arguments[0].querySelector('[role=log]').scrollIntoView({ block: 'start' });";

/// Clears the console, from wherever the window is.
const CLEAR: &str = "arguments[0].querySelector('[aria-label=\"Clear console\"]').click();";

/// What [`PLACES`] says, once the view is small or not.
async fn places(page: &Page<'_>, demo: &Demo<'_>, is_small: bool) -> Result<serde_json::Value> {
    let mut seen = json!(null);
    let is_so = eventually(async || {
        seen = page.evaluate(PLACES, [demo.region.to_json()?]).await?;
        Ok((seen["isSmall"] == json!(is_small)).then_some(()))
    });
    is_so
        .await
        .with_context(|| format!("the picture should be small: {is_small}; it is {seen}"))?;
    ensure!(seen["isDrawnSmaller"] == json!(is_small), "{seen}");
    ensure!(!is_small || seen["isWhole"] == json!(true), "{seen}");
    Ok(seen["places"].clone())
}

async fn stays_in_sight(browser: &Browser) -> Result<()> {
    let page = browser.new_tab().await?;
    for (width, height, is_phone) in NARROW {
        page.become_screen(width, height, is_phone).await?;
        page.go_to(PAGE).await?;
        let demo = page.demo(CANVAS).await?;
        demo.run_code(DRAWN).await?;
        // Where the frame is not in the window yet, nothing is drawn.
        demo.logs("1: ").await?;
        let region = [demo.region.to_json()?];
        page.evaluate(
            "arguments[0].querySelector('.demo-status').scrollIntoView();",
            region.clone(),
        )
        .await?;
        let before = places(&page, &demo, false).await?;
        page.evaluate(READ_ON, region.clone()).await?;
        let after = places(&page, &demo, true).await?;
        assert_eq!(after, before, "at {width} px something has moved");
        page.fits_its_width().await?;
        // What was counted before it was small may be of the picture in its place.
        page.evaluate(CLEAR, region.clone()).await?;
        demo.console().has(": drawn", 3).await?;
        // By keyboard, and for the rest of the page.
        page.evaluate(
            "arguments[0].querySelector('.demo-view > button').focus({ preventScroll: true });",
            region.clone(),
        )
        .await?;
        page.press_key(Key::Enter).await?;
        demo.says("Pictures of this page stay in their places")
            .await?;
        assert_eq!(page.focused().await?, "Console of camera-canvas.js");
        assert_eq!(places(&page, &demo, false).await?, before);
        demo.stop().await?;
        demo.run().await?;
        demo.logs("1: ").await?;
        page.evaluate(READ_ON, region).await?;
        places(&page, &demo, false).await?;
        demo.stop().await?;
    }
    Ok(())
}

#[test]
fn below_its_picture_one_goes_on_seeing_it_also_on_a_phone() {
    in_browser_of(Chromium, stays_in_sight);
}

#[test]
fn beside_the_code_it_stays_in_the_box_of_the_result() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.new_tab().await?;
        page.become_screen(1366, 500, false).await?;
        page.go_to(PAGE).await?;
        let demo = page.demo(CANVAS).await?;
        demo.run_code(DRAWN).await?;
        demo.logs("1: ").await?;
        demo.open_instruments().await?;
        let region = [demo.region.to_json()?];
        page.evaluate("arguments[0].scrollIntoView();", region.clone())
            .await?;
        places(&page, &demo, false).await?;
        page.evaluate(
            "arguments[0].querySelector('.demo-result').scrollTop = 10_000;",
            region,
        )
        .await?;
        places(&page, &demo, true).await?;
        Ok(())
    });
}

#[test]
fn a_demo_without_a_picture_keeps_nothing_in_sight() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.new_tab().await?;
        page.become_screen(390, 844, true).await?;
        page.go_to(PAGE).await?;
        let demo = page.demo(TICKS).await?;
        let code = "document.body.append(document.createElement('video'));\nfor (let i = 1; i <= 20; i += 1) document.body.append(`line ${i}`, document.createElement('br'));\nconsole.log('written');";
        demo.run_code(code).await?;
        demo.logs("written").await?;
        demo.shows_content().await?;
        page.evaluate(READ_ON, [demo.region.to_json()?]).await?;
        // A look at the pictures comes with each ping, twice a second.
        demo.run_code(&format!(
            "{code}\nsetTimeout(() => console.log('later'), 2000);"
        ))
        .await?;
        page.evaluate(READ_ON, [demo.region.to_json()?]).await?;
        demo.logs("later").await?;
        places(&page, &demo, false).await?;
        Ok(())
    });
}
