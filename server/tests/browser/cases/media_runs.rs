//! Of the demos of a page, one makes pictures or sounds at a time.

use anyhow::Result;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, in_browser_of};

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
