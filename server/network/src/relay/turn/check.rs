//! Who sends a request: whether its credentials are good, and its sender may use them
//! ([RFC 8489, section 9.2.4](https://www.rfc-editor.org/rfc/rfc8489#section-9.2.4)).
//!
//! May import: five_tuple, known, message, turn.

use std::time::Duration;

use md5::{Digest, Md5};

use super::{Ports, REALM, Turn};
use crate::relay::five_tuple::FiveTuple;
use crate::relay::known::Session;
use crate::relay::message::Message;

/// Why a request is answered with an error before it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It has no credentials, or they are no good, or they are another's.
    Unauthorized,
    /// It has a part of what belongs to credentials.
    Incomplete,
    /// Its nonce is another's, or too old.
    StaleNonce,
}

impl Refusal {
    pub(super) fn code(self) -> u16 {
        match self {
            Self::Unauthorized => 401,
            Self::Incomplete => 400,
            Self::StaleNonce => 438,
        }
    }

    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Unauthorized => "Unauthorized",
            Self::Incomplete => "Bad Request",
            Self::StaleNonce => "Stale Nonce",
        }
    }

    /// Whether the client is told how to do better.
    pub(super) fn is_challenge(self) -> bool {
        self != Self::Incomplete
    }
}

/// Who sent a request.
pub(super) struct Identity<'m> {
    pub(super) session: Session,
    pub(super) username: &'m str,
    /// What it signs with, and its answers are signed with.
    pub(super) key: [u8; 16],
}

impl<P: Ports> Turn<P> {
    pub(super) fn identify<'m>(
        &self,
        now: Duration,
        client: FiveTuple,
        request: &Message<'m>,
    ) -> Result<Identity<'m>, Refusal> {
        if !request.is_signed() {
            return Err(Refusal::Unauthorized);
        }
        let (Some(username), Some(realm), Some(nonce)) =
            (request.username, request.realm, request.nonce)
        else {
            return Err(Refusal::Incomplete);
        };
        if !self.nonces.is_good(now, client.address, nonce) {
            return Err(Refusal::StaleNonce);
        }
        let allocation = self.allocations.get(&client);
        let own = allocation.filter(|allocation| *allocation.username == *username);
        let identity = match own {
            // A call may last longer than the credentials that it began with.
            Some(allocation) => Identity {
                session: allocation.session,
                username,
                key: allocation.key,
            },
            None => self
                .claimed(now, client, username)
                .ok_or(Refusal::Unauthorized)?,
        };
        match realm == REALM.as_bytes() && request.is_signed_with(&identity.key) {
            true => Ok(identity),
            false => Err(Refusal::Unauthorized),
        }
    }

    fn claimed<'m>(
        &self,
        now: Duration,
        client: FiveTuple,
        username: &'m str,
    ) -> Option<Identity<'m>> {
        let claim = self.issuer.claim(now, username).ok()?;
        let session = Session::of(claim.session)?;
        let password = self.issuer.password(username);
        let is_its_own = P::IN_MEMORY || self.known.is_of(session, client.address.ip());
        is_its_own.then(|| Identity {
            session,
            username,
            key: Md5::digest(format!("{username}:{REALM}:{password}")).into(),
        })
    }
}
