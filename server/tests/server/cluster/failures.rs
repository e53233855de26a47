//! What happens when an instance or the broker is killed, hangs, or is cut off: whoever has lost a frame is told so, by `/leave` or by the end of its
//! connection, and finds the others again.

use std::time::{Duration, Instant};

use server::config::Limits;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::broker::{Broker, Way, signal};
use super::{ample, instance, instance_with, program, settings};
use crate::support::{Peer, Running, Server, soon};

/// After this time an instance that says nothing counts as gone.
const SILENT_FOR: Duration = Duration::from_secs(3);

/// An instance of which nobody hears at the broker any more is gone after 0.9 s, and a beat of 0.25 s before that is noticed. Other processes are busy.
const KILLED_WITHIN: Duration = Duration::from_millis(2_500);

async fn join_at(running: &Running, id: &str, room: &str, member_count: usize) -> Peer {
    let mut peer = Peer::connect_to(running.address(), id).await.unwrap();
    peer.hears_greeting().await;
    peer.announce(room).await;
    peer.hears_room_info(member_count).await;
    peer
}

#[tokio::test]
async fn the_room_hears_leave_when_the_instance_of_a_member_is_killed() {
    let broker = Broker::start();
    let x = instance(&broker).await;
    let edge = program(&broker);
    let mut a = Peer::join(&x, "a", "r", 1).await;
    let b = join_at(&edge, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    let begin = Instant::now();
    edge.end_by("-KILL");
    a.hears(&b.leave()).await;
    assert!(begin.elapsed() < KILLED_WITHIN, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn clients_whose_home_is_killed_are_sent_back_and_find_each_other() {
    let broker = Broker::start();
    let home = program(&broker);
    let (x, y) = (instance(&broker).await, instance(&broker).await);
    let _first = join_at(&home, "h", "r", 1).await;
    let mut a = Peer::join(&x, "a", "r", 2).await;
    let mut b = Peer::join(&y, "b", "r", 3).await;
    a.hears(&b.announcement("r")).await;
    let begin = Instant::now();
    home.end_by("-KILL");
    for lost in [&mut a, &mut b] {
        assert_eq!(lost.is_closed().await, CloseCode::Restart);
    }
    assert!(begin.elapsed() < KILLED_WITHIN, "{:?}", begin.elapsed());
    let mut a = Peer::join(&x, "a", "r", 1).await;
    let b = Peer::join(&y, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
}

#[tokio::test]
async fn a_killed_home_gives_way_at_once_to_whoever_asks() {
    let broker = Broker::start();
    let home = program(&broker);
    let x = instance(&broker).await;
    let _first = join_at(&home, "h", "r", 1).await;
    home.end_by("-KILL");
    // Its lease is still there.
    assert!(broker.says("KEYS guidebook:lease:*").starts_with("*2"));
    Peer::join(&x, "a", "r", 1).await;
}

/// Both say so many things, half of them to all; each hears what the other says, in order and once.
pub(super) async fn talk(a: &mut Peer, b: &mut Peer, range: std::ops::Range<usize>) {
    for number in range {
        for (from, to, says) in [("a", "b", &mut *a), ("b", "a", &mut *b)] {
            let text = match number % 2 {
                0 => format!("/to|{to}|/n|{from}|{number}"),
                _ => format!("/n|{from}|{number}"),
            };
            says.says(&text).await;
        }
    }
}

pub(super) async fn hear_all(a: &mut Peer, b: &mut Peer, count: usize) {
    for number in 0..count {
        for (from, to, hears) in [("b", "a", &mut *a), ("a", "b", &mut *b)] {
            let text = match number % 2 {
                0 => format!("/to|{to}|/n|{from}|{number}"),
                _ => format!("/n|{from}|{number}"),
            };
            hears.hears(&text).await;
        }
    }
    a.hears_nothing().await;
    b.hears_nothing().await;
}

/// Two on two instances.
pub(super) async fn pair(x: &Server, y: &Server) -> (Peer, Peer) {
    let mut a = Peer::join(x, "a", "r", 1).await;
    let b = Peer::join(y, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    (a, b)
}

#[tokio::test]
async fn no_frame_is_lost_doubled_or_out_of_order_when_the_broker_is_killed_and_comes_back_empty() {
    const FRAMES: usize = 1_500;
    let mut broker = Broker::start();
    let x = instance_with(&broker, ample()).await;
    let y = instance_with(&broker, ample()).await;
    let (mut a, mut b) = pair(&x, &y).await;
    talk(&mut a, &mut b, 0..FRAMES / 3).await;
    broker.is_killed();
    talk(&mut a, &mut b, FRAMES / 3..2 * FRAMES / 3).await;
    broker.is_back();
    talk(&mut a, &mut b, 2 * FRAMES / 3..FRAMES).await;
    hear_all(&mut a, &mut b, FRAMES).await;

    // The home has its room again, and a third one finds it.
    broker.knows_rooms(1).await;
    let z = instance(&broker).await;
    Peer::join(&z, "c", "r", 3).await;
}

#[tokio::test]
async fn no_frame_is_lost_when_the_connections_to_the_broker_are_cut_again_and_again() {
    const FRAMES: usize = 600;
    const CUTS: usize = 6;
    let broker = Broker::start();
    let x = instance_with(&broker, ample()).await;
    let y = instance_with(&broker, ample()).await;
    let (mut a, mut b) = pair(&x, &y).await;
    for cut in 0..CUTS {
        let each = FRAMES / CUTS;
        talk(&mut a, &mut b, cut * each..(cut + 1) * each).await;
        let kind = ["pubsub", "normal"][cut % 2];
        broker.says(&format!("CLIENT KILL TYPE {kind}"));
    }
    hear_all(&mut a, &mut b, FRAMES).await;
}

#[tokio::test]
async fn while_the_broker_hangs_rooms_are_served_alone_and_nothing_is_lost() {
    const FRAMES: usize = 200;
    let broker = Broker::start();
    let x = instance_with(&broker, ample()).await;
    let y = instance_with(&broker, ample()).await;
    let (mut a, mut b) = pair(&x, &y).await;
    talk(&mut a, &mut b, 0..FRAMES / 2).await;
    broker.hangs();
    talk(&mut a, &mut b, FRAMES / 2..FRAMES).await;
    let begin = Instant::now();
    Peer::join(&x, "c", "another", 1).await;
    assert!(begin.elapsed() < SILENT_FOR, "{:?}", begin.elapsed());
    broker.goes_on();
    hear_all(&mut a, &mut b, FRAMES).await;
}

#[tokio::test]
async fn a_broker_that_forgets_everything_is_told_again() {
    let broker = Broker::start();
    let x = instance_with(&broker, ample()).await;
    let y = instance_with(&broker, ample()).await;
    let (mut a, mut b) = pair(&x, &y).await;
    talk(&mut a, &mut b, 0..50).await;
    broker.says("FLUSHALL");
    hear_all(&mut a, &mut b, 50).await;
    broker.knows_rooms(1).await;
    let z = instance(&broker).await;
    let c = Peer::join(&z, "c", "r", 3).await;
    a.hears(&c.announcement("r")).await;
    b.hears(&c.announcement("r")).await;
}

#[tokio::test]
async fn a_home_to_which_nobody_listened_for_a_moment_gives_up_what_others_claimed_meanwhile() {
    let broker = Broker::start();
    let keys = |of: &str| -> Vec<String> {
        let answer = broker.says(&format!("KEYS guidebook:{of}:*"));
        let keys = answer.lines().filter(|line| line.starts_with("guidebook:"));
        keys.map(str::to_owned).collect()
    };
    let other = instance(&broker).await;
    let _b = Peer::join(&other, "b", "s", 1).await;
    broker.knows_rooms(1).await;
    let (leases, rooms) = (keys("lease"), keys("room"));
    let x = instance(&broker).await;
    let mut a = Peer::join(&x, "a", "r", 1).await;
    broker.knows_rooms(2).await;
    soon("both listen", async {
        while broker.says("PUBSUB CHANNELS").matches(":i:").count() < 2 {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await;

    let now = keys("room");
    let taken = now.iter().find(|room| !rooms.contains(room)).unwrap();
    let (_, thief) = leases[0].rsplit_once(':').unwrap();
    broker.says(&format!("SET {taken} {thief}"));
    // Whoever subscribed last is the home.
    let subscribers = broker.says("CLIENT LIST TYPE pubsub");
    let ids = subscribers.lines().filter_map(|line| {
        let (id, _) = line.strip_prefix("id=")?.split_once(' ')?;
        id.parse::<u64>().ok()
    });
    broker.says(&format!("CLIENT KILL ID {}", ids.max().unwrap()));
    assert_eq!(a.is_closed().await, CloseCode::Restart);
}

#[tokio::test]
async fn an_instance_that_hangs_holds_up_nobody_and_its_clients_are_sent_back_when_it_wakes() {
    let broker = Broker::start();
    let x = instance(&broker).await;
    let hung = program(&broker);
    let mut a = Peer::join(&x, "a", "r", 1).await;
    let mut b = join_at(&hung, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    let begin = Instant::now();
    signal("-STOP", hung.process_id());
    let _other = Peer::join(&x, "c", "another", 1).await;
    a.hears(&b.leave()).await;
    assert!(begin.elapsed() >= SILENT_FOR - Duration::from_millis(500));
    signal("-CONT", hung.process_id());
    assert_eq!(b.is_closed().await, CloseCode::Restart);
    let b = join_at(&hung, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
}

#[tokio::test]
async fn a_home_that_hangs_gives_its_rooms_up_and_closes_their_members_when_it_wakes() {
    let broker = Broker::start();
    let hung = program(&broker);
    let x = instance(&broker).await;
    let mut h = join_at(&hung, "h", "r", 1).await;
    let mut a = Peer::join(&x, "a", "r", 2).await;
    signal("-STOP", hung.process_id());
    assert_eq!(a.is_closed().await, CloseCode::Restart);
    let mut a = Peer::connect(&x, "a").await;
    soon("the room has a new home", async {
        loop {
            a.announce("r").await;
            // As long as the lease of the old home lives, the client is sent there, and back.
            match a.next_text_or_end().await {
                Some(text) if text.starts_with("/roominfo|") => return,
                _ => {}
            }
            sleep(Duration::from_millis(200)).await;
            a = Peer::connect(&x, "a").await;
        }
    })
    .await;
    signal("-CONT", hung.process_id());
    assert_eq!(h.is_closed().await, CloseCode::Restart);
    let h = join_at(&hung, "h", "r", 2).await;
    a.hears(&h.announcement("r")).await;
}

#[tokio::test]
async fn a_room_that_a_split_has_doubled_is_one_again_when_it_heals() {
    let broker = Broker::start();
    let way = Way::to(&broker).await;
    let split = Server::with_settings(settings(&way.url(), Limits::default())).await;
    let x = instance(&broker).await;
    let mut a = Peer::join(&x, "a", "r", 1).await;
    let mut b = Peer::join(&split, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    way.is_split();
    a.hears(&b.leave()).await;
    // It is served alone there.
    let mut c = Peer::connect(&split, "c").await;
    soon("the split instance knows that it is", async {
        c.announce("r").await;
        c.hears_room_info(1).await;
    })
    .await;
    way.is_healed();
    let begin = Instant::now();
    assert_eq!(c.is_closed().await, CloseCode::Restart);
    assert_eq!(b.is_closed().await, CloseCode::Restart);
    assert!(begin.elapsed() < SILENT_FOR, "{:?}", begin.elapsed());
    let b = Peer::join(&split, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
}
