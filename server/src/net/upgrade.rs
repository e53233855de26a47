//! From a request for a WebSocket to the bare byte stream below it (<https://www.rfc-editor.org/rfc/rfc6455#section-4.2>).
//!
//! Not axum's own upgrade, because that does not give the byte stream away: a message for several clients would have to be encoded for each.
//!
//! May import: socket, transport, axum, hyper, tokio, tracing, tungstenite.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::{OnUpgrade, Parts};
use tracing::debug;
use tungstenite::error::Error as WsError;
use tungstenite::handshake::server::create_response_with_body;

use super::socket::Socket;
use crate::transport::Transport;

/// A request for a WebSocket that can be granted.
#[derive(Debug)]
pub struct Upgrade {
    response: Response,
    upgraded: OnUpgrade,
}

/// Why a request is none for a WebSocket, or can't be granted.
#[derive(Debug)]
pub struct NoUpgrade(WsError);

/// A byte stream, and what the client sent on it without waiting for the response.
#[derive(Debug)]
pub struct Upgraded {
    /// Nothing of it is lost or read twice.
    pub transport: Box<dyn Transport>,
    /// What hyper has read already.
    pub early: Vec<u8>,
}

impl Upgrade {
    /// Checks the request.
    pub fn of(request: &mut Request) -> Result<Self, NoUpgrade> {
        let response = create_response_with_body(request, Body::empty).map_err(NoUpgrade)?;
        let upgraded = hyper::upgrade::on(request);
        Ok(Self { response, upgraded })
    }

    /// Says which of the protocols that the client offers is spoken.
    pub fn choose_protocol(&mut self, name: HeaderValue) {
        let headers = self.response.headers_mut();
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, name);
    }

    /// Grants it: `serve` gets the byte stream when the response is written.
    pub fn grant<F>(self, serve: impl FnOnce(Upgraded) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send,
    {
        tokio::spawn(async move {
            match bare(self.upgraded).await {
                Ok(upgraded) => serve(upgraded).await,
                Err(error) => debug!(%error, "A connection ended before its upgrade"),
            }
        });
        self.response
    }
}

async fn bare(upgraded: OnUpgrade) -> Result<Upgraded, hyper::Error> {
    let Parts { io, read_buf, .. } = upgraded
        .await?
        .downcast::<Socket>()
        .expect("every connection is served on a Socket");
    let (transport, unread) = io.into_parts();
    Ok(Upgraded {
        transport,
        early: [&read_buf[..], &unread].concat(),
    })
}

impl IntoResponse for NoUpgrade {
    fn into_response(self) -> Response {
        let headers = [
            (header::UPGRADE, "websocket"),
            (header::SEC_WEBSOCKET_VERSION, "13"),
        ];
        (
            StatusCode::UPGRADE_REQUIRED,
            headers,
            format!("This is no request for a WebSocket: {}\n", self.0),
        )
            .into_response()
    }
}
