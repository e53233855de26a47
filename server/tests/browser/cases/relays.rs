//! Calls through the server's relay, which the greeting gives to the library without a word in the demo's code.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use quickconnect::{Event, Message, QuickConnect};
use serde_json::{Value, from_value, json};
use server::config::{Limits, Settings};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{interval, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::harness::places::{Mostly, run};
use crate::harness::{
    BOOK, Browser, Kind, Page, eventually, in_browser, in_browsers, listen, start_server_with,
};

/// Joins a room from a page of its own, and allows no other way than the relay.
async fn join<'b>(browser: &'b Browser, id: &str, rest: &str) -> Result<Page<'b>> {
    let page = browser.open("").await?;
    let script = "return (async () => {
        const [id, rest] = arguments;
        const { default: quickconnect } = await import('/code/quickconnect/js/index.js');
        const qc = quickconnect(location.origin, { room: 'relayed', id, ...JSON.parse(rest) });
        qc.on('peer:connect', (_, pc) => pc.setConfiguration({ ...pc.getConfiguration(), iceTransportPolicy: 'relay' }));
        window.heard = new Promise((resolve) => qc.once('channel:opened:words', (_, channel) => {
            channel.onmessage = ({ data }) => resolve(data);
            channel.send(`hello from ${id}`);
        }));
        window.candidates = [];
        qc.on('peer:connect', (_, pc) => pc.addEventListener('icecandidate', ({ candidate }) => candidates.push(candidate?.type ?? 'end')));
        window.qc = qc.createDataChannel('words');
    })();";
    page.evaluate(script, [json!(id), json!(rest)]).await?;
    Ok(page)
}

/// What it hears, and which kinds of candidates carry the call.
async fn outcome(page: &Page<'_>) -> Result<Value> {
    let script = "return (async () => {
        const words = await window.heard;
        const [{ pc }] = qc.calls.values();
        const stats = await pc.getStats();
        const { selectedCandidatePairId } = [...stats.values()].find(({ type }) => type === 'transport');
        const { localCandidateId, remoteCandidateId } = stats.get(selectedCandidatePairId);
        return [words, stats.get(localCandidateId).candidateType, stats.get(remoteCandidateId).candidateType];
    })();";
    page.evaluate(script, [])
        .await
        .context("a message of the other page")
}

#[test]
fn two_pages_are_connected_through_the_port_of_the_book_alone() {
    in_browser(async |browser| {
        let a = join(browser, "a", "{}").await?;
        let b = join(browser, "b", "{}").await?;
        assert_eq!(
            outcome(&a).await?,
            json!(["hello from b", "relay", "relay"])
        );
        assert_eq!(
            outcome(&b).await?,
            json!(["hello from a", "relay", "relay"])
        );
        Ok(())
    });
}

#[test]
fn a_page_that_names_its_own_servers_is_given_no_others() {
    in_browser(async |browser| {
        let a = join(browser, "a", r#"{ "iceServers": [] }"#).await?;
        let _b = join(browser, "b", "{}").await?;
        let script = "return (async () => {
            while (!candidates.includes('end')) await new Promise((resolve) => setTimeout(resolve, 10));
            return candidates;
        })();";
        let candidates = a.evaluate(script, []).await?;
        ensure!(candidates == json!(["end"]), "{candidates}");
        Ok(())
    });
}

/// How long the server is away.
const OUTAGE: Duration = Duration::from_millis(500);
/// How soon a relayed call works again once its server is back.
const SOON: Duration = Duration::from_secs(10);

/// A server with STUN and TURN, at a port of its own or of one before it.
struct Relaying {
    address: SocketAddr,
    stop: CancellationToken,
    running: JoinHandle<Result<(), server::NotStarted>>,
}

impl Relaying {
    async fn start_at(address: SocketAddr) -> Result<Self> {
        let settings = Settings::default();
        let (address, listeners) = listen(address, &settings).await?;
        let stop = CancellationToken::new();
        let shutdown = stop.clone().cancelled_owned();
        let running = tokio::spawn(server::run(listeners, BOOK.clone(), settings, shutdown));
        Ok(Self {
            address,
            stop,
            running,
        })
    }

    async fn stop(self) -> Result<()> {
        self.stop.cancel();
        Ok(self.running.await??)
    }
}

/// Joins by these protocols of TURN and no other way, and says all the time what time it is.
async fn join_and_talk<'b>(browser: &'b Browser, id: &str, transport: &str) -> Result<Page<'b>> {
    let page = browser.open("").await?;
    let script = "return (async () => {
        const [id, transport] = arguments;
        const { default: quickconnect } = await import('/code/quickconnect/js/index.js');
        const Plain = RTCPeerConnection;
        const only = (configuration) => ({
            ...configuration,
            iceTransportPolicy: 'relay',
            iceServers: configuration.iceServers.map((server) => ({
                ...server, urls: [server.urls].flat().filter((url) => url.endsWith(transport)),
            })),
        });
        globalThis.RTCPeerConnection = class extends Plain {
            constructor(configuration) { super(only(configuration)); }
            setConfiguration(configuration) { super.setConfiguration(only(configuration)); }
        };
        window.qc = quickconnect(location.origin, { room: 'restarted', id });
        window.events = [];
        window.saidAt = 0;
        for (const name of ['call:started', 'call:failing', 'call:recovered', 'call:failed', 'call:expired', 'call:ended'])
            qc.on(name, () => events.push([name, Date.now()]));
        let channel;
        qc.on('channel:opened:words', (_, opened) => {
            channel = opened;
            channel.onmessage = ({ data }) => (window.saidAt = Math.max(saidAt, Number(data)));
        });
        setInterval(() => channel?.readyState === 'open' && channel.send(String(Date.now())), 50);
        qc.createDataChannel('words');
    })();";
    page.evaluate(script, [json!(id), json!(transport)]).await?;
    Ok(page)
}

/// Waits until a page hears what was said after this time, in ms since 1970.
async fn hears_what_was_said_after(page: &Page<'_>, time: f64) -> Result<()> {
    eventually(async || {
        let said: f64 = from_value(page.evaluate("return saidAt", []).await?)?;
        Ok((said > time).then_some(()))
    })
    .await
}

fn now() -> f64 {
    let since = SystemTime::UNIX_EPOCH.elapsed();
    since.expect("the clock is right").as_secs_f64() * 1000.0
}

/// The server's relay knows nothing any more: neither the ports of the call nor who may have others.
fn a_relayed_call_is_kept(transport: &str) {
    run(Mostly::Works, async {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = Relaying::start_at(free).await.expect("a port is free");
        let address = server.address;
        in_browsers([Kind::Chromium], address, async |[browser]| {
            let a = join_and_talk(browser, "a", transport).await?;
            let b = join_and_talk(browser, "b", transport).await?;
            for page in [&a, &b] {
                hears_what_was_said_after(page, 0.0).await?;
            }
            server.stop().await?;
            sleep(OUTAGE).await;
            let _server = Relaying::start_at(address).await?;
            let back = now();
            for page in [&a, &b] {
                hears_what_was_said_after(page, back).await?;
            }
            let took = Duration::from_secs_f64((now() - back) / 1000.0);
            let events = a.evaluate("return events", []).await?;
            println!("{took:?} after the return over {transport}: {events}");
            ensure!(took < SOON, "{took:?}: {events}");
            let is_ended = events.to_string().contains("call:ended");
            ensure!(!is_ended, "{events}");
            Ok(())
        })
        .await;
    });
}

#[test]
fn a_relayed_call_over_udp_is_kept_when_the_server_starts_anew() {
    a_relayed_call_is_kept("udp");
}

#[test]
fn a_relayed_call_over_tcp_is_kept_when_the_server_starts_anew() {
    a_relayed_call_is_kept("tcp");
}

/// A Rust client that says all the time what time it is, in the room of [`join_and_talk`].
struct RustTalker {
    /// When the last word that it heard was said.
    said_at: watch::Receiver<f64>,
    _talks: AbortOnDropHandle<()>,
}

impl RustTalker {
    async fn join(origin: &str, id: &str) -> Result<Self> {
        let client = QuickConnect::builder(origin)
            .room("restarted")
            .id(id)
            .addresses(vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))])
            .data_channel("words")
            .connect()
            .await?;
        let (heard, said_at) = watch::channel(0.0);
        Ok(Self {
            said_at,
            _talks: AbortOnDropHandle::new(tokio::spawn(Self::talk(client, heard))),
        })
    }

    async fn talk(mut client: QuickConnect, heard: watch::Sender<f64>) {
        let mut channel = None;
        let mut ticks = interval(Duration::from_millis(50));
        loop {
            tokio::select! {
                event = client.next() => match event {
                    Some(Event::ChannelOpened(opened)) => channel = Some(opened),
                    Some(Event::Message(_, Message::Text(said))) => {
                        heard.send_replace(said.parse().expect("a time"));
                    }
                    Some(_) => {}
                    None => return,
                },
                _ = ticks.tick() => if let Some(channel) = &channel {
                    // It is refused while the call is made anew.
                    let _ = channel.send_text(&now().to_string()).await;
                },
            }
        }
    }

    async fn hears_what_was_said_after(&mut self, time: f64) -> Result<()> {
        let heard = self.said_at.wait_for(|said| *said > time);
        timeout(PATIENCE, heard).await.context("a later word")??;
        Ok(())
    }
}

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// On loopback, the relay leads only to its own ports: both sides have one.
#[test]
fn a_relayed_call_with_a_rust_client_works_soon_after_the_server_has_started_anew() {
    run(Mostly::Works, async {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = Relaying::start_at(free).await.expect("a port is free");
        let address = server.address;
        in_browsers([Kind::Chromium], address, async |[browser]| {
            let tab = join_and_talk(browser, "a", "udp").await?;
            let mut rust = RustTalker::join(&browser.origin, "b").await?;
            hears_what_was_said_after(&tab, 0.0).await?;
            rust.hears_what_was_said_after(0.0).await?;
            server.stop().await?;
            sleep(OUTAGE).await;
            let _server = Relaying::start_at(address).await?;
            let back = now();
            hears_what_was_said_after(&tab, back).await?;
            rust.hears_what_was_said_after(back).await?;
            let took = Duration::from_secs_f64((now() - back) / 1000.0);
            let events = tab.evaluate("return events", []).await?;
            println!("{took:?} after the return: {events}");
            ensure!(took < SOON, "{took:?}: {events}");
            Ok(())
        })
        .await;
    });
}

/// How long the credentials of a server are good here, but for what is left of a second.
const CREDENTIAL_LIFETIME: Duration = Duration::from_secs(5);

/// A server whose credentials are soon over, and a browser.
fn where_credentials_pass(test: impl AsyncFnOnce(&Browser) -> Result<()>) {
    run(Mostly::Works, async {
        let limits = Limits {
            ice_credential_lifetime: CREDENTIAL_LIFETIME,
            ..Limits::default()
        };
        let address = start_server_with(limits.into()).await;
        let address = address.expect("a port is free");
        in_browsers([Kind::Chromium], address, async |[browser]| {
            test(browser).await
        })
        .await;
    });
}

/// Calls the other one anew, when what both were told at first is over.
async fn calls_later(tab: &Page<'_>, other: &str) -> Result<()> {
    sleep(CREDENTIAL_LIFETIME + Duration::from_secs(1)).await;
    let call = "const before = events.length;
        qc.reconnectTo(arguments[0]);
        return before;";
    let before = tab.evaluate(call, [json!(other)]).await?;
    let started = "return events.slice(arguments[0]).some(([name]) => name === 'call:started')";
    eventually(async || {
        let has_started = tab.evaluate(started, [before.clone()]).await?;
        Ok((has_started == json!(true)).then_some(()))
    })
    .await
    .context("another call should start")
}

#[test]
fn who_stays_is_told_credentials_for_later_calls() {
    where_credentials_pass(async |browser| {
        let a = join_and_talk(browser, "a", "udp").await?;
        let b = join_and_talk(browser, "b", "udp").await?;
        hears_what_was_said_after(&b, 0.0).await?;
        calls_later(&a, "b").await?;
        let called = now();
        for page in [&a, &b] {
            hears_what_was_said_after(page, called).await?;
        }
        Ok(())
    });
}

#[test]
fn a_rust_client_that_stays_is_told_credentials_for_later_calls() {
    where_credentials_pass(async |browser| {
        let tab = join_and_talk(browser, "a", "udp").await?;
        let mut rust = RustTalker::join(&browser.origin, "b").await?;
        rust.hears_what_was_said_after(0.0).await?;
        calls_later(&tab, "b").await?;
        let called = now();
        hears_what_was_said_after(&tab, called).await?;
        rust.hears_what_was_said_after(called).await?;
        Ok(())
    });
}
