//! One network: a socket that hears what everybody there is told, and the claim to the name. What floods it costs is bounded: so many messages in a second are
//! read, of a size that is bounded, into one buffer.
//!
//! May import: claim, message, socket2, tokio, tokio_util, tracing.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::claim::Claim;
use super::message::MAX_MESSAGE;

/// Where everybody is told and asked.
pub(super) const GROUP: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 251);

/// Messages that are read within a second; what comes besides is left to the system, which drops it. Two hundred devices that look for each other are a
/// few hundred.
const MAX_HEARD: u32 = 1000;
const SECOND: Duration = Duration::from_secs(1);

/// How long a message may wait for the interface; then it is not sent, which others see as lost.
const SEND: Duration = Duration::from_millis(100);

/// Routers pass nothing on that was sent to this group, so nobody has to count (RFC 6762, section 11).
const MULTICAST_TTL: u32 = 255;
/// An answer to one goes no further than the network either, whatever address a question has said that it is from.
const UNICAST_TTL: u32 = 1;

pub(super) struct Link {
    socket: UdpSocket,
    group: SocketAddrV4,
}

impl Link {
    /// In the network that this machine has this address in. `port` is where multicast DNS is spoken, beside other programs of this machine.
    ///
    /// # Errors
    /// When the system lets nobody listen there.
    pub(super) fn open(address: Ipv4Addr, port: u16) -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        socket.set_reuse_address(true)?;
        #[cfg(unix)]
        socket.set_reuse_port(true)?;
        let group = SocketAddrV4::new(GROUP, port);
        // Linux: nothing comes but what everybody in this network is told. Other systems send nothing from an address that is bound so.
        #[cfg(target_os = "linux")]
        {
            socket.set_multicast_all_v4(false)?;
            socket.bind(&group.into())?;
        }
        #[cfg(not(target_os = "linux"))]
        socket.bind(&SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port).into())?;
        socket.join_multicast_v4(&GROUP, &address)?;
        socket.set_multicast_if_v4(&address)?;
        socket.set_multicast_ttl_v4(MULTICAST_TTL)?;
        socket.set_ttl_v4(UNICAST_TTL)?;
        socket.set_nonblocking(true)?;
        Ok(Self {
            socket: UdpSocket::from_std(socket.into())?,
            group,
        })
    }

    /// Claims the name, and answers for it until the end, or until another device has it. `tell` gets the claim after each change.
    pub(super) async fn hold(
        self,
        mut claim: Claim,
        own: watch::Receiver<Vec<Ipv4Addr>>,
        tell: impl Fn(&Claim),
        end: CancellationToken,
    ) {
        let mut bytes = vec![0; MAX_MESSAGE];
        let mut heard = 0;
        let mut second_ends = Instant::now() + SECOND;
        while !claim.is_taken() {
            let is_full = heard >= MAX_HEARD;
            let due = claim.due().map(Instant::from_std);
            let wakes = due.into_iter().chain(is_full.then_some(second_ends)).min();
            tokio::select! {
                // Whatever else comes, the end is not put off.
                biased;
                () = end.cancelled() => break,
                () = sleep_until(wakes.unwrap_or(second_ends)), if wakes.is_some() => {
                    if let Some(message) = claim.says(Instant::now().into_std()) {
                        self.send(&message, self.group.into()).await;
                        tell(&claim);
                    }
                }
                received = self.socket.recv_from(&mut bytes), if !is_full => {
                    heard += 1;
                    match received {
                        Ok((len, from)) => {
                            let is_once = from.port() != self.group.port();
                            let now = Instant::now().into_std();
                            let answer = claim.hears(&bytes[..len], is_once, &own.borrow(), now);
                            if let Some(answer) = answer {
                                self.send(&answer, from).await;
                            }
                        }
                        Err(error) => debug!(%error, "Multicast DNS can't be heard"),
                    }
                }
            }
            let now = Instant::now();
            if now >= second_ends {
                (heard, second_ends) = (0, now + SECOND);
            }
        }
        match claim.goodbye() {
            Some(goodbye) => self.send(&goodbye, self.group.into()).await,
            None => tell(&claim),
        }
    }

    async fn send(&self, message: &[u8], to: SocketAddr) {
        match timeout(SEND, self.socket.send_to(message, to)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => debug!(%error, "Multicast DNS can't be said"),
            Err(_) => debug!("Multicast DNS was not said in time"),
        }
    }
}
