//! The state with peers in memory, at a time of the test's own: what strangers may send harms nobody else.

#![allow(clippy::unwrap_used)]

mod carried;

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::SystemTime;

use quickconnect::protocol::NameLimits;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::ice::{StunMessage, TransId};
use str0m::media::{Direction, MediaKind};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc};

use super::*;
use crate::sfu::demux::{Ours, Stun, of_media, stun};
use crate::sfu::order::{Opened, Opening, Wish};
use crate::sfu::term::Term;

const PORT: PortId = PortId(0);
const TICK: Duration = Duration::from_millis(10);
/// When sessions begin, as whoever signs tokens has it.
const TODAY: SystemTime = SystemTime::UNIX_EPOCH;

fn server() -> SocketAddr {
    SocketAddr::new(Ipv4Addr::new(192, 0, 2, 1).into(), 8000)
}

fn room() -> RoomName {
    RoomName::new("lobby", &NameLimits::DEFAULT).unwrap()
}

/// Numbers that look random, and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = (self.0.wrapping_mul(6_364_136_223_846_793_005))
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

struct World {
    state: State,
    now: Instant,
    peers: Vec<Peer>,
    /// Whether answers of peers to checks arrive.
    answers_arrive: bool,
    /// Whether they say which address they saw.
    answers_are_whole: bool,
    /// What lets sessions in that begin.
    term: Term,
    /// What was sent to other addresses than those of peers.
    to_strangers: Vec<Sent>,
}

/// A browser, as far as the state can tell.
struct Peer {
    rtc: Rtc,
    offer: String,
    address: SocketAddr,
    is_connected: bool,
    is_over: bool,
}

fn offering(address: SocketAddr, now: Instant) -> (Rtc, String, SdpPendingOffer) {
    let mut rtc = Rtc::builder()
        .set_crypto_provider(crypto::provider())
        .build(now);
    rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
    let mut changes = rtc.sdp_api();
    for kind in [MediaKind::Audio, MediaKind::Video] {
        changes.add_media(kind, Direction::SendOnly, None, None, None);
    }
    let (offer, pending) = changes.apply().unwrap();
    (rtc, offer.to_sdp_string(), pending)
}

impl World {
    fn new() -> Self {
        let now = Instant::now();
        let limits = Arc::new(Limits {
            max_sfu_publishers_per_room: 1000,
            max_sfu_sessions_per_address: 1000,
            max_sfu_opening_burst: 10_000,
            ..Limits::default()
        });
        Self {
            state: State::new(limits, Arc::default(), now).unwrap(),
            now,
            peers: Vec::new(),
            answers_arrive: true,
            answers_are_whole: true,
            term: Term::default(),
            to_strangers: Vec::new(),
        }
    }

    fn open(&mut self, offer: String) -> Result<Opened, Refusal> {
        let opening = Opening {
            room: room(),
            wish: Wish::Publish,
            offer,
            client: Ipv4Addr::LOCALHOST.into(),
            stay: self.term.clone().begin(TODAY, self.now),
            port: PORT,
            told: server(),
        };
        self.state.open(opening, self.now)
    }

    /// Somebody publishes, and is connected.
    fn publishes(&mut self) -> Opened {
        let port = 1000 + u16::try_from(self.peers.len()).unwrap();
        let address = SocketAddr::new(Ipv4Addr::new(192, 0, 2, 2).into(), port);
        let (mut rtc, offer, pending) = offering(address, self.now);
        let opened = self.open(offer.clone()).unwrap();
        let answer = SdpAnswer::from_sdp_string(&opened.answer).unwrap();
        rtc.sdp_api().accept_answer(pending, answer).unwrap();
        self.peers.push(Peer {
            rtc,
            offer,
            address,
            is_connected: false,
            is_over: false,
        });
        for _ in 0..500 {
            self.tick();
            if self.peers.iter().all(|peer| peer.is_connected) {
                return opened;
            }
        }
        panic!("nobody is connected");
    }

    /// A packet comes from somewhere.
    fn receive(&mut self, source: SocketAddr, packet: &[u8]) {
        let ufrag = match of_media(packet) {
            Ours::Not => return,
            Ours::Check(ufrag) => Some(ufrag),
            Ours::Media => None,
        };
        self.state.receive(PORT, source, packet, ufrag, self.now);
    }

    /// Lets time and packets pass.
    fn tick(&mut self) {
        self.now += TICK;
        let mut to_server = Vec::new();
        for peer in &mut self.peers {
            if !peer.rtc.is_alive() {
                peer.is_over = true;
                continue;
            }
            let _ = peer.rtc.handle_input(Input::Timeout(self.now));
            loop {
                match peer.rtc.poll_output().unwrap() {
                    Output::Timeout(_) => break,
                    Output::Transmit(packet) => {
                        let mut packet = packet.contents.to_vec();
                        let is_answer = matches!(stun(&packet), Some(Stun::Success(_)));
                        if is_answer && !self.answers_are_whole {
                            packet = without_address(&packet, said(&peer.offer, "a=ice-pwd:"));
                        }
                        to_server.push((peer.address, packet));
                    }
                    Output::Event(Event::Connected) => peer.is_connected = true,
                    Output::Event(Event::Closed) => peer.is_over = true,
                    Output::Event(_) => {}
                }
            }
        }
        for (source, packet) in to_server {
            let is_answer = matches!(stun(&packet), Some(Stun::Success(_)));
            if is_answer && !self.answers_arrive {
                continue;
            }
            self.receive(source, &packet);
        }
        self.state.proceed(self.now);
        for packet in std::mem::take(&mut self.state.sent) {
            if self.peers.iter().all(|peer| peer.address != packet.to) {
                self.to_strangers.push(packet);
                continue;
            }
            let to = self.peers.iter_mut().find(|peer| peer.address == packet.to);
            if let Some(peer) = to
                && let Ok(receive) =
                    Receive::new(Protocol::Udp, server(), peer.address, &packet.bytes)
            {
                let _ = peer.rtc.handle_input(Input::Receive(self.now, receive));
            }
        }
    }

    fn ticks(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.tick();
        }
    }
}

#[test]
fn any_change_of_an_offer_is_answered_or_refused_and_the_next_good_one_is_taken() {
    let mut world = World::new();
    let address = SocketAddr::new(Ipv4Addr::new(192, 0, 2, 2).into(), 1000);
    let (_, good, _) = offering(address, world.now);
    let lines: Vec<&str> = good.split_inclusive("\r\n").collect();
    let mut random = Random(7);
    let words = [
        "",
        "0",
        "-1",
        "99999999999999999999",
        "\u{1f4a5}",
        "a=",
        "m=video 9 UDP/TLS/RTP/SAVPF 999 96 96",
        "a=rid:h send",
        "a=simulcast:send h;l;x;~y recv z",
        "a=mid:",
        "a=mid:0",
        "a=extmap:0 x",
        "a=extmap:300 x",
        "a=rtpmap:96 VP8/0",
        "a=fmtp:97 apt=97",
        "a=ssrc-group:FID 1 1",
        "a=ice-ufrag:",
        "a=fingerprint:sha-256 ZZ",
        "a=candidate:1 1 udp 1 0.0.0.0 0 typ host",
        "a=setup:holdconn",
        "b=AS:-5",
        "t=9 9 9",
    ];
    for _ in 0..3000 {
        let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        for _ in 0..=random.below(3) {
            let at = random.below(changed.len());
            match random.below(5) {
                0 => drop(changed.remove(at)),
                1 => {
                    let other = random.below(changed.len());
                    changed.swap(at, other);
                }
                2 => changed.insert(at, format!("{}\r\n", words[random.below(words.len())])),
                3 => {
                    let cut = random.below(changed[at].len());
                    let cut = (0..=cut)
                        .rev()
                        .find(|cut| changed[at].is_char_boundary(*cut));
                    changed[at].truncate(cut.unwrap_or(0));
                }
                _ => changed[at] = changed[at].replace(['0', '1', '9'], words[random.below(5)]),
            }
            if changed.is_empty() {
                changed.push(String::new());
            }
        }
        let outcome = world.open(changed.concat());
        if let Ok(opened) = outcome {
            world.state.forget(&opened.secret, world.now);
        }
    }
    world.publishes();
}

#[test]
fn what_a_peer_sends_that_is_no_media_costs_at_most_its_own_session() {
    let mut world = World::new();
    world.publishes();
    world.publishes();
    let mut random = Random(11);
    let hostile = world.peers[0].address;
    for _ in 0..5000 {
        let length = 1 + random.below(300);
        let mut packet: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
        packet[0] = [20, 22, 23, 63, 128, 144, 160, 191][random.below(8)];
        if length > 1 && random.below(2) == 0 {
            // Types of RTCP.
            packet[1] = 200 + random.below(7) as u8;
        }
        world.receive(hostile, &packet);
    }
    world.ticks(Duration::from_secs(5));
    assert!(!world.peers[1].is_over);
    assert!(!world.state.report(&room()).publishers.is_empty());
}

#[test]
fn a_session_that_hears_nothing_ends_and_leaves_nothing_behind() {
    let mut world = World::new();
    world.publishes();
    world.ticks(Duration::from_secs(30));
    assert_eq!(world.state.counts(), (1, 0), "checks of consent keep it");
    world.peers.clear();
    world.ticks(Duration::from_secs(16));
    let state = &world.state;
    assert_eq!(state.counts(), (0, 0));
    assert!(state.by_ufrag.is_empty() && state.by_address.is_empty() && !state.uses(PORT));
}

/// An answer to a check as FFmpeg makes it.
fn without_address(answer: &[u8], password: &str) -> Vec<u8> {
    let mut bare = answer[..20].to_vec();
    bare[2..4].copy_from_slice(&[0, 24]);
    let provider = crypto::provider();
    let hmac = provider.sha1_hmac_provider;
    let tag = hmac.sha1_hmac(password.as_bytes(), &[&bare]);
    [&bare[..], &[0, 8, 0, 20], &tag].concat()
}

#[test]
fn a_peer_whose_answers_leave_out_the_address_that_they_saw_is_connected() {
    let mut world = World::new();
    world.answers_are_whole = false;
    world.publishes();
    world.ticks(Duration::from_secs(40));
    assert!(!world.peers[0].is_over);
    let address = world.peers[0].address;
    let session = world.state.sessions.values_mut().next().unwrap();
    assert!(session.consents.may_send(address, &[128; 40], world.now));
}

#[test]
fn a_session_ends_when_what_let_it_in_does_though_it_is_used() {
    let mut world = World::new();
    world.publishes();
    world.term.until = Some(TODAY + Duration::from_secs(60));
    world.publishes();
    let is_held = Arc::new(AtomicBool::new(true));
    let held = Arc::clone(&is_held);
    world.term = Term {
        holds: Some(Arc::new(move || held.load(Relaxed))),
        ..Term::default()
    };
    world.publishes();
    world.ticks(Duration::from_secs(55));
    let is_over = |world: &World| [0, 1, 2].map(|index| world.peers[index].is_over);
    assert_eq!(is_over(&world), [false; 3]);
    world.ticks(Duration::from_secs(6));
    assert_eq!(is_over(&world), [false, true, false]);
    is_held.store(false, Relaxed);
    world.ticks(Duration::from_secs(1));
    assert_eq!(is_over(&world), [false, true, true]);
    assert_eq!(world.state.counts(), (1, 0));
}

#[test]
fn an_address_of_a_peer_is_not_taken_by_whoever_has_another_session() {
    let mut world = World::new();
    world.publishes();
    world.publishes();
    let [first, second] = [0, 1].map(|index| world.peers[index].address);
    // What the second sends comes from the address of the first.
    world.peers[1].address = first;
    let keys = |world: &World| world.state.by_address[&(PORT, first)];
    let before = keys(&world);
    world.ticks(Duration::from_secs(6));
    assert_eq!(keys(&world), before);
    world.peers[1].address = second;
}

#[test]
fn an_address_stays_with_the_session_that_took_it_when_the_silent_one_before_ends() {
    let mut world = World::new();
    world.publishes();
    let address = world.peers[0].address;
    world.peers.clear();
    world.ticks(Duration::from_secs(9));
    world.publishes();
    assert_eq!(world.peers[0].address, address);
    assert_eq!(world.state.counts(), (2, 0));
    let end = world.now + Duration::from_secs(8);
    while world.now < end {
        world.tick();
        assert!(world.state.by_address.contains_key(&(PORT, address)));
    }
    assert_eq!(world.state.counts(), (1, 0));
}

#[test]
fn an_address_that_no_check_has_shown_to_be_a_peers_is_not_heard() {
    let mut world = World::new();
    world.publishes();
    let before = world.state.by_address.len();
    let stranger = SocketAddr::new(Ipv4Addr::new(192, 0, 2, 9).into(), 9);
    world.receive(stranger, &[128; 40]);
    world.receive(stranger, &[22; 40]);
    // A check that names the session, and is not signed.
    let ufrag = world.state.by_ufrag.keys().next().unwrap().clone();
    let name = format!("{ufrag}:x");
    let mut check = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    check.resize(20, 7);
    check.extend([0, 6, 0, name.len() as u8]);
    check.extend(name.as_bytes());
    check.resize(check.len().next_multiple_of(4), 0);
    check[3] = (check.len() - 20) as u8;
    world.receive(stranger, &check);
    assert_eq!(world.state.by_address.len(), before);
}

/// What is behind this word in an answer.
fn said<'a>(answer: &'a str, word: &str) -> &'a str {
    let mut lines = answer.lines();
    lines.find_map(|line| line.strip_prefix(word)).unwrap()
}

/// A check with a nomination, as whoever has the session can make it, and send it from any address.
fn forged_check(offer: &str, answer: &str) -> Vec<u8> {
    let [local, remote] = [answer, offer].map(|text| said(text, "a=ice-ufrag:"));
    let name = format!("{local}:{remote}");
    let check = StunMessage::binding_request(&name, TransId::new(), true, 1, u32::MAX, true);
    let password = said(answer, "a=ice-pwd:").as_bytes();
    let mut packet = vec![0; 500];
    let hmac = |key: &[u8], parts: &[&[u8]]| {
        let provider = crypto::provider();
        provider.sha1_hmac_provider.sha1_hmac(key, parts)
    };
    let length = check.to_bytes(Some(password), &mut packet, hmac).unwrap();
    packet.truncate(length);
    packet
}

#[test]
fn numbers_of_checks_do_not_follow_from_those_before() {
    let mut world = World::new();
    let address = SocketAddr::new(Ipv4Addr::new(192, 0, 2, 2).into(), 1000);
    let (_, offer, _) = offering(address, world.now);
    let numbers = [9, 10].map(|host| {
        let opened = world.open(offer.clone()).unwrap();
        world.state.sent.clear();
        let check = forged_check(&offer, &opened.answer);
        let stranger = SocketAddr::new(Ipv4Addr::new(192, 0, 2, host).into(), 9);
        fastrand::seed(7);
        world.receive(stranger, &check);
        let to_stranger = world.state.sent.iter().filter(|sent| sent.to == stranger);
        let mut checks = to_stranger.filter_map(|sent| match stun(&sent.bytes) {
            Some(Stun::Request(number)) => Some(number),
            _ => None,
        });
        checks.next().unwrap()
    });
    assert_ne!(numbers[0], numbers[1]);
}

#[test]
fn a_forged_check_makes_the_server_send_messages_of_stun_of_three_times_its_bytes_at_most() {
    let mut world = World::new();
    let opened = world.publishes();
    let victim = SocketAddr::new(Ipv4Addr::new(192, 0, 2, 9).into(), 9);
    let check = forged_check(&world.peers[0].offer, &opened.answer);
    world.receive(victim, &check);
    world.ticks(Duration::from_secs(30));
    let sent = &world.to_strangers;
    assert!(
        sent.iter()
            .all(|it| it.to == victim && stun(&it.bytes).is_some())
    );
    let sent: usize = sent.iter().map(|it| it.bytes.len()).sum();
    assert!((1..=3 * check.len()).contains(&sent), "{sent}");
    assert!(!world.peers[0].is_over);
}

#[test]
fn media_goes_to_a_peer_after_less_than_a_second_and_for_as_long_as_it_answers_checks() {
    let mut world = World::new();
    let begun = world.now;
    world.publishes();
    assert!(world.now - begun < Duration::from_secs(1));
    let address = world.peers[0].address;
    let may_get_media = |world: &mut World| {
        let session = world.state.sessions.values_mut().next().unwrap();
        session.consents.may_send(address, &[128; 40], world.now)
    };
    world.ticks(Duration::from_secs(60));
    assert!(may_get_media(&mut world));
    world.answers_arrive = false;
    world.ticks(Duration::from_secs(31));
    assert!(!may_get_media(&mut world), "its own checks prolong nothing");
    world.answers_arrive = true;
    world.ticks(Duration::from_secs(5));
    assert!(may_get_media(&mut world));
}
