//! How often something took how long.
//!
//! May import: page.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use super::page::{Page, load};

/// Upper ends of the buckets, in microseconds: from an answer of a broker beside us to one for which a connection had to be made first, and that came late.
const ENDS: [u64; 12] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 250_000, 1_000_000, 2_500_000,
];

/// Times, by the buckets that they are in.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    within: [AtomicU64; ENDS.len()],
    beyond: AtomicU64,
    nanos: AtomicU64,
}

impl Histogram {
    /// It took so long once more.
    pub(super) fn add(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let bucket = ENDS.iter().position(|end| nanos <= end * 1_000);
        let bucket = bucket.map_or(&self.beyond, |index| &self.within[index]);
        bucket.fetch_add(1, Relaxed);
        self.nanos.fetch_add(nanos, Relaxed);
    }

    pub(super) fn render(&self, page: &mut Page, name: &str, help: &str) {
        let within = ENDS.iter().zip(&self.within);
        let within = within.map(|(end, count)| (*end as f64 / 1e6, load(count)));
        let all = within.chain([(f64::INFINITY, load(&self.beyond))]);
        page.histogram(name, help, all, load(&self.nanos) as f64 / 1e9);
    }
}

#[cfg(test)]
mod tests {
    use super::super::format::Format;
    use super::*;

    #[test]
    fn each_time_is_in_the_first_bucket_that_holds_it() {
        let times = Histogram::default();
        for micros in [100, 101, 5_000_000] {
            times.add(Duration::from_micros(micros));
        }
        let mut page = Page::new(Format::Text);
        times.render(&mut page, "x_seconds", "Times.");
        let page = page.text();
        for line in [
            "bucket{le=\"0.0001\"} 1",
            "bucket{le=\"0.00025\"} 2",
            "bucket{le=\"2.5\"} 2",
            "bucket{le=\"+Inf\"} 3",
            "sum 5.000201",
            "count 3",
        ] {
            assert!(
                page.contains(&format!("guidebook_x_seconds_{line}\n")),
                "{page}"
            );
        }
    }
}
