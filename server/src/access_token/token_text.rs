//! The text of a token: a JSON Web Signature in its compact form (<https://www.rfc-editor.org/rfc/rfc7515#section-7.1>), taken apart and made. Whether it
//! is signed is another question, for whoever has the keys.
//!
//! May import: bounds, refusal, base64, serde_json.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::bounds::MAX_TOKEN_BYTES;
use super::refusal::Refusal;

/// A token, as it was shown: nothing in it is proven.
#[derive(Debug)]
pub struct Shown<'t> {
    /// The name of the key that should have signed it.
    pub kid: String,
    /// By which algorithm, as it says itself.
    pub algorithm: String,
    /// What the signature is of.
    pub signed: &'t [u8],
    /// The signature.
    pub signature: Vec<u8>,
    payload: &'t str,
}

impl<'t> Shown<'t> {
    /// Takes it apart.
    ///
    /// # Errors
    /// When it is too long, or is no token with a key's name and an algorithm in its head.
    pub fn read(text: &'t str) -> Result<Self, Refusal> {
        if text.len() > MAX_TOKEN_BYTES {
            return Err(Refusal::TooLarge);
        }
        let no_parts = Refusal::Malformed("it does not have three parts with dots between them");
        let mut parts = text.split('.');
        let (Some(head), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(no_parts);
        };
        let signed = &text.as_bytes()[..head.len() + 1 + payload.len()];
        let head = object(head).ok_or(Refusal::Malformed("its head is no JSON object"))?;
        // What a server does not know of it must not be passed over (https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11).
        if head.contains_key("crit") {
            return Err(Refusal::Malformed(
                "its head has `crit`, and nothing critical is known here",
            ));
        }
        let field = |name| head.get(name).and_then(Value::as_str).map(str::to_owned);
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature);
        Ok(Self {
            kid: field("kid")
                .ok_or(Refusal::Malformed("its head does not name its key (`kid`)"))?,
            algorithm: field("alg")
                .ok_or(Refusal::Malformed("its head names no algorithm (`alg`)"))?,
            signed,
            signature: signature
                .map_err(|_| Refusal::Malformed("its signature is no base64url"))?,
            payload,
        })
    }

    /// What it claims. Means nothing before its signature is checked.
    ///
    /// # Errors
    /// When that is no JSON object.
    pub fn claims(&self) -> Result<Map<String, Value>, Refusal> {
        object(self.payload).ok_or(Refusal::Malformed("its claims are no JSON object"))
    }
}

/// The text of a token with these claims.
pub fn make(
    kid: &str,
    algorithm: &str,
    claims: &Map<String, Value>,
    sign: impl FnOnce(&[u8]) -> Vec<u8>,
) -> String {
    let part = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let head = json!({ "alg": algorithm, "kid": kid, "typ": "JWT" }).to_string();
    let claims = Value::Object(claims.clone()).to_string();
    let signed = format!("{}.{}", part(head.as_bytes()), part(claims.as_bytes()));
    let signature = part(&sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}
