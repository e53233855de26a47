//! Whether a page and the frame of a demo may signal: each asks for a WebSocket at the root of the book, with its own `Origin`.
//!
//! May import: http, pages, report, url.

use std::time::Instant;

use url::Url;

use super::http::{self, Socket};
use super::pages::{self, Page};
use super::report::{Row, Verdict};

/// Proxies drop this header unless they are configured to pass it on.
const NO_UPGRADE: &str = "A request for a WebSocket arrives without its Upgrade header: a proxy in between does not pass it on (nginx: \
                          proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"upgrade\").";

/// It says which of them in a frame, which is not read here.
const NOT_LET_IN: &str = "It opens, and the server does not let this check in: it wants an access token (--access-key; show one with --token), or another one, or it has no place left.";

/// Of a page whose own socket was let in by a token.
const NO_TOKEN: &str = "Demos have no access token, and the server lets in nobody without one: start it with --access-pages if they are to work.";

pub(super) async fn examine(page: &Page, token: Option<&str>) -> Vec<Row> {
    let origin = page.url.origin().ascii_serialization();
    let url = page.root.clone();
    let own = ask("page's socket", &url, &origin, token).await;
    if page.proof.is_empty() {
        let says = "The page has nothing that its demos could prove with that they are of this book: it does not come from the workshop \
                    server, or a proxy in between changes pages. Demos can't signal.";
        return vec![own, Row::new("demo's socket", Verdict::Failed, says)];
    }
    let mut proven = url;
    proven.set_query(Some(&format!("proof={}", page.proof)));
    let mut demos = ask("demo's socket", &proven, "null", None).await;
    if own.verdict == Verdict::Good && token.is_some() && demos.says == NOT_LET_IN {
        demos = Row::new("demo's socket", Verdict::Warning, NO_TOKEN);
    }
    vec![own, demos]
}

/// Where there is no book, whether a signaling server greets a page of this address.
pub(super) async fn is_greeted(url: &Url, token: Option<&str>) -> bool {
    let origin = url.origin().ascii_serialization();
    matches!(http::socket(url, &origin, token).await, Ok(Socket::Greeted))
}

async fn ask(check: &'static str, url: &Url, origin: &str, token: Option<&str>) -> Row {
    let begin = Instant::now();
    let socket = http::socket(url, origin, token).await;
    let failed = |says: String| Row::new(check, Verdict::Failed, says);
    let row = match socket {
        Ok(Socket::Greeted) => {
            Row::new(check, Verdict::Good, "The server greets it.")
        }
        Ok(Socket::LetsNobodyIn) => failed(NOT_LET_IN.into()),
        Ok(Socket::Silent) => failed("It opens, and no signaling server greets it: another server answers, or a proxy in between holds back WebSocket frames.".into()),
        Err(failure) => failed(failure.to_string()),
        Ok(Socket::Refused(answer)) if matches!(answer.status, 200 | 426) => failed(NO_UPGRADE.into()),
        Ok(Socket::Refused(answer)) => failed(pages::refusal(&without_query(url), &answer)),
    };
    row.took(begin.elapsed())
}

/// Leaves out the proof, which is a secret of the page.
fn without_query(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url
}
