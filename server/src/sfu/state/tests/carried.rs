//! A watcher behind a line of so many bits a second gets the layer that it carries.

use str0m::format::{Codec, FormatParams};
use str0m::media::{Frequency, Mid, Pt, Rid, Simulcast, SimulcastLayer};
use str0m::rtp::RtpWrite;

use super::*;

const TICK: Duration = Duration::from_millis(1);
const PICTURES_PER_SECOND: u32 = 30;
/// Bits a second of each layer.
const LAYERS: [(&str, u32); 3] = [("l", 150_000), ("m", 500_000), ("h", 1_500_000)];
const BYTES_OF_PACKET: u32 = 1_100;
const PT: u8 = 96;
/// What a bad line keeps before it drops packets, and how long each needs besides.
const QUEUE: Duration = Duration::from_millis(300);
const DELAY: Duration = Duration::from_millis(20);

/// A way to a watcher that carries so much.
struct Line {
    bits_per_second: f64,
    free_at: Instant,
    under_way: VecDeque<(Instant, Vec<u8>)>,
}

impl Line {
    fn takes(&mut self, packet: Vec<u8>, now: Instant) {
        let seconds = packet.len() as f64 * 8.0 / self.bits_per_second;
        let ends = self.free_at.max(now) + Duration::from_secs_f64(seconds);
        if ends - now < QUEUE {
            self.free_at = ends;
            self.under_way.push_back((ends + DELAY, packet));
        }
    }

    fn gives(&mut self, now: Instant) -> Option<Vec<u8>> {
        let is_there = self.under_way.front().is_some_and(|(at, _)| *at <= now);
        is_there.then(|| self.under_way.pop_front())?.map(|it| it.1)
    }
}

/// Who publishes three layers, or watches.
struct Peer {
    rtc: Rtc,
    address: SocketAddr,
    mid: Mid,
    is_connected: bool,
    said: Vec<Vec<u8>>,
    /// How many packets have come of each layer.
    came: [usize; LAYERS.len()],
    needs_keyframe: [bool; LAYERS.len()],
}

struct Room {
    state: State,
    begun: Instant,
    now: Instant,
    /// Who publishes, and who watches.
    peers: [Peer; 2],
    line: Line,
    pictures: u32,
    numbers: [u64; LAYERS.len()],
}

impl Peer {
    fn new(index: u16, now: Instant) -> (Self, String, SdpPendingOffer) {
        let address = SocketAddr::new(Ipv4Addr::new(192, 0, 2, 2).into(), 1000 + index);
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
        let mut rtc = config.build(now);
        rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
        let mut changes = rtc.sdp_api();
        let (direction, simulcast) = match index {
            0 => {
                let mut simulcast = Simulcast::new();
                for (name, _) in LAYERS {
                    simulcast.add_send_layer(SimulcastLayer::new(&Rid::from(name)));
                }
                (Direction::SendOnly, Some(simulcast))
            }
            _ => (Direction::RecvOnly, None),
        };
        let mid = changes.add_media(MediaKind::Video, direction, None, None, simulcast);
        let (offer, pending) = changes.apply().unwrap();
        let peer = Self {
            rtc,
            address,
            mid,
            is_connected: false,
            said: Vec::new(),
            came: [0; LAYERS.len()],
            needs_keyframe: [true; LAYERS.len()],
        };
        (peer, offer.to_sdp_string(), pending)
    }

    fn accept(&mut self, answer: &str, pending: SdpPendingOffer) {
        let answer = SdpAnswer::from_sdp_string(answer).unwrap();
        self.rtc.sdp_api().accept_answer(pending, answer).unwrap();
    }

    fn hears(&mut self, packet: &[u8], now: Instant) {
        let receive = Receive::new(Protocol::Udp, server(), self.address, packet).unwrap();
        self.rtc.handle_input(Input::Receive(now, receive)).unwrap();
        self.poll();
    }

    /// What it sends.
    fn says(&mut self, now: Instant) -> Vec<Vec<u8>> {
        self.rtc.handle_input(Input::Timeout(now)).unwrap();
        self.poll();
        std::mem::take(&mut self.said)
    }

    fn poll(&mut self) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(_) => return,
                Output::Transmit(packet) => self.said.push(packet.contents.to_vec()),
                Output::Event(Event::Connected) => self.is_connected = true,
                Output::Event(Event::KeyframeRequest(request)) => {
                    let index = LAYERS
                        .iter()
                        .position(|(name, _)| request.rid.is_some_and(|rid| *rid == **name));
                    self.needs_keyframe[index.unwrap()] = true;
                }
                Output::Event(Event::RtpPacket(packet)) if packet.payload.len() > 2 => {
                    self.came[usize::from(packet.payload[2])] += 1;
                }
                Output::Event(_) => {}
            }
        }
    }
}

impl Room {
    fn new(bits_per_second: f64) -> Self {
        let now = Instant::now();
        let mut state = State::new(Arc::default(), Arc::default(), now).unwrap();
        let mut open = |wish, offer| {
            let opening = Opening {
                room: room(),
                wish,
                offer,
                client: Ipv4Addr::LOCALHOST.into(),
                stay: Term::default().begin(TODAY, now),
                port: PORT,
                told: server(),
            };
            state.open(opening, now).unwrap()
        };
        let (mut publisher, offer, pending) = Peer::new(0, now);
        let opened = open(Wish::Publish, offer);
        publisher.accept(&opened.answer, pending);
        let (mut watcher, offer, pending) = Peer::new(1, now);
        let wish = Wish::Watch {
            id: opened.id,
            passes_keyframes: true,
        };
        watcher.accept(&open(wish, offer).answer, pending);
        Self {
            state,
            begun: now,
            now,
            peers: [publisher, watcher],
            line: Line {
                bits_per_second,
                free_at: now,
                under_way: VecDeque::new(),
            },
            pictures: 0,
            numbers: [0; LAYERS.len()],
        }
    }

    fn tick(&mut self) {
        self.now += TICK;
        let due = (self.now - self.begun).as_secs_f64() * f64::from(PICTURES_PER_SECOND);
        if self.peers[0].is_connected && f64::from(self.pictures) < due {
            self.pictures = due as u32 + 1;
            self.sends_a_picture();
        }
        for index in 0..2 {
            let source = self.peers[index].address;
            for packet in self.peers[index].says(self.now) {
                let ufrag = match of_media(&packet) {
                    Ours::Check(ufrag) => Some(ufrag),
                    _ => None,
                };
                self.state.receive(PORT, source, &packet, ufrag, self.now);
            }
        }
        self.state.proceed(self.now);
        for packet in std::mem::take(&mut self.state.sent) {
            match packet.to == self.peers[0].address {
                true => self.peers[0].hears(&packet.bytes, self.now),
                false => self.line.takes(packet.bytes, self.now),
            }
        }
        while let Some(packet) = self.line.gives(self.now) {
            self.peers[1].hears(&packet, self.now);
        }
    }

    fn sends_a_picture(&mut self) {
        let publisher = &mut self.peers[0];
        for (index, (name, bits)) in LAYERS.into_iter().enumerate() {
            let is_keyframe = std::mem::take(&mut publisher.needs_keyframe[index]);
            let bytes = bits / 8 / PICTURES_PER_SECOND;
            let packets = bytes.div_ceil(BYTES_OF_PACKET);
            for packet in 0..packets {
                self.numbers[index] += 1;
                let mut payload = vec![0; (bytes / packets) as usize];
                payload[0] = if packet == 0 { 0x10 } else { 0 };
                payload[1] = u8::from(!is_keyframe);
                payload[2] = index as u8;
                let mut api = publisher.rtc.direct_api();
                let rid = Some(Rid::from(name));
                let stream = api.stream_tx_by_mid(publisher.mid, rid).unwrap();
                let number = self.numbers[index].into();
                let time = self.pictures * (90_000 / PICTURES_PER_SECOND);
                let write = RtpWrite::new(Pt::from(PT), number, time, self.now, payload);
                stream.write_rtp(write.marker(packet + 1 == packets).nackable(true));
            }
        }
    }

    fn passes(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.tick();
        }
    }

    /// How many packets of each layer came in so many seconds.
    fn came_in(&mut self, seconds: u64) -> [usize; LAYERS.len()] {
        let before = self.peers[1].came;
        self.passes(Duration::from_secs(seconds));
        let after = self.peers[1].came;
        [0, 1, 2].map(|layer| after[layer] - before[layer])
    }
}

#[test]
fn a_watcher_gets_the_largest_layer_that_its_line_carries_and_another_when_the_line_changes() {
    let mut room = Room::new(20e6);
    room.passes(Duration::from_secs(3));
    let [low, middle, high] = room.came_in(5);
    assert!(low + middle == 0 && high > 700, "{low} {middle} {high}");
    room.line.bits_per_second = 800e3;
    room.passes(Duration::from_secs(10));
    let [low, middle, high] = room.came_in(10);
    assert!(middle > 10 * (low + high), "{low} {middle} {high}");
    room.line.bits_per_second = 250e3;
    room.passes(Duration::from_secs(10));
    let [low, middle, high] = room.came_in(10);
    assert!(low > 10 * (middle + high), "{low} {middle} {high}");
    room.line.bits_per_second = 20e6;
    room.passes(Duration::from_secs(20));
    let [low, middle, high] = room.came_in(5);
    assert!(low + middle == 0 && high > 700, "{low} {middle} {high}");
}
