//! A Chromium that trusts an authority, as one does on a Linux machine whose user has installed it: its root is in the user's database of NSS.
//!
//! May import: [`driver`], [`chromium`].

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use thirtyfour::prelude::*;

use super::chromium;
use super::driver::{self, Driver};

/// Where Chromium looks for it, in newer versions and in older ones.
const DATABASES: [&str; 2] = [".local/share/pki/nssdb", ".pki/nssdb"];

/// A Chromium with a home of its own.
pub(crate) struct Trusting {
    pub(crate) driver: WebDriver,
    _chromedriver: Driver,
    /// Removed with it.
    _home: TempDir,
}

impl Trusting {
    /// Trusts this root (DER), or nobody else than usual. `host` is asked without a proxy.
    pub(crate) async fn start(root: Option<&[u8]>, host: &str) -> Result<Self> {
        let home = TempDir::with_prefix_in("home-", env!("CARGO_TARGET_TMPDIR"))?;
        for database in DATABASES {
            let folder = home.path().join(database);
            fs::create_dir_all(&folder)?;
            let database = format!("sql:{}", folder.display());
            certutil(&["-d", &database, "-N", "--empty-password"])?;
            if let Some(root) = root {
                let file = home.path().join("authority.crt");
                fs::write(&file, root)?;
                let file = path(&file)?;
                let add = [
                    "-d", &database, "-A", "-t", "C,,", "-n", "workshop", "-i", file,
                ];
                certutil(&add)?;
            }
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
        let bypass = format!("--proxy-bypass-list={host}");
        let capabilities = chromium::capabilities_with(&home, &[&bypass])?;
        let driver = driver::connect(&chromedriver.url, capabilities).await?;
        Ok(Self {
            driver,
            _chromedriver: chromedriver,
            _home: home,
        })
    }
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
