use std::time::Duration;

use proptest::prelude::*;

use crate::relay::credentials::{Claim, Issuer, MAX_SESSION, Refused};

const NOW: Duration = Duration::from_secs(1_800_000_000);
const SECRET: [u8; 32] = *b"a secret of thirty-two bytes....";

const LIFETIME: Duration = Duration::from_secs(600);

fn issuer() -> Issuer {
    Issuer::new(SECRET, LIFETIME)
}

/// As `printf 1800000600:k3-_Zz | openssl dgst -sha1 -hmac 'a secret of thirty-two bytes....' -binary | base64` says it.
#[test]
fn they_are_those_of_coturn_with_the_same_secret() {
    let given = issuer().issue(NOW, "k3-_Zz").expect("it is an id");
    assert_eq!(given.username, "1800000600:k3-_Zz");
    assert_eq!(given.password, "C5Pm7wIVsOMuAPISI9GURSMAD1Y=");
}

#[test]
fn they_are_good_until_they_expire() {
    let given = issuer().issue(NOW, "session").expect("it is an id");
    let verify = |now| issuer().verify(now, &given.username, &given.password);
    let claim = Claim {
        session: "session",
        expires: NOW + LIFETIME,
    };
    assert_eq!(verify(NOW), Ok(claim));
    assert_eq!(verify(NOW + LIFETIME - Duration::from_millis(1)), Ok(claim));
    assert_eq!(verify(NOW + LIFETIME), Err(Refused::Expired));
}

#[test]
fn nobody_is_given_less_time_than_is_promised() {
    let begun = NOW + Duration::from_millis(900);
    let given = issuer().issue(begun, "session").expect("it is an id");
    let last = begun + LIFETIME - Duration::from_millis(1);
    let verified = issuer().verify(last, &given.username, &given.password);
    assert!(verified.is_ok(), "{verified:?}");
}

#[test]
fn nobody_can_make_them_last_longer_or_be_somebody_elses() {
    let given = issuer().issue(NOW, "session").expect("it is an id");
    for (username, password, reason) in [
        (
            "1800009999:session",
            given.password.as_str(),
            Refused::Password,
        ),
        ("1800000600:another", &given.password, Refused::Password),
        ("1800000600:session", "", Refused::Password),
        ("1800000600:session", "not base64!", Refused::Password),
        (
            "1800000600:session",
            &given.password[..16],
            Refused::Password,
        ),
        ("1800000600", &given.password, Refused::Name),
        (":session", &given.password, Refused::Name),
        ("+1800000600:session", &given.password, Refused::Name),
        ("1800000600:", &given.password, Refused::Name),
        ("1800000600:a:b", &given.password, Refused::Name),
        (
            "99999999999999999999999:session",
            &given.password,
            Refused::Name,
        ),
        ("0:session", &given.password, Refused::Expired),
    ] {
        assert_eq!(
            issuer().verify(NOW, username, password),
            Err(reason),
            "{username}"
        );
    }
    assert_eq!(
        Issuer::new([1; 32], LIFETIME).verify(NOW, &given.username, &given.password),
        Err(Refused::Password)
    );
}

#[test]
fn ids_have_plain_characters_and_a_bound() {
    for id in ["", "a b", "a:b", "ä", "a\n", &"x".repeat(MAX_SESSION + 1)] {
        assert!(issuer().issue(NOW, id).is_err(), "{id:?}");
    }
    assert!(issuer().issue(NOW, &"x".repeat(MAX_SESSION)).is_ok());
}

proptest! {
    #[test]
    fn whatever_is_shown_is_refused_but_what_was_given(username: String, password: String) {
        prop_assert!(issuer().verify(NOW, &username, &password).is_err());
    }
}
