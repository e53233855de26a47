//! The memory of a message that has come in part: bounded for the clients of one address, and for all together. Otherwise whoever has many
//! connections could begin a large message on each, and finish none.
//!
//! May import: account, byte_budget, close_reason.

use std::sync::Arc;

use super::close_reason::CloseReason;
use crate::account::Account;
use crate::byte_budget::ByteBudget;

/// What one client has begun to say takes so much memory.
#[derive(Debug)]
pub struct Unfinished {
    bytes: usize,
    account: Arc<Account>,
    in_all: Arc<ByteBudget>,
}

impl Unfinished {
    /// Of a client that has said nothing yet.
    pub fn new(account: Arc<Account>, in_all: Arc<ByteBudget>) -> Self {
        Self {
            bytes: 0,
            account,
            in_all,
        }
    }

    /// So many bytes are held now.
    ///
    /// # Errors
    /// When they are more than the address, or the server, has left. The connection has to end then.
    pub fn set(&mut self, bytes: usize) -> Result<(), CloseReason> {
        if bytes < self.bytes {
            self.give_back(self.bytes - bytes);
        } else if bytes > self.bytes {
            let more = bytes - self.bytes;
            if !self.account.unfinished().take(more) {
                return Err(CloseReason::TooMuchUnfinished);
            }
            if !self.in_all.take(more) {
                self.account.unfinished().give_back(more);
                return Err(CloseReason::TooMuchUnfinished);
            }
        }
        self.bytes = bytes;
        Ok(())
    }

    fn give_back(&self, bytes: usize) {
        self.account.unfinished().give_back(bytes);
        self.in_all.give_back(bytes);
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.give_back(self.bytes);
    }
}
