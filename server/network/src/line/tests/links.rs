//! Both ways, cuts, and what changes by itself.

use super::*;
use crate::line::link::{Settings, Way};
use crate::line::{Direction, Link, Timeline, presets};

fn settings(json: &str) -> Settings {
    serde_json::from_str(json).expect("the test's settings are good")
}

/// The seconds of the packets that arrive, of one sent every second in each direction.
fn arriving_seconds(link: &mut Link<[u8; 1]>, direction: Direction) -> Vec<u8> {
    let mut out = Vec::new();
    for second in 0..10 {
        let now = ms(u64::from(second) * 1_000);
        for direction in [Direction::AToB, Direction::BToA] {
            let _ = link.send(now, direction, [second]);
        }
        while let Some((way, exit)) = link.poll(now + ms(999)) {
            if way == direction && exit.fate.is_ok() {
                out.push(exit.packet[0]);
            }
        }
    }
    out
}

#[test]
fn a_timeline_cuts_and_mends_at_its_times() {
    let cut =
        r#"{"timeline": [{"at": 2, "set": {"cut": true}}, {"at": 5, "set": {"cut": false}}]}"#;
    let mut link = Link::new(&settings(cut));
    assert_eq!(
        arriving_seconds(&mut link, Direction::AToB),
        [0, 1, 5, 6, 7, 8, 9]
    );
}

#[test]
fn a_cut_of_one_way_leaves_the_other() {
    let cut = r#"{"timeline": [{"at": 3, "way": "b-to-a", "set": {"cut": true}}]}"#;
    assert_eq!(
        arriving_seconds(&mut Link::new(&settings(cut)), Direction::AToB).len(),
        10
    );
    assert_eq!(
        arriving_seconds(&mut Link::new(&settings(cut)), Direction::BToA),
        [0, 1, 2]
    );
}

#[test]
fn what_is_under_way_when_the_line_is_cut_is_dropped_there() {
    let mut line = Line::new(
        conditions(Change {
            delay: Some(100.0),
            ..Change::default()
        }),
        1,
    );
    assert_eq!(line.send(ms(0), [1]), Ok(()));
    line.set(
        ms(50),
        conditions(Change {
            cut: Some(true),
            ..Change::default()
        }),
    );
    assert_eq!(line.send(ms(60), [2]), Err(DropReason::Cut));
    let exit = line.poll(ms(200)).expect("it comes to the end of the line");
    assert_eq!((exit.at, exit.fate), (ms(100), Err(DropReason::Cut)));
    assert_eq!(line.statistics().cut.packets, 2);
}

#[test]
fn what_arrived_before_a_cut_and_was_not_fetched_yet_has_arrived() {
    let mut line = Line::new(Conditions::default(), 1);
    assert_eq!(line.send(ms(0), [1]), Ok(()));
    line.set(
        ms(10),
        conditions(Change {
            cut: Some(true),
            ..Change::default()
        }),
    );
    assert_eq!(line.poll(ms(20)).map(|exit| exit.fate), Some(Ok(())));
}

#[test]
fn a_link_wakes_for_the_next_packet_and_the_next_step() {
    let json = r#"{"a_to_b": {"delay": 30}, "timeline": [{"at": 0.01, "set": {"delay": 5}}]}"#;
    let mut link = Link::new(&settings(json));
    assert_eq!(link.send(ms(0), Direction::AToB, [1]), Ok(()));
    assert_eq!(link.next_at(), Some(ms(10)));
    assert_eq!(link.poll(ms(10)), None);
    assert_eq!(link.next_at(), Some(ms(30)));
    assert!(link.poll(ms(30)).is_some());
    assert_eq!(link.next_at(), None);
}

#[test]
fn a_timeline_can_begin_again_in_the_middle_of_a_run() {
    let mut link: Link<[u8; 1]> = Link::new(&settings("{}"));
    let cut: Timeline =
        serde_json::from_str(r#"[{"at": 1, "set": {"cut": true}}]"#).expect("it is good");
    link.run(ms(5_000), &cut);
    assert_eq!(
        arriving_seconds(&mut link, Direction::AToB),
        [0, 1, 2, 3, 4, 5]
    );
}

#[test]
fn the_two_directions_lose_different_packets() {
    let mut link = Link::new(&settings(
        r#"{"seed": 3, "a_to_b": {"loss": 50}, "b_to_a": {"loss": 50}}"#,
    ));
    let [there, back]: [Vec<bool>; 2] = [Direction::AToB, Direction::BToA].map(|direction| {
        (0..100)
            .map(|at| link.send(ms(at), direction, [0]).is_ok())
            .collect()
    });
    assert_ne!(there, back);
}

#[test]
fn a_change_that_is_refused_changes_nothing() {
    let mut link: Link<[u8; 1]> = Link::new(&settings("{}"));
    let change = Change {
        delay: Some(5.0),
        loss: Some(101.0),
        ..Change::default()
    };
    assert!(link.change(ms(0), Way::Both, &change).is_err());
    assert_eq!(
        link.line(Direction::AToB).conditions(),
        Conditions::default()
    );
}

#[test]
fn a_preset_leaves_nothing_of_the_one_before() {
    for preset in presets::ALL {
        let mut spoiled: Link<[u8; 1]> = Link::new(&settings("{}"));
        let mut fresh: Link<[u8; 1]> = Link::new(&settings("{}"));
        for before in presets::ALL {
            let [up, _] = before.changes();
            spoiled
                .change(ms(0), Way::Both, &up)
                .expect("a preset is in range");
        }
        for link in [&mut spoiled, &mut fresh] {
            let [up, down] = preset.changes();
            link.change(ms(0), Way::AToB, &up)
                .expect("a preset is in range");
            link.change(ms(0), Way::BToA, &down)
                .expect("a preset is in range");
        }
        for direction in [Direction::AToB, Direction::BToA] {
            assert_eq!(
                spoiled.line(direction).conditions(),
                fresh.line(direction).conditions()
            );
        }
    }
}

/// A server that is late changes nothing about what happened.
#[test]
fn a_step_counts_from_its_own_time_however_late_the_link_is_asked() {
    let json = r#"{"a_to_b": {"delay": 500}, "timeline": [{"at": 1, "set": {"cut": true}}, {"at": 2, "set": {"cut": false}}]}"#;
    let mut link = Link::new(&settings(json));
    for at in [0, 900] {
        assert_eq!(link.send(ms(at), Direction::AToB, [0]), Ok(()));
    }
    let exits = [(); 2].map(|()| link.poll(ms(9_000)).map(|(_, exit)| (exit.at, exit.fate)));
    assert_eq!(
        exits,
        [
            Some((ms(500), Ok(()))),
            Some((ms(1_400), Err(DropReason::Cut)))
        ]
    );
}
