//! A broker that speaks TLS, `rediss://`: whose certificate is taken, and what is said of one that is not.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use server::config::{Cluster, Limits, Settings};
use tempfile::TempDir;

use super::broker::Broker;
use super::starting::refusal;
use super::{settings, signaling};
use crate::support::{Peer, Running, Server, own_address};

/// The port of every broker here, each at an address of its own.
const PORT: u16 = 6380;

/// A broker with a certificate that an authority of its own has signed.
struct Encrypted {
    broker: Broker,
    /// Of which the certificate is.
    address: SocketAddr,
    /// The broker has it as well, and no certificate for it.
    other_address: SocketAddr,
    folder: TempDir,
}

impl Encrypted {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (address, other_address) = (own_address(PORT), own_address(PORT));
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let authority = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([address.ip().to_string()]).unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap().pem();
        let write = |name: &str, text: String| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        write("authority.pem", authority);
        let broker = Broker::start_with(&[
            "--tls-port",
            &PORT.to_string(),
            "--bind",
            &address.ip().to_string(),
            &other_address.ip().to_string(),
            "--tls-cert-file",
            &write("cert.pem", certificate),
            "--tls-key-file",
            &write("key.pem", key.serialize_pem()),
            "--tls-auth-clients",
            "no",
        ]);
        Self {
            broker,
            address,
            other_address,
            folder,
        }
    }

    fn url(&self) -> String {
        format!("rediss://{}", self.address)
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }
}

#[tokio::test]
async fn instances_meet_over_a_broker_whose_authority_is_named() {
    let encrypted = Encrypted::start();
    let of_instance = || Settings {
        cluster: Cluster {
            cluster_ca: Some(encrypted.authority()),
            ..settings(&encrypted.url(), Limits::default()).cluster
        },
        ..Settings::default()
    };
    let x = Server::with_settings(of_instance()).await;
    let y = Server::with_settings(of_instance()).await;
    let mut a = Peer::join(&x, "a", "r", 1).await;
    let mut b = Peer::join(&y, "b", "r", 2).await;
    a.hears(&b.announcement("r")).await;
    a.says("/to|b|/ping|a").await;
    b.hears("/to|b|/ping|a").await;
}

#[tokio::test]
async fn an_authority_of_the_system_is_trusted_where_none_is_named() {
    let encrypted = Encrypted::start();
    let mut command = signaling(&encrypted.url());
    // Where the system's authorities are, as OpenSSL is told it, too.
    let instance = Running::start(command.env("SSL_CERT_FILE", encrypted.authority()));
    let mut a = Peer::connect_to(instance.address(), "a").await.unwrap();
    a.hears_greeting().await;
    a.announce("r").await;
    a.hears_room_info(1).await;
    encrypted.broker.knows_rooms(1).await;
}

#[test]
fn a_certificate_of_nobody_or_for_another_name_is_refused_in_words() {
    let encrypted = Encrypted::start();
    let authority = encrypted.authority().display().to_string();
    let says = refusal(&["--cluster", &encrypted.url()]);
    assert!(says.contains("with --cluster-ca"), "{says}");
    let other = format!("rediss://{}", encrypted.other_address);
    let says = refusal(&["--cluster", &other, "--cluster-ca", &authority]);
    assert!(says.contains("it is for another name"), "{says}");
}

#[test]
fn a_file_without_authorities_is_refused_and_so_is_one_for_a_broker_without_tls() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    fs::write(&empty, "").unwrap();
    let empty = empty.display().to_string();
    let says = refusal(&["--cluster", "rediss://127.0.0.1:1", "--cluster-ca", &empty]);
    assert!(says.contains("has no certificate"), "{says}");
    let says = refusal(&["--cluster", "redis://127.0.0.1:1", "--cluster-ca", &empty]);
    assert!(says.contains("Use rediss://"), "{says}");
}
