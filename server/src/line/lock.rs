//! Whose packets an end of a line takes: those of one address, which has shown that it knows what was said in the descriptions. Pure; the time
//! is an argument.
//!
//! May import: credentials.

use std::net::SocketAddr;
use std::time::Duration;

use super::credentials::{Generation, Told};

/// After so much silence another address of the same peer may take over. Whoever has a connection says that he is there at least every 6 s
/// ([RFC 7675, section 5.1](https://www.rfc-editor.org/rfc/rfc7675#section-5.1)); browsers check the connection every 2.5 to 5 s.
const SILENCE: Duration = Duration::from_secs(8);

/// The address that an end belongs to, once there is one.
#[derive(Debug, Default)]
pub(super) struct Lock(Option<Locked>);

#[derive(Debug)]
struct Locked {
    address: SocketAddr,
    /// Of the newest credentials that it has shown to know.
    generation: Generation,
    heard: Duration,
}

impl Lock {
    /// Where packets for the peer go.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.0.as_ref().map(|locked| locked.address)
    }

    /// Whether the end takes this packet. It takes all of the address that it belongs to. A check of another address that verifies makes it
    /// belong to that one: at first, when it was made with credentials that were told later (after a restart of ICE), and when the address
    /// that had it has fallen silent. `told` are the credentials of the other side, `may_have` says whether an address may have the end.
    pub(super) fn admits(
        &mut self,
        now: Duration,
        from: SocketAddr,
        packet: &[u8],
        told: &Told,
        may_have: impl FnOnce(SocketAddr) -> bool,
    ) -> bool {
        if let Some(locked) = &mut self.0
            && locked.address == from
        {
            locked.heard = now;
            if told.newest() > Some(locked.generation)
                && let Some(generation) = told.verify(packet)
            {
                locked.generation = locked.generation.max(generation);
            }
            return true;
        }
        let Some(generation) = told.verify(packet).filter(|_| may_have(from)) else {
            return false;
        };
        if let Some(locked) = &self.0
            && locked.generation >= generation
            && now.saturating_sub(locked.heard) < SILENCE
        {
            return false;
        }
        self.0 = Some(Locked {
            address: from,
            generation,
            heard: now,
        });
        true
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use rtc::crypto;
    use rtc::stun::integrity::MessageIntegrity;
    use rtc::stun::message::{BINDING_REQUEST, Message, Setter, TransactionId};
    use serde_json::json;

    use super::*;

    const PASSWORDS: [&str; 2] = ["theFirstPasswordOfAPeer", "theSecondPasswordOfAPeer"];

    fn told(count: usize) -> Told {
        let mut told = Told::default();
        for password in &PASSWORDS[..count] {
            let said = json!({ "ufrag": "peer", "password": password });
            told.add(&serde_json::from_value(said).unwrap());
        }
        told
    }

    fn check(password: &str) -> Vec<u8> {
        let provider = crypto::default_provider().unwrap();
        let key = password.as_bytes().to_vec();
        let setters: [Box<dyn Setter + '_>; 3] = [
            Box::new(TransactionId::new()),
            Box::new(BINDING_REQUEST),
            Box::new(MessageIntegrity::new_raw_integrity_with_provider(
                key,
                provider.crypto(),
            )),
        ];
        let mut message = Message::new();
        message.build(&setters).unwrap();
        message.raw
    }

    fn from(port: u16) -> SocketAddr {
        ([192, 0, 2, 1], port).into()
    }

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn another_address_takes_over_only_after_a_silence() {
        let (mut lock, told, check) = (Lock::default(), told(1), check(PASSWORDS[0]));
        assert!(lock.admits(s(0), from(1), &check, &told, |_| true));
        assert!(lock.admits(s(10), from(1), b"data", &told, |_| true));
        assert!(!lock.admits(s(17), from(2), &check, &told, |_| true));
        assert!(!lock.admits(s(18), from(2), b"data", &told, |_| true));
        assert!(lock.admits(s(18), from(2), &check, &told, |_| true));
        assert_eq!(lock.address(), Some(from(2)));
        assert!(!lock.admits(s(18), from(1), b"data", &told, |_| true));
    }

    #[test]
    fn newer_credentials_take_over_at_once_and_older_ones_never_back() {
        let old = check(PASSWORDS[0]);
        let new = check(PASSWORDS[1]);
        let mut lock = Lock::default();
        assert!(lock.admits(s(0), from(1), &old, &told(1), |_| true));
        let told = told(2);
        // The first address shows that it knows the new ones as well.
        assert!(lock.admits(s(1), from(1), &new, &told, |_| true));
        assert!(!lock.admits(s(1), from(2), &new, &told, |_| true));
        let mut lock = Lock::default();
        assert!(lock.admits(s(0), from(1), &old, &told, |_| true));
        assert!(lock.admits(s(1), from(2), &new, &told, |_| true));
        assert!(!lock.admits(s(1), from(1), &old, &told, |_| true));
    }

    #[test]
    fn an_address_that_may_not_have_it_does_not_get_it() {
        let check = check(PASSWORDS[0]);
        let mut lock = Lock::default();
        assert!(!lock.admits(s(0), from(1), &check, &told(1), |_| false));
        assert_eq!(lock.address(), None);
    }
}
