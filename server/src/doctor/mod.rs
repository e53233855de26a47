//! `guidebook doctor`: looks at a running server as an attendee's device would, and says in plain words what it finds.
//!
//! # Layout
//! - `certificate`: why one is not taken
//! - `ice`: STUN and TURN servers that are named
//! - `http`: one request over a connection of its own, with TLS where the address says so
//! - `pages`: the book over HTTP as a browser loads it, and what its responses tell of clock and certificate
//! - `sockets`: whether a page and the frame of a demo may signal
//! - `peers`: two peers of this process, connected through the server
//!
//! May import: getrandom, hyper, rustls, rtc, url, `quickconnect`'s client, `config`'s ICE servers. Knows nothing of the server inside.

mod certificate;
mod http;
mod ice;
mod pages;
mod peers;
mod sockets;

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use crate::config::IceServers;

/// How long one step may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is to be thought of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// It works, and part of a workshop may not.
    Warning,
    /// It does not work.
    Failed,
    /// There was nothing to look at.
    Skipped,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        })
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone)]
pub struct Row {
    /// What.
    pub check: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// How long it took, where that says anything.
    pub took: Option<Duration>,
    /// In plain words, and what to do if it is not good.
    pub says: String,
}

impl Row {
    fn new(check: &'static str, verdict: Verdict, says: impl Into<String>) -> Self {
        Self {
            check,
            verdict,
            took: None,
            says: says.into(),
        }
    }

    fn took(mut self, time: Duration) -> Self {
        self.took = Some(time);
        self
    }
}

/// All that was found.
#[derive(Debug, Clone)]
pub struct Report {
    /// The address that was looked at.
    pub url: String,
    /// In the order in which they were looked at.
    pub rows: Vec<Row>,
}

/// Looks at the server at this address, such as `http://127.0.0.1:8000` or that of one of its pages, and at these ICE servers.
pub async fn examine(url: &str, ice_servers: &IceServers) -> Report {
    let mut rows = match http::address(url) {
        Ok(address) => examine_server(&address).await,
        Err(failure) => vec![Row::new("page", Verdict::Failed, failure.to_string())],
    };
    rows.extend(ice::examine(ice_servers).await);
    let url = url.to_owned();
    Report { url, rows }
}

async fn examine_server(address: &Url) -> Vec<Row> {
    let (page, mut rows) = pages::examine(address).await;
    if let Some(page) = page {
        rows.extend(sockets::examine(&page).await);
        let origin = page.url.origin().ascii_serialization();
        rows.extend(peers::examine(&origin).await);
    }
    rows
}

impl Report {
    /// Whether anything does not work.
    pub fn has_failed(&self) -> bool {
        self.rows.iter().any(|row| row.verdict == Verdict::Failed)
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            json!({
                "check": row.check,
                "verdict": row.verdict.to_string(),
                "milliseconds": row.took.map(|time| time.as_secs_f64() * 1000.0),
                "says": row.says,
            })
        });
        json!({ "url": self.url, "failed": self.has_failed(), "rows": rows.collect::<Vec<_>>() })
    }
}

/// For people.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.rows {
            let time = row.took.map_or_else(String::new, |time| {
                format!("{:.0} ms", time.as_secs_f64() * 1000.0)
            });
            let Row {
                check,
                verdict,
                says,
                ..
            } = row;
            writeln!(f, "{check:<14}  {verdict:<7}  {time:>8}  {says}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_fails_with_any_of_its_rows_and_not_with_warnings() {
        let report = |verdict| Report {
            url: "http://test".into(),
            rows: vec![
                Row::new("one", Verdict::Good, "It is."),
                Row::new("two", verdict, "It may be.").took(Duration::from_millis(7)),
            ],
        };
        assert!(report(Verdict::Failed).has_failed());
        for verdict in [Verdict::Warning, Verdict::Skipped, Verdict::Good] {
            assert!(!report(verdict).has_failed());
        }
        assert_eq!(
            report(Verdict::Warning).to_string(),
            "one             good               It is.\ntwo             warning      7 ms  It may be.\n"
        );
        assert_eq!(
            report(Verdict::Failed).to_json()["rows"][1]["verdict"],
            "failed"
        );
    }
}
