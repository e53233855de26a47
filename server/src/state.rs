//! What all handlers of requests share.
//!
//! May import: access_token, admission, attendance, book::live, cluster, companion, config, host_access, line, metrics, net, relay, sfu,
//! signaling::limits, signaling::switchboard, tls, tokio_util.

use std::sync::Arc;

use signaling::limits::Limits as SignalingLimits;
use signaling::switchboard::Switchboard;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::access_token::keys::Keys;
use crate::admission::Admission;
use crate::attendance::Attendance;
use crate::book::live::LiveBook;
use crate::cluster::Cluster;
use crate::companion::Companions;
use crate::config::{Access, Limits, Proxy};
use crate::host_access::HostAccess;
use crate::line::Lines;
use crate::metrics::Metrics;
use crate::net::Environment;
use crate::relay::Relay;
use crate::sfu::Sfu;
use crate::tls::Tls;

/// What all handlers of requests share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// The book as it is now.
    pub book: Arc<LiveBook>,
    /// Who attends the workshop, if there is one.
    pub attendance: Option<Arc<Attendance>>,
    /// Who may use its host's page.
    pub host_access: Arc<HostAccess>,
    /// The rooms.
    pub switchboard: Arc<Switchboard>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// The other instances that have them in common with this one, if there are any.
    pub cluster: Option<Arc<Cluster>>,
    /// Those who keep a lonely reader company, unless that is switched off.
    pub companions: Option<Arc<Companions>>,
    /// STUN and TURN, where they are served.
    pub relay: Option<Arc<Relay>>,
    /// The lines between peers, unless they are switched off.
    pub lines: Option<Arc<Lines>>,
    /// The media room, unless it is switched off.
    pub sfu: Option<Arc<Sfu>>,
    /// How TLS is spoken, where it is.
    pub tls: Option<Tls>,
    /// The bounds.
    pub limits: Arc<Limits>,
    /// Those of signaling.
    pub signaling_limits: Arc<SignalingLimits>,
    /// Who may connect.
    pub access: Arc<Access>,
    /// Whose tokens let clients in, if they need one.
    pub access_keys: Option<Arc<Keys>>,
    /// What stands in front of the server.
    pub proxy: Arc<Proxy>,
    /// Decides by `access`.
    pub admission: Arc<Admission>,
    /// Cancelled when the server stops; everything that would go on by itself listens to it.
    pub closing: CancellationToken,
    /// Every task that the end of the server waits for.
    pub tasks: TaskTracker,
}

impl App {
    /// What the network needs of it.
    pub fn environment(&self) -> Environment {
        Environment {
            limits: Arc::clone(&self.limits),
            access: Arc::clone(&self.access),
            proxy: Arc::clone(&self.proxy),
            metrics: Arc::clone(&self.metrics),
            closing: self.closing.clone(),
            tasks: self.tasks.clone(),
        }
    }
}
