//! The frames as a peer meets them: what a client hears, and what it says.
// May import: protocol, serde, serde_json.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{Scalar, split_field};

/// The data channel that both sides of a call declare and nobody sees. It carries `ping`, `pong` and the slave's
/// requests for channels, and gives every offer something to talk about.
pub const HIDDEN_CHANNEL: &str = "rtc-quickconnect";
/// Its id, high, so that it is in nobody's way.
pub const HIDDEN_CHANNEL_ID: u16 = 1022;
/// The close code for whose id another connection has taken. To come back would take it from that one.
pub const TAKEN_OVER: u16 = 4001;

/// The close code for a connection that was let in until now: with a new access token its client comes back.
pub const OVER: u16 = 4002;

/// The close code for a connection that is not let in, as an `/error` has said.
pub const NOT_LET_IN: u16 = 4003;

/// Entries that are read of what a peer says that it has muted.
const MAX_MUTED: usize = 64;

/// A frame that a client hears.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard<'a> {
    /// Lower case, without its slash.
    pub command: String,
    /// The id of the peer that speaks; empty for frames of the server itself.
    pub sender: &'a str,
    /// The peer that a directed frame is for.
    pub target: Option<&'a str>,
    /// What follows, each parsed if it is JSON; `null` for an empty field.
    pub args: Vec<Value>,
}

/// What peers know of each other: the object in an announce.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeerData {
    /// Who it is. Original clients announce an id that is a number as one.
    #[serde(deserialize_with = "name")]
    pub id: String,
    /// Where it is; the same is true of it.
    #[serde(deserialize_with = "name")]
    pub room: String,
    /// Tells one page, or process, from an earlier one with the same id: whatever value it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<Value>,
    /// The number of its socket: a peer with a new one may have forgotten whom it had no call with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<Value>,
    /// Whatever else it says of itself.
    #[serde(flatten)]
    pub profile: Map<String, Value>,
}

impl PeerData {
    /// Whether it says that what it sends of a kind, `audio` or `video`, is muted, all of it or that in this stream: `muted` in its profile, a list of
    /// kinds, and of kinds with the id of a stream behind a space. Clients in JavaScript with `rtc-quickconnect/media` say so.
    pub fn is_muted(&self, kind: &str, stream: &str) -> bool {
        let Some(Value::Array(list)) = self.profile.get("muted") else {
            return false;
        };
        let in_stream = format!("{kind} {stream}");
        let names = [kind, &in_stream];
        let is_it = |entry: &Value| entry.as_str().is_some_and(|entry| names.contains(&entry));
        list.iter().take(MAX_MUTED).any(is_it)
    }
}

/// What `/sdp` carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Which of the two it is.
    #[serde(rename = "type")]
    pub kind: DescriptionKind,
    /// The text.
    pub sdp: String,
    /// The number of the offer, which its answer repeats; other implementations say none.
    #[serde(default)]
    pub offer: Option<u64>,
}

/// Offer or answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DescriptionKind {
    /// What one side proposes.
    Offer,
    /// What the other makes of it.
    Answer,
}

/// What `/candidate` carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// The candidate in the syntax of SDP.
    pub candidate: String,
    /// The media section it belongs to, by name.
    #[serde(default)]
    pub sdp_mid: Option<String>,
    /// The same by number.
    #[serde(default, rename = "sdpMLineIndex")]
    pub sdp_m_line_index: Option<u16>,
}

/// What the slave says over the hidden channel to have one made by the master.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelRequest {
    /// The label of the channel.
    pub open: String,
    /// How it shall be.
    #[serde(default)]
    pub config: ChannelConfig,
}

/// How a data channel shall be, as in [`RTCDataChannelInit`](https://www.w3.org/TR/webrtc/#dom-rtcdatachannelinit).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChannelConfig {
    /// Whether messages keep their order.
    pub ordered: bool,
    /// How often a lost message is sent again; `None` for as often as it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retransmits: Option<u16>,
    /// For how long, in ms, it is sent again; not together with `max_retransmits`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_packet_life_time: Option<u16>,
    /// The subprotocol; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub protocol: String,
    /// Both sides declare it themselves, with the same `id` or in the same order.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub negotiated: bool,
    /// The number of a negotiated channel; `None` for its place among the channels that are declared. Others get theirs from the
    /// connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u16>,
}

impl Default for ChannelConfig {
    fn default() -> Self {
        Self {
            ordered: true,
            max_retransmits: None,
            max_packet_life_time: None,
            protocol: String::new(),
            negotiated: false,
            id: None,
        }
    }
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Scalar::deserialize(deserializer).map(Scalar::text)
}

/// Reads one frame; `None` for whatever is none, such as the greeting.
pub fn hear(text: &str) -> Option<Heard<'_>> {
    let (target, frame) = match text.strip_prefix("/to|") {
        Some(directed) => {
            let (target, frame) = directed.split_once('|')?;
            (Some(target), frame)
        }
        None => (None, text),
    };
    let (command, rest) = split_field(frame.strip_prefix('/')?);
    let (sender, fields) = match rest.starts_with('{') {
        true => ("", rest),
        false => split_field(rest),
    };
    Some(Heard {
        command: command.to_ascii_lowercase(),
        sender,
        target,
        args: parse_fields(fields),
    })
}

/// The original escapes nothing: a `|` inside the one object that most frames carry is not a separator.
fn parse_fields(fields: &str) -> Vec<Value> {
    if fields.starts_with(['{', '['])
        && let Ok(whole) = serde_json::from_str(fields)
    {
        return vec![whole];
    }
    if fields.is_empty() {
        return Vec::new();
    }
    fields.split('|').map(parse_value).collect()
}

fn parse_value(text: &str) -> Value {
    match text {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
    }
}

/// `/command|sender|arg…`
pub fn encode(command: &str, sender: &str, args: &[Value]) -> String {
    let fields = args.iter().map(encode_value);
    let fields: Vec<_> = [format!("/{command}"), sender.to_owned()]
        .into_iter()
        .chain(fields)
        .collect();
    fields.join("|")
}

/// `/to|target|…`
pub fn directed(target: &str, frame: &str) -> String {
    format!("/to|{target}|{frame}")
}

/// Other clients split a frame at every `|`, so none may stand in a value. A text that a receiver would read as something else is
/// written as JSON. `encoding.json` has examples, which the client in JavaScript follows as well.
fn encode_value(value: &Value) -> String {
    match value {
        Value::String(text) if !is_ambiguous(text) => text.clone(),
        value => value.to_string().replace('|', r"\u007c"),
    }
}

/// Whether a receiver would read a text as something else: as nothing; as JSON, whole or begun; as a number, in the original's
/// grammar or in that of JSON; or as two.
fn is_ambiguous(text: &str) -> bool {
    let trimmed = text.trim_matches([' ', '\t', '\n', '\r']);
    text.is_empty()
        || text.contains('|')
        || trimmed.starts_with(['{', '[', '"'])
        || matches!(trimmed, "true" | "false" | "null")
        || is_number(trimmed)
}

/// `-?\d+\.?\d*([eE][-+]?\d+)?`
fn is_number(text: &str) -> bool {
    fn after_digits(text: &str) -> &str {
        text.trim_start_matches(|c: char| c.is_ascii_digit())
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let rest = after_digits(unsigned);
    if rest.len() == unsigned.len() {
        return false;
    }
    let rest = after_digits(rest.strip_prefix('.').unwrap_or(rest));
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else {
        return rest.is_empty();
    };
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    !exponent.is_empty() && after_digits(exponent).is_empty()
}
