//! What the doctor found, for people and for programs.
//!
//! May import: serde_json.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

/// How long one step may take before it counts as failed.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// The verdict on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// It works here, but may fail for some attendees.
    Warning,
    /// It does not work.
    Failed,
    /// There was nothing to check.
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

/// One check.
#[derive(Debug, Clone)]
pub struct Row {
    /// What was checked.
    pub check: &'static str,
    /// Its verdict.
    pub verdict: Verdict,
    /// How long it took, where that says anything.
    pub took: Option<Duration>,
    /// The finding in plain words and, where it is not good, what to do.
    pub says: String,
}

impl Row {
    pub(super) fn new(check: &'static str, verdict: Verdict, says: impl Into<String>) -> Self {
        Self {
            check,
            verdict,
            took: None,
            says: says.into(),
        }
    }

    pub(super) fn took(mut self, time: Duration) -> Self {
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

impl Report {
    /// Whether anything does not work.
    pub fn has_failed(&self) -> bool {
        self.rows.iter().any(|row| row.verdict == Verdict::Failed)
    }

    /// As JSON, for programs.
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

/// As a table, for people.
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
