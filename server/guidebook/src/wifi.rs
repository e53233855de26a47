//! The Wi-Fi of a workshop, with its password from where the host has it.
//!
//! May import: server, anyhow.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use anyhow::{Context, Result};
use server::config;
use server::terminal::password;
use server::workshop::wifi::{Password, Wifi};

/// Bytes of the first line of a file, at most: far more than any password has.
const MAX_LINE_BYTES: u64 = 1024;

const NOBODY_TO_ASK: &str = "The password of the Wi-Fi can't be asked for; put it into a file, and start with --wifi-password-file and the \
    file's name, or with --wifi-open if the Wi-Fi has none";

/// What has become of the question.
pub(crate) enum Answer {
    /// The Wi-Fi, if the host has named one.
    Wifi(Option<Wifi>),
    /// The host has stopped the program.
    Stopped,
}

/// Asks for the password if it has to.
pub(crate) async fn of(flags: config::Wifi, stopped: impl Future<Output = ()>) -> Result<Answer> {
    let Some(ssid) = flags.wifi else {
        return Ok(Answer::Wifi(None));
    };
    let password = if flags.wifi_open {
        None
    } else if let Some(path) = &flags.wifi_password_file {
        Some(in_file(path)?)
    } else {
        let question =
            format!("Password of the Wi-Fi {ssid} (everybody in the room will see it): ");
        let answer = password::ask(&question, stopped).await;
        match answer.context(NOBODY_TO_ASK)? {
            Some(answer) => Some(answer.parse()?),
            None => return Ok(Answer::Stopped),
        }
    };
    let wifi = Wifi::new(ssid, password.as_ref()).context("The Wi-Fi has no QR code")?;
    Ok(Answer::Wifi(Some(wifi)))
}

/// The password in a file.
pub(crate) fn in_file(path: &Path) -> Result<Password> {
    let context = || {
        format!(
            "{} has no password of a Wi-Fi in its first line",
            path.display()
        )
    };
    first_line(path).with_context(context)
}

fn first_line(path: &Path) -> Result<Password> {
    let mut line = String::new();
    BufReader::new(File::open(path)?.take(MAX_LINE_BYTES)).read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).parse()?)
}
