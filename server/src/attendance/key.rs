//! The key by which tickets are signed. It outlives the process for a day, so that attendees come back into their pairs when a workshop is
//! started again. Nothing else of a workshop is kept.
//!
//! May import: ticket, getrandom, tempfile, tracing.

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use tracing::warn;

use super::ticket::KEY_BYTES;

/// The name of its file.
const FILE: &str = "attendance.key";

/// After which time there is a new one.
const KEPT_FOR: Duration = Duration::from_secs(24 * 3600);

/// Bytes that sign tickets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; KEY_BYTES]);

impl Key {
    /// A new one, that nobody keeps.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn random() -> io::Result<Self> {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        Ok(Self(bytes))
    }

    /// The one that is kept in this folder, or a new one where there is none, or one that is older than a day or that others can read. If a new
    /// one can't be kept, the log says so.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn kept_in(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        if let Some(key) = read(&path, SystemTime::now()) {
            return Ok(key);
        }
        let key = Self::random()?;
        if let Err(error) = key.keep(folder, &path) {
            warn!(
                %error,
                path = %path.display(),
                "The key of attendees' tickets can't be kept, so after a restart of the server attendees have to pair again; name a folder that \
                 can be written with --state-dir"
            );
        }
        Ok(key)
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// Is written beside the former one, and takes its place when it is whole. Such files are their owner's alone.
    fn keep(&self, folder: &Path, path: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&self.0)?;
        file.persist(path)?;
        Ok(())
    }
}

/// It is a secret, and must not get into a log.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

/// The key in a file, if it is good `now`.
fn read(path: &Path, now: SystemTime) -> Option<Key> {
    let mut file = File::open(path).ok()?;
    let metadata = file.metadata().ok()?;
    let age = now.duration_since(metadata.modified().ok()?).ok()?;
    let is_good = metadata.len() == KEY_BYTES as u64 && is_private(&metadata) && age < KEPT_FOR;
    let mut bytes = [0; KEY_BYTES];
    let read = is_good.then(|| file.read_exact(&mut bytes))?;
    read.ok().map(|()| Key(bytes))
}

#[cfg(unix)]
fn is_private(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.is_file() && metadata.permissions().mode() & 0o077 == 0
}

/// The folders of users are private where they are not of Unix.
#[cfg(not(unix))]
fn is_private(metadata: &Metadata) -> bool {
    metadata.is_file()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_key_is_kept_for_a_day_and_only_its_owner_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("state");
        let key = Key::kept_in(&inner).unwrap();
        assert!(Key::kept_in(&inner).unwrap() == key);
        let path = inner.join(FILE);
        assert!(is_private(&fs::metadata(&path).unwrap()));
        let now = SystemTime::now();
        assert!(read(&path, now + KEPT_FOR / 2).unwrap() == key);
        assert!(read(&path, now + KEPT_FOR).is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_or_that_is_broken_is_replaced() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let key = Key::kept_in(folder.path()).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let next = Key::kept_in(folder.path()).unwrap();
        assert!(next != key);
        fs::write(&path, "short").unwrap();
        assert!(Key::kept_in(folder.path()).unwrap() != next);
    }

    #[test]
    fn where_nothing_can_be_kept_there_is_a_key_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        Key::kept_in(&file).unwrap();
    }
}
