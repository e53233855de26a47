//! Makes peer connections, tuned so that they connect soon, and forwards what they report.
//!
//! May import: webrtc, rtc, tokio.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rtc::ice::mdns::MulticastDnsMode;
use rtc::peer_connection::transport::RTCDtlsRole;
use tokio::sync::mpsc;
use webrtc::data_channel::DataChannel;
use webrtc::error::Result;
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCConfigurationBuilder,
    RTCIceServer, RTCPeerConnectionIceEvent, RTCPeerConnectionState, SettingEngineBuilder,
};

/// Bytes that each data channel has on their way, sent and not acknowledged; while there are more, `send` waits.
///
/// So much fits into the receive buffer that a browser's socket has by default. With 1 MiB, bursts overran it: all that
/// came after was lost together, and SCTP waited 1, 2, 4 s, until the other side took us for gone.
pub const SEND_BUFFER: usize = 128 * 1024;
/// Reports of one connection that wait for its call: candidates, changes of state, new channels.
const REPORT_QUEUE: usize = 256;
/// How often ICE looks for something to do. The default of 200 ms costs each call several times that.
const ICE_TICK: Duration = Duration::from_millis(10);

/// What a peer connection reports.
pub(super) enum Report {
    /// An address at which we may be reached.
    Candidate(RTCPeerConnectionIceEvent),
    /// The connection's state.
    State(RTCPeerConnectionState),
    /// The other side made a data channel.
    Channel(Arc<dyn DataChannel>),
}

/// A connection, and what it will report.
pub(super) async fn open(
    ice_servers: Vec<RTCIceServer>,
    addresses: &[SocketAddr],
) -> Result<(Arc<dyn PeerConnection>, mpsc::Receiver<Report>)> {
    let (reports, receiver) = mpsc::channel(REPORT_QUEUE);
    let settings = SettingEngineBuilder::default()
        .with_ice_connection_attempts(Some(ICE_TICK), None)
        .with_host_acceptance_min_wait(Some(Duration::ZERO))
        .with_srflx_acceptance_min_wait(Some(Duration::ZERO))
        .with_prflx_acceptance_min_wait(Some(Duration::ZERO))
        .with_relay_acceptance_min_wait(Some(Duration::ZERO))
        // As the client the handshake would begin with the next tick of a timer.
        .with_answering_dtls_role(RTCDtlsRole::Server)
        // A browser's made-up name needs no look-up: it becomes known with its first check.
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        .build();
    let configuration = RTCConfigurationBuilder::default()
        .with_ice_servers(ice_servers)
        .build();
    let pc = PeerConnectionBuilder::new()
        .with_configuration(configuration)
        .with_setting_engine(settings)
        .with_handler(Arc::new(Forward(reports)))
        .with_udp_addrs(addresses.to_vec())
        .with_data_channel_send_buffer_limit(SEND_BUFFER)
        .build()
        .await?;
    Ok((Arc::new(pc), receiver))
}

/// Its methods run inside the connection's own loop, so they never wait. What finds no place is dropped: the call is
/// over, or so far behind that it will fail anyway.
struct Forward(mpsc::Sender<Report>);

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Forward {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        let _ = self.0.try_send(Report::Candidate(event));
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        let _ = self.0.try_send(Report::State(state));
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        let _ = self.0.try_send(Report::Channel(channel));
    }
}
