//! What an offer offers, and what is left out before it is taken; and what its answer says of the bit rate.
//!
//! May import: refusal, str0m.

use str0m::media::MediaKind;

use super::refusal::Refusal;

/// What somebody wants of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Intent {
    /// To send.
    Publish,
    /// To receive.
    Watch,
}

/// Sections of media of one kind. An answer to several would have to say which is which.
const MAX_OF_A_KIND: usize = 1;

/// Whether an offer has something to send, or to receive, and nothing that this server does not serve.
///
/// # Errors
/// When it has not, in words for whoever made it.
pub(super) fn check(offer: &str, intent: Intent) -> Result<(), Refusal> {
    let mut direction = "sendrecv";
    let mut sections: Vec<(MediaKind, &str)> = Vec::new();
    for line in offer.lines().map(str::trim_end) {
        if let Some(media) = line.strip_prefix("m=") {
            let kind = match media.split(' ').next().unwrap_or_default() {
                "audio" => MediaKind::Audio,
                "video" => MediaKind::Video,
                _ => return Err(Refusal::OtherSection),
            };
            if sections.iter().filter(|(other, _)| *other == kind).count() >= MAX_OF_A_KIND {
                return Err(Refusal::ManySections);
            }
            sections.push((kind, direction));
        } else if let Some(found) = line.strip_prefix("a=").filter(|word| is_direction(word)) {
            match sections.last_mut() {
                Some((_, of_section)) => *of_section = found,
                None => direction = found,
            }
        }
    }
    let wanted = match intent {
        Intent::Publish => "sendonly",
        Intent::Watch => "recvonly",
    };
    let is_wanted = |direction: &str| direction == wanted || direction == "sendrecv";
    match sections.iter().any(|(_, direction)| is_wanted(direction)) {
        true => Ok(()),
        false if intent == Intent::Publish => Err(Refusal::NothingToSend),
        false => Err(Refusal::NothingToReceive),
    }
}

/// Whether it offers several layers of its picture ([RFC 8853](https://www.rfc-editor.org/rfc/rfc8853)).
pub(super) fn has_layers(offer: &str) -> bool {
    let mut lines = offer.lines();
    lines.any(|line| line.trim_start().starts_with("a=simulcast:"))
}

/// What whoever made it signs answers to checks with; nothing of an offer that names none.
pub(super) fn password(offer: &str) -> &str {
    let mut lines = offer.lines().map(str::trim);
    let password = lines.find_map(|line| line.strip_prefix("a=ice-pwd:"));
    password.unwrap_or_default()
}

/// The offer without addresses of whoever made it: the server checks those from which checks come, and no others that an offer may name.
pub(super) fn without_candidates(offer: &str) -> String {
    let lines = offer.split_inclusive('\n');
    let kept = lines.filter(|line| !line.trim_start().starts_with("a=candidate"));
    kept.collect()
}

fn is_direction(word: &str) -> bool {
    ["sendrecv", "sendonly", "recvonly", "inactive"].contains(&word)
}

/// Says in each section how much may be sent in a second ([RFC 3890](https://www.rfc-editor.org/rfc/rfc3890)). Browsers read `b=AS` as well, but str0m, when it
/// is the client, reads one line of the kind only.
pub(super) fn with_bit_rate(answer: &str, bits_per_second: usize) -> String {
    let mut text = String::with_capacity(answer.len() + 64);
    let mut is_in_section = false;
    for line in answer.split_inclusive('\n') {
        text.push_str(line);
        is_in_section |= line.starts_with("m=");
        if is_in_section && line.starts_with("c=") {
            text.push_str(&format!("b=TIAS:{bits_per_second}\r\n"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(sections: &[&str]) -> String {
        let head = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
        [&[head], sections].concat().concat()
    }

    #[test]
    fn whoever_publishes_sends_something_and_whoever_watches_receives() {
        let sends = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=sendonly\r\n";
        let receives = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=recvonly\r\n";
        let both = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";
        let is_good = |sections: &[&str], intent| check(&offer(sections), intent).is_ok();
        assert!(is_good(&[sends], Intent::Publish));
        assert!(is_good(&[receives, sends], Intent::Publish));
        assert!(is_good(&[both], Intent::Publish) && is_good(&[both], Intent::Watch));
        assert!(!is_good(&[sends], Intent::Watch));
        assert!(!is_good(&[receives], Intent::Publish));
        assert!(!is_good(&[], Intent::Publish));
        assert!(!is_good(&["a=recvonly\r\n", both], Intent::Publish));
    }

    #[test]
    fn a_session_has_one_section_of_each_kind_and_no_data_channel() {
        let video = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=sendonly\r\n";
        let data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";
        let refusal = |sections: &[&str]| check(&offer(sections), Intent::Publish).err();
        assert!(matches!(
            refusal(&[video, video]),
            Some(Refusal::ManySections)
        ));
        assert!(matches!(
            refusal(&[video, data]),
            Some(Refusal::OtherSection)
        ));
    }

    #[test]
    fn layers_and_the_password_are_read_where_they_stand() {
        let head = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n";
        assert!(!has_layers(head) && password(head).is_empty());
        let offer = format!("{head}a=ice-pwd:secret\r\na=simulcast:send l;h\r\n");
        assert!(has_layers(&offer));
        assert_eq!(password(&offer), "secret");
    }

    #[test]
    fn nobodys_address_is_taken_from_an_offer() {
        let candidate = "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n";
        let [head, rest] = ["v=0\r\nm=audio 9\r\n", "a=end-of-candidates\r\na=mid:0"];
        let offer = [head, candidate, candidate, rest].concat();
        assert_eq!(without_candidates(&offer), [head, rest].concat());
    }

    #[test]
    fn the_bit_rate_stands_behind_the_connection_of_each_section() {
        let answer = "v=0\r\nc=x\r\nm=audio 9\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\nm=video 9\r\nc=IN IP4 0.0.0.0\r\n";
        let told = "c=IN IP4 0.0.0.0\r\nb=TIAS:4000000\r\n";
        let expected = format!("v=0\r\nc=x\r\nm=audio 9\r\n{told}a=mid:0\r\nm=video 9\r\n{told}");
        assert_eq!(with_bit_rate(answer, 4_000_000), expected);
    }
}
