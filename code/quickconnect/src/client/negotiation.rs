//! Offer, answer and candidates between two peers, however their frames interleave. Knows a peer connection and a way
//! to send, nothing else.
//!
//! The master of the pair makes the first offer, and is the impolite one; the slave asks before it offers, and is let.
//! Each step ends before the next begins, so that an offer is either awaited or it isn't.
//! May import: `outbox`, `protocol`, webrtc.

use std::sync::Arc;

use serde_json::Value;
use webrtc::peer_connection::{
    PeerConnection, RTCIceCandidateInit, RTCPeerConnectionIceEvent, RTCSdpType,
    RTCSessionDescription,
};

use super::outbox::PeerOutbox;
use crate::protocol::peer::{Candidate, Description, DescriptionKind};

/// Candidates that may come before any description; no browser gathers as many.
pub const MAX_EARLY_CANDIDATES: usize = 64;
/// Numbers of offers end here, so that JavaScript can hold them.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Why a step failed. The first is the other side's fault.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Connection(#[from] webrtc::error::Error),
}

pub(super) struct Negotiation {
    pc: Arc<dyn PeerConnection>,
    is_master: bool,
    /// Whether the addresses that the other side names are tried.
    dials: bool,
    outbox: PeerOutbox,
    /// Our offer that waits for its answer. Offers and answers carry its number, because one that is said again may
    /// be answered twice.
    awaited: Option<u64>,
    /// The offer of the other side that was answered last.
    answered: Option<u64>,
    has_remote: bool,
    ignores_offer: bool,
    /// The slave has asked to offer, and was not let yet.
    is_asking: bool,
    /// The slave asked when the master had no time for its offer.
    is_asked: bool,
    early: Vec<Candidate>,
}

impl Negotiation {
    pub(super) fn new(
        pc: Arc<dyn PeerConnection>,
        is_master: bool,
        dials: bool,
        outbox: PeerOutbox,
    ) -> Self {
        Self {
            pc,
            is_master,
            dials,
            outbox,
            awaited: None,
            answered: None,
            has_remote: false,
            ignores_offer: false,
            is_asking: false,
            is_asked: false,
            early: Vec::new(),
        }
    }

    /// Makes an offer, or asks to.
    pub(super) async fn negotiate(&mut self) -> Result<(), Failure> {
        if self.is_master {
            self.offer().await
        } else {
            self.ask().await;
            Ok(())
        }
    }

    /// A frame of the other side. Frames must come in the order in which they were sent.
    pub(super) async fn receive(&mut self, command: &str, data: Value) -> Result<(), Failure> {
        match command {
            "sdp" => self.apply(serde_json::from_value(data)?).await,
            "candidate" => self.candidate(serde_json::from_value(data)?).await,
            "negotiate" if self.is_master && data["requestOfferer"] == true => {
                self.let_offer().await;
                Ok(())
            }
            "negotiate" if self.is_master => self.offer().await,
            "requestoffer" if !self.is_master => self.offer().await,
            _ => Ok(()),
        }
    }

    /// Says again what may have been lost on the way.
    pub(super) async fn resume(&mut self) {
        if let Some(number) = self.awaited {
            self.send_description(DescriptionKind::Offer, Some(number))
                .await;
        } else if self.is_asking {
            self.ask().await;
        }
    }

    /// Looks for another way to the other side.
    pub(super) async fn restart_ice(&mut self) -> Result<(), Failure> {
        self.pc.restart_ice().await?;
        self.negotiate().await
    }

    /// Tells the other side where we may be reached.
    pub(super) async fn send_candidate(
        &self,
        event: RTCPeerConnectionIceEvent,
    ) -> Result<(), Failure> {
        let init = event.candidate.to_json()?;
        let candidate = Candidate {
            candidate: init.candidate,
            sdp_mid: init.sdp_mid,
            sdp_m_line_index: init.sdp_mline_index,
        };
        self.outbox
            .send("candidate", Some(serde_json::to_value(candidate)?))
            .await;
        Ok(())
    }

    async fn ask(&mut self) {
        self.is_asking = true;
        let request = serde_json::json!({ "requestOfferer": true });
        self.outbox.send("negotiate", Some(request)).await;
    }

    async fn let_offer(&mut self) {
        self.is_asked = self.awaited.is_some();
        if !self.is_asked {
            self.outbox.send("requestoffer", None).await;
        }
    }

    async fn offer(&mut self) -> Result<(), Failure> {
        self.is_asking = false;
        if self.awaited.is_some() {
            return Ok(());
        }
        let offer = self.pc.create_offer(None).await?;
        self.pc.set_local_description(offer).await?;
        let number = rand::random_range(0..=MAX_SAFE_INTEGER);
        self.awaited = Some(number);
        self.send_description(DescriptionKind::Offer, Some(number))
            .await;
        Ok(())
    }

    async fn apply(&mut self, description: Description) -> Result<(), Failure> {
        match description.kind {
            DescriptionKind::Offer => self.apply_offer(description).await,
            DescriptionKind::Answer => self.apply_answer(description).await,
        }
    }

    async fn apply_offer(&mut self, offer: Description) -> Result<(), Failure> {
        let collides = self.awaited.is_some();
        self.ignores_offer = self.is_master && collides;
        if self.ignores_offer {
            return Ok(());
        }
        if offer.offer.is_some() && offer.offer == self.answered {
            // It was said again, so the answer may be lost.
            self.send_description(DescriptionKind::Answer, self.answered)
                .await;
            return Ok(());
        }
        if collides {
            self.awaited = None;
            let rollback = RTCSessionDescription::rollback(None)?;
            self.pc.set_local_description(rollback).await?;
        }
        self.answered = None;
        // Such an offer says nothing that a connection could be made for; then ours has to.
        let is_empty = !offer.sdp.contains("m=application");
        self.set_remote(RTCSdpType::Offer, offer.sdp).await?;
        self.is_asking = false;
        let answer = self.pc.create_answer(None).await?;
        self.pc.set_local_description(answer).await?;
        self.answered = offer.offer;
        self.send_description(DescriptionKind::Answer, offer.offer)
            .await;
        if is_empty && !self.is_master {
            self.ask().await;
        }
        Ok(())
    }

    async fn apply_answer(&mut self, answer: Description) -> Result<(), Failure> {
        let Some(awaited) = self.awaited else {
            return Ok(());
        };
        // Other implementations say no number.
        if answer.offer.unwrap_or(awaited) != awaited {
            return Ok(());
        }
        self.awaited = None;
        self.ignores_offer = false;
        self.set_remote(RTCSdpType::Answer, answer.sdp).await?;
        if self.is_asked {
            self.let_offer().await;
        }
        Ok(())
    }

    async fn set_remote(&mut self, kind: RTCSdpType, sdp: String) -> Result<(), Failure> {
        let sdp = match self.dials {
            true => sdp,
            false => without_candidates(&sdp),
        };
        let description = match kind {
            RTCSdpType::Offer => RTCSessionDescription::offer(sdp)?,
            _ => RTCSessionDescription::answer(sdp)?,
        };
        self.pc.set_remote_description(description).await?;
        self.has_remote = true;
        for candidate in std::mem::take(&mut self.early) {
            self.add_candidate(candidate).await?;
        }
        Ok(())
    }

    async fn candidate(&mut self, candidate: Candidate) -> Result<(), Failure> {
        if self.has_remote {
            self.add_candidate(candidate).await
        } else {
            if self.early.len() < MAX_EARLY_CANDIDATES {
                self.early.push(candidate);
            }
            Ok(())
        }
    }

    async fn add_candidate(&self, candidate: Candidate) -> Result<(), Failure> {
        if !self.dials {
            return Ok(());
        }
        let init = RTCIceCandidateInit {
            candidate: candidate.candidate,
            sdp_mid: candidate.sdp_mid,
            sdp_mline_index: candidate.sdp_m_line_index,
            ..Default::default()
        };
        match self.pc.add_ice_candidate(init).await {
            // It belongs to the offer that was ignored.
            Err(_) if self.ignores_offer => Ok(()),
            result => Ok(result?),
        }
    }

    async fn send_description(&self, kind: DescriptionKind, offer: Option<u64>) {
        let Some(local) = self.pc.local_description().await else {
            return;
        };
        let description = Description {
            kind,
            sdp: local.sdp,
            offer,
        };
        if let Ok(json) = serde_json::to_value(description) {
            self.outbox.send("sdp", Some(json)).await;
        }
    }
}

/// A description that names no address. Lines are told apart as generously as any parser might.
fn without_candidates(sdp: &str) -> String {
    let lines = sdp.split(['\r', '\n']).map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("a=candidate"));
    lines.flat_map(|line| [line, "\r\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_without_candidates_keeps_all_its_other_lines() {
        let sdp = "v=0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\ra=mid:0\n a=candidate:2 1 udp 1 192.0.2.2 9 typ host\r\na=end-of-candidates\r\n";
        assert_eq!(
            without_candidates(sdp),
            "v=0\r\na=mid:0\r\na=end-of-candidates\r\n"
        );
    }
}
