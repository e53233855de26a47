//! What can be seen of the packets of a WebRTC connection, as rows that a panel draws.
//!
//! Everything comes from a peer and is untrusted: no bytes whatsoever make this panic, and no packet makes more than [`MAX_ROWS`] rows.
//! What is encrypted is not guessed at. SCTP, which carries data channels, is always inside DTLS
//! ([RFC 8261](https://www.rfc-editor.org/rfc/rfc8261)), so of it only the length is visible.
//!
//! # Layout
//! - `rows`: what comes out
//! - `reader`: how parsers read
//! - `stun`: STUN and TURN
//! - `channel_data`: packets in a channel of TURN
//! - `dtls`: records, and those messages of the handshake that are in the clear
//! - `rtp`, `rtcp`: headers of SRTP and SRTCP
//!
//! May import: crc32fast, hmac, serde, sha1, thiserror.

mod channel_data;
mod dtls;
mod reader;
mod rows;
mod rtcp;
mod rtp;
pub(crate) mod stun;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use serde::Serialize;

pub use rows::{MAX_ROWS, MAX_VALUE, Row};
pub use stun::integrity::{Key, sender_of_check};

use reader::Reader;

/// Packets in packets that are taken apart: data in a channel or an indication of TURN.
const MAX_DEPTH: usize = 2;

/// What a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// Also what TURN says, but not its ChannelData.
    Stun,
    /// TURN's short form of data.
    ChannelData,
    /// The handshake, and the data channels.
    Dtls,
    /// Sound and video.
    Rtp,
    /// Reports about them.
    Rtcp,
    /// Nothing of WebRTC.
    Unknown,
}

/// A packet, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dissection {
    /// What it is.
    pub protocol: Protocol,
    /// One line about it.
    pub summary: String,
    /// Everything that is visible.
    pub rows: Vec<Row>,
}

/// Which protocol a packet belongs to, by its first byte ([RFC 7983, section 7](https://www.rfc-editor.org/rfc/rfc7983#section-7)). STUN has its
/// cookie too ([RFC 8489, section 5](https://www.rfc-editor.org/rfc/rfc8489#section-5)), and RTP and RTCP are told apart by the second byte
/// ([RFC 5761, section 4](https://www.rfc-editor.org/rfc/rfc5761#section-4)).
pub fn protocol(packet: &[u8]) -> Protocol {
    let cookie = stun::COOKIE.to_be_bytes();
    match packet {
        [0..=3, ..] if packet.get(4..8).is_none_or(|bytes| *bytes == cookie) => Protocol::Stun,
        [20..=63, ..] => Protocol::Dtls,
        [64..=79, ..] => Protocol::ChannelData,
        [128..=191, 192..=223, ..] => Protocol::Rtcp,
        [128..=191, ..] => Protocol::Rtp,
        _ => Protocol::Unknown,
    }
}

/// Takes a packet apart. `keys` are tried on its MESSAGE-INTEGRITY.
pub fn dissect(packet: &[u8], keys: &[Key<'_>]) -> Dissection {
    let budget = Cell::new(MAX_ROWS);
    let mut rows = Vec::new();
    let mut reader = Reader::new(packet, &budget);
    let (protocol, mut summary) = dissect_part(&mut reader, &mut rows, keys, 1);
    rows::shorten(&mut summary);
    if budget.get() == 0 {
        let (name, value) = (
            "more".into(),
            "this packet has more parts than are shown".to_owned(),
        );
        rows.push(Row {
            name,
            value,
            offset: 0,
            length: packet.len(),
            rows: Vec::new(),
        });
    }
    Dissection {
        protocol,
        summary,
        rows,
    }
}

/// The rest of what a reader has, as a packet.
fn dissect_part(
    reader: &mut Reader<'_>,
    rows: &mut Vec<Row>,
    keys: &[Key<'_>],
    depth: usize,
) -> (Protocol, String) {
    let protocol = if depth > MAX_DEPTH {
        Protocol::Unknown
    } else {
        protocol(reader.rest())
    };
    let summary = match protocol {
        Protocol::Stun => stun::dissect(reader, rows, keys, depth),
        Protocol::ChannelData => channel_data::dissect(reader, rows, keys, depth),
        Protocol::Dtls => dtls::dissect(reader, rows),
        Protocol::Rtp => rtp::dissect(reader, rows),
        Protocol::Rtcp => rtcp::dissect(reader, rows),
        Protocol::Unknown => Ok(format!(
            "{} bytes of no protocol of WebRTC",
            reader.rest().len()
        )),
    };
    let summary = summary.unwrap_or_else(|short| {
        reader.note(rows, "cut short", short.to_string());
        format!("{}, cut short", protocol.name())
    });
    (protocol, summary)
}

impl Protocol {
    /// As people say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stun => "STUN",
            Self::ChannelData => "TURN ChannelData",
            Self::Dtls => "DTLS",
            Self::Rtp => "SRTP",
            Self::Rtcp => "SRTCP",
            Self::Unknown => "unknown",
        }
    }
}
