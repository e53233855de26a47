//! Makes peer connections, tuned so that they connect soon, and forwards what they report.
//!
//! May import: async_trait, backlog, channel, media, protocol::peer, rtc, settings, sockets, tokio, webrtc.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use rtc::ice::mdns::MulticastDnsMode;
use rtc::peer_connection::transport::RTCDtlsRole;
use tokio::sync::mpsc;
use webrtc::data_channel::{DataChannel, RTCDataChannelInit};
use webrtc::error::Result;
use webrtc::media_stream::track_remote::TrackRemote;
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCConfiguration,
    RTCConfigurationBuilder, RTCPeerConnectionIceEvent, RTCPeerConnectionState,
    SettingEngineBuilder,
};

use super::backlog::CallBacklog;
use super::channel::MAX_MESSAGE;
use super::media;
use super::settings::Settings;
use super::sockets::Sockets;
use crate::protocol::peer::{HIDDEN_CHANNEL, HIDDEN_CHANNEL_ID};

/// Bytes that a data channel may have on their way, sent and not acknowledged, before the next message; from there on
/// `send` waits. So it carries at most so much, and one message, in the time that an answer takes.
///
/// Chromium's socket keeps 128 KiB of datagrams, each with what the kernel keeps beside it: 56 of them, or 64 KB of ours.
/// With a message of 16 KiB this fills 50. What finds no place is lost, and mostly the last of a burst, so that nothing
/// later tells of it: then SCTP waits for a second at least, since the crate's shortest
/// [RTO](https://www.rfc-editor.org/rfc/rfc9260#section-6.3.1) is that.
pub const SEND_BUFFER: usize = 40 * 1024;
/// Reports of one connection that wait for its call: candidates, changes of state, new channels.
const REPORT_QUEUE: usize = 256;
/// Bytes that the other side may send before the connection has put messages together of them: a fourth of what may wait for
/// the user, since all of it may become messages when that much waits already. It has to hold a message, and the next one.
const RECEIVE_WINDOWS: RangeInclusive<usize> = 2 * MAX_MESSAGE..=1024 * 1024;
/// How often ICE looks for something to do. The default of 200 ms costs each call several times that.
const ICE_TICK: Duration = Duration::from_millis(10);

/// What a peer connection reports.
pub(super) enum Report {
    /// An address at which we may be reached. Boxed, because queues keep the place of the largest report many times.
    Candidate(Box<RTCPeerConnectionIceEvent>),
    /// The connection's state.
    State(RTCPeerConnectionState),
    /// The other side made a data channel.
    Channel(Arc<dyn DataChannel>),
    /// The first packet of a track has come.
    Track(Arc<dyn TrackRemote>),
}

/// A connection, and what there is of it at the beginning.
pub(super) struct Connection {
    pub(super) pc: Arc<dyn PeerConnection>,
    pub(super) hidden: Arc<dyn DataChannel>,
    pub(super) sockets: Sockets,
    pub(super) reports: mpsc::Receiver<Report>,
}

/// With the ICE servers that are known now.
pub(super) fn configuration(settings: &Settings) -> RTCConfiguration {
    RTCConfigurationBuilder::default()
        .with_ice_servers(settings.servers())
        .build()
}

/// Makes a connection.
pub(super) async fn open(settings: &Settings, backlog: CallBacklog) -> Result<Connection> {
    let (reports, receiver) = mpsc::channel(REPORT_QUEUE);
    let sockets = Sockets::new(backlog);
    let (least, most) = RECEIVE_WINDOWS.into_inner();
    let window = (settings.backlog.per_call() / 4).clamp(least, most);
    let engine = SettingEngineBuilder::default()
        .with_ice_connection_attempts(Some(ICE_TICK), None)
        .with_host_acceptance_min_wait(Some(Duration::ZERO))
        .with_srflx_acceptance_min_wait(Some(Duration::ZERO))
        .with_prflx_acceptance_min_wait(Some(Duration::ZERO))
        .with_relay_acceptance_min_wait(Some(Duration::ZERO))
        // As the client the handshake would begin with the next tick of a timer.
        .with_answering_dtls_role(RTCDtlsRole::Server)
        .with_sctp_max_receive_buffer_size(u32::try_from(window).unwrap_or(u32::MAX))
        // A browser's made-up name needs no look-up: it becomes known with its first check.
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        .build();
    let mut builder = PeerConnectionBuilder::new();
    if settings.media {
        let (codecs, interceptors) = media::engine()?;
        builder = builder
            .with_media_engine(codecs)
            .with_interceptor_registry(interceptors);
    }
    let pc = builder
        .with_configuration(configuration(settings))
        .with_setting_engine(engine)
        .with_runtime(Arc::new(sockets.clone()))
        .with_handler(Arc::new(Forward(reports)))
        .with_udp_addrs(settings.addresses.clone())
        .with_data_channel_send_buffer_limit(SEND_BUFFER)
        .build()
        .await?;
    let init = RTCDataChannelInit {
        negotiated: Some(HIDDEN_CHANNEL_ID),
        ..Default::default()
    };
    let hidden = pc.create_data_channel(HIDDEN_CHANNEL, Some(init)).await?;
    Ok(Connection {
        pc: Arc::new(pc),
        hidden,
        sockets,
        reports: receiver,
    })
}

/// Its methods run inside the connection's own loop, so they never wait. What finds no place is dropped: the call is
/// over, or so far behind that it will fail anyway.
struct Forward(mpsc::Sender<Report>);

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Forward {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        let _ = self.0.try_send(Report::Candidate(event.into()));
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        let _ = self.0.try_send(Report::State(state));
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        let _ = self.0.try_send(Report::Channel(channel));
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let _ = self.0.try_send(Report::Track(track));
    }
}
