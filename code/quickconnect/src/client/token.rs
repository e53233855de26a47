//! What admits a client at a server that wants an access token: a text, or somebody who is asked for one before each socket.
//!
//! May import: event, tokio.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::event::ConnectError;

/// How long whoever is asked may take.
const PATIENCE: Duration = Duration::from_secs(30);

type Asked = Pin<Box<dyn Future<Output = Result<String, String>> + Send>>;

/// Where tokens come from, if there are any.
#[derive(Clone, Default)]
pub(super) struct Tokens(Option<Arc<dyn Fn() -> Asked + Send + Sync>>);

impl Tokens {
    /// Always this one.
    pub(super) fn fixed(token: String) -> Self {
        Self::asked(move || {
            let token = token.clone();
            async move { Ok::<_, String>(token) }
        })
    }

    /// A new one each time.
    pub(super) fn asked<F, E>(ask: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<String, E>> + Send + 'static,
        E: fmt::Display,
    {
        let ask = move || -> Asked {
            let asked = ask();
            Box::pin(async move { asked.await.map_err(|error| error.to_string()) })
        };
        Self(Some(Arc::new(ask)))
    }

    /// The token for the next socket; nothing if the server gets none.
    ///
    /// # Errors
    /// When whoever is asked has none, or is silent for 30 s.
    pub(super) async fn next(&self) -> Result<Option<String>, ConnectError> {
        let Some(ask) = &self.0 else {
            return Ok(None);
        };
        let asked = timeout(PATIENCE, ask()).await;
        let token = asked.unwrap_or_else(|_| Err(format!("no answer within {PATIENCE:?}")));
        token
            .map(Some)
            .map_err(|reason| ConnectError::NoToken { reason })
    }
}

/// A token is a secret, and must not get into a log.
impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_some = self.0.is_some();
        f.write_str(if has_some { "Tokens(..)" } else { "Tokens" })
    }
}
