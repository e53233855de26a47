//! Audio and video between a tab and a Rust client: what each sends, the other gets, in Chromium and in Firefox, whoever makes the offers.
//!
//! May import: `tab`, [`harness`](crate::harness), [`pages`](crate::pages).

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use quickconnect::{Builder, Codec, Event, Kind, LocalTrack, QuickConnect, RemoteTrack};
use tokio::time::interval;

use super::tab::next;
use super::{ids, twin};
use crate::harness::Kind::{Chromium, FirefoxWithAddresses};
use crate::harness::places::Mostly::Plays;
use crate::harness::places::run;
use crate::harness::{Browser, Page, in_browser_of, in_browsers, start_server};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER};

const PROGRAM: &str = include_str!("media.js");
/// A clip of 160 × 90, in VP8, which begins with its only key frame.
const CLIP: &[u8] = include_bytes!("../../../../code/media/clip.ivf");
const CLIP_SIZE: &str = "160 90";
const CLIP_RATE: u32 = 12;
/// A frame of Opus of 20 ms, in which nothing is heard.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];
/// Packets that are enough to say that a picture arrives: of a test card some seconds.
const ENOUGH: usize = 60;

/// A tab in the room, which sends a test card from the beginning or not.
async fn join<'p>(page: &'p Page<'_>, id: &str, sends: bool) -> Result<Demo<'p>> {
    let demo = page.demo(CREATE_OFFER).await?;
    let program = format!("const [ID, SENDS] = ['{id}', {sends}];\n{PROGRAM}");
    demo.run_code(&program).await?;
    Ok(demo)
}

/// A Rust client for the same room, at every address of the machine but that of loopback: where it has that as well and makes the offer, it may settle
/// on it before it knows that Firefox does not answer there.
fn rust(origin: &str, id: &str) -> Builder {
    let anywhere = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let builder = QuickConnect::builder(origin).room("r").id(id).media();
    builder.addresses(vec![anywhere])
}

async fn detected(rust: &mut QuickConnect) -> Result<RemoteTrack> {
    next(rust, |event| match event {
        Event::TrackDetected(track) => Some(track),
        _ => None,
    })
    .await
}

async fn receives(track: &mut RemoteTrack, packets: usize) -> Result<()> {
    for _ in 0..packets {
        track.recv().await.context("the track goes on")?;
    }
    Ok(())
}

/// The frames of a clip in IVF.
fn frames(clip: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = &clip[32..];
    std::iter::from_fn(move || {
        let (head, after) = rest.split_at_checked(12)?;
        let length = u32::from_le_bytes(head[..4].try_into().ok()?);
        let (frame, after) = after.split_at_checked(length.try_into().ok()?)?;
        rest = after;
        Some(frame)
    })
}

/// Plays the clip again and again, from its beginning whenever somebody needs a key frame.
async fn play(track: LocalTrack) {
    let mut ticks = interval(Duration::from_secs(1) / CLIP_RATE);
    let mut number = 0;
    loop {
        let mut clip = frames(CLIP);
        loop {
            tokio::select! {
                () = track.key_frame_wanted() => break,
                _ = ticks.tick() => {
                    let Some(frame) = clip.next() else { break };
                    track.send_frame(frame.to_vec(), Duration::from_secs(1) / CLIP_RATE * number);
                    number += 1;
                }
            }
        }
    }
}

async fn be_silent(track: LocalTrack) {
    let mut ticks = interval(Duration::from_millis(20));
    for number in 0.. {
        ticks.tick().await;
        track.send_frame(SILENCE.to_vec(), Duration::from_millis(20) * number);
    }
}

/// Passes on what one track carries, and requests for key frames the other way.
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

async fn echoes(browser: &Browser) -> Result<()> {
    for tab_is_master in [true, false] {
        let (tab_id, rust_id) = ids(tab_is_master);
        let page = browser.open(CHAPTER).await?;
        let tab = join(&page, tab_id, true).await?;
        let mut rust = rust(&browser.origin, rust_id).connect().await?;
        let mut track = detected(&mut rust).await?;
        ensure!((track.kind(), track.codec()) == (Kind::Video, Codec::Vp8));
        receives(&mut track, ENOUGH).await?;
        let echo = LocalTrack::in_stream(track.codec(), track.stream_id());
        let forwarding = tokio::spawn(forward(track, echo.clone()));
        rust.add_track(&echo)?;
        tab.logs(&format!("sees {rust_id} 320 180")).await?;
        let age = tab.console().has(&format!("age {rust_id} "), 1).await?;
        println!("{:?}, to Rust and back: {} ms", browser.kind, age.text);
        rust.close().await;
        forwarding.await?;
        // The next one is in the same room.
        tab.stop().await?;
    }
    Ok(())
}

#[test]
fn what_chromium_sends_arrives_in_rust_and_what_comes_back_is_seen() {
    in_browser_of(Chromium, echoes);
}

#[test]
fn what_firefox_sends_arrives_in_rust_and_what_comes_back_is_seen() {
    in_browser_of(FirefoxWithAddresses, echoes);
}

async fn shows_a_clip(browser: &Browser) -> Result<()> {
    for tab_is_master in [true, false] {
        for is_first in [true, false] {
            let (tab_id, rust_id) = ids(tab_is_master);
            let page = browser.open(CHAPTER).await?;
            let tab = join(&page, tab_id, false).await?;
            let clip = LocalTrack::new(Codec::Vp8);
            let playing = tokio::spawn(play(clip.clone())).abort_handle();
            let joining = rust(&browser.origin, rust_id);
            let rust = match is_first {
                true => joining.track(&clip).connect().await?,
                false => {
                    let mut rust = joining.connect().await?;
                    next(&mut rust, |event| {
                        matches!(event, Event::CallStarted(_)).then_some(())
                    })
                    .await?;
                    rust.add_track(&clip)?;
                    rust
                }
            };
            tab.logs(&format!("sees {rust_id} {CLIP_SIZE}")).await?;
            rust.remove_track(&clip);
            tab.logs(&format!("removed {rust_id}")).await?;
            let sound = LocalTrack::new(Codec::Opus);
            let silent = tokio::spawn(be_silent(sound.clone())).abort_handle();
            rust.add_track(&sound)?;
            tab.logs(&format!("hears {rust_id}")).await?;
            playing.abort();
            silent.abort();
            rust.close().await;
            // The next one is in the same room.
            tab.stop().await?;
        }
    }
    Ok(())
}

#[test]
fn a_clip_that_rust_sends_is_seen_in_chromium_and_goes_when_it_is_removed() {
    in_browser_of(Chromium, shows_a_clip);
}

#[test]
fn a_clip_that_rust_sends_is_seen_in_firefox_and_goes_when_it_is_removed() {
    in_browser_of(FirefoxWithAddresses, shows_a_clip);
}

async fn comes_and_goes(browser: &Browser) -> Result<()> {
    for tab_is_master in [true, false] {
        let (tab_id, rust_id) = ids(tab_is_master);
        let page = browser.open(CHAPTER).await?;
        let tab = join(&page, tab_id, false).await?;
        let mut rust = rust(&browser.origin, rust_id).connect().await?;
        tab.logs(&format!("started {rust_id}")).await?;
        for _ in 0..2 {
            rust.send(None, "add", Vec::new()).await?;
            let mut track = detected(&mut rust).await?;
            receives(&mut track, ENOUGH).await?;
            rust.send(None, "remove", Vec::new()).await?;
            let gone = next(&mut rust, |event| match event {
                Event::TrackRemoved(track) => Some(track),
                _ => None,
            });
            let gone = gone.await?;
            ensure!(gone == track, "{gone:?} is gone, and not {track:?}");
            while track.recv().await.is_some() {}
        }
        rust.close().await;
        // The next one is in the same room.
        tab.stop().await?;
    }
    Ok(())
}

#[test]
fn a_stream_that_chromium_adds_and_removes_in_a_call_comes_and_goes_in_rust() {
    in_browser_of(Chromium, comes_and_goes);
}

#[test]
fn a_stream_that_firefox_adds_and_removes_in_a_call_comes_and_goes_in_rust() {
    in_browser_of(FirefoxWithAddresses, comes_and_goes);
}

/// The two number the codec differently.
#[test]
fn what_chromium_sends_is_seen_in_firefox_by_way_of_rust_and_the_other_way_round() {
    run(Plays, async {
        let address = start_server().await.expect("the server starts");
        let kinds = [Chromium, FirefoxWithAddresses];
        in_browsers(kinds, address, async |browsers| {
            let pages = [
                browsers[0].open(CHAPTER).await?,
                browsers[1].open(CHAPTER).await?,
            ];
            let chromium = join(&pages[0], "a-chromium", true).await?;
            let firefox = join(&pages[1], "c-firefox", true).await?;
            let mut rust = rust(&browsers[0].origin, "b-rust").connect().await?;
            // To everybody, and so back to its sender as well.
            let mut forwarding = Vec::new();
            for _ in 0..2 {
                let track = detected(&mut rust).await?;
                let copy = LocalTrack::in_stream(track.codec(), track.stream_id());
                rust.add_track(&copy)?;
                forwarding.push(tokio::spawn(forward(track, copy)));
            }
            for tab in [&chromium, &firefox] {
                tab.console().has("sees b-rust 320 180", 2).await?;
            }
            rust.close().await;
            for task in forwarding {
                task.await?;
            }
            Ok(())
        })
        .await;
    });
}

async fn meet_their_twins(browser: &Browser) -> Result<()> {
    let page = browser.open("media/quickconnect.html").await?;
    let demo = page.demo("calls-program.js").await?;
    demo.run().await?;
    let mut program = twin("calls-program", &browser.origin)?;
    demo.logs("sends 160 × 90").await?;
    program.kill().await?;
    demo.stop().await?;

    let page = browser.open("media/topologies.html").await?;
    let demo = page.demo("topologies-forward.js").await?;
    demo.run().await?;
    let mut program = twin("topologies-forward", &browser.origin)?;
    for by in ["by this page: ", "by somebody else: "] {
        // The first may be from before there was a picture.
        let age = demo.console().has(by, 5).await?;
        let number = age
            .text
            .split(' ')
            .find_map(|word| word.parse::<i64>().ok());
        ensure!(number.is_some(), "{} is no age", age.text);
        println!("{:?}: {}", browser.kind, age.text);
    }
    program.kill().await?;
    Ok(())
}

/// Not in Firefox, which does not always find a way to a program that offers its loopback address, as these do by default.
#[test]
fn the_demos_meet_their_twins_in_chromium() {
    in_browser_of(Chromium, meet_their_twins);
}
