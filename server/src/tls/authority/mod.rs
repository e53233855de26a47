//! A local authority: its root, which devices trust that have installed it, and the certificate of this server, signed by it.
//!
//! Both are kept in a folder of the user's, so that devices need to trust them once. Browsers remember a certificate for which somebody has
//! clicked through their warning, so that one is kept as well, and covers what it once covered.
//!
//! # Layout
//! - [`names`]: what a certificate may be for; pure
//! - `error`: why there is none
//! - `made`: how root and certificate are made, and how long they are good; without clock and files
//! - `store`: the folder
//!
//! May import: pair, tls, file_watch, owner_only, secret, rcgen, rustls, serde, serde_json, sha2, thiserror, tokio, tracing.

mod error;
mod made;
pub mod names;
mod store;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::sign::CertifiedKey;
use sha2::{Digest as _, Sha256};
use tokio::time::sleep;
use tracing::{info, warn};

use super::Tls;
use super::pair;
use crate::file_watch::Watch;
pub use error::NoAuthority;
use made::Made;
use names::Names;
use store::Store;

/// Time between two looks at the machine's names and at the clock.
pub const LOOK_EVERY: Duration = Duration::from_secs(3);

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A root that ends within this time is not begun with: whoever installs it today needs it for a while.
const LEFT_AT_START: Duration = DAY.saturating_mul(7);

/// The same while the server runs. Later, since every device has to trust the next one.
const LEFT_WHILE_RUNNING: Duration = DAY;

/// A root and the certificate of this server.
pub struct Authority {
    store: Store,
    /// Names that the host has given, beyond those that every root is for.
    named: Names,
    root: Made,
    leaf: Made,
}

impl Authority {
    /// What the folder has, as far as it is good: otherwise made anew, and put there. `named` are the names that the host has given this
    /// server, `of_machine` those of the machine as it is now.
    ///
    /// # Errors
    /// When the folder can't be read or written, or nothing can be made.
    pub fn open(
        folder: PathBuf,
        named: Names,
        of_machine: &Names,
        now: SystemTime,
    ) -> Result<Self, NoAuthority> {
        let store = Store::open(folder)?;
        let kept = store.read(store::ROOT).filter(|root| {
            root.lasts(LEFT_AT_START, now) && root.names.covers(&named) && root.has_begun(now)
        });
        let (root, is_new) = match kept {
            Some(root) => (root, false),
            None => (Made::root(&named, now)?, true),
        };
        if is_new {
            store.write(store::ROOT, &root)?;
        }
        let wanted = wanted(&named, of_machine);
        let kept = store
            .read(store::LEAF)
            .filter(|leaf| leaf.is_of(&root) && leaf.names.covers(&wanted));
        let leaf = match kept {
            Some(leaf) => leaf,
            None => {
                let leaf = Made::leaf(&root, wanted)?;
                store.write(store::LEAF, &leaf)?;
                leaf
            }
        };
        Ok(Self {
            store,
            named,
            root,
            leaf,
        })
    }

    /// Makes anew what is not good any more: the root shortly before it ends, the certificate when the machine has a name or an address
    /// that it is not for. Says whether it has made something.
    ///
    /// # Errors
    /// When nothing can be made, or kept. The former ones stay then.
    pub fn renew(&mut self, of_machine: &Names, now: SystemTime) -> Result<bool, NoAuthority> {
        let has_root = self.root.lasts(LEFT_WHILE_RUNNING, now);
        let wanted = wanted(&self.named, of_machine);
        if has_root && self.leaf.names.covers(&wanted) {
            return Ok(false);
        }
        if !has_root {
            let root = Made::root(&self.named, now)?;
            let leaf = Made::leaf(&root, wanted)?;
            self.store.write(store::ROOT, &root)?;
            self.store.write(store::LEAF, &leaf)?;
            (self.root, self.leaf) = (root, leaf);
        } else {
            // A machine goes back to the network that it came from.
            let leaf = Made::leaf(&self.root, wanted.and(&self.leaf.names))?;
            self.store.write(store::LEAF, &leaf)?;
            self.leaf = leaf;
        }
        Ok(true)
    }

    /// The certificate of the root, as devices install it (DER).
    pub fn root(&self) -> Arc<[u8]> {
        Arc::from(self.root.certificate())
    }

    /// By which people compare roots: the SHA-256 of the certificate, in hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.root.certificate());
        let mut text = String::new();
        for (index, byte) in digest.iter().enumerate() {
            let colon = if index > 0 { ":" } else { "" };
            // A string takes everything.
            let _ = write!(text, "{colon}{byte:02X}");
        }
        text
    }

    /// The name of the root, as devices list it.
    pub fn name(&self) -> &str {
        self.root.subject()
    }

    /// Whether browsers that trust the root take the certificate of this server at an address.
    pub fn covers(&self, address: IpAddr) -> bool {
        self.leaf.names.addresses.contains(&address)
    }

    fn pair(&self) -> Result<CertifiedKey, NoAuthority> {
        let chain = vec![self.leaf.certificate().to_vec().into()];
        Ok(pair::of_der(chain, self.leaf.key()?)?)
    }

    /// TLS with the certificate. Machine and clock are looked at every so often, until the watch is dropped, and new connections get the
    /// certificate that is made then.
    ///
    /// # Errors
    /// When the certificate can't be used.
    pub fn serve(
        mut self,
        every: Duration,
        of_machine: impl Fn() -> Names + Send + 'static,
        now: impl Fn() -> SystemTime + Send + 'static,
    ) -> Result<(Tls, Watch), NoAuthority> {
        let tls = Tls::with(Arc::new(self.pair()?), Some(self.root()))?;
        let ours = tls.clone();
        let looking = async move {
            let mut has_failed = false;
            loop {
                sleep(every).await;
                let renewed = self.renew(&of_machine(), now());
                let pair = match renewed {
                    Ok(false) => continue,
                    Ok(true) => self.pair(),
                    Err(error) => Err(error),
                };
                match pair {
                    Ok(pair) => {
                        has_failed = false;
                        ours.replace(Arc::new(pair), Some(self.root()));
                        info!(
                            authority = self.name(),
                            "New connections get a new certificate"
                        );
                    }
                    // It is tried again, and said once.
                    Err(_) if has_failed => {}
                    Err(error) => {
                        has_failed = true;
                        warn!(%error, "No new certificate can be made; the former one stays");
                    }
                }
            }
        };
        Ok((tls, Watch::of(looking)))
    }
}

/// What the certificate of the server has to be for: only what the root is for, since one name beyond that makes all of it worthless.
fn wanted(named: &Names, of_machine: &Names) -> Names {
    let mut wanted = named.and(&Names::of_every_machine());
    let permitted = of_machine
        .addresses
        .iter()
        .filter(|address| names::is_private(**address));
    wanted.addresses.extend(permitted);
    wanted.dns.extend(
        of_machine
            .dns
            .iter()
            .filter(|name| names::is_local(name))
            .cloned(),
    );
    wanted.in_order()
}

/// Deletes root and certificate from a folder, and says whether there were any. Devices that trust the root go on to do so, and nobody has
/// its key any more.
///
/// # Errors
/// When a file is there and can't be deleted.
pub fn forget(folder: PathBuf) -> Result<bool, NoAuthority> {
    store::forget(folder)
}
