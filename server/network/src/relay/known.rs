//! Who is known: sessions of signaling with the addresses of their clients, and the ports from which those have asked the server.
//!
//! May import: nothing.

use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

/// How long a port is remembered after it was heard of last. Packets that are relayed to it or from it count.
pub const PORT_KEPT_FOR: Duration = Duration::from_secs(5 * 60);
/// Sessions of one address at most.
pub const MAX_SESSIONS: usize = 2_048;
/// Ports of one address that are remembered at most.
pub const MAX_PORTS: usize = 4_096;

/// A session: random, so that nobody guesses another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Session(u128);

impl Session {
    /// By random bits.
    pub fn new(bits: u128) -> Self {
        Self(bits)
    }

    /// As credentials name it.
    pub fn name(self) -> String {
        format!("{:032x}", self.0)
    }

    /// By the name in credentials.
    pub fn of(name: &str) -> Option<Self> {
        let is_name = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_name.then(|| u128::from_str_radix(name, 16).ok().map(Self))?
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Known {
    sessions: HashMap<Session, Held>,
    places: HashMap<IpAddr, Place>,
    /// The addresses of the machine: a client there may use any of them.
    machine: Vec<IpAddr>,
}

#[derive(Debug)]
struct Held {
    place: IpAddr,
    /// When it ends; never while its connection is open.
    until: Option<Duration>,
}

/// One address. For the machine itself, all of its addresses.
#[derive(Debug, Default)]
struct Place {
    sessions: usize,
    /// Those of them that end by themselves, first the one that ends first.
    ending: BTreeSet<(Duration, Session)>,
    /// When each is forgotten.
    ports: HashMap<SocketAddr, Duration>,
}

impl Known {
    pub(super) fn set_machine(&mut self, addresses: Vec<IpAddr>) {
        self.machine = addresses;
    }

    pub(super) fn machine(&self) -> &[IpAddr] {
        &self.machine
    }

    /// Whether there is room for it. One that is lost, or was only lent, makes room: whoever shares the address may have begun very many.
    pub(super) fn enter(
        &mut self,
        session: Session,
        address: IpAddr,
        until: Option<Duration>,
    ) -> bool {
        let place = self.place(address);
        let entry = self.places.entry(place).or_default();
        if entry.sessions >= MAX_SESSIONS {
            let Some((_, first)) = entry.ending.pop_first() else {
                return false;
            };
            entry.sessions -= 1;
            self.sessions.remove(&first);
        }
        entry.sessions += 1;
        entry.ending.extend(until.map(|until| (until, session)));
        self.sessions.insert(session, Held { place, until });
        true
    }

    /// Its connection was lost, and may come back.
    pub(super) fn lose(&mut self, session: Session, until: Duration) {
        if let Some(held) = self.sessions.get_mut(&session)
            && let Some(entry) = self.places.get_mut(&held.place)
        {
            entry.forget_end_of(session, held.until);
            entry.ending.insert((until, session));
            held.until = Some(until);
        }
    }

    pub(super) fn leave(&mut self, session: Session) {
        if let Some(Held { place, until }) = self.sessions.remove(&session)
            && let Some(entry) = self.places.get_mut(&place)
        {
            entry.forget_end_of(session, until);
            entry.sessions -= 1;
        }
    }

    /// Whether a session may have more, from this address. Its own may be one of the other family here.
    pub(super) fn is_of(&self, session: Session, client: IpAddr) -> bool {
        let client = self.place(client);
        let held = self.sessions.get(&session);
        held.is_some_and(|held| held.place == client || held.place.is_ipv4() != client.is_ipv4())
    }

    /// Whether a client is connected at this address, or was when calls began that go on.
    pub(super) fn has(&self, address: IpAddr) -> bool {
        self.places.contains_key(&self.place(address))
    }

    /// The server was asked from here. It is remembered if a client is connected there.
    pub(super) fn heard(&mut self, now: Duration, endpoint: SocketAddr) {
        let place = self.place(endpoint.ip());
        let Some(entry) = self.places.get_mut(&place) else {
            return;
        };
        if entry.ports.len() < MAX_PORTS || entry.ports.contains_key(&endpoint) {
            entry.ports.insert(endpoint, now + PORT_KEPT_FOR);
        }
    }

    /// Whether a client asked from just here.
    pub(super) fn asked_from(&self, now: Duration, endpoint: SocketAddr) -> bool {
        let entry = self.places.get(&self.place(endpoint.ip()));
        let until = entry.and_then(|entry| entry.ports.get(&endpoint));
        until.is_some_and(|until| *until > now)
    }

    pub(super) fn sweep(&mut self, now: Duration) {
        let sessions = &mut self.sessions;
        self.places.retain(|_, place| {
            while place.ending.first().is_some_and(|(until, _)| *until <= now)
                && let Some((_, session)) = place.ending.pop_first()
            {
                place.sessions -= 1;
                sessions.remove(&session);
            }
            place.ports.retain(|_, until| *until > now);
            place.sessions > 0 || !place.ports.is_empty()
        });
    }

    fn place(&self, address: IpAddr) -> IpAddr {
        let address = address.to_canonical();
        match address.is_loopback() || self.machine.contains(&address) {
            true => Ipv4Addr::LOCALHOST.into(),
            false => address,
        }
    }
}

impl Place {
    fn forget_end_of(&mut self, session: Session, until: Option<Duration>) {
        if let Some(until) = until {
            self.ending.remove(&(until, session));
        }
    }
}
