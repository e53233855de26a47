//! STUN and TURN servers: whether they answer a binding request
//! ([RFC 8489](https://www.rfc-editor.org/rfc/rfc8489#section-2)), and whether they relay
//! ([RFC 8656](https://www.rfc-editor.org/rfc/rfc8656#section-7)).
//!
//! May import: config, http, pages, report, quickconnect, rtc, serde_json, thiserror, tokio.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Instant;

use quickconnect::protocol::IceServer;
use rtc::crypto;
use rtc::sansio::Protocol;
use rtc::shared::error::Error as RtcError;
use rtc::shared::{TransportContext, TransportMessage, TransportProtocol};
use rtc::turn::client::{Client, ClientConfig, Event};
use serde_json::Value;
use tokio::net::{UdpSocket, lookup_host};
use tokio::time::{sleep_until, timeout};

use super::http;
use super::pages::Page;
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

/// The servers that the guidebook gives its readers. None where it gives none, or where something else answers.
pub(super) async fn examine_given(page: &Page) -> Vec<Row> {
    let Ok(url) = page.root.join("ice") else {
        return Vec::new();
    };
    let origin = page.url.origin().ascii_serialization();
    let answer = http::post(&url, &origin).await;
    let given = answer.ok().and_then(|answer| given(&answer.body));
    let mut rows = Vec::new();
    for server in given.unwrap_or_default() {
        for url in &server.urls {
            let row = match parts(url) {
                Some(("stun", address)) => {
                    row("its STUN", ask(address, None), "sees this device as").await
                }
                Some(("turn", address)) => {
                    let user = (server.username.as_str(), server.credential.as_str());
                    row("its TURN", ask(address, Some(user)), "relays at").await
                }
                _ => continue,
            };
            rows.push(not_fatal(row));
        }
    }
    rows
}

fn given(json: &[u8]) -> Option<Vec<IceServer>> {
    let mut answer: Value = serde_json::from_slice(json).ok()?;
    serde_json::from_value(answer.get_mut("iceServers")?.take()).ok()
}

/// Scheme and address of a STUN or TURN server over UDP ([RFC 7064](https://www.rfc-editor.org/rfc/rfc7064),
/// [RFC 7065](https://www.rfc-editor.org/rfc/rfc7065)).
fn parts(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    match rest.split_once('?') {
        None | Some((_, "transport=udp")) => Some((scheme, rest.split('?').next()?)),
        Some(_) => None,
    }
}

/// Peers that can reach each other directly need none of these servers.
fn not_fatal(row: Row) -> Row {
    match row.verdict {
        Verdict::Failed => Row {
            verdict: Verdict::Warning,
            says: format!(
                "{} Peers that can't reach each other directly will not be connected.",
                row.says
            ),
            ..row
        },
        _ => row,
    }
}

/// Servers of others, which were named to the doctor.
pub(super) async fn examine_named(servers: &IceServers) -> Vec<Row> {
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
    rows
}

/// That there is no such server.
pub(super) fn none() -> Row {
    Row::new(
        "STUN, TURN",
        Verdict::Skipped,
        "The server names none, so peers connect only where they can reach each other directly, as in one network that does not isolate \
         its devices. Others can be checked with --stun and --turn.",
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_servers_over_udp_have_a_scheme_and_an_address() {
        for (url, expected) in [
            ("stun:[::1]:8000", Some(("stun", "[::1]:8000"))),
            (
                "turn:book.example:8000",
                Some(("turn", "book.example:8000")),
            ),
            (
                "turn:192.0.2.1:1?transport=udp",
                Some(("turn", "192.0.2.1:1")),
            ),
            ("turn:192.0.2.1:1?transport=tcp", None),
            ("turn", None),
        ] {
            assert_eq!(parts(url), expected, "{url}");
        }
    }
}
