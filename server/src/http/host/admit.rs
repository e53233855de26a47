//! Who may show a code or a session at all, whatever that is.
//!
//! May import: connection, refusal, net::client_address, state, axum.

use std::net::IpAddr;

use axum::http::HeaderMap;

use super::connection::may_be_hosts;
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
