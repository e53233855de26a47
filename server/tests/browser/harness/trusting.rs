//! A browser that trusts an authority, as one does whose user has installed it: Chromium on a Linux machine, where the root is in the user's database of
//! NSS, and Firefox, which has a database in its profile.
//!
//! May import: [`driver`], [`chromium`], [`firefox`].

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use thirtyfour::prelude::*;

use super::driver::{self, Driver};
use super::{chromium, firefox};

/// Where Chromium looks for it, in newer versions and in older ones.
const DATABASES: [&str; 2] = [".local/share/pki/nssdb", ".pki/nssdb"];

/// A browser with a home, or a profile, of its own.
pub(crate) struct Trusting {
    pub(crate) driver: WebDriver,
    _own_driver: Driver,
    /// Removed with it.
    _home: TempDir,
}

impl Trusting {
    /// A Chromium that trusts this root (DER), or nobody else than usual. `host` is asked without a proxy.
    pub(crate) async fn chromium(root: Option<&[u8]>, host: &str) -> Result<Self> {
        let bypass = format!("--proxy-bypass-list={host}");
        Self::chromium_with(root, &[&bypass]).await
    }

    /// The same, and every name is at this address.
    pub(crate) async fn chromium_at(root: &[u8], address: IpAddr) -> Result<Self> {
        let rules = format!("--host-resolver-rules=MAP * {address}");
        Self::chromium_with(Some(root), &["--proxy-bypass-list=*", &rules]).await
    }

    async fn chromium_with(root: Option<&[u8]>, arguments: &[&str]) -> Result<Self> {
        let home = TempDir::with_prefix_in("home-", env!("CARGO_TARGET_TMPDIR"))?;
        for database in DATABASES {
            make_database(&home.path().join(database), root)?;
        }
        let at_home = format!("HOME={}", path(home.path())?);
        let command = [
            "env",
            "-u",
            "XDG_DATA_HOME",
            &at_home,
            "chromedriver",
            "--port=0",
        ];
        let started = Driver::start(&command, "ChromeDriver was started successfully on port ");
        let chromedriver = started.context(driver::CHROMIUM_IS_MISSING)?;
        let capabilities = chromium::capabilities_with(&home, arguments)?;
        Self::connect(chromedriver, capabilities, home).await
    }

    /// A Firefox that trusts this root (DER). Every name is at this address.
    pub(crate) async fn firefox_at(root: &[u8], address: IpAddr) -> Result<Self> {
        let home = TempDir::with_prefix_in("home-", env!("CARGO_TARGET_TMPDIR"))?;
        let profile = home.path().join("profile");
        make_database(&profile, Some(root))?;
        let geckodriver = driver::geckodriver(home.path())?;
        let capabilities = firefox::capabilities_of(path(&profile)?, address)?;
        Self::connect(geckodriver, capabilities, home).await
    }

    async fn connect(
        own_driver: Driver,
        capabilities: Capabilities,
        home: TempDir,
    ) -> Result<Self> {
        Ok(Self {
            driver: driver::connect(&own_driver.url, capabilities).await?,
            _own_driver: own_driver,
            _home: home,
        })
    }
}

/// Makes a database of NSS in this folder, which trusts this root, if there is one, to sign for servers.
fn make_database(folder: &Path, root: Option<&[u8]>) -> Result<()> {
    fs::create_dir_all(folder)?;
    let database = format!("sql:{}", path(folder)?);
    certutil(&["-d", &database, "-N", "--empty-password"])?;
    if let Some(root) = root {
        let file = folder.join("authority.crt");
        fs::write(&file, root)?;
        let file = path(&file)?;
        let add = [
            "-d", &database, "-A", "-t", "C,,", "-n", "workshop", "-i", file,
        ];
        certutil(&add)?;
    }
    Ok(())
}

fn certutil(arguments: &[&str]) -> Result<()> {
    let status = Command::new("certutil").args(arguments).status();
    let status =
        status.context("this test needs certutil (Debian: `apt-get install libnss3-tools`)")?;
    ensure!(status.success(), "certutil {arguments:?} failed");
    Ok(())
}

fn path(path: &Path) -> Result<&str> {
    path.to_str().context("the path is UTF-8")
}
