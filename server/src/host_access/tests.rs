#![allow(clippy::unwrap_used)]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use super::*;
use guesses::{MAX_ADDRESSES, MAX_WRONG, REFUSED_FOR, WINDOW};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

/// As long as a code, and none.
const NO_CODE: &str = "AAAAAAAAAAAAAAAAAAAAAA";

fn code(access: &HostAccess, now: Instant) -> String {
    access.make_code(now).unwrap().reveal()
}

fn session(access: &HostAccess, now: Instant) -> String {
    let code = code(access, now);
    access.open_session(&code, HERE, now).unwrap().reveal()
}

#[test]
fn a_code_opens_one_session_and_no_second_one() {
    let (access, now) = (HostAccess::default(), Instant::now());
    let code = code(&access, now);
    let key = access.open_session(&code, HERE, now).unwrap().reveal();
    assert!(access.session(&[&key], HERE, now).is_ok());
    let again = access.open_session(&code, HERE, now);
    assert_eq!(again.unwrap_err(), Refusal::WrongCode);
}

#[test]
fn a_code_works_until_its_time_is_over() {
    let (access, now) = (HostAccess::default(), Instant::now());
    let [early, late] = [code(&access, now), code(&access, now)];
    let moment = Duration::from_millis(1);
    let within = now + codes::LIFETIME - moment;
    assert!(access.open_session(&early, HERE, within).is_ok());
    let after = now + codes::LIFETIME;
    let refused = access.open_session(&late, HERE, after);
    assert_eq!(refused.unwrap_err(), Refusal::WrongCode);
}

#[test]
fn with_one_code_too_many_the_oldest_is_forgotten() {
    let (access, now) = (HostAccess::default(), Instant::now());
    let codes: Vec<_> = (0..=codes::MAX_OPEN).map(|_| code(&access, now)).collect();
    let opens = |code: &String| access.open_session(code, HERE, now).is_ok();
    let opened: Vec<_> = codes.iter().map(opens).collect();
    assert_eq!(opened, [false, true, true, true, true]);
}

#[test]
fn what_is_no_code_opens_nothing() {
    let (access, now) = (HostAccess::default(), Instant::now());
    let right = code(&access, now);
    let (begin, long) = (&right[..right.len() - 1], "A".repeat(10_000));
    let padded = format!("{right}==");
    for wrong in ["", NO_CODE, "ü", "null", begin, &long, &padded] {
        let refused = access.open_session(wrong, HERE, now);
        assert_eq!(refused.unwrap_err(), Refusal::WrongCode, "{wrong}");
    }
    assert!(access.open_session(&right, HERE, now).is_ok());
}

#[test]
fn with_one_session_too_many_the_oldest_ends() {
    let (access, now) = (HostAccess::default(), Instant::now());
    let first = session(&access, now);
    let ended = access.session(&[&first], HERE, now).unwrap();
    let others: Vec<_> = (1..sessions::MAX).map(|_| session(&access, now)).collect();
    assert!(!ended.is_cancelled());
    session(&access, now);
    assert!(ended.is_cancelled());
    let gone = access.session(&[&first], HERE, now);
    assert_eq!(gone.unwrap_err(), Refusal::NoSession);
    for other in others {
        assert!(access.session(&[&other], HERE, now).is_ok());
    }
}

#[test]
fn the_end_of_a_session_is_told_to_whoever_uses_it_and_to_nobody_else() {
    let (access, now) = (HostAccess::default(), Instant::now());
    let [one, other] = [session(&access, now), session(&access, now)];
    let [one_ended, other_ended] =
        [&one, &other].map(|key| access.session(&[key], HERE, now).unwrap());
    // Another server of this name may have set the first.
    access.end_session(&["stale", &one], HERE, now).unwrap();
    assert!(one_ended.is_cancelled());
    assert!(!other_ended.is_cancelled());
    let again = access.end_session(&[&one], HERE, now);
    assert_eq!(again.unwrap_err(), Refusal::NoSession);
}

#[test]
fn after_too_many_wrong_ones_everything_of_an_address_is_refused_for_a_while() {
    let (access, now) = (HostAccess::default(), Instant::now());
    let key = session(&access, now);
    for guess in 0..MAX_WRONG {
        let refused = match guess % 2 {
            0 => access.open_session(NO_CODE, HERE, now).unwrap_err(),
            _ => access.session(&["wrong"], HERE, now).unwrap_err(),
        };
        assert_ne!(refused.code(), "host-guesses", "{guess}");
    }
    let code = code(&access, now);
    let refused = access.open_session(&code, HERE, now).unwrap_err();
    assert_eq!(refused, Refusal::TooManyGuesses { seconds: 60 });
    let soon = now + Duration::from_millis(500);
    let refused = access.session(&[&key], HERE, soon).unwrap_err();
    assert_eq!(refused, Refusal::TooManyGuesses { seconds: 60 });
    let nearly = now + REFUSED_FOR - Duration::from_millis(1);
    let refused = access.session(&[&key], HERE, nearly).unwrap_err();
    assert!(refused.to_string().contains("for 1 s more"), "{refused}");
    assert!(access.session(&[&key], ELSEWHERE, now).is_ok());
    let later = now + REFUSED_FOR;
    assert!(access.session(&[&key], HERE, later).is_ok());
}

#[test]
fn guesses_of_long_ago_and_requests_without_a_key_count_for_nothing() {
    let (access, now) = (HostAccess::default(), Instant::now());
    let wrong = |now| access.open_session(NO_CODE, HERE, now).unwrap_err();
    for _ in 1..MAX_WRONG {
        assert_eq!(wrong(now), Refusal::WrongCode);
    }
    let later = now + WINDOW;
    for _ in 1..MAX_WRONG {
        assert_eq!(wrong(later), Refusal::WrongCode);
    }
    for _ in 0..MAX_WRONG {
        let refused = access.session(&[], HERE, later);
        assert_eq!(refused.unwrap_err(), Refusal::NoSession);
    }
    assert!(
        access
            .session(&[&session(&access, later)], HERE, later)
            .is_ok()
    );
}

#[test]
fn one_network_of_ipv6_has_the_guesses_of_one_address() {
    let (access, now) = (HostAccess::default(), Instant::now());
    let address = |last| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last));
    for guess in 0..MAX_WRONG as u16 {
        let refused = access.open_session(NO_CODE, address(guess), now);
        assert_eq!(refused.unwrap_err(), Refusal::WrongCode);
    }
    let refused = access.open_session(NO_CODE, address(99), now);
    assert_eq!(refused.unwrap_err().code(), "host-guesses");
}

#[test]
fn addresses_that_guess_take_a_bounded_memory() {
    let (mut guesses, now) = (Guesses::default(), Instant::now());
    let address = |number: usize| IpAddr::V4(Ipv4Addr::from_bits(number as u32));
    let moment = |number: usize| now + Duration::from_millis(number as u64);
    for number in 0..3 * MAX_ADDRESSES {
        guesses.wrong(address(number), moment(number));
    }
    assert_eq!(guesses.count(), MAX_ADDRESSES);
    // The latest are not forgotten for others.
    let (last, now) = (3 * MAX_ADDRESSES - 1, moment(3 * MAX_ADDRESSES));
    for _ in 1..MAX_WRONG {
        guesses.wrong(address(last), now);
    }
    assert!(guesses.check(address(last), now).is_err());
}

#[test]
fn nothing_of_codes_and_sessions_is_in_what_could_be_logged() {
    let (access, now) = (HostAccess::default(), Instant::now());
    let key = session(&access, now);
    let code = access.make_code(now).unwrap();
    let logged = format!("{access:?} {access:#?} {code:?}");
    let bytes = |text: &str| {
        let short = |bytes: &[u8]| format!("{}, {}", bytes[0], bytes[1]);
        use base64::Engine as _;
        let engine = base64::prelude::BASE64_URL_SAFE_NO_PAD;
        short(&engine.decode(text).unwrap())
    };
    for secret in [&key, &code.reveal()] {
        assert!(!logged.contains(secret.as_str()), "{logged}");
        assert!(!logged.contains(&bytes(secret)), "{logged}");
    }
}
