//! What repairs the way between two instances: the bus may lose messages, double them and change their order. Pure: no socket, no clock.
//!
//! - Entries are applied in the order in which they were pushed, each once. Messages have numbers; one that came already is dropped, and one that
//!   comes too early, too: the sender sends all again that were not acknowledged.
//! - What is sent is kept until it is acknowledged.
//! - Each link has an epoch, greater than those of the links before it. Who hears of a newer epoch of the other side ends its own link, and begins
//!   one that takes the other's epoch and this very message. A link over which nothing has come yet, and of which nothing was acknowledged, goes on
//!   with the newer one instead: otherwise each side would end the link of the other for ever.
//! - A link ends when the other instance is gone or silent, or when more waits for it than may wait. Whatever depends on it has to end with it.
//!
//! May import: message, tungstenite.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use tungstenite::Bytes;

use super::message::{Entry, Head, Kind, Tally};

/// Bytes of entries in one message, unless one entry alone has more.
const MAX_BODY_BYTES: usize = 60_000;

/// Bytes that are sent and not acknowledged; more wait in the queue.
pub(super) const WINDOW_BYTES: usize = 4 * 1024 * 1024;

/// Bytes in the queue at most. Redis cuts off a subscriber for which 32 MiB wait.
pub(super) const MAX_QUEUED_BYTES: usize = 16 * 1024 * 1024;

/// What an entry costs beside its bytes.
const ENTRY_COST: usize = 64;

/// So often something is sent, if only that there is nothing.
pub(super) const BEAT: Duration = Duration::from_millis(250);

/// What came is acknowledged within this time, or after [`ACK_AFTER`] messages.
const ACK_WITHIN: Duration = Duration::from_millis(50);

/// Messages after which an acknowledgement is due.
const ACK_AFTER: u32 = 16;

/// What was not acknowledged within this time is sent again; the time doubles while nothing is acknowledged.
const RESEND_AFTER: Duration = Duration::from_millis(250);

/// The longest time between two repetitions.
const MAX_RESEND_AFTER: Duration = Duration::from_secs(1);

/// So long nobody may listen at the other end. A subscription that is made anew takes a moment.
pub(super) const ABSENT_FOR: Duration = Duration::from_millis(900);

/// So long nothing may come from the other instance.
pub(super) const SILENT_FOR: Duration = Duration::from_secs(3);

/// So long this instance may be without the bus. Meanwhile no other is judged.
pub(super) const BUS_DOWN_FOR: Duration = Duration::from_secs(10);

/// Why a link ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Down {
    /// Nobody listens at the other end.
    Absent,
    /// Nothing comes from there.
    Silent,
    /// The bus can't be reached from here.
    Bus,
    /// More waits than may wait.
    Bound,
    /// The other side has begun a new link.
    Anew,
    /// The other side said that it stops, or this one does.
    Bye,
    /// What came could not be handled, because of a fault in this program.
    Failed,
}

impl Down {
    /// A stable name, for programs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Silent => "silent",
            Self::Bus => "bus",
            Self::Bound => "bound",
            Self::Anew => "anew",
            Self::Bye => "bye",
            Self::Failed => "failed",
        }
    }
}

/// What came of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Its entries are to be applied.
    Apply,
    /// It has none.
    Nothing,
    /// It came before.
    Again,
    /// One before it is missing.
    Gap,
    /// It is for, or of, a link that has ended.
    Stale,
    /// The other side has begun a new link: this one has to end, and one that [adopts](Link::adopting) it takes the message.
    Anew,
}

/// What is to be done now.
#[derive(Debug, Default)]
pub(super) struct Polled {
    /// Messages to publish, in this order.
    pub(super) messages: Vec<Vec<u8>>,
    /// How many of them were published before.
    pub(super) again: usize,
    /// What is in the others.
    pub(super) entries: Tally,
    /// The link has to end.
    pub(super) down: Option<Down>,
}

/// One side of a link.
#[derive(Debug)]
pub(super) struct Link {
    me: u64,
    peer: u64,
    epoch: u64,
    /// 0 until it is known.
    peer_epoch: u64,
    queue: VecDeque<Entry>,
    queued_bytes: usize,
    /// More was pushed than may wait.
    is_over: bool,
    /// It has ended.
    is_closed: bool,
    /// Sent and not acknowledged.
    kept: VecDeque<(u64, Bytes)>,
    kept_bytes: usize,
    next_seq: u64,
    /// The number of the message that comes next.
    expected: u64,
    unacknowledged: u32,
    ack_at: Option<Instant>,
    resend_at: Option<Instant>,
    resend_after: Duration,
    beat_at: Instant,
    heard: Instant,
    absent: Option<Instant>,
    bus_down: Option<Instant>,
    /// Bytes that each message needs for its seal.
    seal_bytes: usize,
}

impl Link {
    /// A link from one instance to another, of which nothing is known.
    pub(super) fn new(me: u64, peer: u64, epoch: u64, seal_bytes: usize, now: Instant) -> Self {
        Self {
            me,
            peer,
            epoch,
            peer_epoch: 0,
            queue: VecDeque::new(),
            queued_bytes: 0,
            is_over: false,
            is_closed: false,
            kept: VecDeque::new(),
            kept_bytes: 0,
            next_seq: 1,
            expected: 1,
            unacknowledged: 0,
            ack_at: None,
            resend_at: None,
            resend_after: RESEND_AFTER,
            beat_at: now,
            heard: now,
            absent: None,
            bus_down: None,
            seal_bytes,
        }
    }

    /// Takes the epoch of the other side.
    pub(super) fn adopting(self, peer_epoch: u64) -> Self {
        Self { peer_epoch, ..self }
    }

    /// Queues something for the other side. Returns whether there was nothing: then it has to be [polled](Self::poll).
    pub(super) fn push(&mut self, kind: Kind, client: u64, body: Bytes) -> bool {
        if self.is_closed {
            return false;
        }
        let was_empty = self.queue.is_empty();
        match self.queue.back_mut() {
            Some(last) if last.takes(kind, &body) => {
                last.clients.push(client);
                self.queued_bytes += size_of::<u64>();
            }
            _ if self.queued_bytes > MAX_QUEUED_BYTES => self.is_over = true,
            _ => {
                self.queued_bytes += ENTRY_COST + body.len();
                self.queue.push_back(Entry {
                    kind,
                    clients: vec![client],
                    body,
                });
            }
        }
        was_empty || self.is_over
    }

    /// Takes the head of a message. Its entries are to be applied only if the answer is [`Heard::Apply`].
    pub(super) fn receive(&mut self, head: &Head, now: Instant) -> Heard {
        let is_for_another = head.peer_epoch != 0 && head.peer_epoch != self.epoch;
        if is_for_another || head.epoch < self.peer_epoch {
            return Heard::Stale;
        }
        if self.peer_epoch != 0 && head.epoch > self.peer_epoch {
            if self.has_shared() {
                return Heard::Anew;
            }
            // What was said to the older one is said again.
            self.resend_at = Some(now);
        }
        self.peer_epoch = head.epoch;
        self.heard = now;
        self.absent = None;
        if head.peer_epoch == self.epoch {
            self.acknowledged(head.ack, now);
        }
        match head.seq {
            0 => return Heard::Nothing,
            // The acknowledgement may have been lost.
            seq if seq < self.expected => {
                self.ack_at.get_or_insert(now + ACK_WITHIN);
                return Heard::Again;
            }
            seq if seq > self.expected => return Heard::Gap,
            _ => {}
        }
        self.expected += 1;
        self.unacknowledged += 1;
        let due = match self.unacknowledged {
            ACK_AFTER.. => now,
            _ => now + ACK_WITHIN,
        };
        self.ack_at = Some(self.ack_at.map_or(due, |at| at.min(due)));
        Heard::Apply
    }

    /// Whether something has come from the other side's link, or been acknowledged by it.
    fn has_shared(&self) -> bool {
        let first_kept = self.kept.front().map_or(self.next_seq, |(seq, _)| *seq);
        self.expected > 1 || first_kept > 1
    }

    fn acknowledged(&mut self, ack: u64, now: Instant) {
        let before = self.kept.len();
        while let Some((_, body)) = self.kept.pop_front_if(|(seq, _)| *seq < ack) {
            self.kept_bytes -= body.len();
        }
        if self.kept.len() < before {
            self.resend_after = RESEND_AFTER;
            self.resend_at = Some(now + RESEND_AFTER);
        }
    }

    /// Nobody listens at the other end at the moment.
    pub(super) fn is_absent(&mut self, now: Instant) {
        self.absent.get_or_insert(now);
    }

    /// What is to be sent now, and whether the link has to end. `is_up`: the bus takes messages.
    pub(super) fn poll(&mut self, now: Instant, is_up: bool) -> Polled {
        let mut polled = Polled {
            down: self.verdict(now, is_up),
            ..Polled::default()
        };
        if polled.down.is_some() || !is_up {
            return polled;
        }
        if self.resend_at.is_some_and(|at| at <= now) && !self.kept.is_empty() {
            self.resend_after = (self.resend_after * 2).min(MAX_RESEND_AFTER);
            self.resend_at = Some(now + self.resend_after);
            let kept = self.kept.iter();
            polled.messages = kept.map(|(seq, body)| self.message(*seq, body)).collect();
            polled.again = polled.messages.len();
        }
        while self.kept_bytes < WINDOW_BYTES
            && let Some(body) = self.next_body(&mut polled.entries)
        {
            let seq = self.next_seq;
            self.next_seq += 1;
            polled.messages.push(self.message(seq, &body));
            if self.kept.is_empty() {
                self.resend_at = Some(now + self.resend_after);
            }
            self.kept_bytes += body.len();
            self.kept.push_back((seq, body));
        }
        let is_due = self.ack_at.is_some_and(|at| at <= now) || self.beat_at <= now;
        if polled.messages.is_empty() && is_due {
            polled.messages.push(self.message(0, &[]));
        }
        if !polled.messages.is_empty() {
            // Each message says what has come.
            self.ack_at = None;
            self.unacknowledged = 0;
            self.beat_at = now + BEAT;
        }
        polled
    }

    fn verdict(&mut self, now: Instant, is_up: bool) -> Option<Down> {
        if self.is_over {
            return Some(Down::Bound);
        }
        if !is_up {
            // Who hears nothing itself can't judge others.
            self.heard = now;
            self.absent = None;
            let since = *self.bus_down.get_or_insert(now);
            return (now - since >= BUS_DOWN_FOR).then_some(Down::Bus);
        }
        if self.bus_down.take().is_some() {
            // What was under way is lost.
            self.resend_at = Some(now);
            self.heard = now;
        }
        if self.absent.is_some_and(|since| now - since >= ABSENT_FOR) {
            return Some(Down::Absent);
        }
        (now - self.heard >= SILENT_FOR).then_some(Down::Silent)
    }

    /// As many entries as fit into one message.
    fn next_body(&mut self, tally: &mut Tally) -> Option<Bytes> {
        let first = self.queue.pop_front()?;
        self.unqueued(&first);
        tally.add(first.kind);
        let mut body = Vec::with_capacity(first.len());
        first.write(&mut body);
        while let Some(entry) =
            (self.queue).pop_front_if(|entry| body.len() + entry.len() <= MAX_BODY_BYTES)
        {
            self.unqueued(&entry);
            tally.add(entry.kind);
            entry.write(&mut body);
        }
        Some(body.into())
    }

    fn unqueued(&mut self, entry: &Entry) {
        let clients = (entry.clients.len() - 1) * size_of::<u64>();
        self.queued_bytes -= ENTRY_COST + entry.body.len() + clients;
    }

    fn message(&self, seq: u64, body: &[u8]) -> Vec<u8> {
        let head = Head {
            from: self.me,
            to: self.peer,
            epoch: self.epoch,
            peer_epoch: self.peer_epoch,
            seq,
            ack: self.expected,
        };
        head.write(body, self.seal_bytes)
    }

    /// When it is to be polled again, if nothing happens before.
    pub(super) fn due(&self, now: Instant, is_up: bool) -> Instant {
        if !is_up {
            return now + BEAT;
        }
        let resend_at = self.resend_at.filter(|_| !self.kept.is_empty());
        let gone_at = self.absent.map(|since| since + ABSENT_FOR);
        let times = [self.ack_at, resend_at, gone_at].into_iter().flatten();
        times.fold(self.beat_at, Instant::min)
    }

    /// A message that says what has come, and nothing else.
    pub(super) fn acknowledgement(&self) -> Vec<u8> {
        self.message(0, &[])
    }

    /// Whether something waits that was not sent.
    pub(super) fn waits(&self) -> bool {
        !self.queue.is_empty()
    }

    /// It has ended: whatever is still pushed is dropped.
    pub(super) fn close(&mut self) {
        self.is_closed = true;
        self.queue.clear();
        self.kept.clear();
    }

    /// Whether all that was pushed has been acknowledged.
    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.kept.is_empty()
    }

    /// Bytes in the queue, and bytes that are not acknowledged.
    pub(super) fn held_bytes(&self) -> [usize; 2] {
        [self.queued_bytes, self.kept_bytes]
    }
}
