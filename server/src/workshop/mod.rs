//! A workshop: the address that its host gives to everybody.
//!
//! # Layout
//! - [`code`]: the QR code of an address
//! - [`wifi`]: the Wi-Fi that everybody joins, and the code that joins it
//! - [`block`]: what stays in the last rows of a terminal
//! - [`welcome`]: what the terminal says when a workshop begins
//!
//! May import: qrcode, thiserror.

pub mod block;
pub mod code;
pub mod welcome;
pub mod wifi;

use qrcode::types::QrError;

use code::Code;
use wifi::Wifi;

/// Bytes of the longest address. The code of a longer one has modules so small that a phone does not read it off a projector.
pub const MAX_URL_BYTES: usize = 200;

/// A workshop, as everybody in the room finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workshop {
    url: String,
    code: Code,
    wifi: Option<Wifi>,
}

impl Workshop {
    /// At this address. Fails if the address is far longer than [`MAX_URL_BYTES`], and has no code.
    pub fn at(url: String) -> Result<Self, QrError> {
        let code = Code::of(&url)?;
        Ok(Self {
            url,
            code,
            wifi: None,
        })
    }

    /// The same in this Wi-Fi, which everybody is helped to join.
    #[must_use]
    pub fn in_wifi(self, wifi: Option<Wifi>) -> Self {
        Self { wifi, ..self }
    }

    /// The address that everybody opens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same for cameras.
    pub fn code(&self) -> &Code {
        &self.code
    }

    /// The Wi-Fi that everybody joins, if the host has named it.
    pub fn wifi(&self) -> Option<&Wifi> {
        self.wifi.as_ref()
    }

    /// The code of a place in the book: what stands behind the address. Fails if both together are too long for a code.
    pub fn code_of(&self, place: &str) -> Result<Code, QrError> {
        Code::of(&format!("{}{place}", self.url))
    }
}
