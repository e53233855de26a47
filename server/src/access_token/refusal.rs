//! Why a token opens nothing, in words for who has shown it. No part of the token is repeated: these words get into logs and onto screens.
//!
//! May import: bounds, thiserror.

use super::bounds::{MAX_LIFETIME, MAX_LIFETIME_IN_QUERY, MAX_TOKEN_BYTES};

/// Why nobody is let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// None came.
    #[error(
        "This server lets nobody in without an access token, and none came. Give the client its option `token`; `guidebook token` makes a token \
         for trying."
    )]
    Missing,
    /// It is no token.
    #[error("The access token is malformed: {0}.")]
    Malformed(&'static str),
    /// It is longer than any token that says what there is to say.
    #[error("The access token has more than {MAX_TOKEN_BYTES} bytes.")]
    TooLarge,
    /// No key has this name.
    #[error(
        "The access token names a key (`kid`) that this server does not have, or has no more. Get a new token."
    )]
    UnknownKey,
    /// Its head names another algorithm than its key has.
    #[error(
        "The access token says that it was signed by another algorithm (`alg`) than its key has."
    )]
    WrongAlgorithm,
    /// Its key has not signed it.
    #[error("The signature of the access token is wrong: its key has not signed what it says.")]
    BadSignature,
    /// Its time is over.
    #[error(
        "The access token, or the session that it is for, ended {seconds} s ago (`exp`, `until`). Get a new one."
    )]
    Expired {
        /// How long ago.
        seconds: u64,
    },
    /// Its time has not begun.
    #[error(
        "The access token is good in {seconds} s (`nbf`), and not before. Are the clocks right?"
    )]
    NotYet {
        /// In which time.
        seconds: u64,
    },
    /// Whoever finds it could use it for too long.
    #[error(
        "The access token may be used for {seconds} s more (`exp`), and at most {} s are allowed.",
        MAX_LIFETIME.as_secs()
    )]
    LivesTooLong {
        /// How long.
        seconds: u64,
    },
    /// It stands in an address, which logs and histories show.
    #[error(
        "The access token in the query of the address may be used for {seconds} s more (`exp`), and there at most {} s are allowed. Make it end \
         sooner (`until` says how long its session lasts), or give it by the client's option `token`.",
        MAX_LIFETIME_IN_QUERY.as_secs()
    )]
    LivesTooLongForQuery {
        /// How long.
        seconds: u64,
    },
    /// It does not say that its bearer may invite.
    #[error("The access token does not let you invite anybody (`mayInvite`).")]
    MayNotInvite,
    /// It is for other rooms.
    #[error("The access token is not for this room (`room`).")]
    OtherRoom,
}

impl Refusal {
    /// A stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "token-missing",
            Self::Malformed(_) | Self::TooLarge => "token-malformed",
            Self::UnknownKey => "token-key-unknown",
            Self::WrongAlgorithm => "token-algorithm",
            Self::BadSignature => "token-signature",
            Self::Expired { .. } => "token-expired",
            Self::NotYet { .. } => "token-not-yet",
            Self::LivesTooLong { .. } | Self::LivesTooLongForQuery { .. } => "token-lives-too-long",
            Self::MayNotInvite => "token-may-not-invite",
            Self::OtherRoom => "token-other-room",
        }
    }

    /// Whether another token would be needed to ask at all, and not one that allows more.
    pub fn is_of_the_token(&self) -> bool {
        !matches!(self, Self::MayNotInvite | Self::OtherRoom)
    }
}
