//! Where programs of a user keep what outlives them.
//!
//! May import: nothing.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// The name of our folder.
const NAME: &str = "guidebook";

/// Our folder for what is no setting, by the rules of the system; none if the system says of no folder that it is the user's. It may not be there
/// yet.
pub fn state() -> Option<PathBuf> {
    state_of(|name| env::var_os(name))
}

/// The same for these variables: on Windows those that it sets itself, on others those of the XDG Base Directory Specification.
fn state_of(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name| absolute(variable(name));
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

/// The same for settings, and for what the user would miss: a user may name its place with `XDG_CONFIG_HOME` on every system.
pub fn config() -> Option<PathBuf> {
    config_of(|name| env::var_os(name))
}

fn config_of(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name| absolute(variable(name));
    let usual = || match () {
        () if cfg!(windows) => folder("APPDATA"),
        () if cfg!(target_os = "macos") => {
            Some(folder("HOME")?.join("Library/Application Support"))
        }
        () => Some(folder("HOME")?.join(".config")),
    };
    let config = folder("XDG_CONFIG_HOME").or_else(usual);
    config.map(|config| config.join(NAME))
}

/// What is no absolute path is ignored, as the [specification](https://specifications.freedesktop.org/basedir-spec/latest/) wants it.
fn absolute(value: Option<OsString>) -> Option<PathBuf> {
    let path = value.map(PathBuf::from);
    path.filter(|path| path.is_absolute())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value_in(variables: &[(&str, &str)], name: &str) -> Option<OsString> {
        let found = variables.iter().find(|(one, _)| *one == name);
        found.map(|(_, value)| value.into())
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
                state_of(|name| value_in(variables, name)),
                expected.map(PathBuf::from),
                "{variables:?}"
            );
        }
    }

    #[test]
    fn the_folder_for_settings_is_where_the_user_says_or_in_their_home() {
        let (home, given) = (("HOME", "/home/ada"), ("XDG_CONFIG_HOME", "/config"));
        if !cfg!(windows) {
            let config = config_of(|name| value_in(&[home, given], name));
            assert_eq!(config, Some("/config/guidebook".into()));
        }
        if cfg!(target_os = "linux") {
            let config = config_of(|name| value_in(&[home], name));
            assert_eq!(config, Some("/home/ada/.config/guidebook".into()));
        }
        assert_eq!(config_of(|_| None), None);
    }
}
