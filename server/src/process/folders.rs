//! Where programs of a user keep what outlives them, and is no setting.
//!
//! May import: nothing.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// The name of our folder.
const NAME: &str = "guidebook";

/// Our folder for it, by the rules of the system; none if the system says of no folder that it is the user's.
pub fn state() -> Option<PathBuf> {
    state_of(|name| env::var_os(name))
}

/// The same for these variables: on Windows those that it sets itself, on others those of the XDG Base Directory Specification.
fn state_of(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    // What is no absolute path is ignored, as the specification wants it.
    let folder = |name| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let home = || folder("HOME");
    let state = match () {
        () if cfg!(windows) => folder("LOCALAPPDATA"),
        () if cfg!(target_os = "macos") => {
            home().map(|home| home.join("Library/Application Support"))
        }
        () => folder("XDG_STATE_HOME").or_else(|| home().map(|home| home.join(".local/state"))),
    };
    state.map(|state| state.join(NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state_with(variables: &[(&str, &str)]) -> Option<PathBuf> {
        state_of(|name| {
            let found = variables.iter().find(|(one, _)| *one == name);
            found.map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_folder_is_that_of_the_xdg_specification() {
        if cfg!(any(windows, target_os = "macos")) {
            return; // They have rules of their own.
        }
        let home = ("HOME", "/home/ada");
        for (variables, expected) in [
            (
                &[home, ("XDG_STATE_HOME", "/state")][..],
                Some("/state/guidebook"),
            ),
            (&[home], Some("/home/ada/.local/state/guidebook")),
            (
                &[home, ("XDG_STATE_HOME", "state")],
                Some("/home/ada/.local/state/guidebook"),
            ),
            (&[("HOME", "")], None),
            (&[], None),
        ] {
            assert_eq!(
                state_with(variables),
                expected.map(PathBuf::from),
                "{variables:?}"
            );
        }
    }
}
