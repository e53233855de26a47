//! One session of WHIP or WHEP: a peer of the server, without sockets and clock.
//!
//! May import: addressless, consent, demux, port, publisher, term, watcher, secret, fastrand, quickconnect::protocol, str0m.

use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use quickconnect::protocol::RoomName;
use str0m::bwe::BweKind;
use str0m::media::{MediaKind, Mid, Rid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpPacket;
use str0m::{Event, Input, Output, Rtc};

use super::addressless;
use super::consent::Consents;
use super::demux::stun;
use super::port::PortId;
use super::publisher::Publisher;
use super::term::Stay;
use super::watcher::Watcher;
use crate::secret::{NoRandomBytes, Secret, random_bytes};

/// After which time an address may belong to another session.
const SILENCE: Duration = Duration::from_secs(8);
/// Packets of a peer that paces them, which go out at once.
const MAX_PACED: usize = 64;
/// What str0m says at once; more is a mistake of it, and no reason to stay here for ever.
const MAX_OUTPUTS: usize = 100_000;

/// A packet that is to be sent.
#[derive(Debug)]
pub(super) struct Sent {
    /// By which port.
    pub(super) port: PortId,
    pub(super) to: SocketAddr,
    pub(super) bytes: Vec<u8>,
}

/// What has happened to a session.
#[derive(Debug)]
pub(super) enum Happened {
    /// Media may pass.
    Connected,
    /// A section has become a track.
    Added(Mid, MediaKind, Vec<Rid>),
    /// A packet of media has come.
    Packet(Box<RtpPacket>),
    /// The peer wants a keyframe.
    WantsKeyframe(Mid),
    /// The way to the peer carries so many bits a second, or nobody can say any more.
    Estimated(Option<f64>),
    /// The peer has ended it, or did what no peer does.
    Over,
}

/// What a session is for.
#[derive(Debug)]
pub(super) enum Role {
    /// It sends.
    Publishes(Publisher),
    /// It receives.
    Watches(Watcher),
}

/// One session.
pub(super) struct Session {
    /// Whoever knows it may end the session.
    pub(super) secret: Secret<16>,
    pub(super) room: RoomName,
    /// Who asked for it.
    pub(super) client: IpAddr,
    stay: Stay,
    pub(super) port: PortId,
    pub(super) role: Role,
    pub(super) rtc: Rtc,
    pub(super) is_connected: bool,
    /// Whether its packets go out at the rate that its way carries.
    is_paced: bool,
    /// What its candidate says, and what its packets are said to be for.
    told: SocketAddr,
    /// By which name connectivity checks ask for it.
    pub(super) ufrag: String,
    /// What its peer signs its answers to checks with.
    peer_password: String,
    /// From where its packets come, and where they may go.
    pub(super) consents: Consents,
    born: Instant,
    heard: Instant,
    /// When it has to be asked again.
    pub(super) deadline: Instant,
}

/// What is fixed when a session begins.
pub(super) struct Beginning {
    pub(super) secret: Secret<16>,
    pub(super) room: RoomName,
    pub(super) client: IpAddr,
    pub(super) stay: Stay,
    pub(super) port: PortId,
    pub(super) told: SocketAddr,
    pub(super) ufrag: String,
    pub(super) peer_password: String,
    pub(super) is_paced: bool,
}

impl Session {
    pub(super) fn new(beginning: Beginning, rtc: Rtc, role: Role, now: Instant) -> Self {
        let Beginning {
            secret,
            room,
            client,
            stay,
            port,
            told,
            ufrag,
            peer_password,
            is_paced,
        } = beginning;
        Self {
            secret,
            room,
            client,
            stay,
            port,
            role,
            rtc,
            is_connected: false,
            is_paced,
            told,
            ufrag,
            peer_password,
            consents: Consents::default(),
            born: now,
            heard: now,
            deadline: now,
        }
    }

    /// Takes a packet, if it is for this session. Also says which address it forgets for that of this one, if it does.
    pub(super) fn receive(
        &mut self,
        source: SocketAddr,
        packet: &[u8],
        now: Instant,
        sent: &mut Vec<Sent>,
    ) -> Option<(Vec<Happened>, Option<SocketAddr>)> {
        let told = self.told;
        let whole = addressless::completed(packet, &self.peer_password, told);
        let packet = whole.as_deref().unwrap_or(packet);
        let mut forgotten = None;
        let happened = self.guarded(now, sent, |rtc, consents| {
            let received = |source| {
                let receive = Receive::new(Protocol::Udp, source, told, packet).ok()?;
                Some(Input::Receive(now, receive))
            };
            let is_ours = match stun(packet) {
                // What comes from where it sends to is accepted unread; from an address that is nobody's, by its password alone.
                Some(_) => received(NOBODY).is_some_and(|input| rtc.accepts(&input)),
                None => {
                    consents.knows(source)
                        || received(source).is_some_and(|input| rtc.accepts(&input))
                }
            };
            let Some(input) = received(source).filter(|_| is_ours) else {
                return Taken::Not;
            };
            match rtc.handle_input(input) {
                Ok(()) => {
                    forgotten = consents.received(source, packet, now);
                    Taken::Yes
                }
                Err(_) => Taken::Broken,
            }
        })?;
        self.heard = now;
        Some((happened, forgotten))
    }

    /// Lets what was written go out, and whatever is due happen.
    pub(super) fn proceed(&mut self, now: Instant, sent: &mut Vec<Sent>) -> Vec<Happened> {
        let mut all = Vec::new();
        for _ in 0..MAX_PACED {
            let before = sent.len();
            let happened = self.guarded(now, sent, |rtc, _| {
                match rtc.handle_input(Input::Timeout(now)) {
                    Ok(()) => Taken::Yes,
                    Err(_) => Taken::Broken,
                }
            });
            all.extend(happened.unwrap_or_default());
            // A peer that paces what it sends says one packet at a time.
            let is_over = all.iter().any(|it| matches!(it, Happened::Over));
            if !self.is_paced || sent.len() == before || is_over {
                break;
            }
        }
        all
    }

    /// Says farewell.
    pub(super) fn close(&mut self, now: Instant, sent: &mut Vec<Sent>) {
        self.guarded(now, sent, |rtc, _| match rtc.close() {
            Ok(()) => Taken::Yes,
            Err(_) => Taken::Broken,
        });
    }

    /// Whether its peer has said nothing for a while: browsers check consent every five seconds
    /// ([RFC 7675, section 5.1](https://www.rfc-editor.org/rfc/rfc7675#section-5.1)).
    pub(super) fn is_silent(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.heard) >= SILENCE
    }

    /// Whether nothing has come for so long, it has lived for so long, or what let it in is over.
    pub(super) fn is_over(&self, idle: Duration, lifetime: Duration, now: Instant) -> bool {
        now.saturating_duration_since(self.heard) >= idle
            || now.saturating_duration_since(self.born) >= lifetime
            || self.stay.is_over(now)
    }

    pub(super) fn publisher(&self) -> Option<&Publisher> {
        match &self.role {
            Role::Publishes(publisher) => Some(publisher),
            Role::Watches(_) => None,
        }
    }

    /// A mistake in what reads strangers' packets costs the one session that it was found in.
    fn guarded(
        &mut self,
        now: Instant,
        sent: &mut Vec<Sent>,
        act: impl FnOnce(&mut Rtc, &mut Consents) -> Taken,
    ) -> Option<Vec<Happened>> {
        let Self {
            rtc,
            consents,
            port,
            deadline,
            is_connected,
            ..
        } = self;
        let port = *port;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            if hide_numbers_of_checks().is_err() {
                return Some(vec![Happened::Over]);
            }
            match act(rtc, consents) {
                Taken::Not => None,
                Taken::Broken => Some(vec![Happened::Over]),
                Taken::Yes => {
                    let mut said = Vec::new();
                    let happened = drain(rtc, port, deadline, &mut said);
                    said.retain(|it| consents.may_send(it.to, &it.bytes, now));
                    sent.append(&mut said);
                    Some(happened)
                }
            }
        }));
        // What is not for the session puts nothing off that is due in it.
        let happened = outcome.unwrap_or_else(|_| Some(vec![Happened::Over]))?;
        let connected = |happened: &Happened| matches!(happened, Happened::Connected);
        *is_connected |= happened.iter().any(connected);
        *deadline = (*deadline).max(now + SHORTEST_PAUSE);
        Some(happened)
    }
}

/// A session that wants to be asked again at once is asked after this, so that others have their turn.
const SHORTEST_PAUSE: Duration = Duration::from_millis(1);

/// From where nothing comes.
const NOBODY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

/// str0m takes the numbers of its checks from `fastrand`, of which a peer that knows some can compute the next ones, and so answer for an address that
/// is not its own. So it begins anew whenever one was taken, with a seed that nobody knows. A call of str0m makes one check at most.
fn hide_numbers_of_checks() -> Result<(), NoRandomBytes> {
    thread_local! {
        /// None has been taken since it was this.
        static SEED: Cell<Option<u64>> = const { Cell::new(None) };
    }
    SEED.with(|seed| {
        if seed.get() != Some(fastrand::get_seed()) {
            let fresh = u64::from_ne_bytes(random_bytes()?);
            fastrand::seed(fresh);
            seed.set(Some(fresh));
        }
        Ok(())
    })
}

enum Taken {
    Yes,
    Not,
    Broken,
}

/// Takes all that a peer has to say.
fn drain(
    rtc: &mut Rtc,
    port: PortId,
    deadline: &mut Instant,
    sent: &mut Vec<Sent>,
) -> Vec<Happened> {
    let mut happened = Vec::new();
    for _ in 0..MAX_OUTPUTS {
        match rtc.poll_output() {
            Ok(Output::Timeout(next)) => {
                *deadline = next;
                if !rtc.is_alive() {
                    happened.push(Happened::Over);
                }
                return happened;
            }
            Ok(Output::Transmit(packet)) => sent.push(Sent {
                port,
                to: packet.destination,
                bytes: packet.contents.into(),
            }),
            Ok(Output::Event(event)) => happened.extend(what_happened(event)),
            Err(_) => break,
        }
    }
    happened.push(Happened::Over);
    happened
}

fn what_happened(event: Event) -> Option<Happened> {
    match event {
        Event::Connected => Some(Happened::Connected),
        Event::MediaAdded(media) => {
            let layers = media.simulcast.map(|simulcast| simulcast.recv);
            let rids = layers.iter().flatten().map(|layer| layer.rid).collect();
            Some(Happened::Added(media.mid, media.kind, rids))
        }
        Event::RtpPacket(packet) => Some(Happened::Packet(Box::new(packet))),
        Event::KeyframeRequest(request) => Some(Happened::WantsKeyframe(request.mid)),
        Event::EgressBitrateEstimate(BweKind::Twcc {
            estimate,
            can_probe,
        }) => Some(Happened::Estimated(can_probe.then(|| estimate.as_f64()))),
        Event::Closed => Some(Happened::Over),
        _ => None,
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("room", &self.room)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}
