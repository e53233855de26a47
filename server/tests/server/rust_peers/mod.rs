//! Two and more Rust clients in one room of the real server.

mod calls;
mod channels;
mod far_servers;
mod joining;
mod media;
mod strangers;

use std::net::{Ipv4Addr, SocketAddr};

use quickconnect::protocol::PeerId;
use quickconnect::{Channel, Error, Event, Message, QuickConnect};

use crate::support::{Server, soon};

/// A client that is to be reached on this machine only.
pub(crate) fn client(server: &Server, id: &str) -> quickconnect::Builder {
    client_at(server.address, id)
}

/// The same at another address than the server's own.
pub(crate) fn client_at(address: SocketAddr, id: &str) -> quickconnect::Builder {
    QuickConnect::builder(format!("http://{address}"))
        .room("r")
        .id(id)
        .addresses(vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))])
}

/// The next event that `pick` has a use for; those before it are passed over, but none may be an error.
async fn next<T>(peer: &mut QuickConnect, what: &str, pick: impl Fn(Event) -> Option<T>) -> T {
    let picked = async {
        loop {
            let event = peer.next().await.expect("the client goes on");
            assert!(!matches!(event, Event::Error(_)), "{what}: {event:?}");
            if let Some(picked) = pick(event) {
                return picked;
            }
        }
    };
    soon(what, picked).await
}

async fn error(peer: &mut QuickConnect) -> Error {
    let error = async {
        loop {
            if let Event::Error(error) = peer.next().await.expect("the client goes on") {
                return error;
            }
        }
    };
    soon("an error", error).await
}

pub(crate) async fn call_started(peer: &mut QuickConnect) -> PeerId {
    next(peer, "call:started", |event| match event {
        Event::CallStarted(id) => Some(id),
        _ => None,
    })
    .await
}

async fn call_ended(peer: &mut QuickConnect) -> PeerId {
    next(peer, "call:ended", |event| match event {
        Event::CallEnded(id) => Some(id),
        _ => None,
    })
    .await
}

pub(crate) async fn opened(peer: &mut QuickConnect, label: &str) -> Channel {
    next(peer, label, |event| match event {
        Event::ChannelOpened(channel) if channel.label() == label => Some(channel),
        _ => None,
    })
    .await
}

async fn message(peer: &mut QuickConnect) -> Message {
    next(peer, "a message", |event| match event {
        Event::Message(_, message) => Some(message),
        _ => None,
    })
    .await
}

/// Two clients in a call, each with its end of a data channel that the first declares.
async fn pair(server: &Server, label: &str) -> [(QuickConnect, Channel); 2] {
    let declaring = client(server, "a").data_channel(label);
    let mut a = declaring.connect().await.unwrap();
    let mut b = client(server, "b").connect().await.unwrap();
    let (of_a, of_b) = tokio::join!(opened(&mut a, label), opened(&mut b, label));
    [(a, of_a), (b, of_b)]
}
