//! Stand-in devices: a demo that asks for them has cameras and microphones that are none, and its reader chooses how they are.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, Page, eventually, in_browser_of};
use crate::pages::{CHAPTER, CREATE_OFFER};

const CAMERAS: &str = "media/cameras.html";
const DEMO: &str = "cameras-list.js";

/// Chooses how the devices are, once there is a control for it.
const CHOOSE: &str = "const select = document.getElementById(`demo-${arguments[0]}`).querySelector('.demo-devices select');
    if (select === null) return false;
    select.value = arguments[1];
    select.dispatchEvent(new Event('change'));
    return true;";

/// Says what a request comes to, and shows the picture, first small, then larger.
const ASK: &str = "const video = document.createElement('video');
document.body.append(video);
try {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 160 } });
  const [track] = stream.getVideoTracks();
  track.onended = () => console.log('ended', track.readyState);
  navigator.mediaDevices.ondevicechange = () => console.log('changed');
  Object.assign(video, { srcObject: stream, muted: true });
  await video.play();
  console.log('plays', track.label, video.videoWidth, track.getSettings().height);
  video.onresize = () => console.log('is now', video.videoWidth, video.videoHeight);
  await track.applyConstraints({ width: 320 });
} catch ({ name }) {
  console.log('failed:', name);
}";

async fn choose(page: &Page<'_>, state: &str) -> Result<()> {
    eventually(async || {
        let is_chosen = page.evaluate(CHOOSE, [json!(DEMO), json!(state)]).await?;
        Ok((is_chosen == json!(true)).then_some(()))
    })
    .await
}

async fn are_as_chosen(browser: &Browser) -> Result<()> {
    let page = browser.open(CAMERAS).await?;
    let demo = page.demo(DEMO).await?;
    demo.run_code(ASK).await?;
    demo.logs("Front camera (stand-in) is in use.").await?;
    demo.logs("plays Front camera (stand-in) 160 90").await?;
    demo.logs("is now 320 180").await?;
    // While it runs.
    choose(&page, "none").await?;
    demo.logs("ended ended").await?;
    demo.logs("changed").await?;
    demo.logs("Front camera (stand-in) is free.").await?;
    for (state, name) in [
        ("none", "NotFoundError"),
        ("denied", "NotAllowedError"),
        ("busy", "NotReadableError"),
    ] {
        choose(&page, state).await?;
        demo.run().await?;
        demo.logs(&format!("failed: {name}")).await?;
    }
    Ok(())
}

#[test]
fn stand_in_devices_are_as_their_reader_chooses_in_chromium() {
    in_browser_of(Chromium, are_as_chosen);
}

#[test]
fn stand_in_devices_are_as_their_reader_chooses_in_firefox() {
    in_browser_of(Firefox, are_as_chosen);
}

/// An error that nobody handles names the line of the request.
#[test]
fn a_request_that_fails_names_its_line() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.open(CAMERAS).await?;
        let demo = page.demo(DEMO).await?;
        demo.run_code("// The top of it.\nawait navigator.mediaDevices.getUserMedia({});")
            .await?;
        let error = demo.logs("TypeError").await?;
        ensure!(error.shown.contains("line 2"), "{error:?}");
        Ok(())
    });
}

#[test]
fn a_demo_that_asks_for_none_loads_none() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        assert_eq!(page.count(".demo-devices").await?, 0);
        let code =
            "const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
console.log('devices:', loaded.filter((name) => /devices|test-media/.test(name)).length);";
        demo.run_code(code).await?;
        demo.logs("devices: 0").await?;
        Ok(())
    });
}
