//! `guidebook workshop --wifi`: a second code, which joins the Wi-Fi, and a password that is shown nowhere else.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;

use server::book::live::LiveBook;
use server::book::source::Source;
use server::workshop::Workshop;
use server::workshop::wifi::Wifi;

use crate::qr_code::Modules;
use crate::support::http::get;
use crate::support::{Checkout, PROGRAM, Running, Server, guidebook};

const PASSWORD: &str = "correct horse";

/// What joins the Wi-Fi, with the password above.
const CODE: &str = "WIFI:T:WPA;S:Guests;P:correct horse;;";

/// The address of the workshop where the test names one.
const URL: &str = "http://192.0.2.5:8000/";

fn workshop(arguments: &[&str]) -> Command {
    let mut command = guidebook(PROGRAM);
    command
        .arg("workshop")
        .args(arguments)
        .env("TERM", "xterm-256color");
    command
}

fn fails(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

/// The body of a response of the program.
fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[test]
fn a_password_in_a_file_is_in_the_code_on_the_page_join_and_in_no_text() {
    let checkout = Checkout::new();
    let file = checkout.path().join("password");
    for line in [
        "correct horse\n",
        "correct horse\r\nanything else\n",
        "correct horse",
    ] {
        fs::write(&file, line).unwrap();
        let mut command = workshop(&["--log", "debug", "--wifi", "Guests"]);
        command.arg("--wifi-password-file").arg(&file);
        let mut running = Running::start(&mut command);
        running.prints("Ctrl-C ends the workshop");
        assert!(running.printed.contains("Everybody joins the Wi-Fi Guests"));
        assert!(!running.printed.contains(PASSWORD));
        let codes = Modules::printed_in(&running.printed);
        assert_eq!(codes.read(), format!("http://127.0.0.1:{}/", running.port));
        let code = running.get("/workshop/wifi.svg");
        assert_eq!(Modules::drawn_in(body(&code)).read(), CODE);
        assert!(!running.get("/workshop/join.html").contains(PASSWORD));
        #[cfg(unix)]
        {
            let (_, _, log) = running.end_by("-TERM");
            assert!(!log.contains(PASSWORD), "{log}");
        }
    }
}

#[test]
fn what_is_no_password_or_can_not_be_read_ends_the_program_with_what_to_do() {
    let checkout = Checkout::new();
    let file = checkout.path().join("password");
    let with_file = || {
        let mut command = workshop(&["--listen", "127.0.0.1:0", "--wifi", "Guests"]);
        command.arg("--wifi-password-file").arg(&file);
        command
    };
    let missing = fails(&mut with_file());
    assert!(
        missing.contains("password has no password of a Wi-Fi"),
        "{missing}"
    );
    for (line, says) in [
        ("\ncorrect horse", "--wifi-open"),
        ("secret!", "8 to 63 characters"),
        ("sécrètement", "ASCII"),
    ] {
        fs::write(&file, line).unwrap();
        let error = fails(&mut with_file());
        assert!(error.contains(says), "{line}: {error}");
        assert!(!error.contains(line.trim()), "{line}: {error}");
    }
    let nobody = fails(&mut workshop(&[
        "--listen",
        "127.0.0.1:0",
        "--wifi",
        "Guests",
    ]));
    assert!(
        nobody.contains("--wifi-password-file") && nobody.contains("--wifi-open"),
        "{nobody}"
    );
}

async fn served_in(wifi: Wifi) -> Server {
    let workshop = Workshop::at(URL.to_owned()).unwrap().in_wifi(Some(wifi));
    let book = LiveBook::open_for(Some(workshop), Source::Embedded).unwrap();
    Server::with_book(Arc::new(book)).await
}

fn wifi(ssid: &str, password: Option<&str>) -> Wifi {
    let password = password.map(|password| password.parse().unwrap());
    Wifi::new(ssid.parse().unwrap(), password.as_ref()).unwrap()
}

#[tokio::test]
async fn the_page_join_has_the_code_of_the_wifi_before_that_of_the_address() {
    let server = served_in(wifi("<Guests> & friends", Some(PASSWORD))).await;
    for (path, to_root) in [("/workshop/join.html", "../"), ("/print.html", "")] {
        let page = get(&server, path).await;
        let text = page.text();
        let parts = [
            format!("<img src=\"{to_root}workshop/wifi.svg\" alt=\"QR code that joins the Wi-Fi\""),
            "join the Wi-Fi <b>&lt;Guests> &amp; friends</b>".to_owned(),
            format!("<img src=\"{to_root}workshop/qr.svg\" alt=\"QR code of the address\""),
            format!("<a href=\"{URL}\">{URL}</a>"),
        ];
        let places = parts.map(|part| text.find(&part).unwrap_or_else(|| panic!("{part}")));
        assert!(places.is_sorted(), "{path}: {places:?}");
        assert!(!text.contains("This page comes from another."), "{path}");
    }
    let code = get(&server, "/workshop/qr.svg").await;
    assert_eq!(Modules::drawn_in(code.text()).read(), URL);
}

#[tokio::test]
async fn names_and_passwords_with_signs_of_the_code_are_escaped_and_an_open_wifi_has_no_password() {
    for (wifi, code) in [
        (
            wifi(r#"a;b,c:d"e\f"#, Some(r#"\;,:"pass"#)),
            r#"WIFI:T:WPA;S:a\;b\,c\:d\"e\\f;P:\\\;\,\:\"pass;;"#,
        ),
        (wifi("Café", None), "WIFI:T:nopass;S:Café;;"),
        (
            wifi("x", Some(&"0f".repeat(32))),
            &format!("WIFI:T:WPA;S:x;P:{};;", "0f".repeat(32)),
        ),
    ] {
        assert_eq!(Modules::drawn_in(&wifi.code().to_svg()).read(), code);
    }
}

#[tokio::test]
async fn without_a_wifi_there_is_no_code_of_one() {
    let workshop = Workshop::at(URL.to_owned()).unwrap();
    let book = LiveBook::open_for(Some(workshop), Source::Embedded).unwrap();
    let server = Server::with_book(Arc::new(book)).await;
    assert_eq!(get(&server, "/workshop/wifi.svg").await.status, 404);
    let page = get(&server, "/workshop/join.html").await;
    assert!(!page.text().contains("wifi.svg"));
}

#[cfg(unix)]
mod asked_for {
    use super::*;
    use crate::support::InTerminal;

    const QUESTION: &str = "Password of the Wi-Fi Guests";

    /// The program, which asks.
    fn asking(rows: u16, columns: u16) -> InTerminal {
        let mut command = workshop(&["--listen", "127.0.0.1:0", "--wifi", "Guests"]);
        let terminal = InTerminal::start(&mut command, rows, columns);
        terminal.shows("the question alone", |screen| {
            let text = screen.text();
            assert!(!text.contains("http://"), "{text}");
            text.starts_with(QUESTION).then_some(())
        });
        assert!(!terminal.echoes());
        terminal
    }

    #[test]
    fn the_password_is_asked_for_without_showing_it_and_both_codes_stay_where_they_have_room() {
        for (rows, columns, joins) in [(40, 100, true), (28, 130, true), (26, 80, false)] {
            let terminal = asking(rows, columns);
            terminal.types(&format!("{PASSWORD}\n"));
            let codes = terminal.shows("the codes", |screen| {
                let is_whole = screen.text().contains("Ctrl-C ends");
                let codes = is_whole.then(|| screen.codes())??;
                assert!(!screen.bytes().contains(PASSWORD));
                Some(codes)
            });
            let (last, before) = codes.split_last().unwrap();
            assert!(last.starts_with("http://127.0.0.1:"), "{last}");
            match joins {
                true => assert_eq!(before, [CODE]),
                false => assert!(before.is_empty()),
            }
            assert!(terminal.echoes());
        }
    }

    #[test]
    fn a_wrong_password_and_the_end_of_the_program_leave_the_terminal_as_it_was() {
        let mut terminal = asking(40, 100);
        terminal.types("short\n");
        assert!(!terminal.ends().success());
        terminal.shows("what to do", |screen| {
            screen.text().contains("8 to 63 characters").then_some(())
        });
        assert!(terminal.echoes());
        for signal in ["-INT", "-TERM"] {
            let mut terminal = asking(40, 100);
            terminal.signal(signal);
            assert!(terminal.ends().success());
            assert!(terminal.echoes());
        }
    }
}
