//! How fast a data channel is over a line, and directly: two peers in Rust, in this process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::runtime;
use tokio::sync::mpsc::{Sender, channel};
use tokio::time::timeout;
use webrtc::data_channel::{DataChannel, DataChannelEvent::OnMessage, DataChannelEvent::OnOpen};
use webrtc::peer_connection::*;

use crate::lines::ask;
use crate::subject::Subject;

/// Bytes of a message, and messages that are sent before the time is taken, and within it.
const BYTES: usize = 16 * 1024;
const WARM_UP: usize = 200;
const MESSAGES: usize = 2_000;
/// For all of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Mbit/s from one to the other: over a line of the server, or directly.
pub(crate) fn throughput(over: Option<&Subject>) -> Result<f64> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let measured = runtime.block_on(async { timeout(PATIENCE, measure(over)).await });
    measured.context("a channel carries nothing")?
}

async fn measure(over: Option<&Subject>) -> Result<f64> {
    let (found, mut candidates) = channel(64);
    let (opened, mut other) = channel(1);
    let sides = [0, 1].map(|index| Side {
        index,
        candidates: found.clone(),
        channels: opened.clone(),
    });
    let [a, b] = sides.map(|side| {
        PeerConnectionBuilder::new()
            .with_udp_addrs(vec!["127.0.0.1:0"])
            .with_handler(Arc::new(side))
            .build()
    });
    let (a, b) = (a.await?, b.await?);
    let channel = a.create_data_channel("measured", None).await?;
    let offer = a.create_offer(None).await?;
    a.set_local_description(offer.clone()).await?;
    b.set_remote_description(offer.clone()).await?;
    let answer = b.create_answer(None).await?;
    b.set_local_description(answer.clone()).await?;
    a.set_remote_description(answer.clone()).await?;
    if let Some(server) = over {
        let own = json!({ "a": credentials(&offer.sdp)?, "b": credentials(&answer.sdp)? });
        let line = ask(
            server,
            "POST",
            "/line",
            &json!({ "credentials": own }).to_string(),
        )?;
        a.add_ice_candidate(candidate(&line["a"])).await?;
        b.add_ice_candidate(candidate(&line["b"])).await?;
    }
    let other = loop {
        tokio::select! {
            Some((index, candidate)) = candidates.recv(), if over.is_none() => match index {
                0 => b.add_ice_candidate(candidate).await?,
                _ => a.add_ice_candidate(candidate).await?,
            },
            event = channel.poll() => if matches!(event, Some(OnOpen)) {
                break other.recv().await.context("the other end")?;
            },
        }
    };
    let sending = async {
        for _ in 0..WARM_UP + MESSAGES {
            channel.send((&[0; BYTES][..]).into()).await?;
        }
        anyhow::Ok(())
    };
    let receiving = async {
        receive(&*other, WARM_UP).await?;
        let began = Instant::now();
        receive(&*other, MESSAGES).await?;
        anyhow::Ok(began.elapsed())
    };
    let ((), took) = tokio::try_join!(sending, receiving)?;
    a.close().await?;
    b.close().await?;
    Ok((BYTES * MESSAGES * 8) as f64 / 1e6 / took.as_secs_f64())
}

async fn receive(channel: &dyn DataChannel, count: usize) -> Result<()> {
    let mut left = count;
    while left > 0 {
        let event = channel.poll().await.context("the channel has ended")?;
        left -= usize::from(matches!(event, OnMessage(_)));
    }
    Ok(())
}

fn credentials(sdp: &str) -> Result<Value> {
    let said = |name: &str| {
        let mut lines = sdp.lines();
        let value = lines.find_map(|line| line.strip_prefix(name));
        value.map(str::trim).context("credentials of ICE")
    };
    Ok(json!({ "ufrag": said("a=ice-ufrag:")?, "password": said("a=ice-pwd:")? }))
}

fn candidate(end: &Value) -> RTCIceCandidateInit {
    let [address, port] = [&end["address"], &end["port"]];
    let address = address.as_str().unwrap_or_default();
    RTCIceCandidateInit {
        candidate: format!("candidate:1 1 udp 2130706431 {address} {port} typ host"),
        sdp_mline_index: Some(0),
        ..RTCIceCandidateInit::default()
    }
}

struct Side {
    index: usize,
    candidates: Sender<(usize, RTCIceCandidateInit)>,
    channels: Sender<Arc<dyn DataChannel>>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Side {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        if let Ok(candidate) = event.candidate.to_json() {
            let _ = self.candidates.try_send((self.index, candidate));
        }
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        let _ = self.channels.try_send(channel);
    }
}
