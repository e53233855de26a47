//! A client of WHIP that is neither a browser nor ours: FFmpeg, since version 8.

use std::env;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::process::Command;

use super::{OWN_PAGE, is_empty, publishers, room_is, start};
use crate::support::http;

/// Names the program; without it, that of the PATH.
const PROGRAM: &str = "FFMPEG";

/// A picture of some kilobits that every browser can show, without B-frames, with a keyframe each second; and a tone. For ten seconds.
const SENDS: &str = "-loglevel error -re -f lavfi -i testsrc=size=320x180:rate=15 -f lavfi -i sine=frequency=440 -t 10 \
    -c:v libx264 -profile:v baseline -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 15 -bf 0 -b:v 300k \
    -c:a libopus -ar 48000 -ac 2 -f whip";

#[tokio::test]
#[ignore = "needs FFmpeg 8 or newer: pip install imageio-ffmpeg, and its program in the variable FFMPEG"]
async fn ffmpeg_publishes_a_picture_and_a_sound_with_a_key() {
    let server = start().await;
    let answer = http::post(&server, "/sfu/lobby/key", &[OWN_PAGE], "").await;
    let key: Value = serde_json::from_str(answer.text()).unwrap();
    let mut ffmpeg = Command::new(env::var(PROGRAM).unwrap_or_else(|_| "ffmpeg".to_owned()))
        .args(SENDS.split_whitespace())
        .args(["-authorization", key["key"].as_str().unwrap()])
        .arg(format!("http://{}/whip/lobby", server.address))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let is_whole = |room: &Value| {
        publishers(room).iter().any(|it| {
            it["kinds"] == json!(["audio", "video"]) && it["packets"].as_u64() > Some(200)
        })
    };
    room_is(&server, "lobby", "picture and sound", is_whole).await;
    ffmpeg.wait().await.unwrap();
    is_empty(&server, "lobby").await;
}
