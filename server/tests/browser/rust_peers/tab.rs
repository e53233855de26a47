//! A page with the JavaScript client in it, which notes what happens; and a Rust client for the same room.
//!
//! May import: [`harness`](crate::harness).

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result};
use quickconnect::{Builder, Event, QuickConnect};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{Browser, Page, eventually};

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Joins the room, and notes events as pairs of texts.
const JOIN: &str = "const [id, label, config] = arguments;
    window.noted = [];
    const note = (...words) => noted.push(words.join(' '));
    import('/code/quickconnect/js/index.js').then(({ default: quickconnect }) => {
        window.qc = quickconnect(location.origin, { room: 'r', id });
        if (label) qc.createDataChannel(label, config);
        for (const event of ['call:started', 'call:ended']) qc.on(event, (peer) => note(event, peer));
        qc.on('channel:opened', (peer, channel) => {
            window.channel = channel;
            channel.binaryType = 'arraybuffer';
            channel.onmessage = ({ data }) => typeof data === 'string' ? note('text', data) : note('bytes', data.byteLength);
            note('channel:opened:' + channel.label, peer);
        });
    });
    window.countInOrder = () => {
        let count = 0;
        window.channel.onmessage = ({ data }) => {
            if (new DataView(data).getUint32(0) !== count) return note('out of order', count);
            count += 1;
            noted.push('in order ' + count);
            noted.splice(0, noted.length - 1);
        };
    };
    window.sendInOrder = async (count, size) => {
        window.channel.bufferedAmountLowThreshold = 256 * 1024;
        for (let number = 0; number < count; number += 1) {
            if (window.channel.bufferedAmount > 1024 * 1024) {
                await new Promise((done) => window.channel.addEventListener('bufferedamountlow', done, { once: true }));
            }
            const message = new DataView(new ArrayBuffer(size));
            message.setUint32(0, number);
            window.channel.send(message);
        }
    };";

pub(super) struct Tab<'b>(Page<'b>);

impl<'b> Tab<'b> {
    pub(super) async fn open(browser: &'b Browser) -> Result<Self> {
        Ok(Self(browser.open("").await?))
    }

    /// Joins, and declares a data channel if `label` isn't empty.
    pub(super) async fn join(&mut self, id: &str, label: &str) -> Result<()> {
        self.join_with(id, label, json!({})).await
    }

    pub(super) async fn join_with(&mut self, id: &str, label: &str, config: Value) -> Result<()> {
        self.0
            .evaluate(JOIN, [json!(id), json!(label), config])
            .await
            .map(drop)
    }

    pub(super) async fn run(&self, script: &str) -> Result<()> {
        self.0
            .evaluate(&format!("{{ {script} }}"), [])
            .await
            .map(drop)
    }

    /// Waits until this has been noted.
    pub(super) async fn has(&self, event: &str, detail: &str) -> Result<()> {
        let note = json!(format!("{event} {detail}"));
        eventually(async || {
            let has = self
                .0
                .evaluate("return noted.includes(arguments[0])", [note.clone()])
                .await?;
            Ok((has == json!(true)).then_some(()))
        })
        .await
        .with_context(|| format!("the tab should note {note}"))
    }

    /// As a browser does it whose user has not let the page use a device. This one lets every page.
    pub(super) async fn hide_addresses(&self) -> Result<()> {
        for name in ["camera", "microphone"] {
            let denied = json!({ "permission": { "name": name }, "setting": "denied" });
            self.0.ask_chromium("Browser.setPermission", denied).await?;
        }
        Ok(())
    }

    /// Notes the address of each host candidate that it sends from now on. That which a STUN server saw is no secret.
    pub(super) async fn note_candidates(&self) -> Result<()> {
        self.run(
            "window.addresses = [];
            window.sent = [];
            const send = WebSocket.prototype.send;
            WebSocket.prototype.send = function (frame) {
                const candidate = /\"candidate:.*? udp \\d+ (\\S+) \\d+ typ host/i.exec(frame);
                if (candidate) addresses.push(candidate[1]);
                sent.push(String(frame).slice(0, 200));
                return send.call(this, frame);
            };",
        )
        .await
    }

    /// Those that were noted, once there are some: a call may start before the first is sent.
    pub(super) async fn addresses(&self) -> Result<Vec<String>> {
        let mut sent = Value::Null;
        let noted = eventually(async || {
            sent = self.0.evaluate("return sent", []).await?;
            let addresses = self.0.evaluate("return addresses", []).await?;
            let addresses: Vec<String> = serde_json::from_value(addresses)?;
            Ok((!addresses.is_empty()).then_some(addresses))
        });
        noted
            .await
            .with_context(|| format!("the tab should send a candidate, and sends {sent:#}"))
    }

    /// The page stays, because a browser without its current tab takes no orders.
    pub(super) async fn leave(self) -> Result<()> {
        self.run("qc.close()").await
    }

    /// Its process ends without a word. The driver has nobody to answer it then, and says so.
    pub(super) async fn kill(self) {
        let crash = self.0.ask_chromium("Page.crash", json!({}));
        let _ = timeout(Duration::from_secs(2), crash).await;
    }
}

/// A Rust client for the tab's room.
pub(super) fn rust(browser: &Browser, id: &str) -> Builder {
    QuickConnect::builder(browser.origin.as_str())
        .room("r")
        .id(id)
        .addresses(vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))])
}

/// The next event that `pick` has a use for.
pub(super) async fn next<T>(
    rust: &mut QuickConnect,
    pick: impl Fn(Event) -> Option<T>,
) -> Result<T> {
    let picked = async {
        loop {
            let event = rust.next().await.context("the client goes on")?;
            if let Some(picked) = pick(event) {
                return Ok(picked);
            }
        }
    };
    timeout(PATIENCE, picked)
        .await
        .context("nothing came from the tab")?
}

/// What a client has been told by now, for the message of a test that fails.
pub(super) async fn told(rust: &mut QuickConnect) -> Vec<Event> {
    let mut events = Vec::new();
    while let Ok(Some(event)) = timeout(Duration::from_secs(1), rust.next()).await {
        events.push(event);
    }
    events
}
