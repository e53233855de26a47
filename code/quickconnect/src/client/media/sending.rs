//! How one call sends the tracks that we have: which are in its connection, and a task for each that sends what it is fed.
//!
//! May import: channels, codec, local, rand, rtc, tokio, webrtc.

use std::sync::Arc;

use rtc::rtp_transceiver::RTCRtpTransceiverId;
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodingParameters, RTCRtpEncodingParameters};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use webrtc::error::Result;
use webrtc::media_stream::MediaStreamTrack;
use webrtc::media_stream::track_local::TrackLocal;
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use webrtc::peer_connection::PeerConnection;
use webrtc::rtp_transceiver::{RtpSender, RtpTransceiver};

use super::codec::Codec;
use super::local::LocalTrack;
use crate::client::channels::Life;

pub(in crate::client) struct Sending {
    pc: Arc<dyn PeerConnection>,
    life: Life,
    sent: Vec<Sent>,
    tasks: JoinSet<()>,
}

/// A track that the connection has.
struct Sent {
    track: LocalTrack,
    sender: Arc<dyn RtpSender>,
    /// Which number the codec has, once both sides have agreed that it is sent.
    agreed: watch::Sender<Option<u8>>,
    task: AbortHandle,
}

impl Sending {
    pub(in crate::client) fn new(pc: Arc<dyn PeerConnection>, life: Life) -> Self {
        Self {
            pc,
            life,
            sent: Vec::new(),
            tasks: JoinSet::new(),
        }
    }

    /// Puts these in the place of those that were sent until now. What changes has to be negotiated.
    pub(in crate::client) async fn set(&mut self, tracks: &[LocalTrack]) -> Result<()> {
        let is_sent = |sent: &Sent| tracks.contains(&sent.track);
        for gone in self.sent.extract_if(.., |sent| !is_sent(sent)) {
            gone.task.abort();
            self.pc.remove_track(&gone.sender).await?;
        }
        for track in tracks {
            if !self.sent.iter().any(|sent| sent.track == *track) {
                let sent = self.add(track.clone()).await?;
                self.sent.push(sent);
            }
        }
        // Those that were removed.
        while self.tasks.try_join_next().is_some() {}
        Ok(())
    }

    /// A negotiation has ended: finds out what is sent now.
    pub(in crate::client) async fn settle(&self) {
        if self.sent.is_empty() {
            return;
        }
        let transceivers = self.pc.get_transceivers().await;
        for sent in &self.sent {
            let now = agreed(&transceivers, sent).await;
            sent.agreed
                .send_if_modified(|before| std::mem::replace(before, now) != now);
        }
    }

    async fn add(&mut self, track: LocalTrack) -> Result<Sent> {
        let ssrc = rand::random();
        let coding = RTCRtpEncodingParameters {
            rtp_coding_parameters: RTCRtpCodingParameters {
                ssrc: Some(ssrc),
                ..Default::default()
            },
            codec: track.codec().description(),
            ..Default::default()
        };
        let described = MediaStreamTrack::new(
            track.stream_id().to_owned(),
            track.id().to_owned(),
            track.id().to_owned(),
            track.codec().media(),
            vec![coding],
        );
        let rtp = Arc::new(TrackLocalStaticRTP::new(described));
        let sender = self.pc.add_track(Arc::clone(&rtp) as _).await?;
        let (agreed, may_send) = watch::channel(None);
        let sending = send(track.clone(), rtp, ssrc, may_send, self.life.clone());
        let task = self.tasks.spawn(sending);
        Ok(Sent {
            track,
            sender,
            agreed,
            task,
        })
    }
}

/// Which number the codec of a track has, if both sides have agreed that it is sent.
async fn agreed(transceivers: &[Arc<dyn RtpTransceiver>], sent: &Sent) -> Option<u8> {
    let id = RTCRtpTransceiverId::from(sent.sender.id());
    let transceiver = transceivers.iter().find(|one| one.id() == id)?;
    if !transceiver.current_direction().await.ok()?.has_send() {
        return None;
    }
    let parameters = sent.sender.get_parameters().await.ok()?;
    let codecs = parameters.rtp_parameters.codecs;
    let is_it = |name: &str| Codec::named(name) == Some(sent.track.codec());
    let codec = codecs
        .iter()
        .find(|codec| is_it(&codec.rtp_codec.mime_type));
    codec.map(|codec| codec.payload_type)
}

/// Sends what a track is fed while both sides agree that it is sent, and passes on requests for key frames.
async fn send(
    track: LocalTrack,
    rtp: Arc<TrackLocalStaticRTP>,
    ssrc: u32,
    mut agreed: watch::Receiver<Option<u8>>,
    life: Life,
) {
    // Before that there is nothing to encrypt with.
    life.started.cancelled().await;
    loop {
        if agreed.wait_for(Option::is_some).await.is_err() {
            return;
        }
        // What was fed before is for nobody here.
        let mut packets = track.packets();
        track.want_key_frame();
        loop {
            tokio::select! {
                packet = packets.recv() => {
                    let payload_type = *agreed.borrow();
                    let Some(payload_type) = payload_type else { break };
                    match packet {
                        // An error says that the connection is closed.
                        Ok(packet) => drop(rtp.write_rtp(packet.addressed(ssrc, payload_type)).await),
                        Err(RecvError::Lagged(_)) => {}
                        Err(RecvError::Closed) => return,
                    }
                }
                request = rtp.poll() => match request {
                    Some(_) => track.ask_for_key_frame(),
                    None => return,
                },
            }
        }
    }
}
