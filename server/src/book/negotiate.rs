//! Reads the request headers that choose what a response contains. Pure.
//!
//! May import: axum, http_range_header.

use std::ops::Range;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// How a body is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all.
    Identity,
    /// gzip
    Gzip,
    /// brotli
    Brotli,
}

impl Encoding {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }
}

/// What a client says about encodings: names with weights from 0 ("not that one") to 1.
#[derive(Debug, Default)]
pub struct AcceptEncoding(Vec<(String, f32)>);

impl AcceptEncoding {
    /// Reads all `Accept-Encoding` headers. Malformed entries are ignored.
    pub fn of(headers: &HeaderMap) -> Self {
        Self(
            members(headers, header::ACCEPT_ENCODING)
                .filter_map(weighted)
                .collect(),
        )
    }

    /// The candidate with the highest weight that is also above the plain file's; the first one of equals.
    pub fn choose<T>(
        &self,
        candidates: impl Iterator<Item = T>,
        encoding: impl Fn(&T) -> Encoding,
    ) -> Option<T> {
        let plain = self.weight(Encoding::Identity).unwrap_or(0.0);
        let mut best = None;
        for candidate in candidates {
            let weight = self.weight(encoding(&candidate)).unwrap_or(0.0);
            if weight > 0.0
                && weight >= plain
                && best.as_ref().is_none_or(|(_, highest)| weight > *highest)
            {
                best = Some((candidate, weight));
            }
        }
        best.map(|(candidate, _)| candidate)
    }

    fn weight(&self, encoding: Encoding) -> Option<f32> {
        let named = |wanted: &str| {
            self.0
                .iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, weight)| *weight)
        };
        named(encoding.name()).or_else(|| named("*"))
    }
}

fn weighted(member: &str) -> Option<(String, f32)> {
    let mut parts = member.split(';').map(str::trim);
    let name = parts.next()?.to_ascii_lowercase();
    let weight =
        match parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="))) {
            Some(weight) => weight
                .parse()
                .ok()
                .filter(|weight| (0.0..=1.0).contains(weight))?,
            None => 1.0,
        };
    Some((name, weight))
}

/// Whether the client has these bytes already (`If-None-Match`).
pub fn has_already(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    members(headers, header::IF_NONE_MATCH).any(|member| {
        // A weak tag is good enough to say "not modified".
        let tag = member.strip_prefix("W/").unwrap_or(member);
        tag == "*" || tag.as_bytes() == etag.as_bytes()
    })
}

/// The part of a body that the client wants.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Everything,
    /// These bytes.
    Part(Range<usize>),
    /// Bytes that the body doesn't have.
    Unsatisfiable,
}

/// Reads `Range` and `If-Range`. Several ranges at once, and malformed ones, are ignored, which RFC 9110 allows (section 14.2).
pub fn wanted_part(headers: &HeaderMap, etag: &HeaderValue, length: usize) -> Wanted {
    let Some(range) = headers
        .get(header::RANGE)
        .and_then(|range| range.to_str().ok())
    else {
        return Wanted::Everything;
    };
    if headers
        .get(header::IF_RANGE)
        .is_some_and(|condition| condition != etag)
    {
        return Wanted::Everything;
    }
    let Ok(ranges) = http_range_header::parse_range_header(range) else {
        return Wanted::Everything;
    };
    match ranges.validate(length as u64).as_deref() {
        Ok([range]) => Wanted::Part(*range.start() as usize..*range.end() as usize + 1),
        Err(http_range_header::RangeUnsatisfiableError::Unsatisfiable) => Wanted::Unsatisfiable,
        _ => Wanted::Everything,
    }
}

/// The members of a header that is a list.
fn members(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let lines = headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|member| !member.is_empty())
}

#[cfg(test)]
mod tests {
    use super::Encoding::{Brotli, Gzip, Identity};
    use super::*;

    /// What a client with this header gets from a server that has brotli and gzip.
    fn chosen(accept_encoding: &'static str) -> Encoding {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static(accept_encoding),
        );
        choose(&headers)
    }

    fn choose(headers: &HeaderMap) -> Encoding {
        AcceptEncoding::of(headers)
            .choose([Brotli, Gzip].into_iter(), |encoding| *encoding)
            .unwrap_or(Identity)
    }

    #[test]
    fn without_the_header_a_client_gets_the_plain_file() {
        assert_eq!(choose(&HeaderMap::new()), Identity);
    }

    #[test]
    fn what_browsers_send_gets_brotli() {
        assert_eq!(chosen("gzip, deflate, br, zstd"), Brotli);
        assert_eq!(chosen("*"), Brotli);
        assert_eq!(chosen("GZIP, BR"), Brotli);
    }

    #[test]
    fn the_highest_weight_wins() {
        assert_eq!(chosen("br;q=0.5, gzip"), Gzip);
        assert_eq!(chosen("br; q=0.8, gzip;q=0.80"), Brotli);
        assert_eq!(chosen("identity, gzip;q=0.5"), Identity);
        assert_eq!(chosen("gzip;q=0.5, *;q=0.1"), Gzip);
    }

    #[test]
    fn a_weight_of_zero_means_not_that_one() {
        assert_eq!(chosen("br;q=0, gzip"), Gzip);
        assert_eq!(chosen("gzip;q=0.000"), Identity);
        assert_eq!(chosen("*;q=0"), Identity);
        assert_eq!(chosen("br;q=0, *"), Gzip);
    }

    #[test]
    fn what_makes_no_sense_is_passed_over() {
        assert_eq!(chosen(""), Identity);
        assert_eq!(chosen(",,;q=1, gzip"), Gzip);
        assert_eq!(chosen("br;q=high, gzip;q=0.1"), Gzip);
        assert_eq!(chosen("br;q=7"), Identity);
    }

    #[test]
    fn the_header_may_come_in_several_lines() {
        let mut headers = HeaderMap::new();
        for line in ["deflate", "gzip"] {
            headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(line));
        }
        assert_eq!(choose(&headers), Gzip);
    }
}
