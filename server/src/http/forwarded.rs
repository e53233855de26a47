//! What a trusted proxy says of the request that it passes on: which host it was for (`X-Forwarded-Host`), and whether it came over TLS
//! (`X-Forwarded-Proto`). Of its client, `net::client_address` knows. Whoever is no trusted proxy may say anything, and is not believed.
//!
//! The last member of a list counts: each proxy adds its own behind what it was told.
//!
//! May import: net, axum.

use axum::http::{HeaderMap, Request, header};

use crate::net::client_address::Connection;
use crate::net::host::{self, BadHost};

const HOST: &str = "x-forwarded-host";
const SCHEME: &str = "x-forwarded-proto";

/// Has `Host` say what the client asked for, where the proxy changed it: origins, policies and addresses of TURN are compared with it, or made of it.
///
/// # Errors
/// When what the proxy says is no host.
pub(super) fn name_host<B>(
    connection: &Connection,
    request: &mut Request<B>,
) -> Result<(), BadHost> {
    let said = last(connection, request.headers(), HOST).map(str::to_owned);
    let Some(said) = said else {
        return Ok(());
    };
    let said = said.parse().map_err(|_| BadHost::Malformed)?;
    request.headers_mut().insert(header::HOST, said);
    host::of(request).map(|_| ())
}

/// Whether the request came over TLS, as far as this server or a trusted proxy knows.
pub(super) fn is_secure(connection: &Connection, headers: &HeaderMap) -> bool {
    // Some proxies name the scheme of a WebSocket.
    let is_secure = |scheme: &str| {
        ["https", "wss"]
            .iter()
            .any(|secure| scheme.eq_ignore_ascii_case(secure))
    };
    connection.is_tls() || last(connection, headers, SCHEME).is_some_and(is_secure)
}

fn last<'h>(connection: &Connection, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    if !connection.is_proxy() {
        return None;
    }
    let line = headers.get_all(name).iter().next_back()?;
    let member = line.to_str().ok()?.rsplit(',').next()?.trim();
    (!member.is_empty()).then_some(member)
}
