//! *Several instances*: Redis with the file of the page, two instances with its options, and HAProxy with its file in front of them.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::task::spawn_blocking;
use tokio::time::{Duration, sleep};

use super::{commands, options};
use crate::support::{PROGRAM, Peer, Running, guidebook, own_address, project_file, soon};

/// Where the page has Redis.
const REDIS: &str = "10.0.0.5";

/// A program that ends with the test, started with a file of the book, as changed for this machine.
fn started(program: &str, arguments: &[&str], folder: &Path, file: &str, text: &str) -> Child {
    let path = folder.join(file);
    fs::write(&path, text).unwrap();
    let mut command = Command::new(program);
    command.args(arguments).arg(&path).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let started = command.kill_on_drop(true).spawn();
    started.unwrap_or_else(|error| panic!("{program} is missing, a package of Debian: {error}"))
}

async fn listens(address: std::net::SocketAddr) {
    soon("a program that listens", async {
        while TcpStream::connect(address).await.is_err() {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

fn shown(file: &str, changes: &[(&str, &str)]) -> String {
    let mut text = project_file(&format!("code/take/{file}"));
    for (from, to) in changes {
        assert!(text.contains(from), "{from} is not in {file}");
        text = text.replace(from, to);
    }
    text
}

#[tokio::test]
async fn two_instances_behind_a_proxy_are_one_to_their_clients_also_while_one_is_stopped() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    let redis = own_address(6379);
    let redis_ip = redis.ip().to_string();
    let conf = shown("redis.conf", &[(REDIS, &redis_ip), ("PASSWORD", "secret")]);
    let _redis = started("redis-server", &[], at, "redis.conf", &conf);
    listens(redis).await;

    let commands = commands("scaling");
    let [key, ..] = &commands[..] else {
        panic!("{commands:?}")
    };
    let mut shell = Command::new("sh");
    let made = shell.args(["-c", key]).current_dir(at).status().await;
    assert!(made.unwrap().success());
    let [first, second] = [1, 2].map(|number: usize| {
        let command = commands[number]
            .replace(REDIS, &redis_ip)
            .replace("PASSWORD", "secret");
        let options = options(&command).unwrap();
        let (first, others) = options.split_first().unwrap();
        let mut program = guidebook(PROGRAM);
        program.args([first, "--log", "error"]);
        for option in others.chunks(2).filter(|option| option[0] != "--listen") {
            program.args(option);
        }
        // At a free port of this machine.
        Running::start(program.current_dir(at))
    });

    let proxy = own_address(8080);
    let text = shown(
        "haproxy-instances.cfg",
        &[
            ("bind :80", &format!("bind {proxy}")),
            ("10.0.0.11:8000", &first.address().to_string()),
            ("10.0.0.12:8000", &second.address().to_string()),
        ],
    );
    let _haproxy = started("haproxy", &["-db", "-f"], at, "haproxy.cfg", &text);
    listens(proxy).await;

    // The one with fewer connections gets the next.
    let peer = async |id| {
        let mut peer = Peer::connect_to(proxy, id).await.unwrap();
        peer.hears_greeting().await;
        peer.announce("room").await;
        peer
    };
    let mut a = peer("a").await;
    a.hears_room_info(1).await;
    let mut b = peer("b").await;
    b.hears_room_info(2).await;
    a.hears(&b.announcement("room")).await;
    a.says("/to|b|/hello|a|1").await;
    b.hears("/to|b|/hello|a|1").await;

    let stopped = spawn_blocking(move || second.end_by("-TERM"));
    assert_eq!(b.next_text_or_end().await, None);
    let mut b = peer("b").await;
    b.hears_room_info(2).await;
    a.hears(&b.announcement("room")).await;
    a.says("/to|b|/hello|a|2").await;
    b.hears("/to|b|/hello|a|2").await;
    let (status, ..) = soon("its end", stopped).await.unwrap();
    assert!(status.success(), "{status}");
}
