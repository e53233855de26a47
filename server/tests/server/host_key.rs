//! Enter in the terminal of a workshop: the program in a terminal of its own, with a launcher of browsers that writes down what it is asked to
//! open.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::sleep;

use crate::support::{Keyboard, PROGRAM, Running, guidebook, http, soon};

/// The last line of what is printed at the start.
const LAST: &str = "Enter opens the host's page";

/// A workshop whose only launcher of browsers, if there is one, is this script.
fn start(launcher: Option<&str>) -> (Running, Keyboard, TempDir) {
    let folder = TempDir::new().unwrap();
    if let Some(script) = launcher {
        let path = folder.path().join("xdg-open");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    }
    let (keyboard, terminal) = Keyboard::new();
    let mut command = guidebook(PROGRAM);
    command
        .arg("workshop")
        .env("PATH", folder.path())
        .env("OPENED", folder.path().join("opened"))
        .stdin(terminal);
    let mut running = Running::start(&mut command);
    running.prints(LAST);
    (running, keyboard, folder)
}

/// Writes each address on a line.
const WRITES: &str = "printf '%s\\n' \"$1\" >> \"$OPENED\"";

/// So many addresses that the launcher was asked to open.
async fn opened(folder: &Path, count: usize) -> Vec<String> {
    let file = folder.join("opened");
    let addresses = async {
        loop {
            let text = fs::read_to_string(&file).unwrap_or_default();
            let lines: Vec<_> = text.lines().map(str::to_owned).collect();
            if lines.len() >= count && text.ends_with('\n') {
                return lines;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    soon("a browser", addresses).await
}

/// What the server says to the code in an address.
async fn status_of(running: &Running, address: &str) -> u16 {
    let begin = format!("http://127.0.0.1:{}/workshop/host.html#code=", running.port);
    let code = address.strip_prefix(&begin).expect(address);
    let host = running.address().to_string();
    let origin = format!("http://{host}");
    let headers = [("host", &*host), ("origin", &*origin)];
    let answer = http::post_at_with(running.address(), "/workshop/host/session", &headers, code);
    answer.await.status
}

#[tokio::test]
async fn enter_opens_the_page_with_a_code_that_works_once() {
    let (running, mut keyboard, folder) = start(Some(WRITES));
    keyboard.types("\n");
    let addresses = opened(folder.path(), 1).await;
    assert_eq!(status_of(&running, &addresses[0]).await, 204);
    assert_eq!(status_of(&running, &addresses[0]).await, 403);
    let (_, _, log) = running.end_by("-TERM");
    let code = addresses[0].split("code=").nth(1).unwrap();
    assert!(!log.contains(code), "{log}");
}

#[tokio::test]
async fn where_no_browser_opens_the_address_is_printed() {
    for launcher in [None, Some("exit 3")] {
        let (mut running, mut keyboard, _folder) = start(launcher);
        keyboard.types("what is this?\n");
        running.prints("#code=");
        let lines = running.printed.lines();
        let address = lines.map(str::trim).find(|line| line.contains("#code="));
        let address = address.unwrap().to_owned();
        assert_eq!(status_of(&running, &address).await, 204);
        let (_, _, log) = running.end_by("-TERM");
        assert!(!log.contains("code="), "{log}");
    }
}

#[tokio::test]
async fn a_key_that_is_held_down_opens_the_page_once() {
    let (running, mut keyboard, folder) = start(Some(WRITES));
    keyboard.types(&"\n".repeat(100));
    opened(folder.path(), 1).await;
    let (status, _, _) = running.end_by("-TERM");
    assert!(status.success());
    assert_eq!(opened(folder.path(), 1).await.len(), 1);
}

#[test]
fn nothing_waits_for_somebody_to_type() {
    let (running, _keyboard, _folder) = start(None);
    assert!(running.get("/").starts_with("HTTP/1.1 200 OK\r\n"));
    let (status, _, _) = running.end_by("-TERM");
    assert!(status.success());
}

#[test]
fn the_workshop_goes_on_when_its_terminal_is_closed() {
    let (running, keyboard, _folder) = start(None);
    drop(keyboard);
    assert!(running.get("/").starts_with("HTTP/1.1 200 OK\r\n"));
    let (running, mut keyboard, _folder) = start(None);
    // Ctrl-D
    keyboard.types("\x04");
    assert!(running.get("/").starts_with("HTTP/1.1 200 OK\r\n"));
}
