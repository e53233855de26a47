//! How much of the relay there is for each session, for each address, and in all.
//!
//! May import: address, known.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use super::known::Session;
use crate::address::holder;

/// The bounds of a relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Relayed ports of one session at once.
    pub allocations_per_session: usize,
    /// The same of one address, of IPv6 of one /64 network.
    pub allocations_per_address: usize,
    /// The same in all.
    pub allocations: usize,
    /// Bytes that one session may have relayed in a second, in the long run; twice as many at once.
    pub bytes_per_second: usize,
    /// The same of all sessions together.
    pub bytes_per_second_in_all: usize,
    /// How long one port may be had, however often it is refreshed.
    pub lifetime: Duration,
    /// How long credentials are good. Whoever stays is given new ones before.
    pub credentials: Duration,
    /// Requests of strangers in one network (/24, of IPv6 /56) that are answered in a second, in the long run.
    pub answers_per_second: u32,
    /// The same at once after a quiet time.
    pub answer_burst: u32,
}

/// Which of them is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// That of a session or of an address: 486 (Allocation Quota Reached).
    Own,
    /// That of all: 508 (Insufficient Capacity).
    All,
}

/// What is used.
#[derive(Debug, Default)]
pub(super) struct Usage {
    sessions: HashMap<Session, OfSession>,
    addresses: HashMap<IpAddr, usize>,
    allocations: usize,
    in_all: Flow,
}

#[derive(Debug, Default)]
struct OfSession {
    allocations: usize,
    flow: Flow,
}

/// Bytes of a second (the generic cell rate algorithm): when what was taken is repaid.
#[derive(Debug, Default, Clone, Copy)]
struct Flow {
    repaid_at: Duration,
}

impl Flow {
    /// Whether so many bytes may pass.
    fn take(&mut self, now: Duration, bytes: usize, per_second: usize) -> bool {
        let cost = Duration::from_secs_f64(bytes as f64 / per_second.max(1) as f64);
        let repaid_at = self.repaid_at.max(now) + cost;
        let may_pass = repaid_at <= now + Duration::from_secs(2);
        if may_pass {
            self.repaid_at = repaid_at;
        }
        may_pass
    }
}

impl Usage {
    pub(super) fn allocations(&self) -> usize {
        self.allocations
    }

    /// Counts a port.
    pub(super) fn add(
        &mut self,
        session: Session,
        client: IpAddr,
        limits: &Limits,
    ) -> Result<(), Reached> {
        let of_session = self.sessions.get(&session).map_or(0, |of| of.allocations);
        let of_address = self.addresses.get(&holder(client)).copied().unwrap_or(0);
        if of_session >= limits.allocations_per_session
            || of_address >= limits.allocations_per_address
        {
            return Err(Reached::Own);
        }
        if self.allocations >= limits.allocations {
            return Err(Reached::All);
        }
        self.allocations += 1;
        self.sessions.entry(session).or_default().allocations += 1;
        *self.addresses.entry(holder(client)).or_default() += 1;
        Ok(())
    }

    pub(super) fn remove(&mut self, session: Session, client: IpAddr) {
        self.allocations -= 1;
        if let Some(of) = self.sessions.get_mut(&session) {
            of.allocations -= 1;
        }
        let of_address = self.addresses.get_mut(&holder(client));
        if let Some(count) = of_address {
            *count -= 1;
        }
    }

    /// Forgets who uses nothing, and owes nothing.
    pub(super) fn sweep(&mut self, now: Duration) {
        self.addresses.retain(|_, count| *count > 0);
        self.sessions
            .retain(|_, of| of.allocations > 0 || of.flow.repaid_at > now);
    }

    /// Whether so many bytes of a session may be relayed now.
    pub(super) fn admits(
        &mut self,
        now: Duration,
        session: Session,
        bytes: usize,
        limits: &Limits,
    ) -> bool {
        let own = self.sessions.get_mut(&session);
        own.is_some_and(|own| own.flow.take(now, bytes, limits.bytes_per_second))
            && self.in_all.take(now, bytes, limits.bytes_per_second_in_all)
    }
}
