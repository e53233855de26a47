//! With fourteen connections each panel fits a screen, and still leads to all of them.

use anyhow::Context;
use serde_json::{Value, json};

use crate::harness::{eventually, in_browser};
use crate::pages::{CHAPTER, CREATE_OFFER};

const SCREENS: [(u32, u32, bool); 2] = [(1366, 768, false), (390, 844, true)];

/// Seven pairs of connections, each pair connected.
const ROOM: &str = "async function connect() {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
  const channel = a.createDataChannel('chat');
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  await new Promise((resolve) => { channel.onopen = resolve; });
}
await Promise.all(Array.from({ length: 7 }, connect));
console.log('all are connected');";

/// Each panel, and what is there when it has been drawn.
const PANELS: [(&str, &str); 5] = [
    ("Ladder", ".ladder .row"),
    ("States", ".lane-state"),
    ("Candidates", ".candidates tbody tr"),
    ("SDP", ".sdp-section"),
    ("Stats", ".graph canvas"),
];

/// The height of the panel that is open, once it has been drawn, and that of the window.
const HEIGHTS: &str = "const panel = arguments[0].querySelector('.instruments [role=tabpanel]:not([hidden])');
    return panel.querySelector(arguments[1]) ? [panel.getBoundingClientRect().height, innerHeight] : null;";

/// Chooses the last connection that a panel offers, and says how many it offers.
const CHOOSE_LAST: &str = "const select = arguments[0].querySelector('.instruments [role=tabpanel]:not([hidden]) select');
    select.value = [...select.options].at(-1).value;
    select.dispatchEvent(new Event('change'));
    return [select.options.length - 1, [...select.options].at(-1).textContent];";

/// The names of the connections that a panel shows, of those that it offers.
const SHOWN: &str = "const panel = arguments[0].querySelector('.instruments [role=tabpanel]:not([hidden])');
    const names = [...panel.querySelectorAll('.panel-head, .u-title')].map(({ textContent }) => textContent.split(':')[0]);
    return [...new Set(names)];";

#[test]
fn with_fourteen_connections_each_panel_fits_a_screen_and_leads_to_all_of_them() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for (width, height, is_phone) in SCREENS {
            page.become_screen(width, height, is_phone).await?;
            page.go_to(CHAPTER).await?;
            let demo = page.demo(CREATE_OFFER).await?;
            demo.run_code(ROOM).await?;
            demo.logs("all are connected").await?;
            demo.open_instruments().await?;
            let region = demo.region.to_json()?;
            for (panel, drawn) in PANELS {
                let what = format!("{panel} at {width} px");
                demo.choose_instrument(panel).await?;
                let heights = eventually(async || {
                    let heights = page
                        .evaluate(HEIGHTS, [region.clone(), json!(drawn)])
                        .await?;
                    Ok(heights.is_array().then_some(heights))
                });
                let heights: [f64; 2] =
                    serde_json::from_value(heights.await.context(what.clone())?)?;
                assert!(heights[0] <= heights[1], "{what}: {heights:?}");
                if !["Candidates", "Stats"].contains(&panel) {
                    continue;
                }
                let last = page.evaluate(CHOOSE_LAST, [region.clone()]).await?;
                assert_eq!(last[0], json!(14), "{what}");
                let mut shown = Value::Null;
                let is_shown = eventually(async || {
                    shown = page.evaluate(SHOWN, [region.clone()]).await?;
                    Ok((shown == json!([last[1]])).then_some(()))
                });
                is_shown
                    .await
                    .with_context(|| format!("{what}: {last} is chosen, and {shown} shown"))?;
            }
        }
        Ok(())
    });
}
