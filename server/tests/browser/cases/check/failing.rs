//! Each failure has its sentence, and what to do where that is known.

use anyhow::{Result, ensure};
use server::config::{Relay, Settings};

use super::{ALL, CONNECTED, MEDIA, START_MEDIA, check, open_with, outcome, press, with_settings};
use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, in_browser, in_browser_of};
use crate::pages::CHECK;

/// What needs the server's STUN and TURN.
const SERVED: [&str; 3] = ["STUN over UDP", "A relay over UDP", "A relay over TCP"];

#[test]
fn where_the_server_has_no_turn_that_was_not_tried_and_all_else_works() {
    let settings = Settings {
        relay: Relay {
            no_turn: true,
            ..Relay::default()
        },
        ..Settings::default()
    };
    with_settings(Chromium, settings, async |browser| {
        let page = browser.open(CHECK).await?;
        let shown = check(&page).await?;
        for name in ALL.into_iter().filter(|name| !SERVED.contains(name)) {
            shown.is(name, "works", "")?;
        }
        for name in SERVED {
            shown.is(name, "untried", "The server names none")?;
        }
        let expected = "All that was tried works. Not tried: STUN over UDP, A relay over UDP, A relay over TCP.";
        assert_eq!(shown.status, expected);
        Ok(())
    });
}

#[test]
fn firefox_says_why_it_uses_no_server_on_its_own_machine() {
    in_browser_of(Firefox, async |browser| {
        let page = browser.open(CHECK).await?;
        let shown = check(&page).await?;
        for name in SERVED {
            shown.is(name, "untried", "Firefox uses no server at an address")?;
        }
        for name in ["WebSocket", "The clock", "A direct connection"] {
            shown.is(name, "works", "")?;
        }
        Ok(())
    });
}

/// Opens the page with something done to it, and checks what some rows say then.
async fn says(browser: &Browser, script: &str, rows: &[(&str, &str)]) -> Result<String> {
    let page = open_with(browser, script).await?;
    let shown = check(&page).await?;
    for (name, words) in rows {
        shown.is(name, "fails", words)?;
    }
    for (name, _) in rows {
        ensure!(shown.status.contains(name), "{shown:?}");
    }
    page.close().await?;
    Ok(shown.status)
}

#[test]
fn a_browser_without_webrtc_or_without_websocket_is_told_so() {
    in_browser(async |browser| {
        let without =
            "delete globalThis.RTCPeerConnection; delete globalThis.webkitRTCPeerConnection;";
        let rows = CONNECTED.map(|name| (name, "This browser has no WebRTC"));
        says(browser, without, &rows).await?;
        let rows = [("WebSocket", "This browser has no WebSocket.")];
        let status = says(browser, "delete globalThis.WebSocket;", &rows).await?;
        ensure!(status.contains("peers do not find each other"), "{status}");
        Ok(())
    });
}

/// A page whose server is another one: it has no proof, lends nothing, and takes no WebSocket.
const ELSEWHERE: &str = "globalThis.WebSocket = class extends WebSocket {
        constructor() { super(`${location.origin.replace('http', 'ws')}/nowhere`); }
    };
    const { fetch: ask } = globalThis;
    globalThis.fetch = async (url, options) => String(url).endsWith('/ice') ? new Response('', { status: 404 }) : ask(url, options);";

#[test]
fn a_page_that_is_served_without_the_server_says_so() {
    in_browser(async |browser| {
        let rows = [("WebSocket", "It does not open, although this page came.")];
        says(browser, ELSEWHERE, &rows).await?;
        let bare = format!(
            "{ELSEWHERE} addEventListener('DOMContentLoaded', () => document.querySelector('meta[name=guidebook-proof]').remove());"
        );
        let page = open_with(browser, &bare).await?;
        let shown = check(&page).await?;
        shown.is("WebSocket", "fails", "served without the signaling server")?;
        for name in SERVED {
            shown.is(name, "untried", "served without STUN and TURN")?;
        }
        Ok(())
    });
}

#[test]
fn a_clock_that_is_wrong_is_told_so() {
    in_browser(async |browser| {
        let fast = "const { now } = Date; Date.now = () => now() + 5 * 60_000;";
        says(browser, fast, &[("The clock", "differ by 5 min")]).await?;
        Ok(())
    });
}

/// A page whose server lends what a function makes of an address.
fn lending(change: &str) -> String {
    format!(
        "const {{ fetch: ask }} = globalThis;
        globalThis.fetch = async (url, options) => {{
            const response = await ask(url, options);
            if (!String(url).endsWith('/ice')) return response;
            const {{ iceServers }} = await response.json();
            const change = {change};
            return Response.json({{ iceServers: iceServers.map((server) => change({{ ...server, urls: [server.urls].flat() }})) }});
        }};"
    )
}

#[test]
fn where_no_udp_passes_a_relay_over_tcp_is_shown_to_work() {
    in_browser(async |browser| {
        // Above the ports that systems choose by themselves.
        let nowhere = lending(
            "(server) => ({ ...server, urls: server.urls.map((url) => url.endsWith('tcp') ? url : url.replace(/:\\d+(?=$|\\?)/, ':65535')) })",
        );
        let rows = [
            ("STUN over UDP", "127.0.0.1:65535 does not answer."),
            ("A relay over UDP", "127.0.0.1:65535 does not answer."),
        ];
        let status = says(browser, &nowhere, &rows).await?;
        ensure!(
            status.contains("Calls that need a relay go over TCP"),
            "{status}"
        );
        Ok(())
    });
}

#[test]
fn a_relay_that_refuses_says_why_and_has_shown_that_udp_passes() {
    in_browser(async |browser| {
        let forged = lending("(server) => ({ ...server, credential: 'wrong' })");
        let page = open_with(browser, &forged).await?;
        let shown = check(&page).await?;
        shown.is("STUN over UDP", "works", "")?;
        for name in ["A relay over UDP", "A relay over TCP"] {
            shown.is(
                name,
                "fails",
                "does not take the user name and the password",
            )?;
        }
        ensure!(
            shown
                .status
                .contains("Peers that can't reach each other directly will not be connected."),
            "{shown:?}"
        );
        Ok(())
    });
}

#[test]
fn what_a_server_lends_is_shown_as_text_whatever_it_is() {
    in_browser(async |browser| {
        let strange = lending(
            "(server) => ({ ...server, urls: server.urls.map((url) => url.replace('127.0.0.1', '<img/src=x>').replace('/', '')) })",
        );
        let page = open_with(browser, &strange).await?;
        let shown = check(&page).await?;
        for name in SERVED {
            shown.is(name, "fails", "")?;
        }
        assert_eq!(page.count(".device-check img").await?, 0);
        Ok(())
    });
}

/// What the request for camera and microphone fails with, and what is said of it.
const MEDIA_ERRORS: [(&str, &str); 4] = [
    ("NotAllowedError", "They were refused"),
    ("NotReadableError", "can not be opened"),
    ("NotFoundError", "There is no camera and no microphone."),
    ("InvalidStateError", "The browser does not give them."),
];

#[test]
fn why_camera_and_microphone_are_not_given_is_said() {
    in_browser(async |browser| {
        for (error, words) in MEDIA_ERRORS {
            let refuse = format!(
                "MediaDevices.prototype.getUserMedia = async () => {{ throw new DOMException('', '{error}'); }};"
            );
            let page = open_with(browser, &refuse).await?;
            press(&page, START_MEDIA).await?;
            outcome(&page).await?.is(MEDIA, "fails", words)?;
            page.close().await?;
        }
        let without = "delete Navigator.prototype.mediaDevices;";
        let page = open_with(browser, without).await?;
        press(&page, START_MEDIA).await?;
        let shown = outcome(&page).await?;
        shown.is(MEDIA, "fails", "no camera and no microphone for this page")
    });
}

#[test]
fn of_camera_and_microphone_one_is_enough() {
    in_browser(async |browser| {
        let deaf = "const { getUserMedia } = MediaDevices.prototype;
            MediaDevices.prototype.getUserMedia = async function (request) {
                if (request.audio) throw new DOMException('', 'NotFoundError');
                return getUserMedia.call(this, request);
            };";
        let page = open_with(browser, deaf).await?;
        press(&page, START_MEDIA).await?;
        let shown = outcome(&page).await?;
        shown.is(MEDIA, "works", "was given the camera")?;
        shown.is(MEDIA, "works", "There is no microphone.")
    });
}
