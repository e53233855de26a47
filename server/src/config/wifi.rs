//! The Wi-Fi of a workshop.
//!
//! May import: workshop, clap.

use std::path::PathBuf;

use clap::Args;
use clap::builder::FalseyValueParser;

use crate::workshop::wifi::Ssid;

/// Which Wi-Fi a code joins. The password is asked for or read from a file: a flag would show it in the list of processes, and in the shell's history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Wifi {
    /// Show a QR code that joins this Wi-Fi. Its password is asked for, and is in
    /// the code: whoever sees the page Join or this terminal can read it
    #[arg(long, env = "GUIDEBOOK_WIFI", value_name = "SSID")]
    pub wifi: Option<Ssid>,

    /// Read the password of the Wi-Fi from the first line of this file
    #[arg(
        long,
        env = "GUIDEBOOK_WIFI_PASSWORD_FILE",
        value_name = "PATH",
        requires = "wifi"
    )]
    pub wifi_password_file: Option<PathBuf>,

    /// The Wi-Fi has no password
    #[arg(
        long,
        env = "GUIDEBOOK_WIFI_OPEN",
        value_parser = FalseyValueParser::new(),
        requires = "wifi",
        conflicts_with = "wifi_password_file"
    )]
    pub wifi_open: bool,
}
