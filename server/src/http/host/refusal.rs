//! Why a request for the host's page is refused, in a sentence that says what to do.
//!
//! May import: cookie, admission, host_access, state, axum, thiserror, tracing.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tracing::info;

use super::cookie::Cookie;
use crate::admission::refusal::Refusal as NotAdmitted;
use crate::host_access::refusal::Refusal;
use crate::state::App;

/// Who is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    #[error(
        "Only a workshop has a host's page: this server was started without the word `workshop`."
    )]
    NoWorkshop,
    /// Another machine, or one that a proxy asks for, or this one at an address that others use too.
    #[error(
        "Over http:// the host's page works on the machine that runs the workshop only, at localhost. Press Enter in the terminal of the workshop: it opens there, \
         and has a button for other devices."
    )]
    NotHere,
    /// Whoever wants a code, elsewhere.
    #[error(
        "A code for another device is made on the machine that runs the workshop. Press Enter in the terminal of the workshop: the host's page opens there."
    )]
    NoCodeHere,
    /// Nothing that a host shows would stay between the two.
    #[error(
        "Another device needs https://, which this server does not speak: start the workshop again with --tls (or with a certificate of your own, --cert and \
         --key). Over http:// everybody in this Wi-Fi could read the code and the session, and act as the host."
    )]
    NoTls,
    /// The operating system has none.
    #[error("This machine has no random bytes for a code. Start the workshop again.")]
    NoRandomBytes,
    /// Of the server, which the host has given.
    #[error(
        "The address of the workshop is too long for a QR code. Start it with a shorter --public-url."
    )]
    NoQrCode,
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
    #[error("{refusal}")]
    Access {
        refusal: Refusal,
        /// Has the browser forget a session that there is not, so that it doesn't show that again and again.
        forgotten: Option<HeaderValue>,
    },
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let forgotten = None;
        Self::Access { refusal, forgotten }
    }
}

impl Refused {
    /// After these keys of sessions were shown.
    pub(super) fn by(refusal: Refusal, keys: &[&str], cookie: &Cookie) -> Self {
        let is_stale = refusal == Refusal::NoSession && !keys.is_empty();
        let forgotten = is_stale.then(|| cookie.forgotten());
        Self::Access { refusal, forgotten }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoWorkshop => "no-workshop",
            Self::NotHere | Self::NoCodeHere => "host-not-here",
            Self::NoTls => "host-no-tls",
            Self::NoRandomBytes => "host-no-random-bytes",
            Self::NoQrCode => "host-no-qr-code",
            Self::NotAdmitted(refusal) => refusal.code(),
            Self::Access { refusal, .. } => refusal.code(),
        }
    }

    /// Counts, logs and tells it. None of it has anything of what was shown.
    pub(super) fn answer(self, app: &App) -> Response {
        let code = self.code();
        app.metrics.refused(code);
        info!(
            error.code = code,
            "Refused a request for the host's page. {self}"
        );
        let text = format!("{self}\n");
        match self {
            Self::NoWorkshop => (StatusCode::NOT_FOUND, text).into_response(),
            Self::NotHere | Self::NoCodeHere => (StatusCode::FORBIDDEN, text).into_response(),
            // What was asked for is sound, and this server can't do it as it is.
            Self::NoTls | Self::NoQrCode => (StatusCode::CONFLICT, text).into_response(),
            Self::NoRandomBytes => (StatusCode::INTERNAL_SERVER_ERROR, text).into_response(),
            Self::NotAdmitted(refusal) => refusal.into_response(),
            Self::Access { forgotten, .. } => {
                let mut response = (StatusCode::FORBIDDEN, text).into_response();
                if let Some(cookie) = forgotten {
                    response.headers_mut().insert(header::SET_COOKIE, cookie);
                }
                response
            }
        }
    }
}

/// What was asked for, or why it is refused.
pub(super) fn answer(app: &App, outcome: Result<impl IntoResponse, Refused>) -> Response {
    match outcome {
        Ok(response) => response.into_response(),
        Err(refused) => refused.answer(app),
    }
}
