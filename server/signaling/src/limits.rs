//! Every bound of signaling.
//!
//! May import: account, bucket, quickconnect::protocol.

use std::time::Duration;

use quickconnect::protocol::NameLimits;

use crate::account::AccountLimits;
use crate::bucket::Rate;

/// Every bound of signaling, and what it is unless a program says otherwise: `Limits { max_rooms: 50, ..Limits::DEFAULT }`. The sentences that
/// clients are told name them as the flags of the workshop server do, `--max-rooms`.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections that are open at once.
    pub max_connections: usize,
    /// The same from one address (of IPv6, from one /64 network).
    pub max_connections_per_address: usize,
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
    /// What all connections of one address may take together.
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

impl Limits {
    /// For a room full of people, some of whom may be up to something.
    pub const DEFAULT: Self = Self {
        max_connections: 10_000,
        max_connections_per_address: 1000,
        max_rooms: 10_000,
        max_room_members: 100,
        names: NameLimits::DEFAULT,
        max_frame_bytes: 64 * 1024,
        frames: Rate {
            per_second: 200,
            burst: 4000,
        },
        bytes: Rate {
            per_second: 256 * 1024,
            burst: 4 * 1024 * 1024,
        },
        deliveries: Rate {
            per_second: 1000,
            burst: 20_000,
        },
        account: AccountLimits {
            joins: Rate {
                per_second: 100,
                burst: 1000,
            },
            deliveries: Rate {
                per_second: 20_000,
                burst: 100_000,
            },
            unfinished_bytes: 8 * 1024 * 1024,
            tls_handshakes: 50,
        },
        max_queued_bytes: 1024 * 1024,
        max_queued_bytes_in_all: 64 * 1024 * 1024,
        max_unfinished_bytes_in_all: 32 * 1024 * 1024,
        ping_period: Duration::from_secs(25),
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
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
            max_connections: 100,
            max_connections_per_address: 100,
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
