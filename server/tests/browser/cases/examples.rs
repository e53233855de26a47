//! The examples of the library's reference: each runs on its page, shows what it says it shows, and fails in nothing.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Result;

use crate::harness::in_browser;
use crate::pages::REFERENCE;

const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../code/quickconnect/js/examples"
);

/// Each example, and what its console has in the end: parts of entries, in no order, because two peers log into one console.
const EXAMPLES: [(&str, &[&str]); 21] = [
    (
        "channels",
        &[
            "alice has chat",
            "bob received: hello from alice",
            "alice: channel:closed chat",
            "bob: channel:closed:chat",
        ],
    ),
    (
        "debug",
        &["/announce", "/sdp", "call:started", "call:ended bob"],
    ),
    (
        "ending",
        &[
            "alice call:started bob",
            "bob call:started alice",
            "alice call:ended bob",
            "bob call:ended alice",
            "bob is alone: 0 calls",
        ],
    ),
    (
        "errors",
        &["error: ", "who it was: mallory", "the call goes on: true"],
    ),
    ("failing", &["call:failed bob", "call:ended bob"]),
    (
        "filters",
        &[
            "a description of ours:",
            "takes candidate:",
            "call:started bob",
            "peer:filter mallory is refused",
        ],
    ),
    (
        "ice-servers",
        &[
            "ICE servers are wanted for alice",
            "alice will ask",
            "bob will ask",
            "call:started alice",
        ],
    ),
    (
        "identity",
        &[
            "an id of our own: alice",
            "alice made the ",
            "somebody made the ",
        ],
    ),
    (
        "joining",
        &["alice waits outside", "alice meets bob", "bob meets alice"],
    ),
    (
        "large-messages",
        &[
            "bob received a text of 1400000 characters",
            "bob received 5000000 bytes",
            "of them wait there: true",
        ],
    ),
    (
        "liveness",
        &[
            "call:started bob",
            "from now on nobody is heard",
            "call:expired bob",
            "call:ended bob",
        ],
    ),
    (
        "messages",
        &[
            "bob received: ",
            "alice received: 1 true all sorts of values from bob",
        ],
    ),
    (
        "profile",
        &[
            "bob meets Alice",
            "alice knows that she is curious",
            "alice is curious and looks around",
        ],
    ),
    (
        "reactive",
        &[
            "alice call:started",
            "bob call:started",
            "alice stream:added audio",
            "bob stream:added audio",
        ],
    ),
    (
        "recovery",
        &[
            "call:failing bob",
            "ICE restarts: have-local-offer",
            "call:recovered bob",
        ],
    ),
    (
        "rooms",
        &["the room of alice: ", "alice meets bob", "carol meets bob"],
    ),
    (
        "signaling",
        &[
            "call:started bob",
            "disconnected: 1 calls",
            "connected: 1 calls",
        ],
    ),
    (
        "streams",
        &[
            "alice sends 1 stream",
            "the first stream of alice is active: true",
            "stream:added alice",
            "stream:removed alice",
        ],
    ),
    ("tokens", &["asked for a token", "call:started bob"]),
    (
        "tracks",
        &[
            "track:detected alice video",
            "bob sees red",
            "bob sees blue, and nothing was negotiated",
        ],
    ),
    (
        "two-peers",
        &[
            "peer:connected bob",
            "peer:announce bob",
            "peer:connect bob new",
            "peer:couple bob",
            "the monitor says: connected",
            "call:started bob connected",
            "active: true",
            "bob has a call as well: connected",
        ],
    ),
];

#[test]
fn each_example_of_the_library_shows_what_it_says_and_fails_in_nothing() {
    in_browser(async |browser| {
        let page = browser.open(REFERENCE).await?;
        for (name, outcome) in EXAMPLES {
            let demo = page.demo(&format!("{name}.js")).await?;
            demo.run().await?;
            for part in outcome {
                demo.logs(part).await?;
            }
            let entries = demo.console().entries().await?;
            assert!(
                entries.iter().all(|entry| entry.level != "error"),
                "{name}: {entries:?}"
            );
            assert_eq!(browser.errors().await?, [""; 0], "{name}");
            demo.stop().await?;
        }
        Ok(())
    });
}

#[test]
fn no_example_goes_untried() -> Result<()> {
    let tried: BTreeSet<String> = EXAMPLES.map(|(name, _)| format!("{name}.js")).into();
    let mut there = BTreeSet::new();
    for entry in fs::read_dir(FOLDER)? {
        there.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    assert_eq!(tried, there);
    Ok(())
}
