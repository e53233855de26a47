//! The crates that others take, built from what is packed of them, and from nothing else.
//!
//! `cargo package` builds each with all that it depends on, for minutes. Here both stand in a workspace of their own, beside crates without code that
//! ask for all that the crates of this project ask for. So the dependencies have the features with which they were built for the tests, and are not built
//! again. What that can't see is a feature that one of the two forgets to ask for while another crate asks for it: before a release, `cargo package`
//! builds them alone (`CONTRIBUTING.md`).
//!
//! May import: command, workspace, anyhow.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{
    command::{program, run},
    workspace::root,
};

/// Their names, by which they are packed.
const PACKED: [&str; 2] = ["quickconnect", "quickconnect-signaling"];

/// Packs both, unpacks them, and has this cargo build what came out. It is in the same place each time, so that what is built takes the place of what was.
pub(crate) fn build(mut build: Command) -> Result<()> {
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let folder = target.join("tmp/packages");
    if folder.exists() {
        fs::remove_dir_all(&folder).context("the former packages stay")?;
    }
    fs::create_dir_all(&folder)?;
    let unpacked = unpack(&folder)?;
    workspace(&folder, &unpacked)?;
    run(build
        .args(["build", "--release", "--offline", "--workspace", "--lib"])
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", &target))
}

/// Where each of the two is, as it came out of its package.
fn unpack(folder: &Path) -> Result<[PathBuf; 2]> {
    // What is not committed yet is packed, too.
    let options = ["--no-verify", "--allow-dirty", "--offline", "--quiet"];
    let packages = PACKED.map(|name| ["--package", name]);
    run(program("cargo")
        .arg("package")
        .args(options)
        .args(packages.as_flattened())
        .env("CARGO_TARGET_DIR", folder))?;
    let packages = folder.join("package");
    let unpacked = PACKED.map(|name| format!("{name}-{}", env!("CARGO_PKG_VERSION")));
    for name in &unpacked {
        run(program("tar")
            .arg("-xzf")
            .arg(format!("{name}.crate"))
            .current_dir(&packages))?;
    }
    Ok(unpacked.map(|name| packages.join(name)))
}

/// A workspace like this one, with the two in it, and with crates that ask for what its crates ask for.
fn workspace(folder: &Path, unpacked: &[PathBuf; 2]) -> Result<()> {
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let members = line(&manifest, "members = ")?;
    let default_members = line(&manifest, "default-members = ")?;
    let mut paths = unpacked.to_vec();
    for path in members.split('"').skip(1).step_by(2) {
        let of_member = fs::read_to_string(root().join(path).join("Cargo.toml"))?;
        for (kind, tables) in asked_for(&of_member) {
            let name = format!("asks-as-{}-{kind}", path.replace('/', "-"));
            let member = folder.join(&name);
            fs::create_dir_all(member.join("src"))?;
            fs::write(member.join("src/lib.rs"), "")?;
            let package = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition.workspace = true\n\n"
            );
            fs::write(member.join("Cargo.toml"), package + &tables)?;
            paths.push(member);
        }
    }
    // What is built is run by nobody, and benchmarks are not built.
    let (manifest, _) = manifest
        .split_once("\n[profile.bench")
        .unwrap_or((&manifest, ""));
    let mut manifest = manifest
        .replace(members, &format!("members = {paths:?}"))
        .replace(default_members, "")
        .replace("\nguidebook = { opt-level = 0 }", "");
    for name in PACKED {
        manifest.push_str(&format!(
            "\n[profile.release.package.{name}]\nopt-level = 0\n"
        ));
    }
    let [client, _] = unpacked;
    manifest.push_str(&format!(
        "\n[patch.crates-io]\nquickconnect = {{ path = {client:?} }}\n"
    ));
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

/// The line that begins so.
fn line<'m>(manifest: &'m str, begin: &str) -> Result<&'m str> {
    let line = manifest.lines().find(|line| line.starts_with(begin));
    line.with_context(|| format!("Cargo.toml has no line `{begin}…`"))
}

/// The crates of others that a crate asks for, and those that its tests ask for: apart, since a manifest has each name once.
fn asked_for(manifest: &str) -> [(&'static str, String); 2] {
    let (mut of_crate, mut of_tests) = (String::new(), String::new());
    let mut table: Option<&mut String> = None;
    // Crates of this project are there by themselves.
    for line in manifest.lines().filter(|line| !line.contains("path = \"")) {
        if line.starts_with('[') {
            table = match line {
                "[dev-dependencies]" => Some(&mut of_tests),
                _ if line.ends_with("dependencies]") => Some(&mut of_crate),
                _ => None,
            };
        }
        if let Some(table) = &mut table {
            table.push_str(line);
            table.push('\n');
        }
    }
    let of_tests = of_tests.replace("[dev-dependencies]", "[dependencies]");
    [("itself", of_crate), ("its-tests", of_tests)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tests_ask_for_stands_apart_and_our_own_crates_in_neither() {
        let manifest = "[package]\nname = \"a\"\n\n[dependencies]\nb = { path = \"../b\" }\nc = \"1\"\n\n[target.'cfg(unix)'.dependencies]\nd = \"2\"\n\n\
            [dev-dependencies]\ne = \"3\"\n\n[lints]\nworkspace = true\n";
        let [(_, of_crate), (_, of_tests)] = asked_for(manifest);
        assert_eq!(
            of_crate,
            "[dependencies]\nc = \"1\"\n\n[target.'cfg(unix)'.dependencies]\nd = \"2\"\n\n"
        );
        assert_eq!(of_tests, "[dependencies]\ne = \"3\"\n\n");
    }
}
