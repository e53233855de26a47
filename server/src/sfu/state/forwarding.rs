//! What passes from a publisher to those who watch it, and what they ask of it.
//!
//! May import: signaling::bucket, metrics, publisher, session, state, watcher, str0m.

use std::time::{Duration, Instant};

use signaling::bucket::Rate;
use str0m::bwe::Bitrate;
use str0m::media::Mid;
use str0m::rtp::RtpPacket;

use super::State;
use crate::metrics::Unforwarded;
use crate::sfu::publisher::{Arrived, Fate, LEAST_BYTES};
use crate::sfu::session::{Happened, Role};
use crate::sfu::watcher::Passed;

impl State {
    /// Does what follows from what has happened to a session.
    pub(super) fn follow(&mut self, key: u64, happened: Vec<Happened>, now: Instant) {
        for happened in happened {
            match happened {
                Happened::Packet(packet) => self.forward(key, &packet, now),
                Happened::WantsKeyframe(mid) => self.wants_keyframe(key, Some(mid), now),
                Happened::Estimated(bits) => {
                    let session = self.sessions.get_mut(&key);
                    if let Some(Role::Watches(watcher)) = session.map(|session| &mut session.role) {
                        watcher.capacity.estimated(bits);
                    }
                }
                Happened::Connected => {
                    self.choose_for(key, now);
                    self.wants_keyframe(key, None, now);
                }
                Happened::Added(mid, kind, rids) => {
                    let session = self.sessions.get_mut(&key);
                    match session.map(|session| &mut session.role) {
                        Some(Role::Publishes(publisher)) => publisher.added(mid, kind, &rids),
                        Some(Role::Watches(watcher)) => watcher.added(mid, kind),
                        None => {}
                    }
                    self.choose_for(key, now);
                }
                Happened::Over => self.end(key, now),
            }
        }
    }

    /// Sends what was written to sessions, until nothing more follows from it.
    pub(super) fn proceed_touched(&mut self, now: Instant) {
        // What a session says may touch its publisher, and nobody else: so there is an end, and a bound in case that changes.
        let bound = 4 * self.sessions.len() + self.touched.len();
        for _ in 0..bound {
            let Some(key) = self.touched.pop_front() else {
                return;
            };
            let Some(session) = self.sessions.get_mut(&key) else {
                continue;
            };
            let happened = session.proceed(now, &mut self.sent);
            self.next_deadline = self.next_deadline.min(session.deadline);
            self.follow(key, happened, now);
        }
    }

    /// A packet goes to all who watch its layer.
    fn forward(&mut self, key: u64, packet: &RtpPacket, now: Instant) {
        let Some(session) = self.sessions.get_mut(&key) else {
            return;
        };
        let Role::Publishes(publisher) = &mut session.role else {
            return;
        };
        let arrived = match publisher.arrived(&mut session.rtc, packet, now) {
            Fate::Forwarded(arrived) => arrived,
            Fate::Unknown => return self.metrics.sfu().dropped(Unforwarded::Unknown),
            Fate::TooMuch => return self.metrics.sfu().dropped(Unforwarded::TooMuch),
        };
        // Taken out while the sessions of watchers are looked up, and put back: nobody joins or leaves meanwhile.
        let watchers = std::mem::take(&mut publisher.watchers);
        let mut needs_keyframe = false;
        for watcher in &watchers {
            needs_keyframe |= self.pass(*watcher, &arrived, packet, now);
        }
        if let Some(session) = self.sessions.get_mut(&key)
            && let Role::Publishes(publisher) = &mut session.role
        {
            publisher.watchers = watchers;
        }
        if needs_keyframe {
            self.ask(key, arrived.layer, now);
        }
        if arrived.is_new {
            self.choose_layers(key, now);
        }
    }

    /// A packet goes to one watcher. Whether the watcher waits for a keyframe, and may say so.
    fn pass(&mut self, key: u64, arrived: &Arrived, packet: &RtpPacket, now: Instant) -> bool {
        let Some(session) = self.sessions.get_mut(&key) else {
            return false;
        };
        let Role::Watches(watcher) = &mut session.role else {
            return false;
        };
        if !session.is_connected {
            return false;
        }
        let rate = Rate {
            per_second: self.limits.max_sfu_bytes_per_second_in_all,
            burst: self.limits.max_sfu_bytes_per_second_in_all,
        };
        if self.flow.debt(now) >= Duration::from_secs(1) {
            self.metrics.sfu().dropped(Unforwarded::TooMuch);
            return false;
        }
        match watcher.pass(&mut session.rtc, arrived, packet, now) {
            Passed::On => {
                let bytes = packet.payload.len().max(LEAST_BYTES);
                self.flow.take(bytes, rate, now);
                self.metrics.sfu().forwarded(packet.payload.len());
                self.touched.push_back(key);
                false
            }
            Passed::Not => false,
            Passed::NoCodec => {
                self.metrics.sfu().dropped(Unforwarded::NoCodec);
                false
            }
            Passed::WaitsForKeyframe => watcher.passes_keyframes,
        }
    }

    /// Chooses layers anew for a watcher, or for all of a publisher's.
    fn choose_for(&mut self, key: u64, now: Instant) {
        match self.sessions.get(&key).map(|session| &session.role) {
            Some(Role::Watches(watcher)) => self.choose_layers(watcher.publisher, now),
            Some(Role::Publishes(_)) => self.choose_layers(key, now),
            None => {}
        }
    }

    /// Chooses the layers that the watchers of a publisher get by what is sent now.
    pub(super) fn choose_layers(&mut self, key: u64, now: Instant) {
        let Some(mut session) = self.sessions.remove(&key) else {
            return;
        };
        let mut wanted = Vec::new();
        if let Role::Publishes(publisher) = &mut session.role {
            for key in &publisher.watchers {
                let Some(session) = self.sessions.get_mut(key) else {
                    continue;
                };
                let Role::Watches(watcher) = &mut session.role else {
                    continue;
                };
                let layer = watcher.choose(publisher, now);
                wanted.extend(layer.filter(|_| watcher.passes_keyframes));
                if let Some(bits) = watcher.looks_for(publisher) {
                    let mut estimation = session.rtc.bwe();
                    estimation.set_bitrate(Bitrate::ZERO, Bitrate::from(bits));
                    self.touched.push_back(*key);
                }
            }
        }
        self.sessions.insert(key, session);
        for layer in wanted {
            self.ask(key, layer, now);
        }
    }

    /// A watcher needs a keyframe of the picture that it gets: it says so, or has just joined.
    fn wants_keyframe(&mut self, key: u64, of: Option<Mid>, now: Instant) {
        let Some(Role::Watches(watcher)) = self.sessions.get(&key).map(|session| &session.role)
        else {
            return;
        };
        let counts = self.metrics.sfu();
        if !of.is_none_or(|mid| watcher.has(mid)) {
            return;
        }
        match watcher.passes_keyframes {
            true => {
                let (publisher, layer) = (watcher.publisher, watcher.layer_of_picture());
                self.ask(publisher, layer, now);
            }
            false => counts.keyframe_withheld(),
        }
    }

    /// Asks a publisher for a keyframe, unless it was asked just now.
    fn ask(&mut self, key: u64, layer: usize, now: Instant) {
        let Some(session) = self.sessions.get_mut(&key) else {
            return;
        };
        if let Role::Publishes(publisher) = &mut session.role
            && publisher.wants_keyframe(&mut session.rtc, layer, now)
        {
            self.metrics.sfu().keyframe_requested();
            self.touched.push_back(key);
        }
    }

    /// Asks for the keyframes whose time has come.
    pub(super) fn ask_again(&mut self, now: Instant) {
        for (key, session) in &mut self.sessions {
            if let Role::Publishes(publisher) = &mut session.role
                && publisher.next_due().is_some_and(|due| due <= now)
                && publisher.ask_again(&mut session.rtc, now)
            {
                self.metrics.sfu().keyframe_requested();
                self.touched.push_back(*key);
            }
        }
    }
}
