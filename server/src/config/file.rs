//! A file of options (TOML): those of the command line, by their names without dashes in front. What is in it becomes arguments, so that it is
//! read, bounded and refused as those are.
//!
//! No error repeats a value: it may be a secret.
//!
//! May import: clap, thiserror, toml.

use std::error::Error as _;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::builder::ValueHint;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use toml::de::{DeTable, DeValue};

/// Bytes of the largest file. One that says everything has a tenth of it.
const MAX_BYTES: u64 = 256 * 1024;

/// What no file may say: a file names no other, and these are questions.
const NOT_IN_FILES: [&str; 3] = ["config", "help", "version"];

/// What is in a file, without mistakes.
#[derive(Debug)]
pub struct ConfigFile {
    /// In the order of the file.
    pub options: Vec<FileOption>,
}

/// An option that a file names.
#[derive(Debug, PartialEq, Eq)]
pub struct FileOption {
    /// The flag, without dashes in front.
    pub name: String,
    /// Where it stands, from 1.
    pub line: usize,
    /// What it says, as arguments; none for a switch that is off, or for a list with nothing in it.
    pub arguments: Vec<OsString>,
}

/// Why a file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BadConfigFile {
    /// Nothing of it.
    #[error("The file {}, which --config names, can't be read: {error}", path.display())]
    Unreadable {
        /// Where it is.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It is something else.
    #[error("The file {}, which --config names, has more than {MAX_BYTES} bytes", path.display())]
    TooLarge {
        /// Where it is.
        path: PathBuf,
    },
    /// Something in it, all of which is said.
    #[error("{}", listed(path, mistakes))]
    Mistakes {
        /// Where it is.
        path: PathBuf,
        /// One at least.
        mistakes: Vec<Mistake>,
    },
}

/// What is wrong in a line.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    /// What, and what is expected in its place.
    pub says: String,
}

fn listed(path: &Path, mistakes: &[Mistake]) -> String {
    let lines = mistakes
        .iter()
        .map(|mistake| format!("{}:{}: {}", path.display(), mistake.line, mistake.says));
    lines.collect::<Vec<_>>().join("\n")
}

impl ConfigFile {
    /// The options in a file for the command of this name, or for `root` itself. Paths in it are meant as seen from its folder.
    ///
    /// # Errors
    /// When it can't be read, and when something in it is not an option of this command, or not what the option takes.
    pub fn read(path: &Path, root: &Command, of: Option<&str>) -> Result<Self, BadConfigFile> {
        let unreadable = |error| BadConfigFile::Unreadable {
            path: path.to_owned(),
            error,
        };
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(unreadable)?;
        file.take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        if bytes.len() as u64 > MAX_BYTES {
            let path = path.to_owned();
            return Err(BadConfigFile::TooLarge { path });
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut reader = Reader {
            root,
            of,
            folder,
            bare: without_variables(root.clone()),
        };
        let options = reader.options(&bytes);
        options
            .map(|options| Self { options })
            .map_err(|mistakes| BadConfigFile::Mistakes {
                path: path.to_owned(),
                mistakes,
            })
    }
}

/// Whose options are read.
struct Reader<'c> {
    root: &'c Command,
    of: Option<&'c str>,
    folder: &'c Path,
    /// The same without variables, by which arguments are tried.
    bare: Command,
}

impl Reader<'_> {
    fn options(&mut self, bytes: &[u8]) -> Result<Vec<FileOption>, Vec<Mistake>> {
        let line_of = |offset: usize| {
            let before = &bytes[..offset.min(bytes.len())];
            before.iter().filter(|byte| **byte == b'\n').count() + 1
        };
        let mistake = |offset, says| Mistake {
            line: line_of(offset),
            says,
        };
        let text = std::str::from_utf8(bytes)
            .map_err(|error| vec![mistake(error.valid_up_to(), "this is no UTF-8".into())])?;
        let table = DeTable::parse(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            vec![mistake(
                offset,
                format!("this is no TOML: {}", error.message()),
            )]
        })?;
        let (mut options, mut mistakes) = (Vec::new(), Vec::new());
        for (key, value) in table.into_inner() {
            let offset = key.span().start;
            let name = key.into_inner().into_owned();
            match self.arguments(&name, value.get_ref()) {
                Ok(arguments) => options.push(FileOption {
                    name,
                    line: line_of(offset),
                    arguments,
                }),
                Err(says) => mistakes.push(mistake(offset, format!("{name}: {says}"))),
            }
        }
        // The parser sorts them by name.
        options.sort_by_key(|option| option.line);
        mistakes.sort_by_key(|mistake| mistake.line);
        match mistakes.is_empty() {
            true => Ok(options),
            false => Err(mistakes),
        }
    }

    fn arguments(&mut self, name: &str, value: &DeValue<'_>) -> Result<Vec<OsString>, String> {
        if NOT_IN_FILES.contains(&name) {
            return Err("this is for the command line, and not for a file".into());
        }
        let command = match self.of {
            Some(of) => self.root.find_subcommand(of),
            None => Some(self.root),
        };
        let option = command.and_then(|command| option(command, name));
        let option = option.ok_or_else(|| self.unknown(name))?;
        if option.is_hide_set() {
            return Err("this is about the book, and `guidebook signaling` has none".into());
        }
        let arguments = self.in_form(option, name, value)?;
        for argument in &arguments {
            self.try_out(argument.clone())?;
        }
        Ok(arguments)
    }

    /// As arguments, whatever their values are.
    fn in_form(
        &self,
        option: &Arg,
        name: &str,
        value: &DeValue<'_>,
    ) -> Result<Vec<OsString>, String> {
        if !option.get_action().takes_values() {
            return match value {
                DeValue::Boolean(true) => Ok(vec![format!("--{name}").into()]),
                DeValue::Boolean(false) => Ok(Vec::new()),
                _ => Err("it must be true or false".into()),
            };
        }
        let values = match value {
            DeValue::Array(values) if matches!(option.get_action(), ArgAction::Append) => {
                let values = values.iter().map(|value| scalar(value.get_ref()));
                values.collect::<Result<Vec<_>, _>>()?
            }
            DeValue::Array(_) => return Err("it takes one value, and no list".into()),
            value => vec![scalar(value)?],
        };
        let is_path = option.get_value_hint() == ValueHint::AnyPath;
        let arguments = values.into_iter().map(|value| {
            let mut argument = OsString::from(format!("--{name}="));
            match is_path {
                true => argument.push(self.folder.join(value)),
                false => argument.push(value),
            }
            argument
        });
        Ok(arguments.collect())
    }

    /// Whether the command takes this argument. What else it needs, flags and variables may bring.
    fn try_out(&mut self, argument: OsString) -> Result<(), String> {
        let mut arguments = vec![OsString::from(self.root.get_name())];
        arguments.extend(self.of.map(OsString::from));
        arguments.push(argument);
        let Err(error) = self.bare.try_get_matches_from_mut(arguments) else {
            return Ok(());
        };
        match error.kind() {
            ErrorKind::MissingRequiredArgument | ErrorKind::ArgumentConflict => Ok(()),
            _ => Err(expected(&error)),
        }
    }

    fn unknown(&mut self, name: &str) -> String {
        let ours = self.of.map_or_else(String::new, |of| format!(" {of}"));
        let dashed = name.replace('_', "-");
        let services = [None, Some("workshop"), Some("signaling")];
        for service in services {
            let command = match service {
                Some(service) => self.root.find_subcommand(service),
                None => Some(self.root),
            };
            if command.is_some_and(|command| option(command, name).is_some()) {
                let service = service.unwrap_or_default();
                return format!(
                    "this is an option of `{}`, and not of `guidebook{ours}`",
                    format!("guidebook {service}").trim_end()
                );
            }
        }
        let mut command = vec!["guidebook".to_owned()];
        command.extend(self.of.map(str::to_owned));
        command.push(format!("--{dashed}"));
        let suggested = match self.bare.try_get_matches_from_mut(command) {
            // It is one with dashes.
            Ok(_) => Some(dashed),
            Err(error) if error.kind() != ErrorKind::UnknownArgument => Some(dashed),
            Err(error) => match error.get(ContextKind::SuggestedArg) {
                Some(ContextValue::String(flag)) => Some(flag.trim_start_matches('-').to_owned()),
                _ => None,
            },
        };
        let suggested = suggested.map_or_else(String::new, |flag| format!("; is it `{flag}`?"));
        format!("`guidebook{ours}` has no such option{suggested}")
    }
}

fn option<'c>(command: &'c Command, name: &str) -> Option<&'c Arg> {
    let mut options = command.get_arguments();
    options.find(|option| option.get_long() == Some(name))
}

/// As it would be written behind a flag.
fn scalar(value: &DeValue<'_>) -> Result<String, String> {
    let text = match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
        DeValue::Integer(_) => return Err("it must be written in decimal, or as text".into()),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(_) => return Err("it takes a value, and is no switch".into()),
        DeValue::Datetime(_) => return Err("it takes no date".into()),
        DeValue::Array(_) => return Err("a list in a list means nothing".into()),
        DeValue::Table(_) => return Err("options stand alone, in no table".into()),
    };
    match text.is_empty() {
        true => Err("it is empty; leave it out instead".into()),
        false => Ok(text),
    }
}

/// What the parser of a value wants, without what it got.
fn expected(error: &clap::Error) -> String {
    match error.source() {
        Some(why) => why.to_string(),
        None => "this is no value of this option".into(),
    }
}

fn without_variables(command: Command) -> Command {
    let command = command.mut_args(|argument| argument.env(None::<&'static str>));
    command.mut_subcommands(without_variables)
}
