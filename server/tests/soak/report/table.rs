//! The table of a report.

use std::fmt;

use super::{Report, percentile};

/// Kinds of log lines that are shown: those that came most often.
const KINDS: usize = 5;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<16}{:>8}", "ms", "count")?;
        for head in ["p50", "p95", "p99", "max"] {
            write!(f, "{head:>10}")?;
        }
        for (name, values) in [
            ("relay, quiet", &self.quiet.relays),
            ("relay, loaded", &self.loaded.relays),
            ("join, quiet", &self.quiet.joins),
            ("join, loaded", &self.loaded.joins),
            ("page, quiet", &self.quiet.pages),
            ("page, loaded", &self.loaded.pages),
        ] {
            write!(f, "\n{name:<16}{:>8}", values.len())?;
            for part in [0.5, 0.95, 0.99, 1.0] {
                match percentile(values, part) {
                    Some(value) => write!(f, "{:>10.2}", value.as_secs_f64() * 1000.0)?,
                    None => write!(f, "{:>10}", "-")?,
                }
            }
        }
        let ratios = self.ratios();
        writeln!(
            f,
            "\ninnocents' p95, loaded to quiet: {:.2} ({ratios:.2?})",
            self.ratio()
        )?;
        writeln!(
            f,
            "resident: {:.0} MiB before the load, {:.0} at most, {:.0} {:.1} s after it",
            self.start_mib,
            self.peak_mib,
            self.end_mib,
            self.calm_after.as_secs_f64()
        )?;
        let lasted = self.lasted.as_secs_f64();
        let processors = self.cpu.as_secs_f64() / lasted;
        writeln!(
            f,
            "the server had {processors:.2} processors for {lasted:.0} s"
        )?;
        writeln!(f, "the load: {}", self.load)?;
        for (kind, most) in self.logged.iter().take(KINDS) {
            writeln!(f, "logged {most} times in a second: {kind}")?;
        }
        for name in self.after.keys().filter(|name| name.contains("_total")) {
            let growth = self.growth(name);
            if growth > 0.0 {
                writeln!(f, "{growth:>10} {name}")?;
            }
        }
        Ok(())
    }
}
