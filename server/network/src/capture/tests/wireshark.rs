//! `tshark` opens the file without a complaint, and sees in it what our own parsers see.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use super::*;
use crate::fixtures;
use crate::packet::{Dissection, Protocol, Row, dissect};

const STARTED: Duration = Duration::from_secs(1_800_000_000);

/// What tshark is asked about each packet. Where there are several of a kind, it puts commas between them.
const FIELDS: [&str; 20] = [
    "frame.time_epoch",
    "frame.comment",
    "_ws.malformed",
    "_ws.expert.severity",
    "ip.checksum.status",
    "udp.checksum.status",
    "ip.src",
    "ipv6.src",
    "udp.dstport",
    "udp.payload",
    "stun.type",
    "stun.attribute",
    "stun.att.username",
    "stun.att.priority",
    "stun.att.ipv4",
    "stun.att.port",
    "stun.att.crc32.status",
    "dtls.record.content_type",
    "dtls.handshake.type",
    "dtls.handshake.extension.type",
];

/// A packet of the file, and what both say about it.
struct Seen {
    packet: Packet,
    ours: Dissection,
    theirs: Vec<String>,
}

impl Seen {
    fn field(&self, name: &str) -> &str {
        let at = FIELDS.iter().position(|field| *field == name).expect(name);
        &self.theirs[at]
    }

    /// Numbers in decimal or hexadecimal digits.
    fn numbers(&self, name: &str) -> Vec<u64> {
        let all = self
            .field(name)
            .split(',')
            .filter(|number| !number.is_empty());
        all.map(|number| match number.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).expect("digits"),
            None => number.parse().expect("digits"),
        })
        .collect()
    }

    /// The number in the first bytes of each of our rows that passes.
    fn ours(&self, bytes: usize, passes: impl Fn(&Row) -> bool) -> Vec<u64> {
        let mut rows = Vec::new();
        collect(&self.ours.rows, &passes, &mut rows);
        let number = |row: &&Row| {
            let bytes = &self.packet.payload[row.offset..row.offset + bytes];
            bytes
                .iter()
                .fold(0, |number, byte| number << 8 | u64::from(*byte))
        };
        rows.iter().map(number).collect()
    }
}

fn collect<'r>(rows: &'r [Row], passes: &impl Fn(&Row) -> bool, into: &mut Vec<&'r Row>) {
    for row in rows {
        if passes(row) {
            into.push(row);
        }
        collect(&row.rows, passes, into);
    }
}

/// All captured packets, as if each capture had been of a line of its own, of IPv4 and IPv6.
fn ring() -> Ring {
    let mut ring = Ring::default();
    for (line, file) in (1..).zip(fixtures::ALL) {
        let ends: [SocketAddr; 2] = match line {
            2 => [
                ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], 5_001).into(),
                ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 2], 5_002).into(),
            ],
            _ => [
                ([10, 0, line, 1], 5_001).into(),
                ([10, 0, line, 2], 5_002).into(),
            ],
        };
        for captured in fixtures::read(file).packets {
            let number = ring.packets().count();
            let [from, to] = if captured.from_a {
                ends
            } else {
                [ends[1], ends[0]]
            };
            ring.push(Packet {
                at: Duration::from_millis(number as u64),
                from,
                to,
                payload: captured.bytes,
                note: (number % 3 == 0).then(|| "dropped: loss".to_owned()),
            });
        }
    }
    ring
}

static SEEN: LazyLock<Vec<Seen>> = LazyLock::new(|| {
    let ring = ring();
    let shown = tshark(&pcapng::file(&ring, "a line", STARTED));
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines.len(), ring.packets().count(), "it shows every packet");
    let theirs = lines
        .iter()
        .map(|line| line.split('|').map(str::to_owned).collect());
    let both = ring.packets().zip(theirs);
    both.map(|(packet, theirs)| Seen {
        packet: packet.clone(),
        ours: dissect(&packet.payload, &[]),
        theirs,
    })
    .collect()
});

/// What tshark prints about a file. It must not complain.
fn tshark(file: &[u8]) -> String {
    let mut command = Command::new("tshark");
    command.args([
        "-r",
        "-",
        "-T",
        "fields",
        "-E",
        "separator=|",
        "-E",
        "occurrence=a",
    ]);
    command.args([
        "-o",
        "ip.check_checksum:TRUE",
        "-o",
        "udp.check_checksum:TRUE",
    ]);
    command.args(FIELDS.iter().flat_map(|field| ["-e", field]));
    let pipes = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let Ok(mut child) = pipes.spawn() else {
        panic!(
            "no tshark on the PATH, with which this test reads what is captured: install it (Debian: `apt-get install tshark`)"
        );
    };
    // The file is smaller than a pipe holds, so it is written before anything is read.
    assert!(file.len() < 65_536);
    child
        .stdin
        .take()
        .expect("it is piped")
        .write_all(file)
        .expect("it reads");
    let output = child.wait_with_output().expect("it runs");
    let complaints = String::from_utf8_lossy(&output.stderr);
    let complaints: Vec<_> = complaints
        .lines()
        .filter(|line| !line.starts_with("Running as user"))
        .collect();
    assert!(
        output.status.success() && complaints.is_empty(),
        "{complaints:#?}"
    );
    String::from_utf8(output.stdout).expect("it prints text")
}

#[test]
fn wireshark_opens_the_file_without_a_warning_and_finds_nothing_malformed() {
    for seen in SEEN.iter() {
        assert_eq!(seen.field("_ws.malformed"), "", "{}", seen.ours.summary);
        // The only remark of its experts is our note.
        let remark = if seen.packet.note.is_some() {
            "1048576"
        } else {
            ""
        };
        assert_eq!(
            seen.field("_ws.expert.severity"),
            remark,
            "{}",
            seen.ours.summary
        );
    }
}

#[test]
fn headers_that_were_never_on_a_wire_have_good_checksums() {
    for seen in SEEN.iter() {
        let good = "1";
        assert_eq!(seen.field("udp.checksum.status"), good);
        let is_six = seen.packet.from.is_ipv6();
        assert_eq!(
            seen.field("ip.checksum.status"),
            if is_six { "" } else { good }
        );
        let source = seen.field(if is_six { "ipv6.src" } else { "ip.src" });
        assert_eq!(source, seen.packet.from.ip().to_string());
        assert_eq!(
            seen.numbers("udp.dstport"),
            [u64::from(seen.packet.to.port())]
        );
    }
}

#[test]
fn times_notes_and_payloads_are_those_that_were_captured() {
    for seen in SEEN.iter() {
        let at = (STARTED + seen.packet.at).as_micros();
        let (seconds, microseconds) = (at / 1_000_000, at % 1_000_000);
        assert_eq!(
            seen.field("frame.time_epoch"),
            format!("{seconds}.{microseconds:06}000")
        );
        assert_eq!(
            seen.field("frame.comment"),
            seen.packet.note.as_deref().unwrap_or_default()
        );
        let payload: String = seen
            .packet
            .payload
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        // Of what it knows it shows the parts only.
        assert!(["", &payload].contains(&seen.field("udp.payload")));
    }
}

#[test]
fn both_find_the_same_in_stun() {
    let mut found = 0;
    for seen in SEEN
        .iter()
        .filter(|seen| seen.ours.protocol == Protocol::Stun)
    {
        found += 1;
        assert_eq!(
            seen.numbers("stun.type"),
            seen.ours(2, |row| row.name == "message"),
            "{}",
            seen.ours.summary
        );
        let is_attribute = |row: &Row| row.offset >= 20 && row.name == row.name.to_uppercase();
        assert_eq!(
            seen.numbers("stun.attribute"),
            seen.ours(2, is_attribute),
            "{}",
            seen.ours.summary
        );
        let mut rows = Vec::new();
        collect(&seen.ours.rows, &|row| row.name == "USERNAME", &mut rows);
        let names: Vec<_> = rows.iter().map(|row| row.value.as_str()).collect();
        assert_eq!(seen.field("stun.att.username"), names.concat());
        for priority in seen.numbers("stun.att.priority") {
            let is = |row: &Row| {
                row.name == "PRIORITY" && row.value.starts_with(&format!("{priority}: "))
            };
            assert_eq!(seen.ours(2, is).len(), 1);
        }
        let ports = seen.field("stun.att.port").split(',');
        for (address, port) in seen
            .field("stun.att.ipv4")
            .split(',')
            .zip(ports)
            .filter(|(address, _)| !address.is_empty())
        {
            let is = |row: &Row| {
                row.name.ends_with("ADDRESS") && row.value == format!("{address}:{port}")
            };
            assert_eq!(
                seen.ours(2, is).len(),
                1,
                "{address}:{port}: {}",
                seen.ours.summary
            );
        }
        let fits = |row: &Row| row.name == "FINGERPRINT" && row.value == "fits";
        assert_eq!(
            seen.numbers("stun.att.crc32.status"),
            vec![1; seen.ours(2, fits).len()]
        );
    }
    assert_eq!(found, 17);
}

#[test]
fn both_find_the_same_in_dtls() {
    let (mut messages, mut extensions) = (0, 0);
    // Debian's tshark does not know the records of DTLS 1.3.
    let is_old = |seen: &&Seen| seen.ours(1, |row| row.name == "flags").is_empty();
    let of_dtls = SEEN
        .iter()
        .filter(|seen| seen.ours.protocol == Protocol::Dtls);
    let mut first_part = Vec::new();
    for seen in of_dtls.filter(is_old) {
        let summary = &seen.ours.summary;
        assert_eq!(
            seen.numbers("dtls.record.content_type"),
            seen.ours(1, |row| row.name == "type"),
            "{summary}"
        );
        let ours = seen.ours(1, |row| row.name == "message");
        assert_eq!(seen.numbers("dtls.handshake.type"), ours, "{summary}");
        messages += ours.len();
        // An extension is a row behind that of all of them. It shows those of a fragmented message with its last fragment.
        let mut rows = Vec::new();
        collect(&seen.ours.rows, &|row| !row.rows.is_empty(), &mut rows);
        let of_record = |record: &Row| {
            let inside = record
                .rows
                .iter()
                .skip_while(|row| row.name != "extensions")
                .skip(1);
            let whole = inside.take_while(|row| row.name != "the rest");
            whole
                .map(|row| {
                    u64::from(seen.packet.payload[row.offset]) << 8
                        | u64::from(seen.packet.payload[row.offset + 1])
                })
                .collect::<Vec<_>>()
        };
        let ours = rows.into_iter().flat_map(of_record).collect::<Vec<_>>();
        let theirs = seen.numbers("dtls.handshake.extension.type");
        if theirs.is_empty() {
            first_part = ours;
            continue;
        }
        if ours.is_empty() {
            assert!(
                theirs.starts_with(&first_part),
                "{summary}: {theirs:?}, and {first_part:?} in the first fragment"
            );
        } else {
            assert_eq!(theirs, ours, "{summary}");
        }
        extensions += theirs.len();
    }
    assert_eq!((messages, extensions), (18, 45));
}

#[test]
fn neither_takes_a_packet_for_another_protocol() {
    for seen in SEEN.iter() {
        let stun = !seen.field("stun.type").is_empty();
        assert_eq!(
            stun,
            seen.ours.protocol == Protocol::Stun,
            "{}",
            seen.ours.summary
        );
        let dtls = !seen.field("dtls.record.content_type").is_empty();
        assert!(
            !dtls || seen.ours.protocol == Protocol::Dtls,
            "{}",
            seen.ours.summary
        );
    }
}
