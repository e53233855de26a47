//! Rooms of rtc-quickconnect, from Rust.
