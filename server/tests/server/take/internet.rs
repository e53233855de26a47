//! *On the internet*: the program with the options of the systemd unit, behind a certificate that the script has put there; and the script for updates.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::page;
use crate::support::http::{exchange_over, get_at, get_over};
use crate::support::tls::Certificate;
use crate::support::{PROGRAM, Peer, Running, guidebook, own_address, project_file};

/// Where the files have the certificate and the keys.
const SETTINGS: &str = "/etc/guidebook";
/// Where they have the program.
const PROGRAMS: &str = "/usr/local/bin";
/// The server's name in them, and the origin of the page that may signal.
const NAME: &str = "rooms.example.org";
const PAGE: &str = "https://app.example.org";

const SCRIPTS: [&str; 3] = ["set-up.sh", "renewed.sh", "update.sh"];

/// The options with which the unit starts the program.
fn options_of_the_unit() -> Vec<String> {
    let unit = project_file("code/take/signaling.service").replace("\\\n", " ");
    let start = format!("ExecStart={PROGRAMS}/guidebook ");
    let options = unit.lines().find_map(|line| line.strip_prefix(&start));
    let options = options.expect("the unit starts the program");
    options.split_whitespace().map(str::to_owned).collect()
}

/// The value of an option.
fn value<'o>(options: &'o mut [String], name: &str) -> &'o mut String {
    let at = options.iter().position(|option| option == name);
    let at = at.unwrap_or_else(|| panic!("{name} in {options:?}"));
    &mut options[at + 1]
}

/// Runs a script of the page as its first line says, with other paths in it.
fn run(script: &str, paths: &[(&str, &str)], change: impl FnOnce(&mut Command)) -> Output {
    let mut text = project_file(&format!("code/take/{script}"));
    assert!(text.starts_with("#!/bin/sh -e\n"), "{script}");
    for (shown, ours) in paths {
        assert!(text.contains(shown), "{shown} in {script}");
        text = text.replace(shown, ours);
    }
    let mut command = Command::new("sh");
    command.args(["-e", "-c", &text]);
    change(&mut command);
    command.output().unwrap()
}

/// Puts a certificate where the script puts that of certbot.
fn put(certificate: &Certificate, settings: &Path) {
    let lineage = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("fullchain.pem", &certificate.pem),
        ("privkey.pem", &certificate.key),
    ] {
        fs::write(lineage.path().join(name), text).unwrap();
    }
    let paths = [
        (SETTINGS, settings.to_str().unwrap()),
        // Nobody else is needed here.
        ("chown guidebook", "chown $(id -u)"),
    ];
    let output = run("renewed.sh", &paths, |command| {
        command.env("RENEWED_LINEAGE", lineage.path());
    });
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn the_scripts_are_scripts_of_a_shell_and_the_page_has_them_all() {
    let page = page("internet");
    for script in SCRIPTS {
        assert!(
            page.contains(&format!("code/take/{script}}}}}")),
            "{script}"
        );
        let path = format!("{}/../../code/take/{script}", env!("CARGO_MANIFEST_DIR"));
        let output = Command::new("sh").args(["-n", &path]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}

#[test]
fn the_firewall_opens_the_port_of_the_unit_in_tcp_and_in_udp() {
    let mut options = options_of_the_unit();
    let (_, port) = value(&mut options, "--listen").rsplit_once(':').unwrap();
    let firewall = project_file("code/take/firewall.nft");
    for protocol in ["tcp", "udp"] {
        let rule = format!("{protocol} dport {port} accept");
        assert!(firewall.contains(&rule), "{rule}");
    }
}

#[tokio::test]
async fn the_program_of_the_unit_lets_in_who_has_a_token_and_shows_its_numbers_on_this_machine_alone()
 {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().to_str().unwrap();
    let certificate = Certificate::new();
    put(&certificate, folder.path());
    for name in ["cert.pem", "key.pem"] {
        let mode = fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600, "{name}");
    }
    let keys = format!("{settings}/keys.json");
    let made = guidebook(PROGRAM)
        .args(["token", "--new-key", &keys])
        .output();
    assert!(made.unwrap().status.success());

    let mut options = options_of_the_unit();
    for option in &mut options {
        *option = option.replace(SETTINGS, settings);
    }
    let numbers = own_address(9000);
    assert!(value(&mut options, "--metrics-listen").starts_with("127."));
    *value(&mut options, "--metrics-listen") = numbers.to_string();
    // The tests name another address.
    let at = options.iter().position(|option| option == "--listen");
    options.drain(at.unwrap()..at.unwrap() + 2);
    let mut program = guidebook(PROGRAM);
    let running = Running::start(program.args(&options));

    let trusted = certificate.trusted();
    let connect = async || -> TlsStream<TcpStream> {
        let stream = trusted.connect(running.address()).await;
        stream.unwrap()
    };
    let library = "/code/quickconnect/js/index.js";
    for (path, status) in [("/healthz", 200), (library, 200), ("/metrics", 404)] {
        let answer = get_over(connect().await, path, &[("host", NAME)]).await;
        assert_eq!(answer.status, status, "{path}");
    }
    assert_eq!(get_at(numbers, "/metrics").await.status, 200);

    for (origin, status) in [(PAGE, 204), ("https://stranger.example", 403)] {
        let headers = [("host", NAME), ("origin", origin)];
        let answer = exchange_over(connect().await, "POST", "/primus", &headers, "").await;
        assert_eq!(answer.status, status, "{origin}");
    }
    let asked = exchange_over(connect().await, "POST", "/ice", &[("host", NAME)], "").await;
    assert_eq!(asked.status, 401);

    let signed = guidebook(PROGRAM)
        .args(["token", "--access-key", &keys, "--room", "team-7"])
        .output();
    let token = String::from_utf8(signed.unwrap().stdout).unwrap();
    let bearer = format!("Bearer {}", token.trim());
    let headers = [("host", NAME), ("authorization", bearer.as_str())];
    let lent = exchange_over(connect().await, "POST", "/ice", &headers, "").await;
    for transport in ["udp", "tcp"] {
        let url = format!("turn:{NAME}:{}?transport={transport}", running.port);
        assert!(lent.text().contains(&url), "{url}: {}", lent.text());
    }

    let url = format!("wss://localhost:{}/", running.port);
    let mut stranger = Peer::connect_over(connect().await, &url, "a")
        .await
        .unwrap();
    stranger.hears_error("token-missing").await;
    let offer = format!("token, {}", token.trim());
    let headers = [("origin", PAGE), ("sec-websocket-protocol", offer.as_str())];
    let member = Peer::connect_over_with(connect().await, &url, &headers, "anna").await;
    let mut member = member.unwrap();
    member.hears_greeting().await;
    member.announce("team-7").await;
    member.hears_room_info(1).await;
}

/// A folder as on a server, with a program that is a script, and a `systemctl` that writes down what it is asked for.
struct Installed(TempDir);

impl Installed {
    fn with(program: &str) -> Self {
        let installed = Self(tempfile::tempdir().unwrap());
        for name in ["bin", "fake", "new"] {
            fs::create_dir(installed.0.path().join(name)).unwrap();
        }
        installed.write("bin/guidebook", program);
        installed.write("fake/systemctl", "#!/bin/sh\necho \"$@\" >> asked\n");
        let path = installed.0.path().join("fake/systemctl");
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        installed
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).unwrap_or_default()
    }

    /// Puts this beside its checksum, as `cargo xtask dist` does.
    fn distributes(&self, program: &str) {
        self.write("new/guidebook", program);
        let sums = Command::new("sha256sum")
            .arg("guidebook")
            .current_dir(self.0.path().join("new"))
            .output();
        let sums = String::from_utf8(sums.unwrap().stdout).unwrap();
        self.write("new/SHA256SUMS", &sums);
    }

    fn updates(&self) -> Output {
        let programs = self.0.path().join("bin");
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{path}", self.0.path().join("fake").display());
        run(
            "update.sh",
            &[(PROGRAMS, programs.to_str().unwrap())],
            |command| {
                command
                    .current_dir(self.0.path().join("new"))
                    .env("PATH", path);
            },
        )
    }
}

const OLD: &str = "#!/bin/sh\necho old\n";
const NEW: &str = "#!/bin/sh\necho new\n";

#[test]
fn an_update_takes_the_place_of_the_program_which_is_kept_and_restarts_the_service() {
    let installed = Installed::with(OLD);
    installed.distributes(NEW);
    let output = installed.updates();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(installed.read("bin/guidebook"), NEW);
    assert_eq!(installed.read("bin/guidebook.former"), OLD);
    assert_eq!(installed.read("new/asked"), "restart guidebook\n");
}

#[test]
fn an_update_with_another_checksum_or_that_does_not_run_changes_nothing() {
    let installed = Installed::with(OLD);
    installed.distributes(NEW);
    installed.write("new/guidebook", "#!/bin/sh\necho forged\n");
    assert!(!installed.updates().status.success());
    installed.distributes("#!/bin/sh\nexit 1\n");
    assert!(!installed.updates().status.success());
    assert_eq!(installed.read("bin/guidebook"), OLD);
    assert_eq!(installed.read("new/asked"), "");
}
