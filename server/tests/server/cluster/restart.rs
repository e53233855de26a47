//! Instances that are stopped one after the other, as an update does it: their clients come back by another one, and no call is lost.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use quickconnect::{Event, Message, QuickConnect};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinSet, spawn_blocking};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::broker::Broker;
use super::originals::Original;
use super::{command, instance, program};
use crate::rust_peers::{client_at, opened};
use crate::support::{Peer, Running, soon};

/// What stands in front of the instances: each connection goes to the first of them that takes it.
struct Balancer {
    address: SocketAddr,
    _running: JoinSet<()>,
}

impl Balancer {
    async fn before(instances: [SocketAddr; 2]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut running = JoinSet::new();
        running.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(pass_on(client, instances));
            }
        });
        Self {
            address,
            _running: running,
        }
    }
}

async fn pass_on(mut client: TcpStream, instances: [SocketAddr; 2]) {
    for instance in instances {
        if let Ok(mut instance) = TcpStream::connect(instance).await {
            // An error says that one of the two is gone.
            let _ = copy_bidirectional(&mut client, &mut instance).await;
            return;
        }
    }
}

/// Waits until this peer has announced itself again. Nothing before that says that a call is lost, that another one was made in its place, or that
/// somebody has left.
async fn hears_again(client: &mut QuickConnect, peer: &str) {
    let again = async {
        loop {
            match client.next().await.expect("the client goes on") {
                Event::PeerUpdated(data) if data.id == peer => return,
                lost @ (Event::CallEnded(_) | Event::CallBegun(_) | Event::PeerLeft(_)) => {
                    panic!("{lost:?} before {peer} is back")
                }
                _ => {}
            }
        }
    };
    soon(peer, again).await;
}

/// Stops an instance as a process manager does, while its clients go on.
async fn stop(instance: Running) {
    let stopped = spawn_blocking(move || instance.end_by("-TERM"));
    let (status, _, log) = soon("its end", stopped).await.unwrap();
    assert!(status.success(), "{status}: {log}");
}

#[tokio::test]
async fn a_rolling_restart_moves_everybody_and_no_call_is_lost() {
    let broker = Broker::start();
    let (x, y) = (program(&broker), program(&broker));
    let (at_x, at_y) = (x.address(), y.address());
    let mostly_x = Balancer::before([at_x, at_y]).await;
    let mostly_y = Balancer::before([at_y, at_x]).await;
    // The room of the two clients of today is at home at the instance that is stopped first, that of the original ones at the other.
    let mut b = client_at(mostly_y.address, "b").connect().await.unwrap();
    let a = client_at(mostly_x.address, "a").data_channel("words");
    let mut a = a.connect().await.unwrap();
    let (of_a, _of_b) = tokio::join!(opened(&mut a, "words"), opened(&mut b, "words"));
    let mut c = Original::join(mostly_x.address, "c", "originals");
    c.tells("connected").await;
    let mut d = Original::join(mostly_y.address, "d", "originals");
    c.tells("call:started d").await;
    d.tells("call:started c").await;

    stop(y).await;
    tokio::join!(hears_again(&mut a, "b"), hears_again(&mut b, "a"));
    d.tells("connected").await;
    c.tells("peer:update d").await;

    let _y = Running::start_at(&mut command(&broker), at_y.port());
    stop(x).await;
    tokio::join!(hears_again(&mut a, "b"), hears_again(&mut b, "a"));
    // The one that is back first hears the other one, and does not answer.
    tokio::select! {
        () = c.tells("peer:update d") => {}
        () = d.tells("peer:update c") => {}
    }

    of_a.send_text("still here").await.unwrap();
    let said = async {
        loop {
            match b.next().await.expect("the client goes on") {
                Event::Message(_, message) => return message,
                Event::CallEnded(id) => panic!("the call with {id} has ended"),
                _ => {}
            }
        }
    };
    assert_eq!(
        soon("a message", said).await,
        Message::Text("still here".into())
    );
    // And the others: what they have told until now was no loss.
    let mut e = Original::join(at_y, "e", "originals");
    for other in [&mut c, &mut d] {
        other.tells("call:started e").await;
    }
    e.leaves();
}

#[tokio::test]
async fn an_instance_that_stops_says_so_and_nobody_hears_that_anybody_has_left() {
    let broker = Broker::start();
    let home = instance(&broker).await;
    let x = instance(&broker).await;
    let mut h = Peer::join(&home, "h", "r", 1).await;
    let mut a = Peer::join(&x, "a", "r", 2).await;
    h.hears(&a.announcement("r")).await;
    let begin = Instant::now();
    let stopping = tokio::spawn(home.stop());
    assert_eq!(a.is_closed().await, CloseCode::Restart);
    // Its home is free before the client is told.
    let _a = Peer::join(&x, "a", "r", 1).await;
    assert!(
        begin.elapsed() < Duration::from_secs(2),
        "{:?}",
        begin.elapsed()
    );
    assert_eq!(h.next_text_or_end().await, None);
    soon("its end", stopping).await.unwrap();
}

#[tokio::test]
async fn who_comes_back_by_another_instance_has_kept_its_seat_and_who_does_not_has_left() {
    /// Clients of an instance that stops have so long.
    const COME_BACK_WITHIN: Duration = Duration::from_secs(5);
    let broker = Broker::start();
    let (x, y) = (instance(&broker).await, instance(&broker).await);
    let mut a = Peer::join(&x, "a", "r", 1).await;
    let b = Peer::join(&y, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    let c = Peer::join(&y, "c", "r", 3).await;
    a.hears(&c.announcement("r")).await;
    let begin = Instant::now();
    y.stop().await;
    // As an original client, which can't show whose the id is.
    let b = Peer::join(&x, "b", "r", 3).await;
    a.hears(&b.announcement("r")).await;
    assert!(begin.elapsed() < COME_BACK_WITHIN);
    a.hears(&c.leave()).await;
    assert!(begin.elapsed() >= COME_BACK_WITHIN);
    a.hears_nothing().await;
}
