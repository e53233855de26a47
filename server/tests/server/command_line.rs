//! The program itself, as a person or a process manager starts it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::support::{PROGRAM, Running, guidebook};

/// What the README promises for the end.
const PROMISE: Duration = Duration::from_secs(2);

fn text(bytes: &[u8]) -> String {
    // Clap ends its empty lines with spaces.
    let lines = std::str::from_utf8(bytes).unwrap().lines();
    lines
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
        .trim()
        .to_owned()
}

fn fails(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert!(!status.success());
    text(&stderr)
}

#[test]
fn the_help_is_what_the_readme_says() {
    let readme =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap();
    let block = readme
        .split_once("<!-- help -->")
        .unwrap()
        .1
        .split_once("<!-- /help -->")
        .unwrap()
        .0;
    let block = block
        .trim()
        .strip_prefix("```text")
        .unwrap()
        .strip_suffix("```")
        .unwrap();
    let help = guidebook(PROGRAM).arg("--help").output().unwrap();
    assert_eq!(
        text(block.as_bytes()),
        text(&help.stdout),
        "Put the output of --help between the README's marks."
    );
}

#[test]
fn the_first_line_names_the_book_and_its_address() {
    let running = Running::start(&mut guidebook(PROGRAM));
    let expected = format!(
        "Creating Connections is at http://127.0.0.1:{}/  (Ctrl-C stops it)\n",
        running.port
    );
    assert_eq!(running.printed, expected);
}

#[test]
fn the_program_alone_in_an_empty_folder_serves_the_book() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("guidebook");
    fs::copy(PROGRAM, &copy).unwrap();
    let running = Running::start(guidebook(&copy).current_dir(folder.path()));
    for path in ["/", "/connecting/", "/code/quickconnect/js/index.js"] {
        assert!(
            running.get(path).starts_with("HTTP/1.1 200 OK\r\n"),
            "{path}"
        );
    }
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["guidebook"]);
}

#[test]
fn a_checkout_is_served_by_flag_and_by_variable() {
    let checkout = crate::support::Checkout::new();
    let by_flag = Running::start(guidebook(PROGRAM).arg("--book").arg(checkout.path()));
    let by_variable = Running::start(guidebook(PROGRAM).env("GUIDEBOOK_BOOK", checkout.path()));
    for running in [by_flag, by_variable] {
        assert!(running.printed.starts_with("A small book is at "));
        assert!(running.get("/").contains("The first page."));
    }
}

#[test]
fn a_port_in_use_is_an_error_that_names_the_port_and_the_flag() {
    let occupied = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = occupied.local_addr().unwrap();
    let error = fails(guidebook(PROGRAM).args(["--listen", &address.to_string()]));
    assert!(
        error.contains(&format!("Port {} is in use", address.port())),
        "{error}"
    );
    assert!(error.contains("--listen"), "{error}");
}

#[test]
fn an_address_of_another_machine_is_an_error_that_names_it_and_the_flag() {
    // An address for documentation, which no machine has.
    let error = fails(guidebook(PROGRAM).args(["--listen", "192.0.2.1:8000"]));
    assert!(
        error.contains("192.0.2.1:8000") && error.contains("--listen"),
        "{error}"
    );
}

#[test]
fn a_folder_that_is_no_checkout_is_an_error_that_names_it_and_the_flag() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = guidebook(PROGRAM);
    let error = fails(
        command
            .args(["--listen", "127.0.0.1:0", "--book"])
            .arg(folder.path()),
    );
    assert!(
        error.contains(folder.path().to_str().unwrap()) && error.contains("--book"),
        "{error}"
    );
}

#[test]
fn a_log_filter_that_is_none_is_an_error_that_says_what_would_be_one() {
    let error = fails(guidebook(PROGRAM).args(["--log", "server=loud"]));
    assert!(error.contains("--log info"), "{error}");
}

#[test]
fn an_origin_that_could_never_match_is_refused_at_the_start() {
    for origin in [
        "https://*.app.example",
        "https://app.example/",
        "app.example",
    ] {
        let error = fails(guidebook(PROGRAM).args(["--allow-origin", origin]));
        assert!(error.contains("https://example.org"), "{error}");
    }
}

#[test]
fn a_variable_that_is_set_to_nothing_counts_as_not_set() {
    let mut command = guidebook(PROGRAM);
    for option in [
        "ALLOW_ORIGIN",
        "BOOK",
        "LOG",
        "MAX_ROOMS",
        "METRICS_LISTEN",
        "NO_COMPANION",
        "PING_SECONDS",
        "TRUSTED_PROXY",
    ] {
        command.env(format!("GUIDEBOOK_{option}"), "");
    }
    let running = Running::start(&mut command);
    assert!(running.printed.starts_with("Creating Connections is at "));
    let error = fails(
        guidebook(PROGRAM)
            .env("GUIDEBOOK_LISTEN", "")
            .args(["--max-rooms", "0"]),
    );
    assert!(error.contains("--max-rooms"), "{error}");
}

#[test]
fn an_address_that_stands_for_all_is_printed_as_one_that_can_be_opened() {
    let mut child = guidebook(PROGRAM)
        .args(["--listen", "0.0.0.0:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut first_line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut first_line).unwrap();
    let address = first_line
        .split("http://")
        .nth(1)
        .unwrap()
        .split('/')
        .next();
    let connected = TcpStream::connect(address.unwrap());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        first_line.contains(" is at http://localhost:"),
        "{first_line}"
    );
    connected.unwrap();
}

#[test]
fn an_address_for_the_numbers_that_is_in_use_is_an_error_that_names_its_flag() {
    let occupied = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = occupied.local_addr().unwrap().to_string();
    let error =
        fails(guidebook(PROGRAM).args(["--listen", "127.0.0.1:0", "--metrics-listen", &address]));
    assert!(error.contains("--metrics-listen"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_limit_of_open_files_is_raised_and_what_is_still_too_low_is_a_warning() {
    let shell = |arguments: &str| {
        let mut command = guidebook("sh");
        let script = format!("ulimit -Sn 200; ulimit -Hn 1000; exec {PROGRAM} {arguments} \"$@\"");
        command.args(["-c", &script, "sh"]);
        Running::start(&mut command)
    };
    let enough = shell("--max-connections 400 --max-relayed-ports 500 --no-line");
    let limits = fs::read_to_string(format!("/proc/{}/limits", enough.process_id())).unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .unwrap();
    assert_eq!(line.split_whitespace().nth(3), Some("1000"), "{line}");
    let (_, _, log) = enough.end_by("-TERM");
    assert!(!log.contains("--max-connections"), "{log}");

    for (arguments, expected) in [
        (
            "--max-connections 401 --max-relayed-ports 500 --no-line",
            true,
        ),
        ("--max-connections 900 --no-turn --no-line", false),
        ("--max-connections 901 --no-turn --no-line", true),
        (
            "--max-connections 856 --no-turn --max-lines 10 --max-labs 1",
            false,
        ),
        (
            "--max-connections 856 --no-turn --max-lines 11 --max-labs 1",
            true,
        ),
    ] {
        let (_, _, log) = shell(arguments).end_by("-TERM");
        let warns = log.contains("lower --max-connections");
        assert_eq!(warns, expected, "{arguments}: {log}");
    }
}

#[cfg(unix)]
#[test]
fn a_process_manager_and_ctrl_c_end_it_well_and_soon() {
    for signal in ["-TERM", "-INT"] {
        let running = Running::start(&mut guidebook(PROGRAM));
        let (status, took, _) = running.end_by(signal);
        assert_eq!(status.code(), Some(0), "{signal}");
        assert!(took < PROMISE, "{signal}: {took:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_log_names_peers_and_rooms_and_keeps_quiet_of_what_they_say() {
    use futures_util::{SinkExt, StreamExt};
    use tokio_tungstenite::tungstenite::Message;

    let running = Running::start(guidebook(PROGRAM).args(["--log", "debug"]));
    let url = format!("ws://127.0.0.1:{}/", running.port);
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    for frame in [
        r#"/announce|alice|{"id":"alice","room":"lobby","secret":"hunter2"}"#,
        r#"/to|alice|/sdp|alice|{"sdp":"hunter2","type":"offer"}"#,
        "hunter2",
    ] {
        socket.send(Message::text(frame)).await.unwrap();
    }
    // Until the last of them is answered.
    while !socket
        .next()
        .await
        .unwrap()
        .unwrap()
        .to_text()
        .unwrap()
        .starts_with("/error|")
    {}

    let (_, _, log) = running.end_by("-TERM");
    let line = log
        .lines()
        .find(|line| line.contains("Peer joined"))
        .expect(&log);
    assert!(
        line.contains("peer.id=alice room.name=lobby room.members=1 took_over=false"),
        "{line}"
    );
    assert!(log.contains("error.code=\"not-a-command\""), "{log}");
    assert!(!log.contains("hunter2"), "{log}");
}
