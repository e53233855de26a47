//! Joins the room of the demo of the same name, and says who comes and goes.

use quickconnect::{Event, QuickConnect};

#[tokio::main]
async fn main() -> Result<(), quickconnect::ConnectError> {
    let mut args = std::env::args().skip(1);
    let server = args.next().unwrap_or("http://127.0.0.1:8000".into());
    let room = args.next().unwrap_or("quickconnect-intro".into());
    let mut qc = QuickConnect::builder(server).room(room).connect().await?;
    println!("I am {}", qc.id());

    while let Some(event) = qc.next().await {
        match event {
            // Somebody joined the room. Nothing connects the two of you yet.
            Event::PeerAnnounced(data) => println!("peer:announce {}", data.id),
            // You are connected: from here on, bytes flow without the server.
            Event::CallStarted(id) => println!("call:started {id}"),
            Event::CallEnded(id) => println!("call:ended {id}"),
            _ => {}
        }
    }
    Ok(())
}
