//! Numbers with a unit in the prose, and where else in the chapter they stand. A hint for whoever reads the list, and no proof: `2` stands in many files.
//!
//! May import: nothing.

/// What is counted or measured in this book.
const UNITS: [&str; 35] = [
    "ms",
    "s",
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "byte",
    "bytes",
    "KiB",
    "MiB",
    "GiB",
    "KB",
    "MB",
    "GB",
    "kbit",
    "Mbit",
    "%",
    "packet",
    "message",
    "connection",
    "line",
    "trip",
    "round",
    "time",
    "candidate",
    "channel",
    "check",
    "attempt",
    "piece",
    "character",
    "event",
    "tick",
    "letter",
    "lines",
];

const WORDS: [(&str, f64); 22] = [
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("fourteen", 14.0),
    ("sixteen", 16.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("eighty", 80.0),
    ("hundred", 100.0),
    ("thousand", 1_000.0),
    ("million", 1_000_000.0),
];

/// Between a number and its unit: `8 to 11 seconds`, `two round trips`, `three more lines`.
const BETWEEN: [&str; 10] = [
    "to", "or", "and", "more", "round", "of", "new", "full", "other", "whole",
];

/// One number of a sentence, as it is written and as it counts.
#[derive(Debug, PartialEq)]
pub(crate) struct Number {
    pub(crate) written: String,
    pub(crate) value: f64,
}

/// The numbers of a sentence that have a unit, or are so exact that they count something.
pub(crate) fn numbers_in(sentence: &str) -> Vec<Number> {
    let without_code: Vec<&str> = sentence.split('`').step_by(2).collect();
    let text = without_code.join(" code ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut numbers = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let Some(value) = value_of(word) else {
            continue;
        };
        let Some(unit) = unit_after(&words[index + 1..]) else {
            continue;
        };
        numbers.push(Number {
            written: format!("{} {unit}", bare(word)),
            value,
        });
    }
    numbers
}

/// All numbers of a text, with a unit or without.
pub(crate) fn all_in(text: &str) -> impl Iterator<Item = f64> {
    text.split_whitespace().filter_map(value_of)
}

fn bare(word: &str) -> &str {
    word.trim_matches(|one: char| !one.is_alphanumeric() && one != '%')
}

fn value_of(word: &str) -> Option<f64> {
    let word = bare(word).to_lowercase();
    let named = WORDS.iter().find(|(name, _)| *name == word);
    // Times as `1:30`, names as `H.264` and `127.x` are none.
    named
        .map(|(_, value)| *value)
        .or_else(|| word.replace(',', "").parse().ok())
}

fn unit_after<'w>(words: &[&'w str]) -> Option<&'w str> {
    for word in words.iter().take(4) {
        let word = bare(word);
        let singular = word.strip_suffix('s').unwrap_or(word);
        let is_unit = UNITS.contains(&word)
            || (singular.len() > 1 && UNITS.contains(&singular))
            || word.contains("bit/s");
        if is_unit {
            return Some(word);
        }
        if !BETWEEN.contains(&word) && value_of(word).is_none() {
            return None;
        }
    }
    None
}

/// “More than 600 ms” is a range from 590 on, since clocks may be early by a moment: by so much a range may begin before the number.
const EARLY: f64 = 0.98;

/// Whether a text has the number: as it is, a thousand times as large (ms for s), as the least of a range `{a..b}`, or within one that is not wide.
pub(crate) fn is_in(number: f64, text: &str) -> bool {
    let candidates = [number, number * 1_000.0, number * 1_024.0];
    let text = text.replace(['_', ','], "");
    let digits = text.split(|one: char| !one.is_ascii_digit() && one != '.');
    let is_there = |found: &str| {
        let found = found.trim_matches('.');
        // Of a range, both ends are there.
        let mut ends = found.split("..").map(str::parse::<f64>);
        let (first, second) = (ends.next(), ends.next());
        match (first, second) {
            (Some(Ok(least)), Some(Ok(most))) => candidates.iter().any(|number| {
                let is_within = (least..=most).contains(number) && most <= 8.0 * least;
                is_within || (EARLY * number..=*number).contains(&least)
            }),
            (Some(Ok(exact)), None) => candidates.contains(&exact),
            _ => false,
        }
    };
    let mut digits = digits;
    digits.any(is_there)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(sentence: &str) -> Vec<String> {
        let numbers = numbers_in(sentence).into_iter();
        numbers.map(|number| number.written).collect()
    }

    #[test]
    fn numbers_have_units() {
        assert_eq!(
            written("It takes 8 to 11 seconds, or five."),
            ["8 seconds", "11 seconds"]
        );
        assert_eq!(
            written("About 262,144 bytes (65 %) in two round trips."),
            ["262,144 bytes", "65 %", "two round"]
        );
        assert_eq!(
            written("RFC 8445, DTLS 1.3 and `5 ms` are none, and one second thought."),
            [""; 0]
        );
    }

    #[test]
    fn a_number_stands_in_a_text_also_in_other_units() {
        assert!(
            is_in(12.0, "pause(12_000)")
                && is_in(5.0, "after {4..6} s")
                && is_in(262_144.0, "up to 262144 bytes")
        );
        assert!(!is_in(5.0, "{0..5000} 55 1.5"));
        assert!(is_in(600.0, "{590..15000}") && is_in(3.5, "{3500..60000} ms"));
        assert!(!is_in(600.0, "{500..15000} {601..15000}"));
    }
}
