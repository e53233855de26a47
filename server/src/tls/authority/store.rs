//! The folder in which root and certificate are kept. Each is one file with its key, so that no key stands beside a certificate that is not its own.
//!
//! May import: error, made, owner_only, serde_json, tracing.

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tracing::warn;

use super::error::NoAuthority;
use super::made::Made;
use crate::owner_only::{self, NotRead};

/// The file of the root.
pub(super) const ROOT: &str = "authority.json";
/// That of the server's certificate.
pub(super) const LEAF: &str = "certificate.json";

/// Its folder is there.
pub(super) struct Store {
    folder: PathBuf,
}

impl Store {
    /// Makes the folder, which only its owner can open.
    pub(super) fn open(folder: PathBuf) -> Result<Self, NoAuthority> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let store = Self { folder };
        let made = builder.create(&store.folder).and_then(|()| store.close());
        made.map_err(|error| store.failed(error))?;
        Ok(store)
    }

    /// Closes a folder to others that was there already.
    fn close(&self) -> io::Result<()> {
        #[cfg(unix)]
        fs::set_permissions(
            &self.folder,
            std::os::unix::fs::PermissionsExt::from_mode(0o700),
        )?;
        Ok(())
    }

    /// What is in a file. A key that others could read is not used any more; that, and a file that can't be read, is as good as none.
    pub(super) fn read(&self, name: &str) -> Option<Made> {
        let path = self.folder.join(name);
        let kept = match owner_only::read(&path) {
            Ok(kept) => kept,
            Err(NotRead::Missing) => return None,
            Err(error) => {
                warn!(%error, path = %path.display(), "A certificate with its key is not used any more, and is made anew");
                return None;
            }
        };
        match serde_json::from_slice(&kept.bytes) {
            Ok(made) => Some(made),
            Err(error) => {
                warn!(%error, path = %path.display(), "The file of a certificate is damaged, so it is made anew");
                None
            }
        }
    }

    /// Puts it there at once, or not at all. Only its owner can read it.
    pub(super) fn write(&self, name: &str, made: &Made) -> Result<(), NoAuthority> {
        let written = serde_json::to_vec(made)
            .map_err(io::Error::from)
            .and_then(|text| owner_only::write(&self.folder, name, &text));
        written.map_err(|error| self.failed(error))
    }

    fn failed(&self, error: io::Error) -> NoAuthority {
        NoAuthority::Folder {
            folder: self.folder.clone(),
            error,
        }
    }
}

pub(super) fn forget(folder: PathBuf) -> Result<bool, NoAuthority> {
    let store = Store { folder };
    let mut was_there = false;
    for name in [LEAF, ROOT] {
        let removed = remove(&store.folder.join(name));
        was_there |= removed.map_err(|error| store.failed(error))?;
    }
    Ok(was_there)
}

/// Whether there was one.
fn remove(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
