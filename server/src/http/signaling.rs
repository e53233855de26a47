//! The signaling endpoint: from the request for a WebSocket to its connection.
//!
//! May import: access, entry, forwarded, ice, admission::proof, attendance, book::serve, book::source, net, state, axum,
//! signaling::connection, signaling::gate, signaling::greeter, signaling::turned_away, signaling::upgrade.

use std::sync::Arc;

use axum::extract::{Extension, Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use signaling::connection;
use signaling::gate::{Gate, Pass};
use signaling::greeter::Greeter;
use signaling::turned_away;
use signaling::upgrade::{Upgrade, Upgraded};

use super::access::{refuse, refuse_readably};
use super::entry::{self, Entry};
use super::{forwarded, ice};
use crate::admission::proof;
use crate::attendance::MAX_TICKET_BYTES;
use crate::book::serve;
use crate::book::source::Source;
use crate::net::client_address::Connection;
use crate::net::host;
use crate::state::App;

/// Where the client library is.
const LIBRARY: &str = "code/quickconnect/js/index.js";

/// A page can't read why its WebSocket was refused, so it asks here, and gets the words of the refusal (`book/stage/proof.js`; pages of other
/// origins by the client, `code/quickconnect/js/signaling.js`). With a proof it asks for its frames, whose code doesn't know the proof.
pub(super) async fn may_signal(State(app): State<App>, request: Request) -> Response {
    let admission = &app.admission;
    let admitted = match proof::is_claimed(request.uri()) {
        true => admission.admit_frame(request.uri()),
        false => admission.admit(request.headers(), request.uri()),
    };
    match admitted {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => refuse_readably(&app, refusal),
    }
}

/// Signaling for a WebSocket, the book for everybody else.
pub(super) async fn websocket_or_page(
    State(app): State<App>,
    Extension(connection): Extension<Connection>,
    mut request: Request,
) -> Response {
    match Upgrade::of(&mut request) {
        Ok(upgrade) => connect(app, connection, upgrade, &request),
        Err(no_upgrade) if request.headers().contains_key(header::SEC_WEBSOCKET_KEY) => {
            no_upgrade.into_response()
        }
        Err(_) if is_about_itself(&app, &request) => about(&app, &connection, &request),
        Err(_) => serve::respond(&app.book.current(), &request),
    }
}

/// Whether somebody looks where the book would be, and there is none.
fn is_about_itself(app: &App, request: &Request) -> bool {
    let is_asked = matches!(*request.method(), Method::GET | Method::HEAD);
    *app.book.source() == Source::Library && request.uri().path() == "/" && is_asked
}

/// Says what this is, and at which address clients find it, as far as the request or a trusted proxy says that.
fn about(app: &App, connection: &Connection, request: &Request) -> Response {
    let authority = host::of(request).ok().flatten();
    let authority = authority.map_or_else(|| "localhost".to_owned(), |host| host.to_string());
    let (http, ws) = match forwarded::is_secure(connection, request.headers()) {
        true => ("https", "wss"),
        false => ("http", "ws"),
    };
    let root = app.proxy.base_path.below(&format!("{authority}/"));
    format!(
        "This is a signaling server for WebRTC: it has no pages. Clients of rtc-quickconnect find it at {ws}://{root}, and the client library \
         is at {http}://{root}{LIBRARY}, with its declarations beside it.\n"
    )
    .into_response()
}

fn connect(app: App, connection: Connection, mut upgrade: Upgrade, request: &Request) -> Response {
    if let Err(refusal) = app.admission.admit(request.headers(), request.uri()) {
        return refuse(&app, refusal);
    }
    entry::choose_subprotocol(&mut upgrade, request.headers());
    let entry = entry::of(&app, request.headers(), request.uri());
    let visit = match &entry {
        Ok(_) => ice::visit(&app, &connection, request.headers()),
        Err(_) => None,
    };
    let client = match connection.client(request.headers(), &app.access) {
        Ok(client) => client,
        Err(limit_reached) => {
            app.metrics.refused(limit_reached.code());
            return turned_away::websocket(upgrade, limit_reached);
        }
    };
    // Counted from here on, so that a server that stops right now waits for it.
    let tracked = app.tasks.token();
    let entry = match entry {
        Ok(entry) => entry,
        Err(refusal) => {
            let reason = entry::turn_away(&app, &refusal);
            return upgrade.grant(move |upgraded| async move {
                turned_away::websocket_of(upgraded, reason).await;
                drop((client, tracked));
            });
        }
    };
    let pass = pass(&app, entry, ticket_in(request.uri()));
    upgrade.grant(move |upgraded| async move {
        let Upgraded { transport, early } = upgraded;
        let account = Arc::clone(client.account());
        connection::serve(
            transport,
            early,
            account,
            app.switchboard,
            app.signaling_limits,
            Greeter::new(visit),
            pass,
        )
        .await;
        drop((client, tracked));
    })
}

/// What a client enters rooms with. In a workshop the rooms of a pair want a ticket.
pub(super) fn pass(app: &App, entry: Entry, ticket: Option<&str>) -> Pass {
    let attendance = app.attendance.clone();
    let gate = attendance.map(|attendance| attendance as Arc<dyn Gate>);
    entry.pass(app, gate, ticket)
}

/// The ticket of an attendee in the query of an address, which needs no decoding: `book/stage/runner/add-proof.js` adds it for demos, and
/// programs have it in the address that they are given. What is too long for one is none: each connection keeps it.
pub(super) fn ticket_in(uri: &Uri) -> Option<&str> {
    let mut fields = uri.query()?.split('&');
    let ticket = fields.find_map(|field| field.strip_prefix("ticket="));
    ticket.filter(|ticket| ticket.len() <= MAX_TICKET_BYTES)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_ticket_is_one_field_of_the_query_and_no_longer_than_tickets_are() {
        let longest = "x".repeat(MAX_TICKET_BYTES);
        let uri = |query: String| format!("/?{query}").parse::<Uri>().unwrap();
        let first = uri(format!("proof=1&ticket={longest}&ticket=y"));
        assert_eq!(ticket_in(&first), Some(&*longest));
        for none in [format!("ticket={longest}x"), "tickets=x".to_owned()] {
            assert_eq!(ticket_in(&uri(none)), None);
        }
    }
}
