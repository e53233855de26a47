//! Keys of the cluster that change while two instances run, turned by the script of the book.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tokio::time::sleep;

use super::broker::Broker;
use super::failures::{hear_all, pair, talk};
use super::{instance_with_keys, write_secret};
use crate::support::http::get;
use crate::support::{Peer, Server, project_file, soon};

const TURNS: usize = 3;

/// Messages that were dropped since no key had signed them.
const UNSIGNED: &str = r#"guidebook_cluster_dropped_total{why="seal"}"#;

fn turn(file: &Path) {
    let script = project_file("code/take/rotate-cluster-key.sh");
    // As the page calls it: `sh FILE KEYS`.
    let mut shell = Command::new("sh");
    let status = shell.args(["-c", &script, "sh"]).arg(file).status();
    assert!(status.unwrap().success());
}

async fn says(server: &Server, what: &str) -> bool {
    get(server, "/metrics").await.text().contains(what)
}

/// Two talk until an instance has read its keys so often.
async fn talk_until_read(
    [a, b]: [&mut Peer; 2],
    said: &mut usize,
    server: &Server,
    changes: usize,
) {
    let counted = format!("guidebook_cluster_key_changes_total {changes}\n");
    soon("the keys are read", async {
        while !says(server, &counted).await {
            talk(a, b, *said..*said + 1).await;
            *said += 1;
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_lost_while_keys_are_turned_and_a_former_key_opens_nothing() {
    let broker = Broker::start();
    let folder = tempfile::tempdir().unwrap();
    let [at_x, at_y, former] = ["x", "y", "former"].map(|name| folder.path().join(name));
    for path in [&at_x, &at_y, &former] {
        write_secret(path, &format!("{}\n", "k".repeat(32)));
    }
    let x = instance_with_keys(&broker, at_x.clone()).await;
    let y = instance_with_keys(&broker, at_y.clone()).await;
    let (mut a, mut b) = pair(&x, &y).await;
    let mut said = 0;
    for changes in 1..=TURNS {
        turn(&at_x);
        talk_until_read([&mut a, &mut b], &mut said, &x, changes).await;
        // The two have different files now.
        talk(&mut a, &mut b, said..said + 50).await;
        said += 50;
        fs::copy(&at_x, &at_y).unwrap();
        talk_until_read([&mut a, &mut b], &mut said, &y, changes).await;
    }
    hear_all(&mut a, &mut b, said).await;
    for server in [&x, &y] {
        assert!(!says(server, UNSIGNED).await);
    }

    let z = instance_with_keys(&broker, former).await;
    let mut c = Peer::connect(&z, "c").await;
    c.announce("r").await;
    soon("its instance is not heard", async {
        while !says(&x, UNSIGNED).await {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}
