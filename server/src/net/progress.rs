//! The requests of a connection of HTTP/2: what they hold, and whether they get anywhere.
//!
//! On a connection of HTTP/1.1 there is one response at a time, and its socket tells when the client takes nothing of it. A client of HTTP/2 may read
//! everything that comes, and yet take nothing of its responses: it gives them no window. So each response has a time of its own.
//!
//! May import: signaling::byte_budget, tokio.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use signaling::byte_budget::{ByteBudget, Share};
use tokio::time::{Instant, sleep};

/// How long a connection may get nowhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Without a request.
    pub(super) idle: Duration,
    /// With a response of which the client takes nothing.
    pub(super) stalled: Duration,
}

/// Why it gets nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Nothing was ever asked for.
    NoRequest,
    /// All responses were taken, and nothing more is asked for.
    Idle,
    /// The client takes nothing of a response, whatever it takes of others.
    Stalled,
}

/// All requests of a connection. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Progress {
    /// A std mutex, held for a few lines that never wait.
    requests: Arc<Mutex<Requests>>,
    of_connection: Arc<ByteBudget>,
    of_address: Arc<ByteBudget>,
}

/// Free of the clock.
#[derive(Debug)]
struct Requests {
    /// Those whose responses were not taken yet, by their numbers.
    open: BTreeMap<u64, OnItsWay>,
    /// How many there have been.
    count: u64,
    /// When the last one began or ended.
    changed: Instant,
}

/// What of a response waits for the client.
#[derive(Debug)]
struct OnItsWay {
    pieces: usize,
    /// When there was the first of them, or when the last one was taken.
    since: Instant,
}

/// A request, until its response is taken. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Open {
    progress: Progress,
    number: u64,
    of_connection: Share,
    of_address: Share,
}

impl Requests {
    fn new(now: Instant) -> Self {
        Self {
            open: BTreeMap::new(),
            count: 0,
            changed: now,
        }
    }

    /// The number of one that has come.
    fn begin(&mut self, now: Instant) -> u64 {
        self.count += 1;
        self.changed = now;
        let response = OnItsWay {
            pieces: 0,
            since: now,
        };
        self.open.insert(self.count, response);
        self.count
    }

    fn end(&mut self, number: u64, now: Instant) {
        self.open.remove(&number);
        self.changed = now;
    }

    /// A piece of its response is on its way.
    fn send(&mut self, number: u64, now: Instant) {
        if let Some(response) = self.open.get_mut(&number) {
            // What is behind the first one does not wait for the client yet.
            if response.pieces == 0 {
                response.since = now;
            }
            response.pieces += 1;
        }
    }

    /// The client has taken one.
    fn take(&mut self, number: u64, now: Instant) {
        if let Some(response) = self.open.get_mut(&number) {
            response.pieces -= 1;
            response.since = now;
        }
    }

    /// For how long it may go on like this. A server that takes its time ends nothing.
    fn look(&self, patience: Patience, begin: Instant, now: Instant) -> Result<Duration, Stop> {
        let waiting = self.open.values().filter(|response| response.pieces > 0);
        let (since, patience, stop) = match waiting.map(|response| response.since).min() {
            Some(since) => (since, patience.stalled, Stop::Stalled),
            None if !self.open.is_empty() => return Ok(patience.idle),
            None if self.count == 0 => (self.changed.max(begin), patience.idle, Stop::NoRequest),
            None => (self.changed.max(begin), patience.idle, Stop::Idle),
        };
        let rest = patience.saturating_sub(now.saturating_duration_since(since));
        match rest.is_zero() {
            true => Err(stop),
            false => Ok(rest),
        }
    }
}

impl Progress {
    /// Of a connection that has just begun, whose requests may hold so many bytes together, of those that its address has.
    pub(super) fn new(max_held: usize, of_address: &Arc<ByteBudget>) -> Self {
        Self {
            requests: Arc::new(Mutex::new(Requests::new(Instant::now()))),
            of_connection: ByteBudget::new(max_held),
            of_address: Arc::clone(of_address),
        }
    }

    /// A request has come, which holds nothing yet.
    pub(super) fn begin(&self) -> Open {
        Open {
            number: self.requests().begin(Instant::now()),
            of_connection: Share::of(&self.of_connection),
            of_address: Share::of(&self.of_address),
            progress: self.clone(),
        }
    }

    /// Waits until it gets nowhere any more. Without a request, it has its time from now on.
    pub(super) async fn stops(&self, patience: Patience) -> Stop {
        let begin = Instant::now();
        loop {
            let rest = match self.requests().look(patience, begin, Instant::now()) {
                Ok(rest) => rest,
                Err(stop) => return stop,
            };
            // Another time may begin meanwhile.
            sleep(rest.min(patience.idle).min(patience.stalled)).await;
        }
    }

    fn requests(&self) -> MutexGuard<'_, Requests> {
        // Nothing in here can panic half-way.
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Holds so many bytes from now on, if the other requests of its connection and of its address leave room for them; otherwise none.
    pub(super) fn try_hold(&mut self, bytes: usize) -> bool {
        let has_room = self.of_connection.try_set(bytes) && self.of_address.try_set(bytes);
        if !has_room {
            self.hold(0);
        }
        has_room
    }

    /// The same, whether they leave room or not.
    pub(super) fn hold(&mut self, bytes: usize) {
        self.of_connection.set(bytes);
        self.of_address.set(bytes);
    }

    /// A piece of its response is on its way.
    pub(super) fn send(&self) {
        self.progress.requests().send(self.number, Instant::now());
    }

    /// The client has taken one.
    pub(super) fn take(&self) {
        self.progress.requests().take(self.number, Instant::now());
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.progress.requests().end(self.number, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience = Patience {
        idle: Duration::from_secs(15),
        stalled: Duration::from_secs(60),
    };

    /// The requests of a connection that began at the time 0, and its times.
    fn requests() -> (Requests, impl Fn(u64) -> Instant) {
        let begin = Instant::now();
        let at = move |seconds| begin + Duration::from_secs(seconds);
        (Requests::new(begin), at)
    }

    #[test]
    fn a_connection_without_a_request_stops_and_says_whether_there_ever_was_one() {
        let (mut requests, at) = requests();
        let second = Duration::from_secs(1);
        assert_eq!(requests.look(PATIENCE, at(0), at(14)), Ok(second));
        let none = requests.look(PATIENCE, at(0), at(15));
        assert_eq!(none, Err(Stop::NoRequest));
        let one = requests.begin(at(20));
        requests.end(one, at(30));
        assert_eq!(requests.look(PATIENCE, at(0), at(44)), Ok(second));
        let idle = requests.look(PATIENCE, at(0), at(45));
        assert_eq!(idle, Err(Stop::Idle));
        // Whoever waits anew waits as long.
        assert_eq!(requests.look(PATIENCE, at(45), at(59)), Ok(second));
    }

    #[test]
    fn what_an_address_has_left_is_held_by_one_connection_or_another_and_what_does_not_fit_by_none()
    {
        let of_address = ByteBudget::new(150);
        let [one, other] = [100, 100].map(|max| Progress::new(max, &of_address));
        let (mut first, mut second) = (one.begin(), other.begin());
        assert!(first.try_hold(100) && !second.try_hold(51));
        assert!(second.try_hold(50) && !other.begin().try_hold(1));
        drop(first);
        let (mut third, mut fourth) = (other.begin(), other.begin());
        assert!(third.try_hold(50) && !fourth.try_hold(1));
        third.hold(1000);
        assert!(!one.begin().try_hold(1));
        drop(third);
        assert!(one.begin().try_hold(100));
    }

    #[test]
    fn it_goes_on_while_the_server_has_to_answer() {
        let (mut requests, at) = requests();
        let one = requests.begin(at(0));
        assert!(requests.look(PATIENCE, at(0), at(1000)).is_ok());
        // A piece was taken, and the next one is not there yet.
        requests.send(one, at(1000));
        requests.take(one, at(1001));
        assert!(requests.look(PATIENCE, at(0), at(2000)).is_ok());
    }

    #[test]
    fn it_stops_where_the_client_takes_nothing_of_one_response_whatever_it_takes_of_others() {
        let (mut requests, at) = requests();
        let left = requests.begin(at(0));
        requests.send(left, at(10));
        for time in [20, 40, 60] {
            // More of it changes nothing.
            requests.send(left, at(time));
            let taken = requests.begin(at(time));
            requests.send(taken, at(time));
            requests.take(taken, at(time + 1));
            requests.end(taken, at(time + 1));
        }
        assert!(requests.look(PATIENCE, at(0), at(69)).is_ok());
        let stalled = requests.look(PATIENCE, at(0), at(70));
        assert_eq!(stalled, Err(Stop::Stalled));
        // Each piece that is taken gives as much time again.
        requests.take(left, at(69));
        assert!(requests.look(PATIENCE, at(0), at(128)).is_ok());
    }
}
