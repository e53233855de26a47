//! Who shall notice nothing: pairs that talk through the server, each in a room of its own, and a visitor who comes every second. All of
//! them have one address, which is none of the load's.
//!
//! May import: [`wire`](crate::wire), tokio, tokio-tungstenite.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

const FROM: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 5);
const PAIRS: usize = 10;
/// Of one pair: in all 200 in a second, as many as the load may do for one of its clients.
const EVERY: Duration = Duration::from_millis(50);
/// What is not there by then is lost.
const PATIENCE: Duration = Duration::from_secs(20);

type Socket = WebSocketStream<TcpStream>;

/// What the innocents saw.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// From one of a pair to the other, in the order in which they were said.
    pub(crate) relays: Vec<Duration>,
    /// From connecting to being in a room.
    pub(crate) joins: Vec<Duration>,
    /// From connecting to the end of a page, and of `/healthz`.
    pub(crate) pages: Vec<Duration>,
    /// What failed, in words.
    pub(crate) failures: Vec<String>,
}

/// Has them talk for so long, on this thread.
pub(crate) fn talk(server: SocketAddr, time: Duration) -> Seen {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut pairs = JoinSet::new();
        for pair in 0..PAIRS {
            pairs.spawn(relay(server, pair, time));
        }
        let mut seen = visit(server, time).await;
        let mut by_pair = Vec::new();
        while let Some(ended) = pairs.join_next().await {
            match ended.expect("nothing in it panics") {
                Ok(relays) => by_pair.push(relays),
                Err(failure) => seen.failures.push(failure),
            }
        }
        let longest = by_pair.iter().map(Vec::len).max().unwrap_or(0);
        let said = |number: usize| by_pair.iter().filter_map(move |pair| pair.get(number));
        seen.relays = (0..longest).flat_map(said).copied().collect();
        seen
    })
}

async fn connect(server: SocketAddr) -> Result<TcpStream, String> {
    let socket = TcpSocket::new_v4().map_err(|error| error.to_string())?;
    socket
        .bind((FROM, 0).into())
        .map_err(|error| error.to_string())?;
    let connected = timeout(PATIENCE, socket.connect(server)).await;
    let stream = connected
        .map_err(|_| "no connection")?
        .map_err(|error| error.to_string())?;
    stream
        .set_nodelay(true)
        .map_err(|error| error.to_string())?;
    Ok(stream)
}

/// Connects and joins, and hears so.
async fn join(server: SocketAddr, id: &str, room: &str) -> Result<Socket, String> {
    let stream = connect(server).await?;
    let opened = timeout(PATIENCE, client_async(format!("ws://{server}/"), stream)).await;
    let opened = opened.map_err(|_| "no WebSocket")?;
    let (mut socket, _) = opened.map_err(|error| format!("no WebSocket: {error}"))?;
    let announce = format!(r#"/announce|{id}|{{"id":"{id}","room":"{room}"}}"#);
    socket
        .send(Message::text(announce))
        .await
        .map_err(|error| format!("no announce: {error}"))?;
    loop {
        let text = next(&mut socket).await?;
        if text.starts_with("/roominfo|") {
            return Ok(socket);
        }
        if text.starts_with("/error|") {
            return Err(format!("no place in a room: {text}"));
        }
    }
}

async fn next(
    socket: &mut (impl StreamExt<Item = Result<Message, tokio_tungstenite::tungstenite::Error>> + Unpin),
) -> Result<String, String> {
    loop {
        let message = timeout(PATIENCE, socket.next()).await;
        match message.map_err(|_| "nothing came for too long")? {
            Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
            Some(Ok(Message::Close(frame))) => {
                return Err(format!("a connection was closed: {frame:?}"));
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(format!("a connection broke: {error}")),
            None => return Err("a connection ended".into()),
        }
    }
}

/// One of a pair sends the time, again and again, and the other compares it.
async fn relay(server: SocketAddr, pair: usize, time: Duration) -> Result<Vec<Duration>, String> {
    let room = format!("innocent-{pair}");
    let says = join(server, "says", &room).await?;
    let hears = join(server, "hears", &room).await?;
    let epoch = Instant::now();
    let count = (time.as_micros() / EVERY.as_micros()) as usize;
    let (mut saying, mut ignored) = says.split();
    let (_, mut hearing) = hears.split();
    // Whoever talks has to read as well, or it is cut off. Nothing is said to it.
    let reads = async {
        loop {
            match ignored.next().await {
                Some(Ok(_)) => {}
                Some(Err(error)) => return format!("a connection broke: {error}"),
                None => return "a connection ended".into(),
            }
        }
    };
    tokio::select! {
        heard = hear(&mut hearing, count, epoch) => heard,
        Err(failure) = say(&mut saying, pair, count, epoch) => Err(failure),
        failure = reads => Err(failure),
    }
}

async fn say(
    saying: &mut SplitSink<Socket, Message>,
    pair: usize,
    count: usize,
    epoch: Instant,
) -> Result<(), String> {
    // The pairs don't speak all at the same time.
    sleep(EVERY * pair as u32 / PAIRS as u32).await;
    let mut ticks = interval(EVERY);
    for number in 0..count {
        ticks.tick().await;
        let nanos = epoch.elapsed().as_nanos();
        let frame = format!("/to|hears|/time|says|{number}|{nanos}");
        let sent = timeout(PATIENCE, saying.send(Message::text(frame))).await;
        sent.map_err(|_| "a frame found no place")?
            .map_err(|error| format!("a connection broke: {error}"))?;
    }
    Ok(())
}

/// Every frame has to come, in order.
async fn hear(
    hearing: &mut SplitStream<Socket>,
    count: usize,
    epoch: Instant,
) -> Result<Vec<Duration>, String> {
    let mut heard = Vec::with_capacity(count);
    while heard.len() < count {
        let text = next(hearing).await?;
        let now = epoch.elapsed();
        let Some(said) = text.strip_prefix("/to|hears|/time|says|") else {
            continue;
        };
        let (number, nanos) = said.split_once('|').ok_or("half a frame came")?;
        if number != heard.len().to_string() {
            return Err(format!(
                "frame {} is missing, and {number} came",
                heard.len()
            ));
        }
        let sent = Duration::from_nanos(nanos.parse().map_err(|_| "a damaged frame came")?);
        heard.push(now.saturating_sub(sent));
    }
    Ok(heard)
}

/// Comes every second, and wants a page, the server's health, and a room.
async fn visit(server: SocketAddr, time: Duration) -> Seen {
    let mut seen = Seen::default();
    let begin = Instant::now();
    let mut ticks = interval(Duration::from_secs(1));
    for number in 0.. {
        ticks.tick().await;
        if begin.elapsed() >= time {
            break;
        }
        for path in ["/healthz", "/connecting/"] {
            let asked = Instant::now();
            match page(server, path).await {
                Ok(()) => seen.pages.push(asked.elapsed()),
                Err(failure) => seen.failures.push(format!("{path}: {failure}")),
            }
        }
        let asked = Instant::now();
        match join(server, "visits", &format!("visit-{number}")).await {
            Ok(_) => seen.joins.push(asked.elapsed()),
            Err(failure) => seen.failures.push(failure),
        }
    }
    seen
}

async fn page(server: SocketAddr, path: &str) -> Result<(), String> {
    let asked = async {
        let mut stream = connect(server).await?;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n\r\n");
        let mut answer = Vec::new();
        let answered = async {
            stream.write_all(request.as_bytes()).await?;
            stream.read_to_end(&mut answer).await
        };
        answered.await.map_err(|error| error.to_string())?;
        match answer.starts_with(b"HTTP/1.1 200 ") {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&answer[..answer.len().min(200)]).into_owned()),
        }
    };
    timeout(PATIENCE, asked).await.map_err(|_| "no answer")?
}
