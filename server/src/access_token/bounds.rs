//! The bounds of a token, which its parts share.
//!
//! May import: nothing.

use std::time::Duration;

/// How far the clocks of who makes tokens and of this server may be apart.
pub const CLOCK_SKEW: Duration = Duration::from_secs(10);

/// How long a token may be shown, and how long a session may last that began with it: whoever loses one loses a day.
pub const MAX_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// How long a token may be shown that stands in the query of an address: logs of proxies and histories of browsers show those.
pub const MAX_LIFETIME_IN_QUERY: Duration = Duration::from_secs(60);

/// Bytes of the longest token that is looked at. One with all claims and long names has some 700.
pub const MAX_TOKEN_BYTES: usize = 2048;
