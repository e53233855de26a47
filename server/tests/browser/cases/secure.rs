//! The certificate of `--tls` in Chromium, at an address that is not this machine's alone: on a machine in a network of its own.

use std::future::pending;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context, Result};
use serde_json::json;
use server::Listeners;
use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::Settings;
use server::process::addresses;
use server::tls::authority::names::Names;
use server::tls::authority::{Authority, LOOK_EVERY};
use server::workshop::Workshop;
use thirtyfour::WebDriver;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::harness::eventually;
use crate::harness::trusting::Trusting;
use crate::networks::namespaces::{AccessPoint, Clients, apart};

/// Asks for a camera, and says whether it got one.
const CAMERA: &str = "const done = arguments[arguments.length - 1];
navigator.mediaDevices.getUserMedia({ video: true }).then(
  (stream) => done(stream.getVideoTracks().length), (error) => done(String(error)));";

const CHECK: &str = "const button = document.querySelector('.https-check button');
button?.click();
return button !== null;";
const FOUND: &str = "return document.querySelector('.https-check [role=status]').textContent;";

/// What the page came by, how many parts of it came from its server, and what came by anything else.
const PROTOCOLS: &str = "const [page] = performance.getEntriesByType('navigation');
const parts = performance.getEntriesByType('resource').filter(({ name }) => name.startsWith(location.origin));
const others = parts.filter(({ nextHopProtocol }) => nextHopProtocol !== page.nextHopProtocol);
return [page.nextHopProtocol, parts.length, others.map(({ name, nextHopProtocol }) => `${name} ${nextHopProtocol}`)];";

/// Has a demo run and meet the server, once the page is ready.
const INVITE: &str = "const demo = document.querySelector('section[aria-label=\"quickconnect-intro.js\"]');
const invite = [...(demo?.querySelectorAll('button') ?? [])].find(({ textContent }) => textContent.trim() === 'Invite the server');
if (document.documentElement.dataset.stage !== 'ready' || !invite) return false;
invite.click();
return true;";
const IS_CONNECTED: &str = "return [...document.querySelectorAll('section[aria-label=\"quickconnect-intro.js\"] .entry .text')]
  .some(({ textContent }) => textContent.startsWith('call:started'));";

const SHOWN: &str = "return document.body.textContent;";

/// What the page *A secure connection*, in plain HTTP, finds out about this browser.
async fn check(driver: &WebDriver, address: IpAddr, port: u16) -> Result<String> {
    let page = format!("http://{address}:{port}/workshop/https.html");
    driver.goto(page).await?;
    eventually(async || {
        let pressed = driver.execute(CHECK, []).await?;
        Ok((pressed.json() == &json!(true)).then_some(()))
    })
    .await?;
    eventually(async || {
        let found = driver.execute(FOUND, []).await?;
        let found = found.json().as_str().unwrap_or_default().to_owned();
        Ok(found.contains("certificate").then_some(found))
    })
    .await
}

/// A server with an authority of its own: at which address, and its root.
async fn start(folder: &tempfile::TempDir) -> Result<(IpAddr, u16, Arc<[u8]>)> {
    let own = addresses::of_this_machine();
    let is_for_others = |address: &IpAddr| address.is_ipv4() && !address.is_loopback();
    let address = own.into_iter().find(is_for_others);
    let address = address.context("this test needs an address that others could open")?;
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await?;
    let port = listener.local_addr()?.port();
    let of_machine = move || Names {
        dns: Vec::new(),
        addresses: vec![address],
    };
    let place = folder.path().join("guidebook");
    let authority = Authority::open(place, of_machine(), &of_machine(), SystemTime::now())?;
    let root = authority.root();
    let workshop = Workshop::at(format!("http://{address}:{port}/"))?.with_tls(true);
    let book = Arc::new(LiveBook::open_for(Some(workshop), Source::Embedded)?);
    let (tls, watch) = authority.serve(LOOK_EVERY, of_machine, SystemTime::now)?;
    let listeners = Listeners {
        tls: Some(tls),
        ..Listeners::from(listener)
    };
    tokio::spawn(async move {
        let served = server::run(listeners, book, Settings::default(), pending()).await;
        drop(watch);
        served
    });
    Ok((address, port, root))
}

/// Runs the test of this name where server and browser have an address of a private network.
fn on_a_laptop(name: &str, test: impl AsyncFnOnce() -> Result<()> + Send) {
    apart(name, || {
        let wifi = AccessPoint::new()?;
        let laptop = wifi.join("laptop", 2, Clients::Reachable)?;
        // Its threads are on the machine, as the one that starts it is.
        laptop.run(|| Runtime::new()?.block_on(test()))
    });
}

#[test]
fn chromium_with_the_authority_trusted_opens_the_page_and_gives_it_a_camera() {
    let name =
        "cases::secure::chromium_with_the_authority_trusted_opens_the_page_and_gives_it_a_camera";
    on_a_laptop(name, async || {
        let folder = tempfile::tempdir()?;
        let (address, port, root) = start(&folder).await?;
        let chromium = Trusting::chromium(Some(&root), &address.to_string()).await?;
        let driver = &chromium.driver;
        driver.goto(format!("https://{address}:{port}/")).await?;
        let is_secure = driver.execute("return isSecureContext;", []).await?;
        assert_eq!(is_secure.json(), &json!(true));
        let camera = driver.execute_async(CAMERA, []).await?;
        assert_eq!(camera.json(), &json!(1));
        // Plain HTTP at the same port is no secure context, at an address of the network.
        driver.goto(format!("http://{address}:{port}/")).await?;
        let is_secure = driver.execute("return isSecureContext;", []).await?;
        assert_eq!(is_secure.json(), &json!(false));
        let found = check(driver, address, port).await?;
        assert!(found.contains("takes the certificate"), "{found}");
        chromium.driver.clone().quit().await?;
        Ok(())
    });
}

#[test]
fn chromium_with_the_authority_trusted_loads_a_page_over_http_2_and_its_demo_connects() {
    let name = "cases::secure::chromium_with_the_authority_trusted_loads_a_page_over_http_2_and_its_demo_connects";
    on_a_laptop(name, async || {
        let folder = tempfile::tempdir()?;
        let (address, port, root) = start(&folder).await?;
        let chromium = Trusting::chromium(Some(&root), &address.to_string()).await?;
        let driver = &chromium.driver;
        let page = format!("https://{address}:{port}/connecting/");
        driver.goto(page).await?;
        let becomes_so = async |script: &str| {
            let so = driver.execute(script, []).await?;
            Ok((so.json() == &json!(true)).then_some(()))
        };
        // The WebSocket, which its frame opens, comes by HTTP/1.1.
        eventually(async || becomes_so(INVITE).await).await?;
        eventually(async || becomes_so(IS_CONNECTED).await).await?;
        let protocols = driver.execute(PROTOCOLS, []).await?;
        let found = protocols.json();
        assert_eq!(
            (&found[0], &found[2]),
            (&json!("h2"), &json!([])),
            "{found}"
        );
        assert!(found[1].as_u64() > Some(10), "{found}");
        chromium.driver.clone().quit().await?;
        Ok(())
    });
}

#[test]
fn chromium_without_it_warns() {
    on_a_laptop("cases::secure::chromium_without_it_warns", async || {
        let folder = tempfile::tempdir()?;
        let (address, port, _) = start(&folder).await?;
        let chromium = Trusting::chromium(None, &address.to_string()).await?;
        let driver = &chromium.driver;
        // For its driver that is a page like any other.
        driver.goto(format!("https://{address}:{port}/")).await?;
        let shown = driver.execute(SHOWN, []).await?;
        let shown = shown.json().as_str().unwrap_or_default().to_owned();
        assert!(shown.contains("ERR_CERT_AUTHORITY_INVALID"), "{shown}");
        let found = check(driver, address, port).await?;
        assert!(found.contains("does not take the certificate"), "{found}");
        chromium.driver.clone().quit().await?;
        Ok(())
    });
}
