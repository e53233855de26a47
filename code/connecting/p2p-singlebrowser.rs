//! Two connections in one process, and the code that stands between them.

use std::sync::Arc;

use tokio::sync::mpsc;
use webrtc::data_channel::{DataChannel, DataChannelEvent::*};
use webrtc::error::Result;
use webrtc::peer_connection::*;

#[tokio::main]
async fn main() -> Result<()> {
    let (to_caller, mut for_caller) = mpsc::channel(64);
    let (to_answerer, mut for_answerer) = mpsc::channel(64);
    let caller = connection("caller", to_answerer).await?;
    let answerer = connection("answerer", to_caller).await?;

    let channel = caller.create_data_channel("chat", None).await?;

    let offer = caller.create_offer(None).await?;
    caller.set_local_description(offer.clone()).await?;
    answerer.set_remote_description(offer).await?;

    let answer = answerer.create_answer(None).await?;
    answerer.set_local_description(answer.clone()).await?;
    caller.set_remote_description(answer).await?;
    println!("offer and answer are exchanged");

    // Both peers live in this process: each candidate is handed over.
    loop {
        tokio::select! {
            Some(candidate) = for_answerer.recv() => answerer.add_ice_candidate(candidate).await?,
            Some(candidate) = for_caller.recv() => caller.add_ice_candidate(candidate).await?,
            event = channel.poll() => match event {
                Some(OnOpen) => channel.send_text("hello from the caller").await?,
                Some(OnMessage(message)) => {
                    println!("caller received: {}", String::from_utf8_lossy(&message.data));
                    println!("connected: one message went each way");
                    break;
                }
                _ => {}
            },
        }
    }
    caller.close().await?;
    answerer.close().await
}

async fn connection(
    name: &'static str,
    candidates: mpsc::Sender<RTCIceCandidateInit>,
) -> Result<Arc<dyn PeerConnection>> {
    let pc = PeerConnectionBuilder::new()
        .with_udp_addrs(vec!["127.0.0.1:0"])
        .with_handler(Arc::new(Side { name, candidates }))
        .build();
    Ok(Arc::new(pc.await?))
}

struct Side {
    name: &'static str,
    candidates: mpsc::Sender<RTCIceCandidateInit>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Side {
    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        println!("{}: {state}", self.name);
    }

    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        if let Ok(candidate) = event.candidate.to_json() {
            let _ = self.candidates.try_send(candidate);
        }
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        tokio::spawn(async move {
            while let Some(event) = channel.poll().await {
                if let OnMessage(message) = event {
                    println!(
                        "answerer received: {}",
                        String::from_utf8_lossy(&message.data)
                    );
                    let _ = channel.send_text("hello from the answerer").await;
                }
            }
        });
    }
}
