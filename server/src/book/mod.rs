//! The book: from Markdown to responses.
//!
//! # Layout
//! - [`source`]: the sources inside the program, or a checkout
//! - `snapshot`: a copy of a checkout's book that holds nothing from elsewhere
//! - `includes`: which files a text has mdBook insert; pure
//! - `paths`: which paths stay within a checkout; pure
//! - `settings`: `book.toml`, as far as it may be followed
//! - [`render`]: runs mdBook, collects what it wrote
//! - `followed`: marks demos by what follows them, for their style
//! - [`error`]: why there is no book
//! - `mdbook_log`: what mdBook only logs
//! - `live_blocks`: what is wrong with info strings
//! - [`notes`]: the speaker's notes, which no page has
//! - `join`: the address of a workshop, on the page *Join*
//! - `joined`: style sheets and scripts of a page, in one file each
//! - [`asset`]: one file in memory, with its headers and its compressed forms
//! - [`policy`]: the Content-Security-Policy of a page
//! - [`versioned_urls`]: URLs that change with what the demos load
//! - [`live`]: the book that is served now, and how it is replaced
//! - [`serve`]: a request in, a response out
//! - [`negotiate`]: pure readers of request headers
//!
//! May import: admission, camera_host, hex, security_headers, workshop, axum, base64, brotli, flate2, html5ever, http_range_header, mdbook_driver, mdbook_summary,
//! mime_guess, percent_encoding, pulldown_cmark, serde, serde_json, sha2, tempfile, thiserror, tokio, tracing.

pub mod asset;
mod columns;
pub mod error;
mod followed;
mod includes;
mod join;
mod joined;
pub mod live;
mod live_blocks;
mod mdbook_log;
pub mod negotiate;
pub mod notes;
mod paths;
pub mod policy;
pub mod render;
pub mod serve;
mod settings;
mod snapshot;
pub mod source;
pub mod versioned_urls;

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;

use tracing::warn;

use crate::admission::proof::Proof;
use asset::Asset;
use notes::ChapterNotes;
use render::{File, Rendered};
use versioned_urls::Version;

/// A rendered book in memory. A path in a request is looked up here and nowhere else, so that no request can
/// reach the file system.
#[derive(Debug)]
pub struct Book {
    title: String,
    version: Version,
    assets: HashMap<String, Asset>,
    notes: Vec<ChapterNotes>,
}

impl Book {
    /// Prepares what was rendered for serving. Only pages carry the proof, because no other site can read a page.
    pub fn new(mut rendered: Rendered, proof: &Proof) -> Self {
        rendered.join_requests();
        let version = Version::of(&rendered.files);
        for page in rendered.files.iter_mut().filter(|file| file.is_page()) {
            version.add_to(page);
        }
        rendered.add_to_pages("</head>", |_| proof.meta());
        let assets = rendered
            .files
            .into_iter()
            .map(|file| (file.path.clone(), Asset::new(file)))
            .collect();
        Self {
            title: rendered.title,
            version,
            assets,
            notes: rendered.notes,
        }
    }

    /// The title on its cover.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The speaker's notes, chapter by chapter. They are for the host of a workshop, and stand in none of the files.
    pub fn notes(&self) -> &[ChapterNotes] {
        &self.notes
    }

    /// The version of what the demos load.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The file at this path, which has no slash in front.
    pub fn get(&self, path: &str) -> Option<&Asset> {
        self.assets.get(path)
    }

    /// Whether the file at this path is a page for readers.
    pub fn has_page(&self, path: &str) -> bool {
        File::is_path_of_page(path) && self.assets.contains_key(path)
    }

    /// All paths, in no particular order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.assets.keys().map(String::as_str)
    }

    /// Whether both have the same files with the same contents, and the same notes.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let has_twin = |(path, asset): (&String, &Asset)| other.twin_of(path, asset).is_some();
        self.notes == other.notes
            && self.assets.len() == other.assets.len()
            && self.assets.iter().all(has_twin)
    }

    /// The same file of another book, if this one has it.
    fn twin_of(&self, path: &str, asset: &Asset) -> Option<&Asset> {
        self.get(path).filter(|twin| twin.is_same_as(asset))
    }

    /// Takes over the compressed forms of all files that an earlier book has, too: an edit changes few, and to compress them all takes
    /// seconds.
    pub fn take_compressed(&mut self, earlier: &Self) {
        for (path, asset) in &mut self.assets {
            if let Some(twin) = earlier.twin_of(path, asset) {
                asset.take_compressed(twin);
            }
        }
    }

    /// Compresses all files that get smaller. That takes seconds, and until then they are served uncompressed.
    pub fn compress(&self) {
        self.assets.values().for_each(Asset::compress);
    }

    /// Starts a thread that compresses, and gives up when the book is replaced.
    pub fn compress_in_background(self: &Arc<Self>) {
        let book = Arc::downgrade(self);
        let paths: Vec<_> = self.paths().map(str::to_owned).collect();
        let compress = move || {
            for path in paths {
                let Some(book) = book.upgrade() else { return };
                if let Some(asset) = book.get(&path) {
                    asset.compress();
                }
            }
        };
        // Tests find out by its name when it is done.
        let thread = thread::Builder::new().name("compress".to_owned());
        if let Err(error) = thread.spawn(compress) {
            warn!(%error, "No thread can be started, so the book goes out as it is, uncompressed");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::http::{HeaderMap, HeaderValue, header};

    use super::negotiate::{AcceptEncoding, Encoding};
    use super::*;

    fn book(style: &str, proof: &Proof) -> Book {
        let file = |path: &str, contents: &str| File {
            path: path.to_owned(),
            contents: contents.repeat(100).into_bytes(),
            hashed: false,
        };
        let files = vec![file("same.css", "a {}"), file("edited.css", style)];
        let title = String::new();
        let notes = Vec::new();
        Book::new(
            Rendered {
                title,
                files,
                notes,
            },
            proof,
        )
    }

    #[test]
    fn what_an_edit_leaves_as_it_is_stays_compressed() {
        let proof = Proof::random();
        let earlier = book("b {}", &proof);
        earlier.compress();
        let mut edited = book("c {}", &proof);
        edited.take_compressed(&earlier);
        let brotli = (header::ACCEPT_ENCODING, HeaderValue::from_static("br"));
        let accepted = AcceptEncoding::of(&HeaderMap::from_iter([brotli]));
        let encoding = |path| edited.get(path).unwrap().best_for(&accepted).encoding;
        assert_eq!(encoding("same.css"), Encoding::Brotli);
        assert_eq!(encoding("edited.css"), Encoding::Identity);
    }
}
