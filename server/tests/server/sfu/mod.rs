//! The media room over real sockets: requests of pages and of others, and peers that send and get media.
//!
//! - [`peer`]: such a peer
//! - `forwarding`: what passes from one to another
//! - `entry`: who may, and what is answered
//! - `tokens`: until when, where access tokens are asked for
//! - `ffmpeg`: a client of WHIP that is not ours
//! - `bounds`: how many, how much and how long
//! - `port`: at which UDP port

mod bounds;
mod entry;
mod ffmpeg;
mod forwarding;
mod peer;
mod port;
mod tokens;

use std::time::Duration;

use serde_json::Value;
use server::config::{Admin, Limits, Settings};
use tokio::time::sleep;

use crate::support::{Server, http, soon};
use http::Answer;

/// What a page of the server says of where it comes from.
const OWN_PAGE: (&str, &str) = ("origin", "http://localhost");
const SDP: (&str, &str) = ("content-type", "application/sdp");

/// A server whose numbers can be read.
async fn start() -> Server {
    with_limits(Limits::default()).await
}

async fn with_limits(limits: Limits) -> Server {
    Server::with_settings(settings(limits)).await
}

fn settings(limits: Limits) -> Settings {
    Settings {
        limits,
        admin: Admin {
            metrics: true,
            ..Admin::default()
        },
        ..Settings::default()
    }
}

/// An offer goes to an address of the room.
async fn send(server: &Server, path: &str, offer: &str) -> Answer {
    http::post(server, path, &[OWN_PAGE, SDP], offer).await
}

async fn delete(server: &Server, path: &str) -> Answer {
    http::request(server, "DELETE", path, &[OWN_PAGE]).await
}

/// Where the session of an answer is.
fn location(path: &str, answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.text());
    // It is relative to the address that was asked.
    let (folder, _) = path.rsplit_once('/').unwrap();
    format!("{folder}/{}", answer.header("location"))
}

/// Who publishes in a room.
async fn look(server: &Server, room: &str) -> Value {
    let answer = http::get(server, &format!("/sfu/{room}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_str(answer.text()).unwrap()
}

/// The same when it is as a test wants it.
async fn room_is(
    server: &Server,
    room: &str,
    what: &str,
    condition: impl Fn(&Value) -> bool,
) -> Value {
    let waiting = async {
        loop {
            let now = look(server, room).await;
            if condition(&now) {
                return now;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    soon(what, waiting).await
}

fn publishers(room: &Value) -> &Vec<Value> {
    room["publishers"].as_array().unwrap()
}

async fn is_empty(server: &Server, room: &str) {
    let nobody = |now: &Value| publishers(now).is_empty() && now["watchers"] == 0;
    room_is(server, room, "nobody is in the room", nobody).await;
}
