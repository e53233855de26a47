//! One browser session with a profile of its own, and the pages open in it. May import [`chromedriver`].
//!
//! What only Chromium has is here and nowhere else: its arguments, its logs, and [`Page::ask_chromium`].

use std::net::SocketAddr;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use thirtyfour::{BrowserLogEntry, ChromeCapabilities, LoggingPrefsLogLevel};

use super::chromedriver;

/// It starts as root in a container, and nothing of its own goes to the network: what it asks of its maker all the same ends
/// at a proxy that isn't there. Loopback addresses need no proxy.
const ARGUMENTS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--proxy-server=127.0.0.1:9",
];

/// A browser, and the origin of the server it talks to.
pub(crate) struct Browser {
    driver: WebDriver,
    pub(crate) origin: String,
    /// Removed with the session.
    _profile: TempDir,
}

impl Browser {
    pub(super) async fn start(server: SocketAddr) -> Result<Self> {
        let profile = TempDir::with_prefix_in("browser-", env!("CARGO_TARGET_TMPDIR"))?;
        let driver = WebDriver::new(chromedriver::url()?, capabilities(&profile)?).await;
        let driver = driver.context(chromedriver::HOW_TO_INSTALL)?;
        Ok(Self {
            driver,
            origin: format!("http://{server}"),
            _profile: profile,
        })
    }

    pub(super) async fn quit(self) -> Result<()> {
        Ok(self.driver.quit().await?)
    }

    /// Opens a page of the book in a new tab.
    pub(crate) async fn open(&self, path: &str) -> Result<Page<'_>> {
        let page = self.new_tab().await?;
        page.go_to(path).await?;
        Ok(page)
    }

    /// Opens an empty tab.
    pub(crate) async fn new_tab(&self) -> Result<Page<'_>> {
        Ok(Page {
            browser: self,
            window: self.driver.new_tab().await?,
        })
    }

    /// Follows what opens a new tab, and returns that tab.
    pub(crate) async fn tab_opened_by(
        &self,
        act: impl AsyncFnOnce() -> Result<()>,
    ) -> Result<Page<'_>> {
        let before = self.driver.windows().await?;
        act().await?;
        let window = super::eventually(async || {
            let windows = self.driver.windows().await?;
            Ok(windows.into_iter().find(|window| !before.contains(window)))
        });
        Ok(Page {
            browser: self,
            window: window.await.context("a tab opens")?,
        })
    }

    /// What went wrong in any page, or in loading it, since this was last asked.
    pub(crate) async fn errors(&self) -> Result<Vec<String>> {
        let log = self.driver.browser_log().await?;
        let errors = log.into_iter().filter(|entry| entry.level == "SEVERE");
        Ok(errors.map(|entry| entry.message).collect())
    }

    /// The address of every request of a page since this was last asked. Frames of another origin are not among them.
    pub(crate) async fn requests(&self) -> Result<Vec<String>> {
        let events = self.driver.get_log("performance").await?;
        Ok(events.iter().filter_map(address_in).collect())
    }

    pub(super) async fn print_errors(&self) {
        eprintln!(
            "what the browser says went wrong: {:#?}",
            self.errors().await
        );
    }
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

fn capabilities(profile: &TempDir) -> Result<ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    for argument in ARGUMENTS {
        capabilities.add_arg(argument)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    // Otherwise it begins with a page of its vendor's, which asks the network.
    let begin_empty =
        json!({ "session": { "restore_on_startup": 4, "startup_urls": ["about:blank"] } });
    capabilities.add_experimental_option("prefs", begin_empty)?;
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::Severe)?;
    capabilities.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
    Ok(capabilities)
}

/// One tab. Each of its methods makes it the tab that WebDriver looks at.
pub(crate) struct Page<'b> {
    pub(crate) browser: &'b Browser,
    window: WindowHandle,
}

impl Page<'_> {
    /// The driver, looking at this tab.
    pub(crate) async fn driver(&self) -> Result<&WebDriver> {
        self.browser
            .driver
            .switch_to_window(self.window.clone())
            .await?;
        Ok(&self.browser.driver)
    }

    /// Goes to a path of the server.
    pub(crate) async fn go_to(&self, path: &str) -> Result<()> {
        Ok(self
            .driver()
            .await?
            .goto(format!("{}/{path}", self.browser.origin))
            .await?)
    }

    pub(crate) async fn reload(&self) -> Result<()> {
        Ok(self.driver().await?.refresh().await?)
    }

    pub(crate) async fn close(self) -> Result<()> {
        Ok(self.driver().await?.close_window().await?)
    }

    /// Runs a script in the page, as a function's body, and returns what it returns.
    pub(crate) async fn evaluate(
        &self,
        script: &str,
        arguments: impl Into<Vec<Value>>,
    ) -> Result<Value> {
        let result = self.driver().await?.execute(script, arguments.into()).await;
        Ok(result
            .with_context(|| format!("the script failed: {script}"))?
            .json()
            .clone())
    }

    /// A command of the Chrome DevTools Protocol.
    pub(crate) async fn ask_chromium(&self, command: &str, parameters: Value) -> Result<()> {
        self.driver()
            .await?
            .cdp()
            .send_raw(command, parameters)
            .await?;
        Ok(())
    }
}
