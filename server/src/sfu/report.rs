//! What pages are told of a room.
//!
//! May import: serde.

use serde::Serialize;

/// Who publishes in a room.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoomReport {
    /// In the order of their ids.
    pub publishers: Vec<PublisherReport>,
    /// Sessions that watch one of them.
    pub watchers: usize,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublisherReport {
    /// By which it is watched.
    pub id: String,
    /// What has come of it: `audio`, `video`.
    pub kinds: Vec<String>,
    /// Of simulcast, in the order of its offer.
    pub layers: Vec<LayerReport>,
    /// Sessions that watch it.
    pub watchers: usize,
    /// Packets of RTP that have come.
    pub packets: u64,
    /// Keyframes that it was asked for.
    pub keyframe_requests: u64,
}

/// One layer of simulcast.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerReport {
    /// Its rid.
    pub encoding_id: String,
    /// As last measured.
    pub bits_per_second: u64,
}
