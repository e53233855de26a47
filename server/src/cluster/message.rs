//! Messages between two instances, byte by byte. Pure.
//!
//! All numbers are little endian. A message is a head, then entries, then the seal, if there is a key (`seal`):
//!
//! | bytes | what |
//! |---|---|
//! | 1 | the version, 1 |
//! | 8, 8 | the instance that sends it, and the one that it is for |
//! | 8, 8 | the epoch of the sender's link, and that of the receiver's, as far as the sender knows it; else 0 |
//! | 8 | the number of the message; 0 if it has no entries |
//! | 8 | all messages before this number have come |
//!
//! An entry is about one client, or about several that are sent the same:
//!
//! | bytes | what |
//! |---|---|
//! | 1 | what it says ([`Kind`]) |
//! | 2 | how many clients |
//! | 8 each | the number of each client at its edge |
//! | 4 | how many bytes follow |
//!
//! May import: thiserror, tungstenite.

use tungstenite::Bytes;

/// What this program speaks. Another version is not read.
const VERSION: u8 = 1;

/// Bytes of a head.
pub(super) const HEAD_BYTES: usize = 49;

/// Bytes of an entry beside its body and its clients.
const ENTRY_BYTES: usize = 7;

/// Who says what to whom in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) epoch: u64,
    pub(super) peer_epoch: u64,
    pub(super) seq: u64,
    pub(super) ack: u64,
}

/// What an entry says. The edge of a client has its socket, the home its room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Edge to home: a client announces itself. 16 bytes of its token, 16 of the token that it resumes, then its frame.
    Open = 1,
    /// Edge to home: a client's frame.
    Frame = 2,
    /// Edge to home: the client has gone, or moved to a room elsewhere. One byte 1 says that it was cut off, and keeps its id for a while.
    Gone = 3,
    /// Edge to home: answers [`Probe`](Self::Probe); one byte: 1 if the client is there, else 0.
    Alive = 4,
    /// Home to edge: a frame for these clients.
    Send = 5,
    /// Home to edge: the connection is to end. One byte says why.
    End = 6,
    /// Home to edge: is the client there?
    Probe = 7,
    /// Home to edge: what the client's last frame cost more than its edge has charged: 4 bytes deliveries, 4 bytes joins.
    Cost = 8,
    /// Both: this instance stops.
    Bye = 9,
}

impl Kind {
    /// Every kind.
    pub(super) const ALL: [Self; 9] = [
        Self::Open,
        Self::Frame,
        Self::Gone,
        Self::Alive,
        Self::Send,
        Self::End,
        Self::Probe,
        Self::Cost,
        Self::Bye,
    ];

    fn of(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == byte)
    }
}

/// How many entries there are of each kind, in the order of [`Kind::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally(pub(super) [u64; Kind::ALL.len()]);

impl Tally {
    /// One more.
    pub(super) fn add(&mut self, kind: Kind) {
        self.0[usize::from(kind as u8 - 1)] += 1;
    }
}

/// What is said of clients, before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    pub(super) clients: Vec<u64>,
    pub(super) body: Bytes,
}

impl Entry {
    /// Bytes that it takes in a message.
    pub(super) fn len(&self) -> usize {
        ENTRY_BYTES + 8 * self.clients.len() + self.body.len()
    }

    /// Whether one more client can be sent the same. It is the same if it is one piece of memory: what is relayed to several is.
    pub(super) fn takes(&self, kind: Kind, body: &Bytes) -> bool {
        kind == Kind::Send
            && self.kind == kind
            && self.clients.len() < usize::from(u16::MAX)
            && self.body.as_ptr() == body.as_ptr()
            && self.body.len() == body.len()
    }

    /// Appends it to the body of a message.
    pub(super) fn write(&self, body: &mut Vec<u8>) {
        body.push(self.kind as u8);
        // Neither is larger: see `takes`, and the bounds of frames.
        body.extend((self.clients.len() as u16).to_le_bytes());
        body.extend(self.clients.iter().flat_map(|client| client.to_le_bytes()));
        body.extend((self.body.len() as u32).to_le_bytes());
        body.extend(&self.body[..]);
    }
}

impl Head {
    /// A message, with room for a seal.
    pub(super) fn write(&self, body: &[u8], more: usize) -> Vec<u8> {
        let mut message = Vec::with_capacity(HEAD_BYTES + body.len() + more);
        message.push(VERSION);
        let Self {
            from,
            to,
            epoch,
            peer_epoch,
            seq,
            ack,
        } = self;
        for field in [from, to, epoch, peer_epoch, seq, ack] {
            message.extend(field.to_le_bytes());
        }
        message.extend(body);
        message
    }

    /// The head of a message, and the entries behind it.
    ///
    /// # Errors
    /// When it is none that this program reads.
    pub(super) fn read(message: &[u8]) -> Result<(Self, &[u8]), BadMessage> {
        let (version, mut rest) = message.split_first().ok_or(BadMessage::Short)?;
        if *version != VERSION {
            return Err(BadMessage::Version(*version));
        }
        let mut fields = [0; 6];
        for field in &mut fields {
            *field = u64::from_le_bytes(take(&mut rest)?);
        }
        let [from, to, epoch, peer_epoch, seq, ack] = fields;
        let head = Self {
            from,
            to,
            epoch,
            peer_epoch,
            seq,
            ack,
        };
        Ok((head, rest))
    }
}

/// Why a message is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadMessage {
    /// It ends too early.
    #[error("it is too short")]
    Short,
    /// It is of another program.
    #[error("it is of version {0}, and this program speaks version {VERSION}")]
    Version(u8),
}

/// An entry as it came. What it says is `None` if this program doesn't know it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Received<'m> {
    pub(super) kind: Option<Kind>,
    pub(super) body: &'m [u8],
    clients: &'m [u8],
}

impl Received<'_> {
    /// The clients that it is about.
    pub(super) fn clients(&self) -> impl Iterator<Item = u64> {
        let eights = self.clients.as_chunks::<8>().0.iter();
        eights.map(|bytes| u64::from_le_bytes(*bytes))
    }
}

/// The entries of a message. Whatever follows one that is cut short is left out.
pub(super) fn entries(mut rest: &[u8]) -> impl Iterator<Item = Received<'_>> {
    std::iter::from_fn(move || entry(&mut rest).ok())
}

fn entry<'m>(rest: &mut &'m [u8]) -> Result<Received<'m>, BadMessage> {
    let [kind] = take(rest)?;
    let count = u16::from_le_bytes(take(rest)?);
    let clients = split(rest, 8 * usize::from(count))?;
    let len = u32::from_le_bytes(take(rest)?);
    let body = split(rest, len as usize)?;
    Ok(Received {
        kind: Kind::of(kind),
        body,
        clients,
    })
}

fn take<const BYTES: usize>(rest: &mut &[u8]) -> Result<[u8; BYTES], BadMessage> {
    let (bytes, others) = rest.split_first_chunk().ok_or(BadMessage::Short)?;
    *rest = others;
    Ok(*bytes)
}

fn split<'m>(rest: &mut &'m [u8], len: usize) -> Result<&'m [u8], BadMessage> {
    let (bytes, others) = rest.split_at_checked(len).ok_or(BadMessage::Short)?;
    *rest = others;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::metrics::ENTRIES;

    const HEAD: Head = Head {
        from: 1,
        to: 2,
        epoch: 3,
        peer_epoch: 4,
        seq: 5,
        ack: 6,
    };

    fn message() -> Vec<u8> {
        let mut body = Vec::new();
        for (kind, clients, text) in [(Kind::Send, vec![7, 8], "a frame"), (Kind::Bye, vec![], "")]
        {
            let body_of_entry = Bytes::from_static(text.as_bytes());
            let entry = Entry {
                kind,
                clients,
                body: body_of_entry,
            };
            let before = body.len();
            entry.write(&mut body);
            assert_eq!(body.len() - before, entry.len());
        }
        HEAD.write(&body, 0)
    }

    #[test]
    fn the_numbers_call_every_kind_by_its_name() {
        for (kind, name) in Kind::ALL.into_iter().zip(ENTRIES) {
            let mut tally = Tally::default();
            tally.add(kind);
            let of_kind = ENTRIES.iter().zip(tally.0).filter(|(_, count)| *count > 0);
            assert_eq!(of_kind.collect::<Vec<_>>(), [(&name, 1)]);
            assert_eq!(format!("{kind:?}").to_lowercase(), name);
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let message = message();
        let (head, rest) = Head::read(&message).unwrap();
        assert_eq!(head, HEAD);
        let read: Vec<_> = entries(rest).collect();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].kind, Some(Kind::Send));
        assert_eq!(read[0].clients().collect::<Vec<_>>(), [7, 8]);
        assert_eq!(read[0].body, b"a frame");
        assert_eq!(read[1].kind, Some(Kind::Bye));
    }

    #[test]
    fn a_message_that_is_cut_short_anywhere_gives_what_was_whole() {
        let message = message();
        for len in 0..message.len() {
            match Head::read(&message[..len]) {
                Ok((_, rest)) => assert!(entries(rest).count() < 2),
                Err(error) => assert_eq!(error, BadMessage::Short),
            }
        }
    }

    #[test]
    fn another_version_is_refused_and_an_unknown_entry_is_passed_over() {
        let mut newer = message();
        newer[0] = 2;
        assert_eq!(Head::read(&newer).unwrap_err(), BadMessage::Version(2));
        let mut unknown = message();
        unknown[HEAD_BYTES] = 200;
        let (_, rest) = Head::read(&unknown).unwrap();
        let kinds: Vec<_> = entries(rest).map(|entry| entry.kind).collect();
        assert_eq!(kinds, [None, Some(Kind::Bye)]);
    }
}
