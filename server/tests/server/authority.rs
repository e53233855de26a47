//! `--tls`: the program makes an authority, hands out its root, and speaks TLS with a certificate of it.

use std::fs;
use std::process::Command;

use rustls::pki_types::CertificateDer;
use tempfile::TempDir;

use crate::support::http::{get_at, get_over};
use crate::support::tls::Trusted;
use crate::support::{PROGRAM, Running, Server, guidebook, http, soon};

const ROOT: &str = "/workshop/authority.crt";

/// The program, with a folder of the test's for what it keeps.
fn program(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = guidebook(PROGRAM);
    command
        .args(arguments)
        .env("XDG_CONFIG_HOME", folder.path());
    command
}

fn start(folder: &TempDir, arguments: &[&str]) -> Running {
    let mut running = Running::start(&mut program(folder, arguments));
    running.prints("fingerprint (SHA-256) with this one");
    running
}

/// The root, as a device gets it over plain HTTP.
async fn root(running: &Running) -> CertificateDer<'static> {
    let answer = get_at(running.address(), ROOT).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/x-x509-ca-cert");
    assert_eq!(answer.header("cache-control"), "no-store");
    CertificateDer::from(answer.body.to_vec())
}

#[tokio::test]
async fn who_trusts_the_root_gets_pages_over_tls_and_is_led_to_no_other_site() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--tls", "--host-name", "laptop.local"];
    let running = start(&folder, &arguments);
    let trusted = Trusted::only([root(&running).await]);
    for name in ["localhost", "127.0.0.1", "laptop.local"] {
        let stream = trusted.connect_as(name, running.address()).await.unwrap();
        let page = get_over(stream, "/", &[("host", name)]).await;
        assert_eq!(page.status, 200, "{name}");
    }
    trusted
        .connect_as("example.org", running.address())
        .await
        .unwrap_err();
    let stranger = Trusted::only([]);
    stranger.connect(running.address()).await.unwrap_err();
}

#[tokio::test]
async fn it_is_the_same_at_the_next_start_until_it_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(&folder, &["--tls"]);
    let kept = root(&first).await;
    drop(first);
    let again = start(&folder, &["workshop", "--tls"]);
    assert_eq!(root(&again).await, kept);
    drop(again);
    let forget = || {
        let output = program(&folder, &["--forget-authority"]).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let says = forget();
    for device in [
        "is deleted",
        "Android",
        "iPhone",
        "Mac",
        "Windows",
        "Firefox",
    ] {
        assert!(says.contains(device), "{says}");
    }
    assert!(says.lines().skip(1).all(|line| line.len() <= 80), "{says}");
    let place = folder.path().join("guidebook");
    assert_eq!(fs::read_dir(place).unwrap().count(), 0);
    assert!(forget().contains("no authority"));
    let next = start(&folder, &["--tls"]);
    assert_ne!(root(&next).await, kept);
}

#[tokio::test]
async fn the_page_has_the_file_and_the_check_where_tls_is_spoken_and_says_so_where_it_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(&folder, &["workshop", "--tls"]);
    let page = get_at(running.address(), "/workshop/https.html").await;
    assert!(page.text().contains("class=\"https-check\""));
    assert!(page.text().contains("href=\"../workshop/authority.crt\""));
    let secure = format!("https://127.0.0.1:{}/workshop/https.html", running.port);
    assert!(page.text().contains(&secure));
    assert!(!page.text().contains("class=\"no-tls\""));
    let server = Server::start().await;
    let page = http::get(&server, "/workshop/https.html").await;
    assert!(page.text().contains("class=\"no-tls\"") && !page.text().contains("https-check\""));
    let none = soon("an answer", http::get(&server, ROOT)).await;
    assert_eq!(none.status, 404);
    assert!(none.text().contains("--tls"));
}

#[test]
fn a_place_that_can_not_be_written_is_named_and_so_is_none_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let fails = |command: &mut Command| {
        let output = command
            .args(["--tls", "--listen", "127.0.0.1:0"])
            .output()
            .unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let says = fails(guidebook(PROGRAM).env("XDG_CONFIG_HOME", &file));
    assert!(says.contains("can't be kept in"), "{says}");
    let mut nobody = guidebook(PROGRAM);
    for variable in ["XDG_CONFIG_HOME", "HOME", "APPDATA"] {
        nobody.env_remove(variable);
    }
    let says = fails(&mut nobody);
    assert!(says.contains("has no place"), "{says}");
}
