//! Data channels and messages between two clients.

use std::time::Duration;

use quickconnect::protocol::peer::ChannelConfig;
use quickconnect::{Channel, Message, QuickConnect, SendError};

use super::{call_ended, client, message, opened, pair};
use crate::support::Server;

#[tokio::test]
async fn a_channel_opens_on_both_sides_whichever_side_declares_it() {
    for declaring in ["a", "b"] {
        let server = Server::start().await;
        let declare = |id: &str| match id == declaring {
            true => client(&server, id).data_channel("chat"),
            false => client(&server, id),
        };
        let mut a = declare("a").connect().await.unwrap();
        let mut b = declare("b").connect().await.unwrap();
        let (of_a, of_b) = tokio::join!(opened(&mut a, "chat"), opened(&mut b, "chat"));
        of_a.send_text("from a").await.unwrap();
        of_b.send(b"from b").await.unwrap();
        assert_eq!(message(&mut b).await, Message::Text("from a".into()));
        assert_eq!(message(&mut a).await, Message::Binary("from b".into()));
    }
}

#[tokio::test]
async fn a_negotiated_channel_and_one_that_comes_later_open_too() {
    let server = Server::start().await;
    let negotiated = ChannelConfig {
        negotiated: true,
        ordered: false,
        ..Default::default()
    };
    let join = |id| client(&server, id).data_channel_with("both", negotiated.clone());
    let mut a = join("a").connect().await.unwrap();
    let mut b = join("b").connect().await.unwrap();
    tokio::join!(opened(&mut a, "both"), opened(&mut b, "both"));
    b.create_data_channel("later", ChannelConfig::default())
        .await
        .unwrap();
    tokio::join!(opened(&mut a, "later"), opened(&mut b, "later"));
}

#[tokio::test]
async fn what_the_slave_asks_for_the_moment_it_is_connected_is_heard() {
    let server = Server::start().await;
    for _ in 0..5 {
        let mut a = client(&server, "a").connect().await.unwrap();
        let asking = client(&server, "b").data_channel("chat");
        let mut b = asking.connect().await.unwrap();
        let both = async { tokio::join!(opened(&mut a, "chat"), opened(&mut b, "chat")) };
        // After 2 s the slave would make the channel itself.
        let heard = tokio::time::timeout(Duration::from_millis(1500), both).await;
        assert!(
            heard.is_ok(),
            "the master did not hear what it was asked for"
        );
        tokio::join!(a.close(), b.close());
    }
}

#[tokio::test]
async fn ten_thousand_messages_keep_their_order_and_none_is_lost() {
    exchange(10_000, 1024).await;
}

#[tokio::test]
async fn sixty_four_megabytes_in_large_messages_keep_their_order_and_nothing_is_lost() {
    exchange(4096, 16 * 1024).await;
}

/// Both sides send this many messages of this size at once; the first bytes of each are its number.
async fn exchange(count: u32, size: usize) {
    let server = Server::start().await;
    let [(a, of_a), (b, of_b)] = pair(&server, "bulk").await;
    let send = async |channel: Channel| {
        let mut bytes = vec![0; size];
        for number in 0..count {
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            channel.send(&bytes).await.unwrap();
        }
    };
    let receive = async |mut peer: QuickConnect| {
        for number in 0..count {
            match message(&mut peer).await {
                Message::Binary(bytes) => {
                    assert_eq!(
                        (bytes.len(), &bytes[..4]),
                        (size, &number.to_be_bytes()[..])
                    );
                }
                text => panic!("{text:?}"),
            }
        }
        // Who hears last must not find the other gone.
        peer
    };
    let all = async { tokio::join!(send(of_a), send(of_b), receive(a), receive(b)) };
    tokio::time::timeout(Duration::from_secs(120), all)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_is_too_large_or_too_late_is_not_sent() {
    let server = Server::start().await;
    let [(mut a, channel), (b, _)] = pair(&server, "chat").await;
    let too_large = channel.send(&vec![0; quickconnect::MAX_MESSAGE + 1]).await;
    assert!(
        matches!(too_large, Err(SendError::TooLarge { .. })),
        "{too_large:?}"
    );
    b.close().await;
    call_ended(&mut a).await;
    let too_late = channel.send_text("hello?").await;
    assert!(
        matches!(too_late, Err(SendError::Closed { .. })),
        "{too_late:?}"
    );
}
