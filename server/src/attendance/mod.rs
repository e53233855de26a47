//! Who attends a workshop, and in which pair.
//!
//! # Layout
//! - `state`: who attends, and in which pair; pure
//! - [`command`]: what the host asks for; [`message`]: what attendees' pages say, and are told
//! - [`id`], [`pair_name`]: of an attendee, of a pair; `name`: what attendees are called; `words`: what names are made of
//! - [`refusal`]: why something was not done
//! - [`seen`]: what attendees share with the host; [`checked`]: what their devices can do
//! - [`view`]: what the host sees; [`board`]: the demo that the host shows to everybody, and [`showing`]: by which page
//! - `ticket`: what a browser keeps; [`key`]: by which tickets are signed, and where it is kept
//! - `gate`: who may enter the rooms of a pair
//! - [`visit`]: one page, as long as it is connected
//!
//! May import: signaling::account, config, metrics, owner_only, secret, signaling::gate, base64, getrandom, hmac, network, quickconnect::protocol,
//! serde, serde_json, sha2, thiserror, tokio, tracing, tungstenite.

pub mod board;
pub mod checked;
pub mod command;
mod gate;
pub mod id;
pub mod key;
pub mod message;
mod name;
pub mod pair_name;
pub mod refusal;
pub mod seen;
pub mod showing;
mod state;
mod ticket;
pub mod view;
pub mod visit;
mod words;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval};
use tungstenite::Utf8Bytes;

use crate::config::Places;
use crate::metrics::{Metrics, NO_TLS};
use board::Board;
pub use command::HostCommand;
use key::Key;
pub use refusal::Refused;
use state::{Effects, Event, Page, State, To, Words};
use ticket::Tickets;
pub use view::View;

/// Bytes of the longest ticket.
pub const MAX_TICKET_BYTES: usize = ticket::MAX_BYTES;

/// How often it is looked who is away.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The attendance of a workshop, shared by everybody's connections and the host's.
pub struct Attendance {
    /// A std mutex, because it is held for a few lines that never wait: what is told is put into queues, and whoever reads those too slowly is
    /// cut off. Signaling asks with the lock of its rooms held, so nothing of signaling is called with this one held.
    shared: Mutex<Shared>,
    tickets: Tickets,
    /// Counts what the host could see as a change.
    changes: watch::Sender<u64>,
    /// Counts changes of who is in which pair.
    pairings: watch::Sender<u64>,
    /// The demo that the host shows to everybody.
    board: watch::Sender<Board>,
    metrics: Arc<Metrics>,
}

struct Shared {
    state: State,
    /// What waits for each page.
    queues: HashMap<Page, Queue>,
    next_page: Page,
}

/// What waits for a page. Dropping it ends the page's connection.
struct Queue {
    /// How it is with its attendee. Only the latest waits, so that nobody who changes much at once fills the queues of partners.
    you: watch::Sender<Utf8Bytes>,
    /// Who is in the rooms of its pair, and only the latest of it, too.
    peers: watch::Sender<Utf8Bytes>,
    /// What else it is told, each of it.
    told: mpsc::Sender<Utf8Bytes>,
}

impl Attendance {
    /// Without attendees. Those who have tickets by this key come back.
    pub fn new(places: Places, key: &Key, metrics: Arc<Metrics>) -> Self {
        let seed = getrandom::u64().unwrap_or_else(|_| millis_since_1970());
        Self {
            shared: Mutex::new(Shared {
                state: State::new(places, seed),
                queues: HashMap::new(),
                next_page: 0,
            }),
            tickets: Tickets::new(key.bytes()),
            changes: watch::Sender::new(0),
            pairings: watch::Sender::new(0),
            board: watch::Sender::default(),
            metrics,
        }
    }

    /// What the host sees now.
    pub fn view(&self) -> View {
        let no_tls = self.metrics.refusals(NO_TLS);
        self.shared().state.view(no_tls, Instant::now())
    }

    /// Tells when the view has changed, by a number that grows.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Tells when it has changed who is in which pair, by a number that grows.
    pub fn pairings(&self) -> watch::Receiver<u64> {
        self.pairings.subscribe()
    }

    /// Does what the host asks for.
    ///
    /// # Errors
    /// When it can't be done; nothing has changed then.
    pub fn command(&self, command: HostCommand) -> Result<(), Refused> {
        self.handle(Event::Command(command))
    }

    /// Tells everybody the address of the workshop, also whoever comes later.
    pub fn is_at(&self, url: &str) {
        // It can't be refused.
        let _ = self.handle(Event::Moved {
            url: url.to_owned(),
        });
    }

    /// Notices who is away, for as long as it is polled.
    pub async fn watch(&self) {
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut no_tls = self.metrics.refusals(NO_TLS);
        loop {
            looks.tick().await;
            // It can't be refused.
            let _ = self.handle(Event::Tick);
            let counted = self.metrics.refusals(NO_TLS);
            if counted != no_tls {
                no_tls = counted;
                self.changes.send_modify(|number| *number += 1);
            }
        }
    }

    fn handle(&self, event: Event) -> Result<(), Refused> {
        let mut shared = self.shared();
        let effects = shared.state.handle(event, Instant::now())?;
        self.carry_out(&mut shared, effects);
        Ok(())
    }

    fn carry_out(&self, shared: &mut Shared, effects: Effects) {
        let until = millis_since_1970() + ticket::LIFETIME.as_millis() as u64;
        for id in effects.changed.iter().copied() {
            let you = shared
                .state
                .you(id, until, |claim| self.tickets.sign(claim));
            // Of somebody who was just forgotten there is none.
            let Some(you) = you else { continue };
            let text = text(&you);
            for page in shared.state.pages_of(id) {
                if let Some(queue) = shared.queues.get(&page) {
                    queue.you.send_replace(text.clone());
                }
            }
        }
        for id in effects.changed.union(&effects.named) {
            let text = text(&shared.state.peers(*id));
            for page in shared.state.pages_of(*id) {
                if let Some(queue) = shared.queues.get(&page) {
                    let is_news = *queue.peers.borrow() != text;
                    is_news.then(|| queue.peers.send_replace(text.clone()));
                }
            }
        }
        for (to, words) in effects.told {
            let text = match words {
                Words::Told(told) => text(&told),
                Words::Refused(refused) => text(&refused),
            };
            match to {
                To::Page(page) => shared.tell(page, text),
                To::Everybody => {
                    let pages: Vec<_> = shared.queues.keys().copied().collect();
                    pages
                        .into_iter()
                        .for_each(|page| shared.tell(page, text.clone()));
                }
            }
        }
        if effects.is_seen {
            self.changes.send_modify(|number| *number += 1);
        }
        if effects.moves_members {
            self.pairings.send_modify(|number| *number += 1);
        }
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        // Every event leaves the state consistent, and a panic in one connection must not end the others.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Queues a text for a page. One that reads so slowly that there is no place for it hears nothing more, and its connection ends.
    fn tell(&mut self, page: Page, text: Utf8Bytes) {
        if let Some(queue) = self.queues.get(&page)
            && queue.told.try_send(text).is_err()
        {
            self.queues.remove(&page);
        }
    }
}

impl fmt::Debug for Attendance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attendance")
    }
}

/// A message for a page.
fn text(message: &impl Serialize) -> Utf8Bytes {
    let text = serde_json::to_string(message).expect("strings and numbers become JSON");
    text.into()
}

fn millis_since_1970() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    // A clock before 1970 is wrong, and makes tickets that are old at once.
    since.map_or(0, |since| since.as_millis() as u64)
}
