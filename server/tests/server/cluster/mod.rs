//! Several instances with a real broker: what they promise together, and what happens when one of them, or the broker, is killed, hangs or is cut off.
//!
//! - `broker`: a Redis server for each test
//! - `rules`: what a client can't tell from one instance; `originals`: the published client, which can't either
//! - `failures`: what is lost, and who is told; `restart`: instances that are stopped, and nothing is lost
//! - `starting`: the flags, the key, and the broker's ACL; `encrypted`: a broker that speaks TLS
//! - `turning_keys`: keys that change while instances run

pub(crate) mod broker;
#[cfg(target_os = "linux")]
mod encrypted;
mod failures;
mod originals;
mod restart;
mod rules;
mod starting;
mod turning_keys;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use server::config::{Cluster, Limits, Settings};

use crate::support::{PROGRAM, Running, Server, guidebook};
use broker::Broker;

/// The settings of an instance.
pub(crate) fn settings(url: &str, limits: Limits) -> Settings {
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

/// One that takes messages of those alone that have a key of this file, and shows its numbers.
async fn instance_with_keys(broker: &Broker, path: PathBuf) -> Server {
    let limits = Limits {
        // Whoever reads late is not asked for a sign of life meanwhile.
        ping_period: Duration::from_secs(3600),
        ..ample()
    };
    let mut settings = settings(&broker.url(), limits);
    settings.cluster.cluster_key = Some(path);
    settings.admin.metrics = true;
    Server::with_settings(settings).await
}

/// Writes a file that only its owner can read.
fn write_secret(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// The program as an instance, in a process of its own.
fn program(broker: &Broker) -> Running {
    Running::start(&mut command(broker))
}

fn command(broker: &Broker) -> Command {
    signaling(&broker.url())
}

/// The program as an instance that is to find the others by the broker at this address.
fn signaling(url: &str) -> Command {
    let mut command = guidebook(PROGRAM);
    command.args(["signaling", "--cluster", url, "--log", "error"]);
    command
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
