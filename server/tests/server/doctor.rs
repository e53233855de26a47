//! `guidebook doctor`: what it says of a server that works, of what is no server, of certificates, and of STUN and TURN.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use serde_json::Value;
use server::config::{IceServers, Settings};
use server::doctor::examine;
use server::doctor::report::{Report, Verdict};
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::process::Command;
use tokio_rustls::TlsAcceptor;

use crate::proxy::{self, Fault};
use crate::support::turn::{self, Turn};
use crate::support::{PROGRAM, Server, guidebook, soon};

#[tokio::test]
async fn of_a_server_that_works_every_row_is_good_and_each_step_has_its_time() {
    let server = Server::start().await;
    let report = soon(
        "a report",
        examine(
            &format!("http://{}", server.address),
            &IceServers::default(),
            None,
        ),
    )
    .await;
    for row in &report.rows {
        let is_good = row.verdict == Verdict::Good;
        assert!(is_good || row.verdict == Verdict::Skipped, "{row:?}");
    }
    let timed = report.rows.iter().filter(|row| row.took.is_some());
    let timed: Vec<_> = timed.map(|row| row.check).collect();
    assert_eq!(
        timed,
        [
            "page",
            "stage",
            "frame",
            "library",
            "page's socket",
            "demo's socket",
            "signaling",
            "announce",
            "connection",
            "data channel"
        ]
    );
}

/// What it says of an address.
async fn examined(url: &str) -> Report {
    soon("a report", examine(url, &IceServers::default(), None)).await
}

#[tokio::test]
async fn the_address_of_a_page_and_of_a_place_in_it_will_do() {
    let server = Server::start().await;
    for path in ["/connecting/index.html#x", "/connecting/", "/connecting"] {
        let report = examined(&format!("http://{}{path}", server.address)).await;
        assert!(!report.has_failed(), "{path}: {report}");
    }
    let report = examined(&format!("http://{}/nothing", server.address)).await;
    assert!(report.to_string().contains("status 404"), "{report}");
}

/// Whether a report has this verdict of a check, and says this.
fn says(report: &Report, check: &str, verdict: Verdict, part: &str) {
    let row = report.rows.iter().find(|row| row.check == check);
    let row = row.unwrap_or_else(|| panic!("no {check} in {report}"));
    assert!(
        row.verdict == verdict && row.says.contains(part),
        "{report}"
    );
}

#[tokio::test]
async fn behind_a_proxy_that_passes_everything_on_all_is_good() {
    let server = Server::start().await;
    let proxy = proxy::before(server.address, Fault::None).await;
    let report = examined(&format!("http://{proxy}/")).await;
    assert!(!report.has_failed(), "{report}");
}

#[tokio::test]
async fn of_a_proxy_that_changes_host_it_names_the_header_and_the_remedy() {
    let server = Server::start().await;
    for (fault, host) in [
        (Fault::Host, server.address.to_string()),
        (Fault::Port, "127.0.0.1".to_owned()),
    ] {
        let proxy = proxy::before(server.address, fault).await;
        let report = examined(&format!("http://{proxy}/")).await;
        let part = format!(
            "Host: {host} does not match Origin: http://{proxy}. If the page comes from this server, a proxy in between changes Host"
        );
        says(&report, "page's socket", Verdict::Failed, &part);
        says(&report, "demo's socket", Verdict::Good, "");
    }
}

#[tokio::test]
async fn of_a_proxy_that_drops_the_upgrade_it_says_so() {
    let server = Server::start().await;
    let proxy = proxy::before(server.address, Fault::Upgrade).await;
    let report = examined(&format!("http://{proxy}/")).await;
    for check in ["page's socket", "demo's socket"] {
        says(
            &report,
            check,
            Verdict::Failed,
            "without its Upgrade header",
        );
    }
}

#[tokio::test]
async fn behind_a_proxy_with_the_book_in_a_folder_all_is_good_there() {
    let server = Server::start().await;
    let proxy = proxy::before(server.address, Fault::Prefix("/guide")).await;
    for path in ["/guide/", "/guide/connecting/index.html"] {
        let report = examined(&format!("http://{proxy}{path}")).await;
        assert!(!report.has_failed(), "{report}");
    }
    let report = examined(&format!("http://{proxy}/")).await;
    says(&report, "page", Verdict::Failed, "status 404");
}

#[tokio::test]
async fn where_nothing_listens_it_says_so() {
    let server = Server::start().await;
    let url = format!("http://{}", server.address);
    server.stop().await;
    let report = soon("a report", examine(&url, &IceServers::default(), None)).await;
    assert!(report.has_failed());
    assert!(
        report.to_string().contains("Is the server running"),
        "{report}"
    );
}

#[tokio::test]
async fn what_speaks_no_http_and_what_is_no_address_are_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.write_all(b"220 mail.example ESMTP\r\n").await;
        }
    });
    for (url, says) in [
        (format!("http://{address}"), "does not speak HTTP"),
        (format!("https://{address}"), "certificate"),
        ("the server".to_owned(), "is not an address"),
    ] {
        let report = soon("a report", examine(&url, &IceServers::default(), None)).await;
        assert!(report.has_failed());
        assert!(report.to_string().contains(says), "{report}");
    }
}

/// A certificate authority that devices may trust.
fn authority() -> (String, Issuer<'static, KeyPair>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = params.self_signed(&key).unwrap().pem();
    (pem, Issuer::new(params, key))
}

/// Stands before a server and speaks TLS, as a proxy does. Signs its certificate itself if there is no issuer.
async fn behind_tls(
    server: SocketAddr,
    params: CertificateParams,
    issuer: Option<&Issuer<'static, KeyPair>>,
) -> u16 {
    behind_tls_with(server, params, issuer, &[]).await
}

/// The same, and names these protocols, of which clients choose.
async fn behind_tls_with(
    server: SocketAddr,
    params: CertificateParams,
    issuer: Option<&Issuer<'static, KeyPair>>,
    protocols: &[&[u8]],
) -> u16 {
    let key = KeyPair::generate().unwrap();
    let certificate = match issuer {
        Some(issuer) => params.signed_by(&key, issuer),
        None => params.self_signed(&key),
    };
    let chain = vec![certificate.unwrap().der().clone()];
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = ServerConfig::builder().with_no_client_auth();
    let mut config = config.with_single_cert(chain, key.into()).unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Who does not like the certificate leaves.
                let mut outside = acceptor.accept(socket).await.ok()?;
                let mut inside = TcpStream::connect(server).await.ok()?;
                copy_bidirectional(&mut outside, &mut inside).await.ok()
            });
        }
    });
    port
}

/// What the program finds at a port of this machine when it trusts this authority and no other.
async fn report(port: u16, authority: &str) -> Value {
    let trusted = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&trusted, authority).unwrap();
    let mut program = guidebook(PROGRAM);
    program
        .args(["doctor", "--json", &format!("https://localhost:{port}")])
        .env("SSL_CERT_FILE", trusted.path())
        .env_remove("SSL_CERT_DIR");
    let output = soon("a report", Command::from(program).output())
        .await
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn a_certificate_that_is_trusted_and_each_fault_of_one_has_its_verdict() {
    let server = Server::start().await;
    let (trusted, issuer) = authority();
    let named = |name: &str| CertificateParams::new([name.to_owned()]).unwrap();
    let mut expired = named("localhost");
    expired.not_after = date_time_ymd(2020, 1, 1);
    let mut authority_too = named("localhost");
    authority_too.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for (params, issuer, verdict, says) in [
        (authority_too, None, "failed", "It is signed by itself"),
        (
            named("localhost"),
            Some(&issuer),
            "good",
            "It is trusted here",
        ),
        (
            named("localhost"),
            None,
            "failed",
            "Nobody whom this device trusts",
        ),
        (expired, Some(&issuer), "failed", "It has expired"),
        (
            named("other.example"),
            Some(&issuer),
            "failed",
            "It is for another name",
        ),
    ] {
        let port = behind_tls(server.address, params, issuer).await;
        certificate_is(verdict, says, &report(port, &trusted).await);
    }
}

/// What a report says of the certificate; nothing else fails.
fn certificate_is(verdict: &str, says: &str, report: &Value) {
    let mut rows = report["rows"].as_array().unwrap().iter();
    let row = rows.find(|row| row["check"] == "certificate").unwrap();
    assert_eq!(row["verdict"], verdict, "{row}");
    assert!(row["says"].as_str().unwrap().starts_with(says), "{row}");
    assert_eq!(report["failed"], verdict == "failed", "{report}");
}

#[tokio::test]
async fn it_asks_by_http_1_1_as_a_websocket_does_and_says_where_that_is_not_spoken() {
    let server = Server::start().await;
    let (trusted, issuer) = authority();
    for (protocols, verdict, says) in [
        (&[&b"h2"[..], b"http/1.1"][..], "good", "It is trusted here"),
        (&[b"h2"], "failed", "What answers there speaks no HTTP/1.1"),
    ] {
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let port = behind_tls_with(server.address, params, Some(&issuer), protocols).await;
        certificate_is(verdict, says, &report(port, &trusted).await);
    }
}

#[tokio::test]
async fn stun_and_turn_servers_that_are_named_are_asked_for_addresses() {
    let server = Server::start().await;
    let mut turn = Turn::start().await;
    let rows = async |stun: SocketAddr, password: &str| {
        let servers = IceServers {
            stun: vec![stun.to_string()],
            turn: vec![turn.address.to_string()],
            turn_user: Some(turn::USER.0.to_owned()),
            turn_password: Some(password.to_owned()),
        };
        let url = format!("http://{}", server.address);
        let rows = soon("a report", examine(&url, &servers, None))
            .await
            .rows
            .into_iter();
        let rows = rows.filter(|row| ["STUN", "TURN"].contains(&row.check));
        rows.map(|row| (row.verdict, row.says)).collect::<Vec<_>>()
    };
    let found = rows(turn.address, turn::USER.1).await;
    let [(Verdict::Good, stun), (Verdict::Good, relay)] = &found[..] else {
        panic!("{found:?}");
    };
    assert!(stun.contains("sees this device as 127.0.0.1:"), "{stun}");
    assert!(
        relay.ends_with(&format!("relays at {}.", turn::LENT)),
        "{relay}"
    );

    // Nobody listens there any more.
    let nobody = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let found = rows(address, "wrong").await;
    let [(Verdict::Failed, stun), (Verdict::Failed, relay)] = &found[..] else {
        panic!("{found:?}");
    };
    assert!(stun.contains("does not answer"), "{stun}");
    assert!(
        relay.contains("refuses") && relay.contains("401"),
        "{relay}"
    );
    turn.is_given_back().await;
}

#[tokio::test]
async fn the_servers_that_the_guidebook_gives_are_asked_as_a_reader_would_ask_them() {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let server = Server::with_relay(address, Settings::default()).await;
    let report = examined(&format!("http://{}/connecting/", server.address)).await;
    let says = |check| {
        let row = report.rows.iter().find(|row| row.check == check).unwrap();
        assert_eq!(row.verdict, Verdict::Good, "{row:?}");
        row.says.clone()
    };
    let of_server = |what: &str| format!("{} {what} 127.0.0.1:", server.address);
    for (check, what) in [
        ("its STUN", "sees this device as"),
        ("its TURN", "relays at"),
        ("its TURN, TCP", "relays at"),
    ] {
        let says = says(check);
        assert!(says.starts_with(&of_server(what)), "{says}");
    }
}

/// As where a firewall lets only TCP through.
#[tokio::test]
async fn a_guidebook_whose_servers_do_not_answer_over_udp_still_works_and_says_what_that_costs() {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut settings = Settings::default();
    // Nobody listens at this address.
    settings.relay.external_address = Some(Ipv4Addr::new(127, 0, 0, 2).into());
    let server = Server::with_relay(address, settings).await;
    let report = examined(&format!("http://{}", server.address)).await;
    assert!(!report.has_failed(), "{report}");
    let rows = report
        .rows
        .iter()
        .filter(|row| row.verdict == Verdict::Warning);
    let rows: Vec<_> = rows.map(|row| (row.check, row.says.as_str())).collect();
    assert!(
        matches!(rows[..], [("its STUN", _), ("its TURN", _)]),
        "{rows:?}"
    );
    for (_, says) in rows {
        assert!(says.contains("does not answer"), "{says}");
        assert!(says.contains("go over TCP"), "{says}");
    }
}
