//! Credentials that a server gives away without keeping them
//! ([draft-uberti-behave-turn-rest](https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00#section-2.2); coturn calls it
//! `use-auth-secret`): the name says until when they are good and for whom, and the password is a hash of the name with a secret.
//!
//! May import: secret, base64, hmac, sha1, thiserror.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha1::Sha1;

use super::secret::keyed;

/// Characters of a session's id at most.
pub const MAX_SESSION: usize = 64;

/// Gives credentials away, and knows them again.
#[derive(Clone)]
pub struct Issuer {
    /// The hash, with the secret in it already.
    keyed: Hmac<Sha1>,
    /// How long credentials are good.
    lifetime: Duration,
}

/// What an `RTCIceServer` wants.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `expiry:session`, the expiry in seconds since 1970.
    pub username: String,
    /// The hash of it.
    pub password: String,
}

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<'n> {
    /// Whose it is.
    pub session: &'n str,
    /// Until when, since 1970.
    pub expires: Duration,
}

/// Why credentials are no good. Whoever shows them is told no more than that they are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not `expiry:session`.
    #[error("the name is none that this server gives away")]
    Name,
    /// Its time is over.
    #[error("the credentials have expired")]
    Expired,
    /// It was made with another secret, or guessed.
    #[error("the password does not belong to the name")]
    Password,
}

impl Issuer {
    /// By a secret that nobody else knows. Credentials are good for so long.
    pub fn new(secret: [u8; 32], lifetime: Duration) -> Self {
        Self {
            keyed: keyed(secret),
            lifetime,
        }
    }

    /// Credentials of a session, from now on, since 1970. A name has whole seconds: those that have begun count, as nobody is given less than is
    /// promised.
    ///
    /// # Errors
    /// When the id has other characters than letters, digits, `-` and `_`, none, or more than [`MAX_SESSION`].
    pub fn issue(&self, now: Duration, session: &str) -> Result<Credentials, Refused> {
        if !is_session(session) {
            return Err(Refused::Name);
        }
        let expires = now + self.lifetime;
        let seconds = expires.as_secs() + u64::from(expires.subsec_nanos() > 0);
        let username = format!("{seconds}:{session}");
        let password = self.password(&username);
        Ok(Credentials { username, password })
    }

    /// What a name says, if its time is not over. A server that gets only a MESSAGE-INTEGRITY made with the password goes on with
    /// [`password`](Self::password).
    ///
    /// # Errors
    /// Why it is no good.
    pub fn claim<'n>(&self, now: Duration, username: &'n str) -> Result<Claim<'n>, Refused> {
        let (expiry, session) = username.split_once(':').ok_or(Refused::Name)?;
        let is_number = !expiry.is_empty() && expiry.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || !is_session(session) {
            return Err(Refused::Name);
        }
        let expires = Duration::from_secs(expiry.parse().map_err(|_| Refused::Name)?);
        if expires <= now {
            return Err(Refused::Expired);
        }
        Ok(Claim { session, expires })
    }

    /// The password of a name.
    pub fn password(&self, username: &str) -> String {
        STANDARD.encode(self.hash(username).finalize().into_bytes())
    }

    /// The same with the password, which is compared in constant time.
    ///
    /// # Errors
    /// Why they are no good.
    pub fn verify<'n>(
        &self,
        now: Duration,
        username: &'n str,
        password: &str,
    ) -> Result<Claim<'n>, Refused> {
        let claim = self.claim(now, username)?;
        let shown = STANDARD.decode(password).map_err(|_| Refused::Password)?;
        self.hash(username)
            .verify_slice(&shown)
            .map_err(|_| Refused::Password)?;
        Ok(claim)
    }

    fn hash(&self, username: &str) -> Hmac<Sha1> {
        self.keyed.clone().chain_update(username)
    }
}

fn is_session(id: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=MAX_SESSION).contains(&id.len()) && id.bytes().all(is_allowed)
}
