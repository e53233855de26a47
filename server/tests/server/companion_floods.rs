//! What the program's memory is while strangers flood the companion, and afterwards.
//!
//! The strangers are Rust clients that never take an event: they send as much as they can, and read no echo.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use quickconnect::{Channel, Event, MAX_MESSAGE, QuickConnect};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::support::{PROGRAM, Running, guidebook, http, soon};

const MIB: u64 = 1024;
/// What the allocator may keep for later, in KiB.
const KEPT: u64 = 5 * MIB;
/// How often the program's memory is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// A flood that gets nothing more through in so many looks has come to rest.
const AT_REST: usize = 20;
/// In so many a peer that is silent has lost its call.
const LONG_SILENCE: usize = 250;

/// Somebody who floods the companion on many channels.
struct Stranger {
    sent: Arc<AtomicU64>,
    sending: JoinSet<()>,
    /// It is kept without taking what it hears.
    qc: QuickConnect,
}

impl Stranger {
    /// Joins the room, and has a call with the companion and all the channels that it can get.
    async fn join(running: &Running, room: &str, number: usize, channels: usize) -> Self {
        let join = QuickConnect::builder(format!("http://{}", running.address())).room(room);
        let join = (0..channels).fold(join, |join, channel| {
            join.data_channel(format!("flood-{channel}"))
        });
        // The companion's id begins with a `c`: the lower one makes the channels.
        let mut qc = join.id(format!("a-{number}")).connect().await.unwrap();
        let invited = http::post_at(running.address(), "/companion", room).await;
        assert_eq!(invited.status, 204, "{}", invited.text());
        let mut opened = Vec::new();
        let all = async {
            while opened.len() < channels {
                match qc.next().await.unwrap() {
                    Event::ChannelOpened(channel) if is_companions(&channel) => {
                        opened.push(channel);
                    }
                    // It is full.
                    Event::ChannelClosed(channel) if is_companions(&channel) => return,
                    _ => {}
                }
            }
        };
        soon("channels with the companion", all).await;
        let mut sending = JoinSet::new();
        let sent = Arc::<AtomicU64>::default();
        for channel in opened {
            sending.spawn(flood(channel, Arc::clone(&sent)));
        }
        Self { sent, sending, qc }
    }
}

/// Strangers call each other as well.
fn is_companions(channel: &Channel) -> bool {
    channel.peer().as_str().starts_with('c')
}

/// Sends until nobody listens.
async fn flood(channel: Channel, sent: Arc<AtomicU64>) {
    let message = vec![b'x'; MAX_MESSAGE];
    while channel.send(&message).await.is_ok() {
        sent.fetch_add(MAX_MESSAGE as u64, Relaxed);
    }
}

/// The most that the program takes until the floods have come to rest for so many looks, in KiB.
async fn peak(running: &Running, strangers: &[Stranger], rest: usize) -> u64 {
    let sent = || -> u64 {
        strangers
            .iter()
            .map(|stranger| stranger.sent.load(Relaxed))
            .sum()
    };
    let (mut peak, mut last, mut quiet) = (0, 0, 0);
    while quiet < rest {
        sleep(LOOK).await;
        peak = peak.max(running.resident_kib());
        let now = sent();
        quiet = if now == last { quiet + 1 } else { 0 };
        last = now;
    }
    peak
}

/// Ends the strangers, and waits until the program has given back all but so much of what it had taken.
async fn leave(running: &Running, strangers: Vec<Stranger>, before: u64, kept: u64) {
    for mut stranger in strangers {
        stranger.sending.shutdown().await;
        stranger.qc.close().await;
    }
    let mut resident = 0;
    let given_back = async {
        while {
            resident = running.resident_kib();
            resident > before + kept
        } {
            sleep(LOOK).await;
        }
    };
    let is_given_back = tokio::time::timeout(Duration::from_secs(10), given_back)
        .await
        .is_ok();
    assert!(
        is_given_back,
        "{resident} KiB are kept of {before} KiB before"
    );
}

#[tokio::test]
async fn a_peer_that_floods_sixty_three_channels_and_reads_nothing_takes_few_megabytes_and_they_come_back()
 {
    let running = Running::start(guidebook(PROGRAM).args(["--log", "warn"]));
    // What is needed for the first call, and never again, is no part of the flood.
    let first = Stranger::join(&running, "first", 0, 1).await;
    leave(&running, vec![first], u64::MAX / 2, 0).await;
    let before = running.resident_kib();
    let strangers = [Stranger::join(&running, "r", 0, 63).await];
    let peak = peak(&running, &strangers, AT_REST).await;
    assert!(peak < before + 8 * MIB, "{before} KiB became {peak} KiB");
    leave(&running, strangers.into(), before, KEPT).await;
}

#[tokio::test]
async fn many_who_flood_in_many_rooms_share_one_bound_and_are_counted() {
    const ROOMS: usize = 4;
    const EACH: usize = 3;
    const IN_ALL: u64 = 2 * MIB;

    let in_all = (IN_ALL * 1024).to_string();
    let bounds = ["--max-companion-bytes-in-all", &in_all, "--metrics"];
    let running = Running::start(guidebook(PROGRAM).args(bounds).args(["--log", "warn"]));
    let mut strangers = Vec::new();
    for room in 0..ROOMS {
        for number in 0..EACH {
            strangers.push(Stranger::join(&running, &format!("room-{room}"), number, 16).await);
        }
    }
    let before = running.resident_kib();
    let peak = peak(&running, &strangers, LONG_SILENCE).await;
    // Their silence, while nothing of them is taken, ends no call. Besides the bound there are one message for each, and what each
    // connection itself keeps of a flood.
    let limit = before + IN_ALL + (ROOMS * EACH) as u64 * MIB;
    assert!(peak < limit, "{before} KiB became {peak} KiB");
    let waiting = running.get("/metrics");
    let waiting = waiting
        .lines()
        .find_map(|line| line.strip_prefix("guidebook_companion_bytes "))
        .map(str::parse::<u64>);
    assert!(
        matches!(waiting, Some(Ok(bytes)) if (1..2 * IN_ALL * 1024).contains(&bytes)),
        "{waiting:?}"
    );
}
