//! Third-party browser code, vendored as built files, and the proof that they are what the recipe builds.
//!
//! `xtask/vendor/` is the recipe: what is taken of each package (`prism-code-editor.js`, `highlight.js`, `uplot.js`,
//! `rtc-quickconnect.js`), and of which exact versions (`package-lock.json`). The built files stand where the book, or a test, uses
//! them, and the recipe doesn't, because everything under `book/` is published.
//!
//! May import: command, workspace, anyhow.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    command::{program, run},
    workspace::root,
};

const RECIPE: &str = "xtask/vendor";
const RECIPE_FILES: [&str; 9] = [
    ".npmrc",
    "package.json",
    "package-lock.json",
    "prism-code-editor.js",
    "highlight.js",
    "uplot.js",
    "rtc-quickconnect.js",
    "rtc-quickconnect.process.js",
    "rtc-quickconnect.licences.mjs",
];

/// What the build makes, and where the book, or a test, has it.
const FILES: [(&str, &str); 10] = [
    (
        "out/prism-code-editor.js",
        "book/stage/vendor/prism-code-editor.js",
    ),
    (
        "out/prism-code-editor.css",
        "book/stage/vendor/prism-code-editor.css",
    ),
    (
        "node_modules/prism-code-editor/LICENSE",
        "book/stage/vendor/prism-code-editor.LICENSE.txt",
    ),
    ("out/highlight.js", "book/theme/highlight.js"),
    (
        "node_modules/highlight.js/LICENSE",
        "book/theme/highlight.LICENSE.txt",
    ),
    ("out/uplot.js", "book/stage/vendor/uplot.js"),
    ("out/uplot.css", "book/stage/vendor/uplot.css"),
    (
        "node_modules/uplot/LICENSE",
        "book/stage/vendor/uplot.LICENSE.txt",
    ),
    (
        "out/rtc-quickconnect.js",
        "server/tests/browser/contract/original/rtc-quickconnect.js",
    ),
    (
        "out/rtc-quickconnect.LICENSE.txt",
        "server/tests/browser/contract/original/rtc-quickconnect.LICENSE.txt",
    ),
];

/// Builds the files anew and puts them in their places.
pub(crate) fn rebuild() -> Result<()> {
    let build = Build::prepare()?;
    build.install_packages()?;
    build.run()?;
    for (built, place) in FILES {
        copy(&build.0.join(built), &root().join(place))?;
        println!("wrote {place}");
    }
    Ok(())
}

/// Proves that the files are what the recipe builds.
pub(crate) fn check() -> Result<()> {
    let build = Build::prepare()?;
    build.install_packages()?;
    build.run()?;
    build.compare()
}

/// A copy of the recipe under `target/`, so that npm leaves nothing in the sources.
struct Build(PathBuf);

impl Build {
    fn prepare() -> Result<Self> {
        let directory = root().join("target/vendor");
        fs::create_dir_all(&directory)
            .with_context(|| format!("could not create {}", directory.display()))?;
        for file in RECIPE_FILES {
            copy(&root().join(RECIPE).join(file), &directory.join(file))?;
        }
        Ok(Self(directory))
    }

    fn install_packages(&self) -> Result<()> {
        run(program("npm")
            .args(["ci", "--loglevel=error"])
            .current_dir(&self.0))
        .context("vendored files are built with npm, from the packages of its registry")
    }

    fn run(&self) -> Result<()> {
        run(program("npm")
            .args(["run", "build", "--loglevel=error"])
            .current_dir(&self.0))
    }

    fn compare(&self) -> Result<()> {
        for (built, place) in FILES {
            if read(&self.0.join(built))? != read(&root().join(place))? {
                bail!("{place} is not what {RECIPE} builds: run `cargo xtask vendor`");
            }
        }
        println!("the vendored files are what {RECIPE} builds");
        Ok(())
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
