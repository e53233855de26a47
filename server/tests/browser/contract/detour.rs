//! A way to a server that may be cut as a network drops: the client's socket ends, and the server's stays open without a word.

use std::future::pending;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Result;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Cuts whatever is connected.
#[derive(Clone)]
pub(super) struct Cut(Arc<Notify>);

impl Cut {
    /// Connections that come later are not cut.
    pub(super) fn now(&self) {
        self.0.notify_waiters();
    }
}

/// Opens a way to `server`, and returns where it begins. It lives as long as the runtime of its test.
pub(super) async fn open(server: SocketAddr) -> Result<(SocketAddr, Cut)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let cut = Cut(Arc::default());
    let cuts = cut.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass(client, server, cuts.clone()));
        }
    });
    Ok((address, cut))
}

async fn pass(mut client: TcpStream, server: SocketAddr, cut: Cut) {
    // A server that is stopped refuses the connection, and so do we.
    let Ok(mut server) = TcpStream::connect(server).await else {
        return;
    };
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => {}
        () = cut.0.notified() => {
            drop(client);
            pending().await
        }
    }
}
