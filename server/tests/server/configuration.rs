//! Options in a file (`--config`), and `guidebook check-config`.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use server::owner_only;
use tempfile::TempDir;

use crate::support::tls::Certificate;
use crate::support::{Checkout, PROGRAM, Running, guidebook};

const FILE: &str = "guidebook.toml";

/// A folder with this file of options.
fn folder(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE), text).unwrap();
    folder
}

fn with_file(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = guidebook(PROGRAM);
    command
        .args(arguments)
        .arg("--config")
        .arg(folder.join(FILE));
    command
}

/// Whether the check found everything good, and what it says.
fn checked(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> (bool, String) {
    let mut command = guidebook(PROGRAM);
    command.arg("check-config").arg(folder.join(FILE));
    let output = command.args(arguments).envs(variables.iter().copied());
    let Output { status, stdout, .. } = output.output().unwrap();
    (status.success(), String::from_utf8(stdout).unwrap())
}

#[test]
fn a_server_serves_as_its_file_says_and_a_variable_stands_above_it() {
    let folder = folder("metrics = true\nmax-room-members = 2\nlog = 'warn'");
    let running = Running::start(&mut with_file(folder.path(), &[]));
    assert!(running.get("/metrics").starts_with("HTTP/1.1 200 OK"));

    let mut command = with_file(folder.path(), &[]);
    let running = Running::start(command.env("GUIDEBOOK_METRICS", "false"));
    assert!(running.get("/metrics").starts_with("HTTP/1.1 404"));

    // The file may be named by a variable as well.
    let mut command = guidebook(PROGRAM);
    command.env("GUIDEBOOK_CONFIG", folder.path().join(FILE));
    let running = Running::start(&mut command);
    assert!(running.get("/metrics").starts_with("HTTP/1.1 200 OK"));
}

#[test]
fn signaling_is_set_by_a_file_too() {
    let folder = folder("metrics = true");
    let mut command = with_file(folder.path(), &["signaling"]);
    let running = Running::start(&mut command);
    assert!(running.get("/metrics").starts_with("HTTP/1.1 200 OK"));
    let (_, says) = checked(folder.path(), &["--for", "signaling"], &[]);
    assert!(says.contains("for `guidebook signaling`"), "{says}");
}

#[test]
fn a_server_does_not_start_with_a_file_that_has_mistakes_and_names_their_lines() {
    let folder = folder("max-rooms = 10\n\nmax-romms = 5\nmetrics = 'yes'\n");
    let output = with_file(folder.path(), &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let says = String::from_utf8(output.stderr).unwrap();
    let file = folder.path().join(FILE).display().to_string();
    for line in [
        format!("{file}:3: max-romms: `guidebook` has no such option; is it `max-rooms`?"),
        format!("{file}:4: metrics: it must be true or false"),
    ] {
        assert!(says.contains(&line), "{says}");
    }
    let (is_good, told) = checked(folder.path(), &[], &[]);
    assert!(!is_good && told.lines().count() == 2, "{told}");
    assert!(told.contains(":3: max-romms"), "{told}");
}

/// The file that the book shows, with the files that it names beside it.
fn as_shown() -> TempDir {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../code/take/guidebook.toml"
    );
    let folder = folder(&fs::read_to_string(path).unwrap());
    let certificate = Certificate::new();
    fs::write(folder.path().join("cert.pem"), certificate.pem).unwrap();
    fs::write(folder.path().join("key.pem"), certificate.key).unwrap();
    let mut new_key = guidebook(PROGRAM);
    new_key
        .args(["token", "--new-key"])
        .arg(folder.path().join("access-keys.json"));
    assert!(new_key.output().unwrap().status.success());
    folder
}

#[test]
fn what_would_be_used_is_told_with_who_says_so_for_the_file_that_the_book_shows() {
    let folder = as_shown();
    let variables = [("GUIDEBOOK_MAX_ROOMS", "77"), ("GUIDEBOOK_NO_TURN", "1")];
    let (is_good, says) = checked(folder.path(), &[], &variables);
    assert!(is_good, "{says}");
    let words: Vec<Vec<&str>> = says
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let cert = folder.path().join("cert.pem");
    let cert = cert.to_str().unwrap();
    for expected in [
        &["listen", "0.0.0.0:443", "line", "5"][..],
        &["cert", cert, "line", "6"],
        &[
            "max-rooms",
            "77",
            "GUIDEBOOK_MAX_ROOMS,",
            "above",
            "line",
            "19",
        ],
        &["no-turn", "1", "GUIDEBOOK_NO_TURN"],
        &["no-companion", "true", "line", "21"],
        &[
            "good",
            "cert:",
            "a",
            "certificate",
            "with",
            "its",
            "key,",
            "until",
            "Sun,",
            "01",
            "Jan",
            "4096",
            "00:00:00",
            "GMT",
        ],
        &["good", "access-key:", "1", "key"],
    ] {
        assert!(
            words.iter().any(|line| line == expected),
            "{expected:?}: {says}"
        );
    }
    // A key is a secret, and stays in its file.
    let keys = fs::read_to_string(folder.path().join("access-keys.json")).unwrap();
    let secret = keys.split('"').max_by_key(|part| part.len()).unwrap();
    assert!(secret.len() > 40 && !says.contains(secret), "{says}");
}

/// Breaks a file in a folder.
type Breaks<'b> = &'b dyn Fn(&Path);

#[test]
fn the_files_that_options_name_are_looked_at() {
    let (other, ended) = (Certificate::new(), Certificate::ended());
    let write = |folder: &Path, name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    let remove = |folder: &Path, name: &str| fs::remove_file(folder.join(name)).unwrap();
    let breaks: [(&str, Breaks<'_>); 5] = [
        ("bad   cert: There is no file", &|folder| {
            remove(folder, "cert.pem");
        }),
        (
            "the private key does not belong to the certificate",
            &|folder| write(folder, "key.pem", &other.key),
        ),
        ("ended on Wed, 01 Jan 2020", &|folder| {
            write(folder, "cert.pem", &ended.pem);
            write(folder, "key.pem", &ended.key);
        }),
        ("is no JWK set", &|folder| {
            write(folder, "access-keys.json", "{}");
        }),
        ("guidebook token --new-key", &|folder| {
            remove(folder, "access-keys.json");
        }),
    ];
    for (expected, breaks) in breaks {
        let folder = as_shown();
        breaks(folder.path());
        let (is_good, says) = checked(folder.path(), &[], &[]);
        assert!(!is_good && says.contains(expected), "{expected}: {says}");
        assert_eq!(says.matches("bad   ").count(), 1, "{says}");
    }
}

#[test]
fn the_files_of_a_cluster_are_looked_at() {
    let text = "cluster = 'rediss://10.0.0.5'\ncluster-ca = 'ca.pem'\ncluster-key = 'none'";
    let folder = folder(text);
    let authority = Certificate::new().pem;
    fs::write(folder.path().join("ca.pem"), authority.repeat(2)).unwrap();
    let (is_good, says) = checked(folder.path(), &["--for", "signaling"], &[]);
    assert!(!is_good, "{says}");
    assert!(says.contains("good  cluster-ca: 2 authorities"), "{says}");
    assert!(says.contains("bad   cluster-key: "), "{says}");
    fs::write(folder.path().join("ca.pem"), "").unwrap();
    let keys = format!("{}\n", "k".repeat(32)).repeat(2);
    owner_only::write(folder.path(), "none", keys.as_bytes()).unwrap();
    let (_, says) = checked(folder.path(), &["--for", "signaling"], &[]);
    assert!(says.contains("has no certificate"), "{says}");
    assert!(says.contains("good  cluster-key: 2 keys"), "{says}");
}

#[test]
fn a_book_is_rendered_and_what_only_a_workshop_has_is_looked_at_for_one() {
    let checkout = Checkout::new();
    let book = checkout.path();
    let book = book.display();
    let good = folder(&format!(
        "book = '{book}'\nbase-path = '/rtc'\nwifi = 'Guests'\nwifi-password-file = 'wifi'\nstate-dir = 'state/of/it'\nlocal-name = 'room-7'\n"
    ));
    fs::write(good.path().join("wifi"), "long enough\n").unwrap();
    let (is_good, says) = checked(good.path(), &["--for", "workshop"], &[]);
    assert!(is_good, "{says}");
    for line in [
        "good  book: \"A small book\"",
        "good  base-path: free for the server",
        "good  wifi-password-file: a password",
        "good  state-dir: a folder that will be made",
    ] {
        assert!(says.contains(line), "{line}: {says}");
    }
    assert!(!good.path().join("state").exists(), "a check makes nothing");
    // For a reader alone three of them are no options.
    let (is_good, says) = checked(good.path(), &[], &[]);
    assert!(
        !is_good && says.contains(":3: wifi: this is an option of `guidebook workshop`"),
        "{says}"
    );

    let taken = folder("base-path = '/whip'");
    let (is_good, says) = checked(taken.path(), &[], &[]);
    let expected = "bad   base-path: --base-path can't begin with /whip";
    assert!(!is_good && says.contains(expected), "{says}");

    let bad =
        folder("book = 'nowhere'\nlisten = 'unix:/no/such/folder/socket'\nlog = 'server=loud'");
    let (is_good, says) = checked(bad.path(), &["--for", "workshop"], &[]);
    assert!(!is_good, "{says}");
    for part in [
        "bad   book: ",
        "bad   listen: ",
        "bad   log: ",
        "bad   public-url: ",
    ] {
        assert!(says.contains(part), "{part}: {says}");
    }
}

#[test]
fn options_that_do_not_fit_together_are_told_without_a_file_as_well() {
    let mut command = guidebook(PROGRAM);
    command
        .arg("check-config")
        .env("GUIDEBOOK_CERT", "cert.pem");
    let output = command.output().unwrap();
    let says = String::from_utf8(output.stdout).unwrap();
    assert!(
        !output.status.success() && says.contains("--key <FILE>"),
        "{says}"
    );
    let output = guidebook(PROGRAM).arg("check-config").output().unwrap();
    let says = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{says}");
    assert!(says.contains("All options have their defaults."), "{says}");
}

#[test]
fn the_program_takes_each_command_that_the_page_shows() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../book/take/operating.md");
    let page = fs::read_to_string(page).unwrap();
    let commands = page
        .lines()
        .filter_map(|line| line.strip_prefix("$ guidebook "));
    let mut count = 0;
    for command in commands {
        let options: Vec<&str> = command.split(" && ").next().unwrap().split(' ').collect();
        // Nothing is started for who asks for help, and what stands before is read.
        let output = guidebook(PROGRAM).args(&options).arg("--help").output();
        assert!(output.unwrap().status.success(), "{options:?}");
        let output = guidebook(PROGRAM).args(&options).arg("--no-such").output();
        assert!(!output.unwrap().status.success(), "{options:?}");
        count += 1;
    }
    assert!(count >= 3, "{count}");
}

/// As `nohup` and terminals expect. What is read again needs no signal.
#[cfg(unix)]
#[test]
fn a_hangup_ends_the_program() {
    use std::os::unix::process::ExitStatusExt as _;

    let running = Running::start(&mut guidebook(PROGRAM));
    let (status, _, _) = running.end_by("-HUP");
    assert_eq!(status.signal(), Some(1));
}
