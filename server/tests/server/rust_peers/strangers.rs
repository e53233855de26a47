//! What a member of the room can make a client do.

use std::time::Duration;

use quickconnect::protocol::PeerId;
use quickconnect::{Event, QuickConnect};

use super::{call_started, client};
use crate::support::{Peer, Server, soon};

/// As many frames as a member says at once.
const FRAMES: usize = 200;
/// A call that begins at once, and those that were waited for while the frames came.
const FEW: usize = 4;

/// How many calls have ended before the stranger's mark comes.
async fn calls_until_the_mark(peer: &mut QuickConnect) -> usize {
    let ended = async {
        let mut ended = 0;
        loop {
            match peer.next().await.expect("the client goes on") {
                Event::CallEnded(_) => ended += 1,
                Event::Command { command, .. } if command == "mark" => return ended,
                _ => {}
            }
        }
    };
    soon("the mark", ended).await
}

#[tokio::test]
async fn a_member_that_asks_for_new_calls_without_end_gets_few_and_others_are_called() {
    for asks in [new_instance, reconnect] {
        let server = Server::start().await;
        let mut honest = client(&server, "h").connect().await.unwrap();
        // One makes the offers, the other gets them.
        for id in ["a", "z"] {
            let mut stranger = Peer::connect(&server, id).await;
            stranger.announce("r").await;
            for number in 0..FRAMES {
                for frame in asks(id, number) {
                    stranger.says(&frame).await;
                }
            }
            stranger.says(&format!("/to|h|/mark|{id}")).await;
            let calls = calls_until_the_mark(&mut honest).await;
            assert!(calls <= FEW, "{calls} calls ended");
            stranger.vanishes();
        }
        let mut other = client(&server, "o").connect().await.unwrap();
        assert_eq!(call_started(&mut other).await, *honest.id());
    }
}

/// A page that is another one each time.
fn new_instance(id: &str, number: usize) -> Vec<String> {
    vec![format!(
        r#"/to|h|/announce|{id}|{{"id":"{id}","room":"r","instance":"{number}"}}"#
    )]
}

fn reconnect(id: &str, _: usize) -> Vec<String> {
    vec![
        format!("/to|h|/ready|{id}"),
        format!("/to|h|/reconnect|{id}|"),
    ]
}

#[tokio::test]
async fn who_comes_again_and_again_is_called_in_the_end() {
    let server = Server::start().await;
    let mut honest = client(&server, "h").connect().await.unwrap();
    for id in ["a", "z"] {
        for _ in 0..3 {
            let again = client(&server, id).connect().await.unwrap();
            again.close().await;
        }
        let mut stays = client(&server, id).connect().await.unwrap();
        let called = call_started(&mut stays);
        let called = tokio::time::timeout(Duration::from_secs(20), called);
        assert_eq!(called.await.expect("a call"), *honest.id());
        let started = async {
            let is_started = |event: &Event| match event {
                Event::CallStarted(peer) => *peer == PeerId::clone(stays.id()),
                _ => false,
            };
            while !is_started(&honest.next().await.unwrap()) {}
        };
        soon("call:started here", started).await;
    }
}
