//! One direction of a line that can be spoiled, and [`Link`]s of two.
//!
//! A packet meets, in this order: a cut, loss, duplication, the queue in front of the narrow part, delay with jitter, and a cut once more.
//! Packets come out unaltered, so ICE's integrity, DTLS and SCTP stay real.
//!
//! # Layout
//! - [`conditions`]: what can be set, checked
//! - `loss`: which packets are lost, singly or in bursts
//! - `underway`: packets in the order in which they arrive
//! - [`fate`]: what became of packets
//! - [`link`]: two lines, one each way, on a timeline
//! - [`timeline`]: changes that come by themselves
//! - [`presets`]: networks that people know
//!
//! May import: random, serde, thiserror.

pub mod conditions;
pub mod fate;
pub mod link;
mod loss;
pub mod presets;
#[cfg(test)]
mod tests;
pub mod timeline;
mod underway;

use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

pub use conditions::{Change, Conditions, OutOfRange};
pub use fate::{Amount, DropReason, Exit, Statistics};
pub use link::{Direction, Link};
pub use presets::Preset;
pub use timeline::Timeline;

use crate::random::Random;
use loss::Loss;
use underway::Underway;

/// Packets that a line holds at most, in its queue and under way.
pub const MAX_PACKETS: usize = 8_192;
/// Bytes in them at most: 32 Mbit/s over a delay of one second.
pub const MAX_BYTES: usize = 4 << 20;
/// What IPv4 and UDP put in front of each packet. A narrow line carries it too.
pub const HEADERS: usize = 28;
/// How much longer a packet takes that is to be overtaken: voice sends a packet every 20 ms.
pub const HELD_BACK: Duration = Duration::from_millis(30);

/// One direction of a line, for packets of any type that shows its bytes.
///
/// The same seed, the same packets at the same times and the same changes give the same fates. Each packet takes the same number of random
/// draws whatever the conditions are, so that a change of the jitter changes nothing about which packets are lost.
#[derive(Debug)]
pub struct Line<P> {
    conditions: Conditions,
    random: Random,
    loss: Loss,
    /// The latest time that was ever named. Time does not go back.
    now: Duration,
    /// In front of the narrow part. The first is passing it.
    queue: VecDeque<Packet<P>>,
    /// Bytes in the queue, with headers.
    queued: usize,
    /// When the first of the queue will have passed.
    passed_at: Duration,
    /// Past the queue, the next to arrive on top.
    underway: BinaryHeap<Underway<P>>,
    /// When the last of those arrives that keep their order.
    last_due: Duration,
    /// Past the line, waiting to be fetched.
    exits: VecDeque<Exit<P>>,
    /// In all three.
    held: Amount,
    /// How many went under way: among those due at the same time the first goes first.
    count: u64,
    statistics: Statistics,
}

#[derive(Debug)]
struct Packet<P> {
    packet: P,
    bytes: usize,
    /// Which part of the jitter it gets, from 0 to 1.
    jitter: f64,
    held_back: bool,
}

impl<P: AsRef<[u8]> + Clone> Line<P> {
    /// A line under these conditions.
    pub fn new(conditions: Conditions, seed: u64) -> Self {
        Self {
            conditions,
            random: Random::new(seed),
            loss: Loss::default(),
            now: Duration::ZERO,
            queue: VecDeque::new(),
            queued: 0,
            passed_at: Duration::ZERO,
            underway: BinaryHeap::new(),
            last_due: Duration::ZERO,
            exits: VecDeque::new(),
            held: Amount::default(),
            count: 0,
            statistics: Statistics::default(),
        }
    }

    /// The conditions as they are.
    pub fn conditions(&self) -> Conditions {
        self.conditions
    }

    /// What it has done so far.
    pub fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// What it holds.
    pub fn held(&self) -> Amount {
        self.held
    }

    /// Sets the conditions. They are those of every packet from now on; what is past the queue arrives when it would have. The rest of the
    /// packet that is passing the narrow part passes at the new rate.
    pub fn set(&mut self, now: Duration, conditions: Conditions) {
        self.advance(now);
        if let Some(first) = self.queue.front() {
            let before = self.conditions.passing_time(first.bytes).as_secs_f64();
            let after = conditions.passing_time(first.bytes).as_secs_f64();
            let left = self.passed_at.saturating_sub(self.now).as_secs_f64();
            let left = if before > 0.0 {
                left / before * after
            } else {
                0.0
            };
            self.passed_at = self.now + Duration::from_secs_f64(left);
        }
        self.conditions = conditions;
        self.advance(now);
    }

    /// Puts a packet in.
    ///
    /// # Errors
    /// Why it is dropped at once. What is dropped at the far end comes out of [`poll`](Self::poll).
    pub fn send(&mut self, now: Duration, packet: P) -> Result<(), DropReason> {
        self.advance(now);
        let bytes = packet.as_ref().len();
        self.statistics.entered.add(bytes);
        let [
            loss,
            copied,
            first_jitter,
            second_jitter,
            first_back,
            second_back,
        ] = std::array::from_fn(|_| self.random.unit());
        let Conditions {
            duplicate, reorder, ..
        } = self.conditions;
        let lost = self
            .loss
            .next(self.conditions.loss, self.conditions.burst, loss);
        let copy = (copied < duplicate).then(|| packet.clone());
        let first = Packet {
            packet,
            bytes,
            jitter: first_jitter,
            held_back: first_back < reorder,
        };
        let fate = if self.conditions.cut {
            Err(DropReason::Cut)
        } else if lost {
            Err(DropReason::Loss)
        } else {
            self.enqueue(first)
        };
        if let Err(reason) = fate {
            self.statistics.dropped(reason, bytes);
            return Err(reason);
        }
        if let Some(packet) = copy {
            self.statistics.copied.add(bytes);
            let second = Packet {
                packet,
                bytes,
                jitter: second_jitter,
                held_back: second_back < reorder,
            };
            if let Err(reason) = self.enqueue(second) {
                self.statistics.dropped(reason, bytes);
            }
        }
        self.advance(now);
        Ok(())
    }

    /// The next packet that has come to the end of the line by now. To be asked until there is none.
    pub fn poll(&mut self, now: Duration) -> Option<Exit<P>> {
        self.advance(now);
        let exit = self.exits.pop_front()?;
        self.held.remove(exit.packet.as_ref().len());
        Some(exit)
    }

    /// When [`poll`](Self::poll) is to be asked again; `None` until something is sent.
    pub fn next_at(&self) -> Option<Duration> {
        if let Some(exit) = self.exits.front() {
            return Some(exit.at);
        }
        let passed = self.queue.front().map(|_| self.passed_at);
        let due = self.underway.peek().map(|next| next.due);
        passed.into_iter().chain(due).min()
    }

    fn enqueue(&mut self, packet: Packet<P>) -> Result<(), DropReason> {
        let bytes = packet.bytes;
        if self.held.packets >= MAX_PACKETS as u64
            || self.held.bytes + bytes as u64 > MAX_BYTES as u64
        {
            return Err(DropReason::Bound);
        }
        let with_headers = bytes + HEADERS;
        if self.conditions.rate.is_some() && self.queued + with_headers > self.conditions.queue {
            return Err(DropReason::Queue);
        }
        if self.queue.is_empty() {
            self.passed_at = self.now + self.conditions.passing_time(bytes);
        }
        self.held.add(bytes);
        self.queued += with_headers;
        self.queue.push_back(packet);
        Ok(())
    }

    /// Moves everything to where it is now.
    fn advance(&mut self, now: Duration) {
        self.now = self.now.max(now);
        while self.passed_at <= self.now
            && let Some(packet) = self.queue.pop_front()
        {
            self.queued -= packet.bytes + HEADERS;
            self.depart(packet);
            if let Some(next) = self.queue.front() {
                self.passed_at += self.conditions.passing_time(next.bytes);
            }
        }
        while let Some(next) = self.underway.peek()
            && next.due <= self.now
            && let Some(Underway {
                due, packet, bytes, ..
            }) = self.underway.pop()
        {
            let fate = if self.conditions.cut {
                self.statistics.dropped(DropReason::Cut, bytes);
                Err(DropReason::Cut)
            } else {
                self.statistics.delivered.add(bytes);
                Ok(())
            };
            self.exits.push_back(Exit {
                at: due,
                packet,
                fate,
            });
        }
    }

    /// From the queue, at the time it has passed, onto the way.
    fn depart(
        &mut self,
        Packet {
            packet,
            bytes,
            jitter,
            held_back,
        }: Packet<P>,
    ) {
        let jitter = self.conditions.jitter.mul_f64(jitter);
        let mut due = self.passed_at + self.conditions.delay + jitter;
        if held_back {
            due += HELD_BACK;
        } else {
            due = due.max(self.last_due);
            self.last_due = due;
        }
        self.count += 1;
        self.underway.push(Underway {
            due,
            number: self.count,
            packet,
            bytes,
        });
    }
}

impl Conditions {
    /// How long the narrow part takes for a packet of these bytes and its headers.
    fn passing_time(&self, bytes: usize) -> Duration {
        self.rate.map_or(Duration::ZERO, |rate| {
            Duration::from_secs_f64(((bytes + HEADERS) * 8) as f64 / rate)
        })
    }
}
