//! The ICE credentials of a side, as its descriptions say them: those of the last few, since a restart brings new ones while the old ones
//! are still in use.
//!
//! May import: network, serde, thiserror.

use std::collections::VecDeque;
use std::fmt;

use network::packet::{Key, sender_of_check};
use serde::Deserialize;

/// Credentials of one side that count at once. The first give way to the next.
pub(super) const MAX_KEPT: usize = 4;

/// What a description says about ICE ([RFC 8839, section 5.4](https://www.rfc-editor.org/rfc/rfc8839#section-5.4)).
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Said")]
pub struct Credentials {
    ufrag: String,
    password: String,
}

/// The same before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    ufrag: String,
    password: String,
}

/// Why credentials are refused.
#[derive(Debug, thiserror::Error)]
#[error("{name} must have {least} to 256 characters, each a letter, a digit, \"+\" or \"/\"")]
pub struct Malformed {
    name: &'static str,
    least: usize,
}

impl TryFrom<Said> for Credentials {
    type Error = Malformed;

    fn try_from(Said { ufrag, password }: Said) -> Result<Self, Malformed> {
        checked("ufrag", &ufrag, 4)?;
        checked("password", &password, 22)?;
        Ok(Self { ufrag, password })
    }
}

impl Credentials {
    pub(super) fn password(&self) -> &[u8] {
        self.password.as_bytes()
    }
}

/// The password is a secret, and must not get into a log.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.ufrag)
    }
}

fn checked(name: &'static str, value: &str, least: usize) -> Result<(), Malformed> {
    let is_ice_char = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    match (least..=256).contains(&value.len()) && value.bytes().all(is_ice_char) {
        true => Ok(()),
        false => Err(Malformed { name, least }),
    }
}

/// How often the credentials of a side had changed when some of them were told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Generation(u64);

/// Those of a side that count, the last to be told last.
#[derive(Debug, Default)]
pub(super) struct Told {
    kept: VecDeque<(Generation, Credentials)>,
    count: u64,
}

impl Told {
    /// Adds credentials, unless they were told already.
    pub(super) fn add(&mut self, credentials: &Credentials) {
        if self.kept.iter().any(|(_, kept)| kept == credentials) {
            return;
        }
        if self.kept.len() == MAX_KEPT {
            self.kept.pop_front();
        }
        self.count += 1;
        let generation = Generation(self.count);
        self.kept.push_back((generation, credentials.clone()));
    }

    /// Which of them a check was made with; none if it is no check of somebody who knows one.
    pub(super) fn verify(&self, packet: &[u8]) -> Option<Generation> {
        self.kept.iter().rev().find_map(|(generation, kept)| {
            let key = Key {
                of: &kept.ufrag,
                secret: kept.password(),
            };
            sender_of_check(packet, &[key]).map(|_| *generation)
        })
    }

    /// The last that were told.
    pub(super) fn newest(&self) -> Option<Generation> {
        self.kept.back().map(|(generation, _)| *generation)
    }

    /// All that count.
    pub(super) fn kept(&self) -> impl Iterator<Item = &Credentials> {
        self.kept.iter().map(|(_, kept)| kept)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn credentials(ufrag: &str, password: &str) -> Result<Credentials, Malformed> {
        let [ufrag, password] = [ufrag, password].map(str::to_owned);
        Said { ufrag, password }.try_into()
    }

    #[test]
    fn what_no_description_may_say_is_refused() {
        let good = "a".repeat(22);
        assert!(credentials("ab+/", &good).is_ok());
        for (ufrag, password) in [
            ("abc", good.as_str()),
            ("ab c", &good),
            ("abcd", &good[1..]),
            ("abcd", &"a".repeat(257)),
        ] {
            assert!(credentials(ufrag, password).is_err(), "{ufrag} {password}");
        }
    }

    #[test]
    fn only_the_last_few_count_and_what_is_told_again_is_nothing_new() {
        let mut told = Told::default();
        let of = |number: usize| credentials("abcd", &format!("{number:022}")).unwrap();
        for number in [1, 1, 2, 3, 4, 5, 5] {
            told.add(&of(number));
        }
        assert_eq!(told.newest(), Some(Generation(5)));
        assert_eq!(told.kept().count(), MAX_KEPT);
        assert!(told.kept().all(|kept| *kept != of(1)));
    }
}
