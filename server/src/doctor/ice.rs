//! STUN and TURN servers: whether they answer a binding request
//! ([RFC 8489](https://www.rfc-editor.org/rfc/rfc8489#section-2)), and whether they relay
//! ([RFC 8656](https://www.rfc-editor.org/rfc/rfc8656#section-7)).
//!
//! May import: config, http, pages, report, quickconnect, rtc, serde_json, thiserror, tokio.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Instant;

use quickconnect::protocol::IceServer;
use rtc::crypto;
use rtc::sansio::Protocol;
use rtc::shared::error::Error as RtcError;
use rtc::shared::{TransportContext, TransportMessage, TransportProtocol};
use rtc::turn::client::{Client, ClientConfig, Event};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket, lookup_host};
use tokio::time::{sleep_until, timeout};

use super::http;
use super::pages::Page;
use super::report::{PATIENCE, Row, Verdict};
use crate::config::IceServers;

/// Bytes of the largest response, which fits into one packet of any network.
const MAX_ANSWER: usize = 1500;

/// Bytes of the header of STUN.
const HEADER: usize = 20;

const UDP: &str = "its TURN";
const TCP: &str = "its TURN, TCP";
const SEES: &str = "sees this device as";
const RELAYS: &str = "relays at";

/// Why a STUN or TURN server can't be used.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0} is the address of nobody. Give one such as stun.example.org:3478.")]
    NoAddress(String),
    #[error("{0} does not answer. Is it running, and does the network here let UDP through?")]
    Silent(String),
    #[error("{0} does not answer over TCP. Does a proxy in between pass on nothing but HTTP?")]
    SilentTcp(String),
    #[error("{0} refuses: {1}.")]
    Refused(String, RtcError),
    #[error("{0} can't be asked: {1}.")]
    Io(String, io::Error),
}

/// The servers that the guidebook gives its readers. None where it gives none, or where something else answers.
pub(super) async fn examine_given(page: &Page, token: Option<&str>) -> Vec<Row> {
    let Ok(url) = page.root.join("ice") else {
        return Vec::new();
    };
    let origin = page.url.origin().ascii_serialization();
    let answer = http::post(&url, &origin, token).await;
    let given = answer.ok().and_then(|answer| given(&answer.body));
    let mut rows = Vec::new();
    for server in given.unwrap_or_default() {
        let user = (server.username.as_str(), server.credential.as_str());
        for url in &server.urls {
            let row = match parts(url) {
                Some(("stun", At::Udp(address))) => {
                    row("its STUN", ask(At::Udp(address), None), SEES).await
                }
                Some(("turn", at @ At::Udp(_))) => row(UDP, ask(at, Some(user)), RELAYS).await,
                Some(("turn", at @ At::Tcp(_))) => row(TCP, ask(at, Some(user)), RELAYS).await,
                _ => continue,
            };
            rows.push(row);
        }
    }
    let relays = |check| {
        let mut rows = rows.iter();
        rows.any(|row| row.check == check && row.verdict == Verdict::Good)
    };
    let consequence = match (relays(UDP), relays(TCP)) {
        (true, _) => "",
        (_, true) => {
            " Calls that need a relay go over TCP, which delays all that follows a lost packet."
        }
        _ => " Peers that can't reach each other directly will not be connected.",
    };
    // Most peers need none of these servers.
    rows.into_iter().map(|row| warn(row, consequence)).collect()
}

fn warn(row: Row, consequence: &str) -> Row {
    match row.verdict {
        Verdict::Failed => Row {
            verdict: Verdict::Warning,
            says: format!("{}{consequence}", row.says),
            ..row
        },
        _ => row,
    }
}

fn given(json: &[u8]) -> Option<Vec<IceServer>> {
    let mut answer: Value = serde_json::from_slice(json).ok()?;
    serde_json::from_value(answer.get_mut("iceServers")?.take()).ok()
}

/// Scheme and address of a STUN or TURN server, if they can be asked ([RFC 7064](https://www.rfc-editor.org/rfc/rfc7064),
/// [RFC 7065](https://www.rfc-editor.org/rfc/rfc7065)).
fn parts(url: &str) -> Option<(&str, At<'_>)> {
    let (scheme, rest) = url.split_once(':')?;
    match rest.split_once('?') {
        None => Some((scheme, At::Udp(rest))),
        Some((address, "transport=udp")) => Some((scheme, At::Udp(address))),
        Some((address, "transport=tcp")) => Some((scheme, At::Tcp(address))),
        Some(_) => None,
    }
}

/// Servers of others, which were named to the doctor.
pub(super) async fn examine_named(servers: &IceServers) -> Vec<Row> {
    let mut rows = Vec::new();
    for server in &servers.stun {
        rows.push(row("STUN", ask(At::Udp(server), None), SEES).await);
    }
    let user = servers.turn_user.as_deref().unwrap_or_default();
    let password = servers.turn_password.as_deref().unwrap_or_default();
    for server in &servers.turn {
        let asked = ask(At::Udp(server), Some((user, password)));
        rows.push(row("TURN", asked, RELAYS).await);
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

/// Where a server is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At<'a> {
    Udp(&'a str),
    Tcp(&'a str),
}

impl At<'_> {
    fn address(&self) -> &str {
        match self {
            Self::Udp(address) | Self::Tcp(address) => address,
        }
    }
}

/// The address that a STUN server sees or, with a user and a password, the one that a TURN server allocates.
async fn ask(at: At<'_>, user: Option<(&str, &str)>) -> Result<(String, SocketAddr), Failure> {
    let server = at.address().to_owned();
    match timeout(PATIENCE, exchange(at, user)).await {
        Ok(answer) => Ok((server, answer?)),
        Err(_) => Err(silent(at)),
    }
}

fn silent(at: At<'_>) -> Failure {
    match at {
        At::Udp(server) => Failure::Silent(server.to_owned()),
        At::Tcp(server) => Failure::SilentTcp(server.to_owned()),
    }
}

async fn exchange(at: At<'_>, user: Option<(&str, &str)>) -> Result<SocketAddr, Failure> {
    let server = at.address();
    let no_address = || Failure::NoAddress(server.to_owned());
    let io = |error: io::Error| match error.kind() {
        // Nobody listens there. Whatever is done next with the socket says so, sending too.
        io::ErrorKind::ConnectionRefused => silent(at),
        _ => Failure::Io(server.to_owned(), error),
    };
    let refused = |error| Failure::Refused(server.to_owned(), error);
    let mut found = lookup_host(server).await.map_err(|_| no_address())?;
    let peer_addr = found.next().ok_or_else(no_address)?;
    let mut wire = Wire::open(at, peer_addr).await.map_err(io)?;
    let (local_addr, transport_protocol) = wire.local().map_err(io)?;
    let transport = TransportContext {
        local_addr,
        peer_addr,
        transport_protocol,
        ecn: None,
    };
    let mut client = client(&transport, user).map_err(refused)?;
    let begun = match user {
        None => client.send_binding_request(Instant::now()),
        Some(_) => client.allocate(Instant::now()),
    };
    begun.map_err(refused)?;
    loop {
        send_all(&mut client, &mut wire).await.map_err(io)?;
        while let Some(event) = client.poll_event() {
            match event {
                Event::BindingResponse(_, address) => return Ok(address),
                Event::AllocateResponse(_, address) => {
                    // Releases the allocation. If this is lost, the server frees it after its lifetime of ten minutes.
                    let given_back = client
                        .relay(address)
                        .and_then(|mut relay| relay.close(Instant::now()));
                    if given_back.is_ok() {
                        send_all(&mut client, &mut wire).await.map_err(io)?;
                    }
                    return Ok(address);
                }
                Event::BindingError(_, error) | Event::AllocateError(_, error) => {
                    return Err(refused(error));
                }
                Event::TransactionTimeout(_) => return Err(silent(at)),
                _ => {}
            }
        }
        let next = client
            .poll_timeout()
            .unwrap_or_else(|| Instant::now() + PATIENCE);
        tokio::select! {
            read = wire.receive() => {
                let message = read.map_err(|_| silent(at))?[..].into();
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

async fn send_all(client: &mut Client, wire: &mut Wire) -> io::Result<()> {
    while let Some(message) = client.poll_write() {
        wire.send(&message.message).await?;
    }
    Ok(())
}

/// A socket, and what was read from it of an answer that is not complete.
enum Wire {
    Udp(UdpSocket),
    Tcp(TcpStream, Vec<u8>),
}

impl Wire {
    async fn open(at: At<'_>, server: SocketAddr) -> io::Result<Self> {
        if let At::Tcp(_) = at {
            return Ok(Self::Tcp(TcpStream::connect(server).await?, Vec::new()));
        }
        let any: SocketAddr = match server {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        let socket = UdpSocket::bind(any).await?;
        socket.connect(server).await?;
        Ok(Self::Udp(socket))
    }

    fn local(&self) -> io::Result<(SocketAddr, TransportProtocol)> {
        Ok(match self {
            Self::Udp(socket) => (socket.local_addr()?, TransportProtocol::UDP),
            Self::Tcp(socket, _) => (socket.local_addr()?, TransportProtocol::TCP),
        })
    }

    async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        match self {
            Self::Udp(socket) => socket.send(message).await.map(drop),
            Self::Tcp(socket, _) => socket.write_all(message).await,
        }
    }

    /// The next answer. May be cancelled.
    async fn receive(&mut self) -> io::Result<Vec<u8>> {
        match self {
            Self::Udp(socket) => {
                let mut buffer = vec![0; MAX_ANSWER];
                let len = socket.recv(&mut buffer).await?;
                buffer.truncate(len);
                Ok(buffer)
            }
            Self::Tcp(socket, early) => loop {
                // Bytes of what follows the header (RFC 8489, section 5).
                let len = early
                    .get(2..4)
                    .map(|len| u16::from_be_bytes([len[0], len[1]]));
                let len = len.map(|len| HEADER + usize::from(len));
                if let Some(len) = len.filter(|len| early.len() >= *len) {
                    let rest = early.split_off(len);
                    return Ok(std::mem::replace(early, rest));
                }
                if early.len() > MAX_ANSWER || socket.read_buf(early).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_servers_have_a_scheme_and_an_address() {
        for (url, expected) in [
            ("stun:[::1]:8000", Some(("stun", At::Udp("[::1]:8000")))),
            (
                "turn:book.example:1",
                Some(("turn", At::Udp("book.example:1"))),
            ),
            (
                "turn:192.0.2.1:1?transport=udp",
                Some(("turn", At::Udp("192.0.2.1:1"))),
            ),
            (
                "turn:192.0.2.1:1?transport=tcp",
                Some(("turn", At::Tcp("192.0.2.1:1"))),
            ),
            ("turn:192.0.2.1:1?transport=sctp", None),
            ("turn", None),
        ] {
            assert_eq!(parts(url), expected, "{url}");
        }
    }
}
