//! Which servers a client is told, for as long as it is connected.
//!
//! May import: network, relay, signaling::greeter, urls, getrandom, quickconnect::protocol.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use network::relay::known::Session;
use quickconnect::protocol::IceServer;
use signaling::greeter::IceSource;

use super::{Relay, urls};

/// A client that asks for servers.
#[derive(Debug, Clone, Copy)]
pub struct Client<'c> {
    /// Its address, or the one that a trusted proxy names.
    pub address: IpAddr,
    /// Whether there is such a proxy. What leads to that need not lead here.
    pub is_behind_proxy: bool,
    /// What it asked for.
    pub host: Option<&'c str>,
    /// What it is.
    pub user_agent: Option<&'c str>,
}

/// The session of a client that is connected. Dropping it says that the connection was lost.
pub struct Visit {
    relay: Arc<Relay>,
    session: Session,
    urls: Vec<String>,
    has_left: AtomicBool,
}

impl Relay {
    /// Begins a session; nothing if there is no server for the client.
    pub fn visit(self: &Arc<Self>, client: &Client<'_>) -> Option<Visit> {
        let (session, urls) = self.enter(client, None)?;
        Some(Visit {
            relay: Arc::clone(self),
            session,
            urls,
            has_left: AtomicBool::new(false),
        })
    }

    /// Servers for a client that is not connected, with credentials that nobody takes back before they expire; nothing if there are none for it.
    pub fn lend(&self, client: &Client<'_>) -> Option<Vec<IceServer>> {
        let until = self.clock.now() + self.credential_lifetime;
        let (session, urls) = self.enter(client, Some(until))?;
        Some(self.servers(session, &urls))
    }

    fn enter(
        &self,
        client: &Client<'_>,
        until: Option<Duration>,
    ) -> Option<(Session, Vec<String>)> {
        let urls = self.urls(client)?;
        let mut bits = [0; 16];
        getrandom::fill(&mut bits).ok()?;
        let session = Session::new(u128::from_ne_bytes(bits));
        let has_place = self.turn().enter(session, client.address, until);
        if !has_place {
            self.metrics.refused("too-many-relay-sessions");
        }
        has_place.then_some((session, urls))
    }

    fn urls(&self, client: &Client<'_>) -> Option<Vec<String>> {
        let asked = client.host.filter(|_| !client.is_behind_proxy);
        // It takes no server at a loopback address: error 701.
        let is_firefox = client
            .user_agent
            .is_some_and(|agent| agent.contains("Firefox/"));
        let is_taken = |host: &String| !is_firefox || !urls::is_loopback(host);
        let over_udp = urls::host(self.address, self.reached_at, asked).filter(is_taken);
        let port = self.address.port();
        let over_udp = over_udp.map(|host| {
            [
                format!("stun:{host}:{port}"),
                format!("turn:{host}:{port}?transport=udp"),
            ]
        });
        let over_tcp = self.book.and_then(|book| {
            // Another address of the machine does not lead to a book that is on loopback alone.
            let external = self.external.filter(|_| !book.ip().is_loopback());
            let host = urls::host(book, external, asked).filter(is_taken)?;
            Some(format!("turn:{host}:{}?transport=tcp", book.port()))
        });
        let urls: Vec<_> = over_udp.into_iter().flatten().chain(over_tcp).collect();
        (!urls.is_empty()).then_some(urls)
    }

    fn servers(&self, session: Session, urls: &[String]) -> Vec<IceServer> {
        let credentials = self.turn().credentials(self.clock.now(), session);
        let server = credentials.map(|credentials| IceServer {
            urls: urls.to_vec(),
            username: credentials.username,
            credential: credentials.password,
        });
        server.into_iter().collect()
    }
}

impl IceSource for Visit {
    fn servers(&self) -> Vec<IceServer> {
        self.relay.servers(self.session, &self.urls)
    }

    fn refresh_after(&self) -> Duration {
        self.relay.credential_lifetime / 2
    }

    fn left(&self) {
        self.has_left.store(true, Relaxed);
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let relay = &self.relay;
        if self.has_left.load(Relaxed) {
            let had_ports = relay.turn().leave(self.session);
            relay.end_streams(&had_ports);
        } else {
            relay.turn().lose(relay.clock.now(), self.session);
        }
    }
}
