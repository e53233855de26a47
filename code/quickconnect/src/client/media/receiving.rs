//! How one call takes the tracks that its peer sends: a task for each passes packets on to the program, for as long as the peer says that it sends them.
//!
//! May import: channels, codec, event, media, negotiation, packet, protocol, queue, remote, thiserror, tokio, webrtc.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinSet;
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};
use webrtc::peer_connection::PeerConnection;

use super::codec::Codec;
use super::packet::RtpPacket;
use super::remote::{About, RemoteTrack};
use super::{MAX_PACKETS, MAX_TRACKS};
use crate::client::channels::{Life, Note};
use crate::client::event::{Error, Event};
use crate::client::negotiation::{sent_tracks, track_id};
use crate::client::queue::CallEvents;
use crate::protocol::PeerId;

/// How many tracks the other side may send in the course of a call, and how often the program is told of one, for each that it may send at once. The connection keeps something of each
/// until its end.
const MADE_FOR_EACH: usize = 8;

/// The other side has sent more tracks than it may.
#[derive(Debug, thiserror::Error)]
#[error("it sent more than {limit} tracks in one call")]
pub(in crate::client) struct Excess {
    limit: usize,
}

pub(in crate::client) struct Receiving {
    pc: Arc<dyn PeerConnection>,
    peer: PeerId,
    events: CallEvents,
    notes: mpsc::Sender<Note>,
    life: Life,
    /// How often the program has been told of a track.
    told: Arc<AtomicUsize>,
    /// Those that have ever come.
    known: Vec<Known>,
    tasks: JoinSet<()>,
}

struct Known {
    /// With the name of its section.
    id: String,
    /// The other side says that it sends it.
    is_sent: watch::Sender<bool>,
}

impl Receiving {
    pub(in crate::client) fn new(
        pc: Arc<dyn PeerConnection>,
        peer: PeerId,
        events: CallEvents,
        notes: mpsc::Sender<Note>,
        life: Life,
    ) -> Self {
        Self {
            pc,
            peer,
            events,
            notes,
            life,
            told: Arc::default(),
            known: Vec::new(),
            tasks: JoinSet::new(),
        }
    }

    /// The first packet of a track has come.
    ///
    /// # Errors
    /// When so many have come in this call that it should end.
    pub(in crate::client) async fn take(
        &mut self,
        inner: Arc<dyn TrackRemote>,
    ) -> Result<(), Excess> {
        let limit = MAX_TRACKS * MADE_FOR_EACH;
        if self.known.len() >= limit {
            return Err(Excess { limit });
        }
        let about = self.about(&inner).await;
        let (is_sent, sent) = watch::channel(false);
        let id = inner.track_id().await;
        self.known.push(Known { id, is_sent });
        self.settle().await;
        let are_sent = self.known.iter().filter(|known| *known.is_sent.borrow());
        let has_place = are_sent.count() <= MAX_TRACKS;
        if !has_place {
            let reason = format!("it sends more than {MAX_TRACKS} tracks at once");
            let error = Error::unusable(&self.peer, reason);
            self.events.offer(Event::Error(error));
        }
        match about.filter(|_| has_place) {
            Some(about) => {
                let (events, notes, life) =
                    (self.events.clone(), self.notes.clone(), self.life.clone());
                let told = Arc::clone(&self.told);
                let passing = pass_on(about, sent, told, events, notes, life);
                self.tasks.spawn(passing);
            }
            None => drop(self.tasks.spawn(ignore(inner))),
        }
        Ok(())
    }

    /// A negotiation has ended: finds out what the other side says that it sends.
    pub(in crate::client) async fn settle(&self) {
        if self.known.is_empty() {
            return;
        }
        let description = self.pc.current_remote_description().await;
        let sdp = description
            .map(|description| description.sdp)
            .unwrap_or_default();
        let sent = sent_tracks(&sdp);
        for known in &self.known {
            let now = sent.contains(known.id.as_str());
            known
                .is_sent
                .send_if_modified(|before| std::mem::replace(before, now) != now);
        }
    }

    /// Waits until the end of every track has been told. The connection must be closed already.
    pub(in crate::client) async fn finish(mut self) {
        self.known.clear();
        while self.tasks.join_next().await.is_some() {}
    }

    /// What there is to say of a track. Nothing of one in another codec, which nobody has agreed to, and of one without a name: its packets have overtaken the
    /// description that names it, and those that follow it are of another track.
    async fn about(&self, inner: &Arc<dyn TrackRemote>) -> Option<About> {
        let id = inner.track_id().await;
        let id = track_id(&id).to_owned();
        let ssrc = inner.ssrcs().await.first().copied()?;
        let codec = Codec::named(&inner.codec(ssrc).await?.mime_type)?;
        (!id.is_empty()).then_some(About {
            peer: self.peer.clone(),
            id,
            stream: inner.stream_id().await,
            codec,
            inner: Arc::clone(inner),
            ssrc: AtomicU32::new(ssrc),
            asked_at: Mutex::default(),
        })
    }
}

/// Takes what comes on a track that nobody is told of: the connection would keep its last 256 packets.
async fn ignore(inner: Arc<dyn TrackRemote>) {
    while inner.poll().await.is_some() {}
}

/// Tells the program of a track, and gives it its packets, whenever the other side says that it sends it and does so.
async fn pass_on(
    about: About,
    mut is_sent: watch::Receiver<bool>,
    told: Arc<AtomicUsize>,
    events: CallEvents,
    notes: mpsc::Sender<Note>,
    life: Life,
) {
    tokio::select! {
        () = life.started.cancelled() => {}
        () = life.over.cancelled() => return,
    }
    let mut open: Option<Open> = None;
    loop {
        tokio::select! {
            event = about.inner.poll() => match event {
                Some(TrackRemoteEvent::OnOpen(stream)) if stream.rid.is_none() => {
                    about.ssrc.store(stream.ssrc, Relaxed);
                    open.as_ref().inspect(|open| open.about.ssrc.store(stream.ssrc, Relaxed));
                }
                // Of several layers of a picture, the one that came first.
                Some(TrackRemoteEvent::OnRtpPacket(packet))
                    if *is_sent.borrow() && packet.header.ssrc == about.ssrc.load(Relaxed) =>
                {
                    if open.is_none() {
                        let new = Open::new(about.anew());
                        let event = Event::TrackDetected(new.track());
                        open = Some(new);
                        // What waits for the program in an event that it has not taken is more than the event.
                        let is_excess = told.fetch_add(1, Relaxed) >= MAX_TRACKS * MADE_FOR_EACH;
                        if is_excess || events.message(event, 0).is_err() {
                            let _ = notes.try_send(Note::Overrun);
                            return;
                        }
                    }
                    if let Some(open) = &open {
                        // An error says that the program has dropped it.
                        let _ = open.packets.send(packet.into());
                    }
                }
                Some(_) => {}
                None => break,
            },
            changed = is_sent.changed() => {
                if changed.is_err() {
                    break;
                }
                if !*is_sent.borrow_and_update() {
                    close(open.take(), &events);
                }
            }
        }
    }
    close(open, &events);
}

/// A track that the program has been told of.
struct Open {
    about: Arc<About>,
    packets: broadcast::Sender<RtpPacket>,
}

impl Open {
    fn new(about: About) -> Self {
        Self {
            about: Arc::new(about),
            packets: broadcast::Sender::new(MAX_PACKETS),
        }
    }

    fn track(&self) -> RemoteTrack {
        RemoteTrack::new(Arc::clone(&self.about), self.packets.subscribe())
    }
}

/// Tells the program that a track is sent no longer.
fn close(open: Option<Open>, events: &CallEvents) {
    if let Some(open) = open {
        events.tell(Event::TrackRemoved(open.track()));
    }
}
