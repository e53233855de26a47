//! A copy of the checkout with some of its files changed: a book with other blocks, or a browser that lacks something. Imports nothing of this crate.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::Limits;
use tempfile::TempDir;

const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// What of it the book is made of.
const PARTS: [&str; 3] = ["book.toml", "book", "code"];

/// Folders that tools leave behind.
const SKIPPED: [&str; 2] = ["node_modules", "target"];

/// Removed when it is dropped.
pub(crate) struct OwnBook(TempDir);

impl OwnBook {
    pub(crate) fn new() -> Result<Self> {
        let folder = TempDir::with_prefix_in("book-", env!("CARGO_TARGET_TMPDIR"))?;
        for part in PARTS {
            copy(&Path::new(CHECKOUT).join(part), &folder.path().join(part))?;
        }
        Ok(Self(folder))
    }

    /// Puts another text in the place of one that the file must have.
    pub(crate) fn change(&self, path: &str, old: &str, new: &str) -> Result<()> {
        let file = self.0.path().join(path);
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        ensure!(text.contains(old), "{path} has no {old:?}");
        Ok(fs::write(file, text.replacen(old, new, 1))?)
    }

    pub(crate) fn open(&self) -> Result<Arc<LiveBook>> {
        let source = Source::Checkout {
            folder: self.0.path().to_owned(),
            max_bytes: Limits::default().max_book_bytes,
        };
        Ok(Arc::new(LiveBook::open(source)?))
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_file() {
        fs::copy(from, to)?;
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        if !SKIPPED.iter().any(|skipped| name == *skipped) {
            copy(&from.join(&name), &to.join(&name))?;
        }
    }
    Ok(())
}
