//! A workshop in networks as rooms have them: an access point that passes on everything, one that keeps its clients apart, a firewall that
//! refuses UDP, a host whose address changes. The program, the browsers and the network are real.
//!
//! # Layout
//! - [`namespaces`]: the networks, of Linux' network namespaces
//! - `name`: the workshop's name in its network
//! - [`workshop`]: the program on one of the machines

mod name;
pub(crate) mod namespaces;
mod workshop;

use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::runtime;

use crate::harness::eventually::eventually_within;
use crate::harness::{Browser, Kind, in_browsers};
use crate::pages::{CHAPTER, QUICKCONNECT};
use namespaces::{AccessPoint, Clients, Machine, apart};
use workshop::{Workshop, book_on};

/// Connects with whoever is in the room, and says by which way, whenever that is another one. Browsers may begin with a way that is not the best.
const SAY_THE_WAY: &str = "import quickconnect from 'rtc-quickconnect';
const qc = quickconnect(location.origin, { room: 'networks' });
qc.createDataChannel('hello');
qc.on('channel:opened', (id, channel, data, pc) => {
  let said = '';
  setInterval(async () => {
    const stats = [...(await pc.getStats()).values()];
    const used = stats.filter((one) => one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded');
    const ids = used.flatMap((pair) => [pair.localCandidateId, pair.remoteCandidateId]);
    const relayed = stats.filter(({ id, candidateType }) => ids.includes(id) && candidateType === 'relay');
    const protocols = relayed.flatMap(({ relayProtocol }) => relayProtocol ?? []);
    const way = relayed.length > 0 ? `relay ${protocols}` : used.length > 0 ? 'direct' : said;
    if (way !== said) console.log(`way: ${way}`);
    said = way;
  }, 100);
});";

/// How long two browsers may take to start, each on its own, and to connect.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whether both have said a way, and at least one of them that of a relay.
fn is_relayed(ways: &[String; 2]) -> bool {
    !ways.contains(&String::new()) && ways.iter().any(|way| way.starts_with("way: relay"))
}

/// The machines of a workshop: that of the host, and one for each browser. Firefox has a driver for each of its own, Chromium one for each
/// process, and so there is one Chromium.
struct Room {
    host: Machine,
    with_chromium: Machine,
    with_firefox: Machine,
}

impl Room {
    fn new(clients: Clients) -> Result<Self> {
        let wifi = AccessPoint::new()?;
        Ok(Self {
            host: wifi.join("host", 2, Clients::Reachable)?,
            with_chromium: wifi.join("chromium", 3, clients)?,
            with_firefox: wifi.join("firefox", 4, clients)?,
        })
    }

    /// Both browsers are where no UDP gets out.
    fn without_udp() -> Result<Self> {
        let wifi = AccessPoint::new()?;
        Ok(Self {
            host: wifi.join("host", 2, Clients::Reachable)?,
            with_chromium: wifi.join_behind_firewall("chromium", 1)?,
            with_firefox: wifi.join_behind_firewall("firefox", 2)?,
        })
    }

    /// Both browsers run the demo at the same time, until what they say, each at its last, is a way of this kind.
    ///
    /// Only the side whose relay it is knows for sure that a call is relayed: to the other one the relay's address may be an unknown one that
    /// it has heard from (`prflx`).
    fn are_connected(&self, is_so: impl Fn(&[String; 2]) -> bool + Sync) -> Result<()> {
        let book = book_on(&self.host);
        let said = Mutex::new([String::new(), String::new()]);
        let attend = |index: usize, kind, machine: &Machine| {
            machine.run(|| {
                on(kind, book, async |browser| {
                    let page = browser.open(CHAPTER).await?;
                    let demo = page.demo(QUICKCONNECT).await?;
                    demo.run_code(SAY_THE_WAY).await?;
                    let outcome = eventually_within(PATIENCE, async || {
                        let texts = demo.console().texts().await?;
                        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
                        said[index] = texts.into_iter().next_back().unwrap_or_default();
                        Ok(is_so(&said).then_some(()))
                    });
                    (outcome.await).with_context(|| format!("{kind:?} has heard {said:?}"))
                })
            })
        };
        thread::scope(|scope| {
            let attend = &attend;
            let firefox =
                scope.spawn(move || attend(1, Kind::FirefoxWithAddresses, &self.with_firefox));
            let in_chromium = attend(0, Kind::Chromium, &self.with_chromium);
            let in_firefox = firefox.join().unwrap_or_else(|panic| resume_unwind(panic));
            in_chromium.and(in_firefox)
        })
    }
}

/// Runs a browser on this thread alone, since the thread is what is on a machine.
fn on(kind: Kind, book: SocketAddr, work: impl AsyncFnOnce(&Browser) -> Result<()>) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(in_browsers([kind], book, async |[browser]| {
        work(browser).await
    }));
    Ok(())
}

#[test]
fn in_one_network_two_browsers_are_connected_directly() {
    apart(
        "networks::in_one_network_two_browsers_are_connected_directly",
        || {
            let room = Room::new(Clients::Reachable)?;
            let (_workshop, printed) = Workshop::start(&room.host)?;
            ensure!(printed.contains("http://10.77.0.2:8000/"), "{printed}");
            room.are_connected(|ways| ways.iter().all(|way| way == "way: direct"))
        },
    );
}

#[test]
fn where_clients_are_isolated_they_are_connected_through_the_server() {
    apart(
        "networks::where_clients_are_isolated_they_are_connected_through_the_server",
        || {
            let room = Room::new(Clients::Isolated)?;
            let _workshop = Workshop::start(&room.host)?;
            room.are_connected(is_relayed)
        },
    );
}

#[test]
fn where_udp_is_refused_they_are_connected_through_the_server_over_tcp() {
    apart(
        "networks::where_udp_is_refused_they_are_connected_through_the_server_over_tcp",
        || {
            let room = Room::without_udp()?;
            let _workshop = Workshop::start(&room.host)?;
            room.are_connected(|ways| ways.iter().all(|way| way == "way: relay tcp"))
        },
    );
}

#[test]
fn the_address_of_the_default_route_is_given_to_the_room_and_the_other_is_named_below_it() {
    apart(
        "networks::the_address_of_the_default_route_is_given_to_the_room_and_the_other_is_named_below_it",
        || {
            let wifi = AccessPoint::new()?;
            let host = wifi.join("host", 2, Clients::Reachable)?;
            // Its name is before that of the Wi-Fi, and its address, too.
            host.ip("link add cable type veth peer name socket")?;
            host.ip("addr add 10.50.0.2/24 dev cable")?;
            host.ip("link set cable up")?;
            host.ip("link set socket up")?;
            let (_workshop, printed) = Workshop::start(&host)?;
            let places = ["10.77.0.2", "10.50.0.2"].map(|address| printed.find(address));
            ensure!(places[0].is_some() && places.is_sorted(), "{printed}");
            ensure!(places[1].is_some(), "{printed}");
            Ok(())
        },
    );
}

#[test]
fn when_the_host_has_another_address_the_terminal_says_so_and_the_book_is_there() {
    apart(
        "networks::when_the_host_has_another_address_the_terminal_says_so_and_the_book_is_there",
        || {
            let room = Room::new(Clients::Reachable)?;
            let (mut workshop, _) = Workshop::start(&room.host)?;
            let moved = [10, 77, 0, 9];
            room.host.take_address(moved.into())?;
            let printed = workshop.prints()?;
            ensure!(printed.contains("http://10.77.0.9:8000/"), "{printed}");
            room.with_firefox.run(|| {
                on(Kind::Firefox, (moved, 8000).into(), async |browser| {
                    let page = browser.open("workshop/join.html").await?;
                    let shown = "return document.querySelector('.workshop-code a')?.href;";
                    let shown = page.evaluate(shown, []).await?;
                    ensure!(shown == "http://10.77.0.9:8000/", "{shown}");
                    Ok(())
                })
            })
        },
    );
}
