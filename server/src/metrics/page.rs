//! Prometheus' text format, written line by line.
//!
//! May import: nothing.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

pub(super) fn load(counter: &AtomicU64) -> u64 {
    counter.load(Relaxed)
}

/// Every name begins with the program's.
#[derive(Default)]
pub(super) struct Page(String);

impl Page {
    pub(super) fn text(self) -> String {
        self.0
    }

    pub(super) fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.write(format_args!(
            "# HELP guidebook_{name} {help}\n# TYPE guidebook_{name} {kind}\n"
        ));
    }

    pub(super) fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        self.write(format_args!("guidebook_{name}{labels} {value}\n"));
    }

    pub(super) fn gauge(&mut self, name: &str, help: &str, value: usize) {
        self.head(name, "gauge", help);
        self.line(name, "", value);
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        self.0.write_fmt(text).expect("a string takes everything");
    }
}
