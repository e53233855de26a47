//! The name of a workshop in its network, such as `workshop.local`, by multicast DNS ([RFC 6762](https://www.rfc-editor.org/rfc/rfc6762)): whoever asks the
//! network for it is answered with this machine's addresses. Devices that don't ask, and networks that carry no multicast, have the address.
//!
//! May import: config, process::interfaces, mdns_sd, tokio, tokio_util, tracing.

use std::collections::HashMap;
use std::future::pending;
use std::time::Duration;

use mdns_sd::{DaemonEvent, IfKind, IfPredicate, RRType, Receiver, ServiceDaemon, ServiceInfo};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::task::AbortOnDropHandle;
use tracing::{debug, info};

use crate::config::Label;
use crate::process::interfaces;

/// Where everybody asks.
const PORT: u16 = 5353;

/// What the book is, for programs that list what a network has.
const SERVICE: &str = "_http._tcp.local.";

/// How long the end waits until everybody has been told that the name is nobody's any more.
const GOODBYE: Duration = Duration::from_millis(100);

/// How long it takes to ask a network is known: less than two seconds. After this there is none, or the system lets nobody ask.
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

/// A name that is answered for until this is dropped.
pub struct Published {
    host: String,
    daemon: ServiceDaemon,
    standing: watch::Receiver<Standing>,
    _task: AbortOnDropHandle<()>,
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

impl Published {
    /// Asks the networks that this machine is in for the name, and answers for it if nobody else does; `port` is that of the book. Addresses that come
    /// and go are followed. To be called in a runtime.
    ///
    /// # Errors
    /// When the system lets nobody listen to multicast DNS, or a thread can't be started.
    pub fn begin(label: &Label, port: u16) -> Result<Self, mdns_sd::Error> {
        let is_virtual = IfPredicate::new(|interface| interfaces::is_virtual_name(&interface.name));
        Self::begin_at(PORT, label, port, |daemon| {
            daemon.disable_interface(IfKind::Predicate(is_virtual))
        })
    }

    /// The same where multicast DNS is spoken at another port, on the interfaces that `choose` leaves.
    fn begin_at(
        mdns_port: u16,
        label: &Label,
        port: u16,
        choose: impl FnOnce(&ServiceDaemon) -> mdns_sd::Result<()>,
    ) -> Result<Self, mdns_sd::Error> {
        let host = label.host();
        // Its addresses are those of the machine, as they come and go.
        let nothing: HashMap<String, String> = HashMap::new();
        let server = format!("{host}.");
        let service = ServiceInfo::new(SERVICE, label.as_str(), &server, (), port, nothing)?;
        let daemon = ServiceDaemon::new_with_port(mdns_port)?;
        let (teller, standing) = watch::channel(Standing::Asked);
        let following = follow(daemon.clone(), daemon.monitor()?, host.clone(), teller);
        let published = Self {
            host,
            daemon,
            standing,
            _task: AbortOnDropHandle::new(tokio::spawn(following)),
        };
        choose(&published.daemon)?;
        published.daemon.register(service.enable_addr_auto())?;
        Ok(published)
    }

    /// For whoever tells people of it.
    pub fn naming(&self) -> Naming {
        Naming {
            host: self.host.clone(),
            standing: self.standing.clone(),
        }
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        // Fails where the daemon has ended already.
        if let Ok(ended) = self.daemon.shutdown() {
            let _ = ended.recv_timeout(GOODBYE);
        }
    }
}

/// Tells what has become of the name, once. The daemon takes another name where this one is taken: `workshop-2.local`, which nobody has been told, and the
/// certificate is not for. So it ends then. In a network that is joined later it takes that all the same, while the name is good in the first.
async fn follow(
    daemon: ServiceDaemon,
    events: Receiver<DaemonEvent>,
    host: String,
    teller: watch::Sender<Standing>,
) {
    let announced = format!("{host}.:");
    let late = Instant::now() + LATE;
    let mut is_told = false;
    loop {
        let event = tokio::select! {
            event = events.recv_async() => event,
            // It goes on all the same: a network may come.
            () = sleep_until(late), if !is_told => {
                is_told = true;
                info!(host, "No network that this machine is in can be asked for the name; the address works without");
                continue;
            }
        };
        let Ok(event) = event else { return };
        match event {
            DaemonEvent::Announce(_, at) if at.starts_with(&announced) => {
                teller.send_replace(Standing::Ours);
                return;
            }
            DaemonEvent::NameChange(change)
                if matches!(change.rr_type, RRType::A | RRType::AAAA) =>
            {
                // Fails where it has ended already.
                let _ = daemon.shutdown();
                teller.send_replace(Standing::Taken);
                return;
            }
            DaemonEvent::Error(error) => debug!(%error, "Multicast DNS failed"),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
