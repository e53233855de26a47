//! Where the signaling server is, and how long a socket has to open: longer the farther away the server is, and longer after
//! each that was too slow.
//!
//! May import: event, signaling, token, tokio, tokio_tungstenite, url.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use tokio_tungstenite::connect_async_with_config;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use url::Url;

use super::Socket;
use crate::client::event::ConnectError;
use crate::client::token::Tokens;

/// Where a server may answer, tried in turns.
const ENDPOINTS: [&str; 2] = ["", "primus"];
/// How long a socket has to open at first, and at the longest.
const TIMEOUT: Duration = Duration::from_secs(1);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(16);
/// Of the time that the last socket took, how much the next one has. And of `TIMEOUT`, how much a server may take before it counts
/// as one that is not there.
const PATIENCE: u32 = 4;
/// Bytes of the longest frame that is read.
const MAX_FRAME: usize = 1024 * 1024;
/// Bytes that are read at once. The default of 128 KiB stays allocated, and is cleared for every read.
const READ_BUFFER: usize = 4096;

/// The subprotocol that is offered before a token.
const SUBPROTOCOL: &str = "token";

/// How to open a socket to one server.
#[derive(Debug)]
pub(super) struct Opening {
    urls: Vec<Url>,
    tokens: Tokens,
    patience: Duration,
}

impl Opening {
    /// The server at this address.
    pub(super) fn at(text: &str, tokens: Tokens) -> Result<Self, ConnectError> {
        let bad = || ConnectError::BadUrl {
            url: text.to_owned(),
        };
        let mut base = Url::parse(text).map_err(|_| bad())?;
        let scheme = match base.scheme() {
            "http" | "ws" => "ws",
            "https" | "wss" => "wss",
            _ => return Err(bad()),
        };
        base.set_scheme(scheme).map_err(|()| bad())?;
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        // What stands in the query may be what a server wants to see.
        let urls = ENDPOINTS.iter().map(|path| {
            let mut url = base.join(path).map_err(|_| bad())?;
            url.set_query(base.query());
            Ok::<_, ConnectError>(url)
        });
        Ok(Self {
            urls: urls.collect::<Result<_, _>>()?,
            tokens,
            patience: TIMEOUT,
        })
    }

    /// Where it is, as errors show it: without the query, in which a secret may stand.
    pub(super) fn url(&self) -> String {
        let first = self.urls.first().cloned();
        let shown = first.map(|mut url| {
            url.set_query(None);
            url.to_string()
        });
        shown.unwrap_or_default()
    }

    /// How long something may take that the server answers at once.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    /// Tries each address once, and again with more time while the server may be far away.
    pub(super) async fn open(&mut self) -> Result<Socket, ConnectError> {
        let mut reason = String::new();
        let token = self.tokens.next().await?;
        let offer = token.as_deref().map(offer).transpose()?;
        for url in self.urls.iter().cycle() {
            let config = WebSocketConfig::default()
                .max_message_size(Some(MAX_FRAME))
                .read_buffer_size(READ_BUFFER);
            let began = Instant::now();
            let opening = async {
                let mut request = url.as_str().into_client_request()?;
                if let Some(offer) = &offer {
                    let headers = request.headers_mut();
                    headers.insert(SEC_WEBSOCKET_PROTOCOL, offer.clone());
                }
                connect_async_with_config(request, Some(config), true).await
            };
            let goes_on = match timeout(self.patience, opening).await {
                Ok(Ok((socket, _))) => {
                    self.patience = TIMEOUT.max(PATIENCE * began.elapsed());
                    return Ok(socket);
                }
                Ok(Err(error)) => {
                    reason = error.to_string();
                    Some(url) != self.urls.last()
                }
                Err(_) => {
                    reason = format!("no answer within {:?}", self.patience);
                    self.patience = TIMEOUT.max(LONGEST_TIMEOUT.min(2 * self.patience));
                    self.patience <= PATIENCE * TIMEOUT
                }
            };
            if !goes_on {
                break;
            }
        }
        let url = self.url();
        Err(ConnectError::NoServer { url, reason })
    }
}

/// A token as the second of two subprotocols. The server chooses the first.
fn offer(token: &str) -> Result<HeaderValue, ConnectError> {
    let offer = HeaderValue::try_from(format!("{SUBPROTOCOL}, {token}"));
    let mut offer = offer.map_err(|_| ConnectError::NoToken {
        reason: "it has characters that no header may have".to_owned(),
    })?;
    offer.set_sensitive(true);
    Ok(offer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Opening, Tokens, Url};

    #[test]
    fn the_query_is_a_part_of_each_address_and_of_no_error() {
        let opening =
            Opening::at("http://127.0.0.1:8000?ticket=secret", Tokens::default()).unwrap();
        let urls: Vec<_> = opening.urls.iter().map(Url::as_str).collect();
        assert_eq!(
            urls,
            [
                "ws://127.0.0.1:8000/?ticket=secret",
                "ws://127.0.0.1:8000/primus?ticket=secret"
            ]
        );
        assert_eq!(opening.url(), "ws://127.0.0.1:8000/");
    }
}
