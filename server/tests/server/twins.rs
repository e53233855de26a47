//! The book's demos in Rust: what they print, without what differs from run to run.

use std::path::PathBuf;
use std::process::Output;

use tokio::process::Command;

use crate::support::soon;

/// Cargo builds the examples beside the tests.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(std::path::Path::parent).unwrap();
    profile.join("examples").join(name)
}

async fn printed(name: &str) -> Vec<String> {
    let run = Command::new(example(name)).kill_on_drop(true).output();
    let Output {
        status,
        stdout,
        stderr,
    } = soon(name, run).await.unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    let text = String::from_utf8(stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn createoffer_prints_an_offer_its_states_and_a_candidate() {
    let lines = printed("createoffer").await;
    let has = |begin: &str| {
        let found = lines.iter().any(|line| line.starts_with(begin));
        assert!(found, "{begin} in {lines:#?}");
    };
    has("offer: v=0");
    has("m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
    has("a=ice-ufrag:");
    has("signaling state: have-local-offer");
    has("candidate:");
    has("gathering: complete");
}

#[tokio::test]
async fn p2p_singlebrowser_sends_one_message_each_way() {
    let lines = printed("p2p-singlebrowser").await;
    for state in ["connecting", "connected"] {
        for side in ["caller", "answerer"] {
            let line = format!("{side}: {state}");
            assert!(lines.contains(&line), "{line} in {lines:#?}");
        }
    }
    assert_eq!(
        lines[lines.len() - 3..],
        [
            "answerer received: hello from the caller",
            "caller received: hello from the answerer",
            "connected: one message went each way",
        ]
    );
}
