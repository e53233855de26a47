//! The running server, over real sockets.
//!
//! # Layout
//! - `support`: a server to start and stop, a signaling client, an HTTP client, a small checkout. Knows no test.
//! - `proxy`: a reverse proxy with a fault
//! - `rules`, `bad_frames`, `limits`: signaling, by the protocol's page
//! - `conformance`, `attacks`: WebSocket byte by byte, and what one client does to harm the others
//! - `storms`: what one address does to all others, and what a workshop behind one address does
//! - `origins`, `takeover`: who may connect, and who has an id
//! - `own_page`: the instructions of the reference for a page of another origin; `source_map`: that of the client library
//! - `take`: the book's part *Take it with you*, its programs, scripts and commands
//! - `rust_peers`: clients of the crate `quickconnect`, calling each other
//! - `relay`, `relay_over_tcp`: STUN and TURN, by sockets and by programs of others
//! - `lab`: two peers behind NATs of the server
//! - `line`: lines between two peers that lose and delay what passes them
//! - `sfu`: the media room, by peers that send and get real media
//! - `companion`, `companion_floods`: the server as a guest in a room, and what strangers there can make of it
//! - `doctor`: what it says of a server
//! - `twins`: the book's demos in Rust
//! - `endings`: how connections and the whole server end
//! - `serving`, `versioned_urls`, `policies`: the book over HTTP; `cameras`: what demos with the reader's own devices load
//! - `endurance`: memory, and life after a kill
//! - `fuzzing`: the parser of frames against whatever may come
//! - `links`: the slow way to a server, [`slow_link`], which these tests share with those in the browser
//! - `admin`: health, readiness, metrics; `prometheus`: who reads them, with the dashboard and the alerts that the book shows
//! - `configuration`: options in a file, and the check of them; `json_log`: the log for programs
//! - `mounted`: signaling as another axum program mounts it; `packages`: the crates as others get them
//! - `unread_log`: the program where its log can't be written
//! - `no_tls`: what whoever asks with `https://` is told
//! - `authority`: `--tls`, with a certificate that the program makes
//! - `https`: TLS at the same port, with a certificate of the host's
//! - `below`: the server below a prefix, and what trusted proxies say; `alone`: signaling without the book
//! - `proxy_protocol`: for whom a proxy connects; `real_proxies`: nginx, Caddy and HAProxy with the files that the book shows
//! - `unix_socket`: the program at a Unix socket, and below a process manager
//! - `cluster`: several instances with a real broker
//! - `hosts`, `heads`: which host a request is for, and what it costs while it is incomplete
//! - `attendance`: who takes part in a workshop; `pairs_rooms`: who may enter the rooms of a pair
//! - `author`: `--book`, from the edit to the event
//! - `strange_checkouts`: `--book` on what nobody vouches for
//! - `command_line`: the program itself; `workshop`: the same for a room; `demo_codes`: the QR code of each demo there
//! - `host`: who gets the host's page of a workshop; `host_view`: what it is told; `host_key`: Enter in the terminal;
//!   `host_elsewhere`: the page on another device; `speaker_notes`: what is for the host alone
//! - `terminal`: what stays in the last rows of a terminal; `wifi`: the code that joins the Wi-Fi
//! - `changed_address`: a workshop whose machine joins another network
//! - [`qr_code`]: reads them; shared with the tests in the browser
#![allow(clippy::unwrap_used)]

mod access_tokens;
mod admin;
mod alone;
mod attacks;
mod attendance;
mod author;
mod authority;
mod bad_frames;
mod below;
mod cameras;
mod changed_address;
#[cfg(unix)]
mod cluster;
mod command_line;
mod companion;
#[cfg(target_os = "linux")]
mod companion_floods;
mod configuration;
mod conformance;
mod demo_codes;
mod doctor;
mod endings;
mod endurance;
mod fuzzing;
mod heads;
mod host;
mod host_elsewhere;
#[cfg(target_os = "linux")]
mod host_key;
mod host_view;
mod hosts;
mod https;
mod json_log;
mod lab;
mod limits;
mod line;
mod links;
mod mounted;
mod no_tls;
mod origins;
mod own_page;
mod packages;
mod pairs_rooms;
mod policies;
#[cfg(target_os = "linux")]
mod prometheus;
#[path = "../support_shared/proxy.rs"]
mod proxy;
mod proxy_protocol;
#[path = "../support_shared/qr_code.rs"]
mod qr_code;
#[cfg(target_os = "linux")]
mod real_proxies;
mod relay;
mod relay_over_tcp;
mod rules;
mod rust_peers;
mod serving;
mod sfu;
mod showing;
#[path = "../support_shared/slow_link.rs"]
mod slow_link;
mod source_map;
mod speaker_notes;
mod storms;
mod strange_checkouts;
mod support;
mod take;
mod takeover;
mod terminal;
mod twins;
#[cfg(unix)]
mod unix_socket;
mod unread_log;
mod versioned_urls;
mod wifi;
mod workshop;
