//! What the benches print: the spread of what was measured, beside the bar that it is held to.

use std::time::Duration;

/// Prints the fastest, the middle and the slowest of `times`, and how the middle one stands to `bar`.
pub(crate) fn report(what: &str, mut times: Vec<Duration>, bar: Duration) {
    times.sort();
    let [min, median, max] = [times[0], times[times.len() / 2], times[times.len() - 1]]
        .map(|time| time.as_secs_f64() * 1000.0);
    let verdict = if times[times.len() / 2] <= bar {
        "within"
    } else {
        "OVER"
    };
    println!(
        "{what}: min {min:.1}, median {median:.1}, max {max:.1} ms in {} runs; {verdict} the bar of {} ms",
        times.len(),
        bar.as_millis()
    );
}
