//! Who may show a code or a session at all, whatever that is, and whose session is open.
//!
//! May import: connection, cookie, refusal, net::client_address, state, axum, tokio_util.

use std::net::IpAddr;
use std::time::Instant;

use axum::http::HeaderMap;
use tokio_util::sync::CancellationToken;

use super::connection::may_be_hosts;
use super::cookie::Cookie;
use super::refusal::Refused;
use crate::net::client_address::Connection;
use crate::state::App;

/// The address of whoever may show a code or a session at all.
pub(super) fn admit(
    app: &App,
    connection: &Connection,
    headers: &HeaderMap,
) -> Result<IpAddr, Refused> {
    if app.attendance.is_none() {
        return Err(Refused::NoWorkshop);
    }
    if !may_be_hosts(connection, headers) {
        return Err(Refused::NotHere);
    }
    Ok(connection.address(headers, &app.access))
}

/// The same for what changes something, or goes on: a page of another site could make a browser send it.
pub(super) fn admit_page(
    app: &App,
    connection: &Connection,
    headers: &HeaderMap,
) -> Result<IpAddr, Refused> {
    let address = admit(app, connection, headers)?;
    match connection.is_tls() {
        true => app.admission.admit_own_secure_page(headers)?,
        false => app.admission.admit_own_page(headers)?,
    }
    Ok(address)
}

/// What is cancelled when the session ends by which a host asks for something.
pub(super) fn admit_host(
    app: &App,
    connection: &Connection,
    headers: &HeaderMap,
) -> Result<CancellationToken, Refused> {
    let from = admit(app, connection, headers)?;
    let cookie = Cookie::of(headers, connection.is_tls());
    let keys = cookie.keys(headers);
    let session = app.host_access.session(&keys, from, Instant::now());
    session.map_err(|refusal| Refused::by(refusal, &keys, &cookie))
}
