//! The program for another machine of the same kind: stripped, with its checksum, and with the licences of all that is in it.
//!
//! May import: command, workspace, anyhow.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::{
    command::{program, run},
    workspace::root,
};

/// Where the folder is put, which is made anew.
const FOLDER: &str = "target/dist";

/// The first letters of files in which a crate has its licence.
const LICENCE_FILES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT"];

/// Our own, and those of browser code of others that the program carries.
const OWN: [&str; 6] = [
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "LICENSE-CC-BY-4.0",
    "book/theme/highlight.LICENSE.txt",
    "book/stage/vendor/prism-code-editor.LICENSE.txt",
    "book/stage/vendor/uplot.LICENSE.txt",
];

/// Makes the folder.
pub(crate) fn make() -> Result<()> {
    run(program("cargo").args(["build", "--release", "--locked", "--package", "guidebook"]))?;
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let name = format!("guidebook{}", env::consts::EXE_SUFFIX);
    let folder = root().join(FOLDER);
    if folder.exists() {
        fs::remove_dir_all(&folder).context("the former folder stays")?;
    }
    fs::create_dir_all(&folder)?;
    let built = target.join("release").join(&name);
    let copy = folder.join(&name);
    fs::copy(&built, &copy).with_context(|| format!("{} can't be copied", built.display()))?;
    // Of binutils, which came with the C compiler.
    run(program("strip").arg(&copy))?;
    fs::write(folder.join("LICENSES.txt"), licences()?)?;
    let files = [name.as_str(), "LICENSES.txt"];
    let sums = program("sha256sum")
        .args(files)
        .current_dir(&folder)
        .output();
    let sums = sums.context("`sha256sum` can't be run")?;
    ensure!(sums.status.success(), "`sha256sum` has failed");
    fs::write(folder.join("SHA256SUMS"), &sums.stdout)?;
    let bytes = fs::metadata(&copy)?.len();
    println!(
        "{} has {} MB; SHA256SUMS and LICENSES.txt are beside it",
        copy.display(),
        bytes / 1_000_000
    );
    Ok(())
}

/// Each crate that is in the program, with its licence, and each text of a licence with those that it is of.
fn licences() -> Result<String> {
    let crates = crates()?;
    let mut list = String::new();
    let mut of_text: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in OWN {
        let text = fs::read_to_string(root().join(path))
            .with_context(|| format!("{path} can't be read"))?;
        of_text.entry(text).or_default().insert(path.to_owned());
    }
    for (name, licence) in &crates {
        list.push_str(&format!("{name}: {licence}\n"));
        for text in texts_of(name)? {
            of_text.entry(text).or_default().insert(name.clone());
        }
    }
    let texts = of_text.iter().map(|(text, of)| {
        let of = of.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        format!("\n{}\n{of}\n\n{}\n", "=".repeat(80), text.trim_end())
    });
    Ok(format!(
        "What is in the program, and under which licence.\n\n{list}{}",
        texts.collect::<String>()
    ))
}

/// What the program is linked of, `name-version`, with the licence as its manifest says; without the crates of this workspace.
fn crates() -> Result<BTreeMap<String, String>> {
    let arguments = [
        "tree",
        "--locked",
        "--package",
        "guidebook",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}\t{l}",
    ];
    let tree = program("cargo").args(arguments).output();
    let tree = tree.context("`cargo tree` can't be run")?;
    ensure!(
        tree.status.success(),
        "`cargo tree` has failed: {}",
        String::from_utf8_lossy(&tree.stderr)
    );
    let mut crates = BTreeMap::new();
    for line in String::from_utf8(tree.stdout)?.lines() {
        let (package, licence) = line
            .split_once('\t')
            .context("`cargo tree` says no licence")?;
        let mut words = package.split(' ');
        let (name, version) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        // A path stands behind the crates of the workspace.
        let is_own = words.any(|word| word.starts_with("(/") || word.contains(":\\"));
        let licence = licence.trim_end_matches("(*)").trim();
        ensure!(!licence.is_empty() || is_own, "{package} names no licence");
        if !is_own {
            crates.insert(
                format!("{name}-{}", version.trim_start_matches('v')),
                licence.to_owned(),
            );
        }
    }
    Ok(crates)
}

/// The texts beside the sources of a crate. Some have none: their manifest names the licence.
fn texts_of(name: &str) -> Result<Vec<String>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let registries = home
        .context("neither CARGO_HOME nor HOME is set")?
        .join("registry/src");
    let mut texts = Vec::new();
    for registry in
        fs::read_dir(&registries).with_context(|| format!("no {}", registries.display()))?
    {
        let folder = registry?.path().join(name);
        if folder.is_dir() {
            texts.extend(texts_in(&folder)?);
        }
    }
    Ok(texts)
}

fn texts_in(folder: &Path) -> Result<Vec<String>> {
    let mut files = fs::read_dir(folder)?.collect::<std::io::Result<Vec<_>>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    let is_licence = |entry: &&fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().to_uppercase();
        LICENCE_FILES.iter().any(|begin| name.starts_with(begin)) && entry.path().is_file()
    };
    let read = |entry: &fs::DirEntry| fs::read_to_string(entry.path());
    Ok(files
        .iter()
        .filter(is_licence)
        .filter_map(|entry| read(entry).ok())
        .collect())
}
