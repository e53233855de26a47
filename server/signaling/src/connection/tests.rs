//! Whole connections, over a byte stream that is no socket.
#![allow(clippy::unwrap_used)]

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::task::yield_now;
use tokio_tungstenite::WebSocketStream;
use tokio_util::task::AbortOnDropHandle;
use tungstenite::Message;
use tungstenite::protocol::Role;

use super::*;
use crate::transport::any::Any;
use crate::transport::memory::{self, Memory};

/// A server of signaling, without HTTP.
struct Server {
    switchboard: Arc<Switchboard>,
    limits: Arc<Limits>,
    _deliveries: AbortOnDropHandle<()>,
}

type Client = WebSocketStream<Memory>;

impl Server {
    fn start() -> Self {
        let limits = Arc::new(Limits::of_tests());
        let switchboard = Switchboard::new(&limits);
        let ours = Arc::clone(&switchboard);
        let deliveries = tokio::spawn(async move { ours.deliveries().run().await });
        Self {
            switchboard,
            limits,
            _deliveries: AbortOnDropHandle::new(deliveries),
        }
    }

    /// A client that has joined a room, over a stream that holds so many bytes.
    async fn join(&self, id: &str, capacity: usize) -> Client {
        let [ours, theirs] = memory::pair(capacity);
        self.join_over(id, ours, Box::new(theirs)).await
    }

    /// The same over these two ends.
    async fn join_over(&self, id: &str, ours: Memory, theirs: Box<dyn Transport>) -> Client {
        let limits = Arc::clone(&self.limits);
        let account = Arc::new(Account::new(limits.account, Instant::now()));
        let switchboard = Arc::clone(&self.switchboard);
        tokio::spawn(serve(
            theirs,
            Vec::new(),
            account,
            switchboard,
            limits,
            Greeter::new(None),
            Pass::everywhere(),
        ));
        let mut client = WebSocketStream::from_raw_socket(ours, Role::Client, None).await;
        assert!(hears(&mut client).await.starts_with(protocol::GREETING));
        says(&mut client, &format!(r#"/announce|{id}|{{"room":"r"}}"#)).await;
        assert!(hears(&mut client).await.starts_with("/roominfo|"));
        client
    }
}

async fn says(client: &mut Client, text: &str) {
    client.send(Message::text(text)).await.unwrap();
}

async fn hears(client: &mut Client) -> String {
    let message = client.next().await.unwrap().unwrap();
    message.into_text().unwrap().to_string()
}

#[tokio::test]
async fn peers_hear_each_other_over_any_byte_stream() {
    let server = Server::start();
    let mut a = server.join("a", 1 << 16).await;
    let mut b = server.join("b", 1 << 16).await;
    assert!(hears(&mut a).await.starts_with("/announce|b|"));
    says(&mut b, "/to|a|/hello|b").await;
    assert_eq!(hears(&mut a).await, "/to|a|/hello|b");
    b.close(None).await.unwrap();
    assert!(hears(&mut a).await.starts_with("/leave|b|"));
    drop(a);
    while server.switchboard.gauges().connections > 0 {
        yield_now().await;
    }
}

#[tokio::test]
async fn a_stream_that_takes_little_at_a_time_gets_everything_in_order() {
    const MESSAGES: usize = 100;
    let server = Server::start();
    let [any, theirs] = memory::pair(7);
    let any_theirs = Box::new(Any::new(theirs));
    let mut any = server.join_over("any", any, any_theirs).await;
    let mut narrow = server.join("narrow", 7).await;
    assert!(hears(&mut any).await.starts_with("/announce|narrow|"));
    let mut wide = server.join("wide", 1 << 16).await;
    let text = |to: &str, number: usize| format!("/to|{to}|/{number}|wide|{}", "x".repeat(number));
    for number in 0..MESSAGES {
        for to in ["narrow", "any"] {
            says(&mut wide, &text(to, number)).await;
        }
    }
    for (to, client) in [("narrow", &mut narrow), ("any", &mut any)] {
        assert!(hears(client).await.starts_with("/announce|wide|"));
        for number in 0..MESSAGES {
            assert_eq!(hears(client).await, text(to, number));
        }
    }
}

#[test]
fn what_an_idle_connection_is_about_to_do_fits_into_a_kilobyte_and_a_half() {
    type Serve<F> = fn(
        Box<dyn Transport>,
        Vec<u8>,
        Arc<Account>,
        Arc<Switchboard>,
        Arc<Limits>,
        Arc<Greeter>,
        Pass,
    ) -> F;
    fn size<F>(_: Serve<F>) -> usize {
        size_of::<F>()
    }
    let size = size(serve);
    assert!(size <= 1536, "{size} bytes");
}
