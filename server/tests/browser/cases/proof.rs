//! Frames of the book prove that they are the book's, others can't, and neither a demo nor a reader has to know of it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::Value;
use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::{Access, Settings};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::harness::places::{Mostly, run};
use crate::harness::{BOOK, Browser, Kind, eventually, in_browser_of, in_browsers, with_settings};
use crate::pages::{CHAPTER, CREATE_OFFER, QUICKCONNECT};
use crate::proxy::{self, Fault};

/// A server that can be stopped.
struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
}

/// A server at an address, which has port 0 where any will do.
async fn serve(address: SocketAddr, book: Arc<LiveBook>, settings: Settings) -> Running {
    let listener = TcpListener::bind(address).await.expect("the port is free");
    let address = listener.local_addr().expect("it listens");
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async { drop(stopped.await) };
    tokio::spawn(server::run(listener, book, settings, shutdown));
    Running { address, stop }
}

const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A page of another site, whose frame has the origin `null` as a demo's has, and asks the server that the address names for a WebSocket.
const STRANGER: &str = "<!DOCTYPE html><title>waiting</title>
<script>addEventListener('message', ({ data }) => { document.title = data; });</script>
<iframe sandbox=allow-scripts srcdoc=\"<script>
  const socket = new WebSocket('SERVER');
  socket.onopen = () => parent.postMessage('let in', '*');
  socket.onerror = () => parent.postMessage('refused', '*');
</script>\"></iframe>";

async fn a_frame_of_another_site_is_refused(browser: &Browser) -> Result<()> {
    let listener = TcpListener::bind(ANY).await?;
    let stranger = listener.local_addr()?;
    let socket = browser.origin.replace("http", "ws");
    let page = STRANGER.replace("SERVER", &socket);
    let site = Router::new().route("/", get(async || Html(page)));
    tokio::spawn(async { axum::serve(listener, site).await });
    let page = browser.new_tab().await?;
    page.driver()
        .await?
        .goto(format!("http://{stranger}/"))
        .await?;
    let told = eventually(async || {
        let title = page.driver().await?.title().await?;
        Ok((title != "waiting").then_some(title))
    });
    assert_eq!(
        told.await.context("the frame should be answered")?,
        "refused"
    );
    Ok(())
}

#[test]
fn a_sandboxed_frame_of_another_site_is_refused_in_chromium() {
    in_browser_of(Kind::Chromium, a_frame_of_another_site_is_refused);
}

#[test]
fn a_sandboxed_frame_of_another_site_is_refused_in_firefox() {
    in_browser_of(Kind::Firefox, a_frame_of_another_site_is_refused);
}

/// A demo that looks for the proof everywhere that it can reach, also by its own versions of what the runner may call.
const CURIOUS: &str = "const secret = 'SECRET';
const has = Function.prototype.call.bind(String.prototype.includes);
const seen = [];
const keep = (value) => {
  if (typeof value === 'string') seen.push(value);
  else if (Array.isArray(value)) value.forEach(keep);
};
const spy = (owner, name) => {
  const native = owner[name];
  owner[name] = function (...args) {
    keep(this);
    args.forEach(keep);
    const value = native.apply(this, args);
    keep(value);
    return value;
  };
};
for (const name of ['apply', 'construct', 'get']) {
  const native = Reflect[name];
  Reflect[name] = (...args) => {
    args.forEach(keep);
    return native(...args);
  };
}
for (const name of ['slice', 'indexOf', 'includes', 'replace', 'startsWith', 'endsWith', 'concat']) spy(String.prototype, name);
for (const name of ['get', 'set', 'has']) spy(WeakMap.prototype, name);
for (const name of ['get', 'set', 'toString']) spy(URLSearchParams.prototype, name);
globalThis.URL = class extends URL { constructor(...args) { super(...args); keep(this.href); } };
keep(globalThis.name);

const plain = location.origin.replace('http', 'ws');
const urls = [];
for (const given of [`${plain}/primus?x=1`, `${plain}/`, { toString: () => plain }]) {
  const socket = new WebSocket(given);
  await new Promise((done) => socket.addEventListener('message', done, { once: true }));
  urls.push(socket.url);
  keep(socket.url);
  socket.close();
}
for (const [url, protocol] of [[`${plain}/#x`], [plain, 'bad protocol']]) {
  try {
    keep(new WebSocket(url, ...(protocol ? [protocol] : [])).url);
  } catch (error) {
    keep(error.message);
  }
}
performance.getEntries().forEach((entry) => keep(entry.name));
keep(document.documentElement.outerHTML);
console.log('urls', urls.join(' '));
console.log('found', seen.filter((text) => typeof text === 'string' && has(text, secret)).length, 'of', seen.length > 10);";

async fn a_demo_finds_nothing_of_the_proof(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    let parameter = BOOK.proof().parameter();
    let secret = parameter.trim_start_matches("proof=");
    demo.run_code(&CURIOUS.replace("SECRET", secret)).await?;
    let urls = demo.logs("urls ").await?.text;
    let sockets = urls.strip_prefix("urls ").unwrap_or_default();
    let expected = ["/primus?x=1", "/", "/"];
    let sockets: Vec<_> = sockets.split(' ').collect();
    assert_eq!(sockets.len(), 3, "{urls}");
    for (socket, path) in sockets.iter().zip(expected) {
        assert!(
            socket.starts_with("ws://") && socket.ends_with(path),
            "{urls}"
        );
        assert!(!socket.contains("proof"), "{urls}");
    }
    assert_eq!(demo.logs("found ").await?.text, "found 0 of true");
    Ok(())
}

#[test]
fn a_demo_finds_nothing_of_the_proof_in_chromium() {
    in_browser_of(Kind::Chromium, a_demo_finds_nothing_of_the_proof);
}

#[test]
fn a_demo_finds_nothing_of_the_proof_in_firefox() {
    in_browser_of(Kind::Firefox, a_demo_finds_nothing_of_the_proof);
}

#[test]
fn the_ladder_and_a_saved_recording_show_the_demos_own_address() {
    in_browser_of(Kind::Chromium, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.open_instruments().await?;
        demo.run().await?;
        demo.says("1 peer ").await?;
        let ladder = eventually(async || {
            let text = page
                .evaluate("return document.body.textContent;", [])
                .await?;
            let text = text.as_str().unwrap_or_default().to_owned();
            Ok(text.contains("new WebSocket").then_some(text))
        });
        let text = ladder.await.context("the ladder should show the socket")?;
        assert!(!text.contains("proof="));
        Ok(())
    });
}

/// A server is stopped and another started at its address, while a page is open and its demo runs.
fn a_restart_needs_no_reload(kind: Kind) {
    run(Mostly::Works, async {
        let first = serve(ANY, BOOK.clone(), Settings::default()).await;
        let address = first.address;
        let test = async |[browser]: &[Browser; 1]| {
            let page = browser.open(CHAPTER).await?;
            let demo = page.demo(QUICKCONNECT).await?;
            demo.run().await?;
            demo.says("1 peer ").await?;
            first.stop.send(()).expect("it runs");
            demo.says("no room any more").await?;

            let book = Arc::new(LiveBook::open(Source::Embedded)?);
            assert_ne!(book.proof().parameter(), BOOK.proof().parameter());
            let _second = serve(address, book, Settings::default()).await;
            demo.says("1 peer ").await?;
            // Nor does a demo that is started now, in a page that was loaded before.
            demo.stop().await?;
            demo.run().await?;
            demo.says("1 peer ").await?;
            let other = browser.open(CHAPTER).await?;
            other.demo(QUICKCONNECT).await?.run().await?;
            demo.logs("call:started").await?;
            Ok(())
        };
        in_browsers([kind], address, test).await;
    });
}

#[test]
fn a_restart_of_the_server_needs_no_reload_in_chromium() {
    a_restart_needs_no_reload(Kind::Chromium);
}

#[test]
fn a_restart_of_the_server_needs_no_reload_in_firefox() {
    a_restart_needs_no_reload(Kind::Firefox);
}

#[test]
fn a_page_says_why_the_server_refuses_its_demos() {
    let access = Access {
        refuse_null_origin: true,
        ..Access::default()
    };
    let settings = Settings {
        access,
        ..Settings::default()
    };
    with_settings(Kind::Chromium, settings, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.run().await?;
        demo.says("--refuse-null-origin").await
    });
}

/// The page is at the address of a proxy that asks the server by the server's own.
#[test]
fn where_a_proxy_changes_host_the_demos_work_and_the_rest_says_which_header_is_at_fault() {
    run(Mostly::Works, async {
        let server = serve(ANY, BOOK.clone(), Settings::default()).await;
        let address = proxy::before(server.address, Fault::Host).await;
        let says = format!(
            "Host: {} does not match Origin: http://{address}.",
            server.address
        );
        in_browsers([Kind::Chromium], address, async |[browser]| {
            let page = browser.open(CHAPTER).await?;
            let demo = page.demo(QUICKCONNECT).await?;
            demo.run().await?;
            demo.says("1 peer ").await?;
            demo.press("Invite the server").await?;
            demo.says(&says).await?;
            let body = "const { refusal } = await at('proof.js'); return refusal();";
            let words = page.in_stage(body).await?;
            assert!(
                words.as_str().is_some_and(|words| words.starts_with(&says)),
                "{words}"
            );
            Ok(())
        })
        .await;
    });
}

#[test]
fn a_page_of_a_book_without_its_server_has_no_proof_and_asks_for_none() {
    in_browser_of(Kind::Chromium, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let removed = "document.querySelector('meta[name=guidebook-proof]').remove();
            const { currentProof, isProofOld } = await import(`${document.querySelector('script[src*=\"stage/stage.js\"]').src.replace('stage.js', 'proof.js')}?anew`);
            return [currentProof(), isProofOld()];";
        assert_eq!(
            page.in_stage(removed).await?,
            Value::from(vec![Value::from(""), Value::from(false)])
        );
        Ok(())
    });
}

/// The stage is an async module: it may run before the parser has come to the end of the page's head.
#[test]
fn the_proof_is_found_also_where_the_stage_runs_before_it_is_in_the_page() {
    in_browser_of(Kind::Chromium, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let early = "const meta = document.querySelector('meta[name=guidebook-proof]');
            meta.remove();
            const { currentProof } = await import(`${document.querySelector('script[src*=\"stage/stage.js\"]').src.replace('stage.js', 'proof.js')}?early`);
            document.head.append(meta);
            return [currentProof(), meta.content];";
        let found = page.in_stage(early).await?;
        assert_eq!(found[0], found[1]);
        assert_eq!(found[0].as_str().map(str::len), Some(32), "{found}");
        Ok(())
    });
}
