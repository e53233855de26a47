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
use quickconnect_signaling::account::{Account, AccountLimits};
use quickconnect_signaling::byte_budget::ByteBudget;
use quickconnect_signaling::close_reason::CloseReason;
use quickconnect_signaling::connection::{close, write};
use quickconnect_signaling::counts::Counts;
use quickconnect_signaling::decoder::Message;
use quickconnect_signaling::incoming::Incoming;
use quickconnect_signaling::limits::Limits;
use quickconnect_signaling::outbox::Outbox;
use quickconnect_signaling::socket::Socket;
use quickconnect_signaling::unfinished::Unfinished;
use quickconnect_signaling::upgrade::{Upgrade, Upgraded};
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
    let counts = Arc::new(Counts::default());
    let outbox = Outbox::new(MAX_BYTES, Arc::downgrade(&writer), counts);
    let limits = AccountLimits {
        unfinished_bytes: usize::MAX,
        ..Limits::DEFAULT.account
    };
    let account = Account::new(limits, Instant::now());
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
