//! The published client of rtc.io, whose messages are its own: in Node, with connections that are stand-ins (`original-client.mjs`).

use std::fs;
use std::net::SocketAddr;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::broker::Broker;
use super::instance;
use crate::support::{Peer, soon};

/// The client as it was published, bundled for the tests.
const LIBRARY: &str = include_str!("../../browser/contract/original/rtc-quickconnect.js");

const PROGRAM: &str = include_str!("original-client.mjs");

/// What it prints when a call is lost, or somebody has left.
const LOSSES: [&str; 2] = ["call:ended ", "message:leave "];

/// One such client, which ends with the test.
pub(super) struct Original {
    printed: Lines<BufReader<ChildStdout>>,
    /// It leaves when this is dropped.
    input: Option<ChildStdin>,
    _child: Child,
    _folder: TempDir,
}

impl Original {
    /// Connects to a server and joins a room.
    pub(super) fn join(server: SocketAddr, id: &str, room: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("rtc-quickconnect.mjs"), LIBRARY).unwrap();
        fs::write(folder.path().join("original-client.mjs"), PROGRAM).unwrap();
        let mut child = Command::new("node")
            // Node 20 has no WebSocket otherwise.
            .args(["--experimental-websocket", "original-client.mjs"])
            .args([&format!("http://{server}"), id, room])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node is missing: `apt-get install npm` brings it");
        Self {
            printed: BufReader::new(child.stdout.take().unwrap()).lines(),
            input: child.stdin.take(),
            _child: child,
            _folder: folder,
        }
    }

    /// Waits for this event, and none before it says that a call is lost, or that somebody has left.
    pub(super) async fn tells(&mut self, expected: &str) {
        let told = async {
            loop {
                let line = self.printed.next_line().await.unwrap();
                let line = line.expect("the client goes on");
                if line == expected {
                    return;
                }
                let is_loss = LOSSES.iter().any(|loss| line.starts_with(loss));
                assert!(!is_loss, "{line} instead of {expected}");
            }
        };
        soon(expected, told).await;
    }

    /// Leaves as a page does that closes it.
    pub(super) fn leaves(&mut self) {
        self.input = None;
    }
}

#[tokio::test]
async fn original_clients_on_two_instances_meet_call_each_other_and_leave() {
    let broker = Broker::start();
    let (x, y) = (instance(&broker).await, instance(&broker).await);
    let mut a = Original::join(x.address, "a", "r");
    a.tells("connected").await;
    let mut b = Original::join(y.address, "b", "r");
    b.tells("peer:announce a").await;
    a.tells("peer:announce b").await;
    // Offer, answer and candidates have come, each from the other instance.
    a.tells("call:started b").await;
    b.tells("call:started a").await;
    // A client of today hears them as it hears each other.
    let mut c = Peer::join(&y, "c", "r", 3).await;
    let announce = c.next_text().await;
    assert!(announce.starts_with("/to|c|/announce|"), "{announce}");
    b.leaves();
    a.tells("call:ended b").await;
}
