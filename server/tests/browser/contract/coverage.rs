//! Whatever the client's declarations name, a case names as well.

use super::lab::SUITE;

const DECLARATIONS: &str = include_str!("../../../../code/quickconnect/js/index.d.ts");
/// It says what no page can do, with options of its own.
const LOSSES: &str = include_str!("losses.rs");
/// It is about a server that needs a token.
const TOKENS: &str = include_str!("../cases/access_tokens.rs");
const INTERFACES: [&str; 7] = [
    "Options",
    "QuickConnect",
    "Events",
    "Peer",
    "PeerData",
    "Call",
    "Monitor",
];

/// The names that an interface declares. Of names with a variable end, what comes before it.
fn names(interface: &str) -> Vec<&'static str> {
    let begin = format!("export interface {interface} {{");
    let (_, body) = DECLARATIONS
        .split_once(&begin)
        .unwrap_or_else(|| panic!("{interface} is declared"));
    let (body, _) = body.split_once("\n}").expect("it ends");
    body.lines().filter_map(name).collect()
}

/// The name in a line such as `  readonly id: string;`, `  'call:ended': […]` or ``  [opened: `channel:opened:${string}`]: […]``.
fn name(line: &'static str) -> Option<&'static str> {
    let line = line.strip_prefix("  ")?;
    let line = line.strip_prefix("readonly ").unwrap_or(line);
    if let Some(quoted) = line.strip_prefix('\'') {
        return quoted.split('\'').next();
    }
    if line.starts_with('[') {
        let (_, pattern) = line.split_once('`')?;
        return pattern.split("${").next();
    }
    let end = line.find(|letter: char| !letter.is_alphanumeric())?;
    (end > 0).then_some(&line[..end])
}

/// Whether a text has this name, and not as a part of a longer one. A name that ends in `:` has something after it.
fn has(text: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric();
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(|letter| is_part(letter) || letter == ':')
            && (name.ends_with(':') || !after.is_some_and(is_part))
    })
}

#[test]
fn every_option_method_property_and_event_is_named_by_a_case() {
    let cases: Vec<&str> = SUITE
        .iter()
        .map(|(_, text)| *text)
        .chain([LOSSES, TOKENS])
        .collect();
    for interface in INTERFACES {
        let names = names(interface);
        assert!(!names.is_empty(), "{interface} has names");
        for name in names {
            assert!(
                cases.iter().any(|text| has(text, name)),
                "no case names {name}, of {interface}"
            );
        }
    }
}
