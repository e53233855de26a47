//! Plays a clip to everybody in the room of the demo, and counts what they send.

use std::time::Duration;

use quickconnect::{Codec, Event, LocalTrack, QuickConnect};

#[tokio::main]
async fn main() -> Result<(), quickconnect::ConnectError> {
    let mut args = std::env::args().skip(1);
    let server = args.next().unwrap_or("http://127.0.0.1:8000".into());
    let room = args.next().unwrap_or("calls-program".into());
    let clip = LocalTrack::new(Codec::Vp8);
    let join = QuickConnect::builder(server).room(room).track(&clip);
    let mut qc = join.connect().await?;
    tokio::spawn(play(clip));
    while let Some(event) = qc.next().await {
        if let Event::TrackDetected(mut track) = event {
            println!("track:detected {} {:?}", track.peer(), track.codec());
            tokio::spawn(async move {
                let mut packets = 0;
                while track.recv().await.is_some() {
                    packets += 1;
                }
                println!("{packets} packets of {}", track.peer());
            });
        }
    }
    Ok(())
}

/// Twelve frames a second, from the key frame on when somebody needs one.
async fn play(clip: LocalTrack) {
    let (mut at, step) = (Duration::ZERO, Duration::from_secs(1) / 12);
    loop {
        // In IVF each frame has 12 bytes in front, which begin with its size.
        let mut rest = &include_bytes!("clip.ivf")[32..];
        while let Some(([a, b, c, d, ..], after)) = rest.split_at_checked(12) {
            let size = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
            let frame;
            (frame, rest) = after.split_at(size);
            clip.send_frame(frame, at);
            at += step;
            tokio::select! {
                () = clip.key_frame_wanted() => break,
                () = tokio::time::sleep(step) => {}
            }
        }
    }
}
