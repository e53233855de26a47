//! Who reaches whom.

use std::collections::VecDeque;

use super::*;
use crate::attendance::view::ReachView;

impl Room {
    fn reach(&self) -> ReachView {
        self.view().reach.unwrap()
    }

    fn signals(&mut self, page: Page, number: u64) -> Effects {
        let description = format!("of {page}");
        let message = Message::ReachSignal {
            number,
            description,
        };
        self.says(page, message).unwrap()
    }

    fn reached(&mut self, page: Page, number: u64, direct: bool) -> Effects {
        self.says(page, Message::Reached { number, direct })
            .unwrap()
    }
}

/// The tries that pages are asked for: page, number, and whether it offers.
fn tries(effects: &Effects) -> Vec<(Page, u64, bool)> {
    let told = effects.told.iter();
    let tries = told.filter_map(|told| match told {
        (To::Page(page), Words::Told(Told::Reach { number, offers })) => {
            Some((*page, *number, *offers))
        }
        _ => None,
    });
    tries.collect()
}

/// What is passed on: to which page, and what.
fn passed(effects: &Effects) -> Vec<(Page, &str)> {
    let told = effects.told.iter();
    let passed = told.filter_map(|told| match told {
        (To::Page(page), Words::Told(Told::ReachSignal { description, .. })) => {
            Some((*page, description.as_str()))
        }
        _ => None,
    });
    passed.collect()
}

/// All tries until nothing more is tried. Pages with an even number reach each other.
fn run(room: &mut Room, first: Effects) {
    let mut tries: VecDeque<_> = tries(&first).into();
    while let Some((page, number, _)) = tries.pop_front() {
        let (other, ..) = tries
            .pop_front()
            .expect("each try has two pages, one after the other");
        for page in [page, other] {
            room.signals(page, number);
        }
        let direct = page % 2 == 0 && other % 2 == 0;
        for page in [page, other] {
            let effects = room.reached(page, number, direct);
            tries.extend(self::tries(&effects));
        }
    }
}

#[test]
fn everybody_who_shares_tries_everybody_else_and_the_host_sees_what_came_of_it() {
    let mut room = Room::new();
    let [a, b, c, d] = room.come();
    room.says(b.0, Message::Shares { shares: false }).unwrap();
    let effects = room.asks(HostCommand::Reach).unwrap();
    let asked: BTreeSet<_> = tries(&effects).iter().map(|(page, ..)| *page).collect();
    assert_eq!(asked, [a.0, c.0, d.0].into());
    assert_eq!(room.reach().remaining, 3);
    run(&mut room, effects);
    let reach = room.reach();
    assert_eq!(reach.ids, [a.1, c.1, d.1]);
    assert_eq!(reach.rows, ["", "d", "nn"]);
    assert_eq!((reach.remaining, reach.left_out), (0, 0));
    // Who shares no more is known of no more.
    room.says(a.0, Message::Shares { shares: false }).unwrap();
    assert_eq!(room.reach().rows, ["", "?", "?n"]);
}

#[test]
fn descriptions_go_to_the_other_side_once_and_to_nobody_else() {
    let mut room = Room::new();
    let [a, b, c] = room.come();
    let effects = room.asks(HostCommand::Reach).unwrap();
    let tries = tries(&effects);
    let (offers, number, is_offering) = tries[0];
    let (answers, same, is_offering_too) = tries[1];
    assert_eq!((number, is_offering, is_offering_too), (same, true, false));
    let [third] = [a.0, b.0, c.0]
        .into_iter()
        .filter(|page| *page != offers && *page != answers)
        .collect::<Vec<_>>()[..]
    else {
        panic!("of three, one has no part in a try");
    };
    let text = format!("of {offers}");
    assert_eq!(
        passed(&room.signals(offers, number)),
        [(answers, text.as_str())]
    );
    assert!(passed(&room.signals(offers, number)).is_empty());
    assert!(passed(&room.signals(third, number)).is_empty());
    assert!(passed(&room.signals(answers, number + 100)).is_empty());
    let long = Message::ReachSignal {
        number,
        description: "x".repeat(3501),
    };
    assert_eq!(code(room.says(answers, long)), "bad-message");
}

#[test]
fn a_try_ends_in_time_and_says_nothing_of_pages_that_did_not_take_part() {
    let mut room = Room::new();
    let [_, b, _] = room.come();
    let effects = room.asks(HostCommand::Reach).unwrap();
    let tries = tries(&effects);
    // Two have tried it, and hear nothing of each other.
    let (offers, number, _) = tries[0];
    room.signals(offers, number);
    room.signals(tries[1].0, number);
    room.waits(Duration::from_secs(9));
    let reach = room.reach();
    assert_eq!(reach.remaining, 0);
    let signs: String = reach.rows.concat();
    assert_eq!(signs.matches('n').count(), 1, "{signs}");
    assert_eq!(signs.matches('?').count(), 2, "{signs}");
    // What comes too late changes nothing.
    room.reached(b.0, number, true);
    assert_eq!(room.reach(), reach);
}

#[test]
fn nobody_says_alone_that_two_are_connected() {
    let mut room = Room::new();
    let [a, b] = room.come();
    let effects = room.asks(HostCommand::Reach).unwrap();
    let (page, number, _) = tries(&effects)[0];
    let other = if page == a.0 { b.0 } else { a.0 };
    room.signals(page, number);
    room.reached(page, number, true);
    assert_eq!(room.reach().rows, ["", "?"]);
    assert_eq!(room.reach().remaining, 1);
    room.waits(Duration::from_secs(9));
    assert_eq!(room.reach().rows, ["", "?"]);
    assert_eq!(room.reach().remaining, 0);
    let effects = room.asks(HostCommand::Reach).unwrap();
    let (page, number, _) = tries(&effects)[0];
    for page in [page, if page == a.0 { b.0 } else { a.0 }] {
        room.signals(page, number);
    }
    room.reached(other, number, true);
    assert_eq!(room.reach().rows, ["", "d"]);
}

#[test]
fn a_page_has_few_tries_at_once_and_a_crowd_is_tried_by_turns() {
    let mut room = Room::new();
    let all: [_; 45] = room.come();
    let effects = room.asks(HostCommand::Reach).unwrap();
    let first = tries(&effects);
    for (page, _) in all {
        let count = first.iter().filter(|(other, ..)| *other == page).count();
        assert!(count <= 3, "{count}");
    }
    run(&mut room, effects);
    let reach = room.reach();
    assert_eq!(
        (reach.ids.len(), reach.left_out, reach.remaining),
        (40, 5, 0)
    );
    assert!(!reach.rows.concat().contains('?'));
    let everybody = room.view().attendees;
    let left_out = |reach: &ReachView| -> Vec<Id> {
        let ids = everybody.iter().map(|one| one.id);
        ids.filter(|id| !reach.ids.contains(id)).collect()
    };
    // Whoever is left out is in the next run.
    let mut missing = left_out(&reach);
    for _ in 0..10 {
        let effects = room.asks(HostCommand::Reach).unwrap();
        run(&mut room, effects);
        let reach = room.reach();
        assert_eq!((reach.ids.len(), reach.left_out), (40, 5));
        assert!(missing.iter().all(|id| reach.ids.contains(id)));
        assert!(
            reach.ids.is_sorted_by_key(|id| place_of(&everybody, *id)),
            "in the order in which they came"
        );
        missing = left_out(&reach);
    }
}

fn place_of(everybody: &[AttendeeView], id: Id) -> Option<usize> {
    everybody.iter().position(|one| one.id == id)
}

#[test]
fn one_who_shares_alone_tries_nothing() {
    let mut room = Room::new();
    let [a, _] = room.come();
    room.says(a.0, Message::Shares { shares: false }).unwrap();
    assert_eq!(code(room.asks(HostCommand::Reach)), "nobody-to-try");
    assert!(room.view().reach.is_none());
}
