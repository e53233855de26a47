//! Invitations of the companion, and members who keep it busy: they claim again and again to be somebody new, to be ready, and to want
//! the call anew.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};

use super::Part;
use super::attacker::{Attacker, Script, Tally};
use crate::wire;

/// Who invites it into ever new rooms.
const HOSTS: usize = 2;
const EVERY: Duration = Duration::from_millis(250);
/// Who meets it.
const MEMBERS: usize = 4;
const PROVOKE_EVERY: Duration = Duration::from_millis(50);
/// Then it gets a room and another companion.
const MEETS_FOR: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(500);

pub(super) const PART: Part = Part {
    name: "invitations",
    begin,
    counted: &[
        "frames_received_total{kind=\"directed\"}",
        "refusals_total{code=\"too-many-companions\"}",
    ],
};

fn begin(tasks: &mut JoinSet<()>, attacker: &Attacker) {
    for host in 0..HOSTS {
        let (target, name) = (attacker.target, format!("{}-{host}", attacker.number));
        attacker.keep_up(tasks, move |number| {
            let invitation = wire::post(target, "/companion", &format!("empty-{name}-{number}"));
            Script::once(invitation, EVERY)
        });
    }
    for member in 0..MEMBERS {
        let attacker = attacker.clone();
        tasks.spawn(async move {
            for number in 0.. {
                let room = format!("meet-{}-{member}-{number}", attacker.number);
                // How it ends is all the same.
                let _ = tokio::time::timeout(MEETS_FOR, meet(&attacker, &room)).await;
                sleep(PAUSE).await;
            }
        });
    }
}

/// Invites the companion into a room, and provokes it as soon as it has said who it is.
async fn meet(attacker: &Attacker, room: &str) -> io::Result<()> {
    const ID: &str = "provokes";
    let mut stream = attacker.connect(false).await?;
    let join = [wire::upgrade(attacker.target), wire::announce(ID, room)].concat();
    stream.write_all(&join).await?;
    attacker
        .play(&Script::once(
            wire::post(attacker.target, "/companion", room),
            EVERY,
        ))
        .await?;
    let mut buffer = vec![0; 16 * 1024];
    let mut companion = None;
    let mut ticks = interval(PROVOKE_EVERY);
    let mut instance = 0;
    loop {
        tokio::select! {
            read = stream.read(&mut buffer) => match read? {
                0 => return Ok(()),
                len => {
                    Tally::add(&attacker.tally.bytes_heard, len);
                    companion = companion.or_else(|| announced(&buffer[..len]));
                }
            },
            _ = ticks.tick() => if let Some(companion) = &companion {
                instance += 1;
                let frames = [
                    wire::text(&format!(
                        r#"/to|{companion}|/announce|{ID}|{{"id":"{ID}","room":"{room}","instance":"i{instance}"}}"#
                    )),
                    wire::text(&format!("/to|{companion}|/ready|{ID}")),
                    wire::text(&format!("/to|{companion}|/reconnect|{ID}|")),
                ]
                .concat();
                stream.write_all(&frames).await?;
                Tally::add(&attacker.tally.bytes_said, frames.len());
            }
        }
    }
}

/// The id in the first announce among these bytes, if it is there whole.
fn announced(bytes: &[u8]) -> Option<String> {
    const ANNOUNCE: &[u8] = b"/announce|";
    let begin = bytes
        .windows(ANNOUNCE.len())
        .position(|window| window == ANNOUNCE)?;
    let id = &bytes[begin + ANNOUNCE.len()..];
    let end = id.iter().position(|byte| *byte == b'|')?;
    String::from_utf8(id[..end].to_vec()).ok()
}
