//! The book over HTTP: whether it comes, whose clock is wrong, and what the certificate allows.
//!
//! May import: `http`, httpdate.

use std::time::{Duration, Instant, SystemTime};

use hyper::header;
use tokio::time::timeout;

use super::http::{self, Answer, Failure};
use super::{PATIENCE, Row, Verdict};

/// What a demo loads besides its page.
const LIBRARY: &str = "/code/quickconnect/js/index.js";
/// Clocks that differ by more make certificates and credentials fail.
const MAX_SKEW: Duration = Duration::from_secs(30);

pub(super) async fn examine(url: &str) -> Vec<Row> {
    let base = url.trim_end_matches('/');
    let (page, row) = fetch("page", &format!("{base}/")).await;
    let Some(page) = page else {
        return vec![row];
    };
    let (_, library) = fetch("library", &format!("{base}{LIBRARY}")).await;
    vec![row, library, clock(&page), certificate(base)]
}

async fn fetch(check: &'static str, url: &str) -> (Option<Answer>, Row) {
    let begin = Instant::now();
    let answer = timeout(PATIENCE, http::get(url)).await;
    let took = begin.elapsed();
    let failed = |says: String| Row::new(check, Verdict::Failed, says);
    match answer {
        Ok(Ok(answer)) if answer.status == 200 => {
            let says = format!("It comes, {} KB.", answer.body.len().div_ceil(1000));
            (
                Some(answer),
                Row::new(check, Verdict::Good, says).took(took),
            )
        }
        Ok(Ok(answer)) => {
            let says = format!(
                "{url} answers with status {}: this is no workshop server.",
                answer.status
            );
            (None, failed(says).took(took))
        }
        Ok(Err(failure @ Failure::Certificate(_))) => {
            let row = Row::new("certificate", Verdict::Failed, failure.to_string());
            (None, row)
        }
        Ok(Err(failure)) => (None, failed(failure.to_string())),
        Err(_) => (
            None,
            failed(format!("{url} did not answer within {PATIENCE:?}.")),
        ),
    }
}

fn clock(page: &Answer) -> Row {
    let date = page.headers.get(header::DATE);
    let date = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    let Some(theirs) = date else {
        return Row::new(
            "clock",
            Verdict::Skipped,
            "The server does not say what time it is.",
        );
    };
    let ours = SystemTime::now();
    let skew = ours
        .duration_since(theirs)
        .or_else(|_| theirs.duration_since(ours));
    let skew = skew.unwrap_or_default();
    if skew <= MAX_SKEW {
        let says = "The server's clock and the one here agree.";
        return Row::new("clock", Verdict::Good, says);
    }
    let says = format!(
        "The server's clock and the one here differ by {} s: set the one that is wrong.",
        skew.as_secs()
    );
    Row::new("clock", Verdict::Warning, says)
}

/// One that is not trusted has failed before.
fn certificate(base: &str) -> Row {
    if base.starts_with("https://") {
        return Row::new(
            "certificate",
            Verdict::Good,
            "It is trusted here, for this name.",
        );
    }
    let host = base.trim_start_matches("http://");
    let is_here = ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|name| host.starts_with(name));
    if is_here {
        let says = "Without one, and browsers trust their own machine: camera and microphone work.";
        return Row::new("certificate", Verdict::Good, says);
    }
    let says = "Without one, browsers allow no camera and no microphone at this address. Data channels work.";
    Row::new("certificate", Verdict::Warning, says)
}
