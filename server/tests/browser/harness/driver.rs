//! WebDriver servers: chromedriver, one for this crate; geckodriver, one for each Firefox; WebKitWebDriver, one for each WebKit, with one screen for
//! all of them. Imports nothing of this crate.

use std::io::{BufRead, BufReader, Lines};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context, Result, anyhow, ensure};
use reqwest::Client;
use thirtyfour::prelude::*;

/// Starts a driver on a port that it chooses itself, and ends it and its browsers when standard input closes. The system closes
/// that however this process ends, while no destructor of a static ever runs.
const KEEPER: &str = "\"$@\" 2>/dev/null & exec >/dev/null; cat; kill 0";

pub(super) const CHROMIUM_IS_MISSING: &str = "the browser tests need Chromium and its driver on the PATH \
     (Debian: `apt-get install chromium chromium-driver`; `cargo xtask test` does it where it may)";
pub(super) const FIREFOX_IS_MISSING: &str = "the browser tests need Firefox ESR on the PATH (Debian: `apt-get install firefox-esr`) \
     and geckodriver (`cargo install geckodriver --locked --root target/tools`; `cargo xtask test` does both where it may)";

pub(super) const WEBKIT_IS_MISSING: &str = "the tests of WebKit need WebKitGTK's driver and Xvfb on the PATH \
     (Debian: `apt-get install webkit2gtk-driver xvfb`; `cargo xtask test` does it where it may)";

/// How long a driver may take for one command, such as to start a browser.
const LONGEST_COMMAND: Duration = Duration::from_secs(120);

/// Far longer than a driver takes to listen.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long between two looks whether it does.
const PAUSE: Duration = Duration::from_millis(20);

/// Where `cargo xtask test` installs geckodriver.
const TOOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools/bin");

static CHROMEDRIVER: LazyLock<Option<Driver>> = LazyLock::new(|| {
    Driver::start(
        &["chromedriver", "--port=0"],
        "ChromeDriver was started successfully on port ",
    )
});

/// WebKitGTK draws on a screen only. This one is in memory, chooses its own number and says it, and is large enough for a desktop's window.
static SCREEN: LazyLock<Option<(Program, u32)>> = LazyLock::new(|| {
    let command = [
        "Xvfb",
        "-displayfd",
        "1",
        "-screen",
        "0",
        "1600x1200x24",
        "-nolisten",
        "tcp",
    ];
    Program::start(&command, "")
});

/// A driver that listens, until it is dropped.
pub(super) struct Driver {
    pub(super) url: String,
    program: Program,
}

/// A program that runs, and all that it has started, until this is dropped or this process ends.
struct Program {
    keeper: Child,
    /// Held so that the program does not fail when it prints more.
    _output: Lines<BufReader<ChildStdout>>,
}

/// Starts a browser by its driver.
///
/// Each command has a connection of its own. A kept connection would belong to the runtime of the test that made it, and fail in the test
/// that the browser is handed on to.
pub(super) async fn connect(
    driver: &str,
    capabilities: impl Into<Capabilities>,
) -> Result<WebDriver> {
    let client = Client::builder()
        .pool_max_idle_per_host(0)
        .timeout(LONGEST_COMMAND)
        .build()?;
    let browser = WebDriver::builder(driver, capabilities).client(client);
    Ok(browser.connect().await?)
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

/// A WebKitWebDriver of one's own, because each drives a single WebKit. What its browser keeps stands in `profile`.
pub(super) fn webkit_driver(profile: &Path) -> Result<Driver> {
    let (_, screen) = SCREEN.as_ref().context(WEBKIT_IS_MISSING)?;
    let display = format!("DISPLAY=:{screen}");
    let home = format!("HOME={}", profile.display());
    // It takes any port, and doesn't say which: its number as a process leads there.
    let start = "echo $$; exec env \"$@\"";
    let command = [
        "sh",
        "-c",
        start,
        "sh",
        &display,
        &home,
        "WebKitWebDriver",
        "--port=0",
    ];
    let (program, process) = Program::start(&command, "").context(WEBKIT_IS_MISSING)?;
    let deadline = Instant::now() + PATIENCE;
    let port = loop {
        if let Some(port) = port_of(process) {
            break port;
        }
        ensure!(
            Instant::now() < deadline && is_alive(process),
            WEBKIT_IS_MISSING
        );
        sleep(PAUSE);
    };
    Ok(Driver {
        url: format!("http://127.0.0.1:{port}"),
        program,
    })
}

/// The port at which a process listens, over IPv4: one of its sockets is in the system's table of them, as one that listens.
fn port_of(process: u32) -> Option<u16> {
    const LISTENING: &str = "0A";
    let files = fs::read_dir(format!("/proc/{process}/fd")).ok()?;
    let links = files.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
    let own: Vec<String> = links
        .map(|link| link.to_string_lossy().into_owned())
        .collect();
    let sockets = fs::read_to_string(format!("/proc/{process}/net/tcp")).ok()?;
    sockets.lines().find_map(|line| {
        // https://docs.kernel.org/networking/proc_net_tcp.html
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, local, _, LISTENING, _, _, _, _, _, inode, ..] = fields[..] else {
            return None;
        };
        let (_, port) = local.split_once(':')?;
        own.contains(&format!("socket:[{inode}]"))
            .then(|| u16::from_str_radix(port, 16).ok())?
    })
}

/// Whether it has not ended. One that has is a zombie until its parent asks, with no files open.
fn is_alive(process: u32) -> bool {
    fs::read_link(format!("/proc/{process}/exe")).is_ok()
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
    pub(super) fn start(command: &[&str], before_port: &str) -> Option<Self> {
        let (program, port) = Program::start(command, before_port)?;
        Some(Self {
            url: format!("http://127.0.0.1:{port}"),
            program,
        })
    }

    /// Sends a signal to the driver and to its browsers: they are one process group.
    pub(super) fn signal(&self, signal: &str) -> Result<()> {
        let group = format!("-{}", self.program.keeper.id());
        let status = Command::new("kill")
            .args(["-s", signal, "--", &group])
            .status()?;
        ensure!(status.success(), "no process took the signal {signal}");
        Ok(())
    }
}

impl Program {
    /// Gives the number, too, that it says after the words `before_number`. Nothing when the program is missing, or ends without saying it.
    fn start(command: &[&str], before_number: &str) -> Option<(Self, u32)> {
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
        let Some(number) = lines.find_map(|line| number_in(&line, before_number)) else {
            // Waiting closes its standard input first.
            keeper.wait().expect("the keeper ends");
            return None;
        };
        let program = Self {
            keeper,
            _output: output,
        };
        Some((program, number))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Waiting closes its standard input first. What it says of its end is of no use to anybody.
        let _ = self.keeper.wait();
    }
}

fn number_in(line: &str, before_number: &str) -> Option<u32> {
    let (_, number) = line.split_once(before_number)?;
    number.trim_end_matches('.').parse().ok()
}
