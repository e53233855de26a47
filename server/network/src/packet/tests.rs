//! Packets of real programs are read as they are, and no others upset the parsers.

mod captures;
mod hostile;
mod integrity;

use super::{Dissection, Key, Protocol, Row, dissect};
use crate::fixtures::{self, Capture};

/// Every row with this name, at any depth.
fn named<'r>(rows: &'r [Row], name: &str) -> Vec<&'r Row> {
    let inside = |row: &'r Row| {
        let this = (row.name == name).then_some(row);
        this.into_iter().chain(named(&row.rows, name))
    };
    rows.iter().flat_map(inside).collect()
}

/// Its values.
fn values<'r>(dissection: &'r Dissection, name: &str) -> Vec<&'r str> {
    named(&dissection.rows, name)
        .iter()
        .map(|row| row.value.as_str())
        .collect()
}

/// The passwords of a capture.
fn keys(capture: &Capture) -> Vec<Key<'_>> {
    capture
        .passwords
        .iter()
        .map(|(of, secret)| Key {
            of,
            secret: secret.as_bytes(),
        })
        .collect()
}

/// A packet of a capture, with the passwords of it.
fn packet(capture: &Capture, what: &str) -> Dissection {
    let captured = capture
        .packets
        .iter()
        .find(|packet| packet.what == what)
        .expect(what);
    dissect(&captured.bytes, &keys(capture))
}
