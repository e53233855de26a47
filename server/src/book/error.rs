//! Why there is no book.
//!
//! May import: thiserror.

use std::io;
use std::path::{Path, PathBuf};

/// Why there is no book.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The folder isn't a checkout.
    #[error("{} has no book.toml; name the folder of a checkout with --book", .0.display())]
    NoBook(PathBuf),
    /// A file could not be read or written.
    #[error("{}: {error}", .path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// And why.
        error: io::Error,
    },
    /// A path leads out of the checkout.
    #[error(
        "{named_in} names {}, which is not in the checkout; name a file there by its relative path",
        .path.display()
    )]
    Outside {
        /// Which one.
        path: PathBuf,
        /// The file in which it stands.
        named_in: &'static str,
    },
    /// The settings name a program, which a book that comes from anybody could have anything be.
    #[error(
        "book.toml names the preprocessor {0}, which is a program, and guidebook runs none; remove [preprocessor.{0}], or \
         serve what mdbook made of it with another server"
    )]
    Program(String),
    /// There is more of it than may be held in memory.
    #[error(
        "With {} the book is larger than {max_bytes} bytes; move the file out of the book's folders, or raise \
         --max-book-bytes",
        .path.display()
    )]
    TooLarge {
        /// Up to which file.
        path: PathBuf,
        /// How much may be.
        max_bytes: u64,
    },
    /// mdBook gave up.
    #[error("{0}")]
    Mdbook(String),
    /// mdBook made a book with mistakes in it.
    #[error("{}", .0.join("\n"))]
    Mistakes(Vec<String>),
}

impl RenderError {
    pub(super) fn io(path: &Path, error: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            error,
        }
    }

    /// An error of mdBook is a chain, and its last link tells the most.
    pub(super) fn mdbook(error: mdbook_driver::errors::Error) -> Self {
        Self::Mdbook(format!("{error:#}"))
    }

    /// The same about files of another folder than the one that was rendered.
    pub(super) fn about(self, rendered: &Path, folder: &Path) -> Self {
        let [rendered, folder] = [rendered, folder].map(|path| path.display().to_string());
        let about = |text: String| text.replace(&rendered, &folder);
        match self {
            Self::Mdbook(text) => Self::Mdbook(about(text)),
            Self::Mistakes(lines) => Self::Mistakes(lines.into_iter().map(about).collect()),
            other => other,
        }
    }
}
