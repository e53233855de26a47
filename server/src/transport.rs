//! What a connection's byte stream is carried by, beside what the crate `signaling` knows: TLS.
//!
//! May import: signaling::transport, rustls, tokio, tokio_rustls.

pub mod tls;
