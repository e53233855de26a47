//! The time is whatever a test says.
#![allow(clippy::unwrap_used)]

use super::*;

const OURS: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 5);
const LOWER: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 4);
const HIGHER: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 6);

fn name() -> Name {
    Name::new(&"workshop".parse().unwrap())
}

/// One claim, and a clock.
struct Device {
    claim: Claim,
    now: Instant,
}

impl Device {
    fn new() -> Self {
        let now = Instant::now();
        let claim = Claim::new(name(), OURS, now);
        Self { claim, now }
    }

    fn with_the_name() -> Self {
        let mut device = Self::new();
        // Asks, and tells everybody.
        assert_eq!(device.says_within(Duration::from_secs(10)).len(), 5);
        device
    }

    /// What everybody is told until then.
    fn says_within(&mut self, time: Duration) -> Vec<Vec<u8>> {
        let end = self.now + time;
        let mut said = Vec::new();
        while let Some(due) = self.claim.due().filter(|due| *due <= end) {
            self.now = due.max(self.now);
            said.extend(self.claim.says(self.now));
        }
        self.now = end;
        said
    }

    fn hears(&mut self, bytes: &[u8]) {
        let answer = self.claim.hears(bytes, false, &[OURS], self.now);
        assert_eq!(answer, None);
    }

    fn hears_once(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.claim.hears(bytes, true, &[OURS], self.now)
    }
}

/// A question for the address, and what the asker knows already.
fn question(known: &[u8]) -> Vec<u8> {
    let records = u8::from(!known.is_empty());
    let head = [7, 8, 0, 0, 0, 1, 0, records, 0, 0, 0, 0];
    [&head[..], b"\x08workshop\x05local\0\0\x01\0\x01", known].concat()
}

/// An address of the name that may be kept for so many seconds.
fn known(address: Ipv4Addr, seconds: u8) -> Vec<u8> {
    let record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, seconds, 0, 4];
    [&record[..], &address.octets()].concat()
}

#[test]
fn a_name_that_nobody_has_is_asked_for_three_times_and_told_twice_and_then_answered() {
    let mut device = Device::new();
    let probe = message::probe(&name(), OURS);
    let said = device.says_within(PROBE_EVERY * 3 - Duration::from_millis(1));
    assert_eq!(said, [&*probe; 3]);
    // Nobody is answered before it is known.
    device.hears(&question(b""));
    assert!(!device.claim.is_ours());
    let answer = message::answer(&name(), OURS);
    assert_eq!(device.says_within(Duration::from_secs(5)), [&*answer; 2]);
    assert!(device.claim.is_ours());
    device.hears(&question(b""));
    assert_eq!(device.says_within(Duration::ZERO), [&*answer]);
}

#[test]
fn a_name_that_another_device_has_is_not_taken() {
    let mut device = Device::new();
    device.says_within(PROBE_EVERY);
    device.hears(&message::answer(&name(), HIGHER));
    assert!(device.claim.is_taken());
    device.hears(&question(b""));
    assert_eq!(device.says_within(Duration::from_secs(10)), [[0; 0]; 0]);
    assert_eq!(device.claim.goodbye(), None);
}

#[test]
fn what_this_machine_says_itself_in_this_network_or_in_another_is_no_conflict() {
    let elsewhere = Ipv4Addr::new(10, 0, 0, 9);
    let mut device = Device::new();
    for address in [OURS, elsewhere] {
        for message in [
            message::probe(&name(), address),
            message::answer(&name(), address),
        ] {
            let own = [elsewhere, OURS];
            assert_eq!(device.claim.hears(&message, false, &own, device.now), None);
        }
    }
    device.says_within(Duration::from_secs(1));
    assert!(device.claim.is_ours());
}

#[test]
fn of_two_that_ask_at_the_same_time_the_higher_one_has_the_name() {
    let mut device = Device::new();
    device.says_within(PROBE_EVERY);
    device.hears(&message::probe(&name(), LOWER));
    device.says_within(PROBE_EVERY * 3);
    assert!(device.claim.is_ours());

    let mut device = Device::new();
    device.says_within(PROBE_EVERY);
    device.hears(&message::probe(&name(), HIGHER));
    assert_eq!(
        device.says_within(AFTER_A_TIE - Duration::from_millis(1)),
        [[0; 0]; 0]
    );
    // The other one has told everybody meanwhile.
    device.hears(&message::answer(&name(), HIGHER));
    assert!(device.claim.is_taken());
}

#[test]
fn who_asks_again_and_again_without_taking_the_name_ends_the_claim() {
    let mut device = Device::new();
    for _ in 0..MAX_LOST_TIES {
        assert!(!device.claim.is_taken());
        device.hears(&message::probe(&name(), HIGHER));
    }
    assert!(device.claim.is_taken());
}

#[test]
fn who_claims_the_name_later_does_not_get_it() {
    let mut device = Device::with_the_name();
    for _ in 0..1000 {
        device.hears(&message::answer(&name(), HIGHER));
    }
    assert!(device.claim.is_ours());
    // And is told so when it asks first, as soon as may be.
    device.hears(&message::probe(&name(), HIGHER));
    let answer = message::answer(&name(), OURS);
    assert_eq!(device.says_within(DEFEND_EVERY), [&*answer]);
}

#[test]
fn ten_thousand_questions_in_a_second_are_answered_once_for_all() {
    let mut device = Device::with_the_name();
    let mut said = 0;
    for _ in 0..10 {
        for _ in 0..1000 {
            device.hears(&question(b""));
        }
        said += device.says_within(ANSWER_EVERY / 10).len();
    }
    assert!((1..=2).contains(&said), "{said}");
}

#[test]
fn who_knows_the_address_is_not_answered_until_half_of_its_time_is_over() {
    let mut device = Device::with_the_name();
    for (seconds, count) in [(120, 0), (60, 0), (59, 1)] {
        device.hears(&question(&known(OURS, seconds)));
        assert_eq!(device.says_within(ANSWER_EVERY).len(), count, "{seconds}");
    }
    device.hears(&question(&known(LOWER, 120)));
    assert_eq!(device.says_within(ANSWER_EVERY).len(), 1);
}

#[test]
fn a_resolver_that_asks_once_is_told_alone_with_its_question_and_only_so_often() {
    let mut device = Device::with_the_name();
    let answer = device.hears_once(&question(b"")).unwrap();
    // Its number and question, and an address to be kept for ten seconds.
    assert_eq!(answer[..4], [7, 8, 0x84, 0]);
    assert_eq!(answer[4..12], [0, 1, 0, 1, 0, 0, 0, 0]);
    assert!(answer[12..].starts_with(&question(b"")[12..]));
    let end = [&[0, 0, 0, 10, 0, 4][..], &OURS.octets()].concat();
    assert!(answer.ends_with(&end));
    let answered = (0..1000).filter(|_| device.hears_once(&question(b"")).is_some());
    assert_eq!(answered.count(), MAX_ANSWERS_TO_ONE as usize - 1);
    device.now += SECOND;
    assert!(device.hears_once(&question(b"")).is_some());
    assert_eq!(device.says_within(ANSWER_EVERY), [[0; 0]; 0]);
}

#[test]
fn who_asks_for_an_address_of_ipv6_hears_that_there_is_none() {
    let mut device = Device::with_the_name();
    let mut question = question(b"");
    let kind = question.len() - 3;
    question[kind] = 28;
    let answer = device.hears_once(&question).unwrap();
    // The name, and that among the first eight types it has that of IPv4.
    assert!(answer.ends_with(b"\x08workshop\x05local\0\0\x01\x40"));
}

#[test]
fn everybody_is_told_at_the_end_that_the_name_is_nobodys() {
    let device = Device::with_the_name();
    let goodbye = device.claim.goodbye().unwrap();
    let end = [&[0, 0, 0, 0, 0, 4][..], &OURS.octets()].concat();
    assert!(goodbye.ends_with(&end));
}
