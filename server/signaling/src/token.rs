//! A secret that the server hands out, and that is shown to it again as a proof: with the greeting of a connection, that an id is one's own; with
//! each page, that an iframe is the book's; with a line, that one may change it.
//!
//! May import: getrandom.

use std::fmt;
use std::str::FromStr;

/// How many bytes a token has.
pub const BYTES: usize = 16;

/// 128 random bits: nobody guesses them. As bytes they need no alignment, and every connection keeps two of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token([u8; BYTES]);

impl Token {
    /// A new one, or none if the operating system has no random bytes; then nobody can prove anything, and all else goes on.
    pub fn random() -> Option<Self> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// For another instance of the server, and nobody else. Without a token they are zeros.
    pub fn to_bytes(token: Option<Self>) -> [u8; BYTES] {
        token.map_or([0; BYTES], |token| token.0)
    }

    /// As another instance says it.
    pub fn of_bytes(bytes: [u8; BYTES]) -> Option<Self> {
        (bytes != [0; BYTES]).then_some(Self(bytes))
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl FromStr for Token {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(|bits| Self(bits.to_be_bytes()))
    }
}

/// It is a secret, and must not get into a log.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}
