//! What one call of the companion takes of the server's memory: its peer connection, its place in the room, both ends of
//! its signaling connection, and the one of the reader.

use anyhow::{Context, Result, ensure};
use quickconnect::{Event, QuickConnect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use super::{idle, next};
use crate::program::{PROGRAM, Running, guidebook};

const CALLS: usize = 50;
/// Calls before those that count: what is allocated once for all is not theirs.
const WARM_UP: usize = 10;
const BAR_KIB: f64 = 300.0;

pub(crate) fn measure() {
    let measured = Runtime::new()
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(calls()));
    measured.unwrap_or_else(|error| panic!("{error:?}"));
}

async fn calls() -> Result<()> {
    let no_limits = [
        "--max-companions",
        "1000",
        "--max-companions-per-address",
        "1000",
        "--max-invitation-burst",
        "1000",
    ];
    let running = Running::start(guidebook(PROGRAM).args(no_limits));
    idle::wait_for(running.process_id()).await?;
    let mut readers = Vec::new();
    for call in 0..WARM_UP {
        readers.push(reader(&running, &format!("warm-up-{call}")).await?);
    }
    idle::wait_for(running.process_id()).await?;
    let before = resident_kib(&running)?;
    for call in 0..CALLS {
        readers.push(reader(&running, &format!("call-{call}")).await?);
    }
    idle::wait_for(running.process_id()).await?;
    let each = (resident_kib(&running)? - before) / CALLS as f64;
    let verdict = if each <= BAR_KIB { "within" } else { "OVER" };
    println!(
        "the companion, resident for each of {CALLS} calls: {each:.0} KiB; {verdict} the bar of {BAR_KIB} KiB"
    );
    Ok(())
}

/// A reader with a channel, in a room with the companion.
async fn reader(running: &Running, room: &str) -> Result<QuickConnect> {
    let join = QuickConnect::builder(format!("http://{}", running.address()));
    let mut qc = join.room(room).data_channel("chat").connect().await?;
    let mut socket = TcpStream::connect(running.address()).await?;
    let request = format!(
        "POST /companion HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{room}",
        running.address(),
        room.len()
    );
    socket.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await?;
    ensure!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    let opened = |event| matches!(event, Event::ChannelOpened(_)).then_some(());
    next(&mut qc, opened).await?;
    Ok(qc)
}

fn resident_kib(running: &Running) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{}/status", running.process_id()))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().split(' ').next());
    Ok(number.context("VmRSS")?.parse()?)
}
