//! What STUN and TURN need before they start: a socket, secrets, bounds.
//!
//! May import: config, network, stream, anyhow, getrandom, socket2, tokio, tracing.

use std::io::ErrorKind;
use std::net::SocketAddr;

use network::relay::quota;
use network::relay::turn::Secrets;
use socket2::SockRef;
use tokio::net::UdpSocket;
use tracing::{debug, warn};

use super::stream::Bounds;
use crate::config::{self, Limits};

/// Bytes that wait while others have their turn; the system may allow less. Linux' usual 208 KiB lost up to one packet in twelve of twenty
/// clients that together sent 1,700 a second, on a machine with ten times as much to do as it could.
const RECEIVE_BUFFER: usize = 1024 * 1024;

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
        answers_per_second: number(limits.max_ice_answers_per_second),
        answer_burst: number(limits.max_ice_answer_burst),
    }
}
