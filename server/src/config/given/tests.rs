//! Flags, variables and a file put together. Variables are those of a process, so the tests of the program try them.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use clap::CommandFactory as _;
use tempfile::TempDir;

use super::{BadOptions, Given};
use crate::config::file::BadConfigFile;
use crate::config::file::Mistake;
use crate::config::{Command, Config, Serving};

/// A folder with this file of options in it.
fn folder(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("guidebook.toml"), text).unwrap();
    folder
}

fn read(folder: &Path, arguments: &[&str]) -> Result<Given, BadOptions> {
    read_as("guidebook", folder, arguments)
}

fn read_as(program: &str, folder: &Path, arguments: &[&str]) -> Result<Given, BadOptions> {
    let mut all = vec![OsString::from(program)];
    all.extend(arguments.iter().map(OsString::from));
    let mut file = OsString::from("--config=");
    file.push(folder.join("guidebook.toml"));
    all.push(file);
    Given::read(all)
}

fn serving(text: &str, arguments: &[&str]) -> Serving {
    let folder = folder(text);
    let given = read(folder.path(), arguments).unwrap();
    match given.config.command {
        None => given.config.serving,
        Some(Command::Workshop(workshop)) => workshop.serving,
        Some(Command::Signaling(signaling)) => signaling.serving,
        other => panic!("{other:?}"),
    }
}

/// What is wrong in which line.
fn mistakes(text: &str, arguments: &[&str]) -> Vec<(usize, String)> {
    let folder = folder(text);
    match read(folder.path(), arguments) {
        Err(BadOptions::File(BadConfigFile::Mistakes { mistakes, .. })) => {
            let lines = mistakes.into_iter();
            lines.map(|Mistake { line, says }| (line, says)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_says_what_flags_say() {
    let serving = serving(
        "\
# For a workshop behind a proxy.
listen = '127.0.0.1:9000'
max-rooms = 50
ping-seconds = 2.5
no-turn = true
metrics = false
host-name = ['a.example', 'b.example']
allow-origin = 'https://a.example,https://b.example'
log-format = 'json'
",
        &[],
    );
    assert_eq!(serving.listen.to_string(), "127.0.0.1:9000");
    let settings = serving.settings;
    assert_eq!(settings.limits.max_rooms, 50);
    assert_eq!(settings.limits.ping_period.as_millis(), 2_500);
    assert!(settings.relay.no_turn && !settings.admin.metrics);
    assert_eq!(settings.access.host_name.len(), 2);
    assert_eq!(settings.access.allow_origin.len(), 2);
}

#[test]
fn a_flag_stands_above_the_file_wherever_it_stands() {
    for command in [&[][..], &["workshop"], &["signaling"]] {
        let arguments = [command, &["--max-rooms", "7", "--host-name=c.example"]].concat();
        let file = "max-rooms = 50\nhost-name = ['a.example']\nmax-room-members = 3";
        let settings = serving(file, &arguments).settings;
        assert_eq!(settings.limits.max_rooms, 7);
        assert_eq!(settings.limits.max_room_members, 3);
        assert_eq!(settings.access.host_name, ["c.example".parse().unwrap()]);
    }
}

#[test]
fn a_program_that_is_called_as_a_command_is_reads_its_file_all_the_same() {
    let folder = folder("max-rooms = 50");
    for arguments in [&[][..], &["signaling"]] {
        let given = read_as("signaling", folder.path(), arguments).unwrap();
        let settings = match given.config.command {
            Some(Command::Signaling(signaling)) => signaling.serving.settings,
            _ => given.config.serving.settings,
        };
        assert_eq!(settings.limits.max_rooms, 50, "{arguments:?}");
    }
}

#[test]
fn what_an_option_needs_may_be_said_elsewhere() {
    let with_key = serving("cert = 'cert.pem'", &["--key", "key.pem"]);
    assert!(with_key.tls.cert.is_some() && with_key.tls.key.is_some());
    for (file, arguments) in [
        ("cert = 'cert.pem'", &[][..]),
        ("tls = true", &["--cert=c", "--key=k"]),
    ] {
        let folder = folder(file);
        let error = read(folder.path(), arguments).unwrap_err();
        assert!(matches!(error, BadOptions::Usage(_)), "{error}");
        assert!(error.to_string().contains("--cert"), "{error}");
    }
}

#[test]
fn paths_are_seen_from_the_folder_of_the_file() {
    let folder = folder("cert = 'tls/cert.pem'\nkey = '/etc/key.pem'");
    let tls = read(folder.path(), &[]).unwrap().config.serving.tls;
    assert_eq!(tls.cert.unwrap(), folder.path().join("tls/cert.pem"));
    assert_eq!(tls.key.unwrap(), Path::new("/etc/key.pem"));
}

#[test]
fn every_mistake_is_told_with_its_line_and_what_is_expected() {
    let text = "\
max-rooms = 0
ping-seconds = 'soon'

metrics = 'yes'
max_lines = 3
max-romms = 5
wifi = 'Guests'
config = 'other.toml'
log-format = 'xml'
listen = ['a', 'b']
cert = ''
max-labs = 0x10
nothing-like-that = 1
[limits]
max-rooms = 3
";
    let expected = [
        (1, "max-rooms: it must be at least 1"),
        (2, "ping-seconds: it must be a number of seconds above 0"),
        (4, "metrics: it must be true or false"),
        (5, "no such option; is it `max-lines`?"),
        (6, "no such option; is it `max-rooms`?"),
        (
            7,
            "an option of `guidebook workshop`, and not of `guidebook`",
        ),
        (8, "for the command line"),
        (9, "log-format: it must be text or json"),
        (10, "it takes one value"),
        (11, "it is empty"),
        (12, "in decimal"),
        (13, "`guidebook` has no such option"),
        (14, "limits: "),
    ];
    let mistakes = mistakes(text, &[]);
    assert_eq!(mistakes.len(), expected.len(), "{mistakes:#?}");
    for ((line, says), (expected_line, part)) in mistakes.iter().zip(expected) {
        assert_eq!(*line, expected_line, "{says}");
        assert!(says.contains(part), "{says}");
    }
}

#[test]
fn a_file_that_is_no_toml_is_told_by_its_line_and_nothing_of_it_is_repeated() {
    let told = mistakes("metrics = true\nlisten = 'hunter2\n", &[]);
    let [(2, says)] = &told[..] else {
        panic!("{told:?}");
    };
    assert!(
        says.starts_with("this is no TOML") && !says.contains("hunter2"),
        "{says}"
    );
    let told = mistakes("max-rooms = 1\nmax-rooms = 2\n", &[]);
    assert!(matches!(&told[..], [(2, _)]), "{told:?}");
}

#[test]
fn signaling_takes_no_option_of_the_book() {
    let told = mistakes("max-rooms = 5\nbook = '.'\nno-line = true", &["signaling"]);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].1.contains("not of `guidebook signaling`"),
        "{told:?}"
    );
    assert!(
        told[1].1.contains("`guidebook signaling` has none"),
        "{told:?}"
    );
}

#[test]
fn a_missing_file_is_named() {
    let empty = tempfile::tempdir().unwrap();
    let error = read(empty.path(), &[]).unwrap_err().to_string();
    assert!(
        error.contains("guidebook.toml, which --config names"),
        "{error}"
    );
}

/// A value that an option takes, as a file has it.
fn good_value(option: &clap::Arg) -> String {
    let value = match option.get_long().unwrap() {
        _ if !option.get_action().takes_values() => return "true".into(),
        "listen" | "turn-listen" | "metrics-listen" => "127.0.0.1:0",
        "external-address" | "trusted-proxy" => "192.0.2.1",
        "allow-origin" | "public-url" => "https://a.example",
        "base-path" => "/rtc",
        "cluster" => "redis://127.0.0.1",
        "socket-mode" => "600",
        "log-format" => "json",
        "max-request-head-bytes" => "9000",
        name if name.starts_with("max-") || name.ends_with("-seconds") => return "7".into(),
        _ => "a",
    };
    format!("'{value}'")
}

#[test]
fn every_option_of_every_server_can_stand_in_a_file() {
    let root = Config::command();
    let mut seen = BTreeSet::new();
    for of in [None, Some("workshop"), Some("signaling")] {
        let command = of.map_or(&root, |of| root.find_subcommand(of).unwrap());
        for option in command
            .get_arguments()
            .filter(|option| !option.is_hide_set())
        {
            let name = option.get_long().unwrap();
            if name == "config" {
                continue;
            }
            let folder = folder(&format!("{name} = {}", good_value(option)));
            let file = folder.path().join("guidebook.toml");
            let read = crate::config::file::ConfigFile::read(&file, &root, of);
            let options = read.unwrap_or_else(|error| panic!("{error}")).options;
            assert_eq!(options[0].name, name);
            seen.insert(name.to_owned());
        }
    }
    assert!(seen.len() > 90, "{}", seen.len());
}
