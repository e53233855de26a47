//! The browsers that the tests drive, and their drivers: found, or installed where this command may install something.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{
    command::{is_installed, program, run},
    root,
};

/// A browser of which one of several programs will do, and what Debian calls it.
struct Browser {
    name: &'static str,
    /// One of each list must be there.
    programs: &'static [&'static [&'static str]],
    packages: &'static [&'static str],
}

const BROWSERS: [Browser; 2] = [
    Browser {
        name: "Chromium with its driver",
        programs: &[
            &["chromium", "google-chrome", "chromium-browser"],
            &["chromedriver"],
        ],
        packages: &["chromium", "chromium-driver"],
    },
    Browser {
        name: "Firefox",
        programs: &[&["firefox-esr", "firefox"]],
        packages: &["firefox-esr"],
    },
];

/// Debian has no geckodriver. The version is pinned, so that every machine tests with the same.
const GECKODRIVER: &str = "geckodriver@0.37.1";
/// Where cargo installs it, and where the tests look for it.
const TOOLS: &str = "target/tools";

/// Makes sure that the browsers and their drivers are there.
pub(crate) fn ensure() -> Result<()> {
    let missing = || BROWSERS.iter().filter(|browser| !browser.is_ready());
    if missing().next().is_some() && is_debian() && is_root() {
        install(missing().flat_map(|browser| browser.packages))?;
    }
    if let Some(browser) = missing().next() {
        bail!(
            "the tests drive real browsers, and this machine has no {} on the PATH: \
             install it (Debian: `apt-get install {}`) and run this again",
            browser.name,
            browser.packages.join(" ")
        );
    }
    ensure_geckodriver()
}

impl Browser {
    fn is_ready(&self) -> bool {
        let mut lists = self.programs.iter();
        lists.all(|list| list.iter().any(|name| is_installed(name)))
    }
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

fn install<'p>(packages: impl Iterator<Item = &'p &'static str>) -> Result<()> {
    let packages: Vec<&str> = packages.copied().collect();
    println!("installing {}", packages.join(" and "));
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
        .args(packages))
}

/// Firefox's driver is built from its crate, into `target/`, where it is in nobody's way.
fn ensure_geckodriver() -> Result<()> {
    let installed: PathBuf = root().join(TOOLS).join("bin/geckodriver");
    if installed.exists() || is_installed("geckodriver") {
        return Ok(());
    }
    println!("building {GECKODRIVER}, which takes a few minutes");
    run(program("cargo").args(["install", GECKODRIVER, "--locked", "--root", TOOLS]))
}
