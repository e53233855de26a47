//! The file of the container, which nothing here builds: what it copies is there, and what it starts is what the program takes.

use std::path::Path;

use serde_json::Value;

use super::page;
use crate::support::{PROGRAM, guidebook, project_file};

const FILE: &str = "code/take/guidebook.containerfile";

/// Its instructions, each with its arguments.
fn instructions() -> Vec<(String, String)> {
    let text = project_file(FILE).replace("\\\n", " ");
    let lines = text.lines().filter(|line| !line.is_empty());
    let lines = lines.filter(|line| !line.starts_with('#'));
    let split = lines.map(|line| line.split_once(' ').unwrap());
    let owned = split.map(|(name, arguments)| (name.to_owned(), arguments.to_owned()));
    owned.collect()
}

/// The arguments of each instruction of this name.
fn all(name: &str) -> Vec<String> {
    let instructions = instructions().into_iter();
    let named = instructions.filter(|(instruction, _)| instruction == name);
    named.map(|(_, arguments)| arguments).collect()
}

/// Those of the only one.
fn only(name: &str) -> String {
    let mut all = all(name);
    assert_eq!(all.len(), 1, "{name}: {all:?}");
    all.remove(0)
}

/// A command, which starts without a shell if it is a list.
fn command(text: &str) -> Vec<String> {
    let list: Vec<Value> = serde_json::from_str(text).unwrap();
    let words = list.iter().map(|word| word.as_str().unwrap().to_owned());
    words.collect()
}

/// Whether the program takes these arguments. Nothing is started for who asks for help, and what stands before is read.
fn takes(arguments: &[String]) {
    let output = guidebook(PROGRAM).args(arguments).arg("--help").output();
    let output = output.unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

#[test]
fn the_program_is_built_in_one_image_and_runs_in_another_of_the_same_debian() {
    let images = all("FROM");
    let [builds, runs] = &images[..] else {
        panic!("{images:?}");
    };
    // Names without a registry are asked for elsewhere on some machines.
    let builds = builds.strip_prefix("docker.io/library/rust:").unwrap();
    let runs = runs.strip_prefix("docker.io/library/debian:").unwrap();
    let (image, stage) = builds.split_once(" AS ").unwrap();
    // A program needs the C library that it was built with, or a later one.
    assert_eq!(image.rsplit('-').next(), runs.split('-').next());

    let folder = only("WORKDIR");
    let built =
        format!("--from={stage} {folder}/target/release/guidebook /usr/local/bin/guidebook");
    assert!(all("COPY").contains(&built), "{built}");
    let build = "cargo build --release --locked --package guidebook";
    assert!(all("RUN").contains(&build.to_owned()));
}

#[test]
fn what_is_copied_is_there_and_is_all_of_the_workspace() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let copies = all("COPY").into_iter();
    let copies = copies.filter(|arguments| !arguments.starts_with("--from"));
    let copied: Vec<String> = copies
        .flat_map(|arguments| {
            let words: Vec<_> = arguments.split(' ').map(str::to_owned).collect();
            let (to, from) = words.split_last().unwrap();
            // A folder's contents are copied, not the folder.
            assert!(to == "./" || from == [to.clone()], "{arguments}");
            from.to_vec()
        })
        .collect();
    for path in &copied {
        assert!(root.join(path).exists(), "{path}");
    }
    let manifest = project_file("Cargo.toml");
    let (_, members) = manifest.split_once("\nmembers = [").unwrap();
    let (members, _) = members.split_once(']').unwrap();
    let members = members.split(',').map(|name| name.trim().trim_matches('"'));
    for needed in members.chain(["Cargo.toml", "Cargo.lock", "book.toml", "book"]) {
        let (folder, _) = needed.split_once('/').unwrap_or((needed, ""));
        assert!(copied.iter().any(|path| path == folder), "{needed}");
    }
}

#[test]
fn it_runs_as_nobody_and_its_commands_are_ones_that_the_program_takes() {
    let user = only("USER");
    let (user, group) = user.split_once(':').unwrap();
    for id in [user, group] {
        // By number, since a process manager can't tell who a name is.
        assert!(id.parse::<u32>().unwrap() > 0, "{id}");
    }
    let entry = command(&only("ENTRYPOINT"));
    assert_eq!(entry, ["guidebook"]);
    let started = command(&only("CMD"));
    takes(&started);
    let (_, port) = started.last().unwrap().rsplit_once(':').unwrap();
    assert_eq!(only("EXPOSE"), format!("{port}/tcp {port}/udp"));

    let health = only("HEALTHCHECK");
    let (options, health) = health.split_once("CMD ").unwrap();
    for option in ["--interval=", "--timeout="] {
        assert!(options.contains(option), "{options}");
    }
    let health = command(health);
    let (program, arguments) = health.split_first().unwrap();
    assert_eq!(program, "guidebook");
    takes(arguments);
    assert_eq!(*arguments, ["doctor", &format!("http://127.0.0.1:{port}")]);

    // What the page starts has its own arguments in the place of `CMD`.
    let page = page("proxies");
    let run = page
        .lines()
        .find_map(|line| line.strip_prefix("$ podman run "));
    let (_, arguments) = run.unwrap().split_once(" guidebook ").unwrap();
    let arguments: Vec<_> = arguments.split(' ').map(str::to_owned).collect();
    takes(&arguments);
    assert!(page.contains(&format!("$ podman build --file {FILE} ")));
}
