//! What a server says of itself in its first frame: [`Greeting`].
//!
//! Pure. May import: serde_json, the constant beside it.

use serde_json::{Map, Value};

use super::GREETING;

/// Longest time between two pings, in seconds, that a client believes.
const MAX_PING_SECONDS: f64 = 600.0;

/// Smallest limit of a frame, in bytes, that a client believes: nothing could be negotiated below it.
const MIN_FRAME_BYTES: usize = 1024;

/// The object in `primus::hello|{"resume":"T","pingSeconds":25,"maxFrameBytes":65536}`. A server may leave out each of its fields, and
/// clients ignore fields that they don't know.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Greeting {
    /// Said back on the next connection, it proves that what was announced on this one is the client's own.
    pub resume: Option<String>,
    /// Seconds between two pings. A client that has heard nothing for twice as long has lost its connection.
    pub ping_seconds: Option<f64>,
    /// Bytes in the largest text message that the server takes. A larger one closes the connection with 1009.
    pub max_frame_bytes: Option<usize>,
}

impl Greeting {
    /// The text of the frame.
    pub fn encode(&self) -> String {
        let Self {
            resume,
            ping_seconds,
            max_frame_bytes,
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
        })
    }
}
