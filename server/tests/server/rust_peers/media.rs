//! Audio and video between clients, without a browser: the frames are made up, since nothing here decodes them.

use std::time::Duration;

use quickconnect::{
    AddTrackError, Codec, Error, Event, Kind, LocalTrack, MAX_PACKETS, MAX_TRACKS, Message,
    QuickConnect, RemoteTrack, RtpPacket,
};
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use super::{call_ended, call_started, client, message, next, opened};
use crate::support::{Server, soon};

/// How often a source has a frame.
const FRAME: Duration = Duration::from_millis(20);
/// Bytes of a frame that fills two packets and a part of a third.
const LARGE: usize = 3_000;

/// Feeds a track until it is dropped.
struct Feed(AbortHandle);

impl Feed {
    /// Frames of this size, in each the byte of its number.
    fn of(track: &LocalTrack, bytes: usize) -> Self {
        let track = track.clone();
        let feeding = tokio::spawn(async move {
            let mut ticks = interval(FRAME);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            for number in 0_u32.. {
                ticks.tick().await;
                track.send_frame(vec![number as u8; bytes], FRAME * number);
            }
        });
        Self(feeding.abort_handle())
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn detected(peer: &mut QuickConnect) -> RemoteTrack {
    next(peer, "track:detected", |event| match event {
        Event::TrackDetected(track) => Some(track),
        _ => None,
    })
    .await
}

async fn removed(peer: &mut QuickConnect) -> RemoteTrack {
    next(peer, "the end of a track", |event| match event {
        Event::TrackRemoved(track) => Some(track),
        _ => None,
    })
    .await
}

async fn packet(track: &mut RemoteTrack) -> RtpPacket {
    let packet = soon("a packet", track.recv()).await;
    packet.expect("the track goes on")
}

/// Packets one after the other: of each frame three, of which the last is marked, and all have its time.
async fn arrives_whole(track: &mut RemoteTrack, packets: usize) {
    let mut before: Option<RtpPacket> = None;
    for _ in 0..packets {
        let now = packet(track).await;
        if let Some(before) = before {
            assert_eq!(
                now.sequence_number,
                before.sequence_number.wrapping_add(1),
                "nothing is lost on this machine"
            );
            let step = match before.marker {
                true => track.codec().clock_rate() / 50,
                false => 0,
            };
            assert_eq!(now.timestamp, before.timestamp.wrapping_add(step));
        }
        before = Some(now);
    }
}

#[tokio::test]
async fn a_track_arrives_whole_whichever_side_sends_it() {
    for sends in ["a", "b"] {
        let server = Server::start().await;
        let track = LocalTrack::new(Codec::Vp8);
        let _feed = Feed::of(&track, LARGE);
        let join = |id: &str| match id == sends {
            true => client(&server, id).track(&track),
            false => client(&server, id).media(),
        };
        let mut a = join("a").connect().await.unwrap();
        let mut b = join("b").connect().await.unwrap();
        let (sender, receiver) = match sends {
            "a" => (&mut a, &mut b),
            _ => (&mut b, &mut a),
        };
        let mut remote = detected(receiver).await;
        assert_eq!(remote.peer(), sender.id());
        assert_eq!(
            (remote.id(), remote.stream_id()),
            (track.id(), track.stream_id())
        );
        assert_eq!((remote.codec(), remote.kind()), (Codec::Vp8, Kind::Video));
        arrives_whole(&mut remote, 60).await;
        soon("the end", a.close()).await;
        soon("the end", b.close()).await;
        let rest = async { while remote.recv().await.is_some() {} };
        soon("the end of the track", rest).await;
    }
}

#[tokio::test]
async fn both_sides_send_sound_and_pictures_of_one_stream_beside_a_channel() {
    let server = Server::start().await;
    let mut feeds = Vec::new();
    let mut join = |id: &str| {
        let picture = LocalTrack::new(Codec::Vp8);
        let sound = LocalTrack::in_stream(Codec::Opus, picture.stream_id());
        feeds.extend([Feed::of(&picture, LARGE), Feed::of(&sound, 80)]);
        let joining = client(&server, id).track(&picture).track(&sound);
        (joining.data_channel("chat"), picture)
    };
    let ((a, of_a), (b, of_b)) = (join("a"), join("b"));
    let mut a = a.connect().await.unwrap();
    let mut b = b.connect().await.unwrap();
    for (peer, picture) in [(&mut a, of_b), (&mut b, of_a)] {
        let mut kinds = Vec::new();
        for _ in 0..2 {
            let mut track = detected(peer).await;
            assert_eq!(track.stream_id(), picture.stream_id());
            kinds.push(track.kind());
            packet(&mut track).await;
        }
        kinds.sort_by_key(|kind| *kind == Kind::Video);
        assert_eq!(kinds, [Kind::Audio, Kind::Video]);
    }
}

#[tokio::test]
async fn a_track_that_is_added_in_a_call_arrives_and_ends_when_it_is_removed() {
    for sends in ["a", "b"] {
        let server = Server::start().await;
        let join = |id: &'static str| client(&server, id).media().data_channel("chat").connect();
        let mut a = join("a").await.unwrap();
        let mut b = join("b").await.unwrap();
        tokio::join!(opened(&mut a, "chat"), opened(&mut b, "chat"));
        let (sender, receiver) = match sends {
            "a" => (&mut a, &mut b),
            _ => (&mut b, &mut a),
        };
        let first = LocalTrack::new(Codec::Vp8);
        let _feed = Feed::of(&first, LARGE);
        // Twice, then another one, and the first once more.
        let other = LocalTrack::new(Codec::Vp8);
        let _other_feed = Feed::of(&other, LARGE);
        for track in [&first, &first, &other, &first] {
            sender.add_track(track).unwrap();
            let mut remote = detected(receiver).await;
            assert_eq!(remote.id(), track.id());
            arrives_whole(&mut remote, 10).await;
            sender.remove_track(track);
            assert_eq!(removed(receiver).await, remote);
            let rest = async { while remote.recv().await.is_some() {} };
            soon("the end of the track", rest).await;
        }
    }
}

#[tokio::test]
async fn tracks_that_both_add_at_the_same_moment_arrive() {
    let server = Server::start().await;
    let mut a = client(&server, "a").media().connect().await.unwrap();
    let mut b = client(&server, "b").media().connect().await.unwrap();
    tokio::join!(call_started(&mut a), call_started(&mut b));
    let (of_a, of_b) = (LocalTrack::new(Codec::Vp8), LocalTrack::new(Codec::Vp8));
    let _feeds = [Feed::of(&of_a, LARGE), Feed::of(&of_b, LARGE)];
    a.add_track(&of_a).unwrap();
    b.add_track(&of_b).unwrap();
    for (peer, track) in [(&mut a, of_b), (&mut b, of_a)] {
        let mut remote = detected(peer).await;
        assert_eq!(remote.id(), track.id());
        arrives_whole(&mut remote, 10).await;
    }
}

#[tokio::test]
async fn a_source_is_asked_for_a_key_frame_by_who_comes_and_by_who_asks_but_not_too_often() {
    let server = Server::start().await;
    let track = LocalTrack::new(Codec::Vp8);
    let _feed = Feed::of(&track, LARGE);
    let _a = client(&server, "a").track(&track).connect().await.unwrap();
    let mut b = client(&server, "b").media().connect().await.unwrap();
    soon("the request of who comes", track.key_frame_wanted()).await;
    let remote = detected(&mut b).await;
    let began = Instant::now();
    remote.request_key_frame().await;
    soon("a request", track.key_frame_wanted()).await;
    // The next one is too early until so much time is over.
    let asking = async {
        loop {
            remote.request_key_frame().await;
            sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        () = asking => unreachable!(),
        () = soon("the next request", track.key_frame_wanted()) => {}
    }
    let elapsed = began.elapsed();
    assert!(elapsed >= Duration::from_millis(295), "{elapsed:?}");
}

/// What a forwarder does: it has a call with each, and sends what one sends to the other.
async fn forward(mut from: RemoteTrack, to: LocalTrack) {
    loop {
        tokio::select! {
            packet = from.recv() => match packet {
                Some(packet) => to.send_rtp(packet),
                None => return,
            },
            () = to.key_frame_wanted() => from.request_key_frame().await,
        }
    }
}

#[tokio::test]
async fn a_track_that_is_forwarded_arrives_with_its_numbers_and_requests_go_back() {
    let server = Server::start().await;
    let join = |room: &str, id: &str| client(&server, id).room(room);
    let source = LocalTrack::new(Codec::Vp8);
    let _feed = Feed::of(&source, LARGE);
    let sender = join("stage", "s").track(&source).connect().await.unwrap();
    let mut stage = join("stage", "f").media().connect().await.unwrap();
    let hall = join("hall", "f").media().connect().await.unwrap();
    let from = detected(&mut stage).await;
    let copy = LocalTrack::in_stream(from.codec(), from.stream_id());
    hall.add_track(&copy).unwrap();
    let mut direct = from.clone();
    let forwarding = tokio::spawn(forward(from, copy));

    let mut watcher = join("hall", "w").media().connect().await.unwrap();
    let mut seen = detected(&mut watcher).await;
    assert_eq!(seen.stream_id(), source.stream_id());
    arrives_whole(&mut seen, 30).await;
    // Every packet is as it came.
    let passed = packet(&mut seen).await;
    let same = async { while packet(&mut direct).await != passed {} };
    soon("the same packet", same).await;
    let requested = async {
        loop {
            seen.request_key_frame().await;
            sleep(FRAME).await;
        }
    };
    // Who came was one request.
    soon("a request", source.key_frame_wanted()).await;
    tokio::select! {
        () = requested => unreachable!(),
        () = soon("a request that was passed on", source.key_frame_wanted()) => {}
    }
    sender.close().await;
    soon("the end of forwarding", forwarding).await.unwrap();
}

#[tokio::test]
async fn a_client_without_media_keeps_its_call_with_one_that_sends() {
    for sends in ["a", "b"] {
        let server = Server::start().await;
        let track = LocalTrack::new(Codec::Opus);
        let _feed = Feed::of(&track, 80);
        let join = |id: &str| match id == sends {
            true => client(&server, id).track(&track).data_channel("chat"),
            false => client(&server, id),
        };
        let mut a = join("a").connect().await.unwrap();
        let mut b = join("b").connect().await.unwrap();
        let (of_a, _) = tokio::join!(opened(&mut a, "chat"), opened(&mut b, "chat"));
        of_a.send_text("still here").await.unwrap();
        assert_eq!(message(&mut b).await, Message::Text("still here".into()));
        let without = if sends == "a" { &b } else { &a };
        assert_eq!(without.add_track(&track), Err(AddTrackError::NoMedia));
    }
}

#[tokio::test]
async fn whoever_does_not_read_has_the_newest_packets_and_no_more_than_the_bound() {
    let server = Server::start().await;
    let track = LocalTrack::new(Codec::Vp8);
    let _a = client(&server, "a").track(&track).connect().await.unwrap();
    let mut b = client(&server, "b").media().connect().await.unwrap();
    let feed = Feed::of(&track, LARGE);
    let (mut late, mut reader) = {
        let remote = detected(&mut b).await;
        (remote.clone(), remote)
    };
    for _ in 0..2 * MAX_PACKETS {
        packet(&mut reader).await;
    }
    drop(feed);
    let mut read = packet(&mut reader).await;
    while let Ok(Some(packet)) = timeout(Duration::from_millis(500), reader.recv()).await {
        read = packet;
    }
    let first = packet(&mut late).await;
    let waited = read.sequence_number.wrapping_sub(first.sequence_number);
    assert_eq!(usize::from(waited) + 1, MAX_PACKETS);
}

#[tokio::test]
async fn more_tracks_than_a_client_may_send_are_refused() {
    let server = Server::start().await;
    let tracks: Vec<_> = (0..=MAX_TRACKS)
        .map(|_| LocalTrack::new(Codec::Opus))
        .collect();
    let a = client(&server, "a").media().connect().await.unwrap();
    for track in &tracks[1..] {
        a.add_track(track).unwrap();
    }
    let refused = a.add_track(&tracks[0]).unwrap_err();
    assert!(matches!(refused, AddTrackError::TooMany(_)), "{refused}");
    assert_eq!(a.add_track(&tracks[1]), Ok(()));
    a.remove_track(&tracks[1]);
    a.add_track(&tracks[0]).unwrap();
    let all = tracks
        .iter()
        .fold(client(&server, "b"), |all, track| all.track(track));
    let refused = all.connect().await.unwrap_err();
    assert!(
        refused.to_string().contains(&MAX_TRACKS.to_string()),
        "{refused}"
    );
}

#[tokio::test]
async fn a_peer_that_sends_ever_new_tracks_loses_its_call() {
    let server = Server::start().await;
    let mut a = client(&server, "a").media().connect().await.unwrap();
    let mut b = client(&server, "b").media().connect().await.unwrap();
    tokio::join!(call_started(&mut a), call_started(&mut b));
    let flood = async {
        loop {
            let track = LocalTrack::new(Codec::Opus);
            let _feed = Feed::of(&track, 80);
            a.add_track(&track).unwrap();
            let taken = async {
                loop {
                    match b.next().await.unwrap() {
                        Event::TrackDetected(_) => return true,
                        Event::Error(Error::Unusable { reason, .. }) => {
                            assert!(reason.contains("128 tracks"), "{reason}");
                            return false;
                        }
                        _ => {}
                    }
                }
            };
            let is_taken = soon("the track, or the end", taken).await;
            a.remove_track(&track);
            if !is_taken {
                return;
            }
        }
    };
    flood.await;
    assert_eq!(call_ended(&mut b).await, *a.id());
}
