//! What parts of the server are told of the bounds.
//!
//! May import: limits, signaling, quickconnect::protocol.

use quickconnect::protocol::NameLimits;
use signaling::account::AccountLimits;
use signaling::bucket::Rate;
use signaling::limits::Limits as SignalingLimits;

use super::Limits;

/// How many may attend a workshop.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    /// From everywhere.
    pub in_all: usize,
    /// From one address.
    pub for_one_address: usize,
}

impl Limits {
    /// What all connections of one address may cause.
    pub fn account(&self) -> AccountLimits {
        AccountLimits {
            joins: Rate {
                per_second: self.max_joins_per_second,
                burst: self.max_join_burst,
            },
            deliveries: Rate {
                per_second: self.max_deliveries_per_second_per_address,
                burst: self.max_delivery_burst_per_address,
            },
            unfinished_bytes: self.max_unfinished_bytes_per_address,
            tls_handshakes: self.max_tls_handshakes_per_address,
        }
    }

    /// Those of signaling, which knows nothing of flags.
    pub fn signaling(&self) -> SignalingLimits {
        SignalingLimits {
            max_connections: self.max_connections,
            max_connections_per_address: self.max_connections_per_address,
            max_rooms: self.max_rooms,
            max_room_members: self.max_room_members,
            names: self.names(),
            max_frame_bytes: self.max_frame_bytes,
            frames: Rate {
                per_second: self.max_frames_per_second,
                burst: self.max_frame_burst,
            },
            bytes: Rate {
                per_second: self.max_bytes_per_second,
                burst: self.max_byte_burst,
            },
            deliveries: Rate {
                per_second: self.max_deliveries_per_second,
                burst: self.max_delivery_burst,
            },
            account: self.account(),
            max_queued_bytes: self.max_queued_bytes,
            max_queued_bytes_in_all: self.max_queued_bytes_in_all,
            max_unfinished_bytes_in_all: self.max_unfinished_bytes_in_all,
            ping_period: self.ping_period,
        }
    }

    /// How many may attend a workshop. One address leaves places for others, unless the operator says otherwise.
    pub fn places(&self) -> Places {
        let most = self.max_attendees - self.max_attendees / 4;
        Places {
            in_all: self.max_attendees,
            for_one_address: self.max_attendees_per_address.unwrap_or(most),
        }
    }

    /// The bounds that the parser of signaling messages checks.
    pub fn names(&self) -> NameLimits {
        NameLimits {
            peer_id_bytes: self.max_peer_id_bytes,
            room_name_bytes: self.max_room_name_bytes,
        }
    }

    /// Lines of the log of one kind. A burst and what is repaid in the second after it come to the limit.
    pub fn log_lines(&self) -> Rate {
        let half = (self.max_log_lines_per_second / 2).max(1);
        Rate {
            per_second: half,
            burst: half,
        }
    }

    /// Sessions of the media room that one address may begin.
    pub fn sfu_openings(&self) -> Rate {
        Rate {
            per_second: self.max_sfu_openings_per_second,
            burst: self.max_sfu_opening_burst,
        }
    }

    /// Invitations of one address.
    pub fn invitations(&self) -> Rate {
        Rate {
            per_second: self.max_invitations_per_second,
            burst: self.max_invitation_burst,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_three_quarters_of_the_places_unless_the_operator_says_otherwise() {
        let places = |max_attendees, max_attendees_per_address| {
            let limits = Limits {
                max_attendees,
                max_attendees_per_address,
                ..Limits::default()
            };
            limits.places().for_one_address
        };
        assert_eq!(places(300, None), 225);
        assert_eq!(places(1, None), 1);
        assert_eq!(places(300, Some(300)), 300);
    }
}
