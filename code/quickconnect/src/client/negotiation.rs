//! Offer, answer and candidates between two peers, however their frames interleave. Knows a peer connection and a way
//! to send, nothing else.
//!
//! The master of the pair makes the first offer, and is the impolite one; the slave asks before it offers, and is let.
//! Each step ends before the next begins, so that an offer is either awaited or it isn't.
//!
//! # Layout
//! - `sdp`: descriptions as texts: what is read in them, and what is changed
//! - `sections`: how many of them a call may have
//!
//! May import: connection, outbox, protocol::peer, rand, serde_json, settings, thiserror, webrtc.

mod sdp;
mod sections;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::Value;
use webrtc::peer_connection::{
    PeerConnection, RTCIceCandidateInit, RTCPeerConnectionIceEvent, RTCSdpType,
    RTCSessionDescription,
};

use self::sdp::{NOTHING, Role, is_empty, name_tracks, restarts_ice};
pub(super) use self::sdp::{sent_tracks, track_id};
use super::connection::configuration;
use super::outbox::PeerOutbox;
use super::settings::Settings;
use crate::protocol::peer::{Candidate, Description, DescriptionKind};

/// Candidates that may come before any description; no browser gathers as many.
pub const MAX_EARLY_CANDIDATES: usize = 64;
/// Sections of audio, video and data that a call may have in its course: nothing takes one out of a connection again.
pub const MAX_SECTIONS: usize = 128;
/// Numbers of offers end here, so that JavaScript can hold them.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Why a step failed. The first is the other side's fault.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Connection(#[from] webrtc::error::Error),
    #[error(
        "with its offer the call would have {sections} sections, and at most {MAX_SECTIONS} are taken"
    )]
    Sections { sections: usize },
}

pub(super) struct Negotiation {
    pc: Arc<dyn PeerConnection>,
    is_master: bool,
    settings: Arc<Settings>,
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
    /// The slave was let. Until its offer is there the master makes none, so that the two don't collide.
    is_letting: bool,
    /// Something of ours has to be negotiated, and could not be so far.
    is_due: bool,
    /// The answer to our last offer was refused, and we have offered anew.
    is_repairing: bool,
    /// Which side of DTLS we are, once that is settled.
    role: Option<Role>,
    early: Vec<Candidate>,
}

impl Negotiation {
    pub(super) fn new(
        pc: Arc<dyn PeerConnection>,
        is_master: bool,
        settings: Arc<Settings>,
        outbox: PeerOutbox,
    ) -> Self {
        Self {
            pc,
            is_master,
            settings,
            outbox,
            awaited: None,
            answered: None,
            has_remote: false,
            ignores_offer: false,
            is_asking: false,
            is_asked: false,
            is_letting: false,
            is_due: false,
            is_repairing: false,
            role: None,
            early: Vec::new(),
        }
    }

    /// Makes an offer, or asks to.
    pub(super) async fn negotiate(&mut self) -> Result<(), Failure> {
        if self.is_master {
            return self.offer().await;
        }
        match self.awaited {
            Some(_) => self.is_due = true,
            None => self.ask().await,
        }
        Ok(())
    }

    /// What we send has changed. The first offer is the master's: what it has no place for is offered once it is answered.
    pub(super) async fn renegotiate(&mut self) -> Result<(), Failure> {
        match self.is_master || self.has_remote {
            true => self.negotiate().await,
            false => Ok(()),
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
        self.renew_servers().await?;
        self.pc.restart_ice().await?;
        self.negotiate().await
    }

    /// ICE is about to restart. The credentials of the servers that the signaling server gave may have expired.
    async fn renew_servers(&self) -> Result<(), Failure> {
        if self.settings.are_servers_given() {
            let configuration = configuration(&self.settings);
            self.pc.set_configuration(configuration).await?;
        }
        Ok(())
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
        self.is_due = false;
        let request = serde_json::json!({ "requestOfferer": true });
        self.outbox.send("negotiate", Some(request)).await;
    }

    async fn let_offer(&mut self) {
        self.is_asked = self.awaited.is_some();
        if !self.is_asked {
            self.is_letting = true;
            self.outbox.send("requestoffer", None).await;
        }
    }

    /// Neither side waits for the other any more: what could not be negotiated before can be now.
    async fn settled(&mut self) -> Result<(), Failure> {
        if self.is_asked {
            self.let_offer().await;
        }
        match self.is_due && self.awaited.is_none() {
            true => self.negotiate().await,
            false => Ok(()),
        }
    }

    async fn offer(&mut self) -> Result<(), Failure> {
        self.is_asking = false;
        self.is_due = self.is_letting || self.awaited.is_some();
        if self.is_due {
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
        self.ignores_offer = self.is_master && self.awaited.is_some();
        if self.ignores_offer {
            return Ok(());
        }
        if offer.offer.is_some() && offer.offer == self.answered {
            // It was said again, so the answer may be lost.
            self.send_description(DescriptionKind::Answer, self.answered)
                .await;
            return Ok(());
        }
        self.is_letting = false;
        self.is_due |= self.awaited.take().is_some();
        self.roll_back_ours().await?;
        self.answered = None;
        let answered = match is_empty(&offer.sdp) {
            true => self.answer_nothing(offer.offer).await,
            false => self.answer(offer).await,
        };
        let done = match answered {
            Ok(()) => self.add_early().await,
            Err(error) => {
                // The candidates that follow belong to it.
                self.ignores_offer = true;
                self.roll_back_theirs().await?;
                Err(error)
            }
        };
        done.and(self.settled().await)
    }

    async fn answer(&mut self, offer: Description) -> Result<(), Failure> {
        // Such an offer says nothing that data channels could be made for; then ours has to.
        let has_channels = offer.sdp.contains("\nm=application");
        sections::check(&*self.pc, &offer.sdp).await?;
        if let Some(before) = self.pc.current_remote_description().await
            && restarts_ice(&offer.sdp, &before.sdp)
        {
            self.renew_servers().await?;
        }
        self.set_remote(RTCSdpType::Offer, offer.sdp).await?;
        self.is_repairing = false;
        let answer = self.pc.create_answer(None).await?;
        self.settle_role(&answer.sdp, true);
        self.pc.set_local_description(answer).await?;
        self.answered = offer.offer;
        self.send_description(DescriptionKind::Answer, offer.offer)
            .await;
        self.is_due |= !has_channels && !self.is_master;
        self.is_due |= sections::has_unoffered(&*self.pc).await;
        Ok(())
    }

    /// Answers an offer without a media section, as an original client makes it that has nothing to send. The connection takes no
    /// such offer, and has nothing to learn from it.
    async fn answer_nothing(&mut self, offer: Option<u64>) -> Result<(), Failure> {
        let answer = Description {
            kind: DescriptionKind::Answer,
            sdp: NOTHING.to_owned(),
            offer,
        };
        let answer = serde_json::to_value(answer)?;
        self.outbox.send("sdp", Some(answer)).await;
        self.is_due = true;
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
        let applied = match self
            .set_remote(RTCSdpType::Answer, answer.sdp.clone())
            .await
        {
            Ok(()) => {
                self.is_repairing = false;
                self.settle_role(&answer.sdp, false);
                self.add_early().await
            }
            Err(error) => {
                // The candidates that follow belong to it.
                self.ignores_offer = true;
                match self.repair().await? {
                    true => Ok(()),
                    false => Err(error),
                }
            }
        };
        applied.and(self.settled().await)
    }

    /// Takes back an offer whose answer was refused, and restarts ICE with the next one, once. Firefox 153 answers with a restart
    /// when one was due on its side, which the offer did not ask for. The first offer is not repaired, since Chromium can't do so.
    ///
    /// Returns whether there was an offer to take back: an answer that the connection has taken in part has ended the exchange.
    async fn repair(&mut self) -> Result<bool, Failure> {
        if self.is_repairing || !self.has_remote || !self.roll_back_ours().await? {
            return Ok(false);
        }
        self.is_repairing = true;
        self.renew_servers().await?;
        self.pc.restart_ice().await?;
        self.is_due = true;
        Ok(true)
    }

    /// Takes back our offer, and returns whether there was one.
    async fn roll_back_ours(&self) -> Result<bool, Failure> {
        let is_there = self.pc.pending_local_description().await.is_some();
        if is_there {
            let rollback = RTCSessionDescription::rollback(None)?;
            self.pc.set_local_description(rollback).await?;
        }
        Ok(is_there)
    }

    /// A description that is refused halfway stays in the connection otherwise, and nothing could be negotiated any more.
    async fn roll_back_theirs(&self) -> Result<(), Failure> {
        if self.pc.pending_remote_description().await.is_some() {
            let rollback = RTCSessionDescription::rollback(None)?;
            self.pc.set_remote_description(rollback).await?;
        }
        Ok(())
    }

    async fn set_remote(&mut self, kind: RTCSdpType, sdp: String) -> Result<(), Failure> {
        let mut sdp = self.settings.dialing.description(sdp);
        if self.settings.media {
            sdp = name_tracks(&sdp);
        }
        let description = match kind {
            RTCSdpType::Offer => RTCSessionDescription::offer(sdp)?,
            _ => RTCSessionDescription::answer(sdp)?,
        };
        self.pc.set_remote_description(description).await?;
        self.has_remote = true;
        Ok(())
    }

    /// Adds the candidates that came before their description. One that is of no use keeps none of the others from being added;
    /// the last such is the error.
    async fn add_early(&mut self) -> Result<(), Failure> {
        let mut added = Ok(());
        if !self.has_remote {
            return added;
        }
        for candidate in std::mem::take(&mut self.early) {
            added = self.add_candidate(candidate).await.and(added);
        }
        added
    }

    /// The first answer says which side of DTLS each is
    /// ([RFC 5763, section 5](https://www.rfc-editor.org/rfc/rfc5763#section-5)); it stays so.
    fn settle_role(&mut self, answer: &str, is_ours: bool) {
        if self.role.is_none() {
            self.role = Role::in_answer(answer).map(|role| match is_ours {
                true => role,
                false => role.other(),
            });
        }
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
        let Some(text) = self.settings.dialing.candidate(candidate.candidate) else {
            return Ok(());
        };
        let init = RTCIceCandidateInit {
            candidate: text,
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
        let sdp = match self.role {
            Some(role) => role.said_in(&local.sdp),
            None => local.sdp,
        };
        let description = Description { kind, sdp, offer };
        if let Ok(json) = serde_json::to_value(description) {
            self.outbox.send("sdp", Some(json)).await;
        }
    }
}
