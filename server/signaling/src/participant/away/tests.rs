#![allow(clippy::unwrap_used)]

use std::pin::Pin;
use std::sync::{Arc, Mutex, Weak};

use tungstenite::Bytes;

use super::*;
use crate::elsewhere::{Away, Elsewhere, Home};
use crate::frame;
use crate::gate::Pass;
use crate::greeter::Greeter;
use crate::limits::Limits;
use crate::outbox::Outbox;
use crate::switchboard::Switchboard;
use crate::token::Token;
use crate::transport::memory;

/// Rooms whose names begin with "far" are at home at the instance 7.
#[derive(Debug, Default)]
struct Far {
    said: Arc<Mutex<Vec<String>>>,
}

/// A client's part there.
#[derive(Debug)]
struct Part {
    said: Arc<Mutex<Vec<String>>>,
    is_cut_off: bool,
}

impl Elsewhere for Far {
    fn find<'a>(&'a self, room: &'a RoomName) -> Pin<Box<dyn Future<Output = Home> + Send + 'a>> {
        Box::pin(async { room.as_str().starts_with("far").then_some(7) })
    }

    fn open(
        &self,
        instance: u64,
        _: Outbox,
        tokens: [Option<Token>; 2],
        announce: &Bytes,
    ) -> Box<dyn Away> {
        assert_eq!(instance, 7);
        assert!(tokens[0].is_some());
        let said = Arc::clone(&self.said);
        let opened = format!("opened with {}", frame::text_in(announce));
        said.lock().unwrap().push(opened);
        Box::new(Part {
            said,
            is_cut_off: false,
        })
    }
}

impl Away for Part {
    fn instance(&self) -> u64 {
        7
    }

    fn is_over(&self) -> bool {
        false
    }

    fn send(&self, frame: Bytes) {
        self.said.lock().unwrap().push(frame::text_in(&frame));
    }

    fn takes_debts(&self) -> Price {
        Price {
            deliveries: 10,
            joins: 1,
        }
    }

    fn cut_off(&mut self) {
        self.is_cut_off = true;
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let end = if self.is_cut_off { "cut off" } else { "gone" };
        self.said.lock().unwrap().push(end.to_owned());
    }
}

struct World {
    switchboard: Arc<Switchboard>,
    far: Arc<Far>,
}

impl World {
    fn new() -> Self {
        let far = Arc::<Far>::default();
        let switchboard = Switchboard::new(&Limits::of_tests());
        let elsewhere: Weak<Far> = Arc::downgrade(&far);
        switchboard.join(elsewhere);
        Self { switchboard, far }
    }

    fn participant(&self) -> (Participant, Outbox) {
        let outbox = Outbox::new(1 << 20, memory::nowhere(), Arc::default());
        let participant = Participant::begin(
            Arc::clone(&self.switchboard),
            outbox.clone(),
            Greeter::new(None),
            Pass::everywhere(),
        );
        texts(&outbox);
        (participant, outbox)
    }

    /// What was said at the other instance since the last time.
    fn said(&self) -> Vec<String> {
        std::mem::take(&mut self.far.said.lock().unwrap())
    }
}

fn texts(outbox: &Outbox) -> Vec<String> {
    std::iter::from_fn(|| outbox.take()).collect()
}

async fn says(participant: &mut Participant, text: &str) {
    let text = Text::from(text);
    let frame = participant.parse(&text);
    let now = Instant::now();
    let passed_on =
        participant.may_pass_on(&frame) && participant.passes_on(&text, &frame, now).await;
    if !passed_on {
        participant.receive(&text, frame, None, now);
    }
}

fn announce(id: &str, room: &str) -> String {
    format!(r#"/announce|{id}|{{"room":"{room}"}}"#)
}

#[tokio::test]
async fn a_client_whose_room_is_elsewhere_is_passed_on_and_comes_back() {
    let world = World::new();
    let (mut other, to_other) = world.participant();
    let (mut client, to_client) = world.participant();
    says(&mut other, &announce("other", "near")).await;
    says(&mut client, &announce("a", "near")).await;
    assert_eq!(world.switchboard.gauges().members, 2);
    texts(&to_other);
    texts(&to_client);

    says(&mut client, &announce("a", "far")).await;
    assert_eq!(texts(&to_other), [r#"/leave|a|{"id":"a"}"#]);
    says(&mut client, "/hello|a|all").await;
    let resume = r#"primus::hello|{"resume":"0123456789abcdef0123456789abcdef"}"#;
    says(&mut client, resume).await;
    // The same home.
    says(&mut client, &announce("a", "far-2")).await;
    assert!(texts(&to_client).is_empty());
    let opened = format!("opened with {}", announce("a", "far"));
    let again = announce("a", "far-2");
    assert_eq!(world.said(), [&opened, "/hello|a|all", resume, &again]);

    says(&mut client, &announce("a", "near")).await;
    assert_eq!(world.said(), ["gone"]);
    assert_eq!(texts(&to_client), [r#"/roominfo|{"memberCount":2}"#]);
    assert_eq!(texts(&to_other), [announce("a", "near")]);
}

#[tokio::test]
async fn a_client_keeps_its_id_wherever_it_is_and_what_is_no_message_is_answered_here() {
    let world = World::new();
    let (mut client, to_client) = world.participant();
    says(&mut client, &announce("a", "far")).await;
    world.said();
    for room in ["near", "far"] {
        says(&mut client, &announce("b", room)).await;
        assert!(texts(&to_client)[0].contains("wrong-sender"));
    }
    says(&mut client, "/announce|a|null").await;
    assert!(texts(&to_client)[0].starts_with("/error|"));
    assert!(world.said().is_empty());
    assert_eq!(world.switchboard.gauges().members, 0);
}

#[tokio::test]
async fn debts_are_paid_by_the_next_frame_and_a_client_that_is_cut_off_says_so() {
    let world = World::new();
    let (mut client, _outbox) = world.participant();
    let text = Text::from("/hello|a|all");
    let price = client.price(&text, &client.parse(&text));
    assert_eq!((price.deliveries, price.joins), (1, 0));
    says(&mut client, &announce("a", "far")).await;
    let price = client.price(&text, &client.parse(&text));
    assert_eq!((price.deliveries, price.joins), (11, 1));
    world.said();
    assert!(!client.cut_off(Instant::now()));
    drop(client);
    assert_eq!(world.said(), ["cut off"]);
}
