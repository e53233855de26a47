//! The flags, the key, and what the broker has to permit.

use std::sync::Arc;

use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::{Limits, Settings};
use server::workshop::Workshop;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::broker::Broker;
use super::{instance, instance_with_keys, settings, write_secret};
use crate::support::http::get;
use crate::support::{PROGRAM, Peer, Server, guidebook, project_file, soon};

/// What the program says that does not start.
pub(super) fn refusal(arguments: &[&str]) -> String {
    let arguments = [&["signaling", "--listen", "127.0.0.1:0"], arguments].concat();
    let output = guidebook(PROGRAM).args(arguments).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_broker_at_a_public_address_is_refused_unless_the_way_there_is_encrypted() {
    let says = refusal(&["--cluster", "redis://203.0.113.5"]);
    assert!(says.contains("rediss://"), "{says}");
}

#[test]
fn what_is_no_broker_and_a_key_without_a_broker_are_refused() {
    let says = refusal(&["--cluster", "http://127.0.0.1"]);
    assert!(says.contains("redis://"), "{says}");
    let says = refusal(&["--cluster-key", "key"]);
    assert!(says.contains("--cluster <URL>"), "{says}");
}

#[test]
fn a_broker_that_says_no_is_told_of_and_its_password_is_not() {
    let broker = Broker::start_with(&["--requirepass", "right"]);
    let url = format!("{}?pass=wrong-secret", broker.url());
    let says = refusal(&["--cluster", &url]);
    assert!(says.contains("--cluster"), "{says}");
    assert!(!says.contains("wrong-secret"), "{says}");
}

#[tokio::test]
async fn a_workshop_is_on_one_instance() {
    let workshop = Workshop::at("http://192.0.2.5:8000/".to_owned()).unwrap();
    let book = LiveBook::open_for(Some(workshop), Source::Embedded).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = settings("redis://127.0.0.1:1", Limits::default());
    let running = server::run(listener, Arc::new(book), settings, async {});
    let refused = soon("the refusal", running).await.unwrap_err().to_string();
    assert!(refused.contains("leave out --cluster"), "{refused}");
}

#[tokio::test]
async fn an_instance_starts_without_its_broker_and_meets_others_when_that_is_there() {
    let mut broker = Broker::start();
    broker.is_killed();
    let (x, y) = (instance(&broker).await, instance(&broker).await);
    let mut a = Peer::join(&x, "a", "r", 1).await;
    broker.is_back();
    broker.knows_rooms(1).await;
    soon("they meet", async {
        loop {
            let mut b = Peer::connect(&y, "b").await;
            b.announce("r").await;
            if b.next_text().await.contains(r#""memberCount":2"#) {
                return a.hears(&b.announcement("r")).await;
            }
            // Its instance did not know yet that the broker is there.
            assert_eq!(b.is_closed().await, CloseCode::Restart);
        }
    })
    .await;
}

#[tokio::test]
async fn instances_with_one_key_meet_and_messages_without_it_are_dropped() {
    let broker = Broker::start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    write_secret(&path, &format!("{}\n", "k".repeat(32)));
    let x = instance_with_keys(&broker, path.clone()).await;
    let y = instance_with_keys(&broker, path).await;
    let mut a = Peer::join(&x, "a", "r", 1).await;
    let b = Peer::join(&y, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;

    broker.publishes_to_all_instances("forged");
    for server in [&x, &y] {
        soon("the forged message is counted", async {
            let dropped = r#"guidebook_cluster_dropped_total{why="seal"} 1"#;
            while !get(server, "/metrics").await.text().contains(dropped) {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
}

#[tokio::test]
async fn the_rights_that_the_readme_names_are_enough() {
    let readme = project_file("README.md");
    let mut lines = readme.lines().map(str::trim_start);
    let line = lines.find(|line| line.starts_with("user guidebook "));
    let conf = project_file("code/take/redis.conf");
    assert!(conf.contains(line.unwrap()), "{conf}");
    let rule = line.unwrap().replace("PASSWORD", "secret");
    let arguments = ["--requirepass", "other", "--user"].into_iter();
    let arguments: Vec<_> = arguments.chain(rule.split(' ').skip(1)).collect();
    let broker = Broker::start_with(&arguments);
    let url = format!("{}?user=guidebook&pass=secret", broker.url());
    let server = async || Server::with_settings(settings(&url, Limits::default())).await;
    let (x, y) = (server().await, server().await);
    let mut a = Peer::join(&x, "a", "r", 1).await;
    let mut b = Peer::join(&y, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    b.announce("s").await;
    b.hears_room_info(1).await;
    y.stop().await;
    a.hears(&b.leave()).await;
}

#[tokio::test]
async fn without_the_flag_there_is_no_word_of_a_cluster() {
    let mut settings = Settings::default();
    settings.admin.metrics = true;
    let server = Server::with_settings(settings).await;
    let page = get(&server, "/metrics").await.text().to_owned();
    assert!(!page.contains("cluster"), "{page}");
}
