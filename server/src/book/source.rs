//! Where the book comes from: the sources inside the program, or a checkout. Both go through the same rendering.
//!
//! May import: error, live_blocks, notes, render, settings, snapshot.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::RenderError;
use super::render::{self, File, Rendered};
use super::{live_blocks, notes, settings, snapshot};

/// Every page of a checkout loads it, to be told of changes; as it is called at the root of the book.
pub const AUTHOR_SCRIPT: &str = "author.js";

/// Where the client library is.
const LIBRARY: &str = "code/quickconnect/js/";

/// (Path in the checkout, contents), made by `build.rs`.
static EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// Where the book comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// No book: the client library alone, with its declarations.
    Library,
    /// The sources that the program carries.
    Embedded,
    /// A folder with `book.toml`, `book/` and `code/` in it.
    Checkout {
        /// Where it is.
        folder: PathBuf,
        /// Bytes that there may be of all files of the book together.
        max_bytes: usize,
    },
}

impl Source {
    /// Renders it. Nothing is written into a checkout.
    pub fn render(&self) -> Result<Rendered, RenderError> {
        match self {
            Self::Library => Ok(library()),
            Self::Embedded => {
                let folder = render::scratch()?;
                unpack(folder.path())?;
                render::render(folder.path())
            }
            Self::Checkout { folder, max_bytes } => {
                if !folder.join(settings::FILE).is_file() {
                    return Err(RenderError::NoBook(folder.to_owned()));
                }
                let copy = render::scratch()?;
                let mut rendered = snapshot::take(folder, copy.path(), *max_bytes as u64)
                    .and_then(|()| render::render(copy.path()))
                    .map_err(|error| error.about(copy.path(), folder))?;
                let mut mistakes = live_blocks::mistakes(&rendered.files);
                let pages = rendered
                    .files
                    .iter()
                    .filter(|file| file.is_page_of_chapter());
                let left = pages.filter_map(|page| notes::left_in(&page.path, &page.contents));
                mistakes.extend(left);
                if !mistakes.is_empty() {
                    return Err(RenderError::Mistakes(mistakes));
                }
                rendered.add_to_pages("</body>", |to_root| {
                    format!("<script src=\"{to_root}{AUTHOR_SCRIPT}\"></script>")
                });
                Ok(rendered)
            }
        }
    }

    /// The folder whose changes matter, if any.
    pub fn checkout(&self) -> Option<&Path> {
        match self {
            Self::Library | Self::Embedded => None,
            Self::Checkout { folder, .. } => Some(folder),
        }
    }
}

/// What of the library is served, as it is with the book.
fn library() -> Rendered {
    let files = EMBEDDED
        .iter()
        .filter(|(path, _)| path.starts_with(LIBRARY));
    let served = files.filter(|(path, _)| render::is_served(path));
    Rendered {
        title: String::from("Signaling"),
        files: served
            .map(|(path, contents)| File {
                path: (*path).to_owned(),
                contents: contents.to_vec(),
                hashed: false,
            })
            .collect(),
        notes: Vec::new(),
    }
}

fn unpack(folder: &Path) -> Result<(), RenderError> {
    for (path, contents) in EMBEDDED {
        let path = folder.join(path);
        let written = path
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&path, contents));
        written.map_err(|error| RenderError::io(&path, error))?;
    }
    Ok(())
}
