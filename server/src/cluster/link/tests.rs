//! Two sides of a link, and a bus that loses, doubles and reorders what is between them.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::super::message::{HEAD_BYTES, entries};
use super::*;

/// Far more than two sides need to agree when nothing is lost any more.
const ROUNDS_TO_SETTLE: usize = 40;

/// One instance, as far as a link needs one: it begins a link when it has something to say or hears something, and a new one when that ended.
struct Side {
    me: u64,
    epochs: u64,
    link: Option<Link>,
    /// What it pushed onto its present link.
    pushed: u64,
    /// What it has applied, in the life of its present link: numbers, each with the epoch of its sender's link.
    applied: Vec<(u64, u64)>,
    is_up: bool,
}

impl Side {
    fn new(me: u64) -> Self {
        Self {
            me,
            epochs: 0,
            link: None,
            pushed: 0,
            applied: Vec::new(),
            is_up: true,
        }
    }

    fn begin(&mut self, adopts: u64, now: Instant) -> &mut Link {
        self.epochs += 1;
        self.pushed = 0;
        self.applied.clear();
        let link = Link::new(self.me, 3 - self.me, self.epochs, 0, now).adopting(adopts);
        self.link.insert(link)
    }

    fn link(&mut self, now: Instant) -> &mut Link {
        if self.link.is_none() {
            self.begin(0, now);
        }
        self.link.as_mut().unwrap()
    }

    fn push(&mut self, now: Instant) {
        self.link(now);
        self.pushed += 1;
        let body = Bytes::copy_from_slice(&self.pushed.to_le_bytes());
        self.link(now).push(Kind::Frame, 7, body);
    }

    fn poll(&mut self, now: Instant) -> Vec<Vec<u8>> {
        let is_up = self.is_up;
        let Some(link) = &mut self.link else {
            return Vec::new();
        };
        let polled = link.poll(now, is_up);
        if polled.down.is_some() {
            self.link = None;
        }
        polled.messages
    }

    fn receive(&mut self, message: &[u8], now: Instant) {
        let (head, rest) = Head::read(message).unwrap();
        let mut heard = self.link(now).receive(&head, now);
        if heard == Heard::Anew {
            heard = self.begin(head.epoch, now).receive(&head, now);
            assert_ne!(heard, Heard::Anew);
        }
        if heard == Heard::Apply {
            for entry in entries(rest) {
                let number = u64::from_le_bytes(entry.body.try_into().unwrap());
                let before = self.applied.iter().rev();
                let last = before.filter(|(epoch, _)| *epoch == head.epoch).count() as u64;
                assert_eq!(number, last + 1, "of epoch {}", head.epoch);
                self.applied.push((head.epoch, number));
            }
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Push(usize),
    /// Time passes, and both say what they have to say.
    Poll(u64),
    /// The message that has waited so long, of those to this side, arrives.
    Deliver(usize, prop::sample::Index),
    Double(usize, prop::sample::Index),
    Lose(usize, prop::sample::Index),
    /// It ends its link, and begins another one when it has to.
    End(usize),
    /// It loses the bus, or has it again.
    Bus(usize, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let side = 0..2_usize;
    let index = any::<prop::sample::Index>;
    prop_oneof![
        6 => side.clone().prop_map(Step::Push),
        6 => (0..400_u64).prop_map(Step::Poll),
        8 => (side.clone(), index()).prop_map(|(to, which)| Step::Deliver(to, which)),
        2 => (side.clone(), index()).prop_map(|(to, which)| Step::Double(to, which)),
        2 => (side.clone(), index()).prop_map(|(to, which)| Step::Lose(to, which)),
        1 => side.clone().prop_map(Step::End),
        1 => (side, any::<bool>()).prop_map(|(who, is_up)| Step::Bus(who, is_up)),
    ]
}

struct World {
    sides: [Side; 2],
    /// What is under way to each of them.
    under_way: [Vec<Vec<u8>>; 2],
    now: Instant,
}

impl World {
    fn new() -> Self {
        Self {
            sides: [Side::new(1), Side::new(2)],
            under_way: [Vec::new(), Vec::new()],
            now: Instant::now(),
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Push(who) => self.sides[*who].push(self.now),
            Step::Poll(millis) => self.poll(Duration::from_millis(*millis)),
            Step::Deliver(to, which) => {
                if let Some(message) = self.pick(*to, which) {
                    self.sides[*to].receive(&message, self.now);
                }
            }
            Step::Double(to, which) => {
                if let Some(message) = self.pick(*to, which) {
                    self.under_way[*to].extend([message.clone(), message]);
                }
            }
            Step::Lose(to, which) => drop(self.pick(*to, which)),
            Step::End(who) => self.sides[*who].link = None,
            Step::Bus(who, is_up) => self.sides[*who].is_up = *is_up,
        }
    }

    fn pick(&mut self, to: usize, which: &prop::sample::Index) -> Option<Vec<u8>> {
        let waiting = &mut self.under_way[to];
        (!waiting.is_empty()).then(|| waiting.remove(which.index(waiting.len())))
    }

    fn poll(&mut self, time: Duration) {
        self.now += time;
        for who in 0..2 {
            let messages = self.sides[who].poll(self.now);
            self.under_way[1 - who].extend(messages);
        }
    }

    /// From now on nothing is lost, doubled or reordered.
    fn settle(&mut self) {
        for side in &mut self.sides {
            side.is_up = true;
        }
        for _ in 0..ROUNDS_TO_SETTLE {
            self.poll(Duration::from_millis(100));
            for to in 0..2 {
                for message in std::mem::take(&mut self.under_way[to]) {
                    self.sides[to].receive(&message, self.now);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever happened on the way: in the life of a link each entry was applied once and in its order, which `Side::receive` checks;
    /// and as soon as the bus is good both have agreed on one link, over which all has come.
    #[test]
    fn entries_come_once_and_in_order_and_both_sides_come_to_agree(steps in prop::collection::vec(step(), 1..120)) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
        }
        world.settle();
        for who in 0..2 {
            world.sides[who].push(world.now);
        }
        world.settle();
        let [a, b] = &world.sides;
        let (of_a, of_b) = (a.link.as_ref().unwrap(), b.link.as_ref().unwrap());
        prop_assert_eq!(of_a.peer_epoch, of_b.epoch);
        prop_assert_eq!(of_b.peer_epoch, of_a.epoch);
        prop_assert!(of_a.is_idle() && of_b.is_idle());
        for (from, to) in [(a, b), (b, a)] {
            let epoch = from.link.as_ref().unwrap().epoch;
            let came = to.applied.iter().filter(|(of, _)| *of == epoch).count();
            prop_assert_eq!(came as u64, from.pushed);
        }
    }
}

fn pair() -> (Link, Link, Instant) {
    let now = Instant::now();
    (Link::new(1, 2, 1, 0, now), Link::new(2, 1, 1, 0, now), now)
}

fn heads(messages: &[Vec<u8>]) -> Vec<Head> {
    let heads = messages.iter().map(|message| Head::read(message).unwrap());
    heads.map(|(head, _)| head).collect()
}

#[test]
fn what_is_relayed_to_several_of_an_edge_goes_there_once() {
    let (mut a, _, now) = pair();
    let frame = Bytes::from_static(b"to all");
    for client in [5, 6, 7] {
        a.push(Kind::Send, client, frame.clone());
    }
    a.push(Kind::End, 5, Bytes::new());
    let messages = a.poll(now, true).messages;
    assert_eq!(messages.len(), 1);
    let read: Vec<_> = entries(&messages[0][HEAD_BYTES..]).collect();
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].clients().collect::<Vec<_>>(), [5, 6, 7]);
}

#[test]
fn what_is_not_acknowledged_is_sent_again_more_and_more_rarely() {
    let (mut a, mut b, begin) = pair();
    a.push(Kind::Frame, 1, Bytes::from_static(b"x"));
    let first = a.poll(begin, true);
    assert_eq!((first.messages.len(), first.again), (1, 0));
    let mut times = Vec::new();
    for millis in 1..2_000 {
        let now = begin + Duration::from_millis(millis);
        if a.poll(now, true).again > 0 {
            times.push(millis);
        }
    }
    assert_eq!(times, [250, 750, 1_750]);

    let head = heads(&first.messages)[0];
    let now = begin + Duration::from_secs(2);
    assert_eq!(b.receive(&head, now), Heard::Apply);
    assert_eq!(b.receive(&head, now), Heard::Again);
    let ack = b.poll(now + ACK_WITHIN, true).messages;
    assert_eq!(a.receive(&heads(&ack)[0], now), Heard::Nothing);
    assert!(a.is_idle());
    assert_eq!(a.poll(now + MAX_RESEND_AFTER, true).again, 0);
}

#[test]
fn what_comes_too_early_waits_for_what_is_missing() {
    let (mut a, mut b, now) = pair();
    a.push(Kind::Frame, 1, Bytes::from_static(b"x"));
    let first = heads(&a.poll(now, true).messages)[0];
    a.push(Kind::Frame, 1, Bytes::from_static(b"y"));
    let second = heads(&a.poll(now, true).messages)[0];
    assert_eq!(b.receive(&second, now), Heard::Gap);
    assert_eq!(b.receive(&first, now), Heard::Apply);
    assert_eq!(b.receive(&second, now), Heard::Apply);
}

#[test]
fn an_acknowledgement_is_owed_after_sixteen_messages() {
    let (mut a, mut b, now) = pair();
    for count in 1..=ACK_AFTER {
        a.push(Kind::Frame, 1, Bytes::from_static(b"x"));
        let head = heads(&a.poll(now, true).messages)[0];
        assert_eq!(b.receive(&head, now), Heard::Apply);
        // The beat that it began with is another matter.
        b.beat_at = now + BEAT;
        assert_eq!(b.due(now, true) <= now, count == ACK_AFTER);
    }
    assert_eq!(heads(&b.poll(now, true).messages)[0].ack, 17);
    assert!(b.due(now, true) > now);
}

#[test]
fn no_more_than_a_window_is_under_way_and_no_more_than_a_bound_waits() {
    let (mut a, _, now) = pair();
    let frame = Bytes::from(vec![0; 64 * 1024]);
    let mut pushed = 0;
    while a.poll(now, true).down.is_none() {
        a.push(Kind::Frame, pushed, frame.clone());
        pushed += 1;
        let [queued, kept] = a.held_bytes();
        assert!(kept <= WINDOW_BYTES + frame.len() + 64);
        assert!(queued <= MAX_QUEUED_BYTES + frame.len() + ENTRY_COST);
        assert!(pushed < 1_000);
    }
    let bytes = pushed as usize * frame.len();
    assert!(bytes > WINDOW_BYTES + MAX_QUEUED_BYTES, "{bytes}");
    assert_eq!(a.poll(now, true).down, Some(Down::Bound));
}

#[test]
fn who_is_silent_or_absent_is_gone_and_nobody_is_while_the_own_bus_is() {
    let (mut a, _, begin) = pair();
    let after = |time| begin + time;
    assert_eq!(a.poll(after(SILENT_FOR / 2), true).down, None);
    assert_eq!(a.poll(after(SILENT_FOR), true).down, Some(Down::Silent));

    let (mut a, _, _) = pair();
    a.is_absent(begin);
    assert_eq!(a.poll(after(ABSENT_FOR), true).down, Some(Down::Absent));

    let (mut a, _, _) = pair();
    a.is_absent(begin);
    a.push(Kind::Frame, 1, Bytes::from_static(b"x"));
    assert_eq!(a.poll(begin, true).messages.len(), 1);
    let down = begin + Duration::from_millis(10);
    assert!(a.poll(down, false).messages.is_empty());
    let back = down + BUS_DOWN_FOR / 2;
    assert_eq!(a.poll(back, false).down, None);
    let polled = a.poll(back, true);
    assert_eq!((polled.down, polled.again), (None, 1));
    assert_eq!(a.poll(back, false).down, None);
    let polled = a.poll(back + BUS_DOWN_FOR, false);
    assert_eq!(polled.down, Some(Down::Bus));
}

#[test]
fn a_link_that_has_shared_nothing_with_an_older_one_goes_on_with_the_newer() {
    let (mut a, mut b, now) = pair();
    b.push(Kind::Frame, 1, Bytes::from_static(b"x"));
    assert_eq!(b.poll(now, true).messages.len(), 1);
    let of_a = heads(&a.poll(now, true).messages)[0];
    assert_eq!(b.receive(&of_a, now), Heard::Nothing);
    let newer = Head { epoch: 2, ..of_a };
    assert_eq!(b.receive(&newer, now), Heard::Nothing);
    let again = b.poll(now, true);
    assert_eq!(again.again, 1);
    assert_eq!(heads(&again.messages)[0].peer_epoch, 2);
}

#[test]
fn a_link_that_ended_hears_nothing_any_more() {
    let (mut a, mut b, now) = pair();
    a.push(Kind::Frame, 1, Bytes::from_static(b"x"));
    let of_a = heads(&a.poll(now, true).messages)[0];
    assert_eq!(b.receive(&of_a, now), Heard::Apply);
    let newer = Head { epoch: 2, ..of_a };
    assert_eq!(b.receive(&newer, now), Heard::Anew);
    let mut anew = Link::new(2, 1, 2, 0, now).adopting(newer.epoch);
    assert_eq!(anew.receive(&of_a, now), Heard::Stale);
    assert_eq!(anew.receive(&newer, now), Heard::Apply);
    let for_another = Head {
        peer_epoch: 1,
        ..newer
    };
    assert_eq!(anew.receive(&for_another, now), Heard::Stale);
}
