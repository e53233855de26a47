//! What no test over a connection can bring about for certain: messages that are handled between two ends of a race.
#![allow(clippy::unwrap_used)]

use quickconnect::protocol;

use super::harness::Harness;
use super::price::Price;
use super::{Answer, Event};
use crate::close_reason::CloseReason;

const ANNOUNCE: &str = r#"/announce|a|{"id":"a","room":"r"}"#;
const REFUSED: &str = "/error|not-announced";

/// Two clients, of which the second has taken over the id of the first, which was gone.
fn taken_over() -> Harness {
    let mut harness = Harness::new(2);
    assert_eq!(harness.says(0, ANNOUNCE), None);
    assert_eq!(harness.says(1, ANNOUNCE), Some(0));
    assert_eq!(harness.hears_that_it_is(1, Answer::Gone), None);
    for client in &mut harness.clients {
        client.takes();
    }
    harness
}

#[test]
fn who_was_taken_over_does_nothing_more_while_its_connection_ends() {
    let mut harness = taken_over();
    assert_eq!(harness.clients[0].closed, Some(CloseReason::TakenOver));
    let hello = "/hello|a";
    let elsewhere = r#"/announce|a|{"id":"a","room":"elsewhere"}"#;
    for text in [ANNOUNCE, hello, elsewhere] {
        assert_eq!(harness.says(0, text), None);
        assert_eq!(harness.clients[0].takes(), [REFUSED], "{text}");
    }
    harness.says(0, "/leave|a");
    harness.happens(0, Event::Ended);
    assert_eq!(harness.clients[1].takes(), [""; 0]);

    harness.says(1, ANNOUNCE);
    assert_eq!(harness.clients[1].takes(), [protocol::encode_room_info(1)]);
}

#[test]
fn the_id_of_who_was_cut_off_is_kept_for_its_owner() {
    let mut harness = Harness::new(4);
    let greeting = harness.clients[0].greeting();
    harness.says(0, ANNOUNCE);
    harness.says(1, r#"/announce|b|{"id":"b","room":"r"}"#);
    harness.clients[1].takes();
    harness.happens(0, Event::CutOff);
    assert_eq!(harness.clients[1].takes(), [r#"/leave|a|{"id":"a"}"#]);
    assert!(harness.clients[0].session.keeps_id());

    // A stranger asks who keeps it, and is refused.
    assert_eq!(harness.says(2, ANNOUNCE), Some(0));
    harness.hears_that_it_is(2, Answer::Alive);
    assert_eq!(harness.clients[2].takes(), ["/error|id-taken"]);
    harness.says(3, &greeting);
    assert_eq!(harness.says(3, ANNOUNCE), None);
    assert_eq!(harness.clients[3].takes(), [protocol::encode_room_info(2)]);
    // What ends then is not its owner's seat.
    harness.happens(0, Event::Ended);
    harness.clients[1].takes();
    harness.says(1, "/hello|b");
    assert_eq!(harness.clients[3].takes(), ["/hello|b"]);
}

#[test]
fn an_id_that_was_kept_is_anybodys_when_the_connection_is_over() {
    let mut harness = Harness::new(2);
    harness.says(0, ANNOUNCE);
    harness.happens(0, Event::CutOff);
    harness.happens(0, Event::Ended);
    assert_eq!(harness.says(1, ANNOUNCE), None);
    assert_eq!(harness.clients[1].takes(), [protocol::encode_room_info(1)]);
}

#[test]
fn a_join_is_pending_until_it_is_known_whether_the_other_is_there() {
    let mut harness = Harness::new(2);
    harness.says(0, ANNOUNCE);
    harness.clients[0].takes();
    assert_eq!(harness.says(1, ANNOUNCE), Some(0));
    // Nobody heard of it, and it is in no room.
    assert_eq!(harness.clients[0].takes(), [""; 0]);
    assert_eq!(harness.says(1, "/hello|a"), None);
    assert_eq!(harness.clients[1].takes(), [REFUSED]);
    harness.hears_that_it_is(1, Answer::Alive);
    assert_eq!(harness.clients[1].takes(), ["/error|id-taken"]);
    assert_eq!(harness.clients[1].closed, Some(CloseReason::IdTaken));
    // The answer counts once.
    assert_eq!(harness.hears_that_it_is(1, Answer::Gone), None);
    assert_eq!(harness.clients[1].takes(), [""; 0]);
    assert_eq!(harness.clients[0].closed, None);
}

#[test]
fn who_sits_elsewhere_stays_there_if_the_id_is_taken() {
    let mut harness = Harness::new(2);
    harness.says(0, ANNOUNCE);
    harness.says(1, r#"/announce|a|{"room":"elsewhere"}"#);
    assert_eq!(harness.says(1, ANNOUNCE), Some(0));
    harness.hears_that_it_is(1, Answer::Alive);
    assert_eq!(harness.clients[1].closed, None);
    assert_eq!(harness.rooms.count(), (2, 2));
}

#[test]
fn another_one_that_took_the_id_meanwhile_is_asked_too() {
    let mut harness = Harness::new(3);
    harness.says(0, ANNOUNCE);
    assert_eq!(harness.says(1, ANNOUNCE), Some(0));
    assert_eq!(harness.says(2, ANNOUNCE), Some(0));
    assert_eq!(harness.hears_that_it_is(2, Answer::Gone), None);
    assert_eq!(harness.hears_that_it_is(1, Answer::Gone), Some(2));
    assert_eq!(harness.hears_that_it_is(1, Answer::Gone), None);
    assert_eq!(harness.clients[2].closed, Some(CloseReason::TakenOver));
}

#[test]
fn a_free_id_is_joined_without_a_question_when_the_answer_comes_late() {
    let mut harness = Harness::new(2);
    harness.says(0, ANNOUNCE);
    assert_eq!(harness.says(1, ANNOUNCE), Some(0));
    harness.says(0, "/leave|a");
    assert_eq!(harness.hears_that_it_is(1, Answer::Gone), None);
    assert_eq!(harness.clients[1].takes(), [protocol::encode_room_info(1)]);
    assert_eq!(harness.clients[0].closed, None);
}

/// Clients that have joined one room, each with its number as id, and one more.
fn room_of(count: usize) -> Harness {
    let mut harness = Harness::new(count + 1);
    for id in 0..count {
        harness.says(id, &announce(id));
    }
    harness
}

fn announce(id: usize) -> String {
    format!(r#"/announce|{id}|{{"room":"r"}}"#)
}

#[test]
fn a_message_costs_a_delivery_for_each_kib_and_each_receiver() {
    let mut harness = room_of(10);
    let mut deliveries = |text: &str| harness.costs(0, text).deliveries;
    assert_eq!(deliveries("/to|1|/ping|0"), 1);
    assert_eq!(deliveries("nonsense"), 1);
    assert_eq!(deliveries("/chat|0|hello"), 10);
    assert_eq!(deliveries("/leave|0"), 10);
    let kibs = |count: usize| "x".repeat(1024 * count - "/to|1|/sdp|0|".len());
    assert_eq!(deliveries(&format!("/to|1|/sdp|0|{}", kibs(8))), 8);
    assert_eq!(deliveries(&format!("/to|1|/sdp|0|{}x", kibs(8))), 9);
    assert_eq!(deliveries(&format!("/chat|0|{}", "x".repeat(1024))), 20);
    // The new room hears of it, and the one that is left.
    let stranger = 10;
    harness.says(stranger, r#"/announce|s|{"room":"other"}"#);
    let price = Price {
        deliveries: 11,
        joins: 1,
    };
    assert_eq!(
        harness.costs(stranger, r#"/announce|s|{"room":"r"}"#),
        price
    );
    let session = &harness.clients[0].session;
    assert_eq!(session.price_of_leaving(&harness.rooms).deliveries, 10);
}

#[test]
fn an_announce_that_answers_one_is_paid_for_and_any_other_is_not() {
    let mut harness = room_of(3);
    for id in 1..3 {
        let answer = format!("/to|{id}|/ANNOUNCE|0|{{}}");
        assert_eq!(harness.costs(0, &answer).joins, 0, "the answer to {id}");
        assert_eq!(harness.costs(0, &answer).joins, 1, "another one to {id}");
    }
    // The last heard of nobody.
    assert_eq!(harness.costs(2, "/to|0|/announce|2|{}").joins, 1);
    // Who has gone meanwhile is harmed by nothing.
    assert_eq!(harness.costs(2, "/to|gone|/announce|2|{}").joins, 0);
    // Each announce may be answered, however often somebody makes one.
    for _ in 0..2 {
        harness.says(2, &announce(2));
    }
    let mut joins = || harness.costs(0, "/to|2|/announce|0|{}").joins;
    assert_eq!([joins(), joins(), joins()], [0, 0, 1]);
    // One who comes back under the same id is another.
    harness.says(2, "/leave|2");
    harness.says(2, &announce(2));
    let mut joins = || harness.costs(0, "/to|2|/announce|0|{}").joins;
    assert_eq!([joins(), joins()], [0, 1]);
}
