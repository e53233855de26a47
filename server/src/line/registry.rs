//! What pages have opened: each with an id that nobody guesses, and a task that ends with it.
//!
//! May import: refusal, network, signaling::token, tokio, tokio_util.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use network::address::holder;
use signaling::token::Token;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::refusal::Refusal;

/// What runs until it is closed, or its time is over.
pub(super) trait Runs: Send + Sync + 'static {
    /// Runs.
    fn serve(&self) -> impl Future<Output = ()> + Send;
    /// Ends that.
    fn close(&self);
    /// Whether a peer of it is told of this address.
    fn has_port(&self, address: SocketAddr) -> bool;
}

/// All that are open.
#[derive(Debug)]
pub(super) struct Registry<T> {
    /// "lines" or "labs", as the flags say it.
    what: &'static str,
    /// In all, and of one address.
    max: [usize; 2],
    /// A std mutex, because it is held for few lines that never wait.
    open: Mutex<HashMap<Token, Open<T>>>,
    closing: CancellationToken,
    tasks: TaskTracker,
}

/// One of them, and by whom it was opened.
#[derive(Debug)]
struct Open<T> {
    what: Arc<T>,
    holder: IpAddr,
    task: JoinHandle<()>,
}

impl<T: Runs> Registry<T> {
    /// For so many in all, and so many of one address. Each ends when `closing` is cancelled, and is one of `tasks`.
    pub(super) fn new(
        what: &'static str,
        max: [usize; 2],
        closing: CancellationToken,
        tasks: TaskTracker,
    ) -> Arc<Self> {
        Arc::new(Self {
            what,
            max,
            open: Mutex::default(),
            closing,
            tasks,
        })
    }

    /// Opens one for a client.
    pub(super) fn open(
        self: &Arc<Self>,
        client: IpAddr,
        make: impl FnOnce(Token) -> Result<T, Refusal>,
    ) -> Result<Arc<T>, Refusal> {
        let holder = holder(client);
        let id = Token::random().ok_or(Refusal::NoRandomBytes)?;
        let (what, [max, max_of_address]) = (self.what, self.max);
        // Held while the ports are opened: two requests must not find the same place free.
        let mut open = self.lock();
        if open.len() >= max {
            return Err(Refusal::TooMany { what, limit: max });
        }
        if open.values().filter(|open| open.holder == holder).count() >= max_of_address {
            let limit = max_of_address;
            return Err(Refusal::TooManyOfTheAddress { what, limit });
        }
        let opened = Arc::new(make(id)?);
        let (registry, running) = (Arc::clone(self), Arc::clone(&opened));
        let task = self.tasks.spawn(async move {
            tokio::select! {
                () = registry.closing.cancelled() => {}
                () = running.serve() => {}
            }
            registry.lock().remove(&id);
        });
        let of_client = Open {
            what: Arc::clone(&opened),
            holder,
            task,
        };
        open.insert(id, of_client);
        Ok(opened)
    }

    /// The one with this id, if it is still there.
    pub(super) fn get(&self, id: &str) -> Option<Arc<T>> {
        let id = id.parse::<Token>().ok()?;
        self.lock().get(&id).map(|open| Arc::clone(&open.what))
    }

    /// Ends one, and returns when its ports are closed; whether it was there.
    pub(super) async fn close(&self, id: &str) -> bool {
        let id = id.parse::<Token>().ok();
        let removed = id.and_then(|id| self.lock().remove(&id));
        let Some(Open { what, task, .. }) = removed else {
            return false;
        };
        what.close();
        drop(what);
        // A task that panicked has ended as well.
        let _ = task.await;
        true
    }

    /// Whether a peer of one is told of this address.
    pub(super) fn have_port(&self, address: SocketAddr) -> bool {
        self.lock().values().any(|open| open.what.has_port(address))
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Token, Open<T>>> {
        // Nothing in here can panic half-way.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
