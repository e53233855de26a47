//! What a STUN and TURN server decides.

mod bindings;
mod framing;
mod names;
mod reach;
mod turn;
