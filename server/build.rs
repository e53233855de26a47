//! Embeds the book's sources, so that the binary works copied alone to another machine.
//!
//! Writes `sources.rs`: a list of (path in the checkout, contents) of everything `src/book/source.rs` needs. The contents are
//! those of the checkout, but for what browsers load: the modules that import others are joined with them, the head of the
//! pages no longer asks for those others, and the page of the demos' frames has its scripts inside.

#[path = "build/join.rs"]
mod join;

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use join::Names;

/// Folders that tools leave behind.
const SKIPPED_FOLDERS: [&str; 2] = ["node_modules", "target"];

/// What of `code/` a chapter can include or a page can import.
const CODE_EXTENSIONS: [&str; 4] = ["diff", "js", "rs", "txt"];

/// The modules that pages and frames load.
const ENTRIES: [&str; 16] = [
    "book/stage/stage.js",
    "book/stage/cards.js",
    "book/stage/check/check.js",
    "book/stage/check-https.js",
    "book/stage/exercise/exercise.js",
    "book/stage/figure.js",
    "book/stage/host/host.js",
    "book/stage/reading.js",
    "book/stage/instruments/mount.js",
    "book/stage/instruments/media.js",
    "book/stage/line/run-requests.js",
    "book/stage/line/server-lines.js",
    "code/test-media/index.js",
    "book/stage/workshop/workshop.js",
    "code/test-network/index.js",
    LIBRARY,
];

/// Frames share no cache, so each run asks for all of it.
const LIBRARY: &str = "code/quickconnect/js/index.js";

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
        let changed = if ENTRIES.contains(&name.as_str()) {
            let names = match name == LIBRARY {
                true => Names::Short,
                false => Names::Kept,
            };
            Some(join::join(file, names)?)
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

/// Each frame asks for everything anew, so its scripts travel with its page.
fn with_scripts_inside(page: &Path) -> Result<String, Box<dyn Error>> {
    const BEGIN: &str = "<script src=\"";
    const END: &str = "\"></script>";
    let mut html = String::new();
    for line in fs::read_to_string(page)?.split_inclusive('\n') {
        match line
            .trim_end()
            .strip_prefix(BEGIN)
            .and_then(|rest| rest.strip_suffix(END))
        {
            Some(script) => {
                let script = fs::read_to_string(page.with_file_name(script))?;
                let script = join::shrink(&script, Names::Kept)?;
                if script.contains("</script") {
                    return Err("a script of the runner ends its own element".into());
                }
                write!(html, "<script>{script}</script>")?;
            }
            None => html.push_str(line),
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
