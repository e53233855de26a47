//! How many wrong codes and keys an address may show. Nobody guesses 128 bits; this keeps those who try from using the server's time, and
//! their lines out of the log.
//!
//! May import: refusal, network.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use network::address::holder;

use super::refusal::Refusal;

/// Wrong ones within [`WINDOW`] after which an address is refused.
pub const MAX_WRONG: usize = 20;

/// In which they are counted.
pub const WINDOW: Duration = Duration::from_secs(60);

/// How long everything of the address is refused then.
pub const REFUSED_FOR: Duration = Duration::from_secs(60);

/// Addresses that are remembered. With one more the one is forgotten whose last guess is the longest ago.
pub const MAX_ADDRESSES: usize = 256;

/// What each address has guessed lately.
#[derive(Debug, Default)]
pub struct Guesses {
    addresses: HashMap<IpAddr, Guesser>,
}

#[derive(Debug)]
struct Guesser {
    /// The last [`MAX_WRONG`] at most, the oldest first.
    wrong: VecDeque<Instant>,
    refused_until: Option<Instant>,
    last: Instant,
}

impl Guesses {
    /// Whether an address may show anything.
    pub(super) fn check(&self, address: IpAddr, now: Instant) -> Result<(), Refusal> {
        let guesser = self.addresses.get(&holder(address));
        match guesser.and_then(|guesser| guesser.refused_until) {
            Some(until) if now < until => {
                let seconds = until.duration_since(now).as_secs_f64().ceil() as u64;
                Err(Refusal::TooManyGuesses { seconds })
            }
            _ => Ok(()),
        }
    }

    /// Counts a wrong one.
    pub(super) fn wrong(&mut self, address: IpAddr, now: Instant) {
        let address = holder(address);
        if !self.addresses.contains_key(&address) {
            self.make_room(now);
        }
        let guesser = self.addresses.entry(address).or_insert_with(|| Guesser {
            wrong: VecDeque::new(),
            refused_until: None,
            last: now,
        });
        guesser.last = now;
        guesser.wrong.retain(|wrong| *wrong + WINDOW > now);
        guesser.wrong.push_back(now);
        if guesser.wrong.len() >= MAX_WRONG {
            guesser.wrong.clear();
            guesser.refused_until = Some(now + REFUSED_FOR);
        }
    }

    /// How many addresses are remembered.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.addresses.len()
    }

    fn make_room(&mut self, now: Instant) {
        if self.addresses.len() < MAX_ADDRESSES {
            return;
        }
        // Both windows are over for those.
        self.addresses
            .retain(|_, guesser| guesser.last + WINDOW.max(REFUSED_FOR) > now);
        let oldest = self
            .addresses
            .iter()
            .min_by_key(|(_, guesser)| guesser.last);
        if self.addresses.len() >= MAX_ADDRESSES
            && let Some(oldest) = oldest.map(|(address, _)| *address)
        {
            self.addresses.remove(&oldest);
        }
    }
}
