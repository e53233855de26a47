//! One task per WebSocket: reads, pings, writes what others could not, and ends.
//!
//! May import: account, close_reason, decoder, frame, gate, greeter, incoming, limits, counts, outbox, participant, session, switchboard, throttle,
//! transport, unfinished, quickconnect::protocol, tokio, tracing.

#[cfg(test)]
mod tests;

use std::future::poll_fn;
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quickconnect::protocol;
use tokio::task::coop::consume_budget;
use tokio::time::{sleep, sleep_until, timeout};
use tracing::{debug, info};

use super::close_reason::CloseReason;
use super::decoder::{Message, Received};
use super::frame;
use super::gate::{Pass, ended};
use super::greeter::Greeter;
use super::incoming::Incoming;
use super::limits::Limits;
use super::outbox::Outbox;
use super::participant::Participant;
use super::session::Answer;
use super::session::price::Price;
use super::switchboard::Switchboard;
use super::throttle::Throttle;
use super::unfinished::Unfinished;
use crate::account::Account;
use crate::counts::Counts;
use crate::transport::{Transport, Writer};

/// Unanswered pings after which a client counts as gone.
const MISSED_PONGS: u32 = 2;

/// How long a client has to show that it is alive when another one announces its id. The time that what was sent before takes to arrive comes on
/// top.
const PROBE_TIME: Duration = Duration::from_secs(2);

/// A client that goes on to send for so long without answering counts as alive.
const MAX_PROBE_TIME: Duration = Duration::from_secs(15);

/// How long the id of a client is kept after more waited for it than may wait. Others may have filled its queue to take the id. Over a slow link
/// it hears of the end only behind what is on its way: 2.5 MB in a socket's buffer take 20 s at 1 Mbit/s.
pub const ID_KEPT_FOR: Duration = Duration::from_secs(30);

/// How long the closing handshake may take.
const CLOSING_TIME: Duration = Duration::from_secs(1);

/// How long a client has to read why its bytes were wrong. Meanwhile its bytes are read and dropped: a socket that is closed with unread bytes is
/// reset, which takes back what was just written.
const LINGER: Duration = Duration::from_millis(250);

/// Serves one client until the connection ends. Futures that run once, or rarely, are boxed, because every idle connection takes the memory of
/// this future.
pub async fn serve(
    transport: Box<dyn Transport>,
    early: Vec<u8>,
    account: Arc<Account>,
    switchboard: Arc<Switchboard>,
    limits: Arc<Limits>,
    greeter: Arc<Greeter>,
    pass: Pass,
) {
    let (reader, writer) = transport.split();
    let counts = switchboard.counts();
    let outbox = Outbox::new(
        limits.max_queued_bytes,
        Arc::downgrade(&writer),
        Arc::clone(counts),
    );
    let unfinished = Unfinished::new(&account, switchboard.unfinished());
    let mut incoming = Incoming::new(
        reader,
        early,
        outbox.clone(),
        unfinished,
        limits.max_frame_bytes,
    );
    let mut throttle = Throttle::new(account, Arc::clone(&limits));
    let mut over = pass.ending();
    let mut participant = Participant::begin(
        Arc::clone(&switchboard),
        outbox.clone(),
        Arc::clone(&greeter),
        pass,
    );
    let ending = tokio::select! {
        biased; // once the connection has to end, nothing more is done for it
        ending = outbox.ended() => ending,
        // A client is pinged even if it sends much, or isn't read for a while.
        ending = ping(&outbox, limits.ping_period, &greeter, &switchboard) => ending,
        ending = read(&mut incoming, &mut participant, &mut throttle, &outbox, counts) => ending,
        ending = write(&*writer, &outbox) => ending,
        () = ended(&mut over) => CloseReason::Over,
    };
    if ending == CloseReason::ByClient {
        participant.ended();
    }
    throttle.charge_end(participant.price_of_leaving(), Instant::now());
    // The room hears of the leave at once, however long the transport takes to close.
    let keeps_id =
        (outbox.was_full() && participant.cut_off(Instant::now())).then_some(participant);
    if let Some(code) = ending.code() {
        counts.refused(code);
        info!(connection.ending = ?ending, "Ended a connection");
    }
    // A client that does not close is dropped when its time is up.
    let closed = Box::pin(async {
        tokio::select! {
            () = close(incoming, &outbox, ending) => {}
            _ = write(&*writer, &outbox) => {}
        }
    });
    let _ = timeout(CLOSING_TIME, closed).await;
    if keeps_id.is_some() {
        drop(writer); // and with it the transport
        Box::pin(async {
            tokio::select! {
                () = sleep(ID_KEPT_FOR) => {}
                () = switchboard.closed() => {}
            }
        })
        .await;
    }
}

/// Pings the client until it is gone, and greets it again before what it was told has expired. Both in one timer, of which every idle connection
/// has the memory.
async fn ping(
    outbox: &Outbox,
    period: Duration,
    greeter: &Greeter,
    switchboard: &Switchboard,
) -> CloseReason {
    let mut next_ping = tokio::time::Instant::now() + period;
    let mut next_greeting = greeter.due();
    let mut timer = Box::pin(sleep_until(next_ping));
    let mut unanswered = 0;
    let mut signs = outbox.signs_of_life();
    loop {
        let next = next_greeting.map_or(next_ping, |due| due.min(next_ping));
        timer.as_mut().reset(next);
        timer.as_mut().await;
        if next < next_ping {
            outbox.send(frame::text(&greeter.text(switchboard.greeting())));
            next_greeting = greeter.due();
            continue;
        }
        next_ping = tokio::time::Instant::now() + period;
        let seen = mem::replace(&mut signs, outbox.signs_of_life());
        // A client that isn't read can give no sign.
        if signs != seen || outbox.is_deaf() {
            unanswered = 0;
        }
        if period * unanswered >= period * MISSED_PONGS + outbox.way() {
            return CloseReason::Silent;
        }
        unanswered += 1;
        outbox.ping();
        // Code in a browser doesn't see pings, and has to know that the server is there.
        outbox.send(frame::text(protocol::PING));
    }
}

async fn read(
    incoming: &mut Incoming,
    participant: &mut Participant,
    throttle: &mut Throttle,
    outbox: &Outbox,
    counts: &Counts,
) -> CloseReason {
    loop {
        let received = match incoming.next().await {
            Ok(Received {
                message: Message::Close(payload),
                ..
            }) => {
                participant.closed(!payload.is_empty());
                return CloseReason::ByClient;
            }
            Ok(received) => received,
            Err(ending) => return ending,
        };
        outbox.heard();
        let mut now = Instant::now();
        let text = match &received.message {
            Message::Text(text) => Some((text, participant.parse(text))),
            _ => None,
        };
        let price = text.as_ref().map_or(Price::OF_AN_ANSWER, |(text, frame)| {
            participant.price(text, frame)
        });
        if let Some(pause) = throttle.charge(received.bytes, price, now) {
            counts.refused(pause.code);
            if let Some(notice) = pause.notice {
                outbox.send(frame::text(&notice));
            }
            // Nothing is read meanwhile, so the client can't show that it is alive.
            outbox.set_deaf(true);
            Box::pin(sleep(pause.length)).await;
            outbox.set_deaf(false);
            now = Instant::now();
        }
        let turn = match throttle.takes_turns() {
            true => {
                counts.refused("waited-for-turn");
                Box::pin(throttle.turn(price)).await
            }
            false => None,
        };
        let mut claimed = None;
        if let Some((text, frame)) = text {
            let passed_on = participant.may_pass_on(&frame)
                && Box::pin(participant.passes_on(text, &frame, now)).await;
            if !passed_on {
                claimed = participant.receive(text, frame, turn, now);
            }
        } else if matches!(received.message, Message::Binary) {
            participant.receive_binary(now);
        } else if matches!(received.message, Message::Pong) {
            outbox.is_alive();
        }
        if let Some(occupant) = claimed {
            outbox.set_deaf(true);
            Box::pin(claim(participant, occupant)).await;
            outbox.set_deaf(false);
        }
        // A message that is in the buffer already needs no system call, but what it causes does.
        consume_budget().await;
    }
}

/// The client announced an id that another connection has. That is allowed: a client may come back after its network has dropped its old
/// connection without a close. The old one is asked, and if it does not answer, the id is free.
pub async fn claim(participant: &mut Participant, mut occupant: Outbox) {
    loop {
        let answer = match is_alive(&occupant).await {
            true => Answer::Alive,
            false => Answer::Gone,
        };
        match participant.answered(answer, Instant::now()) {
            Some(another) => occupant = another,
            None => return,
        }
    }
}

/// Asks a client for a sign of life. Its time to answer begins when the ping is written, and what was written before has to arrive first:
/// otherwise whoever sends much to a client on a slow link could take its id. While the transport is too full for the ping, that it takes
/// more counts as an answer. While something else comes from the client, its pong may be behind that.
///
/// A client whose queue was full keeps its id for a while.
///
/// A client of another instance is asked there, in the same way. If that can't be reached, its clients will soon have left.
pub async fn is_alive(outbox: &Outbox) -> bool {
    if outbox.was_full() {
        return true;
    }
    if outbox.is_elsewhere() {
        let answer = timeout(MAX_PROBE_TIME + PROBE_TIME, outbox.probe()).await;
        return answer.is_err() || matches!(answer, Ok(Ok(())));
    }
    let mut answer = outbox.probe();
    let begin = Instant::now();
    while begin.elapsed() < MAX_PROBE_TIME {
        let signs = outbox.signs_of_life();
        match timeout(PROBE_TIME + outbox.way(), &mut answer).await {
            Ok(answer) => return answer.is_ok(),
            Err(_) if outbox.signs_of_life() == signs => return false,
            Err(_) => {}
        }
    }
    true
}

/// Writes what the transport did not take at once, until it is closed.
pub async fn write(writer: &dyn Writer, outbox: &Outbox) -> CloseReason {
    loop {
        outbox.blocked().await;
        if let Err(error) = poll_fn(|context| writer.poll_ready(context)).await {
            debug!(%error, "A socket can't be written to");
            return CloseReason::ByClient;
        }
        outbox.unblock();
    }
}

/// The closing handshake, as far as the client takes part in it.
pub async fn close(mut incoming: Incoming, outbox: &Outbox, ending: CloseReason) {
    outbox.begin_closing();
    if let Some(payload) = ending.close_payload() {
        incoming.close(&payload);
    }
    if ending.is_fault() {
        // A client that goes on for longer is dropped.
        let _ = timeout(LINGER, incoming.drain()).await;
        return;
    }
    while incoming.next().await.is_ok() {}
}
