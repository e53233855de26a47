//! The address of a workshop: chosen when it begins, and looked at again and again while it runs, since a machine joins another Wi-Fi, or
//! sleeps and wakes up elsewhere.
//!
//! # Layout
//! - `change`: what the addresses of now mean for the one that the room was given; pure
//!
//! May import: book::live, config, local_name, process::addresses, workshop, qrcode, tokio, tokio_util, tracing.

mod change;

use std::future::pending;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use qrcode::types::QrError;
use tokio::sync::oneshot;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;
use tracing::warn;

use crate::book::live::LiveBook;
use crate::config::PublicUrl;
use crate::local_name::{Naming, Standing};
use crate::process::addresses::Urls;
use crate::workshop::Workshop;
use crate::workshop::welcome::{self, Notice, Welcome};
use crate::workshop::wifi::Wifi;
use change::{Change, Given};

/// Time between two looks at the addresses. A new one is shown when it was seen twice, so within twice as long.
pub const LOOK_EVERY: Duration = Duration::from_secs(3);

/// The workshop of a server that is found at these URLs, or at the one that stands above them, in this Wi-Fi if it was named, and what the
/// terminal says of it.
///
/// # Errors
/// When the address is too long for a code.
pub fn begin(
    urls: &Urls,
    public_url: Option<&PublicUrl>,
    wifi: Option<Wifi>,
) -> Result<(Workshop, Notice), QrError> {
    let url = match public_url {
        Some(url) => url.to_string(),
        None => urls.best().to_owned(),
    };
    let workshop = Workshop::at(url)?.in_wifi(wifi);
    let is_for_others = public_url.is_some() || !urls.for_others.is_empty();
    let notice = with_welcome(&workshop, urls, is_for_others, false, notice);
    Ok((workshop, notice))
}

/// Whether the address of a workshop can become another while it runs: not where somebody has named it.
pub fn can_change(listening: SocketAddr, public_url: Option<&PublicUrl>) -> bool {
    public_url.is_none() && listening.ip().is_unspecified()
}

/// Looks at the addresses until it is dropped.
#[derive(Debug)]
pub struct Watch {
    _task: AbortOnDropHandle<()>,
}

/// Looks every so often at which URLs the server is found, beginning with those that the workshop was [begun](begin) with. A new address is
/// put into the book, then told. So is what becomes of the machine's name in its network, if it shall have one.
pub fn watch(
    book: &Arc<LiveBook>,
    begun_with: &Urls,
    naming: Option<Naming>,
    every: Duration,
    look: impl Fn() -> Urls + Send + 'static,
    tell: impl Fn(Notice) + Send + 'static,
) -> Watch {
    let is_there = !begun_with.for_others.is_empty();
    let mut given = Given::new(begun_with.best().to_owned(), is_there);
    let book = Arc::clone(book);
    let begun = book.workshop();
    let wifi = begun.as_ref().and_then(|begun| begun.wifi().cloned());
    let has_tls = begun.is_some_and(|begun| begun.secure_url().is_some());
    let looking = async move {
        let mut decided = pin!(async {
            match naming {
                Some(naming) => naming.decided().await,
                None => pending().await,
            }
        });
        let mut is_decided = false;
        let mut named = None;
        loop {
            tokio::select! {
                () = sleep(every) => {}
                (host, standing) = &mut decided, if !is_decided => {
                    is_decided = true;
                    if standing == Standing::Taken {
                        tell(welcome::name_taken(&host));
                        continue;
                    }
                    let urls = look();
                    named = urls.by_name(&host);
                    let Some(current) = book.workshop() else { continue };
                    let workshop = Workshop::clone(&current).also_at(named.clone());
                    let notice = with_welcome(&workshop, &urls, true, false, welcome::named);
                    put_into(&book, workshop).await;
                    // Otherwise it is told with the address, once there is one again.
                    if !urls.for_others.is_empty() {
                        tell(notice);
                    }
                    continue;
                }
            }
            let urls = look();
            let Some(change) = given.compare(&urls) else {
                continue;
            };
            let workshop = match Workshop::at(given.url().to_owned()) {
                Ok(workshop) => workshop
                    .in_wifi(wifi.clone())
                    .with_tls(has_tls)
                    .also_at(named.clone()),
                Err(error) => {
                    warn!(%error, "The new address of this machine has no QR code");
                    continue;
                }
            };
            let notice = match change {
                Change::Gone => welcome::gone(given.url(), &urls.for_others),
                Change::Back => with_welcome(&workshop, &urls, true, false, welcome::back),
                Change::Moved => {
                    let notice = with_welcome(&workshop, &urls, true, true, notice);
                    put_into(&book, workshop).await;
                    notice
                }
            };
            tell(notice);
        }
    };
    Watch {
        _task: AbortOnDropHandle::new(tokio::spawn(looking)),
    }
}

/// On a thread of its own, since the book is rendered. The end of the program waits for the threads of tokio, and not for this one.
async fn put_into(book: &Arc<LiveBook>, workshop: Workshop) {
    let book = Arc::clone(book);
    let (done, is_done) = oneshot::channel();
    let render = move || {
        book.move_to(workshop);
        // Nobody waits any more when the server stops.
        let _ = done.send(());
    };
    match thread::Builder::new()
        .name("render".to_owned())
        .spawn(render)
    {
        // It fails where rendering panicked, which is in the log.
        Ok(_) => drop(is_done.await),
        Err(error) => {
            warn!(%error, "No thread can be started, so the page Join shows the former address");
        }
    }
}

fn notice(welcome: &Welcome<'_>) -> Notice {
    Notice {
        text: welcome.to_string(),
        block: Some(welcome.to_block()),
    }
}

fn with_welcome(
    workshop: &Workshop,
    urls: &Urls,
    is_for_others: bool,
    is_new: bool,
    notice: impl Fn(&Welcome<'_>) -> Notice,
) -> Notice {
    let others = urls.for_others.iter();
    let others: Vec<_> = others
        .filter(|url| *url != workshop.url())
        .cloned()
        .collect();
    notice(&Welcome {
        workshop,
        others: &others,
        here: &urls.here,
        is_for_others,
        is_new,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_address_that_somebody_has_named_does_not_change() {
        let named = "http://laptop.local:8000".parse().unwrap();
        for (listening, public_url, expected) in [
            ("0.0.0.0:8000", None, true),
            ("[::]:8000", None, true),
            ("192.0.2.5:8000", None, false),
            ("127.0.0.1:8000", None, false),
            ("0.0.0.0:8000", Some(&named), false),
        ] {
            let can_change = can_change(listening.parse().unwrap(), public_url);
            assert_eq!(can_change, expected, "{listening} {public_url:?}");
        }
    }
}
