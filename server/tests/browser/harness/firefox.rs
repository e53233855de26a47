//! What only Firefox has: its preferences. May import [`driver`](super::driver).

use anyhow::Result;
use thirtyfour::Capabilities;
use thirtyfour::common::capabilities::firefox::FirefoxPreferences;
use thirtyfour::prelude::*;

use super::driver;

/// Its camera and microphone are made up, and are not asked for.
const PREFERENCES: [&str; 2] = [
    "media.navigator.streams.fake",
    "media.navigator.permission.disabled",
];

pub(super) fn capabilities(has_webrtc: bool) -> Result<Capabilities> {
    let mut capabilities = DesiredCapabilities::firefox();
    capabilities.set_headless()?;
    capabilities.set_firefox_binary(&driver::firefox()?)?;
    let mut preferences = FirefoxPreferences::new();
    for name in PREFERENCES {
        preferences.set(name, true)?;
    }
    preferences.set("media.peerconnection.enabled", has_webrtc)?;
    capabilities.set_preferences(preferences)?;
    Ok(capabilities.into())
}
