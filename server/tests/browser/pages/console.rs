//! The console under a demo, read as text.

use anyhow::{Context, Result};
use serde::Deserialize;
use thirtyfour::prelude::*;

use crate::harness::{Page, eventually};

/// What a script reads in one round trip, because a console has up to a thousand entries.
const READ: &str = "return [...arguments[0].querySelectorAll('[role=log] .entry')].map((entry) => ({
    level: entry.dataset.level, text: entry.querySelector('.text').textContent, shown: [...entry.children].map((part) => part.textContent).join(' ') }));";

/// The console of one demo.
pub(crate) struct Console<'d> {
    pub(super) page: &'d Page<'d>,
    pub(super) region: &'d WebElement,
    pub(super) name: &'d str,
}

/// One line of it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Entry {
    pub(crate) level: String,
    /// What was logged.
    pub(crate) text: String,
    /// Everything that is shown of it: the time, the level in words, the text, the line.
    pub(crate) shown: String,
}

impl Console<'_> {
    pub(crate) async fn entries(&self) -> Result<Vec<Entry>> {
        Ok(serde_json::from_value(
            self.page.evaluate(READ, [self.region.to_json()?]).await?,
        )?)
    }

    /// Waits until at least `count` entries have `part` in their text, and returns the last of them.
    pub(crate) async fn has(&self, part: &str, count: usize) -> Result<Entry> {
        let mut entries = Vec::new();
        let found = eventually(async || {
            entries = self.entries().await?;
            let found: Vec<_> = entries
                .iter()
                .filter(|entry| entry.text.contains(part))
                .collect();
            Ok(found
                .last()
                .filter(|_| found.len() >= count)
                .map(|entry| (*entry).clone()))
        });
        found.await.with_context(|| {
            let logged = entries
                .iter()
                .map(|Entry { level, shown, .. }| format!("\n  {level}: {shown}"));
            let logged: String = logged.collect();
            format!(
                "{} should log {part:?} {count} times, and logged{logged}",
                self.name
            )
        })
    }

    /// The texts, in order.
    pub(crate) async fn texts(&self) -> Result<Vec<String>> {
        Ok(self
            .entries()
            .await?
            .into_iter()
            .map(|entry| entry.text)
            .collect())
    }
}
