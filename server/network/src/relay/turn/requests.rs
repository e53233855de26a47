//! What clients ask for, once it is known who they are ([RFC 8656, sections 7 to 12](https://www.rfc-editor.org/rfc/rfc8656#section-7)).
//!
//! May import: allocation, binding, check, five_tuple, message, quota, turn.

use std::net::SocketAddr;
use std::time::Duration;

use super::allocation::{Allocation, NoChannel, Owner};
use super::check::Identity;
use super::{Ports, Turn};
use crate::relay::binding::{ERROR, SUCCESS};
use crate::relay::five_tuple::FiveTuple;
use crate::relay::message::{Message, Writer, attribute};
use crate::relay::quota::Reached;

const ALLOCATE: u16 = 0x003;
const REFRESH: u16 = 0x004;
const CREATE_PERMISSION: u16 = 0x008;
const CHANNEL_BIND: u16 = 0x009;
/// The number of UDP among the protocols of IP.
const UDP: u8 = 17;
/// Ports that are opened until one is even. A client that wants one is refused in one case of 65,536.
const EVEN_PORT_TRIES: usize = 16;
/// Numbers of channels: those of section 12, and those that clients of before choose from
/// ([RFC 5766, section 11](https://www.rfc-editor.org/rfc/rfc5766#section-11)), coturn's among them. Nothing else comes to this port that begins so.
const CHANNELS: std::ops::RangeInclusive<u16> = 0x4000..=0x7fff;

/// Errors (section 19 of RFC 8656, section 14.8 of RFC 8489).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault(u16, &'static str);

const BAD_REQUEST: Fault = Fault(400, "Bad Request");
const FORBIDDEN: Fault = Fault(403, "Forbidden");
const UNKNOWN_ATTRIBUTE: Fault = Fault(420, "Unknown Attribute");
const MISMATCH: Fault = Fault(437, "Allocation Mismatch");
const FAMILY_NOT_SUPPORTED: Fault = Fault(440, "Address Family not Supported");
const WRONG_CREDENTIALS: Fault = Fault(441, "Wrong Credentials");
const UNSUPPORTED_TRANSPORT: Fault = Fault(442, "Unsupported Transport Protocol");
const FAMILY_MISMATCH: Fault = Fault(443, "Peer Address Family Mismatch");
const QUOTA_REACHED: Fault = Fault(486, "Allocation Quota Reached");
const INSUFFICIENT_CAPACITY: Fault = Fault(508, "Insufficient Capacity");

impl<P: Ports> Turn<P> {
    pub(super) fn answer(
        &mut self,
        now: Duration,
        client: FiveTuple,
        request: &Message<'_>,
        identity: &Identity<'_>,
    ) -> Vec<u8> {
        let success = Writer::new(SUCCESS, request.method, request.transaction());
        let answered = match request.unknown.is_empty() {
            true => self.handle(now, client, request, identity, success),
            false => Err(UNKNOWN_ATTRIBUTE),
        };
        let answer = answered.unwrap_or_else(|fault| {
            let error =
                Writer::new(ERROR, request.method, request.transaction()).error(fault.0, fault.1);
            match fault == UNKNOWN_ATTRIBUTE {
                true => error.codes(attribute::UNKNOWN_ATTRIBUTES, &request.unknown),
                false => error,
            }
        });
        answer.signed(&identity.key).finish_like(request)
    }

    fn handle(
        &mut self,
        now: Duration,
        client: FiveTuple,
        request: &Message<'_>,
        identity: &Identity<'_>,
        success: Writer,
    ) -> Result<Writer, Fault> {
        if self
            .allocations
            .get(&client)
            .is_some_and(|allocation| allocation.is_over(now))
        {
            self.close(client);
        }
        if request.method == ALLOCATE {
            return self.allocate(now, client, request, identity, success);
        }
        let is_known = [REFRESH, CREATE_PERMISSION, CHANNEL_BIND].contains(&request.method);
        let allocation = self.allocations.get(&client);
        match allocation {
            _ if !is_known => Err(BAD_REQUEST),
            None => Err(MISMATCH),
            Some(allocation) if allocation.session != identity.session => Err(WRONG_CREDENTIALS),
            Some(_) if request.method == REFRESH => self.refresh(now, client, request, success),
            Some(_) if request.method == CREATE_PERMISSION => {
                self.permit(now, client, request).map(|()| success)
            }
            Some(_) => self.bind(now, client, request).map(|()| success),
        }
    }

    fn allocate(
        &mut self,
        now: Duration,
        client: FiveTuple,
        request: &Message<'_>,
        identity: &Identity<'_>,
        success: Writer,
    ) -> Result<Writer, Fault> {
        let transaction = request.transaction().try_into().map_err(|_| BAD_REQUEST)?;
        if let Some(allocation) = self.allocations.get(&client) {
            // The answer was lost (RFC 8489, section 6.3.1).
            let is_again =
                allocation.transaction == transaction && allocation.session == identity.session;
            return match is_again {
                true => {
                    let seen = self.ports.seen(client.address);
                    Ok(allocated(success, allocation, seen, now))
                }
                false => Err(MISMATCH),
            };
        }
        match request.transport {
            Some(UDP) => {}
            Some(_) => return Err(UNSUPPORTED_TRANSPORT),
            None => return Err(BAD_REQUEST),
        }
        let is_ipv4 = match request.family {
            None | Some(1) => true,
            Some(2) => false,
            Some(_) => return Err(FAMILY_NOT_SUPPORTED),
        };
        // Ports in pairs are for RTP without multiplexing, which browsers do not have any more.
        if request.has_reservation || request.even_port == Some(true) {
            return Err(INSUFFICIENT_CAPACITY);
        }
        let counted = self
            .usage
            .add(identity.session, client.address.ip(), &self.limits);
        counted.map_err(|reached| match reached {
            Reached::Own => QUOTA_REACHED,
            Reached::All => INSUFFICIENT_CAPACITY,
        })?;
        let fits =
            |relayed: SocketAddr| request.even_port.is_none() || relayed.port().is_multiple_of(2);
        let mut opened =
            (0..EVEN_PORT_TRIES).map_while(|_| self.ports.open(client.address, is_ipv4));
        let Some(opened) = opened.find(|(relayed, _)| fits(*relayed)) else {
            self.usage.remove(identity.session, client.address.ip());
            return Err(match is_ipv4 {
                true => INSUFFICIENT_CAPACITY,
                false => FAMILY_NOT_SUPPORTED,
            });
        };
        let owner = Owner {
            session: identity.session,
            username: identity.username,
            key: identity.key,
        };
        let allocation = Allocation::new(&owner, transaction, opened, now, self.limits.lifetime);
        let seen = self.ports.seen(client.address);
        let success = allocated(success, &allocation, seen, now);
        // Its own address is one at which a peer may reach it.
        self.heard(now, client);
        self.relayed.insert(allocation.relayed, client);
        self.allocations.insert(client, allocation);
        Ok(success)
    }

    fn refresh(
        &mut self,
        now: Duration,
        client: FiveTuple,
        request: &Message<'_>,
        success: Writer,
    ) -> Result<Writer, Fault> {
        let allocation = self.allocations.get_mut(&client).ok_or(MISMATCH)?;
        if request
            .family
            .is_some_and(|family| (family == 1) != allocation.relayed.is_ipv4())
        {
            return Err(FAMILY_MISMATCH);
        }
        if request.lifetime == Some(0) {
            self.close(client);
            return Ok(success.attribute(attribute::LIFETIME, &[0; 4]));
        }
        allocation.refresh(now);
        let left = allocation.seconds_left(now).to_be_bytes();
        self.heard(now, client);
        Ok(success.attribute(attribute::LIFETIME, &left))
    }

    /// All peers of a request, or none of them (section 10.2).
    fn permit(
        &mut self,
        now: Duration,
        client: FiveTuple,
        request: &Message<'_>,
    ) -> Result<(), Fault> {
        if request.peers.is_empty() {
            return Err(BAD_REQUEST);
        }
        let allocation = self.allocations.get(&client).ok_or(MISMATCH)?;
        for peer in &request.peers {
            if peer.is_ipv4() != allocation.relayed.is_ipv4() {
                return Err(FAMILY_MISMATCH);
            }
            // Which ports of it may be reached is asked for every packet.
            if !self.may_have(peer.ip()) {
                return Err(FORBIDDEN);
            }
        }
        let names = request.peers.iter();
        let names: Vec<_> = names.map(|peer| self.known_as(client, *peer)).collect();
        let allocation = self.allocations.get_mut(&client).ok_or(MISMATCH)?;
        match allocation.permit(now, &names) {
            true => Ok(()),
            false => Err(INSUFFICIENT_CAPACITY),
        }
    }

    fn bind(
        &mut self,
        now: Duration,
        client: FiveTuple,
        request: &Message<'_>,
    ) -> Result<(), Fault> {
        let (Some(channel), [peer]) = (request.channel, &request.peers[..]) else {
            return Err(BAD_REQUEST);
        };
        if !CHANNELS.contains(&channel) {
            return Err(BAD_REQUEST);
        }
        let allocation = self.allocations.get(&client).ok_or(MISMATCH)?;
        if peer.is_ipv4() != allocation.relayed.is_ipv4() {
            return Err(FAMILY_MISMATCH);
        }
        // A client may ask for it before the peer has asked the server from just there: that is asked for every packet.
        let is_client = |endpoint: SocketAddr| self.known.has(endpoint.ip());
        if self.may_reach(*peer, &is_client).is_err() {
            return Err(FORBIDDEN);
        }
        let name = self.known_as(client, *peer);
        let allocation = self.allocations.get_mut(&client).ok_or(MISMATCH)?;
        allocation
            .bind(now, channel, *peer, name)
            .map_err(|none| match none {
                NoChannel::Taken => BAD_REQUEST,
                NoChannel::TooMany => INSUFFICIENT_CAPACITY,
            })
    }

    /// Whether there may be a peer at an address: a client, or a relayed port.
    fn may_have(&self, peer: std::net::IpAddr) -> bool {
        let is_relayed = self.relayed.keys().any(|relayed| relayed.ip() == peer);
        P::IN_MEMORY || is_relayed || self.known.has(peer)
    }
}

fn allocated<S>(
    success: Writer,
    allocation: &Allocation<S>,
    seen: SocketAddr,
    now: Duration,
) -> Writer {
    success
        .address(attribute::XOR_RELAYED_ADDRESS, allocation.relayed)
        .attribute(
            attribute::LIFETIME,
            &allocation.seconds_left(now).to_be_bytes(),
        )
        .address(attribute::XOR_MAPPED_ADDRESS, seen)
}
