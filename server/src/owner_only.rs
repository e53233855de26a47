//! Files that only their owner can read, since keys are in them. One is replaced whole, or stays as it was.
//!
//! May import: tempfile, thiserror.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;
use std::time::SystemTime;

/// Bytes that are read of a file at most; those that are kept here have a few thousand.
const MAX_BYTES: u64 = 1024 * 1024;

/// Why nothing is read.
#[derive(Debug, thiserror::Error)]
pub enum NotRead {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// What is in it may be known to anybody.
    #[error("others than its owner could read it")]
    Exposed,
    /// Something else.
    #[error("{0}")]
    Failed(io::Error),
}

/// A file, as it was read.
#[derive(Debug)]
pub struct Kept {
    /// What is in it.
    pub bytes: Vec<u8>,
    /// When it was written.
    pub modified: SystemTime,
}

/// What is in a file.
///
/// # Errors
/// When it is not there or can't be read, or when others can read it.
pub fn read(path: &Path) -> Result<Kept, NotRead> {
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    let (metadata, file) = opened.map_err(|error| match error.kind() {
        ErrorKind::NotFound => NotRead::Missing,
        _ => NotRead::Failed(error),
    })?;
    if !is_private(&metadata) {
        return Err(NotRead::Exposed);
    }
    let mut bytes = Vec::new();
    let read = file.take(MAX_BYTES).read_to_end(&mut bytes);
    let modified = read.and_then(|_| metadata.modified());
    let modified = modified.map_err(NotRead::Failed)?;
    Ok(Kept { bytes, modified })
}

/// Writes a file of this name into a folder: beside the former one, whose place it takes when it is whole.
///
/// # Errors
/// When the folder is not there, or can't be written; what was there stays then.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    // Such files are their owner's alone.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    Ok(())
}

#[cfg(unix)]
fn is_private(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 == 0
}

/// The folders of users are private where they are not of Unix.
#[cfg(not(unix))]
fn is_private(_: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        assert!(matches!(read(&path), Err(NotRead::Missing)));
        for bytes in [&b"a long one"[..], b"short"] {
            write(folder.path(), "key", bytes).unwrap();
            assert_eq!(read(&path).unwrap().bytes, bytes);
        }
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
        assert!(write(&path, "key", b"").is_err());
        assert!(matches!(
            read(folder.path()),
            Err(NotRead::Failed(_) | NotRead::Exposed)
        ));
    }

    #[cfg(unix)]
    #[test]
    fn what_others_could_read_is_not_used() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write(folder.path(), "key", b"secret").unwrap();
        for mode in [0o640, 0o604, 0o620] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(read(&path), Err(NotRead::Exposed)), "{mode:o}");
        }
        // Another one in its place is private again.
        write(folder.path(), "key", b"secret").unwrap();
        assert!(read(&path).is_ok());
    }
}
