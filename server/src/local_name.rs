//! The name of a workshop in its network, such as `workshop.local`, by multicast DNS ([RFC 6762](https://www.rfc-editor.org/rfc/rfc6762)): whoever asks the
//! network for it is answered with this machine's address there. Devices that don't ask, and networks that carry no multicast, have the address.
//!
//! # Layout
//! - `message`: what is said and heard of one name; pure
//! - `claim`: whose the name is in one network; pure
//! - `link`: one network, and its socket
//!
//! May import: config, process::addresses, getrandom, socket2, tokio, tokio_util, tracing.

mod claim;
mod link;
mod message;

use std::collections::HashMap;
use std::future::pending;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::{info, warn};

use crate::config::Label;
use crate::process::addresses::{self, OfIpv4};
use claim::Claim;
use link::Link;
use message::Name;

/// Where everybody asks.
const PORT: u16 = 5353;

/// Time between two looks at the networks that this machine is in.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// The network is asked for the first time within so many milliseconds.
const MAX_DELAY_MILLIS: u64 = 250;

/// How long it takes to ask a network is known: about a second, and a few more where others ask as well. After this there is none, or the system lets
/// nobody ask.
const LATE: Duration = Duration::from_secs(10);

/// What has become of the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The network is asked whether another device has it.
    Asked,
    /// Whoever asks for it finds this machine.
    Ours,
    /// Another device has it, and nothing is answered.
    Taken,
}

/// A name, and what becomes of it.
#[derive(Debug, Clone)]
pub struct Naming {
    /// The name.
    pub host: String,
    /// `Ours` and `Taken` stay.
    pub standing: watch::Receiver<Standing>,
}

impl Naming {
    /// Waits until it is known whose the name is; for ever, if nobody will find out.
    pub async fn decided(mut self) -> (String, Standing) {
        let standing = self
            .standing
            .wait_for(|standing| *standing != Standing::Asked);
        match standing.await.map(|standing| *standing) {
            Ok(standing) => (self.host, standing),
            Err(_) => pending().await,
        }
    }
}

/// A name that is answered for until this is dropped, and a moment longer where it is [ended](Self::end).
#[derive(Debug)]
pub struct Published {
    naming: Naming,
    ending: CancellationToken,
    task: AbortOnDropHandle<()>,
}

impl Published {
    /// Asks the networks that this machine is in for the name, and answers for it if nobody else does. Addresses that come and go are followed. To be called
    /// in a runtime.
    pub fn begin(label: &Label) -> Self {
        Self::begin_at(PORT, label, addresses::of_ipv4)
    }

    /// The same where multicast DNS is spoken at another port, and `look` says which addresses there are.
    fn begin_at(port: u16, label: &Label, look: impl Fn() -> OfIpv4 + Send + 'static) -> Self {
        let (teller, standing) = watch::channel(Standing::Asked);
        let host = label.host();
        let ending = CancellationToken::new();
        let networks = Networks {
            host: host.clone(),
            name: Name::new(label),
            port,
            teller,
            own: watch::channel(Vec::new()).0,
            links: HashMap::new(),
            ending: ending.clone(),
        };
        Self {
            naming: Naming { host, standing },
            ending,
            task: AbortOnDropHandle::new(tokio::spawn(networks.follow(look))),
        }
    }

    /// For whoever tells people of it.
    pub fn naming(&self) -> Naming {
        self.naming.clone()
    }

    /// Tells everybody that the name is nobody's any more, which takes a fifth of a second at most. Without that, devices may look for it here for two
    /// minutes more.
    pub async fn end(self) {
        self.ending.cancel();
        // It fails where it has panicked, which is in the log.
        let _ = self.task.await;
    }
}

/// The networks that this machine is in, by its address there; none where the system lets nobody listen.
struct Networks {
    host: String,
    name: Name,
    port: u16,
    teller: watch::Sender<Standing>,
    /// All addresses of this machine.
    own: watch::Sender<Vec<Ipv4Addr>>,
    links: HashMap<Ipv4Addr, Option<AbortOnDropHandle<()>>>,
    ending: CancellationToken,
}

impl Networks {
    async fn follow(mut self, look: impl Fn() -> OfIpv4) {
        let ending = self.ending.clone();
        let mut standing = self.teller.subscribe();
        let late = Instant::now() + LATE;
        let mut is_told = false;
        loop {
            self.join(look());
            tokio::select! {
                () = ending.cancelled() => break,
                _ = standing.wait_for(|standing| *standing == Standing::Taken) => return,
                () = sleep(LOOK_EVERY) => {}
                // It goes on all the same: a network may come.
                () = sleep_until(late), if !is_told => {
                    is_told = true;
                    if *self.teller.borrow() == Standing::Asked {
                        info!(host = self.host, "No network that this machine is in has said whose the name is; the address works without");
                    }
                }
            }
        }
        for link in self.links.into_values().flatten() {
            // It fails where it has panicked, which is in the log.
            let _ = link.await;
        }
    }

    /// Claims the name in networks that are new, and forgets those that are gone.
    fn join(&mut self, now: OfIpv4) {
        self.own.send_replace(now.all);
        self.links
            .retain(|address, _| now.in_the_room.contains(address));
        for address in now.in_the_room {
            if !self.links.contains_key(&address) {
                let link = self.begin(address);
                self.links.insert(address, link);
            }
        }
    }

    fn begin(&self, address: Ipv4Addr) -> Option<AbortOnDropHandle<()>> {
        let link = match Link::open(address, self.port) {
            Ok(link) => link,
            Err(error) => {
                warn!(%address, %error, "This machine can't have a name in this network; the address works without");
                return None;
            }
        };
        // Where there is no chance, devices ask at the same time, and compare.
        let delay = getrandom::u64().unwrap_or_default() % MAX_DELAY_MILLIS;
        let first = Instant::now() + Duration::from_millis(delay);
        let claim = Claim::new(self.name.clone(), address, first.into_std());
        let (teller, host) = (self.teller.clone(), self.host.clone());
        let tell = move |claim: &Claim| tell(claim, &teller, &host, address);
        let holding = link.hold(claim, self.own.subscribe(), tell, self.ending.clone());
        Some(AbortOnDropHandle::new(tokio::spawn(holding)))
    }
}

/// The network that knows first says whose the name is. Where another device has it in one that is joined later, nothing is answered there.
fn tell(claim: &Claim, teller: &watch::Sender<Standing>, host: &str, address: Ipv4Addr) {
    let found = match (claim.is_ours(), claim.is_taken()) {
        (true, _) => Standing::Ours,
        (_, true) => {
            info!(host, %address, "Another device in this network has the name");
            Standing::Taken
        }
        _ => return,
    };
    teller.send_if_modified(|standing| {
        let is_first = *standing == Standing::Asked;
        if is_first {
            *standing = found;
        }
        is_first
    });
}

#[cfg(test)]
mod tests;
