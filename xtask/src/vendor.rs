//! Third-party browser code, vendored as built files, and the proof that they are what the recipe builds.
//!
//! `xtask/vendor/prism-code-editor/` is the recipe: what is exported (`entry.js`), from which exact packages
//! (`package-lock.json`), and the sums of the last build (`SHA256SUMS`). `book/stage/vendor/` has the built files alone,
//! because everything under `book/` is published.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    command::{is_installed, program, run},
    root,
};

const RECIPE: &str = "xtask/vendor/prism-code-editor";
const SUMS: &str = "xtask/vendor/prism-code-editor/SHA256SUMS";
const PUBLISHED: &str = "book/stage/vendor";
const LICENSE: &str = "prism-code-editor.LICENSE.txt";
const FILES: [&str; 3] = ["prism-code-editor.js", "prism-code-editor.css", LICENSE];

/// Builds the files anew and publishes them.
pub(crate) fn rebuild() -> Result<()> {
    let build = Build::prepare()?;
    build.install_packages()?;
    let built = build.run()?;
    for file in FILES {
        copy(&built.join(file), &root().join(PUBLISHED).join(file))?;
        println!("wrote {PUBLISHED}/{file}");
    }
    let sums = program("sha256sum")
        .args(FILES)
        .current_dir(root().join(PUBLISHED))
        .output();
    let sums = sums.context("could not start sha256sum, of GNU coreutils")?;
    fs::write(root().join(SUMS), sums.stdout).with_context(|| format!("could not write {SUMS}"))
}

/// Proves that the published files are what the recipe builds; without npm's packages, that they are what it last built.
pub(crate) fn check() -> Result<()> {
    let build = Build::prepare()?;
    let unchecked = if !is_installed("npm") {
        "npm is not installed".into()
    } else if let Err(error) = build.install_packages() {
        format!("{error:#}")
    } else {
        return compare(&build.run()?);
    };
    println!(
        "NOT CHECKED: that {RECIPE} builds the files of {PUBLISHED} ({unchecked}). Their recorded sums are:"
    );
    run(program("sha256sum")
        .arg("--check")
        .arg(root().join(SUMS))
        .current_dir(root().join(PUBLISHED)))
    .with_context(|| format!("{PUBLISHED} is not what {SUMS} records: run `cargo xtask vendor`"))
}

fn compare(built: &Path) -> Result<()> {
    for file in FILES {
        if read(&built.join(file))? != read(&root().join(PUBLISHED).join(file))? {
            bail!("{PUBLISHED}/{file} is not what {RECIPE} builds: run `cargo xtask vendor`");
        }
    }
    println!("{PUBLISHED} is what {RECIPE} builds");
    Ok(())
}

/// A copy of the recipe under `target/`, so that npm leaves nothing in the sources.
struct Build(PathBuf);

impl Build {
    fn prepare() -> Result<Self> {
        let directory = root().join("target/vendor/prism-code-editor");
        fs::create_dir_all(&directory)
            .with_context(|| format!("could not create {}", directory.display()))?;
        for file in [".npmrc", "package.json", "package-lock.json", "entry.js"] {
            copy(&root().join(RECIPE).join(file), &directory.join(file))?;
        }
        Ok(Self(directory))
    }

    fn install_packages(&self) -> Result<()> {
        run(program("npm")
            .args(["ci", "--loglevel=error"])
            .current_dir(&self.0))
    }

    /// Builds, and returns the directory that holds [`FILES`].
    fn run(&self) -> Result<PathBuf> {
        run(program("npm")
            .args(["run", "build", "--loglevel=error"])
            .current_dir(&self.0))?;
        let out = self.0.join("out");
        copy(
            &self.0.join("node_modules/prism-code-editor/LICENSE"),
            &out.join(LICENSE),
        )?;
        Ok(out)
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .with_context(|| format!("could not copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("could not read {}", file.display()))
}
