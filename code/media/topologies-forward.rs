//! Passes on what is sent on the stage to everybody in the hall, as it comes.

use quickconnect::{Event, LocalTrack, QuickConnect, RemoteTrack};
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let server = args.next().unwrap_or("http://127.0.0.1:8000".into());
    let room = args.next().unwrap_or("topologies".into());
    let join = |room| QuickConnect::builder(&server).room(room).media();
    let mut hall = join(format!("{room}-hall")).connect().await?;
    let mut stage = join(room).connect().await?;
    let mut passing = JoinSet::new();
    loop {
        tokio::select! {
            Some(event) = stage.next() => if let Event::TrackDetected(track) = event {
                println!("passes on {:?} of {}", track.codec(), track.peer());
                let copy = LocalTrack::in_stream(track.codec(), track.stream_id());
                match hall.add_track(&copy) {
                    Ok(()) => drop(passing.spawn(pass_on(track, copy))),
                    Err(error) => println!("{error}"),
                }
            },
            Some(event) = hall.next() => if let Event::CallStarted(id) = event {
                println!("call:started {id}");
            },
            Some(Ok(copy)) = passing.join_next() => hall.remove_track(&copy),
            else => return Ok(()),
        }
    }
}

/// Packets go one way, and requests for key frames the other.
async fn pass_on(mut track: RemoteTrack, copy: LocalTrack) -> LocalTrack {
    loop {
        tokio::select! {
            packet = track.recv() => match packet {
                Some(packet) => copy.send_rtp(packet),
                None => return copy,
            },
            () = copy.key_frame_wanted() => track.request_key_frame().await,
        }
    }
}
