//! What a STUN and TURN server decides.

mod bindings;
mod names;
mod reach;
mod turn;
