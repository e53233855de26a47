//! Which packets at the book's UDP port are the media room's, as [RFC 7983](https://www.rfc-editor.org/rfc/rfc7983#section-7) tells them apart. Clients of
//! STUN and TURN send none that begin as DTLS, RTP or RTCP do, and neither a Binding request with the name of a session nor an answer to one.
//!
//! May import: nothing.

/// How the names of sessions begin by which connectivity checks ask for them, so that one can be told from what clients of STUN and TURN ask.
pub(super) const UFRAG_BEGIN: &str = "sfu";

/// What a packet is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ours<'p> {
    /// Somebody else's.
    Not,
    /// A connectivity check for the session of this name.
    Check(&'p str),
    /// DTLS, RTP or RTCP, or an answer to a check of ours: its address says of which session.
    Media,
}

/// What a message of STUN is whose number says which others it belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stun {
    /// A Binding request.
    Request([u8; 12]),
    /// An answer to one.
    Success([u8; 12]),
    /// Another answer, or something else.
    Other,
}

/// What a packet is as a message of STUN; nothing if it is none.
pub(super) fn stun(packet: &[u8]) -> Option<Stun> {
    const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
    let head: &[u8; HEAD] = packet.first_chunk()?;
    let [a, b, _, _, cookie @ .., _, _, _, _, _, _, _, _, _, _, _, _] = head;
    if *a > 3 || *cookie != COOKIE {
        return None;
    }
    let number = *head.last_chunk()?;
    Some(match [*a, *b] {
        BINDING_REQUEST => Stun::Request(number),
        BINDING_SUCCESS => Stun::Success(number),
        _ => Stun::Other,
    })
}

/// Bytes before the attributes of a message.
const HEAD: usize = 20;
const BINDING_REQUEST: [u8; 2] = [0, 1];
const BINDING_SUCCESS: [u8; 2] = [1, 1];
const BINDING_ERROR: [u8; 2] = [1, 0x11];

/// What a packet is.
pub(super) fn of_media(packet: &[u8]) -> Ours<'_> {
    match packet.first() {
        Some(20..=63 | 128..=191) => Ours::Media,
        // Servers of STUN and TURN ask nobody, so an answer is to us.
        Some(0..=3) if is_answer(packet) => Ours::Media,
        Some(0..=3) => match asked_for(packet) {
            Some(ufrag) => Ours::Check(ufrag),
            None => Ours::Not,
        },
        _ => Ours::Not,
    }
}

fn is_answer(packet: &[u8]) -> bool {
    let kind = packet.first_chunk();
    matches!(kind, Some(&(BINDING_SUCCESS | BINDING_ERROR))) && stun(packet).is_some()
}

/// The name of a session in the USERNAME of a Binding request ([RFC 8445, section 7.2.2](https://www.rfc-editor.org/rfc/rfc8445#section-7.2.2)): what stands
/// before the colon.
fn asked_for(packet: &[u8]) -> Option<&str> {
    const USERNAME: u16 = 6;
    if packet.get(..2)? != BINDING_REQUEST {
        return None;
    }
    let mut rest = packet.get(HEAD..)?;
    loop {
        let (kind, value) = rest.split_at_checked(2)?;
        let kind = u16::from_be_bytes(kind.try_into().ok()?);
        let (length, value) = value.split_at_checked(2)?;
        let length = usize::from(u16::from_be_bytes(length.try_into().ok()?));
        let (value, behind) = value.split_at_checked(length)?;
        if kind == USERNAME {
            let (ufrag, _) = std::str::from_utf8(value).ok()?.split_once(':')?;
            return Some(ufrag).filter(|ufrag| ufrag.starts_with(UFRAG_BEGIN));
        }
        // Attributes are padded to four bytes.
        rest = behind.get(length.next_multiple_of(4) - length..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut packet = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        packet.resize(20, 7);
        for (kind, value) in attributes {
            packet.extend(kind.to_be_bytes());
            packet.extend(u16::try_from(value.len()).unwrap_or(0).to_be_bytes());
            packet.extend(*value);
            packet.resize(packet.len().next_multiple_of(4), 0);
        }
        packet
    }

    #[test]
    fn a_check_is_for_the_session_whose_name_it_has() {
        let check = request(&[(0x24, &[1, 2, 3, 4]), (0x8022, b"x"), (6, b"sfu0123:abcd")]);
        assert_eq!(of_media(&check), Ours::Check("sfu0123"));
    }

    #[test]
    fn requests_of_clients_of_stun_and_turn_are_theirs() {
        assert_eq!(of_media(&request(&[])), Ours::Not);
        assert_eq!(of_media(&request(&[(6, b"1790000000:me")])), Ours::Not);
        let mut allocate = request(&[(6, b"sfu0123:abcd")]);
        allocate[1] = 3;
        assert_eq!(of_media(&allocate), Ours::Not);
        // Channel data.
        assert_eq!(of_media(&[0x40, 0, 0, 1, 9]), Ours::Not);
        assert_eq!(of_media(&[]), Ours::Not);
    }

    #[test]
    fn answers_to_checks_are_ours() {
        for kind in [BINDING_SUCCESS, BINDING_ERROR] {
            let mut answer = request(&[(0x20, &[0, 1, 2, 3, 4, 5, 6, 7])]);
            answer[..2].copy_from_slice(&kind);
            assert_eq!(of_media(&answer), Ours::Media);
            answer[4] = 0;
            assert_eq!(of_media(&answer), Ours::Not, "that is of RFC 3489");
            assert_eq!(of_media(&answer[..19]), Ours::Not);
        }
        // An answer to an Allocate request.
        let mut answer = request(&[]);
        answer[..2].copy_from_slice(&[1, 3]);
        assert_eq!(of_media(&answer), Ours::Not);
    }

    #[test]
    fn what_begins_as_dtls_and_rtp_do_is_media() {
        for first in [20, 22, 63, 128, 144, 191] {
            assert_eq!(of_media(&[first]), Ours::Media);
        }
        for first in [19, 64, 127, 192, 255] {
            assert_eq!(of_media(&[first]), Ours::Not);
        }
    }

    #[test]
    fn a_message_that_is_cut_off_anywhere_is_read_without_a_panic() {
        let check = request(&[(0x24, &[1, 2, 3]), (6, b"sfu0123:abcd")]);
        for length in 0..check.len() {
            assert_eq!(of_media(&check[..length]), Ours::Not, "{length}");
        }
    }
}
