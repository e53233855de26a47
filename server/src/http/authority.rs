//! `GET /workshop/authority.crt`: the root of `--tls`, for devices to trust. Over plain HTTP too: who has to fetch it trusts nothing here yet, and
//! compares its fingerprint with the one that the host's terminal shows.
//!
//! May import: state, axum.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::state::App;

/// Where the page *A secure connection* (`book/workshop/https.md`) leads.
pub(super) const PATH: &str = "/workshop/authority.crt";

/// The type by which phones and browsers know what to do with it.
const TYPE: &str = "application/x-x509-ca-cert";

pub(super) async fn root(State(app): State<App>) -> Response {
    let Some(root) = app.tls.and_then(|tls| tls.root()) else {
        let text = "This server has no authority of its own: it was started without --tls.";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    // The next one has another.
    let headers = [
        (header::CONTENT_TYPE, TYPE),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, root.to_vec()).into_response()
}
