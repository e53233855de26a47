//! Every bound of signaling.
//!
//! May import: account, bucket, quickconnect::protocol.

use std::time::Duration;

use quickconnect::protocol::NameLimits;

use crate::account::AccountLimits;
use crate::bucket::Rate;

/// Every bound of signaling. The sentences that clients are told name the flags of the workshop server that set them.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Rooms that exist at once.
    pub max_rooms: usize,
    /// Peers in one room.
    pub max_room_members: usize,
    /// Bytes of ids and of names of rooms.
    pub names: NameLimits,
    /// Bytes in one message.
    pub max_frame_bytes: usize,
    /// Messages of one client.
    pub frames: Rate,
    /// Bytes of its messages.
    pub bytes: Rate,
    /// Deliveries that it causes.
    pub deliveries: Rate,
    /// What the accounts may take that connections are charged to.
    pub account: AccountLimits,
    /// Bytes that wait for one client.
    pub max_queued_bytes: usize,
    /// Bytes that wait for all clients together.
    pub max_queued_bytes_in_all: usize,
    /// Bytes of messages of all clients together that have come in part.
    pub max_unfinished_bytes_in_all: usize,
    /// Time between two pings.
    pub ping_period: Duration,
}

#[cfg(test)]
impl Limits {
    /// Those of a workshop, as far as tests without sockets need them.
    pub(crate) fn of_tests() -> Self {
        let ample = Rate {
            per_second: 1000,
            burst: 1000,
        };
        Self {
            max_rooms: 100,
            max_room_members: 100,
            names: NameLimits::DEFAULT,
            max_frame_bytes: 64 * 1024,
            frames: ample,
            bytes: Rate {
                per_second: 1 << 20,
                burst: 1 << 20,
            },
            deliveries: ample,
            account: AccountLimits {
                joins: ample,
                deliveries: ample,
                unfinished_bytes: 1 << 24,
                tls_handshakes: 100,
            },
            max_queued_bytes: 1 << 20,
            max_queued_bytes_in_all: 1 << 26,
            max_unfinished_bytes_in_all: 1 << 26,
            ping_period: Duration::from_secs(25),
        }
    }
}
