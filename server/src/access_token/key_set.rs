//! The keys of a file: a JWK set (<https://www.rfc-editor.org/rfc/rfc7517#section-5>), each key with a name (`kid`), so that tokens of an older one are
//! good until it is taken out.
//!
//! ```json
//! { "keys": [
//!   { "kid": "2026-11", "kty": "oct", "alg": "HS256", "k": "43 characters of base64url" },
//!   { "kid": "issuer", "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": "43 characters of base64url" }
//! ] }
//! ```
//!
//! May import: key, owner_only, secret, base64, serde, serde_json, thiserror.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;

use super::key::{Key, MIN_SECRET_BYTES};
use crate::owner_only::{self, NotRead, Right};
use crate::secret::{NoRandomBytes, Secret, random_bytes};

/// Keys of a file: two while one takes the place of the other, and some for several issuers.
const MAX_KEYS: usize = 16;

/// Bytes of the longest name of a key.
const MAX_KID_BYTES: usize = 64;

/// The name of the key that a server signs its own guests' tokens with. No file may have it.
pub(super) const OWN_KID: &str = "this server";

/// Keys with different names.
#[derive(Debug, Default)]
pub struct KeySet(Vec<Arc<Key>>);

/// Why a file gives no keys. Nothing of what is in it is repeated.
#[derive(Debug, thiserror::Error)]
#[error("The file {}, which --access-key names, {why}.", path.display())]
pub struct BadKeyFile {
    path: PathBuf,
    why: Why,
}

/// What is wrong with it.
#[derive(Debug, thiserror::Error)]
enum Why {
    #[error("is not there; `guidebook token --new-key FILE` makes one")]
    Missing,
    #[error(
        "could be read by others than its owner, and who has its keys can let in anybody: `chmod 600` it"
    )]
    Exposed,
    #[error(
        "could be changed by others than its owner, who could put a key of theirs into it: `chmod go-w` it"
    )]
    Changeable,
    #[error("can't be read: {0}")]
    Failed(std::io::Error),
    #[error("is no JWK set: something else stands in line {line}, column {column}")]
    NoSet { line: usize, column: usize },
    #[error("has no keys, or more than {MAX_KEYS}")]
    Count,
    #[error("has a key without a name: give each a `kid` of at most {MAX_KID_BYTES} bytes")]
    NoName,
    #[error("has two keys of the name {0:?}")]
    Twice(String),
    #[error("has the key {kid:?}, which {what}")]
    Key { kid: String, what: &'static str },
}

const OTHER_KIND: &str =
    "is of another kind: `oct` is read for HS256, and `OKP` with the curve Ed25519 for EdDSA";
const OTHER_ALGORITHM: &str =
    "has another `alg` than its kind is for: HS256 for `oct`, EdDSA for `OKP`";
const OTHER_USE: &str = "is not for signatures (`use` is not `sig`)";
const OWN_NAME: &str = "has the name of this server's own";
const BAD_SECRET: &str = "needs in `k` the base64url of a secret of at least 32 bytes";
const BAD_POINT: &str = "needs in `x` the base64url of the 32 bytes of a public key";
const BAD_PAIR: &str = "has a private part in `d` that is not that of `x`";

/// What of a JWK is looked at. The rest may be there.
#[derive(Deserialize)]
struct Jwk {
    kid: Option<String>,
    kty: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    k: Option<String>,
    x: Option<String>,
    d: Option<String>,
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

impl KeySet {
    /// The keys of a file.
    ///
    /// # Errors
    /// When it is not there or no set of keys, when others than its owner can change it, and when they can read it though a key in it signs.
    pub fn open(path: &Path) -> Result<Self, BadKeyFile> {
        Self::read(path).map_err(|why| BadKeyFile {
            path: path.to_owned(),
            why,
        })
    }

    fn read(path: &Path) -> Result<Self, Why> {
        let kept = owner_only::read_as_it_is(path).map_err(|error| match error {
            NotRead::Missing => Why::Missing,
            // Not of this way to read a file: who may read it is judged below.
            NotRead::Exposed => Why::Exposed,
            NotRead::Failed(error) => Why::Failed(error),
        })?;
        if kept.others_may == Right::Change {
            return Err(Why::Changeable);
        }
        let keys = Self::parse(&kept.bytes)?;
        match kept.others_may {
            Right::Read if keys.signer().is_some() => Err(Why::Exposed),
            _ => Ok(keys),
        }
    }

    fn parse(bytes: &[u8]) -> Result<Self, Why> {
        // The words of such an error may repeat what is in the file.
        let set: Jwks = serde_json::from_slice(bytes).map_err(|error| Why::NoSet {
            line: error.line(),
            column: error.column(),
        })?;
        if set.keys.is_empty() || set.keys.len() > MAX_KEYS {
            return Err(Why::Count);
        }
        let mut keys = Self::default();
        for jwk in set.keys {
            let kid = jwk.kid.clone().unwrap_or_default();
            if kid.is_empty() || kid.len() > MAX_KID_BYTES {
                return Err(Why::NoName);
            }
            if keys.get(&kid).is_some() {
                return Err(Why::Twice(kid));
            }
            let key = key(&kid, &jwk).map_err(|what| Why::Key { kid, what })?;
            keys.0.push(Arc::new(key));
        }
        Ok(keys)
    }

    /// The key of this name.
    pub fn get(&self, kid: &str) -> Option<&Arc<Key>> {
        self.0.iter().find(|key| key.kid() == kid)
    }

    /// The key of this [thumbprint](Key::thumbprint).
    pub fn by_thumbprint(&self, thumbprint: &str) -> Option<&Arc<Key>> {
        self.0.iter().find(|key| key.thumbprint() == thumbprint)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The first that can sign.
    pub fn signer(&self) -> Option<&Arc<Key>> {
        self.0.iter().find(|key| key.can_sign())
    }
}

fn key(kid: &str, jwk: &Jwk) -> Result<Key, &'static str> {
    if kid == OWN_KID {
        return Err(OWN_NAME);
    }
    if jwk.purpose.as_ref().is_some_and(|purpose| purpose != "sig") {
        return Err(OTHER_USE);
    }
    let is_for = |algorithm: &str| match &jwk.alg {
        Some(alg) if alg != algorithm => Err(OTHER_ALGORITHM),
        _ => Ok(()),
    };
    match (jwk.kty.as_deref(), jwk.crv.as_deref()) {
        (Some("oct"), None) => {
            is_for("HS256")?;
            let secret = bytes(jwk.k.as_deref()).ok_or(BAD_SECRET)?;
            Key::hs256(kid, &secret).ok_or(BAD_SECRET)
        }
        (Some("OKP"), Some("Ed25519")) => {
            is_for("EdDSA")?;
            let public = bytes(jwk.x.as_deref()).and_then(|bytes| bytes.try_into().ok());
            let public = public.ok_or(BAD_POINT)?;
            match &jwk.d {
                None => Ok(Key::ed25519(kid, public)),
                Some(seed) => bytes(Some(seed))
                    .and_then(|seed| Key::ed25519_pair(kid, public, &seed))
                    .ok_or(BAD_PAIR),
            }
        }
        _ => Err(OTHER_KIND),
    }
}

fn bytes(text: Option<&str>) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text?).ok()
}

/// The text of a file with one new key of HS256.
///
/// # Errors
/// When the operating system has no random bytes.
pub fn new_file(kid: &str) -> Result<String, NoRandomBytes> {
    let secret = Secret::<MIN_SECRET_BYTES>::random()?.reveal();
    let set = json!({ "keys": [{ "kid": kid, "kty": "oct", "alg": "HS256", "k": secret }] });
    Ok(format!("{set:#}\n"))
}

/// The texts of two files with the parts of one new key of EdDSA: one that signs, and one that only verifies.
///
/// # Errors
/// When the operating system has no random bytes.
pub fn new_pair(kid: &str) -> Result<[String; 2], NoRandomBytes> {
    loop {
        let seed = random_bytes()?;
        // Every seed is one of a key, but the function does not say so.
        let Some(public) = Key::ed25519_public(&seed) else {
            continue;
        };
        let [d, x] = [seed, public].map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes));
        let private =
            json!({ "kid": kid, "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": x, "d": d });
        let public = json!({ "kid": kid, "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": x });
        return Ok([private, public].map(|key| format!("{:#}\n", json!({ "keys": [key] }))));
    }
}
