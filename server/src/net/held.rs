//! What requests of HTTP/2 hold: the request, until it is answered, and a response that was made for it, until its client has taken that. They share what
//! clients may hold of messages that have come in part: it is as little their own.
//!
//! May import: config, signaling.

use std::sync::Arc;

use signaling::account::Account;
use signaling::byte_budget::{ByteBudget, Share};

use crate::config::Limits;

/// All requests of a listener. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Requests(Arc<ByteBudget>);

/// What one of them holds. Dropping it gives that back.
#[derive(Debug)]
pub(super) struct Held {
    of_address: Option<Share>,
    in_all: Share,
}

impl Requests {
    pub(super) fn new(limits: &Limits) -> Self {
        Self(ByteBudget::new(limits.max_unfinished_bytes_in_all))
    }

    /// None if its address, or all together, hold too much already. A proxy has no account: it asks for many.
    pub(super) fn hold(&self, bytes: usize, account: Option<&Arc<Account>>) -> Option<Held> {
        let mut held = Held {
            of_address: account.map(|account| Share::of(account.unfinished())),
            in_all: Share::of(&self.0),
        };
        held.try_set(bytes).then_some(held)
    }
}

impl Held {
    /// So much is held from now on, if there is room for it.
    pub(super) fn try_set(&mut self, bytes: usize) -> bool {
        let of_address = self.of_address.as_mut();
        of_address.is_none_or(|share| share.try_set(bytes)) && self.in_all.try_set(bytes)
    }
}
