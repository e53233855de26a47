//! The certificate that the host names, good, bad and replaced.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use server::config::Limits;
use server::tls::files::Files;
use tokio::time::sleep;

use crate::support::tls::{Certificate, Trusted};
use crate::support::{PROGRAM, Running, Server, guidebook, http, soon};

const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A folder for a certificate and its key.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(certificate: &Certificate) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write(certificate);
        folder
    }

    fn write(&self, certificate: &Certificate) {
        let Files { cert, key } = self.files();
        fs::write(cert, &certificate.pem).unwrap();
        fs::write(key, &certificate.key).unwrap();
    }

    fn files(&self) -> Files {
        let [cert, key] = ["cert.pem", "key.pem"].map(|name| self.0.path().join(name));
        Files { cert, key }
    }
}

/// Waits until a client that trusts this is served.
async fn is_served(trusted: &Trusted, server: &Server) {
    let served = async {
        loop {
            if let Ok(stream) = trusted.connect(server.address).await {
                return http::get_over(stream, "/healthz", &[]).await.status;
            }
            sleep(LOOK_EVERY).await;
        }
    };
    assert_eq!(soon("the certificate", served).await, 200);
}

#[tokio::test]
async fn files_that_change_are_read_again_and_what_can_not_be_used_leaves_the_former_ones() {
    let first = Certificate::new();
    let folder = Folder::with(&first);
    let (tls, _watch) = folder.files().open(LOOK_EVERY).unwrap();
    let server = Server::with_tls(&tls, Limits::default()).await;
    is_served(&first.trusted(), &server).await;
    // A connection that is open goes on.
    let mut open =
        crate::support::Peer::connect_over_tls(&server, &first.trusted(), &[], "a").await;
    let second = Certificate::new();
    folder.write(&second);
    is_served(&second.trusted(), &server).await;
    open.announce("r").await;
    open.hears_room_info(1).await;
    // Long enough for many looks.
    fs::write(folder.files().key, &first.key).unwrap();
    sleep(20 * LOOK_EVERY).await;
    is_served(&second.trusted(), &server).await;
    fs::remove_file(folder.files().cert).unwrap();
    sleep(20 * LOOK_EVERY).await;
    is_served(&second.trusted(), &server).await;
    let third = Certificate::new();
    folder.write(&third);
    is_served(&third.trusted(), &server).await;
}

fn program(cert: &Path, key: &Path) -> Command {
    let mut command = guidebook(PROGRAM);
    command.arg("--cert").arg(cert).arg("--key").arg(key);
    command.args(["--listen", "127.0.0.1:0"]);
    command
}

/// What the program says that can't start with these.
fn refusal(cert: &Path, key: &Path) -> String {
    let output = program(cert, key).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn each_mistake_is_named_with_its_file() {
    let certificate = Certificate::new();
    let folder = Folder::with(&certificate);
    let Files { cert, key } = folder.files();
    let other = |name: &str, text: &str| -> PathBuf {
        let path = folder.0.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let missing = folder.0.path().join("missing.pem");
    let empty = other("empty.pem", "");
    let others_key = other("other.pem", &Certificate::new().key);
    let pkcs8 =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let encrypted = other("encrypted.pem", pkcs8);
    let damaged = other("damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n");
    let nonsense = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let nonsense = other("nonsense.pem", nonsense);
    for (cert, key, says) in [
        (&missing, &key, "There is no file"),
        (&cert, &missing, "which --key names"),
        (&empty, &key, "no certificate in the file for --cert"),
        (&key, &key, "no certificate in the file for --cert"),
        (&cert, &empty, "no private key in the file for --key"),
        (&cert, &cert, "no private key in the file for --key"),
        (&cert, &encrypted, "openssl pkey -in KEY -out DECRYPTED"),
        (&cert, &others_key, "does not belong to the certificate"),
        (&damaged, &key, "the certificate is damaged"),
        (&nonsense, &key, "can't be used"),
    ] {
        let log = refusal(cert, key);
        assert!(log.contains(says), "{says}: {log}");
        let named = [cert, key].map(|path| log.contains(&path.display().to_string()));
        assert!(named.contains(&true), "{log}");
    }
    let alone = guidebook(PROGRAM)
        .arg("--cert")
        .arg(&cert)
        .output()
        .unwrap();
    let says = String::from_utf8(alone.stderr).unwrap();
    assert!(says.contains("--key"), "{says}");
}

#[cfg(unix)]
#[test]
fn the_program_says_in_its_log_why_it_keeps_the_former_certificate() {
    let folder = Folder::with(&Certificate::new());
    let Files { cert, key } = folder.files();
    let mut command = guidebook(PROGRAM);
    command.arg("--cert").arg(&cert).arg("--key").arg(&key);
    let running = Running::start(&mut command);
    fs::write(&key, &Certificate::new().key).unwrap();
    // Two looks, and as long again.
    std::thread::sleep(3 * server::file_watch::LOOK_EVERY);
    let (_, _, log) = running.end_by("-TERM");
    let lines: Vec<_> = (log.lines())
        .filter(|line| line.contains("the former one stays"))
        .collect();
    assert_eq!(lines.len(), 1, "{log}");
    assert!(
        lines[0].contains("does not belong to the certificate"),
        "{log}"
    );
}
