//! From a request for a WebSocket to the bare byte stream below it (<https://www.rfc-editor.org/rfc/rfc6455#section-4.2>).
//!
//! Not axum's own upgrade, because that does not give the byte stream away: a message for several clients would have to be encoded for each.
//!
//! May import: socket, transport, axum, hyper, hyper_util, tokio, tracing, tungstenite.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::{OnUpgrade, Parts, Upgraded as HyperUpgraded};
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;
use tracing::debug;
use tungstenite::error::Error as WsError;
use tungstenite::handshake::server::create_response_with_body;

use super::socket::Socket;
use crate::transport::Transport;
use crate::transport::any::Any;

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

    /// Chooses the first of them. Browsers give up a WebSocket for which none of theirs is chosen. It is no secret: our clients have their access
    /// token behind it.
    pub fn choose_first_protocol(&mut self, headers: &HeaderMap) {
        let offered = headers.get(header::SEC_WEBSOCKET_PROTOCOL);
        let first =
            offered.and_then(|offered| offered.as_bytes().split(|byte| *byte == b',').next());
        let name = first.and_then(|first| HeaderValue::from_bytes(first.trim_ascii()).ok());
        if let Some(name) = name {
            self.choose_protocol(name);
        }
    }

    /// Grants it: `serve` gets the byte stream when the response is written.
    pub fn grant<F>(self, serve: impl FnOnce(Upgraded) -> F + Send + 'static) -> Response
    where
        F: Future<Output = ()> + Send,
    {
        tokio::spawn(async move {
            match self.upgraded.await {
                Ok(upgraded) => serve(bare(upgraded)).await,
                Err(error) => debug!(%error, "A connection ended before its upgrade"),
            }
        });
        self.response
    }
}

/// The byte stream below HTTP. That of the workshop server, and of `axum::serve` over TCP, is known, and written to without a detour; any other is
/// read and written through hyper.
fn bare(upgraded: HyperUpgraded) -> Upgraded {
    let upgraded = match upgraded.downcast::<Socket>() {
        Ok(Parts { io, read_buf, .. }) => {
            let (transport, unread) = io.into_parts();
            let early = [&read_buf[..], &unread].concat();
            return Upgraded { transport, early };
        }
        Err(upgraded) => upgraded,
    };
    match auto::upgrade::downcast::<TokioIo<TcpStream>>(upgraded) {
        Ok(parts) => {
            let stream = parts.io.into_inner();
            // `axum::serve` leaves it as the system has it, and a frame would wait for the answer to the one before.
            if let Err(error) = stream.set_nodelay(true) {
                debug!(%error, "Small frames of a connection may be late");
            }
            Upgraded {
                transport: Box::new(stream),
                early: parts.read_buf.to_vec(),
            }
        }
        Err(upgraded) => Upgraded {
            transport: Box::new(Any::new(TokioIo::new(upgraded))),
            early: Vec::new(),
        },
    }
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
