//! Embeds the book's sources, so that the binary works copied alone to another machine.
//!
//! Writes `sources.rs`: a list of (path in the checkout, contents) of everything `src/book/source.rs` needs. The contents are
//! those of the checkout, but for what browsers load: the modules that import others are joined with them, the head of the
//! pages no longer asks for those others, and the page of the demos' frames has its scripts inside. The client library, which
//! leaves the book, says which version it is, and has a source map beside it.

#[path = "build/join.rs"]
mod join;
#[path = "build/numbers.rs"]
mod numbers;
#[path = "build/source_map.rs"]
mod source_map;

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::mem;
use std::path::{Path, PathBuf};

/// Folders that tools leave behind.
const SKIPPED_FOLDERS: [&str; 2] = ["node_modules", "target"];

/// What of `code/` a chapter can include or a page can import, with declarations of the latter.
const CODE_EXTENSIONS: [&str; 15] = [
    "caddyfile",
    "cfg",
    "conf",
    "containerfile",
    "diff",
    "html",
    "js",
    "nft",
    "rs",
    "service",
    "sh",
    "toml",
    "ts",
    "txt",
    "yaml",
];

/// The modules that pages and frames load, besides the library.
const ENTRIES: [&str; 28] = [
    "book/stage/stage.js",
    "book/stage/cards.js",
    "book/stage/check/check.js",
    "book/stage/check-https.js",
    "book/stage/code-link.js",
    "book/stage/devices.js",
    "book/stage/dial.js",
    "book/stage/exercise/exercise.js",
    "book/stage/figure.js",
    "book/stage/host/host.js",
    "book/stage/reading.js",
    "book/stage/runner/devices/devices.js",
    "book/stage/runner/parts/ask-page.js",
    "book/stage/runner/parts/audio-video.js",
    "book/stage/runner/parts/break.js",
    "book/stage/runner/parts/look-for-picture.js",
    "book/stage/runner/parts/unfold.js",
    "book/stage/instruments/mount.js",
    "book/stage/instruments/media.js",
    "book/stage/instruments/lab.js",
    "book/stage/line/run-requests.js",
    "book/stage/line/server-lines.js",
    "book/stage/value-tree.js",
    "code/live-graph/index.js",
    "code/quickconnect/js/media/index.js",
    "code/test-media/index.js",
    "book/stage/workshop/workshop.js",
    "code/test-network/index.js",
];

/// Frames share no cache, so each run asks for all of it.
const LIBRARY: &str = "code/quickconnect/js/index.js";

/// As its `package.json` has it.
const LIBRARY_NAME: &str = "@creating-connections/quickconnect";

/// The page of a demo's frame, and where its scripts stand.
const RUNNER: &str = "book/stage/runner.html";

/// Where the stock `mdbook build` needs a list of what the stage imports.
const HEAD: &str = "book/theme/head.hbs";

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?)
        .join("..")
        .canonicalize()?;
    let mut files = vec![root.join("book.toml")];
    walk(&root.join("book"), &mut |_| true, &mut files)?;
    walk(&root.join("code"), &mut is_code, &mut files)?;
    files.sort();

    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut list = String::from("&[\n");
    for file in &files {
        let name = file
            .strip_prefix(&root)?
            .to_str()
            .ok_or("a path is not UTF-8")?
            .replace('\\', "/");
        let changed = if name == LIBRARY {
            let (text, map) = library(file)?;
            let place = out.join("library.map");
            fs::write(&place, map)?;
            let name = format!("{LIBRARY}.map");
            writeln!(list, "    ({name:?}, include_bytes!({place:?})),")?;
            Some(text)
        } else if ENTRIES.contains(&name.as_str()) {
            Some(join::join(file)?)
        } else if name == RUNNER {
            Some(with_scripts_inside(file)?)
        } else if name == HEAD {
            Some(without_preloads(&fs::read_to_string(file)?))
        } else {
            None
        };
        let contents = match changed {
            Some(text) => {
                let place = out.join(name.replace('/', "-"));
                fs::write(&place, text)?;
                place
            }
            None => file.clone(),
        };
        writeln!(list, "    ({name:?}, include_bytes!({contents:?})),")?;
    }
    list.push(']');
    fs::write(out.join("sources.rs"), list)?;

    // Cargo looks into these folders, so a file that is added counts as well.
    println!("cargo:rerun-if-changed=build");
    for input in ["book.toml", "book", "code"] {
        println!("cargo:rerun-if-changed={}", root.join(input).display());
    }
    Ok(())
}

/// The client library in one file, and the source map of that. Its first line says what it is wherever somebody copies it.
fn library(entry: &Path) -> Result<(String, String), Box<dyn Error>> {
    let (version, licence) = (
        env::var("CARGO_PKG_VERSION")?,
        env::var("CARGO_PKG_LICENSE")?,
    );
    let join::Short { text, map } = join::join_short(entry, 1)?;
    let banner = format!("/*! {LIBRARY_NAME} {version}, {licence} */");
    let text = format!("{banner}\n{text}\n//# sourceMappingURL=index.js.map\n");
    Ok((text, map))
}

/// Each frame asks for everything anew, so its scripts travel with its page: those that follow each other as one, with short names.
fn with_scripts_inside(page: &Path) -> Result<String, Box<dyn Error>> {
    const BEGIN: &str = "<script src=\"";
    const END: &str = "\"></script>";
    let mut html = String::new();
    let mut scripts = String::new();
    for line in fs::read_to_string(page)?.split_inclusive('\n') {
        match line
            .trim_end()
            .strip_prefix(BEGIN)
            .and_then(|rest| rest.strip_suffix(END))
        {
            Some(script) => scripts += &fs::read_to_string(page.with_file_name(script))?,
            None => {
                if !scripts.is_empty() {
                    let script = join::shorten_script(&mem::take(&mut scripts))?;
                    if script.contains("</script") {
                        return Err("a script of the runner ends its own element".into());
                    }
                    writeln!(html, "<script>{script}</script>")?;
                }
                html.push_str(line);
            }
        }
    }
    Ok(html)
}

fn without_preloads(head: &str) -> String {
    head.split_inclusive('\n')
        .filter(|line| !line.contains("rel=\"modulepreload\"") && !line.starts_with("{{!--"))
        .collect()
}

fn is_code(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| CODE_EXTENSIONS.iter().any(|code| extension == *code))
}

fn walk(
    folder: &Path,
    wanted: &mut dyn FnMut(&Path) -> bool,
    files: &mut Vec<PathBuf>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        if !path.is_dir() {
            if wanted(&path) {
                files.push(path);
            }
        } else if !SKIPPED_FOLDERS.iter().any(|skipped| name == *skipped) {
            walk(&path, wanted, files)?;
        }
    }
    Ok(())
}
