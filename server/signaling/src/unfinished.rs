//! The memory of a message that has come in part: bounded for the clients of one address, and for all together. Otherwise whoever has many
//! connections could begin a large message on each, and finish none.
//!
//! May import: account, byte_budget, close_reason.

use std::sync::Arc;

use super::close_reason::CloseReason;
use crate::account::Account;
use crate::byte_budget::{ByteBudget, Share};

/// What one client has begun to say takes so much memory.
#[derive(Debug)]
pub struct Unfinished {
    of_address: Share,
    in_all: Share,
}

impl Unfinished {
    /// Of a client that has said nothing yet.
    pub fn new(account: &Account, in_all: &Arc<ByteBudget>) -> Self {
        Self {
            of_address: Share::of(account.unfinished()),
            in_all: Share::of(in_all),
        }
    }

    /// So many bytes are held now.
    ///
    /// # Errors
    /// When they are more than the address, or the server, has left. The connection has to end then.
    pub fn set(&mut self, bytes: usize) -> Result<(), CloseReason> {
        match self.of_address.try_set(bytes) && self.in_all.try_set(bytes) {
            true => Ok(()),
            false => Err(CloseReason::TooMuchUnfinished),
        }
    }
}
