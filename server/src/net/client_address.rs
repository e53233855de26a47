//! The address of a client: that of its connection, or the one that a trusted proxy names.
//!
//! May import: config, signaling, axum.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::HeaderMap;
use signaling::account::Account;
use signaling::connection_limits::{
    AddressPermit, ConnectionLimits, ConnectionPermit, LimitReached,
};

use crate::config::Access;

/// Headers by which proxies say for whom they ask ([RFC 7239](https://www.rfc-editor.org/rfc/rfc7239),
/// [RFC 9110, section 7.6.3](https://www.rfc-editor.org/rfc/rfc9110#section-7.6.3), and their custom).
const FORWARDING: [&str; 6] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

/// One connection. Its requests carry it along, so that a WebSocket goes on to count as one after the upgrade. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Connection {
    shared: Arc<Shared>,
    is_tls: bool,
}

#[derive(Debug)]
struct Shared {
    permit: ConnectionPermit,
    remote: IpAddr,
    /// None if a proxy is connected: it asks for many.
    address_permit: Option<AddressPermit>,
    /// A proxy has connected for one client.
    is_passed_on: bool,
}

/// A connection of which nothing was read yet. It counts against the limits until it is dropped.
#[derive(Debug)]
pub(super) struct Accepted {
    permit: ConnectionPermit,
    remote: SocketAddr,
    address_permit: Option<AddressPermit>,
    is_passed_on: bool,
}

impl Accepted {
    /// Counts it. The address of a trusted proxy has no limit: the addresses that it asks for are counted when they are known.
    ///
    /// # Errors
    /// When there are as many as there may be.
    pub(super) fn count(
        connections: &Arc<ConnectionLimits>,
        remote: SocketAddr,
        is_proxy: bool,
    ) -> Result<Self, LimitReached> {
        let permit = connections.connect()?;
        let address_permit = match is_proxy {
            true => None,
            false => Some(connections.connect_from(remote.ip())?),
        };
        Ok(Self {
            permit,
            remote,
            address_permit,
            is_passed_on: false,
        })
    }

    /// The address at its other end; that of the client, once a proxy has named it.
    pub(super) fn address(&self) -> SocketAddr {
        self.remote
    }

    /// Whether a trusted proxy has connected, which may ask for many.
    pub(super) fn is_proxy(&self) -> bool {
        self.address_permit.is_none()
    }

    /// The proxy has said that it passes on the connection of this client. That may be a trusted proxy, too.
    ///
    /// # Errors
    /// When the client has as many connections as it may have.
    pub(super) fn is_for(
        &mut self,
        client: SocketAddr,
        access: &Access,
    ) -> Result<(), LimitReached> {
        if !access.trusts(client.ip()) {
            self.count_for(client.ip())?;
        }
        self.remote = client;
        self.is_passed_on = true;
        Ok(())
    }

    /// The proxy passes on the connection of a client that it can't name. All of these count for the address of the proxy, and are not believed
    /// as the proxy is: what they say of others was written by whoever connected there.
    ///
    /// # Errors
    /// When there are as many of them as one address may have.
    pub(super) fn is_for_nobody_named(&mut self) -> Result<(), LimitReached> {
        self.count_for(self.remote.ip())?;
        self.is_passed_on = true;
        Ok(())
    }

    fn count_for(&mut self, address: IpAddr) -> Result<(), LimitReached> {
        self.address_permit = Some(self.permit.limits().connect_from(address)?);
        Ok(())
    }
}

impl From<Accepted> for Connection {
    fn from(accepted: Accepted) -> Self {
        Self {
            shared: Arc::new(Shared {
                permit: accepted.permit,
                remote: accepted.remote.ip(),
                address_permit: accepted.address_permit,
                is_passed_on: accepted.is_passed_on,
            }),
            is_tls: false,
        }
    }
}

/// The client that a WebSocket is for. It counts against the limits until it is dropped.
#[derive(Debug)]
pub struct Client {
    account: Arc<Account>,
    _connection: Connection,
    /// Of the address that a proxy named.
    _forwarded: Option<AddressPermit>,
}

impl Connection {
    /// The same, over which TLS is spoken from now on.
    pub(super) fn over_tls(self) -> Self {
        Self {
            is_tls: true,
            ..self
        }
    }

    /// Whether its requests come over TLS that this server speaks itself: nobody between it and the client reads or changes them. What a proxy
    /// says of its own clients does not count.
    pub fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// What its address shares with other connections; nothing for a proxy, which asks for many.
    pub(super) fn account(&self) -> Option<&Arc<Account>> {
        self.shared
            .address_permit
            .as_ref()
            .map(AddressPermit::account)
    }

    /// The address of the client behind a request.
    pub fn address(&self, headers: &HeaderMap, access: &Access) -> IpAddr {
        match self.shared.address_permit {
            Some(_) => self.shared.remote,
            None => access.client_behind(self.shared.remote, headers),
        }
    }

    /// Whether a proxy asks, that the server trusts.
    pub fn is_proxy(&self) -> bool {
        self.shared.address_permit.is_none()
    }

    /// Whether the client is at another proxy's end, as far as the server knows: what leads there need not lead here.
    pub fn is_behind_proxy(&self) -> bool {
        self.is_proxy() || self.shared.is_passed_on
    }

    /// Whether a client asks for itself: no proxy says that it asks for somebody else. A proxy that says nothing is not known to be one.
    pub fn is_direct(&self, headers: &HeaderMap) -> bool {
        let is_forwarded = FORWARDING.iter().any(|name| headers.contains_key(*name));
        !self.is_behind_proxy() && !is_forwarded
    }

    /// Whether a program of this machine asks for itself: the connection comes from a loopback address.
    pub fn is_of_this_machine(&self, headers: &HeaderMap) -> bool {
        self.is_direct(headers) && self.shared.remote.to_canonical().is_loopback()
    }

    /// The client behind a request.
    ///
    /// # Errors
    /// When a proxy named its address, and that has as many connections as it may have.
    pub fn client(self, headers: &HeaderMap, access: &Access) -> Result<Client, LimitReached> {
        let forwarded = match &self.shared.address_permit {
            Some(_) => None,
            None => {
                let address = self.address(headers, access);
                Some(self.shared.permit.limits().connect_from(address)?)
            }
        };
        let permit = forwarded.as_ref().or(self.shared.address_permit.as_ref());
        let permit = permit.expect("either the connection has one, or it was just taken");
        Ok(Client {
            account: Arc::clone(permit.account()),
            _connection: self,
            _forwarded: forwarded,
        })
    }
}

impl Client {
    /// What it shares with the other connections of its address.
    pub fn account(&self) -> &Arc<Account> {
        &self.account
    }
}
