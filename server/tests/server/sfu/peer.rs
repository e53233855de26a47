//! A peer that publishes pictures of a few bytes, or watches them. It runs in a task of its own, and tells what it has seen.

use std::future::pending;
use std::time::{Duration, Instant};

use server::sfu::crypto;
use str0m::change::SdpAnswer;
use str0m::format::{Codec, FormatParams};
use str0m::media::{
    Direction, Frequency, KeyframeRequestKind, MediaKind, Mid, Pt, Rid, Simulcast, SimulcastLayer,
};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc};
use tokio::net::UdpSocket;
use tokio::sync::{mpsc, watch};
use tokio::time::{interval, sleep_until};
use tokio_util::task::AbortOnDropHandle;

use super::{OWN_PAGE, SDP, location, send};
use crate::support::http::{self, Answer};
use crate::support::{Server, soon};

/// One packet is one picture.
const PICTURE: Duration = Duration::from_millis(20);
/// How a peer calls VP8, and what repairs it.
pub(super) const OF_PUBLISHERS: u8 = 96;
pub(super) const OF_WATCHERS: u8 = 120;
/// The payload descriptor of VP8, for the first packet of a picture.
const BEGINS_PICTURE: u8 = 0x10;
const NO_KEYFRAME: u8 = 1;

/// A packet that a watcher got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Got {
    pub(super) pt: u8,
    pub(super) number: u64,
    pub(super) time: u32,
    pub(super) is_keyframe: bool,
    /// Which layer of the publisher it was, counted in the order of its offer.
    pub(super) layer: u8,
}

/// What a peer has seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) is_connected: bool,
    pub(super) is_over: bool,
    /// Keyframes that it was asked for.
    pub(super) asked: usize,
    pub(super) got: Vec<Got>,
}

/// A peer, and its session.
pub(super) struct Peer {
    pub(super) location: String,
    pub(super) offer: String,
    pub(super) answer: String,
    seen: watch::Receiver<Seen>,
    orders: mpsc::UnboundedSender<()>,
    _task: AbortOnDropHandle<()>,
}

impl Peer {
    /// Publishes pictures of so many bytes, one or in layers of these names.
    pub(super) async fn publishes(server: &Server, room: &str, layers: &[&str]) -> Self {
        Self::publishes_of(server, room, layers, 100).await
    }

    pub(super) async fn publishes_of(
        server: &Server,
        room: &str,
        layers: &[&str],
        bytes: usize,
    ) -> Self {
        let path = format!("/whip/{room}");
        let role = Role::Publishes {
            rids: layers.iter().map(|name| Rid::from(*name)).collect(),
            bytes,
        };
        Self::begin(server, &path, role, &[OWN_PAGE]).await
    }

    /// Publishes as whoever sends these headers.
    pub(super) async fn publishes_as(
        server: &Server,
        room: &str,
        headers: &[(&str, &str)],
    ) -> Self {
        let role = Role::Publishes {
            rids: Vec::new(),
            bytes: 100,
        };
        Self::begin(server, &format!("/whip/{room}"), role, headers).await
    }

    /// Watches at an address such as `lobby/ID`.
    pub(super) async fn watches(server: &Server, whom: &str) -> Self {
        Self::watches_as(server, whom, &[OWN_PAGE]).await
    }

    /// The same as whoever sends these headers.
    pub(super) async fn watches_as(server: &Server, whom: &str, headers: &[(&str, &str)]) -> Self {
        Self::begin(server, &format!("/whep/{whom}"), Role::Watches, headers).await
    }

    async fn begin(server: &Server, path: &str, role: Role, headers: &[(&str, &str)]) -> Self {
        let (mut unanswered, offer) = Unanswered::new(server, role).await;
        let headers = [&[SDP], headers].concat();
        let answer = http::post(server, path, &headers, &offer).await;
        let location = location(path.split('?').next().unwrap(), &answer);
        let answer = answer.text().to_owned();
        unanswered.accept(&answer);
        let (seen, watched) = watch::channel(Seen::default());
        let (orders, ordered) = mpsc::unbounded_channel();
        let task = tokio::spawn(unanswered.run(seen, ordered));
        Self {
            location,
            offer,
            answer,
            seen: watched,
            orders,
            _task: AbortOnDropHandle::new(task),
        }
    }

    /// By which others watch it.
    pub(super) fn id(&self) -> &str {
        self.location.rsplit('/').nth(1).unwrap()
    }

    /// What it has seen when it is as a test wants it.
    pub(super) async fn sees(&mut self, what: &str, condition: impl FnMut(&Seen) -> bool) -> Seen {
        let seen = soon(what, self.seen.wait_for(condition)).await;
        seen.unwrap().clone()
    }

    /// Until so many more packets have come.
    pub(super) async fn gets(&mut self, more: usize) -> Seen {
        let before = self.seen.borrow().got.len();
        self.sees("more pictures", |seen| seen.got.len() >= before + more)
            .await
    }

    pub(super) fn now(&self) -> Seen {
        self.seen.borrow().clone()
    }

    pub(super) fn asks_for_a_keyframe(&self) {
        self.orders.send(()).unwrap();
    }
}

/// An offer as a peer makes it that does nothing else, and what it is answered.
pub(super) async fn offer_to(server: &Server, path: &str) -> Answer {
    let role = match path.starts_with("/whip") {
        true => Role::Publishes {
            rids: Vec::new(),
            bytes: 0,
        },
        false => Role::Watches,
    };
    let (_, offer) = Unanswered::new(server, role).await;
    send(server, path, &offer).await
}

/// An offer of whoever publishes.
pub(super) async fn offer(server: &Server) -> String {
    let role = Role::Publishes {
        rids: Vec::new(),
        bytes: 0,
    };
    Unanswered::new(server, role).await.1
}

enum Role {
    Publishes { rids: Vec<Rid>, bytes: usize },
    Watches,
}

struct Unanswered {
    rtc: Rtc,
    socket: UdpSocket,
    mid: Mid,
    pending: Option<str0m::change::SdpPendingOffer>,
    role: Role,
}

impl Unanswered {
    async fn new(server: &Server, role: Role) -> (Self, String) {
        let socket = UdpSocket::bind((server.address.ip(), 0)).await.unwrap();
        let mut config = Rtc::builder()
            .set_crypto_provider(crypto::provider())
            .set_rtp_mode(true)
            .clear_codecs();
        let pt = match role {
            Role::Publishes { .. } => OF_PUBLISHERS,
            Role::Watches => OF_WATCHERS,
        };
        config.codec_config().add_config(
            Pt::from(pt),
            Some(Pt::from(pt + 1)),
            Codec::Vp8,
            Frequency::NINETY_KHZ,
            None,
            FormatParams::default(),
        );
        let mut rtc = config.build(Instant::now());
        let candidate = Candidate::host(socket.local_addr().unwrap(), "udp").unwrap();
        rtc.add_local_candidate(candidate);
        let (direction, simulcast) = match &role {
            Role::Publishes { rids, .. } if rids.is_empty() => (Direction::SendOnly, None),
            Role::Publishes { rids, .. } => {
                let mut simulcast = Simulcast::new();
                for rid in rids {
                    simulcast.add_send_layer(SimulcastLayer::new(rid));
                }
                (Direction::SendOnly, Some(simulcast))
            }
            Role::Watches => (Direction::RecvOnly, None),
        };
        let mut changes = rtc.sdp_api();
        let mid = changes.add_media(MediaKind::Video, direction, None, None, simulcast);
        let (offer, pending) = changes.apply().unwrap();
        let unanswered = Self {
            rtc,
            socket,
            mid,
            pending: Some(pending),
            role,
        };
        (unanswered, offer.to_sdp_string())
    }

    fn accept(&mut self, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).unwrap();
        let pending = self.pending.take().unwrap();
        self.rtc.sdp_api().accept_answer(pending, answer).unwrap();
    }

    async fn run(mut self, seen: watch::Sender<Seen>, mut orders: mpsc::UnboundedReceiver<()>) {
        let mut pictures = interval(PICTURE);
        let mut number = 0;
        // The first picture is a keyframe, and then those that it is asked for.
        let mut needs_keyframe = true;
        let mut buffer = [0; 2000];
        loop {
            let deadline = match self.poll(&seen, &mut needs_keyframe) {
                Some(deadline) => deadline.min(Instant::now() + Duration::from_secs(1)),
                None => {
                    seen.send_modify(|seen| seen.is_over = true);
                    return pending().await;
                }
            };
            let is_connected = seen.borrow().is_connected;
            tokio::select! {
                received = self.socket.recv_from(&mut buffer) => {
                    let Ok((length, source)) = received else { continue };
                    let own = self.socket.local_addr().unwrap();
                    let receive = Receive::new(Protocol::Udp, source, own, &buffer[..length]);
                    let receive = receive.unwrap();
                    self.rtc.handle_input(Input::Receive(Instant::now(), receive)).unwrap();
                }
                () = sleep_until(deadline.into()) => {}
                Some(()) = orders.recv() => {
                    let mut api = self.rtc.direct_api();
                    let stream = api.stream_rx_by_mid(self.mid, None).unwrap();
                    stream.request_keyframe(KeyframeRequestKind::Pli);
                }
                _ = pictures.tick(), if is_connected => {
                    number += 1;
                    self.send_picture(number, needs_keyframe);
                    needs_keyframe = false;
                }
            }
            if self.rtc.is_alive() {
                let _ = self.rtc.handle_input(Input::Timeout(Instant::now()));
            }
        }
    }

    /// When to ask again; never if it is over.
    fn poll(&mut self, seen: &watch::Sender<Seen>, needs_keyframe: &mut bool) -> Option<Instant> {
        loop {
            match self.rtc.poll_output().ok()? {
                Output::Timeout(deadline) => return self.rtc.is_alive().then_some(deadline),
                Output::Transmit(packet) => {
                    let _ = self
                        .socket
                        .try_send_to(&packet.contents, packet.destination);
                }
                Output::Event(Event::Closed) => return None,
                Output::Event(Event::Connected) => {
                    seen.send_modify(|seen| seen.is_connected = true);
                }
                Output::Event(Event::KeyframeRequest(_)) => {
                    *needs_keyframe = true;
                    seen.send_modify(|seen| seen.asked += 1);
                }
                Output::Event(Event::RtpPacket(packet)) => {
                    if let Some(got) = got(&packet) {
                        seen.send_modify(|seen| seen.got.push(got));
                    }
                }
                Output::Event(_) => {}
            }
        }
    }

    fn send_picture(&mut self, number: u64, is_keyframe: bool) {
        let Role::Publishes { rids, bytes } = &self.role else {
            return;
        };
        let layers: Vec<Option<Rid>> = match rids.is_empty() {
            true => vec![None],
            false => rids.iter().copied().map(Some).collect(),
        };
        for (index, rid) in layers.into_iter().enumerate() {
            let layer = u8::try_from(index).unwrap();
            // Later layers have more in them, and numbers and times of their own.
            let mut payload = vec![0; bytes * (index + 1) + 3];
            payload[0] = BEGINS_PICTURE;
            payload[1] = if is_keyframe { 0 } else { NO_KEYFRAME };
            payload[2] = layer;
            let number = number + 1000 * u64::from(layer);
            let time = u32::try_from(number * 1800).unwrap() + 1_000_000 * u32::from(layer);
            let mut api = self.rtc.direct_api();
            let stream = api.stream_tx_by_mid(self.mid, rid).unwrap();
            let pt = Pt::from(OF_PUBLISHERS);
            let write = RtpWrite::new(pt, number.into(), time, Instant::now(), payload);
            stream.write_rtp(write.marker(true).nackable(true));
        }
    }
}

fn got(packet: &RtpPacket) -> Option<Got> {
    let [_, second, layer, ..] = packet.payload[..] else {
        return None;
    };
    Some(Got {
        pt: *packet.header.payload_type,
        number: *packet.seq_no,
        time: packet.header.timestamp,
        is_keyframe: second & NO_KEYFRAME == 0,
        layer,
    })
}
