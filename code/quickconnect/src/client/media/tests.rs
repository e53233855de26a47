//! Frames become packets, and a track's ids are what may stand in a description.

use std::time::Duration;

use super::packet::Packetizer;
use super::*;

#[test]
fn a_frame_of_pictures_becomes_packets_of_one_time_of_which_the_last_is_marked() {
    let mut packetizer = Packetizer::new(Codec::Vp8);
    let first = packetizer.packets(&vec![7; 3_000].into(), Duration::ZERO);
    let second = packetizer.packets(&vec![7; 10].into(), Duration::from_millis(40));
    let markers: Vec<_> = first.iter().map(|packet| packet.marker).collect();
    assert_eq!(markers, [false, false, true]);
    assert!(first.iter().all(|packet| packet.payload.len() <= 1_200));
    assert!(
        first
            .iter()
            .all(|packet| packet.timestamp == first[0].timestamp)
    );
    let [second] = &second[..] else {
        panic!("{second:?}");
    };
    assert_eq!(second.timestamp, first[0].timestamp.wrapping_add(3_600));
    assert_eq!(
        second.sequence_number,
        first[0].sequence_number.wrapping_add(3)
    );
}

#[test]
fn a_frame_of_sound_is_one_packet_without_a_mark() {
    let mut packetizer = Packetizer::new(Codec::Opus);
    let first = packetizer.packets(&vec![7; 80].into(), Duration::ZERO);
    let second = packetizer.packets(&vec![7; 80].into(), Duration::from_millis(20));
    let [first, second] = [&first[0], &second[0]];
    assert_eq!(second.timestamp, first.timestamp.wrapping_add(960));
    assert!(!first.marker && !second.marker);
    assert_eq!(first.payload, vec![7; 80]);
}

#[test]
fn a_day_of_frames_and_more_has_its_time_in_each() {
    let mut packetizer = Packetizer::new(Codec::Vp8);
    let mut at =
        |seconds| packetizer.packets(&vec![7].into(), Duration::from_secs(seconds))[0].timestamp;
    // 2^32 steps are some thirteen hours.
    let (day, next) = (at(86_400), at(86_401));
    assert_eq!(next.wrapping_sub(day), 90_000);
}

#[test]
fn an_empty_frame_is_no_packet() {
    let mut packetizer = Packetizer::new(Codec::Vp8);
    assert_eq!(packetizer.packets(&Vec::new().into(), Duration::ZERO), []);
}

#[test]
fn nothing_but_letters_digits_and_dashes_of_a_streams_id_gets_into_a_description() {
    let evil = "a b\r\nm=audio 9\u{2028}\"<i>_-Z9";
    assert_eq!(
        LocalTrack::in_stream(Codec::Vp8, evil).stream_id(),
        "abmaudio9i_-Z9"
    );
    let long = "x".repeat(MAX_STREAM_ID + 1);
    assert_eq!(
        LocalTrack::in_stream(Codec::Vp8, &long).stream_id().len(),
        MAX_STREAM_ID
    );
    let none = LocalTrack::in_stream(Codec::Vp8, "{}");
    assert!(!none.stream_id().is_empty());
    assert_ne!(none.stream_id(), LocalTrack::new(Codec::Vp8).stream_id());
}

#[test]
fn codecs_are_known_by_their_names_in_any_case() {
    assert_eq!(Codec::named("VIDEO/vp8"), Some(Codec::Vp8));
    assert_eq!(Codec::named("audio/opus"), Some(Codec::Opus));
    assert_eq!(Codec::named("video/H264"), None);
}
