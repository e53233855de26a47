//! Runs mdBook on a folder and collects what there is to serve.
//!
//! May import: columns, error, followed, mdbook_log, notes, settings, mdbook_driver, tempfile.

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use tempfile::TempDir;

use super::error::RenderError;
use super::notes::{self, ChapterNotes, Notes};
use super::{columns, followed, mdbook_log, settings};

/// How the names of those files in `code/` end that are served.
const SERVED_CODE: [&str; 3] = [".js", ".d.ts", ".js.map"];

/// What is served: the output of mdBook, and of `code/` what a page can import, with its declarations and its source map.
#[derive(Debug, Default)]
pub struct Rendered {
    /// The title of the book.
    pub title: String,
    /// Every file there is.
    pub files: Vec<File>,
    /// The speaker's notes, which are in none of them.
    pub notes: Vec<ChapterNotes>,
}

/// Whether a file in `code/` is served.
pub(super) fn is_served(name: &str) -> bool {
    SERVED_CODE.iter().any(|ending| name.ends_with(ending))
}

/// One file to serve.
#[derive(Debug)]
pub struct File {
    /// As in its URL, without a slash in front.
    pub path: String,
    /// As mdBook wrote it.
    pub contents: Vec<u8>,
    /// Whether its name changes when its contents do.
    pub hashed: bool,
}

/// A temporary folder, removed when it is dropped.
///
/// mdBook reads and writes a hundred files, which takes 40 ms on a disk and 12 ms in memory: most of the time from
/// the start of the program to its first page.
pub(super) fn scratch() -> Result<TempDir, RenderError> {
    const IN_MEMORY: &str = "/dev/shm";
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix("guidebook-");
    builder
        .tempdir_in(IN_MEMORY)
        .or_else(|_| builder.tempdir())
        .map_err(|error| RenderError::io(&std::env::temp_dir(), error))
}

/// Renders the book in `root`, to memory.
pub fn render(root: &Path) -> Result<Rendered, RenderError> {
    let output = scratch()?;
    let (built, mistakes) = mdbook_log::collect(|| build(root, output.path()));
    let (config, notes) = built?;
    let mistakes = [mistakes, notes.mistakes].concat();
    if !mistakes.is_empty() {
        return Err(RenderError::Mistakes(mistakes));
    }

    let sources = root.join(&config.book.src);
    let theme = config.html_config().and_then(|html| html.theme);
    let theme = theme
        .as_deref()
        .and_then(|theme| theme.strip_prefix(&config.book.src).ok());
    let mut files = Vec::new();
    walk(output.path(), &mut |path, name| {
        // mdBook copies the files of the theme to the output like images.
        if !theme.is_some_and(|theme| Path::new(&name).starts_with(theme)) {
            let hashed = has_hash(&name) && !sources.join(&name).exists();
            files.push(File {
                contents: read(path)?,
                path: name,
                hashed,
            });
        }
        Ok(())
    })?;
    let code = root.join("code");
    if code.is_dir() {
        walk(&code, &mut |path, name| {
            if is_served(&name) {
                files.push(File {
                    contents: read(path)?,
                    path: format!("code/{name}"),
                    hashed: false,
                });
            }
            Ok(())
        })?;
    }
    for page in files.iter_mut().filter(|file| file.is_page()) {
        for stays_in_place in [followed::marked, columns::with_widths] {
            if let Ok(html) = str::from_utf8(&page.contents)
                && let Some(html) = stays_in_place(html)
            {
                page.contents = html.into_bytes();
            }
        }
    }
    Ok(Rendered {
        title: config.book.title.unwrap_or_default(),
        files,
        notes: notes.chapters,
    })
}

fn build(root: &Path, output: &Path) -> Result<(Config, Notes), RenderError> {
    let mut config = settings::read(root)?;
    config.build.build_dir = output.to_owned();
    config.build.create_missing = false;
    let summary = root.join(&config.book.src).join("SUMMARY.md");
    // mdBook complains of one that is missing.
    settings::check_summary(&fs::read_to_string(summary).unwrap_or_default())?;
    let build = || {
        let mut book = MDBook::load_with_config(root, config.clone())?;
        let notes = notes::take(&mut book.book, &config.book.src);
        book.build().map(|()| notes)
    };
    // mdBook panics on some books. An author should get a message then, and keep the last good book.
    let built = panic::catch_unwind(AssertUnwindSafe(build)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        let text = text.unwrap_or("for no reason that it gives");
        Err(mdbook_driver::errors::Error::msg(format!(
            "mdBook panicked: {text}"
        )))
    });
    let notes = built.map_err(RenderError::mdbook)?;
    Ok((config, notes))
}

impl Rendered {
    /// Adds an element to every page of the book, before the last end tag of this kind, or else at the end; the stage's frames are left
    /// alone. `element` is given what leads from the page to the root of the book.
    pub(super) fn add_to_pages(&mut self, before: &str, element: impl Fn(&str) -> String) {
        for file in self.files.iter_mut().filter(|file| file.is_page()) {
            let element = element(&file.to_root());
            let before = before.as_bytes();
            let place = file
                .contents
                .windows(before.len())
                .rposition(|window| window == before);
            let place = place.unwrap_or(file.contents.len());
            file.contents.splice(place..place, element.bytes());
        }
    }
}

impl File {
    /// What leads from it to the root of the book.
    pub(super) fn to_root(&self) -> String {
        "../".repeat(self.path.matches('/').count())
    }

    pub(super) fn is_html(&self) -> bool {
        Self::is_path_of_html(&self.path)
    }

    fn is_path_of_html(path: &str) -> bool {
        path.ends_with(".html")
    }

    /// Whether it is for the demos, whose frames have an origin of their own.
    pub(super) fn is_for_frames(&self) -> bool {
        Self::is_path_for_frames(&self.path)
    }

    pub(super) fn is_path_for_frames(path: &str) -> bool {
        path.starts_with("stage/") || path.starts_with("code/")
    }

    pub(super) fn is_page(&self) -> bool {
        Self::is_path_of_page(&self.path)
    }

    /// Whether it is a page that is looked through for mistakes: the printed book has the contents of all others again.
    pub(super) fn is_page_of_chapter(&self) -> bool {
        self.is_page() && self.path != "print.html"
    }

    pub(super) fn is_path_of_page(path: &str) -> bool {
        Self::is_path_of_html(path) && !Self::is_path_for_frames(path)
    }
}

/// mdBook puts eight hex digits of the contents into the names of its own and the additional files. A file of the
/// book's folder that merely looks so is copied under its own name, and must not be taken for one of these.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        hash.len() == 8 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Calls `visit` with each file under `root` and its path from there, written with slashes. Skips hidden ones. There are no
/// links: `root` was written by mdBook, or by this program.
fn walk(
    root: &Path,
    visit: &mut dyn FnMut(&Path, String) -> Result<(), RenderError>,
) -> Result<(), RenderError> {
    let mut folders = vec![(root.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| RenderError::io(&folder, error))? {
            let path = entry
                .map_err(|error| RenderError::io(&folder, error))?
                .path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with('.') {
                continue;
            }
            let from_root = format!("{prefix}{name}");
            if path.is_dir() {
                folders.push((path, from_root + "/"));
            } else {
                visit(&path, from_root)?;
            }
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, RenderError> {
    fs::read(path).map_err(|error| RenderError::io(path, error))
}

#[cfg(test)]
mod tests {
    use super::has_hash;

    #[test]
    fn names_with_a_hash_of_mdbook_are_known_by_their_form() {
        for name in [
            "book-0123abcd.js",
            "css/general-89abcdef.css",
            "fonts/open-sans-v17-all-charsets-300-7736aa35.woff2",
            "clipboard-1626706a.min.js",
        ] {
            assert!(has_hash(name), "{name}");
        }
    }

    #[test]
    fn other_names_have_none() {
        for name in [
            "book.js",
            "0123abcd.js",
            "book-0123abc.js",
            "book-0123abcde.js",
            "book-0123ABCD.js",
            "book-0123abcg.js",
            "a-0123abcd/book.js",
            "",
        ] {
            assert!(!has_hash(name), "{name}");
        }
    }
}
