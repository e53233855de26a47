//! The other instances of a cluster, as far as signaling knows of any: each room is at home at one of them.
//!
//! May import: outbox, session::price, token, quickconnect::protocol, tungstenite.

use std::fmt;
use std::pin::Pin;

use quickconnect::protocol::RoomName;
use tungstenite::Bytes;

use super::outbox::Outbox;
use super::session::price::Price;
use crate::token::Token;

/// Where a room is at home: `None` is here.
pub type Home = Option<u64>;

/// Finds rooms, and brings clients to them.
pub trait Elsewhere: fmt::Debug + Send + Sync {
    /// Where a room is at home. Who asks for a room that has none has it from then on. It never fails: who can't find out has it, too, and others
    /// are told to go when that was wrong.
    fn find<'a>(&'a self, room: &'a RoomName) -> Pin<Box<dyn Future<Output = Home> + Send + 'a>>;

    /// Has a client of this instance take part at another one, which it shows these tokens: its own, and the one that it resumes. The first frame
    /// is its announce.
    fn open(
        &self,
        instance: u64,
        outbox: Outbox,
        tokens: [Option<Token>; 2],
        announce: &Bytes,
    ) -> Box<dyn Away>;
}

/// A client's part in a room of another instance. Dropping it leaves the room.
pub trait Away: fmt::Debug + Send + Sync {
    /// Which instance that is.
    fn instance(&self) -> u64;
    /// Whether nothing reaches that instance any more. The client's connection ends then.
    fn is_over(&self) -> bool;
    /// Passes on a frame of the client.
    fn send(&self, frame: Bytes);
    /// What frames of the client have cost there since the last time, beyond what was charged.
    fn takes_debts(&self) -> Price;
    /// The client was cut off: its id is kept for it for a while.
    fn cut_off(&mut self);
}
