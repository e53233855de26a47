//! The media sections of a call: how many there may be, and whether each track of ours has one.
//!
//! May import: negotiation, sdp, webrtc.

use std::collections::HashSet;

use webrtc::peer_connection::PeerConnection;

use super::sdp::sections;
use super::{Failure, MAX_SECTIONS};

/// Whether an offer, with what is there already, keeps to the bound. Sections are counted before the offer is applied, because nothing takes one out of a
/// connection again.
pub(super) async fn check(pc: &dyn PeerConnection, offer: &str) -> Result<(), Failure> {
    let transceivers = pc.get_transceivers().await;
    let mut known = HashSet::new();
    for transceiver in &transceivers {
        known.extend(transceiver.mid().await.ok().flatten());
    }
    let offered = sections(offer).into_iter();
    let new = offered.filter(|mid| !known.contains(*mid));
    let sections = transceivers.len() + new.count();
    match sections <= MAX_SECTIONS {
        true => Ok(()),
        false => Err(Failure::Sections { sections }),
    }
}

/// Whether something of ours has no section yet.
pub(super) async fn has_unoffered(pc: &dyn PeerConnection) -> bool {
    for transceiver in pc.get_transceivers().await {
        if matches!(transceiver.mid().await, Ok(None)) {
            return true;
        }
    }
    false
}
