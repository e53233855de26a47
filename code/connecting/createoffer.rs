//! One side of a connection: an offer, made and acted on, and never sent.

use std::sync::Arc;

use tokio::sync::Notify;
use webrtc::peer_connection::*;

#[tokio::main]
async fn main() -> Result<(), webrtc::error::Error> {
    let gathered = Arc::new(Notify::new());
    let pc = PeerConnectionBuilder::new()
        .with_udp_addrs(vec!["127.0.0.1:0"])
        .with_handler(Arc::new(Print(gathered.clone())))
        .build()
        .await?;

    // An offer needs something to talk about: without this line it has no
    // media section, and ICE never starts.
    let _channel = pc.create_data_channel("hello", None).await?;

    let offer = pc.create_offer(None).await?;
    println!("offer: {}", offer.sdp);

    // Only now does the connection act on the offer, and look for its
    // addresses.
    pc.set_local_description(offer).await?;
    gathered.notified().await;
    pc.close().await
}

struct Print(Arc<Notify>);

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Print {
    async fn on_signaling_state_change(&self, state: RTCSignalingState) {
        println!("signaling state: {state}");
    }

    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        if let Ok(candidate) = event.candidate.to_json() {
            println!("{}", candidate.candidate);
        }
    }

    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        println!("gathering: {state}");
        if state == RTCIceGatheringState::Complete {
            self.0.notify_one();
        }
    }
}
