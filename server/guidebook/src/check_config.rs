//! `guidebook check-config`: what a server would be started with, and what is wrong with it. Nothing is changed, bound or connected, so it can be
//! asked while the server runs.
//!
//! May import: server, anyhow.

use std::fmt::Display;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};
use server::access_token::key_set::KeySet;
use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::given::{BadOptions, Given};
use server::config::{CheckConfig, Command, Config, Listen, PublicUrl, Serving, Shown, Wifi};
use server::process::folders;
use server::tls::files::Files;

use crate::{NOBODY_CAN_OPEN_IT, no_filter, tls, wifi};

/// What is printed, and how the process ends.
pub(crate) struct Checked {
    pub(crate) says: String,
    pub(crate) is_good: bool,
}

/// Looks at the options first, and at the files only if those are good.
pub(crate) fn check(asked: &CheckConfig) -> Checked {
    match Given::to_check(asked) {
        Ok(given) => report(asked, given),
        Err(bad) => Checked {
            says: match bad {
                BadOptions::Usage(error) => format!("bad   {}\n", in_a_line(&error.to_string())),
                BadOptions::File(error) => {
                    let text = error.to_string();
                    let lines = text.lines().map(|line| format!("bad   {line}\n"));
                    lines.collect()
                }
            },
            is_good: false,
        },
    }
}

/// What clap says, without how to use it.
fn in_a_line(error: &str) -> String {
    let text = error.trim_start_matches("error: ");
    let text = text.split("\n\n").next().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn report(asked: &CheckConfig, given: Given) -> Checked {
    let file = asked.file.as_ref();
    let file = file.map_or_else(|| "No file".into(), |file| file.display().to_string());
    let command = asked.service.command();
    let command = command.map_or_else(|| "guidebook".into(), |name| format!("guidebook {name}"));
    let mut says = format!("{file}, for `{command}`\n\n");
    let settings = given.settings();
    let width_of = |text: fn(&server::config::given::settings::Setting) -> &str| {
        let widths = settings.iter().map(|setting| text(setting).chars().count());
        widths.max().unwrap_or(0)
    };
    let name_width = width_of(|setting| &setting.name);
    let value_width = width_of(|setting| &setting.value);
    for setting in &settings {
        let (name, value) = (&setting.name, &setting.value);
        says += &format!(
            "      {name:name_width$}  {value:value_width$}  {}\n",
            setting.origin
        );
    }
    says += match settings.is_empty() {
        true => "      All options have their defaults.\n\n",
        false => "      All other options have their defaults.\n\n",
    };
    let mut is_good = true;
    for (of_what, outcome) in Looked::at(given.config) {
        says += &match outcome {
            Ok(found) => format!("good  {of_what}: {found}\n"),
            Err(error) => {
                is_good = false;
                format!("bad   {of_what}: {error:#}\n")
            }
        };
    }
    Checked { says, is_good }
}

/// What was found of an option.
type Finding = (&'static str, Result<String>);

#[derive(Default)]
struct Looked(Vec<Finding>);

impl Looked {
    fn at(config: Config) -> Vec<Finding> {
        let mut looked = Self::default();
        match config.command {
            Some(Command::Workshop(workshop)) => {
                looked.at_workshop(
                    &workshop.serving,
                    workshop.public_url.as_ref(),
                    &workshop.wifi,
                );
                looked.at_serving(&workshop.serving, Some(&workshop.shown));
            }
            Some(Command::Signaling(signaling)) => looked.at_serving(&signaling.serving, None),
            _ => looked.at_serving(&config.serving, Some(&config.shown)),
        }
        looked.0
    }

    fn add(&mut self, of_what: &'static str, found: Result<impl Display>) {
        self.0.push((of_what, found.map(|found| found.to_string())));
    }

    fn at_serving(&mut self, serving: &Serving, shown: Option<&Shown>) {
        let filter = server::log::check(&serving.log);
        self.add(
            "log",
            filter
                .map(|()| "a filter")
                .with_context(|| no_filter(&serving.log)),
        );
        if let Listen::Unix(path) = &serving.listen {
            self.add("listen", folder_of(path).map(|()| "its folder is there"));
        }
        if let (Some(cert), Some(key)) = (&serving.tls.cert, &serving.tls.key) {
            let (cert, key) = (cert.clone(), key.clone());
            let until = Files { cert, key }.good_until(SystemTime::now());
            let found = until.map(|until| format!("a certificate with its key, until {until}"));
            let found = found.map_err(Into::into);
            self.add("cert", found);
        }
        if serving.tls.tls {
            let folder = folders::config().context(tls::NO_FOLDER);
            let found =
                folder.map(|folder| format!("the authority is kept in {}", folder.display()));
            self.add("tls", found);
        }
        if let Some(path) = &serving.settings.access.access_key {
            let keys = KeySet::open(path).map_err(Into::into);
            self.add("access-key", keys.map(|keys| counted(keys.count())));
        }
        if let Some(path) = &serving.settings.cluster.cluster_key {
            let count = server::cluster::check_keys(path).map_err(Into::into);
            self.add("cluster-key", count.map(counted));
        }
        if let Some(path) = &serving.settings.cluster.cluster_ca {
            let counted = server::cluster::check_authorities(path).map_err(Into::into);
            let found = counted.map(|count| match count {
                1 => "1 authority".to_owned(),
                count => format!("{count} authorities"),
            });
            self.add("cluster-ca", found);
        }
        self.at_book(serving, shown);
    }

    /// It is rendered, as what is wrong in a chapter keeps a server from its start. The program's own book is good, and has names that a base path
    /// may not begin with.
    fn at_book(&mut self, serving: &Serving, shown: Option<&Shown>) {
        let max_bytes = serving.settings.limits.max_book_bytes;
        let source = match shown.map(|shown| shown.book.clone()) {
            None => Source::Library,
            Some(None) => Source::Embedded,
            Some(Some(folder)) => Source::Checkout { folder, max_bytes },
        };
        let is_named = matches!(source, Source::Checkout { .. });
        let base_path = &serving.settings.proxy.base_path;
        let has_base_path = base_path.first_name().is_some();
        if !is_named && !has_base_path {
            return;
        }
        let book = match LiveBook::open(source) {
            Ok(book) => book,
            Err(error) => return self.add("book", Err::<String, _>(error.into())),
        };
        if is_named {
            self.add("book", Ok(format!("{:?}", book.current().title())));
        }
        if has_base_path {
            let free = server::check_base_path(&book, base_path);
            let found = free.map(|()| "free for the server").map_err(Into::into);
            self.add("base-path", found);
        }
    }

    fn at_workshop(&mut self, serving: &Serving, public_url: Option<&PublicUrl>, wifi: &Wifi) {
        if matches!(serving.listen, Listen::Unix(_)) && public_url.is_none() {
            self.add(
                "public-url",
                Err::<String, _>(anyhow::anyhow!(NOBODY_CAN_OPEN_IT)),
            );
        }
        if let Some(path) = &wifi.wifi_password_file {
            let found = wifi::in_file(path).map(|_| "a password");
            self.add("wifi-password-file", found);
        }
        if let Some(folder) = &serving.settings.admin.state_dir {
            self.add("state-dir", can_be_folder(folder));
        }
    }
}

fn counted(keys: usize) -> String {
    match keys {
        1 => "1 key".to_owned(),
        count => format!("{count} keys"),
    }
}

fn folder_of(path: &Path) -> Result<()> {
    match path.parent() {
        Some(folder) if folder.is_dir() => Ok(()),
        _ => bail!("{} is in no folder that exists", path.display()),
    }
}

/// The server makes it, with the folders above it.
fn can_be_folder(folder: &Path) -> Result<&'static str> {
    match folder.ancestors().find(|above| above.exists()) {
        Some(above) if !above.is_dir() => bail!("{} is no folder", above.display()),
        Some(above) if above == folder => Ok("a folder"),
        _ => Ok("a folder that will be made"),
    }
}
