//! What the process gets from the system it runs on.
//!
//! # Layout
//! - [`addresses`]: at which addresses a browser finds the server
//! - [`mod@config_folder`]: where it keeps what is the user's
//! - [`descriptors`]: how many files, and so connections, the process may have open
//! - [`folders`]: where programs keep what outlives them
//! - [`interfaces`]: which addresses of the machine others can reach, best first
//!
//! May import: rtc, rustix, tracing.

pub mod addresses;
pub mod config_folder;
pub mod descriptors;
pub mod folders;
pub mod interfaces;
