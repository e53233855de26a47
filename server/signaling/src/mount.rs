//! Signaling as an axum program mounts it: [`Signaling`], its hooks, and the route.
//!
//! May import: account, connection, connection_limits, counts, gate, greeter, hooks, limits, switchboard, turned_away, upgrade, axum,
//! quickconnect::protocol, tokio, tokio_util.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use quickconnect::protocol::RoomName;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use crate::account::Account;
use crate::connection;
use crate::connection_limits::{AddressPermit, ConnectionLimits, ConnectionPermit};
use crate::counts::{Gauges, Sums};
use crate::gate::{NotAdmitted, Pass};
use crate::greeter::Greeter;
use crate::hooks::{Event, Hooks, Peer};
use crate::limits::Limits;
use crate::switchboard::Switchboard;
use crate::turned_away::{self, Reason};
use crate::upgrade::{Upgrade, Upgraded};

/// The end of an address behind which the original clients look, where nobody answers at the address itself.
const PRIMUS: &str = "primus";

/// Rooms, and the route by which peers come into them. Cheap to clone; all clones have the same rooms.
///
/// ```no_run
/// use quickconnect_signaling::Signaling;
///
/// # async fn serve(listener: tokio::net::TcpListener) -> std::io::Result<()> {
/// let signaling = Signaling::default();
/// let app = axum::Router::new().merge(signaling.router("/socket"));
/// axum::serve(listener, app).await?;
/// signaling.close().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Signaling(Arc<Shared>);

struct Shared {
    switchboard: Arc<Switchboard>,
    connections: Arc<ConnectionLimits>,
    limits: Arc<Limits>,
    may_connect: MayConnect,
    address_of: AddressOf,
    hooks: Arc<Hooks>,
    /// Every connection, for the end to wait for.
    tasks: TaskTracker,
    /// Writes what several clients send at the same time. Begins with the first connection, since there may be no runtime before.
    deliveries: OnceLock<AbortOnDropHandle<()>>,
}

type MayConnect = Box<dyn Fn(&Parts) -> Result<Option<String>, NotAdmitted> + Send + Sync>;
type AddressOf = Box<dyn Fn(&Parts) -> Option<IpAddr> + Send + Sync>;

/// What [`Signaling`] shall be like.
#[must_use = "nothing is served before `build`"]
pub struct Builder {
    limits: Limits,
    may_connect: MayConnect,
    address_of: AddressOf,
    hooks: Hooks,
}

impl Signaling {
    /// Everybody may connect, and join every room, within [`Limits::DEFAULT`], as long as the builder is told nothing else.
    pub fn builder() -> Builder {
        Builder {
            limits: Limits::DEFAULT,
            may_connect: Box::new(|_| Ok(None)),
            address_of: Box::new(address_of_connection),
            hooks: Hooks::default(),
        }
    }

    /// The route for a router of whatever state. Clients are given this path, `http://book.example.org/socket`, and try it, and the path `primus`
    /// below it, as the original clients do.
    ///
    /// Addresses of clients, by which [`Limits`] are fair, are known where the program is served with
    /// `into_make_service_with_connect_info::<SocketAddr>()`, or [told](Builder::client_address).
    ///
    /// # Panics
    /// If the path doesn't begin with a slash.
    pub fn router<S: Clone + Send + Sync + 'static>(&self, path: &str) -> Router<S> {
        let stem = path.trim_end_matches('/');
        let mut router = Router::new()
            .route(&format!("{stem}/"), any(connect))
            .route(&format!("{stem}/{PRIMUS}"), any(connect));
        if !stem.is_empty() {
            router = router.route(stem, any(connect));
        }
        router.with_state(self.clone())
    }

    /// Asks [`may_join`](Builder::may_join) about everybody who is in a room once more. Who may not be there any more is disconnected.
    pub fn check_again(&self) {
        self.0.switchboard.check_passes();
    }

    /// Numbers as they are now.
    pub fn gauges(&self) -> Gauges {
        self.0.switchboard.gauges()
    }

    /// What has been counted since the start.
    pub fn sums(&self) -> Sums {
        self.0.switchboard.counts().sums()
    }

    /// Ends all connections, whose clients are told that the server stops (1001), and those that still come. Is ready when the last has ended, within
    /// little more than a second. Call it when `axum::serve` has returned, which doesn't wait for WebSockets.
    pub async fn close(&self) {
        self.0.switchboard.close();
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }
}

impl Default for Signaling {
    /// Where everybody may do everything.
    fn default() -> Self {
        Self::builder().build()
    }
}

impl Builder {
    /// Other bounds than [`Limits::DEFAULT`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Decides who may connect, and says who that is, for the other hooks; it may be nobody in particular. Is asked once for each connection. Whoever
    /// may not is told why.
    ///
    /// A page of any site can open a WebSocket here, and the browser sends its cookies along: compare the header `Origin` where cookies say who
    /// somebody is. An access token, as our clients have by their option `token`, is found by [`access_token`](crate::access_token).
    ///
    /// It can't wait. What has to be asked elsewhere first, a session in a database, is for a middleware of axum (`axum::middleware::from_fn`), which
    /// leaves what it has found in the request's `extensions`.
    pub fn may_connect(
        mut self,
        hook: impl Fn(&Parts) -> Result<Option<String>, NotAdmitted> + Send + Sync + 'static,
    ) -> Self {
        self.may_connect = Box::new(hook);
        self
    }

    /// Decides who may join which room. Is called with all rooms locked, so it must not wait, and not call [`Signaling`].
    pub fn may_join(
        mut self,
        hook: impl Fn(&Peer<'_>, &RoomName) -> Result<(), NotAdmitted> + Send + Sync + 'static,
    ) -> Self {
        self.hooks.may_join = Some(Box::new(hook));
        self
    }

    /// Hears who joins and who leaves, in the order in which that happens. Is called with all rooms locked, so it must not wait, and not call
    /// [`Signaling`]: put what takes longer into a channel.
    pub fn on_event(mut self, hook: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.hooks.on_event = Some(Box::new(hook));
        self
    }

    /// From which address a client comes, for a program behind a proxy, where all connections have the address of that. Believe a header such as
    /// `X-Forwarded-For` only if your proxy sets it anew. Without an answer, the connection is charged for itself alone.
    pub fn client_address(
        mut self,
        hook: impl Fn(&Parts) -> Option<IpAddr> + Send + Sync + 'static,
    ) -> Self {
        self.address_of = Box::new(hook);
        self
    }

    /// Makes it. Nothing runs before somebody connects.
    pub fn build(self) -> Signaling {
        Signaling(Arc::new(Shared {
            switchboard: Switchboard::new(&self.limits),
            connections: ConnectionLimits::new(&self.limits),
            limits: Arc::new(self.limits),
            may_connect: self.may_connect,
            address_of: self.address_of,
            hooks: Arc::new(self.hooks),
            tasks: TaskTracker::new(),
            deliveries: OnceLock::new(),
        }))
    }
}

/// A connection that may be served.
struct Admitted {
    permit: ConnectionPermit,
    /// None if nobody knows where it comes from.
    of_address: Option<AddressPermit>,
    who: Option<String>,
}

impl Shared {
    fn admit(&self, request: &Parts) -> Result<Admitted, Reason> {
        let permit = self.connections.connect()?;
        let address = (self.address_of)(request);
        let of_address = address.map(|ip| self.connections.connect_from(ip));
        Ok(Admitted {
            permit,
            of_address: of_address.transpose()?,
            who: (self.may_connect)(request)?,
        })
    }

    /// Has to be called on the runtime.
    fn deliver(&self) {
        self.deliveries.get_or_init(|| {
            let switchboard = Arc::clone(&self.switchboard);
            AbortOnDropHandle::new(tokio::spawn(async move {
                switchboard.deliveries().run().await;
            }))
        });
    }
}

async fn connect(State(Signaling(shared)): State<Signaling>, mut request: Request) -> Response {
    let mut upgrade = match Upgrade::of(&mut request) {
        Ok(upgrade) => upgrade,
        Err(no_upgrade) => return no_upgrade.into_response(),
    };
    upgrade.choose_first_protocol(request.headers());
    let (request, _) = request.into_parts();
    let Admitted {
        permit,
        of_address,
        who,
    } = match shared.admit(&request) {
        Ok(admitted) => admitted,
        Err(reason) => {
            shared.switchboard.counts().refused(reason.code());
            return turned_away::websocket(upgrade, reason);
        }
    };
    shared.deliver();
    let account = of_address.as_ref().map_or_else(
        || Arc::new(Account::new(shared.limits.account, Instant::now())),
        |of_address| Arc::clone(of_address.account()),
    );
    let pass = Pass::of(shared.hooks.clone(), who.as_deref());
    // Counted from here on, so that a program that stops right now waits for it.
    let tracked = shared.tasks.token();
    upgrade.grant(move |upgraded| async move {
        let Upgraded { transport, early } = upgraded;
        let switchboard = Arc::clone(&shared.switchboard);
        let limits = Arc::clone(&shared.limits);
        let greeter = Greeter::new(None);
        connection::serve(
            transport,
            early,
            account,
            switchboard,
            limits,
            greeter,
            pass,
        )
        .await;
        drop((permit, of_address, tracked, shared));
    })
}

fn address_of_connection(request: &Parts) -> Option<IpAddr> {
    let connected = request.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(connected.0.ip())
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signaling")
            .field("now", &self.switchboard.gauges())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
