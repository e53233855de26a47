//! Which paths of a checkout are a part of the book. Pure.
//!
//! May import: nothing.

use std::path::{Component, Path, PathBuf};

/// Folders that tools leave behind in a checkout.
pub(super) const SKIPPED_FOLDERS: [&str; 2] = ["node_modules", "target"];

/// The same path without `.` and `..`; `None` if it leads out of the folder that it is relative to.
pub(super) fn within(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => plain.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                if !plain.pop() {
                    return None;
                }
            }
            Component::Prefix(_) | Component::RootDir => return None,
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_within_its_folder_or_is_none() {
        for (path, plain) in [
            ("book/index.md", Some("book/index.md")),
            ("book/../code/./demo.js", Some("code/demo.js")),
            ("", Some("")),
            ("..", None),
            ("book/../../passwd", None),
            ("/etc/passwd", None),
        ] {
            assert_eq!(within(Path::new(path)), plain.map(PathBuf::from), "{path}");
        }
    }
}
