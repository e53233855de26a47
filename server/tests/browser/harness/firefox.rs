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

/// How often it draws, in a second: half as often as on most screens. To draw is a quarter of what the tests take of the processors.
const FRAME_RATE: (&str, u32) = ("layout.frame_rate", 30);

/// Whether pages have WebRTC.
pub(super) const WEBRTC: &str = "media.peerconnection.enabled";
/// Whether pages get made-up names in place of addresses.
pub(super) const MADE_UP_NAMES: &str = "media.peerconnection.ice.obfuscate_host_addresses";

/// As it comes, with one preference switched off if that is named.
pub(super) fn capabilities(switched_off: Option<&str>) -> Result<Capabilities> {
    let mut capabilities = DesiredCapabilities::firefox();
    capabilities.set_headless()?;
    capabilities.set_firefox_binary(&driver::firefox()?)?;
    let mut preferences = FirefoxPreferences::new();
    for name in PREFERENCES {
        preferences.set(name, true)?;
    }
    let (name, frames) = FRAME_RATE;
    preferences.set(name, frames)?;
    if let Some(name) = switched_off {
        preferences.set(name, false)?;
    }
    capabilities.set_preferences(preferences)?;
    Ok(capabilities.into())
}
