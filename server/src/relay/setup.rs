//! What STUN and TURN need before they start: a socket, secrets, bounds.
//!
//! May import: config, network, stream, anyhow, getrandom, socket2, tokio, tracing.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};

use network::relay::quota;
use network::relay::turn::Secrets;
use socket2::SockRef;
use tokio::net::{TcpListener, UdpSocket};
use tracing::{debug, warn};

use super::stream::Bounds;
use crate::config::{self, Limits};

/// Bytes that wait while others have their turn; the system may allow less. Linux' usual 208 KiB lost up to one packet in twelve of twenty
/// clients that together sent 1,700 a second, on a machine with ten times as much to do as it could.
const RECEIVE_BUFFER: usize = 1024 * 1024;

/// Ports that are tried, where the system chooses one, until one is free for UDP as well.
const MAX_TRIED_PORTS: usize = 16;

/// Listens at an address. If the system is to choose the port, it is one that is free for UDP as well, as [`bind`] will want it: the system looks at TCP only.
/// Where many are taken, the last one counts.
///
/// # Errors
/// When nothing can listen at this address.
pub async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    match address.port() {
        0 => {
            let is_free = async |chosen| UdpSocket::bind(chosen).await.is_ok();
            listen_where(address.ip(), is_free).await
        }
        _ => TcpListener::bind(address).await,
    }
}

async fn listen_where(
    address: IpAddr,
    is_free: impl AsyncFn(SocketAddr) -> bool,
) -> io::Result<TcpListener> {
    // Kept open, so that the system chooses others.
    let mut refused = Vec::new();
    loop {
        let listener = TcpListener::bind((address, 0)).await?;
        if is_free(listener.local_addr()?).await || refused.len() + 1 == MAX_TRIED_PORTS {
            return Ok(listener);
        }
        refused.push(listener);
    }
}

/// The socket of STUN and TURN: where the book is served, unless another address is named.
///
/// # Errors
/// When the address that is named can't be had. Where none is named, the book is served without them.
pub async fn bind(book: SocketAddr, settings: &config::Relay) -> anyhow::Result<Option<UdpSocket>> {
    if settings.no_turn {
        return Ok(None);
    }
    let address = settings.turn_listen.unwrap_or(book);
    match (UdpSocket::bind(address).await, settings.turn_listen) {
        (Ok(socket), _) => {
            let enlarged = SockRef::from(&socket).set_recv_buffer_size(RECEIVE_BUFFER);
            let _ = enlarged.inspect_err(|error| debug!(%error, "A receive buffer stays small"));
            Ok(Some(socket))
        }
        (Err(error), Some(_)) => Err(match error.kind() {
            ErrorKind::AddrInUse => anyhow::anyhow!(
                "UDP port {} is in use by another program. Stop that program, or choose another port with --turn-listen {}:{}",
                address.port(),
                address.ip(),
                address.port().saturating_add(1),
            ),
            _ => anyhow::Error::new(error).context(format!(
                "Cannot listen on UDP {address}; choose another address with --turn-listen"
            )),
        }),
        (Err(error), None) => {
            warn!(
                %error,
                "Cannot listen on UDP {address}, so that peers which can't reach each other are not connected; choose another address with \
                 --turn-listen, or switch this off with --no-turn"
            );
            Ok(None)
        }
    }
}

/// By chance.
pub(crate) fn secrets() -> Result<Secrets, getrandom::Error> {
    let mut secrets = Secrets {
        credentials: [0; 32],
        nonces: [0; 32],
        seed: getrandom::u64()?,
    };
    getrandom::fill(&mut secrets.credentials)?;
    getrandom::fill(&mut secrets.nonces)?;
    Ok(secrets)
}

/// The bounds of connections.
pub(super) fn stream_bounds(limits: &Limits) -> Bounds {
    Bounds {
        per_address: limits.max_turn_connections_per_address,
        queued: limits.max_turn_queued_bytes,
        patience: limits.request_head_timeout,
    }
}

/// Those of its bounds that are flags.
pub(super) fn quota(limits: &Limits) -> quota::Limits {
    let number = |limit: usize| u32::try_from(limit).unwrap_or(u32::MAX);
    quota::Limits {
        allocations_per_session: limits.max_relayed_ports_per_session,
        allocations_per_address: limits.max_relayed_ports_per_address,
        allocations: limits.max_relayed_ports,
        bytes_per_second: limits.max_relayed_bytes_per_second,
        bytes_per_second_in_all: limits.max_relayed_bytes_per_second_in_all,
        lifetime: limits.relayed_port_lifetime,
        credentials: limits.ice_credential_lifetime,
        answers_per_second: number(limits.max_ice_answers_per_second),
        answer_burst: number(limits.max_ice_answer_burst),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;
    use std::net::Ipv4Addr;

    use super::*;

    #[tokio::test]
    async fn a_port_that_is_taken_for_udp_is_not_chosen() -> io::Result<()> {
        let tried = RefCell::new(Vec::new());
        let third = async |chosen: SocketAddr| {
            tried.borrow_mut().push(chosen);
            tried.borrow().len() == 3
        };
        let listener = listen_where(Ipv4Addr::LOCALHOST.into(), third).await?;
        let tried = tried.into_inner();
        assert_eq!(tried.last(), Some(&listener.local_addr()?));
        assert_eq!(tried.into_iter().collect::<BTreeSet<_>>().len(), 3);
        Ok(())
    }

    #[tokio::test]
    async fn after_so_many_tries_any_port_is_good_enough() -> io::Result<()> {
        let tried = RefCell::new(0);
        let never = async |_| {
            *tried.borrow_mut() += 1;
            false
        };
        listen_where(Ipv4Addr::LOCALHOST.into(), never).await?;
        assert_eq!(tried.into_inner(), MAX_TRIED_PORTS);
        Ok(())
    }
}
