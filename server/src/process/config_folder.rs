//! Where programs keep what is the user's.
//!
//! May import: nothing.

use std::env;
use std::path::PathBuf;

/// The name of the folder there.
const NAME: &str = "guidebook";

/// The folder for what this program keeps: `$XDG_CONFIG_HOME/guidebook` where that is set, otherwise what the system has in its place. It
/// may not be there yet. None where nobody says who the user is.
pub fn config_folder() -> Option<PathBuf> {
    let variable = |name| env::var_os(name).map(PathBuf::from);
    // One that is not absolute counts as not set (<https://specifications.freedesktop.org/basedir-spec/latest/>).
    let given = variable("XDG_CONFIG_HOME").filter(|path| path.is_absolute());
    let usual = || {
        if cfg!(windows) {
            variable("APPDATA")
        } else if cfg!(target_os = "macos") {
            Some(variable("HOME")?.join("Library/Application Support"))
        } else {
            Some(variable("HOME")?.join(".config"))
        }
    };
    let folder = given.or_else(usual).filter(|path| path.is_absolute());
    folder.map(|folder| folder.join(NAME))
}
