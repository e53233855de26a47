//! Descriptions as texts: what is read in them, and what is changed.
//!
//! Pure.
//!
//! May import: nothing.

use std::collections::HashSet;

/// The answer to an offer without a media section.
pub(super) const NOTHING: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

/// Whether a description is one, and has no media section.
pub(super) fn is_empty(sdp: &str) -> bool {
    // RFC 8866 asks for these.
    let has = |start: &str| sdp.lines().any(|line| line.starts_with(start));
    ["v=", "o=", "s=", "t="].into_iter().all(has) && !has("m=")
}

/// Whether a description has other credentials of ICE than the one before it
/// ([RFC 8839, section 4.4.1.1.1](https://www.rfc-editor.org/rfc/rfc8839#section-4.4.1.1.1)).
pub(super) fn restarts_ice(sdp: &str, before: &str) -> bool {
    let ufrag = |sdp: &str| {
        let line = sdp.lines().find(|line| line.starts_with("a=ice-ufrag:"));
        line.map(|line| line.trim_end().to_owned())
    };
    ufrag(sdp) != ufrag(before)
}

/// For each media section its name ([RFC 5888, section 4](https://www.rfc-editor.org/rfc/rfc5888#section-4)), which is empty for one without. Lines are
/// told apart as generously as any parser might.
pub(super) fn sections(sdp: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for line in sdp.split(['\r', '\n']).map(str::trim) {
        if line.starts_with("m=") {
            names.push("");
        } else if let (Some(name), Some(mid)) = (names.last_mut(), line.strip_prefix("a=mid:")) {
            *name = mid;
        }
    }
    names
}

/// Stands between the id of a track and the name of its section. In neither of them may it stand.
const OF_SECTION: char = '/';

/// Gives each track the name of its section behind its id. The connection knows a track by its id alone, and for ever: one that is removed and comes back in
/// another section would be taken for the first, whose section is over.
pub(super) fn name_tracks(sdp: &str) -> String {
    let names = sections(sdp);
    let mut sections_before = 0;
    let lines = sdp.split_inclusive('\n').map(|line| {
        sections_before += usize::from(line.starts_with("m="));
        let text = line.trim_end();
        let is_track =
            text.starts_with("a=msid:") || (text.starts_with("a=ssrc:") && text.contains(" msid:"));
        match sections_before
            .checked_sub(1)
            .and_then(|index| names.get(index))
        {
            Some(name) if is_track => format!("{text}{OF_SECTION}{name}\r\n"),
            _ => line.to_owned(),
        }
    });
    lines.collect()
}

/// The id of a track without the name of its section.
pub(in crate::client) fn track_id(named: &str) -> &str {
    named.rsplit_once(OF_SECTION).map_or(named, |(id, _)| id)
}

/// The ids of the tracks that the maker of a description sends ([RFC 8830](https://www.rfc-editor.org/rfc/rfc8830#section-2)).
pub(in crate::client) fn sent_tracks(sdp: &str) -> HashSet<&str> {
    let sections = sdp.split("\nm=").skip(1);
    let sending = sections.filter(|section| {
        let is_off = |line: &str| matches!(line.trim_end(), "a=recvonly" | "a=inactive");
        !section.lines().any(is_off)
    });
    let tracks = sending.flat_map(str::lines).filter_map(|line| {
        let (_, ids) = line.split_once("msid:")?;
        ids.trim_end().rsplit(' ').next()
    });
    tracks.collect()
}

/// A side of DTLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Active,
    Passive,
}

impl Role {
    /// Of the side that answers.
    pub(super) fn in_answer(sdp: &str) -> Option<Self> {
        sdp.lines().find_map(|line| match line.trim_end() {
            "a=setup:active" => Some(Self::Active),
            "a=setup:passive" => Some(Self::Passive),
            _ => None,
        })
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::Active => Self::Passive,
            Self::Passive => Self::Active,
        }
    }

    /// Says it in a description, once it is settled. An answer has to keep to it
    /// ([RFC 8842, section 5.3](https://www.rfc-editor.org/rfc/rfc8842#section-5.3)), and the connection answers as it is set up
    /// to, whatever it has become. An offer should leave it open (section 5.5), and the connection's do. But to such an offer
    /// Firefox 153 answers `active` even if it is the passive one, and whoever answers has to take an offer that says it, too.
    pub(super) fn said_in(self, sdp: &str) -> String {
        let role = match self {
            Self::Active => "active",
            Self::Passive => "passive",
        };
        let lines = sdp.split_inclusive('\n');
        lines
            .map(|line| match line.starts_with("a=setup:") {
                true => format!("a=setup:{role}\r\n"),
                false => line.to_owned(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_and_a_description_with_a_media_section_are_not_empty() {
        assert!(is_empty(NOTHING));
        assert!(!is_empty(&format!(
            "{NOTHING}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
        )));
        for nonsense in ["", "v=0", "v=0\r\n<img>"] {
            assert!(!is_empty(nonsense), "{nonsense:?}");
        }
    }

    #[test]
    fn each_section_has_its_name_and_one_without_counts() {
        let sdp = format!(
            "{NOTHING}m=audio 9 x 0\r\na=mid:one\r\nm=video 9 x 0\r\nm=audio 9 x 0\r\na=mid:2\r\n"
        );
        assert_eq!(sections(&sdp), ["one", "", "2"]);
        assert!(sections(NOTHING).is_empty());
    }

    #[test]
    fn tracks_are_named_by_their_sections_and_sent_unless_the_section_says_otherwise() {
        let sdp = "v=0\r\na=msid-semantic: WMS *\r\nm=audio 9 x 0\r\na=msid:s one\r\na=mid:0\r\na=sendonly\r\nm=video 9 x 0\r\na=mid:1\r\na=ssrc:7 msid:s two\r\na=inactive\r\n";
        let named = name_tracks(sdp);
        assert!(named.contains("a=msid:s one/0\r\n"), "{named}");
        assert!(named.contains("a=ssrc:7 msid:s two/1\r\n"), "{named}");
        assert_eq!(named.replace("/0", "").replace("/1", ""), sdp);
        assert_eq!(sent_tracks(&named), HashSet::from(["one/0"]));
        assert_eq!((track_id("one/0"), track_id("one")), ("one", "one"));
    }

    #[test]
    fn the_role_of_an_answer_is_said_in_every_later_description() {
        let answer = "v=0\r\na=mid:0\r\na=setup:active\r\n";
        let ours = Role::in_answer(answer).expect("it says so");
        assert_eq!((ours, ours.other()), (Role::Active, Role::Passive));
        let offer = "v=0\r\na=setup:actpass\r\na=mid:0\r\n";
        assert_eq!(Role::in_answer(offer), None);
        let said = "v=0\r\na=setup:passive\r\na=mid:0\r\n";
        assert_eq!(ours.other().said_in(offer), said);
    }
}
