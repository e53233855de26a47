//! One browser session with a profile of its own, and the pages open in it.
//!
//! To start a browser costs more than most tests. So one that a passing test is done with is emptied and kept for the next test.
//!
//! May import: [`driver`], [`chromium`], [`firefox`], [`webkit`].

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;

use super::driver::{self, Driver};
use super::{chromium, firefox, webkit};

/// Which browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Chromium,
    /// A Chromium that logs what its pages ask for. That takes a twentieth of its processor, and few tests read it.
    ChromiumWithRequests,
    /// A Chromium on a machine without a camera. It has microphones.
    ChromiumWithoutCamera,
    Firefox,
    /// A Firefox that names its addresses to every page, as it does to one that may use the microphone. The others give made-up names, which
    /// Firefox looks up slowly (of two that are asked for at once both are lost for 3 s) and not reliably (when a connection closes, all that
    /// are being looked up may be forgotten). A program that hands over the candidates of one side only needs them.
    FirefoxWithAddresses,
    /// A Firefox whose reader has switched WebRTC off, as Tor Browser does.
    FirefoxWithoutWebRtc,
    /// WebKitGTK, as Debian builds it: without WebRTC.
    WebKit,
}

impl Kind {
    fn is_chromium(self) -> bool {
        matches!(
            self,
            Self::Chromium | Self::ChromiumWithRequests | Self::ChromiumWithoutCamera
        )
    }
}

/// A browser, and the origin of the server it talks to.
pub(crate) struct Browser {
    session: Session,
    pub(crate) origin: String,
    pub(crate) kind: Kind,
}

/// A browser that runs. Nobody ends the kept ones: they end with their driver.
struct Session {
    driver: WebDriver,
    /// The tab that it started with. Tests open others, so it stays empty, and what they leave is gone with theirs.
    first: WindowHandle,
    /// The window that it looks at, if that is known.
    at: Mutex<Option<WindowHandle>>,
    /// Firefox and WebKit have one of their own.
    own_driver: Option<Driver>,
    /// Removed with the session.
    _profile: TempDir,
}

/// The browsers that no test has at the moment. Never more than run at once.
static KEPT: Mutex<Vec<(Kind, Session)>> = Mutex::new(Vec::new());

impl Session {
    fn kept(kind: Kind) -> Option<Self> {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let index = kept.iter().position(|(other, _)| *other == kind)?;
        Some(kept.swap_remove(index).1)
    }

    async fn start(kind: Kind) -> Result<Self> {
        let profile = TempDir::with_prefix_in("browser-", env!("CARGO_TARGET_TMPDIR"))?;
        let (driver, own_driver) = match kind {
            Kind::Chromium | Kind::ChromiumWithRequests | Kind::ChromiumWithoutCamera => {
                let url = &driver::chromedriver()?.url;
                let further: &[_] = match kind {
                    Kind::ChromiumWithoutCamera => &[chromium::WITHOUT_CAMERA],
                    _ => &[],
                };
                let mut capabilities = chromium::capabilities_with(&profile, further)?;
                if kind == Kind::ChromiumWithRequests {
                    chromium::log_requests(&mut capabilities)?;
                }
                let driver = driver::connect(url, capabilities).await;
                (driver.context(driver::CHROMIUM_IS_MISSING)?, None)
            }
            Kind::Firefox | Kind::FirefoxWithAddresses | Kind::FirefoxWithoutWebRtc => {
                let switched_off = match kind {
                    Kind::FirefoxWithAddresses => Some(firefox::MADE_UP_NAMES),
                    Kind::FirefoxWithoutWebRtc => Some(firefox::WEBRTC),
                    _ => None,
                };
                let geckodriver = driver::geckodriver(profile.path())?;
                let driver =
                    driver::connect(&geckodriver.url, firefox::capabilities(switched_off)?).await;
                (
                    driver.context(driver::FIREFOX_IS_MISSING)?,
                    Some(geckodriver),
                )
            }
            Kind::WebKit => {
                let own_driver = driver::webkit_driver(profile.path())?;
                let driver = driver::connect(&own_driver.url, webkit::capabilities()?).await;
                (driver.context(driver::WEBKIT_IS_MISSING)?, Some(own_driver))
            }
        };
        Ok(Self {
            first: driver.window().await?,
            driver,
            at: Mutex::default(),
            own_driver,
            _profile: profile,
        })
    }

    /// Looks at a window. To say so again would double the commands of a test.
    async fn look_at(&self, window: &WindowHandle) -> Result<()> {
        let at = || self.at.lock().unwrap_or_else(PoisonError::into_inner);
        if at().as_ref() == Some(window) {
            return Ok(());
        }
        *at() = None;
        self.driver.switch_to_window(window.clone()).await?;
        *at() = Some(window.clone());
        Ok(())
    }

    /// Closes the window that it looks at.
    async fn close(&self) -> Result<()> {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(self.driver.close_window().await?)
    }
}

impl Browser {
    pub(super) async fn start(kind: Kind, server: SocketAddr) -> Result<Self> {
        let session = match Session::kept(kind) {
            Some(session) => session,
            None => Session::start(kind).await?,
        };
        Ok(Self {
            session,
            origin: format!("http://{server}"),
            kind,
        })
    }

    pub(super) async fn quit(self) -> Result<()> {
        Ok(self.session.driver.quit().await?)
    }

    /// Keeps it for another test, empty. One that can't be emptied is ended: the test may have stopped its server, or crashed a tab.
    pub(super) async fn keep(self) -> Result<()> {
        if self.empty().await.is_err() {
            return self.quit().await;
        }
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push((self.kind, self.session));
        Ok(())
    }

    /// Closes all that the test has opened. Nothing of its pages stays, because their port may be another server's later.
    async fn empty(&self) -> Result<()> {
        let Session { driver, first, .. } = &self.session;
        for window in driver.windows().await? {
            if window != *first {
                self.session.look_at(&window).await?;
                self.session.close().await?;
            }
        }
        self.session.look_at(first).await?;
        if self.kind.is_chromium() {
            chromium::forget(driver).await?;
        } else {
            // An error page would have no storage.
            driver.goto(format!("{}/healthz", self.origin)).await?;
            driver.execute("localStorage.clear();", vec![]).await?;
            driver.goto("about:blank").await?;
        }
        if self.kind == Kind::ChromiumWithRequests {
            self.requests().await?;
        }
        Ok(())
    }

    /// Stops every process of the browser, as if its machine were gone: it says nothing more, and its sockets stay open. Firefox only.
    pub(crate) fn freeze(&self) -> Result<()> {
        self.signal("STOP")
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) -> Result<()> {
        self.signal("CONT")
    }

    fn signal(&self, signal: &str) -> Result<()> {
        let driver = self.session.own_driver.as_ref();
        driver
            .context("all Chromiums have one driver, and would stop with it")?
            .signal(signal)
    }

    /// Opens a page of the book in a new tab.
    pub(crate) async fn open(&self, path: &str) -> Result<Page<'_>> {
        let page = self.new_tab().await?;
        page.go_to(path).await?;
        Ok(page)
    }

    /// Opens a page of the book in a new window, where it is in view beside the others.
    pub(crate) async fn open_window(&self, path: &str) -> Result<Page<'_>> {
        let page = Page {
            browser: self,
            window: self.session.driver.new_window().await?,
        };
        page.go_to(path).await?;
        Ok(page)
    }

    /// Opens an empty tab; of WebKit a window, because it draws nothing of a tab that the driver has opened.
    pub(crate) async fn new_tab(&self) -> Result<Page<'_>> {
        let driver = &self.session.driver;
        let window = match self.kind {
            Kind::WebKit => driver.new_window().await?,
            _ => driver.new_tab().await?,
        };
        Ok(Page {
            browser: self,
            window,
        })
    }

    /// Follows what opens a new tab, and returns that tab.
    pub(crate) async fn tab_opened_by(
        &self,
        act: impl AsyncFnOnce() -> Result<()>,
    ) -> Result<Page<'_>> {
        let before = self.session.driver.windows().await?;
        act().await?;
        let window = super::eventually(async || {
            let windows = self.session.driver.windows().await?;
            Ok(windows.into_iter().find(|window| !before.contains(window)))
        });
        Ok(Page {
            browser: self,
            window: window.await.context("a tab opens")?,
        })
    }

    /// What went wrong in any page, or in loading it, since this was last asked. Chromium only.
    pub(crate) async fn errors(&self) -> Result<Vec<String>> {
        chromium::errors(&self.session.driver).await
    }

    /// The address of every request of a page since this was last asked. Frames of another origin are not among them. Only of
    /// [`Kind::ChromiumWithRequests`].
    pub(crate) async fn requests(&self) -> Result<Vec<String>> {
        chromium::requests(&self.session.driver).await
    }

    /// Says what went wrong in its pages, if anything did. Chromium only.
    pub(super) async fn print_errors(&self) {
        if !self.kind.is_chromium() {
            return;
        }
        match self.errors().await {
            Ok(errors) if errors.is_empty() => {}
            errors => eprintln!("what the browser says went wrong: {errors:?}"),
        }
    }
}

/// One tab. Each of its methods makes it the tab that WebDriver looks at.
pub(crate) struct Page<'b> {
    pub(crate) browser: &'b Browser,
    window: WindowHandle,
}

impl Page<'_> {
    /// The driver, looking at this tab.
    pub(crate) async fn driver(&self) -> Result<&WebDriver> {
        let session = &self.browser.session;
        session.look_at(&self.window).await?;
        Ok(&session.driver)
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
        let driver = self.driver().await?;
        let session = &self.browser.session;
        session.close().await?;
        // A new tab is asked for in one that is open.
        if let Some(other) = driver.windows().await?.into_iter().next() {
            session.look_at(&other).await?;
        }
        Ok(())
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

    /// Runs a script that calls back, its last argument, with what it has to say.
    pub(crate) async fn evaluate_async(&self, script: &str) -> Result<Value> {
        let result = self.driver().await?.execute_async(script, vec![]).await;
        Ok(result
            .with_context(|| format!("the script failed: {script}"))?
            .json()
            .clone())
    }

    /// The version that the browser says to its driver.
    pub(crate) async fn browser_version(&self) -> Result<String> {
        let driver = self.driver().await?;
        let version = driver.capabilities().get("browserVersion");
        let version = version.and_then(Value::as_str);
        Ok(version.context("drivers say it")?.to_owned())
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

    /// The bytes of the page's scripts after everything that nobody needs is gone. Chromium only.
    pub(crate) async fn heap_in_use(&self) -> Result<u64> {
        self.ask_chromium("HeapProfiler.collectGarbage", json!({}))
            .await?;
        let driver = self.driver().await?;
        let usage = driver
            .cdp()
            .send_raw("Runtime.getHeapUsage", json!({}))
            .await?;
        usage["usedSize"]
            .as_f64()
            .map(|bytes| bytes as u64)
            .context("Chromium says how much it is")
    }
}
