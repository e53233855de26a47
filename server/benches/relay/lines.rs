//! What lines cost: peers that check each other once, as ICE does, and then send packets of the size of video.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rtc::crypto;
use rtc::stun::attributes::ATTR_USERNAME;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{BINDING_REQUEST, Message, Setter, TransactionId};
use rtc::stun::textattrs::TextAttribute;
use serde_json::{Value, json};

use crate::measures::fetch;
use crate::subject::Subject;

/// Bytes of a packet of video.
const BYTES: usize = 1_200;
/// Of both peers.
const PASSWORD: &str = "aPasswordOfBothThePeers";
/// For a packet that was lost where none may be.
const PATIENCE: Duration = Duration::from_secs(2);

/// Two peers, and the ports of the line between them.
pub(crate) struct Pair {
    peers: [UdpSocket; 2],
    ports: [SocketAddr; 2],
}

impl Pair {
    /// On a new line that is told to do this to packets.
    pub(crate) fn on_a_line(server: &Subject, set: &Value) -> Result<Self> {
        let own = json!({ "ufrag": "peer", "password": PASSWORD });
        let body = json!({ "credentials": { "a": own, "b": own } }).to_string();
        let line = ask(server, "POST", "/line", &body)?;
        let port = |end: &str| -> Result<SocketAddr> {
            let port = line[end]["port"].as_u64().context("a line has ports")?;
            Ok((Ipv4Addr::LOCALHOST, u16::try_from(port)?).into())
        };
        let pair = Self {
            peers: [peer()?, peer()?],
            ports: [port("a")?, port("b")?],
        };
        // Each end belongs to its peer once that was heard through the other.
        let check = check()?;
        pair.send(0, &check)?;
        while !pair.is_heard(1, 0, &check)? {}
        while !pair.is_heard(0, 1, &check)? {}
        let id = line["id"].as_str().context("a line has an id")?;
        let order = json!({ "set": set }).to_string();
        ask(server, "PATCH", &format!("/line/{id}"), &order)?;
        Ok(pair)
    }

    /// Directly to each other.
    pub(crate) fn direct() -> Result<Self> {
        let peers = [peer()?, peer()?];
        let ports = [peers[1].local_addr()?, peers[0].local_addr()?];
        Ok(Self { peers, ports })
    }

    fn send(&self, peer: usize, packet: &[u8]) -> Result<()> {
        self.peers[peer].send_to(packet, self.ports[peer])?;
        Ok(())
    }

    fn receive(&self, peer: usize) -> Result<usize> {
        let mut buffer = [0; 2_000];
        let received = self.peers[peer].recv(&mut buffer);
        received.context("a packet was lost")
    }

    /// Whether the other gets what this one sends, within a moment.
    fn is_heard(&self, peer: usize, other: usize, check: &[u8]) -> Result<bool> {
        self.peers[other].set_read_timeout(Some(Duration::from_millis(50)))?;
        self.send(peer, check)?;
        let heard = self.receive(other).is_ok();
        self.peers[other].set_read_timeout(Some(PATIENCE))?;
        Ok(heard)
    }
}

fn peer() -> Result<UdpSocket> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.set_read_timeout(Some(PATIENCE))?;
    Ok(socket)
}

fn check() -> Result<Vec<u8>> {
    let provider = crypto::default_provider().context("there is one")?;
    let setters: [Box<dyn Setter + '_>; 4] = [
        Box::new(TransactionId::new()),
        Box::new(BINDING_REQUEST),
        Box::new(TextAttribute::new(ATTR_USERNAME, "peer:peer".to_owned())),
        Box::new(MessageIntegrity::new_raw_integrity_with_provider(
            PASSWORD,
            provider.crypto(),
        )),
    ];
    let mut message = Message::new();
    message.build(&setters).context("a check can be built")?;
    Ok(message.raw)
}

pub(crate) fn ask(server: &Subject, method: &str, path: &str, body: &str) -> Result<Value> {
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    let answer = fetch(server, &request)?;
    serde_json::from_slice(&answer).with_context(|| String::from_utf8_lossy(&answer).into_owned())
}

/// The medians of one way: over a line, and directly, by turns.
pub(crate) fn one_way(server: &Subject) -> Result<[Duration; 2]> {
    const ROUNDS: usize = 5_000;
    let pairs = [Pair::on_a_line(server, &json!({}))?, Pair::direct()?];
    let mut times = [const { Vec::new() }; 2];
    for _ in 0..ROUNDS {
        for (pair, times) in pairs.iter().zip(&mut times) {
            let sent = Instant::now();
            pair.send(0, &[0; BYTES])?;
            pair.receive(1)?;
            pair.send(1, &[0; BYTES])?;
            pair.receive(0)?;
            times.push(sent.elapsed() / 2);
        }
    }
    Ok(times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    }))
}

/// Packets per CPU second of one line that always has some to carry.
pub(crate) fn packets(server: &Subject) -> Result<f64> {
    const PACKETS: usize = 200_000;
    const UNDER_WAY: usize = 32;
    let pair = Pair::on_a_line(server, &json!({}))?;
    let before = server.cpu()?;
    for number in 0..PACKETS + UNDER_WAY {
        if number < PACKETS {
            pair.send(0, &[0; BYTES])?;
        }
        if number >= UNDER_WAY {
            pair.receive(1)?;
        }
    }
    Ok(PACKETS as f64 / (server.cpu()? - before).as_secs_f64())
}

/// The part of a core that so many lines take, each with so many packets a second each way, for as long as it takes to see.
pub(crate) fn core(server: &Subject, lines: usize, per_second: u32, set: &Value) -> Result<f64> {
    const TIME: Duration = Duration::from_secs(5);
    let pairs: Result<Vec<_>> = (0..lines).map(|_| Pair::on_a_line(server, set)).collect();
    let pairs = pairs?;
    for pair in &pairs {
        for peer in &pair.peers {
            peer.set_nonblocking(true)?;
        }
    }
    let every = Duration::from_secs(1) / per_second;
    let before = server.cpu()?;
    let began = Instant::now();
    let (mut sent, mut received) = (0, 0);
    let mut next = began;
    while began.elapsed() < TIME {
        for pair in &pairs {
            for peer in 0..2 {
                pair.send(peer, &[0; BYTES])?;
                sent += 1;
                received += drain(&pair.peers[peer])?;
            }
        }
        next += every;
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    let share = (server.cpu()? - before).as_secs_f64() / began.elapsed().as_secs_f64();
    // Under way at the end, or lost as they were meant to be.
    anyhow::ensure!(received * 10 > sent * 8, "{received} of {sent} arrived");
    Ok(share)
}

fn drain(socket: &UdpSocket) -> Result<usize> {
    let mut buffer = [0; 2_000];
    let mut count = 0;
    loop {
        match socket.recv(&mut buffer) {
            Ok(_) => count += 1,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(count),
            Err(error) => return Err(error.into()),
        }
    }
}
