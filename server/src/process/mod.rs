//! What the process gets from the system it runs on.
//!
//! # Layout
//! - [`addresses`]: at which addresses a browser finds the server
//! - [`descriptors`]: how many files, and so connections, the process may have open
//! - [`folders`]: where programs keep what outlives them
//! - [`interfaces`]: which addresses of the machine others can reach, best first
//!
//! May import: config, rtc, rustix, tracing, url.

pub mod addresses;
pub mod descriptors;
pub mod folders;
pub mod interfaces;
