//! Why a connection ends, and what its client hears of it.
//!
//! May import: quickconnect::protocol, tungstenite.

use quickconnect::protocol::peer;
use tungstenite::protocol::frame::coding::CloseCode;

/// The close code for a connection whose id another connection has. Our clients do not reconnect after it, because the two would go on to take
/// the id from each other for ever. In the range for applications (<https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2>).
const ID_TAKEN: CloseCode = CloseCode::Library(peer::TAKEN_OVER);

/// The close code for a connection that was let in until now: the client comes back if it has, or gets, something that lets it in again.
const OVER: CloseCode = CloseCode::Library(peer::OVER);

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// The client closed it, or its socket broke.
    ByClient,
    /// The server stops.
    Shutdown,
    /// The instance at which the client's room was is gone, or another one has the room now.
    Moved,
    /// Another connection announced the same id in the same room, and had a right to it.
    TakenOver,
    /// Another connection has the id that this one announced, and is alive.
    IdTaken,
    /// The gate does not let it into its room any more.
    NotAdmitted,
    /// The gate let it in until now.
    Over,
    /// More frames wait for the client than may wait.
    TooSlow,
    /// The client leaves pings unanswered.
    Silent,
    /// A message is larger than allowed.
    FrameTooLarge {
        /// Bytes that a message may have.
        limit: usize,
    },
    /// Messages of the client's address, or of all clients, that have come in part take more memory than they may.
    TooMuchUnfinished,
    /// The bytes are not what WebSocket allows.
    NotWebSocket,
    /// A text frame is not UTF-8.
    NotUtf8,
    /// What is written to the client can't be: the server has a fault.
    Failed,
}

impl CloseReason {
    /// The stable name of a fault of the server that ended one connection.
    pub const FAILED: &str = "failed";

    /// A stable name, for programs; `None` for an ordinary end.
    pub fn code(self) -> Option<&'static str> {
        Some(match self {
            Self::ByClient | Self::Shutdown => return None,
            Self::Moved => "room-moved",
            Self::TakenOver => "taken-over",
            Self::IdTaken => "closed-for-id-taken",
            Self::NotAdmitted => "not-admitted-any-more",
            Self::Over => "admitted-until-now",
            Self::TooSlow => "queue-full",
            Self::Silent => "silent",
            Self::FrameTooLarge { .. } => "frame-too-large",
            Self::TooMuchUnfinished => "too-much-unfinished",
            Self::NotWebSocket => "not-websocket",
            Self::NotUtf8 => "not-utf8",
            Self::Failed => Self::FAILED,
        })
    }

    /// Whether what the client sends next can't be decoded any more.
    pub fn is_fault(self) -> bool {
        matches!(
            self,
            Self::FrameTooLarge { .. }
                | Self::TooMuchUnfinished
                | Self::NotWebSocket
                | Self::NotUtf8
        )
    }

    /// The payload of the close frame; `None` if the client can't get one any more.
    pub fn close_payload(self) -> Option<Vec<u8>> {
        let too_large;
        let (code, reason) = match self {
            // A frame may have been written in part.
            Self::Failed => return None,
            Self::ByClient | Self::Silent => return None,
            Self::Shutdown => (CloseCode::Away, "The server stops. Come back in a moment."),
            Self::Moved => (
                CloseCode::Restart,
                "Your room moves to another server. Come back at once.",
            ),
            Self::TakenOver => (ID_TAKEN, "Another connection announced this id."),
            Self::IdTaken => (ID_TAKEN, "Another connection has this id."),
            Self::NotAdmitted => (CloseCode::Policy, "You may not be in this room any more."),
            Self::Over => (OVER, "You were let in until now. Ask to be let in again."),
            Self::TooSlow => (CloseCode::Policy, "Too many messages wait to be read."),
            Self::FrameTooLarge { limit } => {
                too_large = format!(
                    "A message may have {limit} bytes here, and this one has more (--max-frame-bytes)."
                );
                (CloseCode::Size, too_large.as_str())
            }
            Self::TooMuchUnfinished => (
                CloseCode::Again,
                "Too many messages of your address, or of all, have come in part. Try again later.",
            ),
            Self::NotWebSocket => (
                CloseCode::Protocol,
                "The bytes break the WebSocket protocol.",
            ),
            Self::NotUtf8 => (CloseCode::Invalid, "A text message is not UTF-8."),
        };
        Some([&u16::from(code).to_be_bytes(), reason.as_bytes()].concat())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Payload of a close frame at most (<https://www.rfc-editor.org/rfc/rfc6455#section-5.5>).
    const MAX_BYTES: usize = 125;

    #[test]
    fn every_reason_fits_into_a_close_frame() {
        let too_large = CloseReason::FrameTooLarge { limit: usize::MAX };
        let text = String::from_utf8(too_large.close_payload().unwrap()[2..].to_vec()).unwrap();
        assert!(text.contains(&usize::MAX.to_string()), "{text}");
        for ending in [
            too_large,
            CloseReason::Shutdown,
            CloseReason::Moved,
            CloseReason::TakenOver,
            CloseReason::IdTaken,
            CloseReason::NotAdmitted,
            CloseReason::Over,
            CloseReason::TooSlow,
            CloseReason::TooMuchUnfinished,
            CloseReason::NotWebSocket,
            CloseReason::NotUtf8,
        ] {
            let payload = ending.close_payload().unwrap();
            assert!(payload.len() <= MAX_BYTES, "{ending:?}");
        }
    }
}
