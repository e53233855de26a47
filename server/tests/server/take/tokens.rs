//! *Who may join: access tokens*: its commands, its programs in Node and in Rust, and its tables.

use std::collections::BTreeSet;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::SystemTime;

use server::access_token::claims::{Carrier, Claims};
use server::access_token::key_set::KeySet;
use server::access_token::keys::Keys;
use server::access_token::refusal::Refusal;
use server::access_token::room_pattern::RoomPattern;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::{commands, options, page};
use crate::support::{PROGRAM, guidebook, http, project_file, soon};
use crate::twins::example;

/// What signs with the first key of a file, in Node: the file and the claims are its arguments.
const SIGN: &str = "import { readFileSync } from 'node:fs';
import { signToken } from './sign-token.js';
const [, path, claims] = process.argv;
const [key] = JSON.parse(readFileSync(path, 'utf8')).keys;
console.log(signToken(key, JSON.parse(claims)));";

/// A project with these programs of the book, and with a key.
fn project(programs: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("package.json"), r#"{ "type": "module" }"#).unwrap();
    for name in programs {
        fs::write(at.join(name), project_file(&format!("code/take/{name}"))).unwrap();
    }
    let options = ["token", "--new-key", "keys.json"];
    printed(guidebook(PROGRAM).args(options).current_dir(at).output());
    folder
}

/// What a program has printed that did well.
fn printed(output: std::io::Result<Output>) -> String {
    let output = output.expect("it can be run");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn node(at: &Path, arguments: &[&str]) -> String {
    let output = Command::new("node")
        .args(arguments)
        .current_dir(at)
        .output();
    printed(output.inspect_err(|_| eprintln!("node is missing: `apt-get install npm` brings it")))
}

/// A token for Anna that lives for some minutes, signed in Node by the first key of a file.
fn signed(at: &Path, keys: &str) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let exp = now.unwrap().as_secs() + 300;
    let claims = format!(r#"{{ "room": "team-7", "id": "anna", "exp": {exp} }}"#);
    node(at, &["--input-type=module", "--eval", SIGN, keys, &claims])
}

/// The keys of a file, as a server reads them.
fn keys(at: &Path, file: &str) -> Keys {
    Keys::of(KeySet::open(&at.join(file)).unwrap()).unwrap()
}

fn granted(keys: &Keys, token: &str, carrier: Carrier) -> Result<Claims, Refusal> {
    let grant = keys.check(token, carrier, SystemTime::now());
    grant.map(|grant| grant.claims)
}

/// Anna, in her room and in no other.
fn is_annas(claims: &Claims) {
    assert_eq!(claims.id.as_deref(), Some("anna"));
    assert!(claims.room.covers("team-7") && !claims.room.covers("team-70"));
}

#[test]
fn the_commands_of_the_page_make_a_key_and_tokens_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let shown = commands("tokens");
    let of_tokens = shown.iter().filter_map(|command| options(command));
    let of_tokens = of_tokens.filter(|options| options[0] == "token");
    let made: Vec<String> = of_tokens
        .map(|options| {
            let mut program = guidebook(PROGRAM);
            printed(program.args(options).current_dir(&folder).output())
        })
        .collect();
    let [_, for_trying, _, in_address, _] = &made[..] else {
        panic!("a key, a token, a pair, and two more tokens: {shown:?}");
    };
    let at = folder.path();
    let shared = keys(at, "keys.json");
    is_annas(&granted(&shared, for_trying, Carrier::Header).unwrap());
    assert!(granted(&shared, for_trying, Carrier::Query).is_err());
    let claims = granted(&shared, in_address, Carrier::Query).unwrap();
    let session = claims.until.duration_since(claims.exp).unwrap();
    assert!(session.as_secs() > 7 * 3600, "{session:?}");

    let sign = "token --access-key private.json --room team-7 --id anna".split(' ');
    let token = printed(guidebook(PROGRAM).args(sign).current_dir(at).output());
    is_annas(&granted(&keys(at, "public.json"), &token, Carrier::Header).unwrap());
    is_a_pair(at);
}

/// The part that verifies signs nothing and may be read by everybody; the other one is its owner's.
fn is_a_pair(at: &Path) {
    let public = KeySet::open(&at.join("public.json")).unwrap();
    assert!(public.signer().is_none());
    #[cfg(unix)]
    for (name, readers) in [("public.json", 0o044), ("private.json", 0)] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |name: &str| fs::metadata(at.join(name)).unwrap().permissions().mode();
        // As far as the umask of whoever runs the tests lets others read anything.
        fs::write(at.join("any"), "").unwrap();
        assert_eq!(mode(name) & 0o777, 0o600 | readers & mode("any"), "{name}");
    }
}

#[test]
fn tokens_that_node_signs_are_good_with_a_shared_key_and_with_a_pair() {
    let project = project(&["sign-token.js", "new-key-pair.js"]);
    let at = project.path();
    assert!(commands("tokens").contains(&"node new-key-pair.js".to_owned()));
    node(at, &["new-key-pair.js"]);
    for (signs, verifies) in [("keys.json", "keys.json"), ("private.json", "public.json")] {
        let token = signed(at, signs);
        is_annas(&granted(&keys(at, verifies), &token, Carrier::Header).unwrap());
    }
    is_a_pair(at);
}

#[test]
fn the_token_that_the_rust_program_prints_is_good() {
    let project = project(&[]);
    let at = project.path();
    let output = Command::new(example("sign-token")).current_dir(at).output();
    let token = printed(output);
    is_annas(&granted(&keys(at, "keys.json"), &token, Carrier::Header).unwrap());
}

#[tokio::test]
async fn the_token_server_signs_for_whoever_is_logged_in_and_for_nobody_else() {
    let project = project(&["sign-token.js"]);
    let at = project.path();
    let program = project_file("code/take/token-server.js");
    let listens = ".listen(9000, '127.0.0.1');";
    assert!(program.contains(listens), "{program}");
    // At a free port, which it prints.
    let prints = ".listen(0, '127.0.0.1', function () { console.log(this.address().port); });";
    fs::write(at.join("token-server.js"), program.replace(listens, prints)).unwrap();
    let mut running = tokio::process::Command::new("node")
        .arg("token-server.js")
        .current_dir(at)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let port = soon("a port", lines.next_line()).await.unwrap().unwrap();
    let port: u16 = port.parse().unwrap();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));

    let cookie = [("cookie", "session=example")];
    let answer = http::get_at_with(address, "/token", &cookie).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    is_annas(&granted(&keys(at, "keys.json"), answer.text(), Carrier::Header).unwrap());
    assert_eq!(http::get_at(address, "/token").await.status, 401);
    let other = [("cookie", "session=guessed")];
    let answer = http::get_at_with(address, "/token", &other).await;
    assert_eq!(answer.status, 401);
    let answer = http::get_at_with(address, "/keys.json", &cookie).await;
    assert_eq!(answer.status, 404);
}

#[test]
fn a_key_is_known_a_turn_before_it_signs_and_good_for_a_turn_after() {
    const TURNS: usize = 4;
    let project = project(&["sign-token.js", "rotate-keys.js"]);
    let at = project.path();
    let command = "node rotate-keys.js keys.json";
    assert!(commands("tokens").contains(&command.to_owned()));
    let mut tokens: Vec<String> = Vec::new();
    for turn in 0..TURNS {
        // A server that has not looked at the file again.
        let before = keys(at, "keys.json");
        node(at, &["rotate-keys.js", "keys.json"]);
        let token = signed(at, "keys.json");
        is_annas(&granted(&before, &token, Carrier::Header).unwrap());
        tokens.push(token);
        let after = keys(at, "keys.json");
        for (of_turn, token) in tokens.iter().enumerate() {
            let is_good = granted(&after, token, Carrier::Header).is_ok();
            assert_eq!(is_good, turn - of_turn <= 1, "{of_turn} in turn {turn}");
        }
    }
}

/// What stands in backticks.
fn code(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_table_of_patterns_says_which_rooms_they_name() {
    let page = page("tokens");
    let (_, table) = page
        .split_once("| `room` | It names | It doesn't name |\n")
        .unwrap();
    let rows = table.lines().skip(1).take_while(|row| row.starts_with('|'));
    let rows: Vec<Vec<&str>> = rows
        .map(|row| row.trim_matches('|').split('|').collect())
        .collect();
    assert!(rows.len() >= 3, "{rows:?}");
    for row in rows {
        let [pattern, named, others] = row[..] else {
            panic!("{row:?}");
        };
        let pattern: RoomPattern = code(pattern)[0].parse().unwrap();
        for room in code(named) {
            assert!(pattern.covers(room), "{pattern} {room}");
        }
        for room in code(others) {
            assert!(!pattern.covers(room), "{pattern} {room}");
        }
    }
}

#[test]
fn the_table_of_refusals_has_each_code_and_no_other() {
    let page = page("tokens");
    let rows = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `token-"));
    let told: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let sources = ["refusal", "gate"]
        .map(|name| project_file(&format!("server/src/access_token/{name}.rs")))
        .concat();
    let named = sources.split("\"token-").skip(1);
    let known: BTreeSet<&str> = named.filter_map(|rest| rest.split('"').next()).collect();
    assert!(known.len() >= 10, "{known:?}");
    assert_eq!(told, known);
}
