//! What only Chromium has: its arguments, and its logs. Imports nothing of this crate.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use thirtyfour::{BrowserLogEntry, Capabilities, LoggingPrefsLogLevel};

/// It starts as root in a container, and nothing of its own goes to the network: what it asks of its maker all the same ends
/// at a proxy that isn't there. Loopback addresses need no proxy, nor do those in the
/// networks that tests make. Its camera and microphone are made up, and are not asked for.
/// The list under the address bar is a page of its own, loaded with each window: that costs more than most tests do.
const ARGUMENTS: [&str; 14] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=10.77.*",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
];

/// No camera is made up.
pub(super) const WITHOUT_CAMERA: &str = "--use-fake-device-for-media-stream=device-count=0";

/// With further arguments, which stand above these.
pub(super) fn capabilities_with(profile: &TempDir, further: &[&str]) -> Result<Capabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    for argument in ARGUMENTS.iter().chain(further) {
        capabilities.add_arg(argument)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    // Otherwise it begins with a page of its vendor's, which asks the network.
    let begin_empty =
        json!({ "session": { "restore_on_startup": 4, "startup_urls": ["about:blank"] } });
    capabilities.add_experimental_option("prefs", begin_empty)?;
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::Severe)?;
    Ok(capabilities.into())
}

/// Has it log what its pages ask for, which [`requests`] reads.
pub(super) fn log_requests(capabilities: &mut Capabilities) -> Result<()> {
    let logs = capabilities.get_mut("goog:loggingPrefs");
    let logs = logs.and_then(Value::as_object_mut);
    logs.context("Chromium logs errors")?
        .insert("performance".to_owned(), json!("ALL"));
    Ok(())
}

/// What went wrong in any page, or in loading it, since this was last asked.
pub(super) async fn errors(driver: &WebDriver) -> Result<Vec<String>> {
    let log = driver.browser_log().await?;
    let errors = log.into_iter().filter(|entry| entry.level == "SEVERE");
    Ok(errors.map(|entry| entry.message).collect())
}

/// The address of every request of a page since this was last asked, of a browser that [logs them](log_requests). Frames of another origin are not
/// among them.
pub(super) async fn requests(driver: &WebDriver) -> Result<Vec<String>> {
    let events = driver.get_log("performance").await?;
    Ok(events.iter().filter_map(address_in).collect())
}

/// Forgets what pages have kept, what they were permitted, and what the logs say.
pub(super) async fn forget(driver: &WebDriver) -> Result<()> {
    let tools = driver.cdp();
    let everywhere = json!({ "origin": "*", "storageTypes": "all" });
    tools
        .send_raw("Storage.clearDataForOrigin", everywhere)
        .await?;
    tools
        .send_raw("Network.clearBrowserCache", json!({}))
        .await?;
    tools
        .send_raw("Browser.resetPermissions", json!({}))
        .await?;
    errors(driver).await?;
    Ok(())
}

/// The address in an event of the performance log, if it is of a request or of a socket.
fn address_in(event: &BrowserLogEntry) -> Option<String> {
    let event: Value = serde_json::from_str(&event.message).ok()?;
    let parameters = event.pointer("/message/params")?;
    let url = parameters
        .pointer("/request/url")
        .or(parameters.get("url"))?;
    Some(url.as_str()?.to_owned())
}
