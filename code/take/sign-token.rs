//! Prints an access token, as your own server would sign one for somebody who is logged in.

use std::error::Error;
use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let file: Value = serde_json::from_str(&fs::read_to_string("keys.json")?)?;
    let exp = SystemTime::now() + Duration::from_secs(600);
    let exp = exp.duration_since(UNIX_EPOCH)?.as_secs();
    let claims = json!({ "room": "team-7", "id": "anna", "exp": exp });
    println!("{}", sign(&file["keys"][0], &claims)?);
    Ok(())
}

/// Signs with a key of the file, of the kind `oct`.
fn sign(key: &Value, claims: &Value) -> Result<String, Box<dyn Error>> {
    let secret = key["k"].as_str().ok_or("the key is not for HS256")?;
    let secret = BASE64_URL_SAFE_NO_PAD.decode(secret)?;
    let head = json!({ "alg": "HS256", "kid": key["kid"], "typ": "JWT" });
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&head), part(claims));
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    let signature = hmac::sign(&key, signed.as_bytes());
    let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
    Ok(format!("{signed}.{signature}"))
}
