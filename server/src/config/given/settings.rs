//! What was given, for a person: which options are not as they would be by themselves, and who says so.
//!
//! May import: given, clap.

use std::ffi::OsStr;

use clap::Arg;
use clap::parser::ValueSource;

use super::Given;

/// An option that is not as it would be by itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// The flag, without dashes in front.
    pub name: String,
    /// Its value, unless it is a secret.
    pub value: String,
    /// Who says so.
    pub origin: String,
}

/// In place of a value that nobody is to read off a screen.
const SECRET: &str = "(a secret)";

impl Given {
    /// The options that the file or a variable has set, by their names.
    pub fn settings(&self) -> Vec<Setting> {
        let options = self.command.get_arguments();
        let mut settings: Vec<_> = options.filter_map(|option| self.setting(option)).collect();
        settings.sort_by(|a, b| a.name.cmp(&b.name));
        settings
    }

    fn setting(&self, option: &Arg) -> Option<Setting> {
        let name = option.get_long().filter(|name| *name != "config")?;
        let id = option.get_id().as_str();
        let options = self.file.iter().flat_map(|file| &file.options);
        let mut in_file = options.filter(|option| option.name == name);
        let line = in_file.next().map(|option| format!("line {}", option.line));
        let variable = option.get_env().map(|name| name.to_string_lossy());
        let of_variable = self.matches.value_source(id) == Some(ValueSource::EnvVariable);
        let origin = match (variable, line) {
            (Some(variable), Some(line)) if of_variable => format!("{variable}, above {line}"),
            (Some(variable), None) if of_variable => variable.into_owned(),
            (_, line) => line?,
        };
        Some(Setting {
            name: name.to_owned(),
            value: shown(option, self.matches.get_raw(id).into_iter().flatten()),
            origin,
        })
    }
}

fn shown<'v>(option: &Arg, values: impl Iterator<Item = &'v OsStr>) -> String {
    // As clap's own help has it.
    if option.is_hide_env_values_set() {
        return SECRET.into();
    }
    let values: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
    values.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let values = || [OsStr::new("redis://:hunter2@db")].into_iter();
        let option = Arg::new("cluster");
        assert_eq!(shown(&option, values()), "redis://:hunter2@db");
        let secret = option.hide_env_values(true);
        assert_eq!(shown(&secret, values()), SECRET);
    }
}
