//! Versioned URLs: what the demos load, `stage/` and `code/`, is also served at `/v/VERSION/stage/…`, and the version changes with the
//! files. Browsers may therefore cache it for ever, and a second tab asks for none of it again. Modules and iframes find each other by
//! relative paths, so they stay within their version.
//!
//! May import: hex, render, sha2.

use sha2::{Digest, Sha256};

use super::render::File;
use crate::hex;

const PREFIX: &str = "v/";

/// Names the contents of everything that the demos load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(String);

/// A path without its version.
#[derive(Debug, PartialEq, Eq)]
pub struct Versioned<'a> {
    /// The path of the file.
    pub path: &'a str,
    /// Whether the version is that of the file now. A page that has been open for long may ask for an older one.
    pub is_current: bool,
}

impl Version {
    /// The version of these files.
    pub fn of(files: &[File]) -> Self {
        let mut files: Vec<_> = files.iter().filter(|file| file.is_for_frames()).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut hash = Sha256::new();
        for file in files {
            // Lengths keep the end of one file apart from the beginning of the next.
            for part in [file.path.as_bytes(), &file.contents] {
                hash.update(part.len().to_le_bytes());
                hash.update(part);
            }
        }
        Self(hex::of(&hash.finalize()[..8]))
    }

    /// Adds this version to the URLs by which a page of the book loads the stage.
    pub fn add_to(&self, page: &mut File) {
        let Ok(html) = std::str::from_utf8(&page.contents) else {
            return;
        };
        let root = page.to_root();
        let versioned = format!("=\"{root}{PREFIX}{}/stage/", self.0);
        page.contents = html
            .replace(&format!("=\"{root}stage/"), &versioned)
            .into_bytes();
    }

    /// Takes the version off a path, whether it is this version or another.
    pub fn remove_from<'a>(&self, path: &'a str) -> Option<Versioned<'a>> {
        let (version, path) = path.strip_prefix(PREFIX)?.split_once('/')?;
        File::is_path_for_frames(path).then_some(Versioned {
            path,
            is_current: version == self.0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, contents: &str) -> File {
        File {
            path: path.into(),
            contents: contents.into(),
            hashed: false,
        }
    }

    #[test]
    fn the_version_changes_with_the_stage_and_with_nothing_else() {
        let version =
            |page, stage| Version::of(&[file("index.html", page), file("stage/stage.js", stage)]);
        assert_eq!(version("a", "x"), version("b", "x"));
        assert_ne!(version("a", "x"), version("a", "y"));
    }

    #[test]
    fn a_page_leads_to_its_version_from_any_depth() {
        let version = Version("0f".into());
        for (path, link, versioned) in [
            ("index.html", "stage/stage.js", "v/0f/stage/stage.js"),
            ("a/b.html", "../stage/stage.js", "../v/0f/stage/stage.js"),
        ] {
            let mut page = file(path, &format!(r#"<script src="{link}">"#));
            version.add_to(&mut page);
            assert_eq!(
                page.contents,
                format!(r#"<script src="{versioned}">"#).into_bytes()
            );
        }
    }

    #[test]
    fn only_what_demos_load_has_versions() {
        let version = Version("0f".into());
        assert_eq!(
            version.remove_from("v/0f/stage/a.js"),
            Some(Versioned {
                path: "stage/a.js",
                is_current: true
            })
        );
        assert_eq!(
            version.remove_from("v/00/code/a.js"),
            Some(Versioned {
                path: "code/a.js",
                is_current: false
            })
        );
        for path in ["stage/a.js", "v/0f/index.html", "v/stage/a.js", "v/"] {
            assert_eq!(version.remove_from(path), None, "{path}");
        }
    }
}
