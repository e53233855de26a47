//! One relayed port of one client: until when, with whom, and by which channels.
//!
//! May import: known.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::relay::known::Session;

/// How long a port is kept without a Refresh. Clients ask for no less (section 3.2), and get no more.
pub(super) const LIFETIME: Duration = Duration::from_secs(600);
/// The same of a permission (section 9) and of a channel (section 12).
const PERMISSION: Duration = Duration::from_secs(300);
const CHANNEL: Duration = Duration::from_secs(600);
/// Addresses that are permitted at once, and channels.
const MAX_PERMISSIONS: usize = 256;
const MAX_CHANNELS: usize = 256;

pub(super) struct Allocation<S> {
    pub(super) session: Session,
    /// Of the credentials that it was made with, and its key.
    pub(super) username: Box<str>,
    pub(super) key: [u8; 16],
    /// The request by which it was made: that may come twice.
    pub(super) transaction: [u8; 16],
    pub(super) relayed: SocketAddr,
    pub(super) socket: S,
    pub(super) expires: Duration,
    /// When it ends, however often it is refreshed.
    pub(super) ends: Duration,
    /// Until when, by the addresses that the client has for its peers.
    permissions: HashMap<IpAddr, Duration>,
    channels: HashMap<u16, (SocketAddr, Duration)>,
    numbers: HashMap<SocketAddr, u16>,
}

/// Who an allocation is for.
pub(super) struct Owner<'o> {
    pub(super) session: Session,
    pub(super) username: &'o str,
    pub(super) key: [u8; 16],
}

/// Why a channel can't be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoChannel {
    /// The number or the peer has another one.
    Taken,
    /// There are too many.
    TooMany,
}

impl<S> Allocation<S> {
    pub(super) fn new(
        owner: &Owner<'_>,
        transaction: [u8; 16],
        (relayed, socket): (SocketAddr, S),
        now: Duration,
        longest: Duration,
    ) -> Self {
        let ends = now + longest;
        Self {
            session: owner.session,
            username: owner.username.into(),
            key: owner.key,
            transaction,
            relayed,
            socket,
            expires: ends.min(now + LIFETIME),
            ends,
            permissions: HashMap::new(),
            channels: HashMap::new(),
            numbers: HashMap::new(),
        }
    }

    pub(super) fn is_over(&self, now: Duration) -> bool {
        self.expires <= now
    }

    pub(super) fn refresh(&mut self, now: Duration) {
        self.expires = self.ends.min(now + LIFETIME);
    }

    /// Seconds that it has, if it is not refreshed again.
    pub(super) fn seconds_left(&self, now: Duration) -> u32 {
        self.expires.saturating_sub(now).as_secs() as u32
    }

    /// Whether the client has permitted this address, as it knows it.
    pub(super) fn permits(&self, now: Duration, name: IpAddr) -> bool {
        let until = self.permissions.get(&name);
        until.is_some_and(|until| *until > now)
    }

    /// All of them, or none: whether there is room.
    pub(super) fn permit(&mut self, now: Duration, names: &[IpAddr]) -> bool {
        self.permissions.retain(|_, until| *until > now);
        let new = names
            .iter()
            .filter(|name| !self.permissions.contains_key(name));
        if self.permissions.len() + new.count() > MAX_PERMISSIONS {
            return false;
        }
        let until = now + PERMISSION;
        self.permissions
            .extend(names.iter().map(|name| (*name, until)));
        true
    }

    /// Binds a channel, or keeps it bound, and permits its peer, which the client knows by this address.
    pub(super) fn bind(
        &mut self,
        now: Duration,
        number: u16,
        peer: SocketAddr,
        name: IpAddr,
    ) -> Result<(), NoChannel> {
        self.channels.retain(|_, (_, until)| *until > now);
        let channels = &self.channels;
        self.numbers
            .retain(|_, number| channels.contains_key(number));
        let has_other_peer = self
            .channels
            .get(&number)
            .is_some_and(|(other, _)| *other != peer);
        let has_other_number = self
            .numbers
            .get(&peer)
            .is_some_and(|other| *other != number);
        if has_other_peer || has_other_number {
            return Err(NoChannel::Taken);
        }
        let is_full = self.channels.len() >= MAX_CHANNELS && !self.channels.contains_key(&number);
        if is_full || !self.permit(now, &[name]) {
            return Err(NoChannel::TooMany);
        }
        self.channels.insert(number, (peer, now + CHANNEL));
        self.numbers.insert(peer, number);
        Ok(())
    }

    pub(super) fn peer_of(&self, now: Duration, channel: u16) -> Option<SocketAddr> {
        let (peer, until) = self.channels.get(&channel)?;
        (*until > now).then_some(*peer)
    }

    pub(super) fn channel_of(&self, now: Duration, peer: SocketAddr) -> Option<u16> {
        let number = *self.numbers.get(&peer)?;
        self.peer_of(now, number).map(|_| number)
    }
}
