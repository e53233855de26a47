//! Answers each text message with itself, as the Autobahn test suite wants it: the server's way in and out of a WebSocket, without
//! its rooms. CONTRIBUTING.md says how to run the two.
//!
//! `cargo run --release --example echo` listens at 127.0.0.1:9001.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use hyper::server::conn::http1;
use hyper_util::service::TowerToHyperService;
use server::account::Account;
use server::byte_budget::ByteBudget;
use server::config::Limits;
use server::metrics::Metrics;
use server::net::socket::Socket;
use server::net::upgrade::{Upgrade, Upgraded};
use server::signaling::close_reason::CloseReason;
use server::signaling::connection::{close, write};
use server::signaling::decoder::Message;
use server::signaling::incoming::Incoming;
use server::signaling::outbox::Outbox;
use server::signaling::unfinished::Unfinished;
use tokio::net::TcpListener;

const ADDRESS: &str = "127.0.0.1:9001";

/// For how long a client may take nothing of the response to its request.
const PATIENCE: Duration = Duration::from_secs(60);

/// The suite's largest message has 16 MiB.
const MAX_BYTES: usize = 20 << 20;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind(ADDRESS).await?;
    println!("Echoes at ws://{ADDRESS}");
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = TowerToHyperService::new(Router::new().fallback(upgrade));
        let connection = http1::Builder::new()
            .serve_connection(Socket::new(Box::new(stream), Vec::new(), PATIENCE), service)
            .with_upgrades();
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                eprintln!("A connection ended early: {error}");
            }
        });
    }
}

async fn upgrade(mut request: Request) -> Response {
    match Upgrade::of(&mut request) {
        Ok(upgrade) => upgrade.grant(echo),
        Err(no_upgrade) => no_upgrade.into_response(),
    }
}

async fn echo(Upgraded { transport, early }: Upgraded) {
    let (reader, writer) = transport.split();
    let metrics = Arc::new(Metrics::default());
    let outbox = Outbox::new(MAX_BYTES, Arc::downgrade(&writer), metrics);
    let limits = Limits {
        max_unfinished_bytes_per_address: usize::MAX,
        ..Limits::default()
    };
    let account = Account::new(limits.account(), Instant::now());
    let unfinished = Unfinished::new(&account, &ByteBudget::new(usize::MAX));
    let mut incoming = Incoming::new(reader, early, outbox.clone(), unfinished, MAX_BYTES);
    let ending = tokio::select! {
        ending = outbox.ended() => ending,
        ending = answer(&mut incoming, &outbox) => ending,
        ending = write(&*writer, &outbox) => ending,
    };
    tokio::select! {
        () = close(incoming, &outbox, ending) => {}
        _ = write(&*writer, &outbox) => {}
    }
}

async fn answer(incoming: &mut Incoming, outbox: &Outbox) -> CloseReason {
    loop {
        match incoming.next().await.map(|received| received.message) {
            Ok(Message::Text(text)) => outbox.send(text.frame()),
            Ok(Message::Close(_)) => return CloseReason::ByClient,
            Ok(_) => {}
            Err(ending) => return ending,
        }
    }
}
