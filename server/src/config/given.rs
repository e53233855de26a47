//! What a process was given: flags stand above variables, variables above a file, that above defaults.
//!
//! What the file says, and neither a flag nor a variable does, is put among the arguments. So what an option needs, or can't stand beside, is the
//! same wherever it is said.
//!
//! # Layout
//! - [`settings`]: what of it is told to whoever checks it
//!
//! May import: check_config, config, file, clap, thiserror.

pub mod settings;
#[cfg(test)]
mod tests;

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory as _, FromArgMatches as _};

use super::check_config::CheckConfig;
use super::file::{BadConfigFile, ConfigFile};
use super::{Config, is_of_the_book};

/// The commands that serve something, besides the program without one.
const SERVING: [&str; 2] = ["workshop", "signaling"];

/// What was given, and where each part of it comes from.
#[derive(Debug)]
pub struct Given {
    /// All of it.
    pub config: Config,
    /// The options of the command, as they were defined.
    command: Command,
    /// What was found of them.
    matches: ArgMatches,
    /// The file, if one is named.
    file: Option<ConfigFile>,
}

/// Why nothing can be started with it.
#[derive(Debug, thiserror::Error)]
pub enum BadOptions {
    /// A flag or a variable, what several options are together, or the wish for help.
    #[error(transparent)]
    Usage(#[from] clap::Error),
    /// The file.
    #[error(transparent)]
    File(#[from] BadConfigFile),
}

impl BadOptions {
    /// Says it, and ends the process.
    pub fn exit(self) -> ! {
        match self {
            Self::Usage(error) => error.exit(),
            Self::File(error) => {
                clap::Error::raw(ErrorKind::ValueValidation, format!("{error}\n")).exit()
            }
        }
    }
}

impl Given {
    /// What this process was started with. Ends it with the reason if that can't be used.
    pub fn of_process() -> Self {
        Self::read(env::args_os().collect()).unwrap_or_else(|bad| bad.exit())
    }

    /// What a server would be started with by the file, and by the variables of this process.
    ///
    /// # Errors
    /// When it would not start.
    pub fn to_check(asked: &CheckConfig) -> Result<Self, BadOptions> {
        let mut arguments = vec![OsString::from("guidebook")];
        arguments.extend(asked.service.command().map(OsString::from));
        if let Some(file) = &asked.file {
            let mut argument = OsString::from("--config=");
            argument.push(file);
            arguments.push(argument);
        }
        Self::read(arguments)
    }

    /// With these arguments, of which the first is the program, and the variables of this process. A variable that is set to nothing counts as
    /// not set, as that is how service files and containers leave one out.
    ///
    /// # Errors
    /// When something is wrong with them, or with the file that they name.
    pub fn read(arguments: Vec<OsString>) -> Result<Self, BadOptions> {
        let mut root = without_empty_variables(Config::command());
        // Something may be missing that the file has.
        let partly = root.clone().ignore_errors(true);
        let partly = partly.try_get_matches_from(&arguments)?;
        let found = Found::of(&partly);
        let file = match &found {
            Some(found) => found.file(&root)?,
            None => None,
        };
        let of = found.as_ref().and_then(|found| found.of.clone());
        let mut all = arguments;
        if let (Some(found), Some(file)) = (&found, &file) {
            let place = all
                .iter()
                .position(|argument| of.as_deref().is_some_and(|of| argument == of));
            let place = place.unwrap_or(0) + 1;
            all.splice(place..place, found.added(&root, file));
        }
        let matches = root.try_get_matches_from_mut(all)?;
        if let Some(id) = of_a_book_without_one(&matches) {
            let flag = id.replace('_', "-");
            let words = format!("--{flag} is about the book, and `guidebook signaling` has none");
            return Err(root.error(ErrorKind::UnknownArgument, words).into());
        }
        let command = of.as_deref().and_then(|of| root.find_subcommand(of));
        let command = command.unwrap_or(&root).clone();
        let config = Config::from_arg_matches(&matches)?;
        let matches = match of.and_then(|of| matches.subcommand_matches(&of).cloned()) {
            Some(matches) => matches,
            None => matches,
        };
        Ok(Self {
            config,
            command,
            matches,
            file,
        })
    }
}

/// A command that serves, with what flags and variables say of it.
struct Found<'m> {
    of: Option<String>,
    matches: &'m ArgMatches,
}

impl<'m> Found<'m> {
    fn of(matches: &'m ArgMatches) -> Option<Self> {
        match matches.subcommand() {
            None => Some(Self { of: None, matches }),
            Some((name, matches)) if SERVING.contains(&name) => Some(Self {
                of: Some(name.to_owned()),
                matches,
            }),
            Some(_) => None,
        }
    }

    fn file(&self, root: &Command) -> Result<Option<ConfigFile>, BadConfigFile> {
        let path = self.matches.get_one::<PathBuf>("config");
        let read = path.map(|path| ConfigFile::read(path, root, self.of.as_deref()));
        read.transpose()
    }

    /// What the file says alone.
    fn added(&self, root: &Command, file: &ConfigFile) -> Vec<OsString> {
        let command = self.of.as_deref().and_then(|of| root.find_subcommand(of));
        let command = command.unwrap_or(root);
        let is_said = |name: &str| {
            let mut options = command.get_arguments();
            let option = options.find(|option| option.get_long() == Some(name));
            let source =
                option.and_then(|option| self.matches.value_source(option.get_id().as_str()));
            matches!(
                source,
                Some(ValueSource::CommandLine | ValueSource::EnvVariable)
            )
        };
        let alone = file.options.iter().filter(|option| !is_said(&option.name));
        alone.flat_map(|option| option.arguments.clone()).collect()
    }
}

/// The option that somebody has named who serves no book, and that means nothing there. Variables may be those of several servers.
fn of_a_book_without_one(matches: &ArgMatches) -> Option<&str> {
    let signaling = matches.subcommand_matches("signaling")?;
    let mut ids = signaling.ids().map(clap::Id::as_str);
    ids.find(|id| {
        // Of groups there is no source.
        let is_option = signaling.try_contains_id(id).is_ok_and(|contains| contains);
        is_of_the_book(id)
            && is_option
            && signaling.value_source(id) == Some(ValueSource::CommandLine)
    })
}

fn without_empty_variables(command: Command) -> Command {
    let is_empty = |name: &OsStr| env::var_os(name).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|argument| match argument.get_env() {
        Some(name) if is_empty(name) => argument.env(None::<&'static str>),
        _ => argument,
    });
    command.mut_subcommands(without_empty_variables)
}
