//! `guidebook workshop`: one command, one address, and a code that leads there, in the terminal and on the page *Join*.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;
use std::sync::Arc;

use server::book::live::LiveBook;
use server::book::source::Source;
use server::workshop::Workshop;

use crate::qr_code::Modules;
use crate::support::http::get;
use crate::support::{PROGRAM, Running, Server, guidebook};

/// The last line of what is printed at the start.
const LAST: &str = "Ctrl-C ends the workshop";

/// White on black, which no theme of a terminal changes.
const COLOURS: &str = "\x1b[38;5;231;48;5;16m";

fn workshop(arguments: &[&str]) -> Command {
    let mut command = guidebook(PROGRAM);
    command.arg("workshop").args(arguments);
    command
}

fn start(command: &mut Command) -> Running {
    let mut running = Running::start(command);
    running.prints(LAST);
    running
}

fn fails(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

/// Whether the text is a line of its own.
fn has_line(text: &str, line: &str) -> bool {
    text.lines().any(|printed| printed.trim() == line)
}

#[test]
fn the_printed_code_leads_to_the_printed_address_and_that_to_the_book() {
    let running = start(&mut workshop(&[]));
    let printed = &running.printed;
    let url = format!("http://127.0.0.1:{}/", running.port);
    assert!(has_line(printed, &url), "{printed}");
    assert!(!printed.contains('\x1b'), "{printed:?}");
    assert_eq!(Modules::printed_in(printed).read(), url);
    assert!(running.get("/").starts_with("HTTP/1.1 200 OK\r\n"));
}

#[test]
fn an_address_of_this_machine_alone_is_told_to_the_host() {
    let running = start(&mut workshop(&[]));
    assert!(
        running.printed.contains("No other device can open"),
        "{}",
        running.printed
    );
    let named = start(&mut workshop(&["--public-url", "http://book.example"]));
    assert!(
        !named.printed.contains("No other device can open"),
        "{}",
        named.printed
    );
}

#[test]
fn in_a_terminal_the_code_has_both_colours_whatever_those_of_the_terminal_are() {
    let running = start(workshop(&[]).env("CLICOLOR_FORCE", "1"));
    let lines = running.printed.lines().map(str::trim);
    let coloured: Vec<_> = lines.filter(|line| line.contains('█')).collect();
    assert!(!coloured.is_empty());
    let blocks: Vec<_> = coloured
        .iter()
        .map(|line| {
            let blocks = line.strip_prefix(COLOURS).unwrap();
            blocks.strip_suffix("\x1b[0m").unwrap()
        })
        .collect();
    let url = format!("http://127.0.0.1:{}/", running.port);
    assert_eq!(Modules::printed_in(&blocks.join("\n")).read(), url);
}

#[test]
fn a_public_url_is_what_is_printed_and_the_server_answers_at_its_name() {
    for (flag, url, host) in [
        (
            "http://laptop.local:8000",
            "http://laptop.local:8000/",
            "laptop.local:8000",
        ),
        (
            "https://book.example",
            "https://book.example/",
            "book.example",
        ),
    ] {
        let running = start(&mut workshop(&["--public-url", flag]));
        assert!(has_line(&running.printed, url), "{}", running.printed);
        assert_eq!(Modules::printed_in(&running.printed).read(), url);
        for (name, status) in [(host, "200 OK"), ("other.example", "421")] {
            let answer = running.get_from(name, "/");
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}")),
                "{name}: {answer}"
            );
        }
    }
}

#[test]
fn a_public_url_that_nobody_could_open_is_refused_with_an_example() {
    for url in [
        "laptop.local:8000",
        "http://laptop.local/guide",
        "ftp://laptop.local",
        "http://0.0.0.0:8000",
    ] {
        let error = fails(&mut workshop(&["--public-url", url]));
        assert!(
            error.contains("--public-url") && error.contains("such as http://laptop.local:8000"),
            "{url}: {error}"
        );
    }
}

#[test]
fn a_port_in_use_is_an_error_that_says_what_to_do_and_no_other_port_is_taken() {
    let occupied = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = occupied.local_addr().unwrap();
    let output = workshop(&["--listen", &address.to_string()])
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    assert!(
        error.contains(&format!("Port {} is in use", address.port())) && error.contains("--listen"),
        "{error}"
    );
}

#[test]
fn options_of_the_server_stand_after_the_command() {
    let checkout = crate::support::Checkout::new();
    let running = start(workshop(&["--book"]).arg(checkout.path()));
    assert!(running.get("/").contains("The first page."));
}

/// What the page *Join* says where there is no workshop.
const NO_WORKSHOP: &str = "This page comes from another.";

#[tokio::test]
async fn the_page_join_shows_the_code_of_the_address_and_the_address() {
    const URL: &str = "http://192.0.2.5:8000/";
    let workshop = Workshop::at(URL.to_owned()).unwrap();
    let book = LiveBook::open_for(Some(workshop), Source::Embedded).unwrap();
    let server = Server::with_book(Arc::new(book)).await;
    for (path, to_code) in [
        ("/workshop/join.html", "../workshop/qr.svg"),
        ("/print.html", "workshop/qr.svg"),
    ] {
        let page = get(&server, path).await;
        let picture = format!("<img src=\"{to_code}\" alt=\"QR code of the address\"");
        let text = format!("<a href=\"{URL}\">{URL}</a>");
        assert!(page.text().contains(&picture), "{path}");
        assert!(page.text().contains(&text), "{path}");
        assert!(!page.text().contains(NO_WORKSHOP), "{path}");
    }
    let code = get(&server, "/workshop/qr.svg").await;
    assert_eq!(code.status, 200);
    assert!(code.header("content-type").starts_with("image/svg+xml"));
    assert_eq!(Modules::drawn_in(code.text()).read(), URL);
}

#[tokio::test]
async fn without_a_workshop_there_is_no_code_and_the_page_says_so() {
    let server = Server::start().await;
    assert_eq!(get(&server, "/workshop/qr.svg").await.status, 404);
    let page = get(&server, "/workshop/join.html").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains(NO_WORKSHOP));
    assert!(!page.text().contains("qr.svg"));
}
