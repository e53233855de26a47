//! Connections to the broker, which speaks the protocol of Redis; `certificates` is about TLS.
//!
//! May import: config, redis, rustls, thiserror, tokio.

mod certificates;

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use redis::aio::{MultiplexedConnection, PubSubStream};
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, IntoConnectionInfo as _, RedisError,
    RetryMethod, TlsCertificates,
};
use tokio::net::lookup_host;
use tokio::time::error::Elapsed;
use tokio::time::timeout;

pub use certificates::{BadAuthorities, check_authorities};

use crate::config::ClusterUrl;

/// A connection is made, and a command answered, within this time; or the broker counts as out of reach.
const ANSWERS_WITHIN: Duration = Duration::from_secs(1);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum NoBroker {
    /// Whoever sees its packets could read and change all messages.
    #[error(
        "The broker that --cluster names, {0}, has a public address, and redis:// is not encrypted. Use rediss://, or an address in a private network."
    )]
    Public(String),
    /// It says no, or can't be reached.
    #[error("The broker that --cluster names can't be used: {0}")]
    Failed(RedisError),
    /// Whoever answers there is not who was meant, or can't prove it.
    #[error("The broker that --cluster names shows a certificate that is not taken: {0}")]
    Certificate(String),
    /// Nobody would be trusted.
    #[error(transparent)]
    BadAuthorities(#[from] BadAuthorities),
    /// Whoever names authorities thinks that the way is encrypted.
    #[error(
        "--cluster-ca is about a broker that speaks TLS, and --cluster names one that doesn't. Use rediss://, or leave out --cluster-ca."
    )]
    NotEncrypted,
    /// Its name has no address.
    #[error("The name of the broker that --cluster names can't be looked up: {0}")]
    NoAddress(#[from] std::io::Error),
    /// It says nothing.
    #[error("The broker that --cluster names says nothing within {ANSWERS_WITHIN:?}")]
    Hung(#[from] Elapsed),
}

impl NoBroker {
    /// Whether a person has to change something before it can be used.
    pub(super) fn is_fault(&self) -> bool {
        match self {
            Self::Public(_)
            | Self::Certificate(_)
            | Self::BadAuthorities(_)
            | Self::NotEncrypted => true,
            Self::Failed(error) => is_refusal(error),
            Self::NoAddress(_) | Self::Hung(_) => false,
        }
    }
}

impl From<RedisError> for NoBroker {
    fn from(error: RedisError) -> Self {
        match certificates::verdict(&error) {
            Some(verdict) => Self::Certificate(verdict),
            None => Self::Failed(error),
        }
    }
}

/// Whether the broker says no, and will say so again. One that still reads its data says no for a moment only.
pub(super) fn is_refusal(error: &RedisError) -> bool {
    let passes = matches!(error.retry_method(), RetryMethod::WaitAndRetry);
    !passes && !error.is_io_error() && !error.is_timeout()
}

/// Where the broker is. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Broker(Client);

impl Broker {
    /// The one at this address, whose certificate is signed by one of the authorities in a file, or by one that the system knows. Nothing is connected yet.
    ///
    /// # Errors
    /// When the address is none, or the file has no authorities.
    pub(super) fn at(url: &ClusterUrl, authorities: Option<&Path>) -> Result<Self, NoBroker> {
        let info = url.reveal().into_connection_info()?;
        // It needs a right of its own at the broker, and tells it nothing of use.
        let settings = info.redis_settings().clone().set_skip_set_lib_name();
        let info = info.set_redis_settings(settings);
        let is_encrypted = matches!(info.addr(), ConnectionAddr::TcpTls { .. });
        if is_encrypted {
            // Fails if the process has one, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let client = match authorities {
            None => Client::open(info)?,
            Some(_) if !is_encrypted => return Err(NoBroker::NotEncrypted),
            Some(path) => {
                let (pem, _) = certificates::read(path)?;
                let certificates = TlsCertificates {
                    client_tls: None,
                    root_cert: Some(pem),
                };
                Client::build_with_tls(info, certificates)?
            }
        };
        Ok(Self(client))
    }

    /// A connection for commands.
    ///
    /// # Errors
    /// When it can't be used.
    pub(super) async fn connect(&self) -> Result<MultiplexedConnection, NoBroker> {
        self.is_private().await?;
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(ANSWERS_WITHIN))
            .set_response_timeout(Some(ANSWERS_WITHIN));
        let connecting = (self.0).get_multiplexed_async_connection_with_config(&config);
        Ok(timeout(2 * ANSWERS_WITHIN, connecting).await??)
    }

    /// What is published on a channel from now on.
    ///
    /// # Errors
    /// When it can't be used.
    pub(super) async fn subscribe(&self, channel: &str) -> Result<PubSubStream, NoBroker> {
        self.is_private().await?;
        let subscribing = async {
            let mut connection = self.0.get_async_pubsub().await?;
            connection.subscribe(channel).await?;
            Ok::<_, RedisError>(connection.into_on_message())
        };
        Ok(timeout(ANSWERS_WITHIN, subscribing).await??)
    }

    /// Looked up each time, since names may get other addresses.
    async fn is_private(&self) -> Result<(), NoBroker> {
        let ConnectionAddr::Tcp(host, port) = self.0.get_connection_info().addr() else {
            return Ok(());
        };
        let mut addresses = lookup_host((host.as_str(), *port)).await?;
        match addresses.all(|address| is_private(address.ip())) {
            true => Ok(()),
            false => Err(NoBroker::Public(host.clone())),
        }
    }
}

/// Whether an address is of this machine, or of a network whose packets the internet does not carry.
fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            // RFC 6598: what providers, and overlays such as those of a cloud, have between themselves.
            let is_shared = first == 100 && second & 0xc0 == 64;
            ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || ip.is_unspecified()
                || is_shared
        }
        IpAddr::V6(ip) => {
            ip.is_loopback()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
                || ip.is_unspecified()
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use redis::{ErrorKind, ServerErrorKind};

    use super::*;

    fn broker(url: &str) -> Broker {
        Broker::at(&url.parse().unwrap(), None).unwrap()
    }

    #[test]
    fn a_broker_that_still_starts_is_waited_for_and_one_that_denies_is_not() {
        let says = |kind| RedisError::from((ErrorKind::Server(kind), "no"));
        assert!(!is_refusal(&says(ServerErrorKind::BusyLoading)));
        assert!(is_refusal(&says(ServerErrorKind::NoPerm)));
    }

    #[tokio::test]
    async fn a_public_address_is_refused_unless_the_way_there_is_encrypted() {
        for url in [
            "redis://203.0.113.5",
            "redis://[2001:db8::5]:7000",
            "redis://172.32.0.1",
        ] {
            let refused = broker(url).is_private().await.unwrap_err();
            assert!(refused.is_fault(), "{url}");
            assert!(refused.to_string().contains("rediss://"), "{refused}");
        }
        for url in [
            "rediss://203.0.113.5",
            "redis://127.0.0.1",
            "redis://10.1.2.3",
            "redis://172.31.0.1",
            "redis://100.64.0.1",
            "redis://[fd00::5]",
            "redis://[::ffff:192.168.0.1]",
        ] {
            broker(url).is_private().await.unwrap();
        }
    }
}
