//! Copies the sources of a book into a folder of their own, where mdBook works on them.
//!
//! A checkout may come from anybody, as a branch that somebody reviews. mdBook follows every link in it, reads whatever a path
//! in `book.toml` or an `{{#include}}` leads to, and waits for pipes. Here it finds regular files of the checkout and nothing
//! else: no links, no devices, no path that leads out.
//!
//! May import: error, includes, paths, settings, tracing.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use tracing::warn;

use super::error::RenderError;
use super::paths::{SKIPPED_FOLDERS, within};
use super::{includes, settings};

/// Bytes that each file counts besides its contents.
const FILE_OVERHEAD: u64 = 1024;

/// Copies the book of a checkout into the folder `copy`, which is empty. Files that are no files, or lie outside, are left out
/// with a warning. A book of more than `max_bytes` is an error.
pub(super) fn take(checkout: &Path, copy: &Path, max_bytes: u64) -> Result<(), RenderError> {
    let root = checkout
        .canonicalize()
        .map_err(|error| RenderError::io(checkout, error))?;
    let mut snapshot = Snapshot {
        root,
        copy,
        max_bytes,
        bytes: 0,
        taken: HashSet::new(),
        mistakes: Vec::new(),
    };
    snapshot.file(Path::new(settings::FILE))?;
    let settings = settings::read(copy)?;
    let html = settings.html_config().unwrap_or_default();
    let theme = html.theme.unwrap_or_else(|| "theme".into());
    for folder in [&settings.book.src, &theme, Path::new("code")] {
        snapshot.folder(folder, &[])?;
    }
    for file in html.additional_css.iter().chain(&html.additional_js) {
        snapshot.file(file)?;
    }
    match snapshot.mistakes {
        none if none.is_empty() => Ok(()),
        mistakes => Err(RenderError::Mistakes(mistakes)),
    }
}

struct Snapshot<'a> {
    /// With all links resolved.
    root: PathBuf,
    copy: &'a Path,
    max_bytes: u64,
    bytes: u64,
    /// Files, by their path in the checkout.
    taken: HashSet<PathBuf>,
    mistakes: Vec<String>,
}

/// What lies at a path.
enum Found {
    File(File),
    /// With all links resolved.
    Folder(PathBuf),
    Nothing,
}

impl Snapshot<'_> {
    /// Copies a folder. `above` are those that it lies in, with all links resolved: a link to one of them has no end.
    fn folder(&mut self, path: &Path, above: &[PathBuf]) -> Result<(), RenderError> {
        let Found::Folder(place) = self.find(path)? else {
            return Ok(());
        };
        if above.contains(&place) {
            return Ok(());
        }
        let failed = |error| RenderError::io(&place, error);
        let entries = fs::read_dir(&place).map_err(failed)?;
        let within = [above, std::slice::from_ref(&place)].concat();
        for entry in entries {
            let name = entry.map_err(failed)?.file_name();
            let Some(name) = name.to_str() else {
                warn!(file = %path.join(&name).display(), "Left a file out of the book: its name is not UTF-8");
                continue;
            };
            if name.starts_with('.') || SKIPPED_FOLDERS.contains(&name) {
                continue;
            }
            let path = path.join(name);
            match self.find(&path)? {
                Found::Folder(_) => self.folder(&path, &within)?,
                Found::File(file) => self.copy(&path, file)?,
                Found::Nothing => {}
            }
        }
        Ok(())
    }

    /// Copies one file, if there is one.
    fn file(&mut self, path: &Path) -> Result<(), RenderError> {
        match self.find(path)? {
            Found::File(file) => self.copy(path, file),
            _ => Ok(()),
        }
    }

    /// Opens nothing but a regular file: to open a pipe would wait for its other end.
    fn find(&self, path: &Path) -> Result<Found, RenderError> {
        let full = self.root.join(path);
        let left_out = |why: &str| {
            warn!(file = %path.display(), "Left a file out of the book: it is {why}");
            Ok(Found::Nothing)
        };
        let place = match full.canonicalize() {
            Ok(place) => place,
            Err(_) if full.is_symlink() => return left_out("a link that leads nowhere"),
            // An editor's file that is gone already.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(error) => return Err(RenderError::io(&full, error)),
        };
        if !place.starts_with(&self.root) {
            return left_out("a link that leads out of the checkout");
        }
        let kind = match place.metadata() {
            Ok(metadata) => metadata.file_type(),
            Err(error) => return Err(RenderError::io(&full, error)),
        };
        if kind.is_dir() {
            return Ok(Found::Folder(place));
        }
        if !kind.is_file() {
            return left_out("neither a file nor a folder");
        }
        match File::open(&place) {
            Ok(file) => Ok(Found::File(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Found::Nothing),
            Err(error) => Err(RenderError::io(&full, error)),
        }
    }

    fn copy(&mut self, path: &Path, file: File) -> Result<(), RenderError> {
        if !self.taken.insert(path.to_owned()) {
            return Ok(());
        }
        let failed = |error: io::Error| RenderError::io(path, error);
        let room = self.max_bytes.saturating_sub(self.bytes);
        let mut contents = Vec::new();
        // One byte more than there is room for shows that the file is too large.
        let read = file.take(room + 1).read_to_end(&mut contents);
        self.bytes += read.map_err(failed)? as u64 + FILE_OVERHEAD;
        if self.bytes > self.max_bytes {
            return Err(RenderError::TooLarge {
                path: path.to_owned(),
                max_bytes: self.max_bytes,
            });
        }
        let target = self.copy.join(path);
        let written = target.parent().map_or(Ok(()), fs::create_dir_all);
        written
            .and_then(|()| fs::write(&target, &contents))
            .map_err(failed)?;
        match str::from_utf8(&contents) {
            Ok(text) => self.what_is_included(path, text),
            Err(_) => Ok(()),
        }
    }

    /// An included file may lie anywhere in the checkout, and include others.
    fn what_is_included(&mut self, path: &Path, text: &str) -> Result<(), RenderError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        for included in includes::of(text) {
            match within(&folder.join(&included)) {
                Some(included) => self.file(&included)?,
                None => self.mistakes.push(format!(
                    "{} includes {included}, which is not in the checkout",
                    path.display()
                )),
            }
        }
        Ok(())
    }
}
