//! One page of an attendee, as long as it is connected.
//!
//! May import: signaling::account, attendance, board, message, refusal, state, tokio, tungstenite.

use std::collections::VecDeque;
use std::future::ready;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use signaling::account::Account;
use tokio::sync::{mpsc, watch};
use tokio::time::sleep_until;
use tungstenite::Utf8Bytes;

use super::board::{Board, Known};
use super::message::{Hello, Message, Peers};
use super::refusal::Refused;
use super::state::{Arrival, Event, Page};
use super::{Attendance, Queue, millis_since_1970, text};

/// Messages that wait for a page which reads slowly, besides the latest of how it is with its attendee. If more would have to wait, it is cut
/// off.
const MAX_QUEUED: usize = 16;

/// Between two messages of who is in the rooms of its pair, at least: a partner may come and go a hundred times in a second, and each is work for
/// the page.
const PEERS_PERIOD: Duration = Duration::from_millis(250);

/// Between two looks at what the host shows, at least.
const LOOK_PERIOD: Duration = Duration::from_millis(250);

/// Bytes in a second that a page is told of what the host shows, on average. After a long text it waits longer for the next look: a page that begins to look at it again and again is told all of it each time,
/// and a host who types in a long text has all of it sent to everybody.
const LOOK_BYTES_PER_SECOND: usize = 32 * 1024;

/// A page that takes part. Dropping it says that the page is closed, so that no way to end a connection can forget to.
#[derive(Debug)]
pub struct Visit {
    attendance: Arc<Attendance>,
    page: Page,
    /// Of the address from which the page comes.
    account: Arc<Account>,
    you: watch::Receiver<Utf8Bytes>,
    peers: watch::Receiver<Utf8Bytes>,
    /// When the page may be told of them next.
    next_peers: Instant,
    told: mpsc::Receiver<Utf8Bytes>,
    board: watch::Receiver<Board>,
    /// What the page knows of it.
    known: Known,
    /// Whether it may know less than there is, and when to look at the earliest.
    is_news_due: bool,
    next_look: Instant,
    /// What it is told of it next: the news of one look, so no more than three.
    news: VecDeque<Utf8Bytes>,
}

impl Visit {
    /// Lets a page take part that has said hello, of an address with this account.
    ///
    /// # Errors
    /// When there is no place for it.
    pub fn begin(
        attendance: &Arc<Attendance>,
        from: IpAddr,
        account: Arc<Account>,
        hello: Hello,
    ) -> Result<Self, Refused> {
        let Hello {
            ticket,
            name,
            shares,
        } = hello;
        let claim = ticket.and_then(|ticket| attendance.tickets.read(&ticket, millis_since_1970()));
        let (you, latest) = watch::channel(Utf8Bytes::from_static(""));
        // A page that has just come knows of nobody.
        let (peers, latest_peers) = watch::channel(text(&Peers::default()));
        let (told, queued) = mpsc::channel(MAX_QUEUED);
        let page = {
            let mut shared = attendance.shared();
            let page = shared.next_page;
            shared.next_page += 1;
            shared.queues.insert(page, Queue { you, peers, told });
            page
        };
        // From here on it is dropped if it is refused, and leaves no queue behind.
        let visit = Self {
            attendance: Arc::clone(attendance),
            page,
            account,
            you: latest,
            peers: latest_peers,
            next_peers: Instant::now(),
            told: queued,
            board: attendance.board.subscribe(),
            known: Known::default(),
            is_news_due: true,
            next_look: Instant::now(),
            news: VecDeque::new(),
        };
        attendance.handle(Event::Hello(Arrival {
            page,
            from,
            claim,
            name,
            shares,
        }))?;
        Ok(visit)
    }

    /// What the page is to be told next; none if it reads too slowly.
    pub async fn next(&mut self) -> Option<Utf8Bytes> {
        loop {
            tokio::select! {
                // What else is told comes after how it is with the attendee.
                biased;
                changed = self.you.changed() => {
                    // An error says that it was cut off.
                    changed.ok()?;
                    return Some(self.you.borrow_and_update().clone());
                }
                changed = not_before(self.next_peers, self.peers.changed()) => {
                    changed.ok()?;
                    self.next_peers = Instant::now() + PEERS_PERIOD;
                    return Some(self.peers.borrow_and_update().clone());
                }
                told = self.told.recv() => return told,
                changed = self.board.changed(), if !self.is_news_due => {
                    changed.ok()?;
                    self.is_news_due = true;
                }
                () = sleep_until(self.next_look.into()), if self.is_news_due && self.news.is_empty() => self.look(),
                () = ready(()), if !self.news.is_empty() => return self.news.pop_front(),
            }
        }
    }

    /// Finds out what the page does not know yet of what the host shows.
    fn look(&mut self) {
        let board = self.board.borrow_and_update();
        let news = board.news(&mut self.known).into_iter();
        self.news.extend(news.map(|one| text(&one)));
        let bytes: usize = self.news.iter().map(|text| text.len()).sum();
        let wait = Duration::from_secs_f64(bytes as f64 / LOOK_BYTES_PER_SECOND as f64);
        self.is_news_due = false;
        self.next_look = Instant::now() + wait.max(LOOK_PERIOD);
    }

    /// Does what the page says.
    ///
    /// # Errors
    /// When it can't be done; nothing has changed then.
    pub fn receive(&mut self, message: Message) -> Result<(), Refused> {
        let page = self.page;
        match message {
            Message::Join { .. } => self.join(message),
            Message::Watch { number } => {
                self.known.watch(number);
                self.is_news_due = true;
                Ok(())
            }
            _ => self.attendance.handle(Event::Message { page, message }),
        }
    }

    /// Joins a pair, unless its words may be guessed ones.
    fn join(&self, message: Message) -> Result<(), Refused> {
        let page = self.page;
        let now = Instant::now();
        let wait = self.account.wait_for_words(now);
        if !wait.is_zero() {
            return Err(Refused::too_many_wrong_words(wait));
        }
        let joined = self.attendance.handle(Event::Message { page, message });
        joined.inspect_err(|refused| {
            if refused.is_of_wrong_words() {
                self.account.wrong_words(now);
            }
        })
    }
}

/// What comes of this, which is not polled before. May be dropped at any time if it may.
async fn not_before<T>(begin: Instant, what: impl Future<Output = T>) -> T {
    if Instant::now() < begin {
        sleep_until(begin.into()).await;
    }
    what.await
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.attendance.shared().queues.remove(&self.page);
        // It can't be refused.
        let _ = self.attendance.handle(Event::Closed { page: self.page });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::net::Ipv4Addr;

    use super::*;
    use crate::attendance::board::Showing;
    use crate::attendance::key::Key;
    use crate::attendance::state::Whose;
    use crate::config::Limits;

    fn account() -> Arc<Account> {
        let limits = Limits::default().account();
        Arc::new(Account::new(limits, Instant::now()))
    }

    fn page(attendance: &Arc<Attendance>) -> Visit {
        page_of(attendance, account())
    }

    fn page_of(attendance: &Arc<Attendance>, account: Arc<Account>) -> Visit {
        let hello = Hello {
            ticket: None,
            name: None,
            shares: true,
        };
        Visit::begin(attendance, Ipv4Addr::LOCALHOST.into(), account, hello).unwrap()
    }

    #[tokio::test]
    async fn nobody_is_cut_off_by_a_partner_who_changes_much_at_once() {
        let places = Limits::default().places();
        let attendance = Attendance::new(places, &Key::random().unwrap(), Arc::default());
        let attendance = Arc::new(attendance);
        let (mut a, mut b) = (page(&attendance), page(&attendance));
        for page in [&mut a, &mut b] {
            page.receive(Message::PairMe { wants: true }).unwrap();
        }
        for number in 0..=3 * MAX_QUEUED {
            let name = format!("Ada {number}");
            a.receive(Message::Name { name }).unwrap();
        }
        let you = b.next().await.unwrap();
        let latest = format!("\"Ada {}\"", 3 * MAX_QUEUED);
        assert!(you.contains(&latest), "{you}");
        let timer = b.next().await.unwrap();
        assert!(timer.contains("timer"), "{timer}");
    }

    #[tokio::test]
    async fn who_is_in_the_rooms_of_a_pair_is_told_a_few_times_in_a_second() {
        let places = Limits::default().places();
        let attendance = Attendance::new(places, &Key::random().unwrap(), Arc::default());
        let attendance = Arc::new(attendance);
        let mut a = page(&attendance);
        a.receive(Message::OpenPair).unwrap();
        let you: serde_json::Value = serde_json::from_str(&a.next().await.unwrap()).unwrap();
        let pair = you["pair"]["name"].as_str().unwrap().parse().unwrap();
        let enter = |number: u32| {
            let mut shared = attendance.shared();
            let peer = number.to_string();
            let effects = shared
                .state
                .entered(pair, "x/chat", &peer, Whose::Companion);
            attendance.carry_out(&mut shared, effects);
        };
        enter(1);
        let begin = Instant::now();
        assert!(next_peers(&mut a).await.contains("\"1\""));
        (2..=5).for_each(enter);
        let latest = next_peers(&mut a).await;
        assert!(latest.contains("\"5\""), "{latest}");
        assert!(begin.elapsed() >= PEERS_PERIOD, "{:?}", begin.elapsed());
    }

    /// The next message of who is in the rooms of the pair.
    async fn next_peers(page: &mut Visit) -> Utf8Bytes {
        loop {
            let text = page.next().await.unwrap();
            if text.contains("\"peers\"") {
                return text;
            }
        }
    }

    #[tokio::test]
    async fn a_page_that_looks_again_and_again_is_told_a_long_text_no_faster() {
        let places = Limits::default().places();
        let attendance = Attendance::new(places, &Key::random().unwrap(), Arc::default());
        let attendance = Arc::new(attendance);
        let show = attendance.show();
        let demo = Showing::Demo {
            page: "connecting/index.html".to_owned(),
            name: "a.js".to_owned(),
            text: "x".repeat(LOOK_BYTES_PER_SECOND),
        };
        show.receive(demo).unwrap();
        let mut page = page(&attendance);
        let next_of = async |page: &mut Visit, kind: &str| {
            while !page.next().await.unwrap().contains(kind) {}
        };
        next_of(&mut page, "\"shown\"").await;
        let mut looks_again = async || {
            page.receive(Message::Watch { number: None }).unwrap();
            let number = Some(1);
            page.receive(Message::Watch { number }).unwrap();
            next_of(&mut page, "\"shown-text\"").await;
            Instant::now()
        };
        let first = looks_again().await;
        let second = looks_again().await;
        assert!(second - first > Duration::from_millis(900));
    }

    #[tokio::test]
    async fn words_of_a_pair_are_guessed_by_nobody_with_however_many_pages() {
        let places = Limits::default().places();
        let attendance = Attendance::new(places, &Key::random().unwrap(), Arc::default());
        let attendance = Arc::new(attendance);
        let join = |pair: &str| Message::Join {
            pair: pair.to_owned(),
        };
        let code = |done: Result<(), Refused>| done.unwrap_err().code;
        let of_one = account();
        let mut codes = Vec::new();
        for _ in 0..40 {
            let mut guesser = page_of(&attendance, Arc::clone(&of_one));
            codes.push(code(guesser.receive(join("amber-otter"))));
        }
        let (tried, refused) = codes.split_at(30);
        assert!(
            tried.iter().all(|code| *code == "no-such-pair"),
            "{codes:?}"
        );
        let is_refused = |code: &&str| *code == "too-many-wrong-words";
        assert!(refused.iter().all(is_refused), "{codes:?}");
        // Whoever is refused is not told whether these are the right ones, and others are not bothered.
        let mut host = page(&attendance);
        host.receive(Message::OpenPair).unwrap();
        let you: serde_json::Value = serde_json::from_str(&host.next().await.unwrap()).unwrap();
        let words = you["pair"]["name"].as_str().unwrap();
        let mut guesser = page_of(&attendance, of_one);
        assert_eq!(code(guesser.receive(join(words))), "too-many-wrong-words");
        page(&attendance).receive(join(words)).unwrap();
    }
}
