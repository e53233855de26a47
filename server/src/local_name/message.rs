//! Messages of multicast DNS, as far as they are about one name and its address of IPv4: what others say of it, and what this machine says. Pure.
//!
//! What is heard was written by strangers: it is read in place, in time that grows with its length alone, and nothing of another name is kept.
//!
//! May import: config.

use std::net::Ipv4Addr;

use crate::config::Label;

/// Bytes of the longest message ([RFC 6762, section 17](https://www.rfc-editor.org/rfc/rfc6762#section-17)).
pub(super) const MAX_MESSAGE: usize = 9000;

/// Bytes of the longest name, with the lengths of its labels ([RFC 1035, section 2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4)).
const MAX_NAME: usize = 255;

/// How often a name may go on elsewhere in the message. Each label could, but no program writes so many.
const MAX_POINTERS: usize = 16;

const DOMAIN: &[u8] = b"\x05local\0";

/// Types of records, and of questions.
const A: u16 = 1;
const AAAA: u16 = 28;
const NSEC: u16 = 47;
const ANY: u16 = 255;

const INTERNET: u16 = 1;
const ANY_CLASS: u16 = 255;
/// What is left of a class without its highest bit: in a question it wishes an answer for the asker alone, in a record it says that there is no other.
const CLASS: u16 = 0x7fff;
const THE_ONLY_ONE: u16 = 0x8000;

const QUERY: u16 = 0;
/// By whoever the name belongs to.
const RESPONSE: u16 = 0x8400;
const IS_RESPONSE: u16 = 0x8000;

/// Seconds for which an address may be kept ([section 10](https://www.rfc-editor.org/rfc/rfc6762#section-10)), and by a resolver that can't hear that it is
/// gone ([section 6.7](https://www.rfc-editor.org/rfc/rfc6762#section-6.7)).
const TTL: u32 = 120;
const TTL_OF_ONE_SHOT: u32 = 10;

/// A name, as it stands in messages: each label behind its length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name(Vec<u8>);

impl Name {
    pub(super) fn new(label: &Label) -> Self {
        let label = label.as_str().as_bytes();
        // A label is shorter than 64 bytes.
        let len = u8::try_from(label.len()).unwrap_or(u8::MAX);
        Self([&[len][..], label, DOMAIN].concat())
    }
}

/// What a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Question {
    kind: u16,
}

impl Question {
    fn wants_address(self) -> bool {
        matches!(self.kind, A | ANY)
    }
}

/// What a message says of the name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// To be repeated to a resolver that asks once.
    pub(super) id: u16,
    pub(super) is_response: bool,
    pub(super) question: Option<Question>,
    /// Addresses that the name has: in a response by what it says, in a query by what the asker has heard not long ago.
    pub(super) answers: Vec<Ipv4Addr>,
    /// Addresses that the asker would give to the name.
    pub(super) proposed: Vec<Ipv4Addr>,
}

/// Reads a message. `None` if it is malformed.
pub(super) fn read(bytes: &[u8], name: &Name) -> Option<Heard> {
    let mut reader = Reader { bytes, at: 0 };
    let id = reader.u16()?;
    let is_response = reader.u16()? & IS_RESPONSE != 0;
    let [questions, answers, authorities, _] =
        [reader.u16()?, reader.u16()?, reader.u16()?, reader.u16()?];
    let mut heard = Heard {
        id,
        is_response,
        ..Heard::default()
    };
    // However many there shall be: each takes bytes, and the first that has none ends it.
    for _ in 0..questions {
        let is_name = reader.is_name(name)?;
        let [kind, class] = [reader.u16()?, reader.u16()? & CLASS];
        if is_name && matches!(kind, A | AAAA | ANY) && matches!(class, INTERNET | ANY_CLASS) {
            let known = heard.question.filter(|known| known.wants_address());
            heard.question = known.or(Some(Question { kind }));
        }
    }
    for _ in 0..answers {
        // What a query has is suppressed if it is kept for half of its time at least.
        let least = if is_response { 1 } else { TTL / 2 };
        heard.answers.extend(reader.address_of(name, least)?);
    }
    for _ in 0..authorities {
        heard.proposed.extend(reader.address_of(name, 1)?);
    }
    Some(heard)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(len)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        let bytes = self.take(2)?;
        Some(u16::from_be_bytes(bytes.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        let bytes = self.take(4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    }

    /// Reads a name to its end here: whether it is this one, in whatever case.
    fn is_name(&mut self, name: &Name) -> Option<bool> {
        let mut is_name = true;
        let mut len = 0;
        let mut pointers = 0;
        let mut behind = None;
        loop {
            let first = *self.bytes.get(self.at)?;
            match first >> 6 {
                0 => {
                    let label = self.take(1 + usize::from(first))?;
                    let expected = name.0.get(len..len + label.len());
                    // A length is no letter.
                    is_name &= expected.is_some_and(|it| it.eq_ignore_ascii_case(label));
                    len += label.len();
                    if len > MAX_NAME {
                        return None;
                    }
                    // It is another, and where it ends here is known. Otherwise many records that point to one long name would each be read to its end.
                    if let (false, Some(behind)) = (is_name, behind) {
                        self.at = behind;
                        return Some(false);
                    }
                    if first == 0 {
                        self.at = behind.unwrap_or(self.at);
                        return Some(is_name);
                    }
                }
                // It goes on where it has stood before.
                3 => {
                    let to = usize::from(self.u16()? & 0x3fff);
                    behind = behind.or(Some(self.at));
                    pointers += 1;
                    if pointers > MAX_POINTERS {
                        return None;
                    }
                    self.at = to;
                }
                _ => return None,
            }
        }
    }

    /// Reads a record: its address, if it is one of the name that may be kept for so many seconds at least.
    fn address_of(&mut self, name: &Name, least: u32) -> Option<Option<Ipv4Addr>> {
        let is_name = self.is_name(name)?;
        let [kind, class] = [self.u16()?, self.u16()? & CLASS];
        let ttl = self.u32()?;
        let len = self.u16()?;
        let data = self.take(usize::from(len))?;
        let is_address = is_name && kind == A && class == INTERNET && ttl >= least;
        let octets = <[u8; 4]>::try_from(data).ok().filter(|_| is_address);
        Some(octets.map(Ipv4Addr::from))
    }
}

/// Asks who has the name, and says that this machine would have it.
pub(super) fn probe(name: &Name, address: Ipv4Addr) -> Vec<u8> {
    let mut message = head(0, QUERY, [1, 0, 1, 0]);
    put_question(&mut message, name, ANY);
    put_address(&mut message, name, INTERNET, TTL, address);
    message
}

/// Says to everybody that the name has this address, and none of another kind.
pub(super) fn answer(name: &Name, address: Ipv4Addr) -> Vec<u8> {
    let class = INTERNET | THE_ONLY_ONE;
    let mut message = head(0, RESPONSE, [0, 1, 0, 1]);
    put_address(&mut message, name, class, TTL, address);
    put_nothing_else(&mut message, name, class, TTL);
    message
}

/// The same, to a resolver that asks once, and knows nothing of multicast DNS.
pub(super) fn answer_once(
    heard: &Heard,
    question: Question,
    name: &Name,
    address: Ipv4Addr,
) -> Vec<u8> {
    let mut message = head(heard.id, RESPONSE, [1, 1, 0, 0]);
    put_question(&mut message, name, question.kind);
    match question.wants_address() {
        true => put_address(&mut message, name, INTERNET, TTL_OF_ONE_SHOT, address),
        false => put_nothing_else(&mut message, name, INTERNET, TTL_OF_ONE_SHOT),
    }
    message
}

/// Says to everybody that the name is nobody's any more.
pub(super) fn goodbye(name: &Name, address: Ipv4Addr) -> Vec<u8> {
    let mut message = head(0, RESPONSE, [0, 1, 0, 0]);
    put_address(&mut message, name, INTERNET | THE_ONLY_ONE, 0, address);
    message
}

/// `counts` are of questions, answers, authorities and additional records.
fn head(id: u16, flags: u16, counts: [u16; 4]) -> Vec<u8> {
    let mut message = Vec::with_capacity(128);
    put(&mut message, &[id, flags]);
    put(&mut message, &counts);
    message
}

fn put(message: &mut Vec<u8>, numbers: &[u16]) {
    message.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
}

fn put_question(message: &mut Vec<u8>, name: &Name, kind: u16) {
    message.extend_from_slice(&name.0);
    put(message, &[kind, INTERNET]);
}

fn put_record(message: &mut Vec<u8>, name: &Name, kind: u16, class: u16, ttl: u32, data: &[u8]) {
    message.extend_from_slice(&name.0);
    put(message, &[kind, class]);
    message.extend_from_slice(&ttl.to_be_bytes());
    // Ours are a name and a few bytes at most.
    put(message, &[u16::try_from(data.len()).unwrap_or(u16::MAX)]);
    message.extend_from_slice(data);
}

fn put_address(message: &mut Vec<u8>, name: &Name, class: u16, ttl: u32, address: Ipv4Addr) {
    put_record(message, name, A, class, ttl, &address.octets());
}

/// That there are addresses of IPv4 alone, so that nobody waits for others ([section 6.1](https://www.rfc-editor.org/rfc/rfc6762#section-6.1)).
fn put_nothing_else(message: &mut Vec<u8>, name: &Name, class: u16, ttl: u32) {
    // Of the types from 0 on: one byte, in which that of an address is the second bit.
    let data = [&name.0[..], &[0, 1, 0x80 >> A]].concat();
    put_record(message, name, NSEC, class, ttl, &data);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    const ADDRESS: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 5);

    fn name() -> Name {
        Name::new(&"workshop".parse().unwrap())
    }

    #[test]
    fn what_is_said_is_read_again() {
        let probe = read(&probe(&name(), ADDRESS), &name()).unwrap();
        assert_eq!(probe.question, Some(Question { kind: ANY }));
        assert_eq!(
            (probe.is_response, &*probe.proposed),
            (false, &[ADDRESS][..])
        );
        let answer = read(&answer(&name(), ADDRESS), &name()).unwrap();
        assert_eq!(
            (answer.is_response, &*answer.answers),
            (true, &[ADDRESS][..])
        );
        // Whoever leaves has nothing any more.
        let goodbye = read(&goodbye(&name(), ADDRESS), &name()).unwrap();
        assert!(goodbye.answers.is_empty());
        let other = Name::new(&"workshop-2".parse().unwrap());
        assert_eq!(
            read(&super::probe(&other, ADDRESS), &name()),
            Some(Heard::default())
        );
    }

    #[test]
    fn a_name_is_known_in_any_case_and_behind_a_pointer() {
        let question = [
            &[0; 5][..],
            &[2, 0, 0, 0, 0, 0, 0],
            b"\x08WorkShop\x05LOCAL\0\0\x01\x80\x01",
        ];
        // The second begins with the label of another name, and goes on where the first has its domain.
        let second = b"\x05other\xc0\x15\0\x01\0\x01";
        let heard = read(&[&question.concat()[..], second].concat(), &name()).unwrap();
        assert_eq!(heard.question, Some(Question { kind: A }));
        let other = Name::new(&"other".parse().unwrap());
        let heard = read(&[&question.concat()[..], second].concat(), &other).unwrap();
        assert_eq!(heard.question, Some(Question { kind: A }));
    }

    #[test]
    fn a_name_that_leads_to_itself_or_is_too_long_is_malformed() {
        for pointer in [b"\xc0\x0c", b"\xc0\x0d", b"\xff\xff"] {
            let message = [&[0; 5][..], &[1, 0, 0, 0, 0, 0, 0], pointer, &[0, 1, 0, 1]].concat();
            assert_eq!(read(&message, &name()), None);
        }
        let label = [&b"\x3f"[..], &[b'a'; 63]].concat();
        let message = [
            &[0; 5][..],
            &[1, 0, 0, 0, 0, 0, 0],
            &label.repeat(4),
            &[0, 0, 1, 0, 1],
        ]
        .concat();
        assert_eq!(read(&message, &name()), None);
    }

    #[test]
    fn behind_a_pointer_no_more_of_another_name_is_read_than_says_that_it_is_another() {
        let name_of_other = b"\x05other\xc0\x0c\0\x01\0\x01";
        let message = [&[0; 5][..], &[1, 0, 0, 0, 0, 0, 0], name_of_other].concat();
        assert_eq!(read(&message, &name()), Some(Heard::default()));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_malformed(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0usize..200) {
            let _ = read(&bytes, &name());
            // The same as the rest of what begins well.
            let begun = [&probe(&name(), ADDRESS)[..], &bytes].concat();
            let mut many = begun.clone();
            many[4..12].fill(0xff);
            prop_assert_eq!(read(&many, &name()), None);
            let _ = read(&begun[..cut.min(begun.len())], &name());
        }
    }
}
