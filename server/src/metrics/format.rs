//! In which of two formats the numbers are read, as the reader's `Accept` says. Pure.
//!
//! May import: nothing.

/// How the numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Prometheus' text format (<https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>), for whoever asks for nothing else.
    Text,
    /// OpenMetrics 1.0 (<https://prometheus.io/docs/specs/om/open_metrics_spec/>), with units and an end by which a page that was cut off is known.
    OpenMetrics,
}

/// Its versions differ from 1.0 in nothing that is written here.
const OPEN_METRICS_VERSIONS: [&str; 2] = ["1.0.0", "0.0.1"];

const TEXT_VERSIONS: [&str; 1] = ["0.0.4"];

impl Format {
    /// What is written at the head of the response.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    /// The format that the values of `Accept` weigh most. Who asks for neither gets text: whoever looks for numbers can read it.
    pub fn wanted<'a>(accept: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut text, mut open_metrics) = (0.0_f32, 0.0_f32);
        for range in accept.into_iter().flat_map(|value| value.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let (mut weight, mut version) = (1.0, None);
            for part in parts {
                match part.split_once('=') {
                    Some(("q" | "Q", value)) => weight = value.parse().unwrap_or(0.0),
                    Some(("version", value)) => version = Some(value.trim_matches('"')),
                    _ => {}
                }
            }
            let is_one_of =
                |versions: &[&str]| version.is_none_or(|version| versions.contains(&version));
            match name.as_str() {
                "application/openmetrics-text" if is_one_of(&OPEN_METRICS_VERSIONS) => {
                    open_metrics = open_metrics.max(weight);
                }
                "text/plain" if is_one_of(&TEXT_VERSIONS) => text = text.max(weight),
                "text/*" | "*/*" => text = text.max(weight),
                _ => {}
            }
        }
        match open_metrics > 0.0 && open_metrics >= text {
            true => Self::OpenMetrics,
            false => Self::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_metrics_is_for_whoever_prefers_it() {
        for accept in [
            // Prometheus 3, and Prometheus 2.
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            "application/openmetrics-text",
            "Application/OpenMetrics-Text; version=\"1.0.0\", text/plain",
        ] {
            assert_eq!(Format::wanted([accept]), Format::OpenMetrics, "{accept}");
        }
        let in_two_headers = ["text/plain;q=0.5", "application/openmetrics-text;q=0.6"];
        assert_eq!(Format::wanted(in_two_headers), Format::OpenMetrics);
    }

    #[test]
    fn text_is_for_everybody_else() {
        assert_eq!(Format::wanted([]), Format::Text);
        for accept in [
            "",
            "*/*",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "application/openmetrics-text;q=0.2,text/plain;q=0.3",
            "application/openmetrics-text;q=0",
            "application/openmetrics-text;q=much",
            "application/openmetrics-text;version=2.0.0,text/plain;q=0.1",
            "application/json",
        ] {
            assert_eq!(Format::wanted([accept]), Format::Text, "{accept}");
        }
    }
}
