//! Whole connections, over a byte stream that is no socket.
#![allow(clippy::unwrap_used)]

use futures_util::{SinkExt as _, StreamExt as _};
use quickconnect::protocol::IceServer;
use tokio::task::yield_now;
use tokio_tungstenite::WebSocketStream;
use tokio_util::task::AbortOnDropHandle;
use tungstenite::Message;
use tungstenite::protocol::Role;

use super::*;
use crate::greeter::IceSource;
use crate::transport::any::Any;
use crate::transport::memory::{self, Memory};

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

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
        self.join_given(id, ours, theirs, None).await
    }

    /// The same with servers.
    async fn join_given(
        &self,
        id: &str,
        ours: Memory,
        theirs: Box<dyn Transport>,
        ice: Option<Arc<dyn IceSource>>,
    ) -> Client {
        let limits = Arc::clone(&self.limits);
        let account = Arc::new(Account::new(limits.account, Instant::now()));
        let switchboard = Arc::clone(&self.switchboard);
        tokio::spawn(serve(
            theirs,
            Vec::new(),
            account,
            switchboard,
            limits,
            Greeter::new(ice),
            Pass::everywhere(),
        ));
        let mut client = WebSocketStream::from_raw_socket(ours, Role::Client, None).await;
        assert!(hears(&mut client).await.starts_with(protocol::GREETING));
        says(&mut client, &format!(r#"/announce|{id}|{{"room":"r"}}"#)).await;
        assert!(hears(&mut client).await.starts_with("/roominfo|"));
        client
    }
}

/// Servers that are told again after this time.
struct Renewed(Duration);

impl IceSource for Renewed {
    fn servers(&self) -> Vec<IceServer> {
        Vec::new()
    }

    fn refresh_after(&self) -> Duration {
        self.0
    }

    fn left(&self) {}
}

async fn says(client: &mut Client, text: &str) {
    client.send(Message::text(text)).await.unwrap();
}

async fn hears(client: &mut Client) -> String {
    let message = client.next().await.unwrap().unwrap();
    message.into_text().unwrap().to_string()
}

/// Pinged often, once in an hour, and when it is greeted.
#[tokio::test]
async fn who_stays_is_greeted_again_however_seldom_it_is_pinged() {
    let refresh_after = Duration::from_millis(300);
    for ping_period in [refresh_after / 10, Duration::from_secs(3600), refresh_after] {
        let mut server = Server::start();
        server.limits = Arc::new(Limits {
            ping_period,
            ..Limits::of_tests()
        });
        let begun = Instant::now();
        let [ours, theirs] = memory::pair(1 << 16);
        let ice = Arc::new(Renewed(refresh_after));
        let mut client = server
            .join_given("a", ours, Box::new(theirs), Some(ice))
            .await;
        for round in 1..=3 {
            let greeted =
                async { while !hears(&mut client).await.starts_with(protocol::GREETING) {} };
            let is_greeted = timeout(PATIENCE, greeted).await;
            assert!(is_greeted.is_ok(), "pinged every {ping_period:?}");
            assert!(begun.elapsed() >= refresh_after * round);
        }
    }
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
