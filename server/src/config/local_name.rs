//! The name of a workshop in its network.
//!
//! May import: clap.

use std::str::FromStr;

use clap::Args;
use clap::builder::FalseyValueParser;

/// Bytes of the longest label of a name ([RFC 1035, section 2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4)).
const MAX_LABEL: usize = 63;

/// What stands behind every such name ([RFC 6762, section 3](https://www.rfc-editor.org/rfc/rfc6762#section-3)).
const DOMAIN: &str = ".local";

/// Which name, if any.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct LocalName {
    /// Also be found at NAME.local, by devices that ask their network for such names
    /// (multicast DNS); the address works on all
    #[arg(
        long,
        env = "GUIDEBOOK_LOCAL_NAME",
        value_name = "NAME",
        default_value = "workshop"
    )]
    pub local_name: Label,

    /// Be found at the address alone, and answer nobody who asks for such names
    #[arg(long, env = "GUIDEBOOK_NO_MDNS", value_parser = FalseyValueParser::new())]
    pub no_mdns: bool,
}

/// What stands before the domain: letters, digits and hyphens, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label(String);

impl Label {
    /// Without the domain.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// With the domain, such as `workshop.local`.
    pub fn host(&self) -> String {
        format!("{}{DOMAIN}", self.0)
    }
}

impl FromStr for Label {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.trim().trim_end_matches('.').to_ascii_lowercase();
        let label = name.strip_suffix(DOMAIN).unwrap_or(&name);
        let is_label = (label.bytes()).all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-');
        match is_label && (1..=MAX_LABEL).contains(&label.len()) {
            true => Ok(Self(label.to_owned())),
            false => Err(format!(
                "it must be one word of the letters a to z, digits and hyphens, at most {MAX_LABEL} of them, such as workshop"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_name_is_one_word_with_its_domain_or_without() {
        for text in ["room-7", "Room-7", "room-7.local", " room-7.local. "] {
            let label: Label = text.parse().unwrap();
            assert_eq!(label.host(), "room-7.local", "{text}");
        }
        let long = "a".repeat(MAX_LABEL + 1);
        for text in [
            "",
            ".local",
            "a b",
            "a.b",
            "-a",
            "a-",
            "büro",
            "a.local.local",
            &*long,
        ] {
            assert!(text.parse::<Label>().is_err(), "{text}");
        }
    }
}
