//! The address of a client: that of its connection, or the one that a trusted proxy names.
//!
//! May import: account, config, connection_limits, axum.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;

use super::connection_limits::{AddressPermit, ConnectionPermit, LimitReached};
use crate::account::Account;
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
    pub(super) fn new(
        permit: ConnectionPermit,
        remote: IpAddr,
        address_permit: Option<AddressPermit>,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                permit,
                remote,
                address_permit,
            }),
            is_tls: false,
        }
    }

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

    /// Whether a client asks for itself: no proxy says that it asks for somebody else. A proxy that says nothing is not known to be one.
    pub fn is_direct(&self, headers: &HeaderMap) -> bool {
        let is_forwarded = FORWARDING.iter().any(|name| headers.contains_key(*name));
        !self.is_proxy() && !is_forwarded
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
