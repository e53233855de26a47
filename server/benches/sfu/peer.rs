//! A peer on a thread of its own: it publishes pictures that say when they were sent, or watches them. It ends when it is dropped, and its session with it.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use server::sfu::crypto;
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::format::{Codec, FormatParams};
use str0m::media::{Direction, Frequency, MediaKind, Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc};

/// A stream of 1 Mbit/s.
const PICTURES_PER_SECOND: u32 = 30;
const PACKETS_OF_PICTURE: u64 = 4;
const BYTES_OF_PACKET: usize = 1_042;
const CLOCK_RATE: u32 = 90_000;
const PT: u8 = 96;

/// The payload descriptor of VP8, for the first packet of a picture; and what is behind it if that is no keyframe.
const BEGINS_PICTURE: u8 = 0x10;
const NO_KEYFRAME: u8 = 1;
/// Where a packet says when it was sent, and whether it is of a keyframe.
const SENT: std::ops::Range<usize> = 2..10;
const OF_KEYFRAME: usize = 10;

/// Times that are kept until somebody takes them.
const MAX_DELAYS: usize = 100_000;
/// How long a peer sleeps at most.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// Times in packets count from here.
static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// What a peer has seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// When the first picture was there that a decoder can begin with.
    pub(crate) picture: Option<Instant>,
    pub(crate) packets: u64,
    pub(crate) bytes: usize,
}

#[derive(Debug, Default)]
struct Told {
    seen: Seen,
    /// Of packets since they were taken.
    delays: Vec<Duration>,
}

/// One peer.
pub(crate) struct Peer {
    /// By which others watch it: the room and its id.
    pub(crate) whom: String,
    told: Arc<Mutex<Told>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    /// The server, and where the session is there.
    session: Option<(SocketAddr, String)>,
}

impl Peer {
    /// Publishes in a room.
    pub(crate) fn publishes(server: SocketAddr, room: &str) -> Result<Self> {
        Self::begin(server, &format!("/whip/{room}"), Direction::SendOnly)
    }

    /// Watches somebody.
    pub(crate) fn watches(server: SocketAddr, whom: &str) -> Result<Self> {
        Self::begin(server, &format!("/whep/{whom}"), Direction::RecvOnly)
    }

    /// One who publishes and one who watches, without a server between them.
    pub(crate) fn direct() -> Result<(Self, Self)> {
        let (mut sending, offer) = Unanswered::offering(Direction::SendOnly)?;
        let mut receiving = Unanswered::new()?;
        let offer = SdpOffer::from_sdp_string(&offer)?;
        let answer = receiving.rtc.sdp_api().accept_offer(offer)?;
        sending.accept(&answer.to_sdp_string())?;
        Ok((sending.start(), receiving.start()))
    }

    fn begin(server: SocketAddr, path: &str, direction: Direction) -> Result<Self> {
        let (mut unanswered, offer) = Unanswered::offering(direction)?;
        let answer = request(server, "POST", path, &offer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("a head")?;
        ensure!(head.starts_with("HTTP/1.1 201"), "{answer}");
        let location = head
            .lines()
            .find_map(|line| line.strip_prefix("location: "))
            .context("a session has an address")?;
        unanswered.accept(body)?;
        let (folder, _) = path.rsplit_once('/').context("a path")?;
        let (whom, _) = location.rsplit_once('/').context("an id")?;
        let mut peer = unanswered.start();
        peer.whom = whom.to_owned();
        peer.session = Some((server, format!("{folder}/{location}")));
        Ok(peer)
    }

    pub(crate) fn seen(&self) -> Seen {
        lock(&self.told).seen.clone()
    }

    /// How long the packets took that have come since the last time.
    pub(crate) fn take_delays(&self) -> Vec<Duration> {
        std::mem::take(&mut lock(&self.told).delays)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some((server, path)) = &self.session {
            // The session ends by itself as well.
            let _ = request(*server, "DELETE", path, "");
        }
        self.stop.store(true, Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock(told: &Mutex<Told>) -> std::sync::MutexGuard<'_, Told> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A request of a page of the server, and the whole response.
fn request(server: SocketAddr, method: &str, path: &str, body: &str) -> Result<String> {
    let mut socket = TcpStream::connect(server)?;
    let length = body.len();
    write!(
        socket,
        "{method} {path} HTTP/1.1\r\nhost: {server}\r\norigin: http://{server}\r\nconnection: close\r\n\
         content-type: application/sdp\r\ncontent-length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer)?;
    Ok(answer)
}

/// A peer that does nothing yet.
struct Unanswered {
    rtc: Rtc,
    socket: UdpSocket,
    address: SocketAddr,
    /// What it offers, and whether it sends there.
    offered: Option<(Mid, SdpPendingOffer)>,
    sends: Option<Mid>,
}

impl Unanswered {
    fn new() -> Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = socket.local_addr()?;
        let mut config = Rtc::builder()
            .set_crypto_provider(crypto::provider())
            .set_rtp_mode(true)
            .clear_codecs();
        config.codec_config().add_config(
            Pt::from(PT),
            Some(Pt::from(PT + 1)),
            Codec::Vp8,
            Frequency::NINETY_KHZ,
            None,
            FormatParams::default(),
        );
        let mut rtc = config.build(Instant::now());
        rtc.add_local_candidate(Candidate::host(address, "udp")?);
        Ok(Self {
            rtc,
            socket,
            address,
            offered: None,
            sends: None,
        })
    }

    fn offering(direction: Direction) -> Result<(Self, String)> {
        let mut unanswered = Self::new()?;
        let mut changes = unanswered.rtc.sdp_api();
        let mid = changes.add_media(MediaKind::Video, direction, None, None, None);
        let (offer, pending) = changes.apply().context("an offer")?;
        unanswered.sends = (direction == Direction::SendOnly).then_some(mid);
        unanswered.offered = Some((mid, pending));
        Ok((unanswered, offer.to_sdp_string()))
    }

    fn accept(&mut self, answer: &str) -> Result<()> {
        let answer = SdpAnswer::from_sdp_string(answer)?;
        let (_, pending) = self.offered.take().context("an offer")?;
        self.rtc.sdp_api().accept_answer(pending, answer)?;
        Ok(())
    }

    fn start(self) -> Peer {
        let told = Arc::<Mutex<Told>>::default();
        let stop = Arc::<AtomicBool>::default();
        let thread = thread::spawn({
            let (told, stop) = (Arc::clone(&told), Arc::clone(&stop));
            move || {
                if let Err(error) = self.run(&told, &stop) {
                    eprintln!("A peer has ended: {error:#}");
                }
            }
        });
        Peer {
            whom: String::new(),
            told,
            stop,
            thread: Some(thread),
            session: None,
        }
    }

    fn run(mut self, told: &Mutex<Told>, stop: &AtomicBool) -> Result<()> {
        let mut buffer = [0; 2000];
        let mut pictures = 0;
        let mut next_picture = None;
        let mut needs_keyframe = true;
        while !stop.load(Relaxed) && self.rtc.is_alive() {
            let deadline = self.poll(told, &mut next_picture, &mut needs_keyframe)?;
            let now = Instant::now();
            if let Some(due) = next_picture.filter(|due| *due <= now) {
                self.send_picture(pictures, std::mem::take(&mut needs_keyframe));
                pictures += 1;
                next_picture = Some(due + Duration::from_secs(1) / PICTURES_PER_SECOND);
                self.rtc.handle_input(Input::Timeout(Instant::now()))?;
                continue;
            }
            let wakes = deadline.min(next_picture.unwrap_or(deadline));
            let pause = wakes.saturating_duration_since(now);
            let pause = pause.clamp(Duration::from_millis(1), LONGEST_PAUSE);
            self.socket.set_read_timeout(Some(pause))?;
            match self.socket.recv_from(&mut buffer) {
                Ok((length, source)) => {
                    let packet = &buffer[..length];
                    let receive = Receive::new(Protocol::Udp, source, self.address, packet)?;
                    self.rtc
                        .handle_input(Input::Receive(Instant::now(), receive))?;
                }
                // A server that has ended a session has nobody there.
                Err(error)
                    if [
                        ErrorKind::WouldBlock,
                        ErrorKind::TimedOut,
                        ErrorKind::ConnectionRefused,
                    ]
                    .contains(&error.kind()) => {}
                Err(error) => return Err(error.into()),
            }
            self.rtc.handle_input(Input::Timeout(Instant::now()))?;
        }
        Ok(())
    }

    /// When to ask again.
    fn poll(
        &mut self,
        told: &Mutex<Told>,
        next_picture: &mut Option<Instant>,
        needs_keyframe: &mut bool,
    ) -> Result<Instant> {
        loop {
            match self.rtc.poll_output()? {
                Output::Timeout(deadline) => return Ok(deadline),
                Output::Transmit(packet) => {
                    // What the system does not take is lost, as in any network.
                    let _ = (self.socket).send_to(&packet.contents, packet.destination);
                }
                Output::Event(Event::Connected) if self.sends.is_some() => {
                    *next_picture = Some(Instant::now());
                }
                Output::Event(Event::KeyframeRequest(_)) => *needs_keyframe = true,
                Output::Event(Event::RtpPacket(packet)) => arrived(&mut lock(told), &packet),
                Output::Event(_) => {}
            }
        }
    }

    fn send_picture(&mut self, picture: u64, is_keyframe: bool) {
        let Some(mid) = self.sends else { return };
        for index in 0..PACKETS_OF_PICTURE {
            let mut payload = vec![0; BYTES_OF_PACKET];
            payload[0] = if index == 0 { BEGINS_PICTURE } else { 0 };
            payload[1] = if is_keyframe { 0 } else { NO_KEYFRAME };
            payload[SENT].copy_from_slice(&(BEGIN.elapsed().as_nanos() as u64).to_be_bytes());
            payload[OF_KEYFRAME] = u8::from(is_keyframe);
            let number = 1 + picture * PACKETS_OF_PICTURE + index;
            let time = (picture as u32).wrapping_mul(CLOCK_RATE / PICTURES_PER_SECOND);
            let mut api = self.rtc.direct_api();
            let Some(stream) = api.stream_tx_by_mid(mid, None) else {
                return;
            };
            let write = RtpWrite::new(Pt::from(PT), number.into(), time, Instant::now(), payload);
            let is_last = index + 1 == PACKETS_OF_PICTURE;
            stream.write_rtp(write.marker(is_last).nackable(true));
        }
    }
}

fn arrived(told: &mut Told, packet: &RtpPacket) {
    let Some(sent) = packet.payload.get(SENT) else {
        return;
    };
    let sent = sent.try_into().map(u64::from_be_bytes).unwrap_or_default();
    let delay = BEGIN.elapsed().saturating_sub(Duration::from_nanos(sent));
    if told.delays.len() < MAX_DELAYS {
        told.delays.push(delay);
    }
    told.seen.packets += 1;
    told.seen.bytes += packet.payload.len();
    let is_of_keyframe = packet.payload.get(OF_KEYFRAME) == Some(&1);
    if is_of_keyframe && packet.header.marker {
        told.seen.picture.get_or_insert_with(Instant::now);
    }
}
