//! Headers as tests write them.
//!
//! May import: axum.
#![allow(clippy::unwrap_used)]

use axum::http::HeaderMap;

/// These, in their order; one name may come several times.
pub(crate) fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(*name, value.parse().unwrap());
    }
    headers
}
