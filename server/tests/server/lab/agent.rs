//! A peer that looks for a way to the other: it checks every address that it knows, and answers each check to where it came from.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use crate::line::Peer;

/// How often each side checks every address.
pub(super) const ROUNDS: usize = 25;
/// The time between two rounds.
pub(super) const PACE: Duration = Duration::from_millis(20);
/// Before the transaction, in an answer. The lab does not ask what packets of a peer mean.
pub(super) const ANSWER: u8 = b'!';

pub(super) struct Agent {
    pub(super) peer: Peer,
    /// Where the other may be, and the checks that were sent there.
    remotes: Vec<(SocketAddr, Vec<Vec<u8>>)>,
    /// Whether it has heard the other from an address that was no candidate.
    pub(super) is_surprised: bool,
    pub(super) is_answered: bool,
}

impl Agent {
    /// With the candidates of the other as the lab says them.
    pub(super) async fn new(name: &str, other: &Value) -> Self {
        let remotes = candidates(other);
        Self {
            peer: Peer::at(remotes[0].ip(), name).await,
            remotes: remotes
                .into_iter()
                .map(|remote| (remote, Vec::new()))
                .collect(),
            is_surprised: false,
            is_answered: false,
        }
    }

    pub(super) fn credentials(&self) -> Value {
        self.peer.credentials()
    }

    pub(super) async fn check_all(&mut self, other: &Peer) {
        for (remote, transactions) in &mut self.remotes {
            let check = self.peer.check(other, *remote).await;
            transactions.push(check[8..20].to_vec());
        }
    }

    /// Reads what comes within a moment.
    pub(super) async fn listen(&mut self, moment: Duration) {
        let mut buffer = [0; 2_000];
        while let Ok(received) = timeout(moment, self.peer.socket.recv_from(&mut buffer)).await {
            let (length, from) = received.unwrap();
            match &buffer[..length] {
                [ANSWER, transaction @ ..] => {
                    // An answer counts if it comes from where the check went (RFC 8445, section 7.2.5.2.1).
                    let sent = self.remotes.iter().find(|(remote, _)| *remote == from);
                    self.is_answered |=
                        sent.is_some_and(|(_, sent)| sent.iter().any(|sent| sent == transaction));
                }
                check => {
                    let answer = [&[ANSWER], &check[8..20]].concat();
                    self.peer.send(from, &answer).await;
                    if self.remotes.iter().all(|(remote, _)| *remote != from) {
                        self.is_surprised = true;
                        self.remotes.push((from, Vec::new()));
                    }
                }
            }
        }
    }
}

/// Whether both get an answer.
pub(super) async fn find_a_way([a, b]: &mut [Agent; 2]) -> bool {
    (a.is_answered, b.is_answered) = (false, false);
    for _ in 0..ROUNDS {
        a.check_all(&b.peer).await;
        b.check_all(&a.peer).await;
        a.listen(PACE / 2).await;
        b.listen(PACE / 2).await;
        if a.is_answered && b.is_answered {
            return true;
        }
    }
    false
}

/// Where the other side reaches one.
pub(super) fn candidates(side: &Value) -> Vec<SocketAddr> {
    let candidates = side["candidates"].as_array().unwrap();
    candidates.iter().map(endpoint).collect()
}

pub(super) fn endpoint(said: &Value) -> SocketAddr {
    let address = said["address"].as_str().unwrap().parse().unwrap();
    let port = u16::try_from(said["port"].as_u64().unwrap()).unwrap();
    SocketAddr::new(address, port)
}
