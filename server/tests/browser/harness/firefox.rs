//! What only Firefox has: its preferences. May import [`driver`](super::driver), [`browser`](super::browser).

use anyhow::Result;
use thirtyfour::Capabilities;
use thirtyfour::common::capabilities::firefox::FirefoxPreferences;
use thirtyfour::prelude::*;

use super::browser::Kind;
use super::driver;

/// Its camera and microphone are made up, and are not asked for.
const PREFERENCES: [&str; 2] = [
    "media.navigator.streams.fake",
    "media.navigator.permission.disabled",
];

pub(super) fn capabilities(kind: Kind) -> Result<Capabilities> {
    let mut capabilities = DesiredCapabilities::firefox();
    capabilities.set_headless()?;
    capabilities.set_firefox_binary(&driver::firefox()?)?;
    let mut preferences = FirefoxPreferences::new();
    for name in PREFERENCES {
        preferences.set(name, true)?;
    }
    let has_webrtc = kind != Kind::FirefoxWithoutWebRtc;
    preferences.set("media.peerconnection.enabled", has_webrtc)?;
    let hides_addresses = kind != Kind::FirefoxWithAddresses;
    preferences.set(
        "media.peerconnection.ice.obfuscate_host_addresses",
        hides_addresses,
    )?;
    capabilities.set_preferences(preferences)?;
    Ok(capabilities.into())
}
