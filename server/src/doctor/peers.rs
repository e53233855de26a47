//! Two peers in a room of their own, connected through the server, and the time of each step.
//!
//! May import: pages, report, getrandom, quickconnect, tokio.

use std::time::Instant;

use quickconnect::{Channel, ConnectError, Error, Event, Message, QuickConnect};
use tokio::time::timeout;

use super::pages;
use super::report::{PATIENCE, Row, Verdict};

/// Two peers are connected to the server, and neither is told of the other.
const UNHEARD: &str = "They share a room and do not hear of each other: is a proxy in between that holds back WebSocket frames?";

/// The message that one peer sends the other.
const WORDS: &str = "hello";

pub(super) async fn examine(url: &str, token: Option<&str>) -> Vec<Row> {
    let Some(room) = room() else {
        let says = "This machine has no random bytes to name a room with.";
        return vec![Row::new("signaling", Verdict::Failed, says)];
    };
    let begin = Instant::now();
    let both = async { tokio::try_join!(join(url, &room, token), join(url, &room, token)) };
    let (first, second) = match both.await {
        Ok(both) => both,
        Err(error) => return vec![Row::new("signaling", Verdict::Failed, error.to_string())],
    };
    let mut rows = vec![
        Row::new("signaling", Verdict::Good, "Two peers have a socket each.").took(begin.elapsed()),
    ];
    rows.extend(steps(first, second).await);
    rows
}

/// A room of our own. Random, because in containers each of several doctors is process 1.
fn room() -> Option<String> {
    let number = getrandom::u64().ok()?;
    Some(format!("doctor-{number:016x}"))
}

async fn join(url: &str, room: &str, token: Option<&str>) -> Result<QuickConnect, ConnectError> {
    let joining = QuickConnect::builder(url).room(room).data_channel("doctor");
    let joining = match token {
        Some(token) => joining.token(token),
        None => joining,
    };
    joining.connect().await
}

async fn steps(mut first: QuickConnect, mut second: QuickConnect) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut begin = Instant::now();
    let mut note = |check, done: Option<()>, good: &str, bad: &str| {
        let took = begin.elapsed();
        begin = Instant::now();
        rows.push(match done {
            Some(()) => Row::new(check, Verdict::Good, good).took(took),
            None => Row::new(check, Verdict::Failed, bad).took(took),
        });
        done
    };
    let everything = async {
        let met = until(&mut first, |event| match event {
            Event::PeerAnnounced(_) => Some(Ok(())),
            Event::Error(Error::Refused { message, .. }) => Some(Err(format!(
                "The server refuses. {}",
                pages::plain(&message)
            ))),
            _ => None,
        });
        let met = met.await.unwrap_or_else(|| Err(UNHEARD.to_owned()));
        let why = met.as_ref().err().map_or("", String::as_str);
        note(
            "announce",
            met.as_ref().ok().copied(),
            "They have found each other.",
            why,
        )?;
        let called = until(&mut first, |event| {
            matches!(event, Event::CallStarted(_)).then_some(())
        });
        note(
            "connection",
            called.await,
            "They are connected.",
            "Offer and answer went through, but no connection came about: a firewall on this machine may block UDP.",
        )?;
        let spoke = talk(&mut first, &mut second).await;
        note(
            "data channel",
            spoke,
            "A message went from one to the other.",
            "They are connected, and no message arrives.",
        )
    };
    let _ = everything.await;
    tokio::join!(first.close(), second.close());
    rows
}

async fn talk(first: &mut QuickConnect, second: &mut QuickConnect) -> Option<()> {
    let channel: Channel = until(first, |event| match event {
        Event::ChannelOpened(channel) => Some(channel),
        _ => None,
    })
    .await?;
    channel.send_text(WORDS).await.ok()?;
    until(second, |event| {
        let words = Message::Text(WORDS.to_owned());
        matches!(event, Event::Message(_, heard) if heard == words).then_some(())
    })
    .await
}

async fn until<T>(peer: &mut QuickConnect, pick: impl Fn(Event) -> Option<T>) -> Option<T> {
    let picked = async {
        loop {
            if let Some(picked) = pick(peer.next().await?) {
                return Some(picked);
            }
        }
    };
    timeout(PATIENCE, picked).await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_examination_has_a_room_of_its_own_also_in_one_process() {
        assert_ne!(room(), room());
    }
}
