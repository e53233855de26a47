//! What the connections of one address may cause together: they share one account, which is charged with every message.
//!
//! May import: bucket, byte_budget, tokio.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::bucket::{Bucket, Rate, time_for};
use crate::byte_budget::ByteBudget;

/// Deliveries that the connections of one address may make before all other connections have had their turn.
const TURN: usize = 32;

/// Deliveries that an address may owe before its connections take turns. People mostly stay below that, and then pay no more than the counting.
const FREE: usize = 16 * TURN;

/// Words that are those of no pair, counted in hundredths of one: nobody guesses those of a pair among 16,384 names, and a room that shares an
/// address may mistype them. Thirty at once, and six in a minute in the long run.
const WRONG_WORDS: Rate = Rate {
    per_second: 10,
    burst: 30 * WRONG_WORD,
};

/// What one time costs.
const WRONG_WORD: usize = 100;

/// Bytes that the requests of an address hold over HTTP/2, where one connection has many, and their responses until they are taken. 32 connections may be full.
const REQUEST_BYTES: usize = 8 * 1024 * 1024;

/// A connection's turn to have its deliveries made. Dropping it ends it.
pub type Turn = OwnedSemaphorePermit;

/// What an account may take.
#[derive(Debug, Clone, Copy)]
pub struct AccountLimits {
    /// Announces.
    pub joins: Rate,
    /// Deliveries.
    pub deliveries: Rate,
    /// Bytes of messages that have come in part.
    pub unfinished_bytes: usize,
    /// Handshakes of TLS that have begun.
    pub tls_handshakes: usize,
}

/// The account of one address.
#[derive(Debug)]
pub struct Account {
    /// A std mutex, held for a few lines that never wait.
    debts: Mutex<Debts>,
    /// Deliveries that the address may make before all others have had their turn.
    turns: Arc<Semaphore>,
    unfinished: Arc<ByteBudget>,
    requests: Arc<ByteBudget>,
    handshakes: Semaphore,
    limits: AccountLimits,
}

impl Account {
    /// An account that owes nothing.
    pub fn new(limits: AccountLimits, now: Instant) -> Self {
        Self {
            debts: Mutex::new(Debts::new(now)),
            turns: Arc::new(Semaphore::new(TURN)),
            unfinished: ByteBudget::new(limits.unfinished_bytes),
            requests: ByteBudget::new(REQUEST_BYTES),
            handshakes: Semaphore::new(limits.tls_handshakes),
            limits,
        }
    }

    /// Counts announces, and says how long they have to wait.
    pub fn join(&self, count: usize, now: Instant) -> Duration {
        self.debts().join(count, self.limits.joins, now)
    }

    /// Counts deliveries.
    pub fn deliver(&self, count: usize, now: Instant) -> Dues {
        let rate = self.limits.deliveries;
        self.debts().deliver(count, FREE, rate, now)
    }

    /// How long the address has to wait before it may say the words of a pair, after many that were those of none.
    pub fn wait_for_words(&self, now: Instant) -> Duration {
        let owed = self.debts().wrong_words.debt(now);
        // Another wrong one must fit in.
        let free = time_for(WRONG_WORDS.burst - WRONG_WORD, WRONG_WORDS);
        owed.saturating_sub(free)
    }

    /// Counts words that were those of no pair.
    pub fn wrong_words(&self, now: Instant) {
        self.debts().wrong_words.take(WRONG_WORD, WRONG_WORDS, now);
    }

    /// Waits for a turn of so many deliveries, in the order in which the connections of the address ask.
    pub async fn turn(&self, deliveries: usize) -> Option<Turn> {
        let permits = deliveries.min(TURN) as u32;
        let turns = Arc::clone(&self.turns);
        // It is never closed.
        turns.acquire_many_owned(permits).await.ok()
    }

    /// What messages of the address that have come in part may hold.
    pub fn unfinished(&self) -> &Arc<ByteBudget> {
        &self.unfinished
    }

    /// What requests of the address that came over HTTP/2, and their responses, may hold.
    pub fn requests(&self) -> &Arc<ByteBudget> {
        &self.requests
    }

    /// Places for handshakes of TLS that have begun.
    pub fn handshakes(&self) -> &Semaphore {
        &self.handshakes
    }

    /// Whether it is as good as new.
    pub fn is_repaid(&self, now: Instant) -> bool {
        self.debts().is_repaid(now)
    }

    fn debts(&self) -> MutexGuard<'_, Debts> {
        // Nothing in here can panic half-way.
        self.debts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What all connections of one address have taken together.
#[derive(Debug)]
struct Debts {
    joins: Bucket,
    deliveries: Bucket,
    wrong_words: Bucket,
}

/// What comes of what an address takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dues {
    /// How long whoever takes it has to wait.
    pub wait: Duration,
    /// The address has taken much lately, and its connections take turns.
    pub takes_turns: bool,
}

impl Debts {
    fn new(now: Instant) -> Self {
        Self {
            joins: Bucket::new(now),
            deliveries: Bucket::new(now),
            wrong_words: Bucket::new(now),
        }
    }

    fn join(&mut self, count: usize, rate: Rate, now: Instant) -> Duration {
        self.joins.take(count, rate, now)
    }

    /// Takes so many deliveries. More than `free` of them that are not repaid are much.
    fn deliver(&mut self, count: usize, free: usize, rate: Rate, now: Instant) -> Dues {
        let wait = self.deliveries.take(count, rate, now);
        let owed = self.deliveries.debt(now);
        Dues {
            wait,
            takes_turns: owed > time_for(free, rate),
        }
    }

    /// Whether it is as good as new.
    fn is_repaid(&self, now: Instant) -> bool {
        let all = [&self.joins, &self.deliveries, &self.wrong_words];
        all.iter().all(|bucket| bucket.is_repaid(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        per_second: 10,
        burst: 5,
    };

    #[test]
    fn an_address_that_takes_much_takes_turns_until_it_has_repaid() {
        let now = Instant::now();
        let mut debts = Debts::new(now);
        let mut take = |count, now| debts.deliver(count, 2, RATE, now);
        assert_eq!(take(2, now), Dues::default());
        let busy = Dues {
            wait: Duration::ZERO,
            takes_turns: true,
        };
        assert_eq!(take(1, now), busy);
        assert_eq!(take(3, now).wait, Duration::from_millis(100));
        let later = now + Duration::from_millis(600);
        assert_eq!(take(2, later), Dues::default());
        assert!(!debts.is_repaid(later));
        assert!(debts.is_repaid(later + Duration::from_millis(200)));
    }
}
