//! What a server says of itself in its first frame: [`Greeting`].
//!
//! Pure.
//!
//! May import: protocol, serde, serde_json.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::GREETING;

/// Longest time between two pings, in seconds, that a client believes.
const MAX_PING_SECONDS: f64 = 600.0;

/// Smallest limit of a frame, in bytes, that a client believes: nothing could be negotiated below it.
const MIN_FRAME_BYTES: usize = 1024;

/// ICE servers, and characters of all that is said of them, that a client believes.
const MAX_ICE_SERVERS: usize = 8;
const MAX_ICE_SERVER_CHARACTERS: usize = 4096;

/// A STUN or TURN server, as browsers take it
/// ([webrtc, section 4.2.2](https://www.w3.org/TR/webrtc/#dom-rtciceserver)).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceServer {
    /// Where it is.
    pub urls: Vec<String>,
    /// Who may use it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub username: String,
    /// The password of that name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub credential: String,
}

/// The password must not get into a log.
impl std::fmt::Debug for IceServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IceServer")
            .field("urls", &self.urls)
            .finish_non_exhaustive()
    }
}

/// The object in `primus::hello|{"resume":"T","pingSeconds":25,"maxFrameBytes":65536,"iceServers":[…]}`. A server may leave out each of its
/// fields, and clients ignore fields that they don't know. It may be sent again: what is said later counts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Greeting {
    /// Said back on the next connection, it proves that what was announced on this one is the client's own.
    pub resume: Option<String>,
    /// Seconds between two pings. A client that has heard nothing for twice as long has lost its connection.
    pub ping_seconds: Option<f64>,
    /// Bytes in the largest text message that the server takes. A larger one closes the connection with 1009.
    pub max_frame_bytes: Option<usize>,
    /// What connects peers that can't reach each other, for whoever names no servers of their own.
    pub ice_servers: Vec<IceServer>,
}

impl Greeting {
    /// The text of the frame.
    pub fn encode(&self) -> String {
        let Self {
            resume,
            ping_seconds,
            max_frame_bytes,
            ice_servers,
        } = self;
        let fields = [
            (
                "resume",
                resume
                    .as_deref()
                    .map(|token| Value::from(token).to_string()),
            ),
            (
                "pingSeconds",
                ping_seconds.map(|seconds| seconds.to_string()),
            ),
            (
                "maxFrameBytes",
                max_frame_bytes.map(|bytes| bytes.to_string()),
            ),
            (
                "iceServers",
                (!ice_servers.is_empty())
                    .then(|| serde_json::to_string(ice_servers).ok())
                    .flatten(),
            ),
        ];
        let fields = fields
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| format!(r#""{name}":{value}"#)));
        format!("{GREETING}|{{{}}}", fields.collect::<Vec<_>>().join(","))
    }

    /// Reads a frame; `None` if it is no greeting with an object. A field that makes no sense is left out: it comes from outside, and a
    /// client that pinged every nanosecond, or sent nothing at all, would be worse off than without it.
    pub fn read(text: &str) -> Option<Self> {
        let json = text.strip_prefix(GREETING)?.strip_prefix('|')?;
        let json: Map<String, Value> = serde_json::from_str(json).ok()?;
        let field = |name| json.get(name);
        Some(Self {
            resume: field("resume").and_then(Value::as_str).map(str::to_owned),
            ping_seconds: field("pingSeconds")
                .and_then(Value::as_f64)
                .filter(|seconds| *seconds > 0.0 && *seconds <= MAX_PING_SECONDS),
            max_frame_bytes: field("maxFrameBytes")
                .and_then(Value::as_u64)
                .and_then(|bytes| bytes.try_into().ok())
                .filter(|bytes| *bytes >= MIN_FRAME_BYTES),
            ice_servers: field("iceServers")
                .and_then(ice_servers)
                .unwrap_or_default(),
        })
    }
}

/// All of them, or none if there are more than anybody needs.
fn ice_servers(value: &Value) -> Option<Vec<IceServer>> {
    let servers = Vec::<IceServer>::deserialize(value).ok()?;
    let characters = servers.iter().map(|server| {
        let urls: usize = server.urls.iter().map(String::len).sum();
        urls + server.username.len() + server.credential.len()
    });
    let is_few =
        servers.len() <= MAX_ICE_SERVERS && characters.sum::<usize>() <= MAX_ICE_SERVER_CHARACTERS;
    is_few.then_some(servers)
}
