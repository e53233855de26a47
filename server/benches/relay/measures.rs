//! What is measured: each function puts one kind of load on one server.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::crowd::{Crowd, announcement, id, is_room_info};
use crate::subject::Subject;
use crate::wire;

/// Frames delivered before the clock runs.
const WARM_UP: usize = 10_000;

/// CPU seconds for 100,000 frames of `bytes` from one peer to another: a hundred pairs, each with one frame under way.
pub(crate) fn targeted(server: &Subject, bytes: usize) -> Result<f64> {
    targeted_over(&[server], bytes, &[])
}

/// The same where one of each pair is connected to the first server and one to the second. What others need for that is counted, too.
pub(crate) fn targeted_over(
    servers: &[&Subject],
    bytes: usize,
    others: &[&Subject],
) -> Result<f64> {
    const PAIRS: usize = 100;
    const FRAMES: usize = 100_000;
    let addresses = servers.iter().map(|server| server.address).collect();
    let cpu = || -> Result<Duration> {
        let mut all = servers.iter().chain(others);
        all.try_fold(Duration::ZERO, |sum, subject| Ok(sum + subject.cpu()?))
    };
    let mut crowd = Crowd::in_rooms_over(addresses, 2 * PAIRS, 10)?;
    let frames: Vec<_> = (0..2 * PAIRS)
        .map(|client| {
            let mut text = format!("/to|{}|/sdp|{}|", id(client ^ 1), id(client));
            text.extend(std::iter::repeat_n('x', bytes - text.len()));
            Rc::<[u8]>::from(wire::masked(&text))
        })
        .collect();
    for pair in 0..PAIRS {
        crowd.say(2 * pair, &frames[2 * pair])?;
    }
    let mut run = |count: usize| {
        let mut delivered = 0;
        crowd.listen_until(|client, _, replies| {
            replies.push((client, frames[client].clone()));
            delivered += 1;
            delivered >= count
        })
    };
    run(WARM_UP)?;
    let before = cpu()?;
    run(FRAMES)?;
    Ok((cpu()? - before).as_secs_f64())
}

/// How long after an instance was killed the room of one of its clients hears, at another one, that this has left.
pub(crate) fn leave_after_kill(one: &Subject, other: Subject) -> Result<Duration> {
    let mut crowd = Crowd::in_rooms_over(vec![one.address, other.address], 2, 2)?;
    crowd.ignore(1)?;
    let begin = Instant::now();
    // By SIGKILL.
    drop(other);
    let leave = format!("/leave|{}|", id(1));
    crowd.listen_until(|_, message, _| message[2..].starts_with(leave.as_bytes()))?;
    Ok(begin.elapsed())
}

/// Deliveries per CPU second in four rooms of 50: in each, one peer after the other speaks to all.
pub(crate) fn fan_out(server: &Subject) -> Result<f64> {
    const ROOMS: usize = 4;
    const MEMBERS: usize = 50;
    const DELIVERIES: usize = 300_000;
    let mut crowd = Crowd::in_rooms(server.address, ROOMS * MEMBERS, MEMBERS)?;
    let frames: Vec<_> = (0..ROOMS * MEMBERS)
        .map(|client| {
            let text = format!("/chat|{}|{}", id(client), "x".repeat(200));
            Rc::<[u8]>::from(wire::masked(&text))
        })
        .collect();
    let mut heard = [0; ROOMS];
    for room in 0..ROOMS {
        crowd.say(room * MEMBERS, &frames[room * MEMBERS])?;
    }
    let mut run = |count: usize| {
        let mut delivered = 0;
        crowd.listen_until(|client, _, replies| {
            let room = client / MEMBERS;
            heard[room] += 1;
            delivered += 1;
            if heard[room] % (MEMBERS - 1) == 0 {
                let speaker = room * MEMBERS + heard[room] / (MEMBERS - 1) % MEMBERS;
                replies.push((speaker, frames[speaker].clone()));
            }
            delivered >= count
        })
    };
    run(WARM_UP)?;
    let before = server.cpu()?;
    run(DELIVERIES)?;
    Ok(DELIVERIES as f64 / (server.cpu()? - before).as_secs_f64())
}

/// KiB of resident memory for each of so many peers that are in rooms of ten and say nothing. Others have come before, and used up what
/// the server freed when it had rendered the book: that would hide what connections take.
pub(crate) fn idle(server: &Subject, count: usize) -> Result<f64> {
    const BEFORE: usize = 9_500;
    let mut crowd = Crowd::in_rooms(server.address, BEFORE, 10)?;
    let before = server.resident_kib()?;
    crowd.grow_to(BEFORE + count, 10)?;
    Ok((server.resident_kib()? - before) / count as f64)
}

/// KiB of resident memory for so many peers and all else.
pub(crate) fn held(server: &Subject, count: usize) -> Result<f64> {
    let _crowd = Crowd::in_rooms(server.address, count, 10)?;
    server.resident_kib()
}

/// CPU seconds until so many have connected and joined rooms of ten.
pub(crate) fn joins(server: &Subject, count: usize) -> Result<f64> {
    let before = server.cpu()?;
    Crowd::in_rooms(server.address, count, 10)?;
    Ok((server.cpu()? - before).as_secs_f64())
}

/// When the last of so many was in its room, if they begin to connect in equal steps within a second.
pub(crate) fn rush(server: &Subject, count: usize) -> Result<Duration> {
    let mut crowd = Crowd::of_peers(server.address)?;
    let begin = Instant::now();
    let mut joined = 0;
    while joined < count {
        let due = (begin.elapsed().as_secs_f64() * count as f64) as usize;
        while crowd.len() < count.min(due) {
            let client = crowd.connect()?;
            crowd.say(client, wire::UPGRADE)?;
        }
        crowd.listen(Duration::ZERO, |client, message, replies| {
            if message.starts_with(b"HTTP") {
                replies.push((client, announcement(client, 10)));
            }
            joined += usize::from(is_room_info(message));
        })?;
    }
    Ok(begin.elapsed())
}

/// The 99th percentile of the time from one peer to another, at 2,000 frames of 200 bytes a second.
pub(crate) fn p99(server: &Subject) -> Result<Duration> {
    const PAIRS: usize = 50;
    const RATE: f64 = 2000.0;
    const FRAMES: usize = 10_000;
    let mut crowd = Crowd::in_rooms(server.address, 2 * PAIRS, 10)?;
    let frames: Vec<_> = (0..PAIRS)
        .map(|pair| {
            let (from, to) = (id(2 * pair), id(2 * pair + 1));
            wire::masked(&format!("/to|{to}|/sdp|{from}|{}", "x".repeat(160)))
        })
        .collect();
    // A pair's next frame is sent long after its last one has arrived.
    let mut sent_at = [Instant::now(); PAIRS];
    let mut times = Vec::with_capacity(FRAMES);
    let begin = Instant::now();
    let mut sent = 0;
    while times.len() < FRAMES {
        if sent < FRAMES && begin.elapsed().as_secs_f64() * RATE >= sent as f64 {
            let pair = sent % PAIRS;
            sent_at[pair] = Instant::now();
            crowd.say(2 * pair, &frames[pair])?;
            sent += 1;
        }
        crowd.listen(Duration::ZERO, |client, _, _| {
            times.push(sent_at[client / 2].elapsed());
        })?;
    }
    times.sort();
    Ok(times[FRAMES * 99 / 100])
}

/// A request for a page.
pub(crate) fn request(path: &str, more_headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{more_headers}\r\n")
}

/// Requests per CPU second for one page over 64 connections that are kept.
pub(crate) fn page(server: &Subject, request: &str) -> Result<f64> {
    const CONNECTIONS: usize = 64;
    const REQUESTS: usize = 200_000;
    compress(server, request)?;
    let request: Rc<[u8]> = request.as_bytes().into();
    let mut crowd = Crowd::new(server.address, wire::http_message)?;
    for _ in 0..CONNECTIONS {
        let client = crowd.connect()?;
        crowd.say(client, &request)?;
    }
    let mut run = |count: usize| {
        let mut answered = 0;
        crowd.listen_until(|client, answer, replies| {
            assert!(answer.starts_with(b"HTTP/1.1 200 OK"));
            replies.push((client, request.clone()));
            answered += 1;
            answered >= count
        })
    };
    run(5_000)?;
    let before = server.cpu()?;
    run(REQUESTS)?;
    Ok(REQUESTS as f64 / (server.cpu()? - before).as_secs_f64())
}

/// The first request for what is encoded has our server compress the book, which takes 20 s of the core on which it is measured.
pub(crate) fn compress(server: &Subject, request: &str) -> Result<()> {
    fetch(server, request)?;
    server.settle()
}

/// The body of a page as the server sends it.
pub(crate) fn fetch(server: &Subject, request: &str) -> Result<Vec<u8>> {
    let mut crowd = Crowd::new(server.address, wire::http_message)?;
    let client = crowd.connect()?;
    crowd.say(client, request.as_bytes())?;
    let mut body = Vec::new();
    crowd.listen_until(|_, answer, _| {
        body = answer[wire::http_head(answer).unwrap_or(0)..].to_vec();
        true
    })?;
    Ok(body)
}
