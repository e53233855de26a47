#![doc = include_str!("../README.md")]
// From the top down, and what each may import:
// - `protocol`: the wire frames, parse and encode; no I/O, no clock. May import nothing of this workspace.
// - `client`: the handle (feature `client`, on by default)                      -> all below
//   - `builder`: what it shall be like, and how its parts are put together
//   - `signaling`, `backoff`: the socket, and how to come back to it
//   - `room`: the room, a task; `members`: who is there; `calls`: when a call begins, ends, and begins anew -> call
//   - `call`: one peer connection, from its first step to its end, a task; `life`: its states, `hidden`: what it says
//     over its own channel -> the following
//   - `connection`: makes peer connections, tuned; `sockets`: what they send and receive with  -> webrtc
//   - `negotiation`: offer, answer, candidates; `sdp`: descriptions as texts
//   - `media`: audio and video, of which a call has what it sends and what it takes
//   - `channels`, `liveness`: what a call carries, and whether anybody is there
//   - `event`, `queue`, `outbox`: what the user hears, and what the server does
//   - `backlog`: how much of what peers send may wait for the user

#[cfg(feature = "client")]
mod client;
pub mod protocol;

#[cfg(feature = "client")]
pub use client::*;
