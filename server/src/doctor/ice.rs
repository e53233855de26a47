//! STUN and TURN servers: whether they answer a binding request
//! ([RFC 8489](https://www.rfc-editor.org/rfc/rfc8489#section-2)), and whether they relay
//! ([RFC 8656](https://www.rfc-editor.org/rfc/rfc8656#section-7)).
//!
//! May import: config, report, rtc, thiserror, tokio.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Instant;

use rtc::crypto;
use rtc::sansio::Protocol;
use rtc::shared::error::Error as RtcError;
use rtc::shared::{TransportContext, TransportMessage, TransportProtocol};
use rtc::turn::client::{Client, ClientConfig, Event};
use tokio::net::{UdpSocket, lookup_host};
use tokio::time::{sleep_until, timeout};

use super::report::{PATIENCE, Row, Verdict};
use crate::config::IceServers;

/// Bytes of the largest response, which fits into one packet of any network.
const MAX_ANSWER: usize = 1500;

/// Why a STUN or TURN server can't be used.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0} is the address of nobody. Give one such as stun.example.org:3478.")]
    NoAddress(String),
    #[error("{0} does not answer. Is it running, and does the network here let UDP through?")]
    Silent(String),
    #[error("{0} refuses: {1}.")]
    Refused(String, RtcError),
    #[error("{0} can't be asked: {1}.")]
    Io(String, std::io::Error),
}

pub(super) async fn examine(servers: &IceServers) -> Vec<Row> {
    let mut rows = Vec::new();
    for server in &servers.stun {
        rows.push(row("STUN", ask(server, None), "sees this device as").await);
    }
    let user = servers.turn_user.as_deref().unwrap_or_default();
    let password = servers.turn_password.as_deref().unwrap_or_default();
    for server in &servers.turn {
        let asked = ask(server, Some((user, password)));
        rows.push(row("TURN", asked, "relays at").await);
    }
    if rows.is_empty() {
        rows.push(Row::new(
            "STUN, TURN",
            Verdict::Skipped,
            "The server names none, so peers connect within one network only. A workshop in one room needs no more. \
             Your own can be checked with --stun and --turn.",
        ));
    }
    rows
}

async fn row(
    check: &'static str,
    asked: impl Future<Output = Result<(String, SocketAddr), Failure>>,
    good: &str,
) -> Row {
    let begin = Instant::now();
    let row = match asked.await {
        Ok((server, address)) => {
            Row::new(check, Verdict::Good, format!("{server} {good} {address}."))
        }
        Err(failure) => Row::new(check, Verdict::Failed, failure.to_string()),
    };
    row.took(begin.elapsed())
}

/// The address that a STUN server sees or, with a user and a password, the one that a TURN server allocates.
async fn ask(server: &str, user: Option<(&str, &str)>) -> Result<(String, SocketAddr), Failure> {
    let answer = timeout(PATIENCE, exchange(server, user)).await;
    let address = answer.map_err(|_| Failure::Silent(server.to_owned()))??;
    Ok((server.to_owned(), address))
}

async fn exchange(server: &str, user: Option<(&str, &str)>) -> Result<SocketAddr, Failure> {
    let no_address = || Failure::NoAddress(server.to_owned());
    let io = |error| Failure::Io(server.to_owned(), error);
    let refused = |error| Failure::Refused(server.to_owned(), error);
    let mut found = lookup_host(server).await.map_err(|_| no_address())?;
    let peer_addr = found.next().ok_or_else(no_address)?;
    let any: SocketAddr = match peer_addr {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any).await.map_err(io)?;
    socket.connect(peer_addr).await.map_err(io)?;
    let transport = TransportContext {
        local_addr: socket.local_addr().map_err(io)?,
        peer_addr,
        transport_protocol: TransportProtocol::UDP,
        ecn: None,
    };
    let mut client = client(&transport, user).map_err(refused)?;
    let begun = match user {
        None => client.send_binding_request(Instant::now()),
        Some(_) => client.allocate(Instant::now()),
    };
    begun.map_err(refused)?;
    let mut buffer = [0; MAX_ANSWER];
    loop {
        send_all(&mut client, &socket).await.map_err(io)?;
        while let Some(event) = client.poll_event() {
            match event {
                Event::BindingResponse(_, address) => return Ok(address),
                Event::AllocateResponse(_, address) => {
                    // Releases the allocation. If this is lost, the server frees it after its lifetime of ten minutes.
                    let given_back = client
                        .relay(address)
                        .and_then(|mut relay| relay.close(Instant::now()));
                    if given_back.is_ok() {
                        send_all(&mut client, &socket).await.map_err(io)?;
                    }
                    return Ok(address);
                }
                Event::BindingError(_, error) | Event::AllocateError(_, error) => {
                    return Err(refused(error));
                }
                Event::TransactionTimeout(_) => return Err(Failure::Silent(server.to_owned())),
                _ => {}
            }
        }
        let next = client
            .poll_timeout()
            .unwrap_or_else(|| Instant::now() + PATIENCE);
        tokio::select! {
            read = socket.recv(&mut buffer) => {
                // A port where nobody listens.
                let length = read.map_err(|_| Failure::Silent(server.to_owned()))?;
                let message = buffer[..length].into();
                let message = TransportMessage { now: Instant::now(), transport, message };
                client.handle_read(message).map_err(refused)?;
            }
            () = sleep_until(next.into()) => client.handle_timeout(Instant::now()).map_err(refused)?,
        }
    }
}

fn client(transport: &TransportContext, user: Option<(&str, &str)>) -> Result<Client, RtcError> {
    let (username, password) = user.unwrap_or_default();
    let config = ClientConfig {
        stun_serv_addr: transport.peer_addr.to_string(),
        turn_serv_addr: transport.peer_addr.to_string(),
        local_addr: transport.local_addr,
        transport_protocol: transport.transport_protocol,
        username: username.to_owned(),
        password: password.to_owned(),
        // The server says it.
        realm: String::new(),
        software: String::new(),
        rto_in_ms: 0,
        allocation_refresh_interval_cap: None,
    };
    let provider =
        crypto::default_provider().map_err(|error| RtcError::Other(error.to_string()))?;
    Client::new(config, provider)
}

async fn send_all(client: &mut Client, socket: &UdpSocket) -> std::io::Result<()> {
    while let Some(message) = client.poll_write() {
        socket.send(&message.message).await?;
    }
    Ok(())
}
