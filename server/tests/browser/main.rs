//! The book in a real browser, found by what a reader sees and hears: accessible names, roles, text.
//!
//! # Layout
//! - [`harness`]: the real server, a browser, waiting. Knows nothing of what is on a page.
//! - [`pages`]: page objects, so that a test reads like a sentence. They know names and roles, and no test.
//! - [`proxy`]: a reverse proxy with a fault
//! - [`qr_code`]: reads QR codes, shared with the tests of the server
//! - `browser_rows`: the table of browser differences, shared with `cargo xtask claims`
//! - `contract`: what the JavaScript client promises, in Chromium and in Firefox
//! - `networks`: a workshop in networks with obstacles
//! - `rust_peers`: the Rust client and the JavaScript client in one room
//! - `cases`: what must be true, one module for each concern
//! - [`slow_link`]: a slow way to a server, shared with the tests of the server

#[path = "../../../xtask/src/claims/rows.rs"]
mod browser_rows;
mod cases;
mod contract;
mod harness;
mod networks;
mod pages;
#[path = "../support_shared/proxy.rs"]
#[expect(dead_code, reason = "pages need fewer faults than the doctor")]
mod proxy;
#[path = "../support_shared/qr_code.rs"]
#[expect(dead_code, reason = "pages have no codes for terminals")]
mod qr_code;
mod rust_peers;
#[path = "../support_shared/slow_link.rs"]
mod slow_link;
