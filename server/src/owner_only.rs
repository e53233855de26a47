//! Files with keys in them: those of secrets only their owner can read, and those of public keys only their owner can write. One is replaced whole, or
//! stays as it was.
//!
//! May import: tempfile, thiserror.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::Path;
use std::time::SystemTime;

use tempfile::NamedTempFile;

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
    /// What others may do with it.
    pub others_may: Right,
}

/// A right to a file; each has the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// None.
    Nothing,
    /// To read it.
    Read,
    /// To change it.
    Change,
}

/// What is in a file of secrets.
///
/// # Errors
/// When it is not there or can't be read, or when others can read it.
pub fn read(path: &Path) -> Result<Kept, NotRead> {
    let (file, metadata) = open(path)?;
    match others_may(&metadata) {
        Right::Nothing => read_from(file, &metadata),
        Right::Read | Right::Change => Err(NotRead::Exposed),
    }
}

/// What is in a file of which only its contents tell whether they are secrets. Whoever calls this looks at what [others may](Kept::others_may).
///
/// # Errors
/// When it is not there or can't be read.
pub fn read_as_it_is(path: &Path) -> Result<Kept, NotRead> {
    let (file, metadata) = open(path)?;
    read_from(file, &metadata)
}

fn open(path: &Path) -> Result<(File, Metadata), NotRead> {
    let opened = File::open(path).and_then(|file| {
        let metadata = file.metadata()?;
        Ok((file, metadata))
    });
    opened.map_err(|error| match error.kind() {
        ErrorKind::NotFound => NotRead::Missing,
        _ => NotRead::Failed(error),
    })
}

fn read_from(file: File, metadata: &Metadata) -> Result<Kept, NotRead> {
    let mut bytes = Vec::new();
    let read = file.take(MAX_BYTES).read_to_end(&mut bytes);
    let modified = read.and_then(|_| metadata.modified());
    Ok(Kept {
        bytes,
        modified: modified.map_err(NotRead::Failed)?,
        others_may: others_may(metadata),
    })
}

/// Writes a file of secrets of this name into a folder: beside the former one, whose place it takes when it is whole.
///
/// # Errors
/// When the folder is not there, or can't be written; what was there stays then.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    // Such files are their owner's alone.
    replace(NamedTempFile::new_in(folder)?, folder, name, bytes)
}

/// The same for one that everybody may read, unless the umask says otherwise.
///
/// # Errors
/// As for [`write()`].
pub fn write_for_all(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    #[cfg(unix)]
    let file = {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o644);
        tempfile::Builder::new()
            .permissions(mode)
            .tempfile_in(folder)?
    };
    #[cfg(not(unix))]
    let file = NamedTempFile::new_in(folder)?;
    replace(file, folder, name, bytes)
}

fn replace(mut file: NamedTempFile, folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    Ok(())
}

#[cfg(unix)]
fn others_may(metadata: &Metadata) -> Right {
    use std::os::unix::fs::PermissionsExt as _;
    match metadata.permissions().mode() {
        mode if mode & 0o022 != 0 => Right::Change,
        mode if mode & 0o077 != 0 => Right::Read,
        _ => Right::Nothing,
    }
}

/// The folders of users are private where they are not of Unix.
#[cfg(not(unix))]
fn others_may(_: &Metadata) -> Right {
    Right::Nothing
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
        for (mode, right) in [
            (0o640, Right::Read),
            (0o604, Right::Read),
            (0o620, Right::Change),
            (0o646, Right::Change),
        ] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(read(&path), Err(NotRead::Exposed)), "{mode:o}");
            assert_eq!(read_as_it_is(&path).unwrap().others_may, right, "{mode:o}");
        }
        // Another one in its place is private again.
        write(folder.path(), "key", b"secret").unwrap();
        assert!(read(&path).is_ok());
        write_for_all(folder.path(), "key", b"public").unwrap();
        let kept = read_as_it_is(&path).unwrap();
        assert_eq!(kept.bytes, b"public");
        // A umask may forbid what is asked for.
        assert!(kept.others_may < Right::Change);
    }
}
