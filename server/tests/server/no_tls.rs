//! Connections that begin with TLS, which is not spoken here: they are told so by an alert, and end.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream as StdStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{AlertDescription, ClientConfig, Error, RootCertStore};
use server::config::{Limits, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_rustls::TlsConnector;

use crate::relay::metric;
use crate::support::{PROGRAM, Running, Server, guidebook, http, soon};

/// How a ClientHello begins. Nothing more of it is looked at.
const HELLO: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";

/// A record with a fatal alert, `protocol_version`.
const ALERT: &[u8] = b"\x15\x03\x03\x00\x02\x02\x46";

const COUNTED: &str = "guidebook_refusals_total{code=\"no-tls\"} ";

const PAUSE: Duration = Duration::from_millis(20);

async fn with_metrics() -> Server {
    let mut settings = Settings::from(Limits::default());
    settings.admin.metrics = true;
    Server::with_settings(settings).await
}

#[tokio::test]
async fn a_client_of_tls_hears_an_alert_that_it_understands_and_is_counted() {
    let server = with_metrics().await;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    for count in 1..=3 {
        let socket = TcpStream::connect(server.address).await.unwrap();
        let name = ServerName::from(server.address.ip());
        let error = soon("a refusal", connector.connect(name, socket)).await;
        let error = error.unwrap_err().into_inner().unwrap();
        assert_eq!(
            error.downcast_ref(),
            Some(&Error::AlertReceived(AlertDescription::ProtocolVersion))
        );
        assert_eq!(metric(&server, COUNTED).await, count);
    }
    assert_eq!(http::get(&server, "/").await.status, 200);
}

#[tokio::test]
async fn the_alert_is_read_whole_and_no_reset_comes_before_it_however_much_is_sent() {
    let server = Server::start().await;
    let long = [HELLO, &[0; 20_000]].concat();
    for hello in [HELLO, &HELLO[..1], &long] {
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        socket.write_all(hello).await.unwrap();
        // As long as it takes to a client that is far away.
        sleep(PAUSE).await;
        let mut answer = Vec::new();
        let read = soon("an alert and the end", socket.read_to_end(&mut answer));
        read.await.unwrap();
        assert_eq!(answer, ALERT);
    }
}

#[tokio::test]
async fn whoever_goes_on_instead_of_closing_is_cut_off_soon() {
    let server = Server::start().await;
    // Little at a time, until the time is over; much, until there are too many bytes.
    for (bytes, pause) in [(&[0][..], PAUSE), (&[0; 4096][..], Duration::ZERO)] {
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        socket.write_all(HELLO).await.unwrap();
        let go_on = async {
            loop {
                if let Err(error) = socket.write_all(bytes).await {
                    return error.kind();
                }
                sleep(pause).await;
            }
        };
        let end = soon("the end of the connection", go_on).await;
        assert!(
            matches!(end, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
            "{end:?}"
        );
    }
}

#[tokio::test]
async fn the_server_ends_at_once_even_if_such_a_client_is_still_there() {
    let server = Server::start().await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket.write_all(HELLO).await.unwrap();
    let mut answer = [0; ALERT.len()];
    soon("an alert", socket.read_exact(&mut answer))
        .await
        .unwrap();
    assert!(server.stop().await < Duration::from_secs(1));
}

#[cfg(unix)]
#[test]
fn the_host_of_a_workshop_is_told_what_to_say_and_not_by_a_line_for_each() {
    /// Far more than the log has in a second of one kind.
    const MANY: usize = 200;

    let running = Running::start(guidebook(PROGRAM).arg("workshop"));
    for _ in 0..MANY {
        let mut socket = StdStream::connect(running.address()).unwrap();
        socket.write_all(HELLO).unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).unwrap();
        assert_eq!(answer, ALERT);
    }
    let (_, _, log) = running.end_by("-TERM");
    let says = "asked with https://, which this server does not speak; tell them to type the address with http:// in front";
    let lines = log.lines().filter(|line| line.contains(says)).count();
    assert!((1..MANY).contains(&lines), "{log}");
}
