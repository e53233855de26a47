//! What only WebKit has: the browser that its driver brings along. Imports nothing of this crate.
//!
//! Debian builds WebKitGTK without `RTCPeerConnection`. The engine is that of every iPhone otherwise.

use anyhow::Result;
use serde_json::json;
use thirtyfour::Capabilities;

/// Nothing is asked for: the driver knows its browser.
pub(super) fn capabilities() -> Result<Capabilities> {
    let mut capabilities = Capabilities::new();
    capabilities.set("browserName", json!("MiniBrowser"))?;
    Ok(capabilities)
}
