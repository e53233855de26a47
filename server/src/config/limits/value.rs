//! The values of bounds, as they are written behind a flag.
//!
//! May import: nothing.

use std::ops::RangeInclusive;
use std::time::Duration;

pub(super) fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1".into()),
        Ok(number) => Ok(number),
        Err(_) => Err("it must be a whole number".into()),
    }
}

/// Whoever mixes the pairs anew has a look at each two attendees while all others wait: a million looks are a fraction of a second. A workshop has
/// names for as many pairs, too, and names to spare.
const MOST_ATTENDEES: usize = 1000;

pub(super) fn attendees(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 1..=MOST_ATTENDEES) => Ok(number),
        Ok(_) => Err(format!("it must be 1 to {MOST_ATTENDEES}")),
        Err(_) => Err("it must be a whole number".into()),
    }
}

/// hyper reads in pieces of 8 KiB.
pub(super) fn head_bytes(text: &str) -> Result<usize, String> {
    const LEAST: usize = 8192;
    match text.parse() {
        Ok(number @ LEAST..) => Ok(number),
        Ok(_) => Err("it must be at least 8192".into()),
        Err(_) => Err("it must be a whole number".into()),
    }
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let duration = text
        .parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "it must be a number of seconds above 0, such as 25 or 0.5".into())
}

/// A client is given new credentials when half of their time is over, so a moment would be a flood. At most an hour, for two reasons: what is stolen
/// is good for as long, and the server remembers each session of `POST /ice` for as long, also when its page is gone.
const CREDENTIAL_LIFETIMES: RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_secs(3600);

pub(super) fn credential_seconds(text: &str) -> Result<Duration, String> {
    let duration = seconds(text)
        .ok()
        .filter(|duration| CREDENTIAL_LIFETIMES.contains(duration));
    duration.ok_or_else(|| {
        let (least, most) = CREDENTIAL_LIFETIMES.into_inner();
        let (least, most) = (least.as_secs(), most.as_secs());
        format!("it must be a number of seconds from {least} to {most}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_last_a_second_to_an_hour() {
        assert_eq!(credential_seconds("1.5"), Ok(Duration::from_millis(1500)));
        assert_eq!(credential_seconds("3600"), Ok(Duration::from_secs(3600)));
        for text in ["0.9", "3600.1", "0", "-1", "NaN", "1e300"] {
            assert!(credential_seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_workshop_has_no_more_attendees_than_can_be_mixed_while_others_wait() {
        assert_eq!(attendees("1000"), Ok(1000));
        for text in ["0", "1001", "-1", "many"] {
            assert!(attendees(text).is_err(), "{text}");
        }
    }
}
