//! Which of the addresses are tried that a peer names. Pure.
//!
//! May import: nothing.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// All of them, unless the user has a say in it.
#[derive(Clone, Default)]
pub(super) struct Dialing(Option<Arc<Admits>>);

type Admits = dyn Fn(SocketAddr) -> bool + Send + Sync;

impl Dialing {
    pub(super) fn only(admits: impl Fn(SocketAddr) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(admits)))
    }

    /// A candidate as it is to be tried; `None` for one that is not.
    pub(super) fn candidate(&self, candidate: String) -> Option<String> {
        match self.0.as_deref() {
            None => Some(candidate),
            Some(admits) => admitted(&candidate, admits),
        }
    }

    /// A description with no other candidates than those that are to be tried. Lines are told apart as generously as any parser might.
    pub(super) fn description(&self, sdp: String) -> String {
        let Some(admits) = self.0.as_deref() else {
            return sdp;
        };
        let lines = sdp.split(['\r', '\n']).map(str::trim);
        let kept = lines.filter_map(|line| match line.strip_prefix("a=") {
            _ if line.is_empty() => None,
            Some(candidate) if candidate.starts_with("candidate") => {
                admitted(candidate, admits).map(|candidate| format!("a={candidate}\r\n"))
            }
            _ => Some(format!("{line}\r\n")),
        });
        kept.collect()
    }
}

/// The candidate, written anew from what was read of it, so that no other parser reads another address in it
/// ([RFC 8839, section 5.1](https://www.rfc-editor.org/rfc/rfc8839#section-5.1)).
fn admitted(candidate: &str, admits: &Admits) -> Option<String> {
    let mut fields = candidate.strip_prefix("candidate:")?.split(' ');
    let foundation = fields.next().filter(|text| {
        (1..=32).contains(&text.len()) && text.chars().all(|char| char.is_ascii_alphanumeric())
    })?;
    let component: u16 = fields.next()?.parse().ok()?;
    let transport = fields.next()?;
    let priority: u32 = fields.next()?.parse().ok()?;
    let ip: IpAddr = fields.next()?.parse().ok()?;
    let port = fields.next()?.parse().ok()?;
    let is_udp = transport.eq_ignore_ascii_case("udp");
    let may_be_tried = is_udp && fields.next() == Some("typ") && admits(SocketAddr::new(ip, port));
    may_be_tried
        .then(|| format!("candidate:{foundation} {component} udp {priority} {ip} {port} typ host"))
}

impl fmt::Debug for Dialing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Dialing(..)"
        } else {
            "Dialing"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SDP: &str = "v=0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\ra=mid:0\n a=candidate:2 1 UDP 2 192.0.2.2 9 typ srflx raddr 192.0.2.1 rport 9\r\na=end-of-candidates\r\n";

    #[test]
    fn a_description_keeps_all_lines_but_candidates_that_are_not_tried() {
        let none = Dialing::only(|_| false).description(SDP.into());
        assert_eq!(none, "v=0\r\na=mid:0\r\na=end-of-candidates\r\n");
        let second = Dialing::only(|address| address == SocketAddr::from(([192, 0, 2, 2], 9)));
        assert_eq!(
            second.description(SDP.into()),
            "v=0\r\na=mid:0\r\na=candidate:2 1 udp 2 192.0.2.2 9 typ host\r\na=end-of-candidates\r\n"
        );
        assert_eq!(Dialing::default().description(SDP.into()), SDP);
    }

    #[test]
    fn a_candidate_that_might_be_read_in_another_way_is_not_tried() {
        let all = Dialing::only(|_| true);
        let good = "candidate:1 1 udp 1 192.0.2.1 9 typ host";
        assert_eq!(all.candidate(good.into()).as_deref(), Some(good));
        for odd in [
            "candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype passive",
            "candidate:1 1 udp 1 example.local 9 typ host",
            "candidate:1  1 udp 1 192.0.2.1 9 typ host",
            "candidate:1 1 udp 1 192.0.2.1 99999 typ host",
            "candidate:\t1 1 udp 1 192.0.2.1 9 typ host",
            "candidate",
            "",
        ] {
            assert_eq!(all.candidate(odd.into()), None, "{odd:?}");
        }
    }
}
