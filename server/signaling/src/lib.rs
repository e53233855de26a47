#![doc = include_str!("../README.md")]
// From the bottom up. Those that are hidden are what the workshop server is made of, with `--cluster` and its own ways to accept connections. They
// change with it.
//
// - transport: the byte stream of a connection
// - bucket: how much may come at once, and how much in the long run; byte_budget: how much several may hold; account: both for all
//   connections of an address; connection_limits: how many these are
// - token: a secret by which a client proves something; carried: where requests carry what lets them in
// - counts: what is counted
// - limits: every bound
// - rooms: who is in which room; pure
// - close_reason: why a connection ends
// - frame: WebSocket frames as they go out
// - deliveries: to whom something is to be written
// - elsewhere: the other instances of a cluster, as far as signaling knows of any
// - outbox: the way out to one client; a queue bounded in bytes
// - decoder: WebSocket frames as they come in; pure
// - unfinished: the memory of messages that have come in part
// - incoming: what one client says
// - switchboard: what all connections share
// - session: what each message does, and what it costs; pure
// - gate: who may enter which room
// - greeter: what a client is greeted with
// - participant: a session with a connection: queues, counts and logs what has to be done
// - refusal: why a frame did nothing
// - throttle: how fast one client is read
// - connection: one task per WebSocket, from upgrade to close
// - socket: the socket below HTTP; upgrade: from a request to the bare stream of a WebSocket; turned_away: what a client is told that is not let in
// - hooks, mount: all of it as a route of axum

#[doc(hidden)]
pub mod account;
#[doc(hidden)]
pub mod bucket;
#[doc(hidden)]
pub mod byte_budget;
#[doc(hidden)]
pub mod carried;
#[doc(hidden)]
pub mod close_reason;
#[doc(hidden)]
pub mod connection;
#[doc(hidden)]
pub mod connection_limits;
#[doc(hidden)]
pub mod counts;
#[doc(hidden)]
pub mod decoder;
#[doc(hidden)]
pub mod deliveries;
#[doc(hidden)]
pub mod elsewhere;
#[doc(hidden)]
pub mod frame;
#[doc(hidden)]
pub mod gate;
#[doc(hidden)]
pub mod greeter;
mod hooks;
#[doc(hidden)]
pub mod incoming;
#[doc(hidden)]
pub mod limits;
mod mount;
#[doc(hidden)]
pub mod outbox;
#[doc(hidden)]
pub mod participant;
#[doc(hidden)]
pub mod refusal;
#[doc(hidden)]
pub mod rooms;
#[doc(hidden)]
pub mod session;
#[doc(hidden)]
pub mod socket;
#[doc(hidden)]
pub mod switchboard;
#[doc(hidden)]
pub mod throttle;
#[doc(hidden)]
pub mod token;
#[doc(hidden)]
pub mod transport;
#[doc(hidden)]
pub mod turned_away;
#[doc(hidden)]
pub mod unfinished;
#[doc(hidden)]
pub mod upgrade;

#[doc(inline)]
pub use account::AccountLimits;
#[doc(inline)]
pub use bucket::Rate;
#[doc(inline)]
pub use carried::access_token;
#[doc(inline)]
pub use counts::{Gauges, Sums};
#[doc(inline)]
pub use gate::NotAdmitted;
pub use hooks::{Event, Peer};
#[doc(inline)]
pub use limits::Limits;
pub use mount::{Builder, Signaling};
pub use quickconnect::protocol::{NameLimits, PeerId, RoomName};
