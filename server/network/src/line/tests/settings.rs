//! What pages may say, and what they are told otherwise.

use super::*;
use crate::line::link::Settings;
use crate::line::{Preset, Timeline, presets};

fn refusal<T: serde::de::DeserializeOwned + std::fmt::Debug>(json: &str) -> String {
    serde_json::from_str::<T>(json).expect_err(json).to_string()
}

#[test]
fn bad_numbers_are_refused_in_words() {
    for (json, words) in [
        (
            r#"{"loss": 120}"#,
            "loss is 120, which is out of range: it may be 0 to 100 per cent",
        ),
        (
            r#"{"delay": -1}"#,
            "delay is -1, which is out of range: it may be 0 to 10000 milliseconds",
        ),
        (
            r#"{"jitter": 10001}"#,
            "jitter is 10001, which is out of range: it may be 0 to 10000 milliseconds",
        ),
        (
            r#"{"burst": 0}"#,
            "burst is 0, which is out of range: it may be 1 to 1000 packets",
        ),
        (
            r#"{"rate": 0.5}"#,
            "rate is 0.5, which is out of range: it may be 1 to 1000000 kbit/s, or 0 for no limit",
        ),
        (
            r#"{"queue": 100}"#,
            "queue is 100, which is out of range: it may be 2000 to 1048576 bytes",
        ),
        (
            r#"{"reorder": 101}"#,
            "reorder is 101, which is out of range: it may be 0 to 100 per cent",
        ),
        (
            r#"{"duplicate": -0.1}"#,
            "duplicate is -0.1, which is out of range: it may be 0 to 100 per cent",
        ),
        (
            r#"{"lost": 5}"#,
            "unknown field `lost`, expected one of `loss`",
        ),
        (r#"{"cut": "yes"}"#, "expected a boolean"),
    ] {
        let refusal = refusal::<Conditions>(json);
        assert!(refusal.contains(words), "{json}: {refusal}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    let not_a_number = Change {
        loss: Some(f64::NAN),
        ..Change::default()
    };
    assert!(Conditions::try_from(not_a_number).is_err());
}

#[test]
fn bad_timelines_are_refused_in_words() {
    let step = r#"{"at": 0, "set": {}}"#;
    let long = format!("[{}]", vec![step; 101].join(","));
    for (json, words) in [
        (
            r#"[{"at": 5, "set": {}}, {"at": 2, "set": {}}]"#,
            "step 2 is earlier than the one before it",
        ),
        (
            r#"[{"at": -1, "set": {}}]"#,
            "step 1 is at -1 s, which is out of range: it may be at 0 to 3600 s",
        ),
        (
            r#"[{"at": 1, "set": {"loss": 300}}]"#,
            "step 1: loss is 300, which is out of range",
        ),
        (
            r#"[{"at": 1, "set": {"cuts": true}}]"#,
            "unknown field `cuts`",
        ),
        (
            r#"[{"at": 1, "way": "up", "set": {}}]"#,
            "unknown variant `up`",
        ),
        (r#"[{"at": 1}]"#, "missing field `set`"),
        (
            long.as_str(),
            "the timeline has 101 steps, and may have 100",
        ),
    ] {
        let refusal = refusal::<Timeline>(json);
        assert!(refusal.contains(words), "{json}: {refusal}");
    }
}

#[test]
fn settings_can_be_sent_and_read_back() {
    let json = r#"{"seed": 4294967295, "a_to_b": {"loss": 5, "rate": 500}, "timeline": [{"at": 2.5, "way": "a-to-b", "set": {"cut": true}}]}"#;
    let settings: Settings = serde_json::from_str(json).expect("it is good");
    let sent = serde_json::to_string(&settings).expect("it can be written");
    assert_eq!(
        serde_json::from_str::<Settings>(&sent).expect("it can be read"),
        settings
    );
}

#[test]
fn presets_have_the_names_that_pages_send() {
    let names =
        presets::ALL.map(|preset| serde_json::to_string(&preset).expect("it can be written"));
    let expected = ["perfect", "good-wifi", "train", "hotel", "3g", "satellite"];
    assert_eq!(names, expected.map(|name| format!("\"{name}\"")));
    assert_eq!(
        serde_json::from_str::<Preset>("\"3g\"").expect("it is one"),
        Preset::ThreeG
    );
}
