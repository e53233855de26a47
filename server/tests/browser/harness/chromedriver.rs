//! The one chromedriver process of this crate. Imports nothing of it.

use std::io::{BufRead, BufReader, Lines};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Result, anyhow};

/// Starts chromedriver on a port that it chooses itself, and ends it and its browsers when standard input closes. The system
/// closes that however this process ends, while no destructor of a static ever runs.
const KEEPER: &str = "chromedriver --port=0 2>/dev/null & exec >/dev/null; cat; kill 0";

/// It prints this before the port, and a full stop after it.
const BEFORE_PORT: &str = "ChromeDriver was started successfully on port ";

pub(super) const HOW_TO_INSTALL: &str = "the browser tests need Chromium and its driver on the PATH \
     (Debian: `apt-get install chromium chromium-driver`; `cargo xtask test` does it where it may)";

struct Chromedriver {
    url: String,
    /// Holds the keeper's standard input.
    _keeper: Child,
    /// Held so that chromedriver does not fail when it prints more.
    _output: Lines<BufReader<ChildStdout>>,
}

static CHROMEDRIVER: LazyLock<Option<Chromedriver>> = LazyLock::new(start);

/// Where chromedriver listens; started on first use.
pub(super) fn url() -> Result<&'static str> {
    let chromedriver = CHROMEDRIVER
        .as_ref()
        .ok_or_else(|| anyhow!(HOW_TO_INSTALL))?;
    Ok(&chromedriver.url)
}

fn start() -> Option<Chromedriver> {
    let mut keeper = Command::new("sh")
        .args(["-c", KEEPER])
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("every Unix has sh");
    let mut output = BufReader::new(keeper.stdout.take().expect("it is piped")).lines();
    let mut lines = output.by_ref().map_while(Result::ok);
    let Some(port) = lines.find_map(|line| port_in(&line)) else {
        // Waiting closes its standard input first.
        keeper.wait().expect("the keeper ends");
        return None;
    };
    Some(Chromedriver {
        url: format!("http://127.0.0.1:{port}"),
        _keeper: keeper,
        _output: output,
    })
}

fn port_in(line: &str) -> Option<String> {
    Some(
        line.strip_prefix(BEFORE_PORT)?
            .strip_suffix('.')?
            .to_owned(),
    )
}
