//! The programs of the system that the test command needs: found, or installed where it may install something.
//!
//! May import: command, workspace, anyhow.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{
    command::{is_installed, program, run},
    workspace::root,
};

/// Whether the test command may change the system that it runs on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Install {
    /// It installs what is missing with Debian's package manager, if it runs as root on Debian.
    Allowed,
    /// It names what is missing, and fails.
    Forbidden,
}

/// A program of which one of several names will do, and the Debian packages that it comes in.
struct Program {
    name: &'static str,
    why: &'static str,
    /// One of each list must be there.
    names: &'static [&'static [&'static str]],
    packages: &'static [&'static str],
}

const PROGRAMS: [Program; 11] = [
    Program {
        name: "npm",
        why: "the checks of the browser code come from npm",
        names: &[&["npm"]],
        packages: &["npm"],
    },
    Program {
        name: "Chromium with its driver",
        why: "the tests drive real browsers",
        names: &[
            &["chromium", "google-chrome", "chromium-browser"],
            &["chromedriver"],
        ],
        packages: &["chromium", "chromium-driver"],
    },
    Program {
        name: "Firefox",
        why: "the tests drive real browsers",
        names: &[&["firefox-esr", "firefox"]],
        packages: &["firefox-esr"],
    },
    Program {
        name: "WebKit's driver and a screen in memory for it",
        why: "the tests drive real browsers",
        names: &[&["WebKitWebDriver"], &["Xvfb"]],
        packages: &["webkit2gtk-driver", "xvfb"],
    },
    Program {
        name: "tshark",
        why: "a test has it read captured packets",
        names: &[&["tshark"]],
        packages: &["tshark"],
    },
    Program {
        name: "coturn's client",
        why: "a test has it use the book's TURN server",
        names: &[&["turnutils_uclient"]],
        packages: &["coturn"],
    },
    Program {
        name: "nginx, Caddy and HAProxy",
        why: "tests have them stand in front of the server",
        names: &[&["nginx"], &["caddy"], &["haproxy"]],
        packages: &["nginx-light", "caddy", "haproxy"],
    },
    Program {
        name: "Prometheus",
        why: "tests have it read the server's numbers",
        names: &[&["prometheus"], &["promtool"]],
        packages: &["prometheus"],
    },
    Program {
        name: "a Redis server",
        why: "tests have several instances speak over it",
        names: &[&["redis-server"]],
        packages: &["redis-server"],
    },
    Program {
        name: "certutil",
        why: "a test has Chromium trust the authority of --tls",
        names: &[&["certutil"]],
        packages: &["libnss3-tools"],
    },
    Program {
        name: "the tools of network namespaces",
        why: "tests make networks of their own",
        names: &[&["unshare"], &["nsenter"], &["ip"], &["bridge"]],
        packages: &["util-linux", "iproute2"],
    },
];

/// Debian has no geckodriver. The version is pinned, so that every machine tests with the same.
const GECKODRIVER: &str = "geckodriver@0.37.1";
/// Where cargo installs it, and where the tests look for it.
const TOOLS: &str = "target/tools";

/// Makes sure that all of them are there. Names each package before it installs any.
pub(crate) fn ensure(install: Install) -> Result<()> {
    let missing = || PROGRAMS.iter().filter(|program| !program.is_ready());
    if missing().next().is_some() && install == Install::Allowed && is_debian() && is_root() {
        for program in missing() {
            let packages = program.packages.join(" and ");
            println!("installing {packages}, because {}", program.why);
        }
        apt_get_install(missing().flat_map(|program| program.packages))?;
    }
    if let Some(program) = missing().next() {
        bail!(
            "{}, and this machine has no {} on the PATH: install it (Debian: `apt-get install {}`) and run this again",
            program.why,
            program.name,
            program.packages.join(" ")
        );
    }
    ensure_geckodriver()
}

impl Program {
    fn is_ready(&self) -> bool {
        let mut lists = self.names.iter();
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

fn apt_get_install<'p>(packages: impl Iterator<Item = &'p &'static str>) -> Result<()> {
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
    println!("building {GECKODRIVER} into {TOOLS}, which takes a few minutes");
    // It passes commands on: what a better optimised one saves is less than what it takes to build.
    run(program("cargo")
        .args(["install", GECKODRIVER, "--locked", "--root", TOOLS])
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"))
}
