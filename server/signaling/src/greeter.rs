//! What a client is greeted with, and greeted with again before the credentials in it expire.
//!
//! May import: token, quickconnect::protocol, tokio.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use quickconnect::protocol::{Greeting, IceServer};
use tokio::time::Instant;

use crate::token::Token;

/// Gives the client of one connection what connects it with peers that it can't reach. Dropping it says that the connection is over.
pub trait IceSource: Send + Sync {
    /// Servers, with credentials that are good from now on.
    fn servers(&self) -> Vec<IceServer>;
    /// After which time they are to be given again. More than nothing, and short enough that those before are good yet.
    fn refresh_after(&self) -> Duration;
    /// The client will not come back.
    fn left(&self);
}

/// Greets one client.
pub struct Greeter {
    token: Option<Token>,
    ice: Option<Arc<dyn IceSource>>,
}

impl Greeter {
    /// With a token of its own.
    pub fn new(ice: Option<Arc<dyn IceSource>>) -> Arc<Self> {
        let token = Token::random();
        Arc::new(Self { token, ice })
    }

    /// Of a client that another instance has greeted, with this token.
    pub fn of_guest(token: Option<Token>) -> Arc<Self> {
        Arc::new(Self { token, ice: None })
    }

    pub(super) fn token(&self) -> Option<Token> {
        self.token
    }

    /// The text of the greeting, with what every client is told.
    pub(super) fn text(&self, everybody: &Greeting) -> String {
        let greeting = Greeting {
            resume: self.token.as_ref().map(Token::to_string),
            ice_servers: self.ice.as_ref().map_or_else(Vec::new, |ice| ice.servers()),
            ..everybody.clone()
        };
        greeting.encode()
    }

    /// When what is said now is to be said again, if it is.
    pub(super) fn due(&self) -> Option<Instant> {
        let ice = self.ice.as_ref()?;
        Some(Instant::now() + ice.refresh_after())
    }

    pub(super) fn left(&self) {
        if let Some(ice) = &self.ice {
            ice.left();
        }
    }
}

impl fmt::Debug for Greeter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Greeter")
    }
}
