//! Tokens against keys: what lets in, and what each attack gets.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::bounds::{CLOCK_SKEW, MAX_LIFETIME, MAX_LIFETIME_IN_QUERY};
use super::claims::{Carrier, Claims};
use super::key::Key;
use super::key_set::{self, KeySet, OWN_KID};
use super::keys::{Grant, Keys};
use super::refusal::Refusal;
use crate::owner_only;

const SECRET: [u8; 32] = [7; 32];
const SEED: [u8; 32] = [9; 32];

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

/// Seconds since 1970, so many from now.
fn at(seconds: i64) -> i64 {
    1_800_000_000 + seconds
}

fn public() -> [u8; 32] {
    let pair = Ed25519KeyPair::from_seed_unchecked(&SEED).unwrap();
    pair.public_key().as_ref().try_into().unwrap()
}

/// A key of each kind.
fn jwks() -> Value {
    json!({ "keys": [
        { "kid": "secret", "kty": "oct", "k": BASE64.encode(SECRET) },
        { "kid": "pair", "kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(public()) },
    ] })
}

/// A file with this in it, which its owner alone can read.
fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    owner_only::write(folder.path(), "keys.json", text.as_bytes()).unwrap();
    let path = folder.path().join("keys.json");
    (folder, path)
}

fn set(jwks: &Value) -> KeySet {
    let (_folder, path) = file(&jwks.to_string());
    KeySet::open(&path).unwrap()
}

fn keys() -> Keys {
    Keys::of(set(&jwks())).unwrap()
}

/// Anything that looks like a token.
fn token(head: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let part = |value: &Value| BASE64.encode(value.to_string());
    let signed = format!("{}.{}", part(head), part(claims));
    let signature = BASE64.encode(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

fn hs256(secret: &[u8]) -> impl FnOnce(&[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    move |signed| hmac::sign(&key, signed).as_ref().to_vec()
}

fn eddsa(seed: &[u8]) -> impl FnOnce(&[u8]) -> Vec<u8> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).unwrap();
    move |signed| pair.sign(signed).as_ref().to_vec()
}

/// With the key of HS256.
fn signed(claims: &Value) -> String {
    token(
        &json!({ "alg": "HS256", "kid": "secret" }),
        claims,
        hs256(&SECRET),
    )
}

fn good() -> Value {
    json!({ "room": "demo-*", "exp": at(60) })
}

/// The claims, with this in the place of what was there.
fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut claims = good();
    claims[name] = value.into();
    claims
}

fn check(token: &str) -> Result<Grant, Refusal> {
    keys().check(token, Carrier::Header, now())
}

fn code(token: &str) -> &'static str {
    check(token).unwrap_err().code()
}

#[test]
fn a_token_that_one_of_the_keys_has_signed_says_who_may_do_what() {
    let claims = json!({ "room": "demo-*", "id": "anna", "exp": at(600), "until": at(700), "mayInvite": true });
    for token in [
        signed(&claims),
        token(
            &json!({ "alg": "EdDSA", "kid": "pair", "typ": "JWT" }),
            &claims,
            eddsa(&SEED),
        ),
    ] {
        let Grant { claims, .. } = check(&token).unwrap();
        assert!(claims.room.covers("demo-1") && !claims.room.covers("lobby"));
        assert_eq!(claims.id.as_deref(), Some("anna"));
        assert!(claims.may_invite);
        assert_eq!(claims.until, now() + Duration::from_secs(700));
    }
    let least = check(&signed(&good())).unwrap().claims;
    assert_eq!((least.id, least.may_invite), (None, false));
    assert_eq!(least.until, now() + Duration::from_secs(60));
    let subject = check(&signed(&with("sub", "anna"))).unwrap().claims;
    assert_eq!(subject.id.as_deref(), Some("anna"));
}

#[test]
fn a_token_without_a_signature_or_with_that_of_another_key_opens_nothing() {
    let none = json!({ "alg": "none", "kid": "secret" });
    assert_eq!(
        code(&token(&none, &good(), |_| Vec::new())),
        "token-algorithm"
    );
    let head = json!({ "alg": "HS256", "kid": "secret" });
    for signature in [Vec::new(), vec![0; 32], hs256(&[8; 32])(b"x")] {
        assert_eq!(
            code(&token(&head, &good(), |_| signature)),
            "token-signature"
        );
    }
    assert_eq!(
        code(&token(&head, &good(), hs256(&[8; 32]))),
        "token-signature"
    );
    let head = json!({ "alg": "EdDSA", "kid": "pair" });
    assert_eq!(
        code(&token(&head, &good(), eddsa(&[8; 32]))),
        "token-signature"
    );
}

#[test]
fn the_algorithm_is_that_of_the_key_whatever_the_head_of_the_token_says() {
    // The public key of EdDSA is known to everybody, and must not count as a secret of HS256.
    let confused = token(
        &json!({ "alg": "HS256", "kid": "pair" }),
        &good(),
        hs256(&public()),
    );
    assert_eq!(code(&confused), "token-algorithm");
    let confused = token(
        &json!({ "alg": "EdDSA", "kid": "pair" }),
        &good(),
        hs256(&public()),
    );
    assert_eq!(code(&confused), "token-signature");
    for algorithm in ["hs256", "HS512", "RS256", "ES256", "EdDSA", ""] {
        let head = json!({ "alg": algorithm, "kid": "secret" });
        assert_eq!(
            code(&token(&head, &good(), hs256(&SECRET))),
            "token-algorithm",
            "{algorithm}"
        );
    }
}

#[test]
fn a_token_whose_claims_were_changed_after_it_was_signed_opens_nothing() {
    let parts = |token: &str| -> Vec<String> { token.split('.').map(str::to_owned).collect() };
    let (ours, other) = (parts(&signed(&good())), parts(&signed(&with("room", "*"))));
    let mixed = [&*ours[0], &*other[1], &*ours[2]].join(".");
    assert_eq!(code(&mixed), "token-signature");
}

#[test]
fn a_key_is_found_by_its_name_alone() {
    for kid in [
        json!("other"),
        json!(""),
        json!("../secret"),
        json!(OWN_KID.to_owned() + " "),
    ] {
        let head = json!({ "alg": "HS256", "kid": kid });
        assert_eq!(
            code(&token(&head, &good(), hs256(&SECRET))),
            "token-key-unknown",
            "{kid}"
        );
    }
    // Whoever knows only the name of the server's own key has not its secret.
    let head = json!({ "alg": "HS256", "kid": OWN_KID });
    assert_eq!(
        code(&token(&head, &good(), hs256(&SECRET))),
        "token-signature"
    );
    // Keys that a token brings along, or says where to find, are not looked at.
    let head = json!({ "alg": "HS256", "jwk": jwks()["keys"][0], "jku": "https://evil.example" });
    assert_eq!(
        code(&token(&head, &good(), hs256(&SECRET))),
        "token-malformed"
    );
}

#[test]
fn what_is_no_token_is_refused_before_anything_of_it_is_believed() {
    let good = signed(&good());
    let parts: Vec<_> = good.split('.').collect();
    for text in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        format!("{good}."),
        format!("{good}.{}", parts[2]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}=.{}.{}", parts[0], parts[1], parts[2]),
        format!(" {good}"),
        format!("{good}="),
        "x".repeat(5000),
    ] {
        assert_eq!(code(&text), "token-malformed", "{text}");
    }
    let head = json!({ "alg": "HS256", "kid": "secret", "crit": ["b64"], "b64": false });
    assert_eq!(
        code(&token(&head, &json!({}), hs256(&SECRET))),
        "token-malformed"
    );
    for head in [
        json!([]),
        json!({ "kid": "secret" }),
        json!({ "alg": 1, "kid": "secret" }),
    ] {
        assert_eq!(
            code(&token(&head, &json!({}), hs256(&SECRET))),
            "token-malformed"
        );
    }
}

#[test]
fn claims_that_are_missing_or_are_not_what_they_must_be_are_named() {
    for (claims, named) in [
        (json!({ "exp": at(60) }), "`room`"),
        (with("room", 1), "`room`"),
        (with("room", ""), "`room`"),
        (with("room", "*-demo"), "`room`"),
        (json!({ "room": "a" }), "`exp`"),
        (with("exp", "soon"), "`exp`"),
        (with("exp", Value::Null), "`exp`"),
        (with("exp", -1), "`exp`"),
        (with("exp", 1e300), "`exp`"),
        (with("nbf", true), "`nbf`"),
        (with("until", "never"), "`until`"),
        (with("id", 1), "`id`"),
        (with("id", ""), "`id`"),
        (with("mayInvite", "yes"), "`mayInvite`"),
        (with("aud", "another server"), "`aud`"),
        (
            json!({ "room": "a", "exp": at(60), "sub": "anna", "id": "bert" }),
            "`sub`",
        ),
        (json!([]), "claims"),
    ] {
        let refusal = check(&signed(&claims)).unwrap_err();
        assert_eq!(refusal.code(), "token-malformed", "{claims}");
        assert!(refusal.to_string().contains(named), "{claims}: {refusal}");
    }
}

#[test]
fn a_token_is_good_within_its_time_and_so_far_beyond_as_clocks_may_be_apart() {
    let skew = i64::try_from(CLOCK_SKEW.as_secs()).unwrap();
    let longest = i64::try_from(MAX_LIFETIME.as_secs()).unwrap();
    for (exp, code) in [
        (1 - skew, None),
        (-skew, Some("token-expired")),
        (-3600, Some("token-expired")),
        (longest + skew, None),
        (longest + skew + 1, Some("token-lives-too-long")),
        (i64::from(i32::MAX), Some("token-lives-too-long")),
    ] {
        let refused = check(&signed(&with("exp", at(exp)))).err();
        assert_eq!(refused.map(|refusal| refusal.code()), code, "{exp}");
    }
    for (nbf, code) in [(skew, None), (skew + 1, Some("token-not-yet"))] {
        let refused = check(&signed(&with("nbf", at(nbf)))).err();
        assert_eq!(refused.map(|refusal| refusal.code()), code, "{nbf}");
    }
    assert!(check(&signed(&with("exp", 1_800_000_010.5))).is_ok());
    for (until, code) in [(1 - skew, None), (-skew, Some("token-expired"))] {
        let refused = check(&signed(&with("until", at(until)))).err();
        assert_eq!(refused.map(|refusal| refusal.code()), code, "{until}");
    }
}

#[test]
fn a_token_in_a_query_lives_for_a_minute_at_most_and_its_session_may_be_longer() {
    let bound = i64::try_from((MAX_LIFETIME_IN_QUERY + CLOCK_SKEW).as_secs()).unwrap();
    let of_query = |claims| keys().check(&signed(&claims), Carrier::Query, now());
    let mut claims = with("exp", at(bound));
    claims["until"] = at(8 * 3600).into();
    let granted = of_query(claims).unwrap().claims;
    assert_eq!(granted.until, now() + Duration::from_secs(8 * 3600));
    let refusal = of_query(with("exp", at(bound + 1))).unwrap_err();
    assert_eq!(refusal.code(), "token-lives-too-long");
    assert!(refusal.to_string().contains("query"), "{refusal}");
}

#[test]
fn no_session_is_longer_than_a_day() {
    let granted = check(&signed(&with("until", at(1_000_000)))).unwrap();
    assert_eq!(granted.claims.until, now() + MAX_LIFETIME);
}

#[test]
fn a_key_that_is_taken_out_is_good_no_more_and_one_of_the_same_name_is_another_one() {
    let keys = keys();
    let old = signed(&good());
    let grant = keys.check(&old, Carrier::Header, now()).unwrap();
    assert!(keys.has(&grant.key));
    let both = json!({ "keys": [jwks()["keys"][0], { "kid": "new", "kty": "oct", "k": BASE64.encode([1; 32]) }] });
    keys.replace(set(&both));
    assert!(keys.has(&grant.key));
    let thumbprint = grant.key.thumbprint();
    let found = keys.by_thumbprint(&thumbprint).unwrap();
    assert!(found.is(&grant.key));
    let new = token(
        &json!({ "alg": "HS256", "kid": "new" }),
        &good(),
        hs256(&[1; 32]),
    );
    for token in [&old, &new] {
        assert!(keys.check(token, Carrier::Header, now()).is_ok());
    }
    for others in [
        json!({ "keys": [both["keys"][1]] }),
        json!({ "keys": [{ "kid": "secret", "kty": "oct", "k": BASE64.encode([2; 32]) }] }),
    ] {
        keys.replace(set(&others));
        assert!(!keys.has(&grant.key));
        assert!(keys.by_thumbprint(&thumbprint).is_none());
        assert!(keys.check(&old, Carrier::Header, now()).is_err());
    }
}

#[tokio::test]
async fn a_file_that_has_changed_is_read_again_and_one_that_cannot_be_used_changes_nothing() {
    const LOOK_EVERY: Duration = Duration::from_millis(10);
    let (folder, path) = file(&jwks().to_string());
    let (keys, _watch) = Keys::open(path, LOOK_EVERY).unwrap();
    let key = keys
        .check(&signed(&good()), Carrier::Header, now())
        .unwrap()
        .key;
    let mut changes = keys.changes();
    let write =
        |text: &str| owner_only::write(folder.path(), "keys.json", text.as_bytes()).unwrap();
    write("{ \"keys\": 1");
    tokio::time::sleep(20 * LOOK_EVERY).await;
    assert!(keys.has(&key) && !changes.has_changed().unwrap());
    write(&key_set::new_file("other").unwrap());
    changes.changed().await.unwrap();
    assert!(!keys.has(&key));
}

#[test]
fn the_tokens_of_the_servers_own_guests_are_good_whatever_is_in_the_file() {
    let keys = keys();
    let token = keys.own_token(now()).unwrap();
    let granted = keys.check(&token, Carrier::Query, now()).unwrap();
    assert!(granted.claims.room.covers("any") && !granted.claims.may_invite);
    keys.replace(set(&jwks()));
    assert!(keys.has(&granted.key));
    let later = now() + Duration::from_secs(120);
    let refused = keys.check(&token, Carrier::Header, later).unwrap_err();
    assert_eq!(refused.code(), "token-expired");
    assert!(
        self::keys().check(&token, Carrier::Header, now()).is_err(),
        "of another process"
    );
}

#[test]
fn what_a_key_has_signed_says_what_was_asked_for() {
    let pair = Key::ed25519_pair("pair", public(), &SEED).unwrap();
    let secret = Key::hs256("secret", &SECRET).unwrap();
    for key in [pair, secret] {
        let claims = Claims {
            room: "demo-*".parse().unwrap(),
            id: Some("anna".into()),
            may_invite: true,
            exp: now() + Duration::from_secs(60),
            until: now() + Duration::from_secs(600),
        };
        let token = key.sign(&claims).unwrap();
        assert_eq!(check(&token).unwrap().claims, claims);
    }
    assert_eq!(
        Key::ed25519("pair", public()).sign(&check(&signed(&good())).unwrap().claims),
        None
    );
}

#[test]
fn a_file_that_is_no_set_of_keys_is_refused_with_the_name_of_the_key_and_without_its_secret() {
    let secret = BASE64.encode(SECRET);
    for (set, says) in [
        (json!({ "keys": [] }), "has no keys"),
        (json!({ "keys": secret }), "no JWK set"),
        (json!([secret]), "no JWK set"),
        (
            json!({ "keys": [{ "kty": "oct", "k": secret }] }),
            "without a name",
        ),
        (
            json!({ "keys": [{ "kid": "a", "kty": "oct", "k": BASE64.encode([1; 31]) }] }),
            "\"a\"",
        ),
        (
            json!({ "keys": [{ "kid": "a", "kty": "oct", "k": format!("{secret}=") }] }),
            "at least 32 bytes",
        ),
        (
            json!({ "keys": [{ "kid": "a", "kty": "oct", "alg": "EdDSA", "k": secret }] }),
            "`alg`",
        ),
        (
            json!({ "keys": [{ "kid": "a", "kty": "oct", "use": "enc", "k": secret }] }),
            "`use`",
        ),
        (
            json!({ "keys": [{ "kid": "a", "kty": "RSA", "n": secret, "e": "AQAB" }] }),
            "of another kind",
        ),
        (
            json!({ "keys": [{ "kid": "a", "kty": "OKP", "crv": "X25519", "x": secret }] }),
            "of another kind",
        ),
        (
            json!({ "keys": [{ "kid": "a", "kty": "OKP", "crv": "Ed25519", "x": "AAAA" }] }),
            "32 bytes",
        ),
        (
            json!({ "keys": [{ "kid": "a", "kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(public()), "d": secret }] }),
            "private part",
        ),
        (
            json!({ "keys": [{ "kid": OWN_KID, "kty": "oct", "k": secret }] }),
            "this server's own",
        ),
        (
            json!({ "keys": [{ "kid": "a", "kty": "oct", "k": secret }, { "kid": "a", "kty": "oct", "k": secret }] }),
            "two keys",
        ),
    ] {
        let (_folder, path) = file(&set.to_string());
        let error = KeySet::open(&path).unwrap_err().to_string();
        assert!(error.contains(says), "{set}: {error}");
        assert!(
            !error.contains(&secret) && error.contains("keys.json"),
            "{error}"
        );
    }
    let many: Vec<_> = (0..17)
        .map(|n| json!({ "kid": n.to_string(), "kty": "oct", "k": secret }))
        .collect();
    let (_folder, path) = file(&json!({ "keys": many }).to_string());
    assert!(KeySet::open(&path).is_err());
}

#[cfg(unix)]
#[test]
fn a_file_that_others_could_read_is_refused_with_what_to_do() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, path) = file(&jwks().to_string());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let error = KeySet::open(&path).unwrap_err().to_string();
    assert!(error.contains("chmod 600"), "{error}");
    fs::remove_file(&path).unwrap();
    let error = KeySet::open(&path).unwrap_err().to_string();
    assert!(error.contains("guidebook token --new-key"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_file_of_public_keys_may_be_read_by_others_and_changed_by_none() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, path) = file(&json!({ "keys": [jwks()["keys"][1]] }).to_string());
    let with_mode = |mode| {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        KeySet::open(&path)
    };
    for mode in [0o600, 0o640, 0o644] {
        assert_eq!(with_mode(mode).unwrap().count(), 1, "{mode:o}");
    }
    for mode in [0o664, 0o646] {
        let error = with_mode(mode).unwrap_err().to_string();
        assert!(error.contains("chmod go-w"), "{mode:o}: {error}");
    }
}

#[test]
fn a_new_file_has_one_key_that_signs_what_it_verifies() {
    let (_folder, path) = file(&key_set::new_file("2026-11").unwrap());
    let set = KeySet::open(&path).unwrap();
    let signer = set.signer().unwrap();
    assert_eq!((signer.kid(), signer.algorithm()), ("2026-11", "HS256"));
    assert_ne!(
        key_set::new_file("a").unwrap(),
        key_set::new_file("a").unwrap()
    );
}

#[test]
fn nothing_that_is_printed_has_a_secret_in_it() {
    let keys = keys();
    let grant = check(&signed(&good())).unwrap();
    let printed = format!("{keys:?} {grant:?}");
    assert!(
        !printed.contains(&BASE64.encode(SECRET)) && !printed.contains("7, 7"),
        "{printed}"
    );
}
