//! The keys of a running server: those of a file, read again when it changes, and one of its own for its own guests.
//!
//! May import: bounds, claims, key, key_set, refusal, room_pattern, token_text, file_watch, secret, thiserror, tokio, tracing.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tracing::{info, warn};

use super::bounds::{MAX_LIFETIME, MAX_LIFETIME_IN_QUERY};
use super::claims::{Carrier, Claims};
use super::key::{Key, MIN_SECRET_BYTES};
use super::key_set::{BadKeyFile, KeySet, OWN_KID};
use super::refusal::Refusal;
use super::room_pattern::RoomPattern;
use super::token_text::Shown;
use crate::file_watch::{self, Looks, Stamp, Watch};
use crate::secret::{NoRandomBytes, Secret};

/// What a token proves.
#[derive(Debug, Clone)]
pub struct Grant {
    /// What its bearer may do.
    pub claims: Claims,
    /// The key that says so.
    pub key: Arc<Key>,
}

/// The keys of a server. Whoever shows a token of one of them is let in.
#[derive(Debug)]
pub struct Keys {
    /// A std lock, held for a line.
    named: RwLock<Arc<KeySet>>,
    own: Arc<Key>,
    /// How often those of the file have changed.
    changes: watch::Sender<u64>,
}

/// Why a server has no keys.
#[derive(Debug, thiserror::Error)]
pub enum NoKeys {
    /// Those of the file.
    #[error(transparent)]
    BadFile(#[from] BadKeyFile),
    /// Its own.
    #[error("The server needs a key of its own for its guests: {0}. Start it again.")]
    NoRandomBytes(#[from] NoRandomBytes),
}

impl Keys {
    /// Those of a file, which is looked at every so often, until the watch is dropped. If it can't be used when it has changed, the former keys
    /// stay, and the log says why.
    ///
    /// # Errors
    /// When the file can't be used.
    pub fn open(path: PathBuf, every: Duration) -> Result<(Arc<Self>, Watch), NoKeys> {
        // Before it is read, so that no change is missed.
        let looks = Looks::new(Stamp::of(&path));
        let keys = Arc::new(Self::of(KeySet::open(&path)?)?);
        let ours = Arc::clone(&keys);
        let looking = async move {
            let now = || Stamp::of(&path);
            let read = || KeySet::open(&path);
            file_watch::follow(every, looks, now, read, |read| match read {
                Ok(named) => {
                    ours.replace(named);
                    info!(path = %path.display(), "Access tokens are checked by the new keys");
                }
                Err(error) => {
                    warn!(%error, "The keys of access tokens have changed, and can't be used; the former ones stay. {error}");
                }
            })
            .await;
        };
        Ok((keys, Watch::of(looking)))
    }

    /// These, and one of its own.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn of(named: KeySet) -> Result<Self, NoRandomBytes> {
        let secret = Secret::<MIN_SECRET_BYTES>::random()?;
        let own = Key::hs256(OWN_KID, secret.bytes()).expect("the secret is long enough");
        Ok(Self {
            named: RwLock::new(Arc::new(named)),
            own: Arc::new(own),
            changes: watch::Sender::new(0),
        })
    }

    /// What a token proves.
    ///
    /// # Errors
    /// When it proves nothing.
    pub fn check(&self, token: &str, carrier: Carrier, now: SystemTime) -> Result<Grant, Refusal> {
        let shown = Shown::read(token)?;
        let key = self.find(&shown.kid).ok_or(Refusal::UnknownKey)?;
        key.verify(&shown)?;
        let claims = Claims::read(&shown.claims()?, carrier, now)?;
        Ok(Grant { claims, key })
    }

    /// A token for a guest of the server itself, which enters the room that it is invited to, and stays no longer than a day.
    pub fn own_token(&self, now: SystemTime) -> Option<String> {
        self.own.sign(&Claims {
            room: RoomPattern::every(),
            id: None,
            may_invite: false,
            exp: now + MAX_LIFETIME_IN_QUERY,
            until: now + MAX_LIFETIME,
        })
    }

    /// The key of this [thumbprint](Key::thumbprint), if it is in the file still.
    pub fn by_thumbprint(&self, thumbprint: &str) -> Option<Arc<Key>> {
        let named = Arc::clone(&self.named.read().unwrap_or_else(PoisonError::into_inner));
        named.by_thumbprint(thumbprint).cloned()
    }

    /// Whether tokens of this key are still good.
    pub fn has(&self, key: &Key) -> bool {
        self.find(key.kid()).is_some_and(|found| found.is(key))
    }

    /// Hears whenever the keys of the file are others.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Others take the place of those of the file: what the former ones have signed is good no more.
    pub fn replace(&self, named: KeySet) {
        // Nothing in here can panic half-way.
        *self.named.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(named);
        self.changes.send_modify(|count| *count += 1);
    }

    fn find(&self, kid: &str) -> Option<Arc<Key>> {
        if kid == OWN_KID {
            return Some(Arc::clone(&self.own));
        }
        let named = Arc::clone(&self.named.read().unwrap_or_else(PoisonError::into_inner));
        named.get(kid).cloned()
    }
}
