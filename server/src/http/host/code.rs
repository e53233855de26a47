//! `POST workshop/host/code`: makes a one-time code for another device, on which the host goes on over TLS.
//!
//! Only a host at this machine gets one: who has taken over the page elsewhere must not be able to give it on.
//!
//! May import: admit, connection, cookie, refusal, net::client_address, state, workshop::code, axum, serde, serde_json.

use std::time::Instant;

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Serialize;

use super::admit::admit_page;
use super::connection::is_here;
use super::cookie::Cookie;
use super::refusal::{Refused, answer};
use crate::net::client_address::Connection;
use crate::state::App;
use crate::workshop::code::Code;

/// The page, behind the address of the workshop.
const PAGE: &str = "workshop/host.html#code=";

/// What another device opens, as the page is told. It has the code in it: no log and no `Debug`.
#[derive(Serialize)]
struct Invitation {
    url: String,
    /// Its QR code.
    svg: String,
}

/// Makes a code, and says its address.
pub(super) async fn make(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
) -> Response {
    let invited = invite(&app, &connection, &headers).map(|invitation| {
        let text = serde_json::to_string(&invitation).expect("strings become JSON");
        ([(header::CONTENT_TYPE, "application/json")], text)
    });
    answer(&app, invited)
}

fn invite(app: &App, connection: &Connection, headers: &HeaderMap) -> Result<Invitation, Refused> {
    let from = admit_page(app, connection, headers)?;
    if !is_here(connection, headers) {
        return Err(Refused::NoCodeHere);
    }
    let now = Instant::now();
    let cookie = Cookie::of(headers, connection.is_tls());
    let keys = cookie.keys(headers);
    let session = app.host_access.session(&keys, from, now);
    session.map_err(|refusal| Refused::by(refusal, &keys, &cookie))?;
    // An address with https:// alone may be that of a proxy, which is none of ours.
    let workshop = app.tls.as_ref().and_then(|_| app.book.workshop());
    let address = workshop.and_then(|workshop| workshop.secure_url());
    let address = address.ok_or(Refused::NoTls)?;
    let code = app.host_access.make_code(now);
    let code = code.ok_or(Refused::NoRandomBytes)?;
    let url = format!("{address}{PAGE}{}", code.reveal());
    let svg = Code::of(&url).map_err(|_| Refused::NoQrCode)?.to_svg();
    Ok(Invitation { url, svg })
}
