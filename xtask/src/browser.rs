//! The browser that the tests drive: found, or installed where this command may install something.

use std::path::Path;

use anyhow::{Result, bail};

use crate::command::{is_installed, program, run};

const BROWSERS: [&str; 3] = ["chromium", "google-chrome", "chromium-browser"];
const DRIVER: &str = "chromedriver";
const DEBIAN_PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// Makes sure that a browser and its driver are there.
pub(crate) fn ensure() -> Result<()> {
    if !is_ready() && is_debian() && is_root() {
        install()?;
    }
    if !is_ready() {
        bail!(
            "the tests drive a real browser, and this machine has no Chromium with its driver on the PATH: \
             install them (Debian: `apt-get install {}`) and run this again",
            DEBIAN_PACKAGES.join(" ")
        );
    }
    Ok(())
}

fn is_ready() -> bool {
    is_installed(DRIVER) && BROWSERS.iter().any(|browser| is_installed(browser))
}

fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists()
}

fn is_root() -> bool {
    program("id")
        .arg("-u")
        .output()
        .is_ok_and(|user| user.stdout == b"0\n")
}

fn install() -> Result<()> {
    println!("installing {}", DEBIAN_PACKAGES.join(" and "));
    let apt_get = || {
        let mut command = program("apt-get");
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .arg("--quiet");
        command
    };
    run(apt_get().arg("update"))?;
    run(apt_get()
        .args(["install", "--yes", "--no-install-recommends"])
        .args(DEBIAN_PACKAGES))
}
