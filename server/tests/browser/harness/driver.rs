//! WebDriver servers: chromedriver, one for this crate, and geckodriver, one for each Firefox. Imports nothing of this crate.

use std::env;
use std::io::{BufRead, BufReader, Lines};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Context, Result, anyhow, ensure};

/// Starts a driver on a port that it chooses itself, and ends it and its browsers when standard input closes. The system closes
/// that however this process ends, while no destructor of a static ever runs.
const KEEPER: &str = "\"$@\" 2>/dev/null & exec >/dev/null; cat; kill 0";

pub(super) const CHROMIUM_IS_MISSING: &str = "the browser tests need Chromium and its driver on the PATH \
     (Debian: `apt-get install chromium chromium-driver`; `cargo xtask test` does it where it may)";
pub(super) const FIREFOX_IS_MISSING: &str = "the browser tests need Firefox ESR on the PATH (Debian: `apt-get install firefox-esr`) \
     and geckodriver (`cargo install geckodriver --locked --root target/tools`; `cargo xtask test` does both where it may)";

/// Where `cargo xtask test` installs geckodriver.
const TOOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools/bin");

static CHROMEDRIVER: LazyLock<Option<Driver>> = LazyLock::new(|| {
    Driver::start(
        &["chromedriver", "--port=0"],
        "ChromeDriver was started successfully on port ",
    )
});

/// A driver that listens, until it is dropped.
pub(super) struct Driver {
    pub(super) url: String,
    keeper: Child,
    /// Held so that the driver does not fail when it prints more.
    _output: Lines<BufReader<ChildStdout>>,
}

/// The one chromedriver; started on first use.
pub(super) fn chromedriver() -> Result<&'static Driver> {
    CHROMEDRIVER
        .as_ref()
        .ok_or_else(|| anyhow!(CHROMIUM_IS_MISSING))
}

/// A geckodriver of one's own, because each drives a single Firefox. Its profiles stand in `profiles`.
pub(super) fn geckodriver(profiles: &Path) -> Result<Driver> {
    let installed = Path::new(TOOLS).join("geckodriver");
    let program = if installed.exists() {
        installed.to_str().context("the path is UTF-8")?
    } else {
        "geckodriver"
    };
    let profiles = profiles.to_str().context("the path is UTF-8")?;
    let command = [
        program,
        "--port=0",
        "--websocket-port=0",
        "--profile-root",
        profiles,
    ];
    Driver::start(&command, "Listening on 127.0.0.1:").ok_or_else(|| anyhow!(FIREFOX_IS_MISSING))
}

/// The program that is Firefox here: Debian's has another name.
pub(super) fn firefox() -> Result<String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let programs = ["firefox-esr", "firefox"];
    let found = env::split_paths(&path)
        .flat_map(|folder| programs.map(|program| folder.join(program)))
        .find(|program| program.exists());
    let found = found.with_context(|| FIREFOX_IS_MISSING)?;
    Ok(found.to_string_lossy().into_owned())
}

impl Driver {
    /// Nothing when the program is missing, or does not say its port after the words `before_port`.
    fn start(command: &[&str], before_port: &str) -> Option<Self> {
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "sh"])
            .args(command)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("every Unix has sh");
        let mut output = BufReader::new(keeper.stdout.take().expect("it is piped")).lines();
        let mut lines = output.by_ref().map_while(Result::ok);
        let Some(port) = lines.find_map(|line| port_in(&line, before_port)) else {
            // Waiting closes its standard input first.
            keeper.wait().expect("the keeper ends");
            return None;
        };
        Some(Self {
            url: format!("http://127.0.0.1:{port}"),
            keeper,
            _output: output,
        })
    }

    /// Sends a signal to the driver and to its browsers: they are one process group.
    pub(super) fn signal(&self, signal: &str) -> Result<()> {
        let group = format!("-{}", self.keeper.id());
        let status = Command::new("kill")
            .args(["-s", signal, "--", &group])
            .status()?;
        ensure!(status.success(), "no process took the signal {signal}");
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Waiting closes its standard input first. What it says of its end is of no use to anybody.
        let _ = self.keeper.wait();
    }
}

fn port_in(line: &str, before_port: &str) -> Option<u16> {
    let (_, port) = line.split_once(before_port)?;
    port.trim_end_matches('.').parse().ok()
}
