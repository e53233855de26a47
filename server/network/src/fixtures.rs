//! Packets of real programs, captured on one machine with tcpdump. A file has lines of `A>B`, the packet in hexadecimal digits, and what it is;
//! and the passwords of ICE.
//!
//! May import: nothing.

/// What a file in `fixtures/` holds.
pub(crate) struct Capture {
    /// Of A and B.
    pub(crate) passwords: Vec<(&'static str, &'static str)>,
    pub(crate) packets: Vec<Captured>,
}

pub(crate) struct Captured {
    pub(crate) from_a: bool,
    pub(crate) bytes: Vec<u8>,
    pub(crate) what: &'static str,
}

pub(crate) const CHROMIUM: &str = include_str!("../fixtures/chromium.txt");
pub(crate) const FIREFOX: &str = include_str!("../fixtures/firefox.txt");
pub(crate) const RUST: &str = include_str!("../fixtures/rust.txt");
pub(crate) const TURN: &str = include_str!("../fixtures/turn.txt");
pub(crate) const ALL: [&str; 4] = [CHROMIUM, FIREFOX, RUST, TURN];

pub(crate) fn read(file: &'static str) -> Capture {
    let mut capture = Capture {
        passwords: Vec::new(),
        packets: Vec::new(),
    };
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.splitn(3, ' ');
        let [kind, first, rest] = std::array::from_fn(|_| words.next().unwrap_or_default());
        if kind == "password" {
            capture.passwords.push((first, rest));
        } else {
            let digits = first
                .as_bytes()
                .chunks(2)
                .map(|pair| std::str::from_utf8(pair).expect("digits"));
            let bytes = digits
                .map(|pair| u8::from_str_radix(pair, 16).expect("digits"))
                .collect();
            capture.packets.push(Captured {
                from_a: kind == "A>B",
                bytes,
                what: rest,
            });
        }
    }
    capture
}
