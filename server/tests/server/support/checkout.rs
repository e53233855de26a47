//! A small book in a folder of its own, with one of each kind of file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use server::book::error::RenderError;
use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::Limits;
use tempfile::TempDir;

const FILES: [(&str, &str); 12] = [
    (
        "book.toml",
        "[book]\ntitle = \"A small book\"\nsrc = \"book\"\n\
         [output.html]\ntheme = \"book/theme\"\nadditional-js = [\"book/theme/page.js\"]\n",
    ),
    (
        "book/SUMMARY.md",
        "# Summary\n\n[Start](index.md)\n\n- [Part](part/index.md)\n- [Ünï cödé](<part/ünï cödé.md>)\n",
    ),
    ("book/index.md", "# Start\n\nThe first page.\n"),
    (
        "book/part/index.md",
        "# Part\n\n```js\n{{#include ../../code/demo.js}}\n```\n",
    ),
    ("book/part/ünï cödé.md", "# Names\n"),
    ("book/part/digits.txt", "0123456789"),
    // Looks like one of mdBook's names, and isn't.
    (
        "book/part/photo-0123abcd.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    ),
    (
        "book/stage/runner.html",
        "<!DOCTYPE html><script type=\"importmap\">{}</script><script src=\"runner.js\"></script>",
    ),
    ("book/stage/runner.js", "'use strict';"),
    ("book/theme/page.js", "'page';"),
    ("code/demo.js", "console.log('demo');\n"),
    ("code/demo.rs", "fn main() {}\n"),
];

pub(crate) struct Checkout(TempDir);

impl Checkout {
    pub(crate) fn new() -> Self {
        // In a folder of its own, beside which nothing happens.
        let checkout = Self(TempDir::with_prefix("checkout-").unwrap());
        checkout.fill();
        checkout
    }

    /// Writes every file as it was at first.
    pub(crate) fn fill(&self) {
        for (path, contents) in FILES {
            self.write(path, contents);
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("checkout")
    }

    pub(crate) fn book(&self) -> Arc<LiveBook> {
        Arc::new(self.open().unwrap())
    }

    /// Renders it as it is now.
    pub(crate) fn open(&self) -> Result<LiveBook, RenderError> {
        self.open_within(Limits::default().max_book_bytes)
    }

    pub(crate) fn open_within(&self, max_bytes: usize) -> Result<LiveBook, RenderError> {
        LiveBook::open(Source::Checkout {
            folder: self.path().to_owned(),
            max_bytes,
        })
    }

    pub(crate) fn write(&self, path: &str, contents: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    }

    /// Puts a finished file in the place of another, as many editors do.
    pub(crate) fn replace(&self, path: &str, contents: &str) {
        let outside = TempDir::new_in(self.path().parent().unwrap()).unwrap();
        let finished = outside.path().join("finished");
        fs::write(&finished, contents).unwrap();
        fs::rename(finished, self.path().join(path)).unwrap();
    }

    /// Every file and its contents.
    pub(crate) fn contents(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fn collect(folder: &Path, into: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    collect(&path, into);
                } else {
                    into.insert(path.clone(), fs::read(path).unwrap());
                }
            }
        }
        let mut contents = BTreeMap::new();
        collect(&self.path(), &mut contents);
        contents
    }
}
