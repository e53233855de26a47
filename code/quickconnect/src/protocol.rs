//! The frames of rtc.io's signaling protocol: parse what clients send, encode what a server says.
//!
//! What lives here: pure functions over text, no I/O, no clock.
//!
//! A frame is `/command|senderId|…`, or, directed to one peer of the room, `/to|targetId|/command|senderId|…`.
//! Fields are split at `|`, and nothing is escaped. A server reads no further than the sender and relays
//! the text as it came; only an announce is opened, because it names the room.
// May import: serde, serde_json, thiserror.

mod greeting;
pub mod invisible;
mod names;
pub mod peer;
#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::Deserialize;

pub use greeting::{Greeting, IceServer};
pub use names::{BadName, NameLimits, PeerId, RoomName};

/// The first frame a server sends. Original clients drop frames that start with `primus`, but take any first
/// frame as the sign that they may speak; without one they wait another 100 ms. A [`Greeting`] follows it.
pub const GREETING: &str = "primus::hello";

/// What a server sends beside each WebSocket ping, which code in a browser never sees. Original clients drop it.
pub const PING: &str = "primus::ping";

/// The command by which a peer says who it is, to its room or to one peer. Clients take it in any case.
pub const ANNOUNCE: &str = "announce";

/// Commands that only a server sends. A peer that could send them would speak as the server.
const RESERVED: [&str; 2] = ["error", "roominfo"];

/// What a client asks for with one frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame<'a> {
    /// `primus…`: chatter of the original transport, to be ignored.
    Primus,
    /// `primus::hello|{"resume":token,…}`: the greeting of an earlier connection, said back. It proves that what was
    /// announced there is the client's own.
    Resume {
        /// What the greeting carried.
        token: String,
    },
    /// `/announce|id|{…,"room":room}`: `sender` enters `room`.
    Announce {
        /// Who announces itself. This fixes the sender of all later frames of the connection.
        sender: PeerId,
        /// Where to.
        room: RoomName,
    },
    /// `/to|target|/command|sender|…`: for one peer of the sender's room.
    Directed {
        /// The id of the peer that shall have it.
        target: &'a str,
        /// What is asked of it, without a slash, in whatever case it came.
        command: &'a str,
        /// Who says so.
        sender: &'a str,
    },
    /// `/leave|id|…`: `sender` leaves its room.
    Leave {
        /// Who leaves.
        sender: &'a str,
    },
    /// Any other `/command|sender|…`: for everybody else in the sender's room.
    Broadcast {
        /// Who says so.
        sender: &'a str,
    },
}

/// Why a frame was not understood. The message is made for the person who wrote the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFrame {
    /// The text doesn't start with `/`.
    #[error("A frame must start with \"/\"; this one was not relayed. Send \"/command|yourId|…\".")]
    NotACommand,
    /// `/|…`, or `/to|target` with no command after it.
    #[error("The frame names no command; it was not relayed. Send \"/command|yourId|…\".")]
    NoCommand,
    /// `/command` or `/command||…`.
    #[error("The frame names no sender; it was not relayed. Send \"/command|yourId|…\".")]
    NoSender,
    /// `/to` or `/to||…`.
    #[error(
        "A \"/to\" frame names no target; it was not relayed. Send \"/to|theirId|/command|yourId|…\"."
    )]
    NoTarget,
    /// `/to|a|/to|b|…`: the second one would carry a sender that nobody checks.
    #[error(
        "A \"/to\" frame must not contain another one; it was not relayed. Send one frame per target."
    )]
    NestedTo,
    /// `/error|…` or `/roominfo|…` from a client.
    #[error(
        "The commands \"/error\" and \"/roominfo\" are the server's own; the frame was not relayed. Choose another name."
    )]
    ReservedCommand,
    /// An id or a room name that can't be one.
    #[error(transparent)]
    BadName(#[from] BadName),
    /// What follows `/announce|id|` is not an object in JSON.
    #[error(
        "The announce carries no usable JSON object (see its column {column}); you are in no new room. \
         Send \"/announce|yourId|{{\"id\":\"yourId\",\"room\":\"name\"}}\"."
    )]
    AnnounceNotJson {
        /// Where the JSON stops making sense, counted from 1; 0 if there is none.
        column: usize,
    },
    /// The object has no `room`.
    #[error(
        "The announce names no room; you are in no new room. Add \"room\":\"name\" to its JSON."
    )]
    NoRoom,
    /// The object's `id` is not the frame's sender.
    #[error(
        "The announce names two ids, one in the frame and another in its JSON; you are in no new room. Use one id."
    )]
    TwoIds,
}

impl BadFrame {
    /// A stable name of the fault, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotACommand => "not-a-command",
            Self::NoCommand => "no-command",
            Self::NoSender => "no-sender",
            Self::NoTarget => "no-target",
            Self::NestedTo => "nested-to",
            Self::ReservedCommand => "reserved-command",
            Self::BadName(name) => name.code(),
            Self::AnnounceNotJson { .. } => "announce-not-json",
            Self::NoRoom => "no-room",
            Self::TwoIds => "two-ids",
        }
    }
}

/// Reads one text frame of a client.
pub fn parse<'a>(text: &'a str, limits: &NameLimits) -> Result<Frame<'a>, BadFrame> {
    if text.starts_with("primus") {
        return Ok(parse_greeting(text));
    }
    let Some(after_slash) = text.strip_prefix('/') else {
        return Err(BadFrame::NotACommand);
    };
    let (command, rest) = split_field(after_slash);
    if !command.eq_ignore_ascii_case("to") {
        return parse_undirected(command, rest, limits);
    }
    let (target, directed) = split_field(rest);
    if target.is_empty() {
        return Err(BadFrame::NoTarget);
    }
    let (command, rest) = split_field(directed.strip_prefix('/').ok_or(BadFrame::NoCommand)?);
    if command.eq_ignore_ascii_case("to") {
        return Err(BadFrame::NestedTo);
    }
    let (sender, _) = parse_sender(command, rest)?;
    Ok(Frame::Directed {
        target,
        command,
        sender,
    })
}

fn parse_undirected<'a>(
    command: &str,
    rest: &'a str,
    limits: &NameLimits,
) -> Result<Frame<'a>, BadFrame> {
    let (sender, rest) = parse_sender(command, rest)?;
    if command.eq_ignore_ascii_case(ANNOUNCE) {
        // All that is left is the JSON, so that a `|` inside of it does no harm.
        parse_announce(sender, rest, limits)
    } else if command.eq_ignore_ascii_case("leave") {
        Ok(Frame::Leave { sender })
    } else {
        Ok(Frame::Broadcast { sender })
    }
}

fn parse_sender<'a>(command: &str, rest: &'a str) -> Result<(&'a str, &'a str), BadFrame> {
    if command.is_empty() {
        return Err(BadFrame::NoCommand);
    }
    if RESERVED
        .iter()
        .any(|reserved| command.eq_ignore_ascii_case(reserved))
    {
        return Err(BadFrame::ReservedCommand);
    }
    let (sender, rest) = split_field(rest);
    if sender.is_empty() {
        return Err(BadFrame::NoSender);
    }
    Ok((sender, rest))
}

fn parse_announce<'a>(
    sender: &str,
    json: &str,
    limits: &NameLimits,
) -> Result<Frame<'a>, BadFrame> {
    /// The part of an announce that a server needs.
    #[derive(Deserialize)]
    struct Announce {
        id: Option<Scalar>,
        room: Option<Scalar>,
    }

    let sender = PeerId::new(sender, limits)?;
    // serde would take an array for a struct as well.
    if !json.trim_ascii_start().starts_with('{') {
        return Err(BadFrame::AnnounceNotJson {
            column: json.len().min(1),
        });
    }
    let announce: Announce =
        serde_json::from_str(json).map_err(|error| BadFrame::AnnounceNotJson {
            column: error.column(),
        })?;
    if announce.id.is_some_and(|id| id.text() != sender.as_str()) {
        return Err(BadFrame::TwoIds);
    }
    let room = announce.room.ok_or(BadFrame::NoRoom)?.text();
    Ok(Frame::Announce {
        sender,
        room: RoomName::new(&room, limits)?,
    })
}

fn parse_greeting<'a>(text: &str) -> Frame<'a> {
    match Greeting::read(text).and_then(|greeting| greeting.resume) {
        Some(token) => Frame::Resume { token },
        None => Frame::Primus,
    }
}

/// Original clients pass on what their page gave them, and a page may say `room: 42`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Number(serde_json::Number),
}

impl Scalar {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

/// The text before the first `|`, and the text after it.
fn split_field(text: &str) -> (&str, &str) {
    text.split_once('|').unwrap_or((text, ""))
}

/// The answer to an announce: how many are in the room now, the sender included.
pub fn encode_room_info(member_count: usize) -> String {
    format!(r#"/roominfo|{{"memberCount":{member_count}}}"#)
}

/// What a client itself says when it leaves; a server says it for those that vanished.
pub fn encode_leave(id: &PeerId) -> String {
    format!("/leave|{id}|{}", serde_json::json!({ "id": id.as_str() }))
}

/// Tells the sender, and nobody else, what was wrong, and when it is worth another try, if that is known. Original clients
/// pass over a command they don't know.
pub fn encode_error(code: &str, message: &str, retry_after: Option<Duration>) -> String {
    let mut json = serde_json::json!({ "code": code, "message": message });
    if let Some(retry_after) = retry_after {
        json["retryAfterMs"] = u64::try_from(retry_after.as_millis())
            .unwrap_or(u64::MAX)
            .into();
    }
    // Clients split at every `|`, also inside JSON.
    format!("/error|{}", json.to_string().replace('|', r"\u007c"))
}

/// Whether the frame is an announce, right or wrong: joining costs a server more than anything else.
pub fn is_announce(text: &str) -> bool {
    let after_slash = text.strip_prefix('/').unwrap_or_default();
    split_field(after_slash).0.eq_ignore_ascii_case(ANNOUNCE)
}
