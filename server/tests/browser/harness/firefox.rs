//! What only Firefox has: its preferences. May import [`driver`](super::driver).

use std::net::IpAddr;

use anyhow::Result;
use thirtyfour::Capabilities;
use thirtyfour::common::capabilities::firefox::{FirefoxCapabilities, FirefoxPreferences};
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

/// To which address all names lead.
const EVERY_NAME_IS_AT: &str = "network.dns.forceResolve";

/// As it comes, with one preference switched off if that is named.
pub(super) fn capabilities(switched_off: Option<&str>) -> Result<Capabilities> {
    let mut preferences = FirefoxPreferences::new();
    if let Some(name) = switched_off {
        preferences.set(name, false)?;
    }
    Ok(with(preferences)?.into())
}

/// With a profile that is there already, in which every name is at this address.
pub(super) fn capabilities_of(profile: &str, address: IpAddr) -> Result<Capabilities> {
    let mut preferences = FirefoxPreferences::new();
    preferences.set(EVERY_NAME_IS_AT, address)?;
    let mut capabilities = with(preferences)?;
    capabilities.add_arg("-profile")?;
    capabilities.add_arg(profile)?;
    Ok(capabilities.into())
}

fn with(mut preferences: FirefoxPreferences) -> Result<FirefoxCapabilities> {
    let mut capabilities = DesiredCapabilities::firefox();
    capabilities.set_headless()?;
    capabilities.set_firefox_binary(&driver::firefox()?)?;
    for name in PREFERENCES {
        preferences.set(name, true)?;
    }
    let (name, frames) = FRAME_RATE;
    preferences.set(name, frames)?;
    capabilities.set_preferences(preferences)?;
    Ok(capabilities)
}
