//! What somebody who has stolen the authority of `--tls` can do to a device that trusts it: not be another site. The constraints of its root are compared
//! with what rustls says of them beside `server::tls::authority`; here it is for the browsers to say so.

use std::future::pending;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use rcgen::{CertificateParams, DistinguishedName, DnType, Issuer, KeyPair};
use serde_json::json;
use server::Listeners;
use server::config::Settings;
use server::tls::authority::Authority;
use server::tls::authority::names::Names;
use server::tls::{Tls, pair};
use tempfile::TempDir;
use thirtyfour::WebDriver;
use tokio::net::TcpListener;

use crate::harness::BOOK;
use crate::harness::places::{Mostly, run};
use crate::harness::trusting::Trusting;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A name that the constraints permit, and one of another site.
const PERMITTED: &str = "laptop.local";
const OTHERS: &str = "example.org";

/// An authority that has become known to somebody else: all that its folder has.
struct Stolen {
    root: Arc<[u8]>,
    name: String,
    key: Vec<u8>,
}

impl Stolen {
    fn new() -> Result<Self> {
        let folder = TempDir::new()?;
        let place = folder.path().join("guidebook");
        let nothing = Names::default();
        let now = SystemTime::now();
        let authority = Authority::open(place.clone(), nothing.clone(), &nothing, now)?;
        let kept: serde_json::Value =
            serde_json::from_slice(&std::fs::read(place.join("authority.json"))?)?;
        Ok(Self {
            root: authority.root(),
            name: authority.name().to_owned(),
            key: serde_json::from_value(kept["key"].clone())?,
        })
    }

    /// A server with a certificate for this name that the authority has signed: its port.
    async fn serve(&self, name: &str) -> Result<u16> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        (params.distinguished_name).push(DnType::CommonName, &*self.name);
        let issuer = Issuer::new(params, KeyPair::try_from(&self.key[..])?);
        let mut params = CertificateParams::new([name.to_owned()])?;
        let now = SystemTime::now();
        let day = std::time::Duration::from_secs(24 * 3600);
        params.not_before = (now - day / 24).into();
        params.not_after = (now + day).into();
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &issuer)?;
        let pair = pair::of_pem(certificate.pem().as_bytes(), key.serialize_pem().as_bytes())?;
        let mut settings = Settings::default();
        let every_name = "*".parse().map_err(anyhow::Error::msg)?;
        settings.access.host_name = vec![every_name];
        let listener = TcpListener::bind((HERE, 0)).await?;
        let port = listener.local_addr()?.port();
        let listeners = Listeners {
            tls: Some(Tls::new(Arc::new(pair))?),
            ..Listeners::from(listener)
        };
        tokio::spawn(server::run(
            listeners,
            Arc::clone(&BOOK),
            settings,
            pending(),
        ));
        Ok(port)
    }
}

/// Opens a page over TLS, and says what is shown in its place, if it is not.
async fn refusal(driver: &WebDriver, name: &str, port: u16, shown: &str) -> Result<Option<String>> {
    // Firefox's driver fails where its browser warns, Chromium's doesn't.
    let opened = driver.goto(format!("https://{name}:{port}/healthz")).await;
    let has_opened =
        "return location.protocol === 'https:' && document.body.textContent.trim() === 'alive';";
    let has_opened = driver.execute(has_opened, []).await?;
    if has_opened.json() == &json!(true) {
        opened.context("the page is there")?;
        return Ok(None);
    }
    let shown = driver.execute(shown, []).await?;
    Ok(Some(shown.json().as_str().unwrap_or_default().to_owned()))
}

/// A browser that trusts the root opens a page of a name that is permitted, and refuses one of another site, of which the certificate is the same but for its
/// name: `why` is all that a browser says of it, and `shown` the script that finds that.
async fn refuses_others(stolen: &Stolen, browser: Trusting, shown: &str, why: &str) -> Result<()> {
    let driver = &browser.driver;
    let port = stolen.serve(PERMITTED).await?;
    // The certificate is as good as any, but for its name.
    let refused = refusal(driver, PERMITTED, port, shown).await?;
    ensure!(refused.is_none(), "{PERMITTED}: {refused:?}");
    let port = stolen.serve(OTHERS).await?;
    let refused = refusal(driver, OTHERS, port, shown).await?;
    let refused = refused.with_context(|| format!("{OTHERS} was opened"))?;
    ensure!(refused.contains(why), "{refused}");
    browser.driver.clone().quit().await?;
    Ok(())
}

#[test]
fn chromium_that_trusts_the_authority_takes_no_certificate_of_it_for_another_site() -> Result<()> {
    run(Mostly::Works, async {
        let stolen = Stolen::new()?;
        let browser = Trusting::chromium_at(&stolen.root, HERE).await?;
        let shown = "return document.body.textContent;";
        refuses_others(&stolen, browser, shown, "ERR_CERT_INVALID").await
    })
}

#[test]
fn firefox_that_trusts_the_authority_takes_no_certificate_of_it_for_another_site() -> Result<()> {
    run(Mostly::Works, async {
        let stolen = Stolen::new()?;
        let browser = Trusting::firefox_at(&stolen.root, HERE).await?;
        let shown = "return document.documentURI;";
        refuses_others(&stolen, browser, shown, "about:certerror?e=nssBadCert").await
    })
}
