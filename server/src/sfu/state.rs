//! All sessions, and what passes from one to another. It knows neither sockets nor the time: packets and orders come in, packets go out.
//!
//! May import: signaling::bucket, config, crypto, demux, hex, metrics, offer, order, port, publisher, refusal, report, secret, session, watcher,
//! base64, quickconnect::protocol, str0m.

mod forwarding;
mod opening;

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use quickconnect::protocol::RoomName;
use signaling::bucket::Bucket;
use str0m::crypto::CryptoProvider;
use str0m::crypto::dtls::DtlsCert;
use str0m::media::Rid;

use super::crypto;
use super::port::PortId;
use super::refusal::Refusal;
use super::report::{LayerReport, PublisherReport, RoomReport};
use super::session::{Role, Sent, Session};
use crate::config::Limits;
use crate::metrics::{Metrics, Unforwarded};
use crate::secret::Secret;

/// How often is looked for what has ended, which layers are sent, and how much they have.
const SWEEP: Duration = Duration::from_millis(500);

/// Everything that there is.
pub(super) struct State {
    limits: Arc<Limits>,
    metrics: Arc<Metrics>,
    crypto: Arc<CryptoProvider>,
    /// One for all sessions: making one takes a moment.
    certificate: DtlsCert,
    sessions: HashMap<u64, Box<Session>>,
    by_ufrag: HashMap<String, u64>,
    by_address: HashMap<(PortId, SocketAddr), u64>,
    /// Bytes that go to all watchers.
    flow: Bucket,
    /// The addresses that have begun sessions lately. Entries are removed when they are repaid.
    openings: HashMap<IpAddr, Bucket>,
    next_key: u64,
    swept: Instant,
    /// No session has to be asked before.
    next_deadline: Instant,
    /// Sessions that something was written to.
    touched: VecDeque<u64>,
    /// What is to be sent; whoever drives this takes it.
    pub(super) sent: Vec<Sent>,
}

impl State {
    /// Without a session; nothing if the system gives no random bytes for a certificate.
    pub(super) fn new(limits: Arc<Limits>, metrics: Arc<Metrics>, now: Instant) -> Option<Self> {
        let crypto = crypto::provider();
        let certificate = crypto.dtls_provider.generate_certificate()?;
        Some(Self {
            limits,
            metrics,
            crypto,
            certificate,
            sessions: HashMap::new(),
            by_ufrag: HashMap::new(),
            by_address: HashMap::new(),
            flow: Bucket::new(now),
            openings: HashMap::new(),
            next_key: 0,
            swept: now,
            next_deadline: now,
            touched: VecDeque::new(),
            sent: Vec::new(),
        })
    }

    /// A packet has come to a port. Connectivity checks name the session that they are for; others come from an address from which such a check has
    /// come.
    pub(super) fn receive(
        &mut self,
        port: PortId,
        source: SocketAddr,
        packet: &[u8],
        ufrag: Option<&str>,
        now: Instant,
    ) {
        let key = match ufrag {
            Some(ufrag) => self.by_ufrag.get(ufrag),
            None => self.by_address.get(&(port, source)),
        };
        // Whoever knows the password of one session must not take the address of another one's peer.
        let holder = self.by_address.get(&(port, source));
        let holder = holder.filter(|holder| Some(*holder) != key);
        let is_taken = holder.and_then(|holder| self.sessions.get(holder));
        if is_taken.is_some_and(|session| !session.is_silent(now)) {
            return self.metrics.sfu().dropped(Unforwarded::Stranger);
        }
        let found = key.and_then(|key| Some((*key, self.sessions.get_mut(key)?)));
        let Some((key, session)) = found.filter(|(_, session)| session.port == port) else {
            return self.metrics.sfu().dropped(Unforwarded::Stranger);
        };
        let Some((happened, forgotten)) = session.receive(source, packet, now, &mut self.sent)
        else {
            return self.metrics.sfu().dropped(Unforwarded::Stranger);
        };
        self.next_deadline = self.next_deadline.min(session.deadline);
        if ufrag.is_some() {
            self.by_address.insert((port, source), key);
        }
        if let Some(forgotten) = forgotten {
            self.release(port, forgotten, key);
        }
        self.follow(key, happened, now);
        self.proceed_touched(now);
    }

    /// Lets happen what is due.
    pub(super) fn proceed(&mut self, now: Instant) {
        if self.next_deadline <= now {
            let due = self.sessions.iter().filter(|(_, it)| it.deadline <= now);
            self.touched.extend(due.map(|(key, _)| *key));
            self.proceed_touched(now);
            let deadlines = self.sessions.values().map(|session| session.deadline);
            self.next_deadline = deadlines.min().unwrap_or(now + SWEEP);
        }
        if now.saturating_duration_since(self.swept) >= SWEEP {
            self.sweep(now);
        }
        self.ask_again(now);
        self.proceed_touched(now);
    }

    /// When to call that again.
    pub(super) fn deadline(&self) -> Instant {
        let asked = self.publishers().filter_map(|(_, it)| it.next_due()).min();
        let next = self.next_deadline.min(self.swept + SWEEP);
        asked.map_or(next, |asked| asked.min(next))
    }

    fn sweep(&mut self, now: Instant) {
        let since = now.saturating_duration_since(self.swept);
        self.swept = now;
        let (idle, lifetime) = (self.limits.sfu_idle_time, self.limits.sfu_session_lifetime);
        let over = self.sessions.iter();
        let over: Vec<u64> = over
            .filter(|(_, session)| session.is_over(idle, lifetime, now))
            .map(|(key, _)| *key)
            .collect();
        for key in over {
            self.end(key, now);
        }
        let mut publishers = Vec::new();
        for (key, session) in &mut self.sessions {
            if let Role::Publishes(publisher) = &mut session.role {
                for source in &mut publisher.sources {
                    source.measure(since);
                }
                publishers.push(*key);
            }
        }
        for key in publishers {
            self.choose_layers(key, now);
        }
    }

    /// Ends a session, and those that watched it.
    pub(super) fn end(&mut self, key: u64, now: Instant) {
        let Some(mut session) = self.sessions.remove(&key) else {
            return;
        };
        session.close(now, &mut self.sent);
        self.by_ufrag.remove(&session.ufrag);
        for address in session.consents.addresses() {
            self.release(session.port, address, key);
        }
        match session.role {
            Role::Publishes(publisher) => {
                for watcher in publisher.watchers {
                    self.end(watcher, now);
                }
            }
            Role::Watches(watcher) => {
                let publisher = self.sessions.get_mut(&watcher.publisher);
                if let Some(Role::Publishes(publisher)) = publisher.map(|session| &mut session.role)
                {
                    publisher.watchers.retain(|other| *other != key);
                }
            }
        }
    }

    /// An address is this session's no more. It may be another one's already, which took it while this one was silent.
    fn release(&mut self, port: PortId, address: SocketAddr, key: u64) {
        if self.by_address.get(&(port, address)) == Some(&key) {
            self.by_address.remove(&(port, address));
        }
    }

    /// Ends all of them.
    pub(super) fn end_all(&mut self, now: Instant) {
        let keys: Vec<u64> = self.sessions.keys().copied().collect();
        for key in keys {
            self.end(key, now);
        }
    }

    /// The session of this secret in this room.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn find(&self, room: &RoomName, secret: &Secret<16>) -> Result<u64, Refusal> {
        let is_it = |session: &Session| session.secret.is(secret) && session.room == *room;
        let mut sessions = self.sessions.iter();
        let found = sessions.find(|(_, session)| is_it(session));
        found.map(|(key, _)| *key).ok_or(Refusal::NoSession)
    }

    /// Ends the session of this secret, wherever it is.
    pub(super) fn forget(&mut self, secret: &str, now: Instant) {
        let is_it = |session: &Session| session.secret.reveal() == *secret;
        let mut sessions = self.sessions.iter();
        if let Some(key) = sessions.find(|(_, it)| is_it(it)).map(|(key, _)| *key) {
            self.end(key, now);
        }
    }

    /// Chooses the layer that a watcher gets; without a name, the server chooses.
    ///
    /// # Errors
    /// When the session does not watch, or there is no such layer.
    pub(super) fn choose_layer(
        &mut self,
        key: u64,
        name: Option<&str>,
        now: Instant,
    ) -> Result<(), Refusal> {
        let session = self.sessions.get(&key).ok_or(Refusal::NoSession)?;
        let Role::Watches(watcher) = &session.role else {
            return Err(Refusal::NotAWatcher);
        };
        let publisher_key = watcher.publisher;
        let publisher = self.sessions.get(&publisher_key);
        let publisher = publisher.and_then(|session| session.publisher());
        let sources = publisher.iter().flat_map(|publisher| &publisher.sources);
        let mut rids = sources.flat_map(|source| source.layers.iter().filter_map(|it| it.rid));
        let wanted = match name {
            Some(name) => {
                let is_named = |rid: &Rid| **rid == *name;
                Some(rids.find(is_named).ok_or(Refusal::NoLayer)?)
            }
            None => None,
        };
        if let Some(Role::Watches(watcher)) =
            self.sessions.get_mut(&key).map(|session| &mut session.role)
        {
            watcher.wanted = wanted;
        }
        self.choose_layers(publisher_key, now);
        self.proceed_touched(now);
        Ok(())
    }

    /// Who publishes in a room.
    pub(super) fn report(&self, room: &RoomName) -> RoomReport {
        let publishers = self
            .publishers()
            .filter(|(session, _)| session.room == *room);
        let publishers = publishers.map(|(_, publisher)| {
            let heard = publisher.sources.iter().filter(|source| source.was_heard());
            let layers = publisher.sources.iter().flat_map(|source| &source.layers);
            PublisherReport {
                id: publisher.id.clone(),
                kinds: heard.map(|source| source.kind.to_string()).collect(),
                layers: layers
                    .filter_map(|layer| {
                        Some(LayerReport {
                            encoding_id: layer.rid?.to_string(),
                            bits_per_second: layer.bits_per_second.round() as u64,
                        })
                    })
                    .collect(),
                watchers: publisher.watchers.len(),
                packets: publisher.packets,
                keyframe_requests: publisher.keyframe_requests,
            }
        });
        let mut publishers: Vec<_> = publishers.collect();
        publishers.sort_by(|a, b| a.id.cmp(&b.id));
        RoomReport {
            watchers: publishers.iter().map(|publisher| publisher.watchers).sum(),
            publishers,
        }
    }

    /// Publishers and watchers, in all.
    pub(super) fn counts(&self) -> (usize, usize) {
        let publishers = self.publishers().count();
        (publishers, self.sessions.len() - publishers)
    }

    /// Whether a session uses this port.
    pub(super) fn uses(&self, port: PortId) -> bool {
        self.sessions.values().any(|session| session.port == port)
    }

    fn publishers(&self) -> impl Iterator<Item = (&Session, &super::publisher::Publisher)> {
        let sessions = self.sessions.values();
        sessions.filter_map(|session| Some((&**session, session.publisher()?)))
    }
}

#[cfg(test)]
mod tests;
