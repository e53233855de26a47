//! Several instances with a real broker: what they promise together, and what happens when one of them, or the broker, is killed, hangs or is cut off.
//!
//! - `broker`: a Redis server for each test
//! - `rules`: what a client can't tell from one instance
//! - `failures`: what is lost, and who is told
//! - `starting`: the flags, the key, and the broker's ACL

mod broker;
mod failures;
mod rules;
mod starting;

use server::config::{Cluster, Limits, Settings};

use crate::support::Server;
use broker::Broker;

/// The settings of an instance.
fn settings(url: &str, limits: Limits) -> Settings {
    Settings {
        cluster: Cluster {
            cluster: Some(url.parse().unwrap()),
            ..Cluster::default()
        },
        ..limits.into()
    }
}

/// An instance that speaks to the others over this broker.
async fn instance(broker: &Broker) -> Server {
    instance_with(broker, Limits::default()).await
}

async fn instance_with(broker: &Broker, limits: Limits) -> Server {
    Server::with_settings(settings(&broker.url(), limits)).await
}

/// Bounds that a stream of frames does not meet.
fn ample() -> Limits {
    Limits {
        max_frame_burst: usize::MAX,
        max_byte_burst: usize::MAX,
        max_delivery_burst: usize::MAX,
        max_delivery_burst_per_address: usize::MAX,
        ..Limits::default()
    }
}
