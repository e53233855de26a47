//! The media room: an SFU, to which pages publish by WHIP and from which they watch by WHEP.
//!
//! # Layout
//! - [`crypto`]: what str0m computes with, on *ring*
//!
//! May import: dimpl, ring, str0m.

pub mod crypto;
