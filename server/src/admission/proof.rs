//! How a sandboxed frame proves that it is one of the book's: it shows a secret of this process, which stands in each page of the book.
//!
//! No other site can read a page, since no page has `Access-Control-Allow-Origin`, and a page is nothing that a site could load as a script
//! or put into a frame. The page gives the secret to its frames beside the demo's code (`book/stage/iframe.js`), and the frame's runner adds
//! it to the addresses that it asks this server for (`book/stage/runner/add-proof.js`); the demo's code never sees it. Whoever reaches the
//! server by other means than a browser can read the secret as well, but needs none: only browsers send an `Origin`.
//!
//! May import: signaling::token, axum.

use axum::http::Uri;

use signaling::token::Token;

/// The name of the element in each page; `book/stage/proof.js` looks for it.
const META: &str = "guidebook-proof";
/// What stands in the query of an address before the secret; `book/stage/runner/add-proof.js` writes it.
const PARAMETER: &str = "proof=";

/// The secret of one process. If the operating system has no random bytes there is none, and no frame can prove anything.
#[derive(Debug, Clone)]
pub struct Proof(Option<Token>);

impl Proof {
    /// A new one.
    pub fn random() -> Self {
        Self(Token::random())
    }

    /// The element by which a page gets it.
    pub fn meta(&self) -> String {
        let secret = self.0.map_or_else(String::new, |token| token.to_string());
        format!("<meta name=\"{META}\" content=\"{secret}\">")
    }

    /// What a frame adds to the query of an address.
    pub fn parameter(&self) -> String {
        let secret = self.0.map_or_else(String::new, |token| token.to_string());
        format!("{PARAMETER}{secret}")
    }

    /// Whether an address carries it.
    pub fn is_in(&self, uri: &Uri) -> bool {
        let claimed = claimed(uri).and_then(|claimed| claimed.parse().ok());
        self.0.is_some() && self.0 == claimed
    }
}

/// Whether an address carries any proof, be it right or not.
pub fn is_claimed(uri: &Uri) -> bool {
    claimed(uri).is_some()
}

/// The first proof in the query.
fn claimed(uri: &Uri) -> Option<&str> {
    uri.query()?
        .split('&')
        .find_map(|field| field.strip_prefix(PARAMETER))
}
