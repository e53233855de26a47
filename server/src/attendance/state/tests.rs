#![allow(clippy::unwrap_used)]

mod reach;

use std::net::Ipv4Addr;

use super::pair::{MAX_FORMER, TWO};
use super::*;
use crate::attendance::checked::{Checked, Outcome};
use crate::attendance::message::{PairOfYou, You};
use crate::attendance::seen::Seen;
use crate::attendance::ticket::{KEY_BYTES, Tickets};
use crate::attendance::view::{AttendeeView, View};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1));
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 2));

/// A workshop, and what its attendees keep.
struct Room {
    state: State,
    now: Instant,
    next_page: Page,
    /// The address from which pages come.
    from: IpAddr,
    /// The latest ticket of each.
    tickets: BTreeMap<Id, Claim>,
    time: u64,
}

impl Room {
    fn new() -> Self {
        Self::with_places(300)
    }

    fn with_places(in_all: usize) -> Self {
        Self::with_places_for_one_address(in_all, in_all)
    }

    fn with_places_for_one_address(in_all: usize, for_one_address: usize) -> Self {
        let places = Places {
            in_all,
            for_one_address,
        };
        Self {
            state: State::new(places, 7),
            from: HERE,
            now: Instant::now(),
            next_page: 0,
            tickets: BTreeMap::new(),
            time: 0,
        }
    }

    /// The same after a restart of the server: tickets are all that is left.
    fn restarted(self) -> Self {
        Self {
            tickets: self.tickets,
            time: self.time,
            // Its pages have other numbers, and its ids and pairs come in another order.
            next_page: 1000,
            state: State::new(self.state.places, 8),
            from: self.from,
            now: self.now,
        }
    }

    fn happens(&mut self, event: Event) -> Result<Effects, Refused> {
        let effects = self.state.handle(event, self.now)?;
        self.keep_tickets(&effects);
        Ok(effects)
    }

    fn keep_tickets(&mut self, effects: &Effects) {
        for id in &effects.changed {
            self.time += 1;
            let mut claims = Vec::new();
            self.state.you(*id, self.time, |claim| {
                claims.push(claim.clone());
                String::new()
            });
            self.tickets
                .extend(claims.into_iter().map(|claim| (*id, claim)));
        }
    }

    /// A page says hello.
    fn hello(&mut self, claim: Option<Claim>, name: Option<&str>) -> Result<(Page, Id), Refused> {
        let page = self.next_page;
        self.next_page += 1;
        self.happens(Event::Hello(Arrival {
            page,
            from: self.from,
            claim,
            name: name.map(str::to_owned),
            shares: true,
        }))?;
        Ok((page, self.state.pages[&page]))
    }

    /// Somebody new comes.
    fn comes(&mut self) -> (Page, Id) {
        self.hello(None, None).unwrap()
    }

    /// So many come.
    fn come<const N: usize>(&mut self) -> [(Page, Id); N] {
        std::array::from_fn(|_| self.comes())
    }

    fn says(&mut self, page: Page, message: Message) -> Result<Effects, Refused> {
        self.happens(Event::Message { page, message })
    }

    fn asks(&mut self, command: HostCommand) -> Result<Effects, Refused> {
        self.happens(Event::Command(command))
    }

    fn closes(&mut self, page: Page) {
        self.happens(Event::Closed { page }).unwrap();
    }

    fn waits(&mut self, time: Duration) {
        self.now += time;
        self.happens(Event::Tick).unwrap();
    }

    fn you(&self, id: Id) -> You {
        self.state.you(id, 0, |_| String::new()).unwrap()
    }

    fn pair_of(&self, id: Id) -> PairOfYou {
        self.you(id).pair.unwrap()
    }

    fn partners_of(&self, id: Id) -> BTreeSet<Id> {
        let pair = self.state.attendees[&id].pair;
        let members = pair.map(|pair| &self.state.pairs[&pair].members);
        let partners = members.into_iter().flatten().copied();
        partners.filter(|partner| *partner != id).collect()
    }

    fn view(&self) -> View {
        self.state.view(0, self.now)
    }

    fn seen(&self, id: Id) -> AttendeeView {
        let mut attendees = self.view().attendees.into_iter();
        attendees.find(|attendee| attendee.id == id).unwrap()
    }

    /// Two in one pair, of which the first made it.
    fn pair(&mut self) -> [(Page, Id); 2] {
        let [a, b] = self.come();
        self.says(a.0, Message::OpenPair).unwrap();
        self.joins(b.0, a.1).unwrap();
        [a, b]
    }

    fn joins(&mut self, page: Page, whose: Id) -> Result<Effects, Refused> {
        let pair = self.pair_of(whose).name.to_string();
        self.says(page, Message::Join { pair })
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, Refused>) -> &'static str {
    result.unwrap_err().code
}

#[test]
fn a_pair_takes_two_by_its_words_and_refuses_a_third() {
    let mut room = Room::new();
    let [a, b] = room.pair();
    let pair = room.pair_of(a.1);
    assert_eq!(pair, room.pair_of(b.1));
    assert_eq!(
        pair.members.iter().map(|one| one.id).collect::<Vec<_>>(),
        [a.1, b.1]
    );
    let (page, _) = room.comes();
    assert_eq!(code(room.joins(page, a.1)), "pair-full");
    assert_eq!(
        code(room.says(
            page,
            Message::Join {
                pair: "amber-nobody".to_owned()
            }
        )),
        "no-such-pair"
    );
    room.says(b.0, Message::Leave).unwrap();
    room.joins(page, a.1).unwrap();
    assert_eq!(
        code(room.says(
            b.0,
            Message::Join {
                pair: pair.name.to_string()
            }
        )),
        "pair-full"
    );
}

#[test]
fn a_three_has_a_place_for_a_third_and_a_locked_pair_for_nobody() {
    let mut room = Room::new();
    let [a, b, c, d] = room.come();
    let ids = [a, b, c].map(|(_, id)| id.to_string()).to_vec();
    room.asks(HostCommand::Pair { ids }).unwrap();
    assert_eq!(room.partners_of(a.1), [b.1, c.1].into());
    room.says(c.0, Message::Leave).unwrap();
    let pair = room.pair_of(a.1).name.to_string();
    let lock = |locked| HostCommand::Lock {
        pair: pair.clone(),
        locked,
    };
    room.asks(lock(true)).unwrap();
    assert!(room.pair_of(b.1).locked);
    assert_eq!(code(room.joins(d.0, a.1)), "pair-locked");
    room.asks(lock(false)).unwrap();
    room.joins(d.0, a.1).unwrap();
    assert_eq!(code(room.joins(c.0, a.1)), "pair-full");
}

#[test]
fn the_host_adds_a_third_to_a_pair_whose_room_stays() {
    let mut room = Room::new();
    let [a, b] = room.pair();
    let (_, c) = room.comes();
    let name = room.pair_of(a.1).name;
    let ids = [c, a.1, b.1].map(|id| id.to_string()).to_vec();
    room.asks(HostCommand::Pair { ids }).unwrap();
    assert_eq!(room.pair_of(c).name, name);
    assert_eq!(room.view().pairs[0].size, 3);
    let ids = [c, c].map(|id| id.to_string()).to_vec();
    assert_eq!(code(room.asks(HostCommand::Pair { ids })), "bad-message");
}

#[test]
fn two_who_wait_are_paired_at_once_and_partners_get_somebody_else() {
    let mut room = Room::new();
    let [a, b] = room.pair();
    for page in [a.0, b.0] {
        room.says(page, Message::PairMe { wants: true }).unwrap();
    }
    assert_eq!(room.partners_of(a.1), [b.1].into());
    let (page, c) = room.comes();
    room.says(page, Message::PairMe { wants: true }).unwrap();
    assert_eq!(room.partners_of(c), [a.1].into());
    assert!(!room.you(c).waiting && !room.you(a.1).waiting && room.you(b.1).waiting);
    assert!(room.partners_of(b.1).is_empty());
    room.says(b.0, Message::PairMe { wants: false }).unwrap();
    assert!(!room.you(b.1).waiting);
}

#[test]
fn who_waits_and_is_away_is_paired_when_they_are_back() {
    let mut room = Room::new();
    let [a, b] = room.come();
    room.says(a.0, Message::PairMe { wants: true }).unwrap();
    room.closes(a.0);
    room.waits(AWAY_AFTER);
    room.says(b.0, Message::PairMe { wants: true }).unwrap();
    assert!(room.partners_of(b.1).is_empty());
    let ticket = room.tickets[&a.1].clone();
    room.hello(Some(ticket), None).unwrap();
    assert_eq!(room.partners_of(b.1), [a.1].into());
}

#[test]
fn a_pair_with_nobody_left_is_gone_and_its_name_is_not_used_again() {
    let mut room = Room::new();
    let (page, id) = room.comes();
    let mut names = BTreeSet::new();
    for _ in 0..200 {
        room.says(page, Message::OpenPair).unwrap();
        let name = room.pair_of(id).name;
        // Who is alone in a pair stays there.
        room.says(page, Message::OpenPair).unwrap();
        assert_eq!(room.pair_of(id).name, name);
        assert!(names.insert(name));
        room.says(page, Message::Leave).unwrap();
        assert!(room.view().pairs.is_empty());
    }
}

#[test]
fn pair_everyone_leaves_complete_pairs_alone_and_an_odd_one_out_makes_a_three() {
    let mut room = Room::new();
    let [a, b] = room.pair();
    let [_, _, _, away]: [_; 4] = room.come();
    room.closes(away.0);
    room.waits(AWAY_AFTER);
    room.asks(HostCommand::PairEveryone { size: 2 }).unwrap();
    assert_eq!(room.partners_of(a.1), [b.1].into());
    let sizes: BTreeSet<_> = room
        .view()
        .pairs
        .iter()
        .map(|pair| pair.members.len())
        .collect();
    assert_eq!(sizes, [2, 3].into());
    assert!(room.seen(away.1).pair.is_none());
    // One who comes late makes a three of a pair of two.
    let (_, late) = room.comes();
    room.asks(HostCommand::PairEveryone { size: 2 }).unwrap();
    assert_eq!(room.partners_of(late), [a.1, b.1].into());
    assert_eq!(
        code(room.asks(HostCommand::PairEveryone { size: 2 })),
        "nobody-to-pair"
    );
    assert_eq!(
        code(room.asks(HostCommand::PairEveryone { size: 4 })),
        "bad-message"
    );
}

#[test]
fn reshuffling_brings_nobody_together_with_a_former_partner_while_that_is_possible() {
    let mut room = Room::new();
    let people: [_; 8] = room.come();
    let mut met: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for round in 0..3 {
        room.asks(HostCommand::Reshuffle { size: 2 }).unwrap();
        for (_, id) in people {
            let partners = room.partners_of(id);
            assert_eq!(partners.len(), 1);
            let met = met.entry(id).or_default();
            assert!(met.is_disjoint(&partners), "round {round}");
            met.extend(partners);
        }
    }
    // And goes on when it is not.
    for _ in 0..8 {
        room.asks(HostCommand::Reshuffle { size: 3 }).unwrap();
        assert!(
            people
                .iter()
                .all(|(_, id)| !room.partners_of(*id).is_empty())
        );
    }
}

#[test]
fn nobody_gets_a_name_that_somebody_has() {
    let mut room = Room::new();
    let (page, ada) = room.hello(None, Some(" Ada ")).unwrap();
    assert_eq!(room.you(ada).name, "Ada");
    let refused = room.happens(Event::Hello(Arrival {
        page: 50,
        from: HERE,
        claim: None,
        name: Some("ADA".to_owned()),
        shares: true,
    }));
    let told = refused.unwrap().told;
    let is_refused = |words: &Words| matches!(words, Words::Refused(no) if no.code == "name-taken");
    assert!(
        told.iter()
            .any(|(to, words)| *to == To::Page(50) && is_refused(words))
    );
    assert_ne!(room.you(room.state.pages[&50]).name, "ADA");
    let (other, id) = room.comes();
    let name = |name: &str| Message::Name {
        name: name.to_owned(),
    };
    assert_eq!(code(room.says(other, name("aDa"))), "name-taken");
    assert_eq!(code(room.says(other, name("a\u{202e}b"))), "bad-name");
    // One's own may be written otherwise.
    room.says(page, name("ada")).unwrap();
    let rename = HostCommand::Rename {
        id: id.to_string(),
        name: "Grace".to_owned(),
    };
    room.asks(rename).unwrap();
    assert_eq!(room.you(id).name, "Grace");
}

#[test]
fn who_closes_all_pages_is_away_after_a_moment_and_forgotten_after_a_quarter_of_an_hour() {
    let mut room = Room::new();
    let [a, b] = room.pair();
    let ticket = room.tickets[&a.1].clone();
    let (second, id) = room.hello(Some(ticket.clone()), None).unwrap();
    assert_eq!(id, a.1);
    room.closes(a.0);
    room.waits(AWAY_AFTER);
    assert!(room.seen(a.1).here);
    room.closes(second);
    // As from one page to the next.
    room.waits(AWAY_AFTER / 2);
    assert!(room.seen(a.1).here);
    room.waits(AWAY_AFTER / 2);
    assert!(!room.seen(a.1).here);
    assert!(!room.pair_of(b.1).members[0].here);
    room.waits(KEPT_FOR - AWAY_AFTER - Duration::from_millis(1));
    assert_eq!(room.partners_of(b.1), [a.1].into());
    room.waits(Duration::from_millis(1));
    assert!(room.partners_of(b.1).is_empty());
    // The ticket brings them back while the pair is there, and into no pair that has ended.
    room.hello(Some(ticket.clone()), None).unwrap();
    assert_eq!(room.partners_of(b.1), [a.1].into());
    room.says(b.0, Message::Leave).unwrap();
    let page = room.next_page - 1;
    room.says(page, Message::Leave).unwrap();
    room.closes(page);
    room.waits(KEPT_FOR);
    room.hello(Some(ticket), None).unwrap();
    assert!(room.you(a.1).pair.is_none());
}

#[test]
fn a_full_workshop_has_a_place_for_those_who_are_here_and_says_so_to_others() {
    let mut room = Room::with_places(2);
    let [_, b] = room.come();
    assert_eq!(code(room.hello(None, None)), "workshop-full");
    room.closes(b.0);
    room.waits(AWAY_AFTER);
    room.comes();
    assert_eq!(room.view().attendees.len(), 2);
}

#[test]
fn one_browser_has_so_many_pages_and_no_more() {
    let mut room = Room::new();
    let (_, id) = room.comes();
    let ticket = room.tickets[&id].clone();
    for _ in 1..MAX_PAGES {
        room.hello(Some(ticket.clone()), None).unwrap();
    }
    assert_eq!(code(room.hello(Some(ticket), None)), "too-many-pages");
}

#[test]
fn a_page_too_many_changes_nothing_also_with_a_ticket_of_another_pair() {
    let mut room = Room::new();
    let [a, _] = room.pair();
    let older = room.tickets[&a.1].clone();
    let former = room.pair_of(a.1).name;
    room.says(a.0, Message::OpenPair).unwrap();
    let newer = room.tickets[&a.1].clone();
    let mut room = room.restarted();
    for _ in 0..MAX_PAGES {
        room.hello(Some(older.clone()), None).unwrap();
    }
    assert_eq!(code(room.hello(Some(newer), None)), "too-many-pages");
    assert_eq!(room.pair_of(a.1).name, former);
}

#[test]
fn after_a_restart_everybody_comes_back_into_their_pair_whichever_order_they_come_in() {
    for order in 0..24_usize {
        let mut room = Room::new();
        let [a, b] = room.pair();
        let three: [_; 3] = room.come();
        let ids = three.map(|(_, id)| id.to_string()).to_vec();
        room.asks(HostCommand::Pair { ids }).unwrap();
        let pairs = room.view().pairs;
        let mut room = room.restarted();
        let mut people = vec![a.1, b.1, three[0].1, three[1].1, three[2].1];
        let mut returning = Vec::new();
        let mut rest = order;
        while !people.is_empty() {
            returning.push(people.remove(rest % people.len()));
            rest /= 2;
        }
        // Somebody new is first, and takes nobody's place.
        let (stranger, _) = room.comes();
        for id in returning {
            let ticket = room.tickets[&id].clone();
            let (_, back) = room.hello(Some(ticket), None).unwrap();
            assert_eq!(back, id);
        }
        let again = room.view().pairs;
        assert_eq!(again.len(), 2);
        for (before, after) in pairs.iter().zip(&again) {
            let members = |members: &[Id]| members.iter().copied().collect::<BTreeSet<_>>();
            assert_eq!((before.name, before.size), (after.name, after.size));
            assert_eq!(members(&before.members), members(&after.members));
        }
        assert_eq!(code(room.joins(stranger, a.1)), "pair-full");
    }
}

#[test]
fn a_demo_with_an_older_ticket_does_not_decide_about_the_pair_of_its_page() {
    let mut room = Room::new();
    let [a, b] = room.pair();
    let older = room.tickets[&a.1].clone();
    let former = room.pair_of(a.1).name;
    room.says(a.0, Message::OpenPair).unwrap();
    let newer = room.tickets[&a.1].clone();
    let (is_member, _) = room.state.is_member(older.clone(), former, room.now);
    assert!(!is_member, "it is not in its former pair any more");
    let mut room = room.restarted();
    let (_, effects) = room.state.is_member(older, former, room.now);
    room.keep_tickets(&effects);
    room.hello(Some(newer.clone()), None).unwrap();
    assert_eq!(
        Some(room.pair_of(a.1).name),
        newer.pair.map(|pair| pair.name)
    );
    let ticket = room.tickets[&b.1].clone();
    room.hello(Some(ticket), None).unwrap();
    assert_eq!(room.pair_of(b.1).name, former);
}

#[test]
fn after_a_restart_a_newer_ticket_of_the_same_pair_changes_nothing() {
    let mut room = Room::new();
    let [a, b] = room.pair();
    let mut room = room.restarted();
    let [_, (page, _)] = [a.1, b.1].map(|id| {
        let ticket = room.tickets[&id].clone();
        room.hello(Some(ticket), None).unwrap()
    });
    room.says(page, Message::PairMe { wants: true }).unwrap();
    // The one that it was given after the restart.
    let ticket = room.tickets[&a.1].clone();
    let pair = room.pair_of(a.1).name;
    let (is_member, effects) = room.state.is_member(ticket, pair, room.now);
    assert!(is_member && !effects.moves_members);
    assert_eq!(room.partners_of(a.1), BTreeSet::from([b.1]));
    assert!(room.you(b.1).waiting, "for somebody else");
}

#[test]
fn only_members_are_members_and_those_from_before_a_restart_are_too() {
    let mut room = Room::new();
    let [a, _] = room.pair();
    let (_, stranger) = room.comes();
    let pair = room.pair_of(a.1).name;
    let [ours, theirs] = [a.1, stranger].map(|id| room.tickets[&id].clone());
    for _ in 0..2 {
        assert!(room.state.is_member(ours.clone(), pair, room.now).0);
        assert!(!room.state.is_member(theirs.clone(), pair, room.now).0);
        room = room.restarted();
    }
}

#[test]
fn what_is_not_shared_is_forgotten_at_once() {
    let mut room = Room::new();
    let (page, id) = room.comes();
    let seen = Seen {
        page: "connecting/index.html".to_owned(),
        title: "Creating Connections".to_owned(),
        error: Some("It failed.".to_owned()),
        running: true,
        solved: vec!["first".to_owned()],
        ..Seen::default()
    };
    room.says(page, Message::Seen(seen.clone())).unwrap();
    assert_eq!(room.seen(id).page.as_deref(), Some("connecting/index.html"));
    room.says(page, Message::Shares { shares: false }).unwrap();
    let check = |room: &Room| {
        let shown = room.seen(id);
        assert!(!shown.shares && !shown.running && shown.solved.is_empty());
        assert_eq!((shown.page, shown.title, shown.error), (None, None, None));
    };
    check(&room);
    room.says(page, Message::Seen(seen)).unwrap();
    check(&room);
    let long = Seen {
        page: "p".repeat(201),
        ..Seen::default()
    };
    assert_eq!(code(room.says(page, Message::Seen(long))), "bad-message");
}

#[test]
fn what_a_device_can_do_is_seen_while_its_attendee_shares_and_within_bounds() {
    let mut room = Room::new();
    let (page, id) = room.comes();
    let check = |words: &str| Checked {
        name: "The clock".to_owned(),
        outcome: Outcome::Fails,
        words: words.to_owned(),
    };
    let shows = |checks: Vec<Checked>| Message::Checked { checks };
    let one = vec![check("It is wrong.")];
    assert!(room.says(page, shows(one.clone())).unwrap().is_seen);
    assert_eq!(room.seen(id).checked, one);
    for bad in [vec![check(&"x".repeat(201))], vec![check("x"); 17]] {
        assert_eq!(code(room.says(page, shows(bad))), "bad-message");
        assert_eq!(room.seen(id).checked, one);
    }
    room.says(page, Message::Shares { shares: false }).unwrap();
    assert_eq!(room.seen(id).checked, []);
    assert_eq!(code(room.says(page, shows(one))), "does-not-share");
    room.says(page, Message::Shares { shares: true }).unwrap();
    assert_eq!(room.seen(id).checked, []);
}

#[test]
fn hands_go_up_and_come_down_and_the_host_sees_for_how_long() {
    let mut room = Room::new();
    let (page, id) = room.comes();
    room.says(page, Message::Hand { raised: true }).unwrap();
    room.now += Duration::from_secs(3);
    // To raise it again is not to raise it later.
    room.says(page, Message::Hand { raised: true }).unwrap();
    assert_eq!(room.seen(id).hand_for, Some(3000));
    room.asks(HostCommand::LowerHand { id: id.to_string() })
        .unwrap();
    assert!(!room.you(id).hand);
}

#[test]
fn the_host_splits_pairs_and_takes_people_out_of_them() {
    let mut room = Room::new();
    let [a, b] = room.pair();
    let effects = room
        .asks(HostCommand::Remove {
            id: b.1.to_string(),
        })
        .unwrap();
    assert!(effects.moves_members);
    assert_eq!(effects.changed, [a.1, b.1].into());
    room.joins(b.0, a.1).unwrap();
    let split = HostCommand::Split {
        pair: room.pair_of(a.1).name.to_string(),
    };
    room.asks(split.clone()).unwrap();
    assert!(room.view().pairs.is_empty());
    assert_eq!(code(room.asks(split)), "no-such-pair");
    assert_eq!(
        code(room.asks(HostCommand::Remove {
            id: "a0".to_owned()
        })),
        "no-such-attendee"
    );
}

#[test]
fn a_timer_is_told_to_all_and_to_whoever_comes_later() {
    let mut room = Room::new();
    let timer = |seconds| HostCommand::Timer {
        label: "Pair up".to_owned(),
        seconds,
    };
    let effects = room.asks(timer(60)).unwrap();
    let told = |label: &str, remaining| {
        let label = label.to_owned();
        Words::Told(Told::Timer { label, remaining })
    };
    assert_eq!(
        effects.told,
        [(To::Everybody, told("Pair up", Some(60_000)))]
    );
    room.now += Duration::from_secs(20);
    let hello = |page| {
        Event::Hello(Arrival {
            page,
            from: HERE,
            claim: None,
            name: None,
            shares: true,
        })
    };
    let effects = room.happens(hello(70)).unwrap();
    assert_eq!(
        effects.told,
        [(To::Page(70), told("Pair up", Some(40_000)))]
    );
    assert_eq!(room.view().timer.unwrap().remaining, 40_000);
    room.now += Duration::from_secs(60);
    assert_eq!(room.view().timer.unwrap().remaining, 0);
    room.asks(timer(0)).unwrap();
    let effects = room.happens(hello(71)).unwrap();
    assert_eq!(effects.told, [(To::Page(71), told("", None))]);
    assert_eq!(code(room.asks(timer(4 * 3600 + 1))), "bad-message");
}

#[test]
fn names_are_given_to_more_pairs_than_there_are_names() {
    let mut room = Room::new();
    let (page, _) = room.comes();
    for _ in 0..PairName::COUNT + 10 {
        room.says(page, Message::OpenPair).unwrap();
        room.says(page, Message::Leave).unwrap();
    }
    assert!(room.state.used.len() < TWO * 10);
}

#[test]
fn one_address_leaves_places_for_others_whether_its_attendees_have_tickets_or_not() {
    let mut room = Room::with_places_for_one_address(4, 2);
    let [a, b] = room.come();
    let refused = room.hello(None, None).unwrap_err();
    assert_eq!(refused.code, "workshop-full");
    assert!(refused.words.contains("--max-attendees-per-address"));
    // Another page of somebody who is there takes no place.
    let ticket = room.tickets[&a.1].clone();
    room.hello(Some(ticket), None).unwrap();
    // Who is away makes room, and is not let in beyond the limit by a ticket.
    room.closes(b.0);
    room.waits(AWAY_AFTER);
    let c = room.comes();
    let ticket = room.tickets[&b.1].clone();
    assert_eq!(
        code(room.hello(Some(ticket.clone()), None)),
        "workshop-full"
    );
    room.from = ELSEWHERE;
    let (_, back) = room.hello(Some(ticket), None).unwrap();
    assert_eq!(back, b.1);
    room.comes();
    assert_eq!(room.view().attendees.len(), 4);
    assert!(room.seen(c.1).here);
}

#[test]
fn a_ticket_that_a_demo_shows_first_takes_a_place_of_its_address_when_its_page_comes() {
    let mut room = Room::with_places_for_one_address(4, 1);
    let (page, a) = room.comes();
    room.says(page, Message::OpenPair).unwrap();
    let ticket = room.tickets[&a].clone();
    let mut room = room.restarted();
    let pair = ticket.pair.as_ref().unwrap().name;
    let (is_member, _) = room.state.is_member(ticket.clone(), pair, room.now);
    assert!(is_member);
    room.comes();
    assert_eq!(code(room.hello(Some(ticket), None)), "workshop-full");
}

#[test]
fn a_ticket_brings_nobody_back_who_was_taken_out_of_a_pair_or_has_left_it() {
    let mut room = Room::new();
    let [a, b] = room.pair();
    let kept = room.tickets[&b.1].clone();
    let pair = room.pair_of(a.1).name;
    let id = b.1.to_string();
    room.asks(HostCommand::Remove { id }).unwrap();
    let lock = HostCommand::Lock {
        pair: pair.to_string(),
        locked: true,
    };
    room.asks(lock).unwrap();
    room.closes(b.0);
    room.waits(KEPT_FOR);
    // Is forgotten by now, and comes again.
    let (page, _) = room.hello(Some(kept.clone()), None).unwrap();
    assert!(room.you(b.1).pair.is_none());
    assert_eq!(code(room.joins(page, a.1)), "pair-locked");
    // The same after a restart, whoever comes first.
    let newer = room.tickets[&a.1].clone();
    assert!(kept.until < newer.until);
    for order in [[&newer, &kept], [&kept, &newer]] {
        room = room.restarted();
        for ticket in order {
            room.hello(Some(ticket.clone()), None).unwrap();
        }
        let found = room.pair_of(a.1);
        assert!(found.name == pair && found.locked);
        assert!(room.partners_of(a.1).is_empty());
        assert!(room.you(b.1).pair.is_none());
    }
}

#[test]
fn who_has_left_a_pair_may_join_it_again_by_its_words_and_then_come_back_with_a_ticket() {
    let mut room = Room::new();
    let [a, b] = room.pair();
    let pair = room.pair_of(a.1).name;
    room.says(b.0, Message::Leave).unwrap();
    room.joins(b.0, a.1).unwrap();
    room.closes(b.0);
    room.waits(KEPT_FOR);
    assert!(room.partners_of(a.1).is_empty());
    let tickets = [a, b].map(|(_, id)| room.tickets[&id].clone());
    room.hello(Some(tickets[1].clone()), None).unwrap();
    assert_eq!(room.partners_of(a.1), [b.1].into());
    let mut room = room.restarted();
    for ticket in tickets {
        room.hello(Some(ticket), None).unwrap();
    }
    assert_eq!(room.pair_of(b.1).name, pair);
    assert_eq!(room.partners_of(a.1), [b.1].into());
}

#[test]
fn a_ticket_has_room_for_all_former_members_that_a_pair_remembers() {
    let mut room = Room::new();
    let (page, a) = room.comes();
    let name = "\u{1f98a}".repeat(24);
    room.says(page, Message::Name { name }).unwrap();
    room.says(page, Message::OpenPair).unwrap();
    let mut left = Vec::new();
    for _ in 0..MAX_FORMER + 2 {
        let (page, id) = room.comes();
        room.joins(page, a).unwrap();
        room.says(page, Message::Leave).unwrap();
        left.push(id);
    }
    let ticket = room.tickets[&a].clone();
    assert_eq!(ticket.pair.as_ref().unwrap().former, left[2..]);
    let tickets = Tickets::new(&[1; KEY_BYTES]);
    let signed = tickets.sign(&Claim {
        until: u64::MAX,
        ..ticket.clone()
    });
    assert!(tickets.read(&signed, 0).is_some(), "{}", signed.len());
}

#[test]
fn a_pair_whose_name_others_got_after_a_restart_comes_back_under_another_one() {
    let mut room = Room::new();
    let [a, b] = room.pair();
    let name = room.pair_of(a.1).name;
    let tickets = [a, b].map(|(_, id)| room.tickets[&id].clone());
    let mut room = room.restarted();
    let strangers: [(Page, Id); 2] = room.come();
    room.state.make_pair(name, 7, TWO, false);
    for (_, id) in strangers {
        room.state.seat(id, name, &mut Effects::default());
    }
    // A demo that runs in the former room is in nobody else's.
    let (is_member, _) = room.state.is_member(tickets[0].clone(), name, room.now);
    assert!(!is_member);
    for ticket in &tickets {
        room.hello(Some(ticket.clone()), None).unwrap();
    }
    assert_eq!(room.partners_of(a.1), [b.1].into());
    assert_ne!(room.pair_of(a.1).name, name);
    assert_eq!(room.pair_of(strangers[0].1).name, name);
    assert_eq!(room.partners_of(strangers[0].1), [strangers[1].1].into());
    // With the newer tickets as well, and once it has ended not any more.
    let newer = [a, b].map(|(_, id)| room.tickets[&id].clone());
    for ticket in newer.iter().chain(&tickets) {
        room.hello(Some(ticket.clone()), None).unwrap();
        assert_eq!(room.partners_of(a.1), [b.1].into());
    }
    let pair = room.pair_of(a.1).name.to_string();
    room.asks(HostCommand::Split { pair }).unwrap();
    for ticket in newer.iter().chain(&tickets) {
        room.hello(Some(ticket.clone()), None).unwrap();
        assert!(room.you(ticket.id).pair.is_none());
    }
}

#[test]
fn whoever_comes_and_goes_again_and_again_takes_no_place_of_another_address() {
    let mut room = Room::with_places_for_one_address(4, 3);
    let away: [(Page, Id); 2] = room.come();
    for (page, _) in away {
        room.closes(page);
    }
    room.waits(AWAY_AFTER);
    room.from = ELSEWHERE;
    for _ in 0..20 {
        if let Ok((page, _)) = room.hello(None, None) {
            room.closes(page);
        }
        room.waits(AWAY_AFTER);
    }
    for (_, id) in away {
        assert!(!room.seen(id).here);
    }
    // Who comes from there all the same finds a place, of one of its own.
    let (_, id) = room.comes();
    assert!(room.seen(id).here);
    assert_eq!(room.view().attendees.len(), 4);
}
