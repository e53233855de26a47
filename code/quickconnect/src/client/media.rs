//! Audio and video: what a client sends in all its calls, and what the peers of its calls send. Nothing is encoded or decoded here: a program
//! feeds encoded frames, or RTP, and gets RTP.
//!
//! # Layout
//! - `codec`: which codecs there are, and a connection's settings for them; `requests`: lets requests for key frames through to us
//! - `packet`: RTP as a program has it, and how frames become packets
//! - `local`: a track of ours; `sending`: how one call sends those that we have
//! - `remote`: a track of a peer; `receiving`: how one call takes those of its peer
//!
//! May import: bytes, channels, event, id, negotiation, protocol, queue, rand, rtc, thiserror, tokio, webrtc.

use std::time::Duration;

mod codec;
mod local;
mod packet;
mod receiving;
mod remote;
mod requests;
mod sending;
#[cfg(test)]
mod tests;

pub use codec::{Codec, Kind};
pub use local::{AddTrackError, LocalTrack, MAX_STREAM_ID, TooManyTracks};
pub use packet::RtpPacket;
pub use remote::RemoteTrack;

pub(super) use codec::engine;
pub(super) use local::{Tracks, add_track};
pub(super) use receiving::Receiving;
pub(super) use sending::Sending;

/// Tracks that a client sends, and tracks that a peer may send in one call at once; of more, nothing is told.
pub const MAX_TRACKS: usize = 16;
/// How soon a key frame may be asked for again, of a peer, and of a program by its peers. Who watches repeats their requests, and one key frame is for all
/// of them.
const KEY_FRAME_INTERVAL: Duration = Duration::from_millis(300);
/// Packets of one track that wait to be sent in one call, or for the program; of more the oldest are dropped. Two seconds of 1 Mbit/s have about
/// as many.
pub const MAX_PACKETS: usize = 256;
