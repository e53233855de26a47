//! The key by which tickets are signed. It outlives the process for a day, so that attendees come back into their pairs when a workshop is
//! started again. Nothing else of a workshop is kept.
//!
//! Each port has its own: two workshops of one machine would else know each other's attendees, and each other's pairs.
//!
//! May import: ticket, owner_only, secret, tracing.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tracing::{debug, warn};

use super::ticket::KEY_BYTES;
use crate::owner_only;
use crate::secret::{NoRandomBytes, Secret};

/// How the names of its files begin and end; the port stands in between.
const BEGIN: &str = "attendance-";
const END: &str = ".key";

/// After which time there is a new one.
const KEPT_FOR: Duration = Duration::from_secs(24 * 3600);

/// Bytes that sign tickets.
#[derive(Debug, Clone)]
pub struct Key(Secret<KEY_BYTES>);

impl Key {
    /// A new one, that nobody keeps.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn random() -> Result<Self, NoRandomBytes> {
        Secret::random().map(Self)
    }

    /// The one that is kept in this folder for the workshop at this port, or a new one where there is none, or one that is older than a day or
    /// that others can read. If a new one can't be kept, the log says so. Those of other ports that are older than a day are deleted.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn kept_in(folder: &Path, port: u16) -> Result<Self, NoRandomBytes> {
        let now = SystemTime::now();
        forget_old(folder, now);
        let name = format!("{BEGIN}{port}{END}");
        if let Some(key) = read(&folder.join(&name), now) {
            return Ok(key);
        }
        let key = Self::random()?;
        if let Err(error) = key.keep(folder, &name) {
            warn!(
                %error,
                path = %folder.join(&name).display(),
                "The key of attendees' tickets can't be kept, so after a restart of the server attendees have to pair again; name a folder that \
                 can be written with --state-dir"
            );
        }
        Ok(key)
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_BYTES] {
        self.0.bytes()
    }

    fn keep(&self, folder: &Path, name: &str) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        owner_only::write(folder, name, self.0.bytes())
    }
}

/// The key in a file, if it is good `now`.
fn read(path: &Path, now: SystemTime) -> Option<Key> {
    let kept = owner_only::read(path).ok()?;
    let bytes = kept.bytes.try_into().ok()?;
    is_good(kept.modified, now).then(|| Key(Secret::of_bytes(bytes)))
}

/// Whether a key is not too old; one from the future is that of a clock that was wrong.
fn is_good(modified: SystemTime, now: SystemTime) -> bool {
    now.duration_since(modified).is_ok_and(|age| age < KEPT_FOR)
}

/// Nothing of a workshop is kept for longer than said. What can't be deleted is tried again at the next start.
fn forget_old(folder: &Path, now: SystemTime) {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    for file in files {
        let name = file.file_name();
        let is_key =
            (name.to_str()).is_some_and(|name| name.starts_with(BEGIN) && name.ends_with(END));
        let modified = file.metadata().and_then(|data| data.modified());
        if is_key
            && modified.is_ok_and(|modified| !is_good(modified, now))
            && let Err(error) = fs::remove_file(file.path())
        {
            debug!(%error, path = %file.path().display(), "The key of a workshop that is over can't be deleted");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn is_same(a: &Key, b: &Key) -> bool {
        a.0.is(&b.0)
    }

    #[test]
    fn a_key_is_kept_for_a_day_and_then_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("state");
        let key = Key::kept_in(&inner, 8000).unwrap();
        assert!(is_same(&Key::kept_in(&inner, 8000).unwrap(), &key));
        let path = inner.join("attendance-8000.key");
        let now = SystemTime::now();
        assert!(is_same(&read(&path, now + KEPT_FOR / 2).unwrap(), &key));
        assert!(read(&path, now + KEPT_FOR).is_none());
        let other = inner.join("other.key");
        fs::write(&other, "").unwrap();
        forget_old(&inner, now + KEPT_FOR / 2);
        assert!(path.exists());
        forget_old(&inner, now + KEPT_FOR);
        assert!(!path.exists() && other.exists());
    }

    #[test]
    fn two_workshops_at_two_ports_have_two_keys_and_find_them_again() {
        let folder = tempfile::tempdir().unwrap();
        let kept = |port| Key::kept_in(folder.path(), port).unwrap();
        let (first, second) = (kept(8000), kept(8001));
        assert!(!is_same(&first, &second));
        assert!(is_same(&kept(8001), &second) && is_same(&kept(8000), &first));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_or_that_is_broken_is_replaced() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("attendance-8000.key");
        let kept = || Key::kept_in(folder.path(), 8000).unwrap();
        let key = kept();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let next = kept();
        assert!(!is_same(&next, &key));
        fs::write(&path, "short").unwrap();
        assert!(!is_same(&kept(), &next));
    }

    #[test]
    fn where_nothing_can_be_kept_there_is_a_key_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        Key::kept_in(&file, 8000).unwrap();
    }
}
