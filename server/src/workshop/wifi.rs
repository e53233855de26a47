//! The Wi-Fi that everybody joins, and the QR code that joins it, in the form that
//! [ZXing documents](https://github.com/zxing/zxing/wiki/Barcode-Contents#wi-fi-network-config-android-ios-11) and cameras of phones read.
//!
//! The password is in the code, for everybody to scan, and nowhere else: no text, no log and no debug output has it.
//!
//! May import: code, qrcode, thiserror.

use std::fmt;
use std::str::FromStr;

use qrcode::types::QrError;

use super::code::Code;

/// Bytes of the longest name of a Wi-Fi (IEEE 802.11, section 9.4.2.2).
pub const MAX_SSID_BYTES: usize = 32;

/// Characters of a password of WPA: with fewer or more it is none (IEEE 802.11, annex J.4).
const MIN_PASSWORD: usize = 8;
const MAX_PASSWORD: usize = 63;

/// Digits of the key that may stand in its place.
const KEY_DIGITS: usize = 64;

/// The name of a Wi-Fi.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ssid(String);

/// Why a text is no name of a Wi-Fi.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSsid {
    /// It is empty or too long.
    #[error(
        "the name of a Wi-Fi has 1 to {MAX_SSID_BYTES} bytes, and this one has {0}; write it as the list of networks on a phone shows it"
    )]
    Length(usize),
    /// It has line breaks or other control characters.
    #[error(
        "the name has a character that can't be shown, such as a line break; write it as the list of networks on a phone shows it"
    )]
    Control,
}

impl FromStr for Ssid {
    type Err = NoSsid;

    fn from_str(text: &str) -> Result<Self, NoSsid> {
        if text.is_empty() || text.len() > MAX_SSID_BYTES {
            return Err(NoSsid::Length(text.len()));
        }
        if text.chars().any(char::is_control) {
            return Err(NoSsid::Control);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Ssid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The password of a Wi-Fi with WPA, WPA2 or WPA3.
pub struct Password(String);

/// Why a text is no password of a Wi-Fi. It says nothing of what the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPassword {
    /// There is none.
    #[error("there is no password; if the Wi-Fi has none, start with --wifi-open")]
    Empty,
    /// It is too short or too long.
    #[error(
        "the password of a Wi-Fi has {MIN_PASSWORD} to {MAX_PASSWORD} characters, or is a key of {KEY_DIGITS} hexadecimal digits, and this one \
         has {0} characters; look it up on the access point"
    )]
    Length(usize),
    /// It has characters that a password of WPA can't have.
    #[error(
        "the password has a character that is not in ASCII, or one that can't be shown; WPA has none of these: look it up on the access point"
    )]
    Character,
}

impl FromStr for Password {
    type Err = NoPassword;

    fn from_str(text: &str) -> Result<Self, NoPassword> {
        let length = text.chars().count();
        let is_key = length == KEY_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if text.is_empty() {
            Err(NoPassword::Empty)
        } else if !is_key && !(MIN_PASSWORD..=MAX_PASSWORD).contains(&length) {
            Err(NoPassword::Length(length))
        } else if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            Err(NoPassword::Character)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// A Wi-Fi that a code joins.
#[derive(Clone, PartialEq, Eq)]
pub struct Wifi {
    ssid: Ssid,
    code: Code,
}

impl Wifi {
    /// With this password, or with none. Fails if both together are too long for a code, which they are not.
    pub fn new(ssid: Ssid, password: Option<&Password>) -> Result<Self, QrError> {
        let name = escaped(&ssid.0);
        // A name of hexadecimal digits is left without the quotes that ZXing suggests for it: a reader that does not know of them takes them
        // as a part of the name.
        let code = Code::of(&match password {
            Some(Password(password)) => format!("WIFI:T:WPA;S:{name};P:{};;", escaped(password)),
            None => format!("WIFI:T:nopass;S:{name};;"),
        })?;
        Ok(Self { ssid, code })
    }

    /// Its name.
    pub fn ssid(&self) -> &Ssid {
        &self.ssid
    }

    /// What a phone scans to join it.
    pub fn code(&self) -> &Code {
        &self.code
    }
}

/// The code is left out: whoever draws it has the password.
impl fmt::Debug for Wifi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut wifi = f.debug_struct("Wifi");
        wifi.field("ssid", &self.ssid).finish_non_exhaustive()
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | ';' | ',' | ':' | '"') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const PASSWORD: &str = "correct horse";

    #[test]
    fn a_name_has_1_to_32_bytes_that_can_be_shown() {
        for name in ["a", "Guests; upstairs", "Café", &"x".repeat(32)] {
            assert_eq!(name.parse::<Ssid>().unwrap().to_string(), name);
        }
        for (name, error) in [
            (String::new(), NoSsid::Length(0)),
            ("x".repeat(33), NoSsid::Length(33)),
            ("é".repeat(17), NoSsid::Length(34)),
            ("a\nb".to_owned(), NoSsid::Control),
            ("\x1b[2J".to_owned(), NoSsid::Control),
        ] {
            assert_eq!(name.parse::<Ssid>(), Err(error), "{name:?}");
        }
    }

    #[test]
    fn a_password_has_8_to_63_characters_of_ascii_or_is_a_key_of_64_digits() {
        let taken = ["x".repeat(8), "~ ".repeat(31) + "x", "0aF9".repeat(16)];
        for password in &taken {
            assert!(password.parse::<Password>().is_ok(), "{password}");
        }
        let refused = [
            (String::new(), NoPassword::Empty),
            ("x".repeat(7), NoPassword::Length(7)),
            ("x".repeat(64), NoPassword::Length(64)),
            ("0".repeat(65), NoPassword::Length(65)),
            ("über-acht".to_owned(), NoPassword::Character),
            ("a tab\there".to_owned(), NoPassword::Character),
        ];
        for (password, error) in refused {
            let refused = password.parse::<Password>().unwrap_err();
            assert_eq!(refused, error, "{password}");
        }
    }

    #[test]
    fn errors_say_what_to_do() {
        let error = "short".parse::<Password>().unwrap_err().to_string();
        assert!(
            error.contains("8 to 63 characters") && error.contains("access point"),
            "{error}"
        );
        assert!(!error.contains("short"), "{error}");
        let error = "".parse::<Password>().unwrap_err().to_string();
        assert!(error.contains("--wifi-open"), "{error}");
        let error = "".parse::<Ssid>().unwrap_err().to_string();
        assert!(error.contains("1 to 32 bytes"), "{error}");
    }

    #[test]
    fn what_has_a_meaning_in_the_code_is_escaped() {
        assert_eq!(escaped(r#"a\b;c,d:e"f g"#), r#"a\\b\;c\,d\:e\"f g"#);
    }

    #[test]
    fn debug_output_has_neither_the_password_nor_the_code_of_it() {
        let password: Password = PASSWORD.parse().unwrap();
        let wifi = Wifi::new("Guests".parse().unwrap(), Some(&password)).unwrap();
        assert_eq!(format!("{password:?}"), "Password(..)");
        assert_eq!(format!("{wifi:?}"), "Wifi { ssid: Ssid(\"Guests\"), .. }");
    }
}
