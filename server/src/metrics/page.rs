//! The page that Prometheus reads: families of samples, in one of two formats.
//!
//! May import: format.

use std::fmt::{Display, Write as _};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::format::Format;

/// With which every name of this program begins. Those that every program has, `process_…`, are written in full.
const PREFIX: &str = "guidebook_";

/// Names end with their unit (<https://prometheus.io/docs/practices/naming/>), and OpenMetrics wants it said once more.
const UNITS: [&str; 2] = ["bytes", "seconds"];

pub(super) fn load(counter: &AtomicU64) -> u64 {
    counter.load(Relaxed)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
    Info,
}

impl Kind {
    /// What the names of its samples have behind that of the family.
    fn suffix(self) -> &'static str {
        match self {
            Self::Counter => "_total",
            Self::Info => "_info",
            Self::Gauge | Self::Histogram => "",
        }
    }

    fn name(self, format: Format) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Histogram => "histogram",
            // The text format knows none.
            Self::Info if format == Format::OpenMetrics => "info",
            Self::Gauge | Self::Info => "gauge",
        }
    }
}

/// A family is begun by its head, and its samples follow.
pub(super) struct Page {
    format: Format,
    text: String,
}

impl Page {
    pub(super) fn new(format: Format) -> Self {
        let text = String::new();
        Self { format, text }
    }

    pub(super) fn text(mut self) -> String {
        if self.format == Format::OpenMetrics {
            self.text.push_str("# EOF\n");
        }
        self.text
    }

    /// What is now.
    pub(super) fn gauge(&mut self, name: &str, help: &str, value: usize) {
        self.family(&format!("{PREFIX}{name}"), Kind::Gauge, help, value);
    }

    /// What only grows; its sample is called `name_total`.
    pub(super) fn counter(&mut self, name: &str, help: &str, counter: &AtomicU64) {
        self.total(name, help, load(counter));
    }

    /// The same, read already.
    pub(super) fn total(&mut self, name: &str, help: &str, total: u64) {
        self.family(&format!("{PREFIX}{name}"), Kind::Counter, help, total);
    }

    /// The same for each value of this label.
    pub(super) fn counters<'v>(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        counts: impl IntoIterator<Item = (&'v str, u64)>,
    ) {
        let counts = counts.into_iter().map(|(value, count)| ([value], count));
        self.counters_by(name, help, [label], counts);
    }

    /// The same for each of these values of several labels.
    pub(super) fn counters_by<'v, const LABELS: usize>(
        &mut self,
        name: &str,
        help: &str,
        labels: [&str; LABELS],
        counts: impl IntoIterator<Item = ([&'v str; LABELS], u64)>,
    ) {
        let name = format!("{PREFIX}{name}");
        self.head(&name, Kind::Counter, help);
        for (values, count) in counts {
            let labels: Vec<_> = labels.into_iter().zip(values).collect();
            self.sample(&name, Kind::Counter.suffix(), &labels, count);
        }
    }

    /// What is so of this program, said by labels.
    pub(super) fn info(&mut self, name: &str, help: &str, labels: &[(&str, &str)]) {
        let name = format!("{PREFIX}{name}");
        self.head(&name, Kind::Info, help);
        self.sample(&name, Kind::Info.suffix(), labels, 1);
    }

    /// How often a value was within each of the buckets, which have their upper ends and what is in them and in none before; the last is without end.
    pub(super) fn histogram(
        &mut self,
        name: &str,
        help: &str,
        buckets: impl IntoIterator<Item = (f64, u64)>,
        sum: f64,
    ) {
        let name = format!("{PREFIX}{name}");
        self.head(&name, Kind::Histogram, help);
        let mut so_far = 0;
        for (end, count) in buckets {
            so_far += count;
            let end = match end.is_finite() {
                // Both formats take it, and one reader may ask for either.
                true if end.fract() == 0.0 => format!("{end:.1}"),
                true => end.to_string(),
                false => "+Inf".to_owned(),
            };
            self.sample(&name, "_bucket", &[("le", &end)], so_far);
        }
        self.sample(&name, "_sum", &[], sum);
        self.sample(&name, "_count", &[], so_far);
    }

    /// A family with one sample, by its full name.
    pub(super) fn family(&mut self, name: &str, kind: Kind, help: &str, value: impl Display) {
        self.head(name, kind, help);
        self.sample(name, kind.suffix(), &[], value);
    }

    fn head(&mut self, family: &str, kind: Kind, help: &str) {
        let kind_name = kind.name(self.format);
        // The text format knows samples only, so that a family is called as its samples are.
        let suffix = match self.format {
            Format::Text => kind.suffix(),
            Format::OpenMetrics => "",
        };
        self.write(format_args!("# TYPE {family}{suffix} {kind_name}\n"));
        let unit = UNITS
            .into_iter()
            .find(|unit| family.ends_with(&format!("_{unit}")));
        if let (Format::OpenMetrics, Some(unit)) = (self.format, unit) {
            self.write(format_args!("# UNIT {family} {unit}\n"));
        }
        let help = escaped(help, self.format == Format::OpenMetrics);
        self.write(format_args!("# HELP {family}{suffix} {help}\n"));
    }

    fn sample(&mut self, family: &str, suffix: &str, labels: &[(&str, &str)], value: impl Display) {
        self.write(format_args!("{family}{suffix}"));
        for (index, (name, label)) in labels.iter().enumerate() {
            let before = if index == 0 { '{' } else { ',' };
            let label = escaped(label, true);
            self.write(format_args!("{before}{name}=\"{label}\""));
        }
        if !labels.is_empty() {
            self.text.push('}');
        }
        self.write(format_args!(" {value}\n"));
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        self.text
            .write_fmt(text)
            .expect("a string takes everything");
    }
}

/// As both formats write labels; a help without quotation marks is that of the text format.
fn escaped(text: &str, quotation_marks: bool) -> String {
    let text = text.replace('\\', r"\\").replace('\n', r"\n");
    match quotation_marks {
        true => text.replace('"', "\\\""),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: Format, fill: impl FnOnce(&mut Page)) -> String {
        let mut page = Page::new(format);
        fill(&mut page);
        page.text()
    }

    #[test]
    fn open_metrics_names_families_units_and_the_end() {
        let text = written(Format::OpenMetrics, |page| {
            page.counter("line_bytes", "Bytes.", &AtomicU64::new(7));
            page.info("build", "Which it is.", &[("version", "1"), ("kind", "a")]);
        });
        let expected = "\
# TYPE guidebook_line_bytes counter
# UNIT guidebook_line_bytes bytes
# HELP guidebook_line_bytes Bytes.
guidebook_line_bytes_total 7
# TYPE guidebook_build info
# HELP guidebook_build Which it is.
guidebook_build_info{version=\"1\",kind=\"a\"} 1
# EOF
";
        assert_eq!(text, expected);
    }

    #[test]
    fn the_text_format_calls_a_family_as_its_samples() {
        let text = written(Format::Text, |page| {
            page.counter("line_bytes", "Bytes.", &AtomicU64::new(7));
            page.info("build", "Which it is.", &[("version", "1")]);
        });
        let expected = "\
# TYPE guidebook_line_bytes_total counter
# HELP guidebook_line_bytes_total Bytes.
guidebook_line_bytes_total 7
# TYPE guidebook_build_info gauge
# HELP guidebook_build_info Which it is.
guidebook_build_info{version=\"1\"} 1
";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_would_end_a_label_or_a_line_is_escaped() {
        let odd = "a\"b\\c\nd";
        for (format, help) in [
            (Format::Text, r#"a"b\\c\nd"#),
            (Format::OpenMetrics, r#"a\"b\\c\nd"#),
        ] {
            let text = written(format, |page| page.counters("x", odd, "l", [(odd, 1)]));
            assert!(text.contains(&format!(" {help}\n")), "{text}");
            let label = r#"guidebook_x_total{l="a\"b\\c\nd"} 1"#;
            assert!(text.contains(&format!("{label}\n")), "{text}");
        }
    }
}
