//! Signaling as another axum program mounts it: the program that the book shows, and hooks over a socket that is not TCP.

use std::net::{Ipv4Addr, SocketAddr};

use quickconnect::{Channel, Event, Message, QuickConnect};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::support::{Peer, soon};

#[allow(dead_code)] // its `main`, which has a port of its own
#[path = "../../../code/take/mount-signaling.rs"]
mod mount_signaling;

/// What a client is told that is not let in.
const NOT_LET_IN: CloseCode = CloseCode::Library(4003);

/// The book's program.
struct Program {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<std::io::Result<()>>,
}

impl Program {
    async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(mount_signaling::serve(listener, async {
            let _ = stopped.await;
        }));
        Self {
            address,
            stop,
            running,
        }
    }

    /// A client that offers these subprotocols, as a page does that has a token.
    async fn connect(&self, path: &str, protocols: &str, id: &str) -> Peer {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let url = format!("ws://{}{path}", self.address);
        let headers = [("sec-websocket-protocol", protocols)];
        let peer = Peer::connect_over_with(stream, &url, &headers, id).await;
        peer.unwrap()
    }
}

/// Waits for the data channel of the one call.
async fn channel(client: &mut QuickConnect) -> Channel {
    loop {
        if let Event::ChannelOpened(channel) = soon("a channel", client.next()).await.unwrap() {
            return channel;
        }
    }
}

#[tokio::test]
async fn the_program_of_the_book_lets_its_users_in_and_keeps_the_office_for_anna() {
    let program = Program::start().await;
    let mut stranger = program.connect("/rooms", "token, wrong", "mallory").await;
    let words = stranger.hears_error("stranger").await;
    assert_eq!(words, "Only our users may connect: log in first.");
    assert_eq!(stranger.is_closed().await, NOT_LET_IN);

    let mut anna = program.connect("/rooms", "token, sesame", "a").await;
    anna.hears_greeting().await;
    anna.announce("office").await;
    anna.hears_room_info(1).await;
    let mut ben = program.connect("/rooms/primus", "token, mellon", "b").await;
    ben.hears_greeting().await;
    ben.announce("office").await;
    ben.hears_error("not-yours").await;
    ben.announce("kitchen").await;
    ben.hears_room_info(1).await;
    anna.announce("kitchen").await;
    anna.hears_room_info(2).await;
    let announced = anna.announcement("kitchen");
    ben.hears(&announced).await;
    ben.says("/to|a|/hello|b").await;
    anna.hears("/to|a|/hello|b").await;

    program.stop.send(()).unwrap();
    for mut peer in [anna, ben] {
        assert_eq!(peer.is_closed().await, CloseCode::Away);
    }
    soon("the end", program.running).await.unwrap().unwrap();
}

#[tokio::test]
async fn clients_of_the_crate_call_each_other_by_the_program_of_the_book() {
    let program = Program::start().await;
    let url = format!("http://{}/rooms", program.address);
    let [mut anna, mut ben] = ["sesame", "mellon"].map(|token| {
        let client = QuickConnect::builder(&url).room("kitchen").token(token);
        client.data_channel("chat").start().unwrap()
    });
    let to_ben = channel(&mut anna).await;
    channel(&mut ben).await;
    to_ben.send_text("hello").await.unwrap();
    loop {
        if let Event::Message(_, message) = soon("a message", ben.next()).await.unwrap() {
            assert!(matches!(message, Message::Text(text) if text == "hello"));
            break;
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_stream_that_only_hyper_knows_carries_all_frames_in_order_past_one_who_does_not_read() {
    use std::sync::{Arc, Mutex};

    use axum::Router;
    use quickconnect_signaling::Signaling;
    use tokio::net::{UnixListener, UnixStream};

    const FRAMES: usize = 60;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    let events = Arc::<Mutex<Vec<String>>>::default();
    let heard = Arc::clone(&events);
    let signaling = Signaling::builder()
        .on_event(move |event| heard.lock().unwrap().push(format!("{event:?}")))
        .build();
    let app: Router = signaling.router("/");
    let running = tokio::spawn(async move { axum::serve(listener, app).await });
    let connect = async |id: &str| {
        let stream = UnixStream::connect(&path).await.unwrap();
        let peer = Peer::connect_over(stream, "ws://localhost/", id).await;
        let mut peer = peer.unwrap();
        peer.hears_greeting().await;
        peer.announce("room").await;
        peer
    };
    let mut reader = connect("reader").await;
    reader.hears_room_info(1).await;
    let mut writer = connect("writer").await;
    writer.hears_room_info(2).await;
    let announced = writer.announcement("room");
    reader.hears(&announced).await;
    // More than the socket holds, and less than may wait.
    let frame = |number: usize| format!("/to|reader|/{number}|writer|{}", "x".repeat(10_000));
    for number in 0..FRAMES {
        writer.says(&frame(number)).await;
    }
    writer.hears_nothing().await;
    assert!(signaling.gauges().queued_bytes > 0);
    for number in 0..FRAMES {
        reader.hears(&frame(number)).await;
    }
    let left = writer.leave();
    writer.vanishes();
    reader.hears(&left).await;
    let is_told = async {
        assert_eq!(reader.is_closed().await, CloseCode::Away);
        reader.vanishes();
    };
    let ended = async { tokio::join!(signaling.close(), is_told) };
    soon("the end of all connections", ended).await;
    running.abort();
    let events = events.lock().unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.split(' ').next()).collect();
    let expected = ["Joined", "Joined", "Left", "Left"].map(Some);
    assert_eq!(kinds, expected, "{events:?}");
}
