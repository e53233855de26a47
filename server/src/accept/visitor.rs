//! Who asks: the connection's own address, or the one that a trusted proxy names.
//!
//! May import: `places`, `bucket`, [`Access`], axum's headers, tokio's Semaphore.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use tokio::sync::SemaphorePermit;

use super::places::{Guest, NoPlace, Place};
use crate::bucket::Dues;
use crate::config::Access;

/// One connection. Its requests carry it along, so that a WebSocket keeps the place after the upgrade.
#[derive(Debug, Clone)]
pub struct Visitor(Arc<Connection>);

#[derive(Debug)]
struct Connection {
    place: Place,
    remote: IpAddr,
    /// Nobody, if a proxy asks: it asks for many.
    guest: Option<Guest>,
}

/// Whoever a WebSocket is for. It holds the places that are taken by it.
#[derive(Debug)]
pub struct Client {
    visitor: Visitor,
    /// Somebody, if a proxy asked for it.
    forwarded: Option<Guest>,
}

impl Visitor {
    pub(super) fn new(place: Place, remote: IpAddr, guest: Option<Guest>) -> Self {
        Self(Arc::new(Connection {
            place,
            remote,
            guest,
        }))
    }

    /// The address of whoever is behind a request.
    pub fn address(&self, headers: &HeaderMap, access: &Access) -> IpAddr {
        match self.0.guest {
            Some(_) => self.0.remote,
            None => access.client_behind(self.0.remote, headers),
        }
    }

    /// The client behind a request.
    pub fn client(self, headers: &HeaderMap, access: &Access) -> Result<Client, NoPlace> {
        let connection = &self.0;
        let forwarded = match connection.guest {
            Some(_) => None,
            None => {
                let address = self.address(headers, access);
                Some(connection.place.places().welcome(address)?)
            }
        };
        Ok(Client {
            visitor: self,
            forwarded,
        })
    }
}

impl Client {
    /// Counts announces of its address, and says how long they have to wait.
    pub fn join(&self, count: usize, now: Instant) -> Duration {
        self.guest()
            .map_or(Duration::ZERO, |guest| guest.join(count, now))
    }

    /// Counts deliveries for its address.
    pub fn deliver(&self, count: usize, now: Instant) -> Dues {
        self.guest()
            .map_or_else(Dues::default, |guest| guest.deliver(count, now))
    }

    /// Waits for a turn of its address, which lasts until it is dropped.
    pub async fn turn(&self, deliveries: usize) -> Option<SemaphorePermit<'_>> {
        self.guest()?.turn(deliveries).await
    }

    fn guest(&self) -> Option<&Guest> {
        self.forwarded.as_ref().or(self.visitor.0.guest.as_ref())
    }
}
