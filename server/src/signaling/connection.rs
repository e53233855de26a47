//! One task per WebSocket: reads, pings, writes what others could not, and ends.
//!
//! May import: account, close_reason, config, decoder, frame, incoming, metrics, outbox, refusal, session, switchboard, throttle,
//! quickconnect::protocol, tokio, tracing.

use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quickconnect::protocol;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::task::coop::consume_budget;
use tokio::task::yield_now;
use tokio::time::{MissedTickBehavior, interval_at, sleep, timeout};
use tracing::{debug, info};

use super::close_reason::CloseReason;
use super::decoder::{Message, Received};
use super::frame::{self, Text};
use super::incoming::Incoming;
use super::outbox::Outbox;
use super::refusal::{Occupied, Refusal};
use super::session::Session;
use super::switchboard::Switchboard;
use super::throttle::{Price, Throttle};
use crate::account::Account;
use crate::config::{CLOSING_TIME, Limits};
use crate::metrics::Metrics;

/// Unanswered pings after which a client counts as gone.
const MISSED_PONGS: u32 = 2;

/// How long a client has to show that it is alive, when another one announces its id, besides the time in which what was sent to it
/// before arrives.
const PROBE_TIME: Duration = Duration::from_secs(2);

/// Who goes on to say something for so long without an answer is alive.
const MAX_PROBE_TIME: Duration = Duration::from_secs(15);

/// How long a client has to read why its bytes were wrong. Until then they go nowhere: closing a socket with unread bytes takes back
/// what was just written.
const LINGER: Duration = Duration::from_millis(250);

/// Talks with one client until the connection ends. What happens once, or rarely, is boxed: every idle connection has the memory of
/// this future.
pub async fn serve(
    stream: TcpStream,
    early: Vec<u8>,
    account: Arc<Account>,
    switchboard: Arc<Switchboard>,
    limits: Arc<Limits>,
) {
    let (reading, writing) = stream.into_split();
    let socket = Arc::new(writing);
    let metrics = switchboard.metrics();
    let outbox = Outbox::new(
        limits.max_queued_bytes,
        Arc::downgrade(&socket),
        Arc::clone(metrics),
    );
    let mut incoming = Incoming::new(reading, early, outbox.clone(), limits.max_frame_bytes);
    let mut throttle = Throttle::new(account, Arc::clone(&limits));
    let mut session = Session::begin(Arc::clone(&switchboard), outbox.clone());
    let ending = tokio::select! {
        biased; // who shall go hears nothing more
        ending = outbox.ended() => ending,
        // A client that says much, or isn't read for a while, is pinged all the same.
        ending = ping(&outbox, limits.ping_period) => ending,
        ending = read(&mut incoming, &mut session, &mut throttle, &outbox, metrics) => ending,
        ending = write(&socket, &outbox) => ending,
    };
    throttle.charge_end(session.price_of_leaving(), Instant::now());
    // The room hears at once, however long the socket takes to close.
    drop(session);
    if let Some(code) = ending.code() {
        metrics.refused(code);
        info!(connection.ending = ?ending, "Ended a connection");
    }
    // A client that doesn't play along is dropped when its time is up.
    let closed = Box::pin(async {
        tokio::select! {
            () = close(incoming, &outbox, ending) => {}
            _ = write(&socket, &outbox) => {}
        }
    });
    let _ = timeout(CLOSING_TIME, closed).await;
}

/// Pings the client until it is gone.
async fn ping(outbox: &Outbox, period: Duration) -> CloseReason {
    let mut pings = interval_at((Instant::now() + period).into(), period);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut unanswered = 0;
    let mut signs = outbox.signs_of_life();
    loop {
        pings.tick().await;
        let seen = mem::replace(&mut signs, outbox.signs_of_life());
        // Who isn't read can give no sign.
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
    session: &mut Session,
    throttle: &mut Throttle,
    outbox: &Outbox,
    metrics: &Metrics,
) -> CloseReason {
    loop {
        let received = match incoming.next().await {
            Ok(Received {
                message: Message::Close(_),
                ..
            }) => return CloseReason::ByClient,
            Ok(received) => received,
            Err(ending) => return ending,
        };
        outbox.heard();
        let mut now = Instant::now();
        let text = match &received.message {
            Message::Text(text) => Some((text, session.parse(text))),
            _ => None,
        };
        let price = text.as_ref().map_or(Price::OF_AN_ANSWER, |(text, frame)| {
            session.price(text, frame)
        });
        if let Some(pause) = throttle.charge(received.bytes, price, now) {
            metrics.refused(pause.code);
            if let Some(notice) = pause.notice {
                outbox.send(frame::text(&notice));
            }
            // Nothing is read meanwhile, so it can't show that it is there.
            outbox.set_deaf(true);
            Box::pin(sleep(pause.length)).await;
            outbox.set_deaf(false);
            now = Instant::now();
        }
        let turn = match throttle.takes_turns() {
            true => {
                metrics.refused("waited-for-turn");
                Box::pin(throttle.turn(price)).await
            }
            false => None,
        };
        let mut claimed = None;
        if let Some((text, frame)) = text {
            let occupied = session.receive(text, frame, now);
            claimed = occupied.map(|occupied| (text, occupied));
        } else if matches!(received.message, Message::Binary) {
            session.refuse(&Refusal::Binary);
        } else if matches!(received.message, Message::Pong) {
            outbox.is_alive();
        }
        if turn.is_some() {
            // Comes back when all who are ready have had their turn, and the system was asked who else is.
            yield_now().await;
        }
        drop(turn);
        if let Some((text, occupied)) = claimed {
            outbox.set_deaf(true);
            Box::pin(claim(session, text, occupied)).await;
            outbox.set_deaf(false);
        }
        // What is in the buffer costs no call, but what it sets off does.
        consume_budget().await;
    }
}

/// Somebody announced an id that another connection has. It may: the network of whoever comes back may have dropped its old
/// connection without a word. The old one is asked, and if it is silent the id is free.
async fn claim(session: &mut Session, text: &Text, mut occupied: Occupied) {
    while !is_alive(&occupied.outbox).await {
        match session.receive_again(text, &occupied, Instant::now()) {
            Some(another) => occupied = another,
            None => return,
        }
    }
    session.refuse_id();
}

/// Asks a client for a sign of life. Its time to answer begins when the question is written, and what was written before has to arrive
/// first: otherwise whoever sends much to a client on a slow link could take its id. While the socket is too full for the question, what
/// it takes is an answer. While something else comes from the client, its answer may be behind that.
async fn is_alive(outbox: &Outbox) -> bool {
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

/// Writes what the socket didn't take from those who had it, until the socket is gone.
pub async fn write(socket: &OwnedWriteHalf, outbox: &Outbox) -> CloseReason {
    loop {
        outbox.blocked().await;
        if let Err(error) = Box::pin(socket.writable()).await {
            debug!(%error, "A socket can't be written to");
            return CloseReason::ByClient;
        }
        outbox.unblock();
    }
}

/// The closing handshake, as far as the client plays along.
pub async fn close(mut incoming: Incoming, outbox: &Outbox, ending: CloseReason) {
    outbox.begin_closing();
    if let Some(payload) = ending.close_payload() {
        incoming.close(&payload);
    }
    if ending.is_fault() {
        // Who goes on for longer is dropped.
        let _ = timeout(LINGER, incoming.drain()).await;
        return;
    }
    while incoming.next().await.is_ok() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_idle_connection_is_about_to_do_fits_into_a_kilobyte_and_a_half() {
        type Serve<F> = fn(TcpStream, Vec<u8>, Arc<Account>, Arc<Switchboard>, Arc<Limits>) -> F;
        fn size<F>(_: Serve<F>) -> usize {
            size_of::<F>()
        }
        let size = size(serve);
        assert!(size <= 1536, "{size} bytes");
    }
}
