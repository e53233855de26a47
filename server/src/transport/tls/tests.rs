//! Both ends of TLS over a stream of which the test knows how much it holds.
#![allow(clippy::unwrap_used)]

use std::future::poll_fn;
use std::io::ErrorKind;

use rcgen::CertifiedKey;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ClientConfig, RootCertStore};
use signaling::transport::memory::{self, Memory};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsConnector;
use tokio_rustls::client;

use super::*;

/// The server's halves, and a client at the other end of a stream that holds so many bytes each way.
async fn connected(
    capacity: usize,
) -> (Box<dyn Reader>, Arc<dyn Writer>, client::TlsStream<Memory>) {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let provider = Arc::new(ring::default_provider());
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    // Nobody reads them here, and they are more than the stream holds.
    config.send_tls13_tickets = 0;
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let trusting = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let [mut ours, theirs] = memory::pair(capacity);
    let connector = TlsConnector::from(Arc::new(trusting));
    let connecting = tokio::spawn(async move {
        let name = "localhost".try_into().unwrap();
        connector.connect(name, theirs).await.unwrap()
    });
    let mut early = vec![0; 5];
    ours.read_exact(&mut early).await.unwrap();
    let tls = Tls::accept(Arc::new(config), Box::new(ours), early)
        .await
        .unwrap();
    let (reader, writer) = Transport::split(Box::new(tls));
    (reader, writer, connecting.await.unwrap())
}

/// Writes as those do who keep what is not taken.
async fn write(writer: &dyn Writer, mut rest: &[u8]) {
    while !rest.is_empty() {
        // In pieces, as frames are queued.
        let (first, second) = rest.split_at(rest.len() / 3);
        match writer.try_write(&[IoSlice::new(first), IoSlice::new(second)]) {
            Ok(written) => rest = &rest[written..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                poll_fn(|context| writer.poll_ready(context)).await.unwrap();
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|index| (index % 251) as u8).collect()
}

#[tokio::test]
async fn everything_arrives_once_and_in_order_however_little_the_stream_below_holds() {
    // The least that the farewell fits into.
    for capacity in [30, 100, 5000] {
        let (_reader, writer, mut client) = connected(capacity).await;
        let sent = pattern(100_000);
        let reading = tokio::spawn(async move {
            let mut read = vec![0; 100_000];
            client.read_exact(&mut read).await.unwrap();
            (client, read)
        });
        let mut rest = &sent[..];
        for len in [1, 2, 1000, 98_997] {
            let (message, later) = rest.split_at(len);
            write(&*writer, message).await;
            rest = later;
        }
        let (mut client, read) = reading.await.unwrap();
        assert!(read == sent, "{capacity}");
        drop(writer);
        // Without a `close_notify` this is an error.
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0, "{capacity}");
    }
}

#[tokio::test]
async fn nobody_is_told_that_all_is_written_while_some_of_it_waits() {
    let (_reader, writer, mut client) = connected(50).await;
    let message = pattern(100);
    assert_eq!(writer.try_write(&[IoSlice::new(&message)]).unwrap(), 99);
    let rest = &message[99..];
    let waits = writer.try_write(&[IoSlice::new(rest)]).unwrap_err();
    assert_eq!(waits.kind(), ErrorKind::WouldBlock);
    let mut read = vec![0; 100];
    let (_, ()) = tokio::join!(client.read_exact(&mut read), write(&*writer, rest));
    assert_eq!(read, message);
}

#[tokio::test]
async fn what_the_client_sends_is_read_whole_and_its_end_is_told_apart_from_a_break() {
    for says_so in [true, false] {
        let (mut reader, _writer, mut client) = connected(300).await;
        let sent = pattern(50_000);
        let expected = sent.clone();
        tokio::spawn(async move {
            client.write_all(&sent).await.unwrap();
            client.flush().await.unwrap();
            if says_so {
                client.shutdown().await.unwrap();
            }
        });
        let mut read = Vec::new();
        let end = reader
            .read_to_end(&mut read)
            .await
            .map_err(|error| error.kind());
        assert_eq!(read, expected);
        assert_eq!(end.is_ok(), says_so, "{end:?}");
    }
}

#[tokio::test]
async fn a_client_that_sends_what_is_none_is_told_so_when_its_connection_ends() {
    let (mut reader, writer, client) = connected(300).await;
    let (mut below, mut client) = client.into_inner();
    below.write_all(&[0x17, 3, 3, 0, 20]).await.unwrap();
    below.write_all(&[0; 20]).await.unwrap();
    let error = reader.read_u8().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    drop((reader, writer));
    let mut rest = Vec::new();
    below.read_to_end(&mut rest).await.unwrap();
    client.read_tls(&mut &rest[..]).unwrap();
    let told = client.process_new_packets().unwrap_err();
    assert!(matches!(told, rustls::Error::AlertReceived(_)), "{told:?}");
}
