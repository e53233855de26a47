//! Every bound of the server, each a flag with a variable.
//!
//! The defaults hold a workshop whose people share one address, and a stranger who has one address too.
//!
//! # Layout
//! - this page: what can be said, in the order of the help, and what is so if nobody says it
//! - `derived`: what parts of the server are told of it
//! - `value`: numbers and times as they are written
//!
//! May import: signaling, clap, quickconnect::protocol.

pub(super) mod derived;
mod value;

use std::time::Duration;

use clap::Args;
use clap::builder::FalseyValueParser;
use signaling::limits::Limits as SignalingLimits;

use value::{at_least_one, attendees, credential_seconds, head_bytes, seconds};

/// Every bound of the server.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Connections that are open at once; more of them are turned away
    #[arg(long, env = "GUIDEBOOK_MAX_CONNECTIONS", value_name = "N",
        default_value_t = DEFAULT.max_connections, value_parser = at_least_one)]
    pub max_connections: usize,

    /// The same for one address (of IPv6, for one /64 network); a whole workshop
    /// may share one
    #[arg(long, env = "GUIDEBOOK_MAX_CONNECTIONS_PER_ADDRESS", value_name = "N",
        default_value_t = DEFAULT.max_connections_per_address, value_parser = at_least_one)]
    pub max_connections_per_address: usize,

    /// Announces that one address may make in a second, in the long run; who
    /// makes more waits
    #[arg(long, env = "GUIDEBOOK_MAX_JOINS_PER_SECOND", value_name = "N",
        default_value_t = DEFAULT.max_joins_per_second, value_parser = at_least_one)]
    pub max_joins_per_second: usize,

    /// Announces that it may make at once after a quiet time
    #[arg(long, env = "GUIDEBOOK_MAX_JOIN_BURST", value_name = "N",
        default_value_t = DEFAULT.max_join_burst, value_parser = at_least_one)]
    pub max_join_burst: usize,

    /// Rooms that exist at once
    #[arg(long, env = "GUIDEBOOK_MAX_ROOMS", value_name = "N",
        default_value_t = DEFAULT.max_rooms, value_parser = at_least_one)]
    pub max_rooms: usize,

    /// Peers in one room
    #[arg(long, env = "GUIDEBOOK_MAX_ROOM_MEMBERS", value_name = "N",
        default_value_t = DEFAULT.max_room_members, value_parser = at_least_one)]
    pub max_room_members: usize,

    /// Bytes in one signaling message
    #[arg(long, env = "GUIDEBOOK_MAX_FRAME_BYTES", value_name = "N",
        default_value_t = DEFAULT.max_frame_bytes, value_parser = at_least_one)]
    pub max_frame_bytes: usize,

    /// Messages that one client may send in a second, in the long run; who sends
    /// more is read more slowly
    #[arg(long, env = "GUIDEBOOK_MAX_FRAMES_PER_SECOND", value_name = "N",
        default_value_t = DEFAULT.max_frames_per_second, value_parser = at_least_one)]
    pub max_frames_per_second: usize,

    /// Messages that it may send at once after a quiet time; joining a room of
    /// twenty takes about 500
    #[arg(long, env = "GUIDEBOOK_MAX_FRAME_BURST", value_name = "N",
        default_value_t = DEFAULT.max_frame_burst, value_parser = at_least_one)]
    pub max_frame_burst: usize,

    /// Bytes that one client may send in a second, in the long run
    #[arg(long, env = "GUIDEBOOK_MAX_BYTES_PER_SECOND", value_name = "N",
        default_value_t = DEFAULT.max_bytes_per_second, value_parser = at_least_one)]
    pub max_bytes_per_second: usize,

    /// Bytes that it may send at once after a quiet time
    #[arg(long, env = "GUIDEBOOK_MAX_BYTE_BURST", value_name = "N",
        default_value_t = DEFAULT.max_byte_burst, value_parser = at_least_one)]
    pub max_byte_burst: usize,

    /// Deliveries that one client may cause in a second, in the long run; each KiB
    /// of a message, for each peer that gets it, is one
    #[arg(long, env = "GUIDEBOOK_MAX_DELIVERIES_PER_SECOND", value_name = "N",
        default_value_t = DEFAULT.max_deliveries_per_second, value_parser = at_least_one)]
    pub max_deliveries_per_second: usize,

    /// Deliveries that it may cause at once after a quiet time
    #[arg(long, env = "GUIDEBOOK_MAX_DELIVERY_BURST", value_name = "N",
        default_value_t = DEFAULT.max_delivery_burst, value_parser = at_least_one)]
    pub max_delivery_burst: usize,

    /// Deliveries that all clients of one address may cause in a second, in the
    /// long run
    #[arg(long, env = "GUIDEBOOK_MAX_DELIVERIES_PER_SECOND_PER_ADDRESS", value_name = "N",
        default_value_t = DEFAULT.max_deliveries_per_second_per_address, value_parser = at_least_one)]
    pub max_deliveries_per_second_per_address: usize,

    /// Deliveries that they may cause at once after a quiet time; calls of
    /// everybody with everybody in a room of 100 take about 300,000
    #[arg(long, env = "GUIDEBOOK_MAX_DELIVERY_BURST_PER_ADDRESS", value_name = "N",
        default_value_t = DEFAULT.max_delivery_burst_per_address, value_parser = at_least_one)]
    pub max_delivery_burst_per_address: usize,

    /// Bytes that wait for a client which reads slowly; if more would have to
    /// wait, it is cut off
    #[arg(long, env = "GUIDEBOOK_MAX_QUEUED_BYTES", value_name = "N",
        default_value_t = DEFAULT.max_queued_bytes, value_parser = at_least_one)]
    pub max_queued_bytes: usize,

    /// The same for all clients together; if more would have to wait, the one for
    /// which most waits is cut off
    #[arg(long, env = "GUIDEBOOK_MAX_QUEUED_BYTES_IN_ALL", value_name = "N",
        default_value_t = DEFAULT.max_queued_bytes_in_all, value_parser = at_least_one)]
    pub max_queued_bytes_in_all: usize,

    /// Memory, in bytes, of messages of all clients of one address that have come in
    /// part; a client that would need more is cut off
    #[arg(long, env = "GUIDEBOOK_MAX_UNFINISHED_BYTES_PER_ADDRESS", value_name = "N",
        default_value_t = DEFAULT.max_unfinished_bytes_per_address, value_parser = at_least_one)]
    pub max_unfinished_bytes_per_address: usize,

    /// The same for all clients together
    #[arg(long, env = "GUIDEBOOK_MAX_UNFINISHED_BYTES_IN_ALL", value_name = "N",
        default_value_t = DEFAULT.max_unfinished_bytes_in_all, value_parser = at_least_one)]
    pub max_unfinished_bytes_in_all: usize,

    /// Bytes in the id of a peer
    #[arg(long, env = "GUIDEBOOK_MAX_PEER_ID_BYTES", value_name = "N",
        default_value_t = DEFAULT.max_peer_id_bytes, value_parser = at_least_one)]
    pub max_peer_id_bytes: usize,

    /// Bytes in the name of a room
    #[arg(long, env = "GUIDEBOOK_MAX_ROOM_NAME_BYTES", value_name = "N",
        default_value_t = DEFAULT.max_room_name_bytes, value_parser = at_least_one)]
    pub max_room_name_bytes: usize,

    /// Attendees of a workshop, those among them who left in the last minutes and
    /// may come back; at most 1000
    #[arg(long, env = "GUIDEBOOK_MAX_ATTENDEES", value_name = "N",
        default_value_t = DEFAULT.max_attendees, value_parser = attendees)]
    pub max_attendees: usize,

    /// The same for one address (of IPv6, for one /64 network); a whole workshop
    /// may share one [default: three quarters of --max-attendees]
    #[arg(long, env = "GUIDEBOOK_MAX_ATTENDEES_PER_ADDRESS", value_name = "N", value_parser = at_least_one)]
    pub max_attendees_per_address: Option<usize>,

    /// Never join a reader's room as a second peer
    #[arg(long, env = "GUIDEBOOK_NO_COMPANION", value_parser = FalseyValueParser::new())]
    pub no_companion: bool,

    /// Rooms that the server keeps company at once, by invitation
    #[arg(long, env = "GUIDEBOOK_MAX_COMPANIONS", value_name = "N",
        default_value_t = DEFAULT.max_companions, value_parser = at_least_one)]
    pub max_companions: usize,

    /// The same by invitation of one address (of IPv6, of one /64 network)
    #[arg(long, env = "GUIDEBOOK_MAX_COMPANIONS_PER_ADDRESS", value_name = "N",
        default_value_t = DEFAULT.max_companions_per_address, value_parser = at_least_one)]
    pub max_companions_per_address: usize,

    /// Invitations that one address may make in a second, in the long run; who
    /// makes more is refused
    #[arg(long, env = "GUIDEBOOK_MAX_INVITATIONS_PER_SECOND", value_name = "N",
        default_value_t = DEFAULT.max_invitations_per_second, value_parser = at_least_one)]
    pub max_invitations_per_second: usize,

    /// Invitations that it may make at once after a quiet time
    #[arg(long, env = "GUIDEBOOK_MAX_INVITATION_BURST", value_name = "N",
        default_value_t = DEFAULT.max_invitation_burst, value_parser = at_least_one)]
    pub max_invitation_burst: usize,

    /// Peers of a room that it has calls with at once
    #[arg(long, env = "GUIDEBOOK_MAX_COMPANION_CALLS", value_name = "N",
        default_value_t = DEFAULT.max_companion_calls, value_parser = at_least_one)]
    pub max_companion_calls: usize,

    /// Data channels in one of its calls; more of them are closed
    #[arg(long, env = "GUIDEBOOK_MAX_COMPANION_CHANNELS", value_name = "N",
        default_value_t = DEFAULT.max_companion_channels, value_parser = at_least_one)]
    pub max_companion_channels: usize,

    /// Bytes of messages that wait for their echo in one of its calls; a sender
    /// that does not slow down at that loses the call
    #[arg(long, env = "GUIDEBOOK_MAX_COMPANION_BYTES", value_name = "N",
        default_value_t = DEFAULT.max_companion_bytes, value_parser = at_least_one)]
    pub max_companion_bytes: usize,

    /// The same for all of its calls in all rooms together
    #[arg(long, env = "GUIDEBOOK_MAX_COMPANION_BYTES_IN_ALL", value_name = "N",
        default_value_t = DEFAULT.max_companion_bytes_in_all, value_parser = at_least_one)]
    pub max_companion_bytes_in_all: usize,

    /// Time after which it leaves, even if somebody is still there
    #[arg(long = "companion-seconds", env = "GUIDEBOOK_COMPANION_SECONDS", value_name = "SECONDS",
        default_value = "600", value_parser = seconds)]
    pub companion_lifetime: Duration,

    /// Relayed ports that one session has at once, as TURN gives them; a call
    /// takes two for each address of a device, over UDP and over TCP
    #[arg(long, env = "GUIDEBOOK_MAX_RELAYED_PORTS_PER_SESSION", value_name = "N",
        default_value_t = DEFAULT.max_relayed_ports_per_session, value_parser = at_least_one)]
    pub max_relayed_ports_per_session: usize,

    /// The same for one address (of IPv6, for one /64 network)
    #[arg(long, env = "GUIDEBOOK_MAX_RELAYED_PORTS_PER_ADDRESS", value_name = "N",
        default_value_t = DEFAULT.max_relayed_ports_per_address, value_parser = at_least_one)]
    pub max_relayed_ports_per_address: usize,

    /// The same for all together
    #[arg(long, env = "GUIDEBOOK_MAX_RELAYED_PORTS", value_name = "N",
        default_value_t = DEFAULT.max_relayed_ports, value_parser = at_least_one)]
    pub max_relayed_ports: usize,

    /// Connections by which one address (of IPv6, one /64 network) uses TURN over
    /// TCP; they count among all of its connections, too
    #[arg(long, env = "GUIDEBOOK_MAX_TURN_CONNECTIONS_PER_ADDRESS", value_name = "N",
        default_value_t = DEFAULT.max_turn_connections_per_address, value_parser = at_least_one)]
    pub max_turn_connections_per_address: usize,

    /// Bytes that wait for a client of TURN over TCP which reads slowly; what
    /// comes in excess is dropped
    #[arg(long, env = "GUIDEBOOK_MAX_TURN_QUEUED_BYTES", value_name = "N",
        default_value_t = DEFAULT.max_turn_queued_bytes, value_parser = at_least_one)]
    pub max_turn_queued_bytes: usize,

    /// Bytes that are relayed for one session in a second, in the long run; what
    /// comes in excess is dropped
    #[arg(long, env = "GUIDEBOOK_MAX_RELAYED_BYTES_PER_SECOND", value_name = "N",
        default_value_t = DEFAULT.max_relayed_bytes_per_second, value_parser = at_least_one)]
    pub max_relayed_bytes_per_second: usize,

    /// The same for all sessions together
    #[arg(long, env = "GUIDEBOOK_MAX_RELAYED_BYTES_PER_SECOND_IN_ALL", value_name = "N",
        default_value_t = DEFAULT.max_relayed_bytes_per_second_in_all, value_parser = at_least_one)]
    pub max_relayed_bytes_per_second_in_all: usize,

    /// Time after which a relayed port is taken back, even if a call uses it
    #[arg(long = "relayed-port-seconds", env = "GUIDEBOOK_RELAYED_PORT_SECONDS", value_name = "SECONDS",
        default_value = "14400", value_parser = seconds)]
    pub relayed_port_lifetime: Duration,

    /// Time for which the credentials of STUN and TURN are good that a client is
    /// given, an hour at most; one that stays connected is given new ones when half
    /// of it is over
    #[arg(long = "ice-credential-seconds", env = "GUIDEBOOK_ICE_CREDENTIAL_SECONDS", value_name = "SECONDS",
        default_value = "600", value_parser = credential_seconds)]
    pub ice_credential_lifetime: Duration,

    /// No lines and no NAT labs: UDP ports by which pages let packets between two
    /// peers be lost, delayed or translated
    #[arg(long, env = "GUIDEBOOK_NO_LINE", value_parser = FalseyValueParser::new())]
    pub no_line: bool,

    /// Lines that are open at once; each has two ports
    #[arg(long, env = "GUIDEBOOK_MAX_LINES", value_name = "N",
        default_value_t = DEFAULT.max_lines, value_parser = at_least_one)]
    pub max_lines: usize,

    /// The same by request of one address (of IPv6, of one /64 network)
    #[arg(long, env = "GUIDEBOOK_MAX_LINES_PER_ADDRESS", value_name = "N",
        default_value_t = DEFAULT.max_lines_per_address, value_parser = at_least_one)]
    pub max_lines_per_address: usize,

    /// NAT labs that are open at once; each has up to 24 ports
    #[arg(long, env = "GUIDEBOOK_MAX_LABS", value_name = "N",
        default_value_t = DEFAULT.max_labs, value_parser = at_least_one)]
    pub max_labs: usize,

    /// The same by request of one address (of IPv6, of one /64 network)
    #[arg(long, env = "GUIDEBOOK_MAX_LABS_PER_ADDRESS", value_name = "N",
        default_value_t = DEFAULT.max_labs_per_address, value_parser = at_least_one)]
    pub max_labs_per_address: usize,

    /// Bytes that one line or lab carries in a second, in the long run; what comes
    /// in excess is dropped
    #[arg(long, env = "GUIDEBOOK_MAX_LINE_BYTES_PER_SECOND", value_name = "N",
        default_value_t = DEFAULT.max_line_bytes_per_second, value_parser = at_least_one)]
    pub max_line_bytes_per_second: usize,

    /// The same for all of them together
    #[arg(long, env = "GUIDEBOOK_MAX_LINE_BYTES_PER_SECOND_IN_ALL", value_name = "N",
        default_value_t = DEFAULT.max_line_bytes_per_second_in_all, value_parser = at_least_one)]
    pub max_line_bytes_per_second_in_all: usize,

    /// Bytes that are under way in all lines together; what comes in excess is
    /// dropped
    #[arg(long, env = "GUIDEBOOK_MAX_LINE_QUEUED_BYTES_IN_ALL", value_name = "N",
        default_value_t = DEFAULT.max_line_queued_bytes_in_all, value_parser = at_least_one)]
    pub max_line_queued_bytes_in_all: usize,

    /// Bytes of packets that all lines together keep for a look; what finds no room
    /// is left out
    #[arg(long, env = "GUIDEBOOK_MAX_CAPTURED_BYTES_IN_ALL", value_name = "N",
        default_value_t = DEFAULT.max_captured_bytes_in_all, value_parser = at_least_one)]
    pub max_captured_bytes_in_all: usize,

    /// Time after which a line or a lab ends, even if a call uses it
    #[arg(long = "line-seconds", env = "GUIDEBOOK_LINE_SECONDS", value_name = "SECONDS",
        default_value = "7200", value_parser = seconds)]
    pub line_lifetime: Duration,

    /// Time after which one ends that nobody uses and no page asks for
    #[arg(long = "line-idle-seconds", env = "GUIDEBOOK_LINE_IDLE_SECONDS", value_name = "SECONDS",
        default_value = "120", value_parser = seconds)]
    pub line_idle_time: Duration,

    /// No media room: neither WHIP nor WHEP, by which pages publish and watch audio
    /// and video through this server
    #[arg(long, env = "GUIDEBOOK_NO_SFU", value_parser = FalseyValueParser::new())]
    pub no_sfu: bool,

    /// Rooms in which somebody publishes at once
    #[arg(long, env = "GUIDEBOOK_MAX_SFU_ROOMS", value_name = "N",
        default_value_t = DEFAULT.max_sfu_rooms, value_parser = at_least_one)]
    pub max_sfu_rooms: usize,

    /// Sessions that publish in one room at once
    #[arg(long, env = "GUIDEBOOK_MAX_SFU_PUBLISHERS_PER_ROOM", value_name = "N",
        default_value_t = DEFAULT.max_sfu_publishers_per_room, value_parser = at_least_one)]
    pub max_sfu_publishers_per_room: usize,

    /// Sessions that watch in one room at once, each of them one publisher
    #[arg(long, env = "GUIDEBOOK_MAX_SFU_WATCHERS_PER_ROOM", value_name = "N",
        default_value_t = DEFAULT.max_sfu_watchers_per_room, value_parser = at_least_one)]
    pub max_sfu_watchers_per_room: usize,

    /// Sessions that publish or watch by request of one address (of IPv6, of one /64
    /// network)
    #[arg(long, env = "GUIDEBOOK_MAX_SFU_SESSIONS_PER_ADDRESS", value_name = "N",
        default_value_t = DEFAULT.max_sfu_sessions_per_address, value_parser = at_least_one)]
    pub max_sfu_sessions_per_address: usize,

    /// Sessions that one address may begin in a second, in the long run; who begins
    /// more is refused
    #[arg(long, env = "GUIDEBOOK_MAX_SFU_OPENINGS_PER_SECOND", value_name = "N",
        default_value_t = DEFAULT.max_sfu_openings_per_second, value_parser = at_least_one)]
    pub max_sfu_openings_per_second: usize,

    /// Sessions that it may begin at once after a quiet time
    #[arg(long, env = "GUIDEBOOK_MAX_SFU_OPENING_BURST", value_name = "N",
        default_value_t = DEFAULT.max_sfu_opening_burst, value_parser = at_least_one)]
    pub max_sfu_opening_burst: usize,

    /// Bytes of media that one session publishes in a second, in the long run; its
    /// browser is told, and what comes in excess is dropped
    #[arg(long, env = "GUIDEBOOK_MAX_SFU_BYTES_PER_SECOND", value_name = "N",
        default_value_t = DEFAULT.max_sfu_bytes_per_second, value_parser = at_least_one)]
    pub max_sfu_bytes_per_second: usize,

    /// Bytes of media that go to all who watch in a second, in the long run; what
    /// comes in excess is dropped
    #[arg(long, env = "GUIDEBOOK_MAX_SFU_BYTES_PER_SECOND_IN_ALL", value_name = "N",
        default_value_t = DEFAULT.max_sfu_bytes_per_second_in_all, value_parser = at_least_one)]
    pub max_sfu_bytes_per_second_in_all: usize,

    /// Time after which a session of the media room ends, even if it is used
    #[arg(long = "sfu-session-seconds", env = "GUIDEBOOK_SFU_SESSION_SECONDS", value_name = "SECONDS",
        default_value = "3600", value_parser = seconds)]
    pub sfu_session_lifetime: Duration,

    /// Time after which one ends of whose peer nothing comes
    #[arg(long = "sfu-idle-seconds", env = "GUIDEBOOK_SFU_IDLE_SECONDS", value_name = "SECONDS",
        default_value = "15", value_parser = seconds)]
    pub sfu_idle_time: Duration,

    /// Time for which a key lets clients in that are no page of this server
    #[arg(long = "sfu-key-seconds", env = "GUIDEBOOK_SFU_KEY_SECONDS", value_name = "SECONDS",
        default_value = "600", value_parser = seconds)]
    pub sfu_key_lifetime: Duration,

    /// Requests of STUN and TURN without good credentials that are answered in a
    /// second, for one network (/24, of IPv6 /56), in the long run
    #[arg(long, env = "GUIDEBOOK_MAX_ICE_ANSWERS_PER_SECOND", value_name = "N",
        default_value_t = DEFAULT.max_ice_answers_per_second, value_parser = at_least_one)]
    pub max_ice_answers_per_second: usize,

    /// Such requests that are answered at once after a quiet time
    #[arg(long, env = "GUIDEBOOK_MAX_ICE_ANSWER_BURST", value_name = "N",
        default_value_t = DEFAULT.max_ice_answer_burst, value_parser = at_least_one)]
    pub max_ice_answer_burst: usize,

    /// Bytes in the head of a request, at least 8192; a connection keeps up to
    /// twice as much while it reads one
    #[arg(long, env = "GUIDEBOOK_MAX_REQUEST_HEAD_BYTES", value_name = "N",
        default_value_t = DEFAULT.max_request_head_bytes, value_parser = head_bytes)]
    pub max_request_head_bytes: usize,

    /// Handshakes of TLS that have begun and are not over; others wait for their
    /// turn. Half a handshake holds up to 100 KB
    #[arg(long, env = "GUIDEBOOK_MAX_TLS_HANDSHAKES", value_name = "N",
        default_value_t = DEFAULT.max_tls_handshakes, value_parser = at_least_one)]
    pub max_tls_handshakes: usize,

    /// The same for one address (of IPv6, for one /64 network)
    #[arg(long, env = "GUIDEBOOK_MAX_TLS_HANDSHAKES_PER_ADDRESS", value_name = "N",
        default_value_t = DEFAULT.max_tls_handshakes_per_address, value_parser = at_least_one)]
    pub max_tls_handshakes_per_address: usize,

    /// Time for a handshake of TLS; so long does one wait for its turn, too
    #[arg(long = "tls-handshake-seconds", env = "GUIDEBOOK_TLS_HANDSHAKE_SECONDS", value_name = "SECONDS",
        default_value = "15", value_parser = seconds)]
    pub tls_handshake_timeout: Duration,

    /// Time for the header by which a proxy says for whom it connects
    #[arg(long = "proxy-header-seconds", env = "GUIDEBOOK_PROXY_HEADER_SECONDS", value_name = "SECONDS",
        default_value = "5", value_parser = seconds)]
    pub proxy_header_timeout: Duration,

    /// Time for the head of a request, between two requests, for the body of one,
    /// and for a connection of TURN to get a port or end a message; over HTTP/2, for
    /// a connection without any whole request
    #[arg(long = "request-head-seconds", env = "GUIDEBOOK_REQUEST_HEAD_SECONDS", value_name = "SECONDS",
        default_value = "15", value_parser = seconds)]
    pub request_head_timeout: Duration,

    /// Time for which a client may take nothing of a response; over HTTP/2, it loses
    /// the others on the connection, too
    #[arg(long = "stalled-response-seconds", env = "GUIDEBOOK_STALLED_RESPONSE_SECONDS", value_name = "SECONDS",
        default_value = "60", value_parser = seconds)]
    pub stalled_response_timeout: Duration,

    /// Time between two pings to a signaling client; it is gone when two in a
    /// row stay without an answer
    #[arg(long = "ping-seconds", env = "GUIDEBOOK_PING_SECONDS", value_name = "SECONDS",
        default_value = "25", value_parser = seconds)]
    pub ping_period: Duration,

    /// Bytes of all files of a checkout's book together
    #[arg(long, env = "GUIDEBOOK_MAX_BOOK_BYTES", value_name = "N",
        default_value_t = DEFAULT.max_book_bytes, value_parser = at_least_one)]
    pub max_book_bytes: usize,

    /// Lines of one kind that are logged in a second; those left out are counted
    #[arg(long, env = "GUIDEBOOK_MAX_LOG_LINES_PER_SECOND", value_name = "N",
        default_value_t = DEFAULT.max_log_lines_per_second, value_parser = at_least_one)]
    pub max_log_lines_per_second: usize,

    /// Bytes of the log that wait for whoever reads stderr; what comes in excess
    /// is dropped and counted
    #[arg(long, env = "GUIDEBOOK_MAX_QUEUED_LOG_BYTES", value_name = "N",
        default_value_t = DEFAULT.max_queued_log_bytes, value_parser = at_least_one)]
    pub max_queued_log_bytes: usize,
}

/// Where signaling has a bound of its own, it says what is usual.
const SIGNALING: SignalingLimits = SignalingLimits::DEFAULT;

const DEFAULT: Limits = Limits {
    max_connections: SIGNALING.max_connections,
    max_connections_per_address: SIGNALING.max_connections_per_address,
    max_joins_per_second: SIGNALING.account.joins.per_second,
    max_join_burst: SIGNALING.account.joins.burst,
    max_rooms: SIGNALING.max_rooms,
    max_room_members: SIGNALING.max_room_members,
    max_frame_bytes: SIGNALING.max_frame_bytes,
    max_frames_per_second: SIGNALING.frames.per_second,
    max_frame_burst: SIGNALING.frames.burst,
    max_bytes_per_second: SIGNALING.bytes.per_second,
    max_byte_burst: SIGNALING.bytes.burst,
    max_deliveries_per_second: SIGNALING.deliveries.per_second,
    max_delivery_burst: SIGNALING.deliveries.burst,
    max_deliveries_per_second_per_address: SIGNALING.account.deliveries.per_second,
    max_delivery_burst_per_address: SIGNALING.account.deliveries.burst,
    max_queued_bytes: SIGNALING.max_queued_bytes,
    max_queued_bytes_in_all: SIGNALING.max_queued_bytes_in_all,
    max_unfinished_bytes_per_address: SIGNALING.account.unfinished_bytes,
    max_unfinished_bytes_in_all: SIGNALING.max_unfinished_bytes_in_all,
    max_peer_id_bytes: SIGNALING.names.peer_id_bytes,
    max_room_name_bytes: SIGNALING.names.room_name_bytes,
    max_attendees: 300,
    max_attendees_per_address: None,
    no_companion: false,
    max_companions: 16,
    max_companions_per_address: 8,
    max_invitations_per_second: 1,
    max_invitation_burst: 20,
    max_companion_calls: 8,
    max_companion_channels: 16,
    max_companion_bytes: 512 * 1024,
    max_companion_bytes_in_all: 16 * 1024 * 1024,
    companion_lifetime: Duration::from_secs(600),
    max_relayed_ports_per_session: 256,
    max_relayed_ports_per_address: 1500,
    max_relayed_ports: 6000,
    max_turn_connections_per_address: 500,
    max_turn_queued_bytes: 64 * 1024,
    max_relayed_bytes_per_second: 4 * 1024 * 1024,
    max_relayed_bytes_per_second_in_all: 64 * 1024 * 1024,
    relayed_port_lifetime: Duration::from_secs(4 * 3600),
    ice_credential_lifetime: Duration::from_secs(600),
    no_line: false,
    max_lines: 200,
    max_lines_per_address: 100,
    max_labs: 50,
    max_labs_per_address: 40,
    max_line_bytes_per_second: 64 * 1024 * 1024,
    max_line_bytes_per_second_in_all: 128 * 1024 * 1024,
    max_line_queued_bytes_in_all: 64 * 1024 * 1024,
    max_captured_bytes_in_all: 64 * 1024 * 1024,
    line_lifetime: Duration::from_secs(2 * 3600),
    line_idle_time: Duration::from_secs(120),
    no_sfu: false,
    max_sfu_rooms: 50,
    max_sfu_publishers_per_room: 10,
    max_sfu_watchers_per_room: 100,
    max_sfu_sessions_per_address: 200,
    max_sfu_openings_per_second: 20,
    max_sfu_opening_burst: 400,
    max_sfu_bytes_per_second: 512 * 1024,
    max_sfu_bytes_per_second_in_all: 64 * 1024 * 1024,
    sfu_session_lifetime: Duration::from_secs(3600),
    sfu_idle_time: Duration::from_secs(15),
    sfu_key_lifetime: Duration::from_secs(600),
    max_ice_answers_per_second: 500,
    max_ice_answer_burst: 5000,
    max_request_head_bytes: 16 * 1024,
    max_tls_handshakes: 400,
    max_tls_handshakes_per_address: SIGNALING.account.tls_handshakes,
    tls_handshake_timeout: Duration::from_secs(15),
    proxy_header_timeout: Duration::from_secs(5),
    request_head_timeout: Duration::from_secs(15),
    stalled_response_timeout: Duration::from_secs(60),
    ping_period: SIGNALING.ping_period,
    max_book_bytes: 64 * 1024 * 1024,
    max_log_lines_per_second: 10,
    max_queued_log_bytes: 256 * 1024,
};

impl Default for Limits {
    fn default() -> Self {
        DEFAULT
    }
}
