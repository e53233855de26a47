//! Descriptions as texts: what is read in them, and what is changed.
//!
//! Pure.
//!
//! May import: nothing.

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
