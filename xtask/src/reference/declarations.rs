//! Reads `index.d.ts`: its members with their documentation. Knows the shape of that file, and no TypeScript beyond it.
//!
//! May import: anyhow.

use anyhow::{Context, Result, bail};

/// One option, property, method, event or function.
#[derive(Debug, PartialEq)]
pub(super) struct Member {
    pub(super) kind: Kind,
    /// Without the arguments; the part of an event's name that is up to its user in capitals.
    pub(super) name: String,
    /// What it is in TypeScript, on one line.
    pub(super) signature: String,
    pub(super) documentation: Documentation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Function,
    Option,
    Property,
    Method,
    Event,
}

#[derive(Debug, Default, PartialEq)]
pub(super) struct Documentation {
    /// Markdown.
    pub(super) text: String,
    /// The other tags as they stand there, such as (`throws`, `{Error} when …`).
    pub(super) tags: Vec<(String, String)>,
    /// The file of its example.
    pub(super) example: String,
}

/// What members an interface has; nothing for one that is only a type.
fn kind_within(interface: &str) -> Option<Kind> {
    match interface {
        "Options" => Some(Kind::Option),
        "QuickConnect" => Some(Kind::Property),
        "Events" => Some(Kind::Event),
        _ => None,
    }
}

/// All members, in their order.
pub(super) fn members(source: &str) -> Result<Vec<Member>> {
    let mut members = Vec::new();
    let mut within = None;
    let mut comment = Vec::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if let Some(interface) = line.strip_prefix("export interface ") {
            within = kind_within(interface.trim_end_matches(" {"));
            comment.clear();
        } else if line == "}" {
            within = None;
        } else if trimmed.starts_with("/**") {
            comment = vec![trimmed];
            while !comment.last().is_some_and(|last| last.ends_with("*/")) {
                comment.push(lines.next().context("a comment never ends")?.trim());
            }
        } else if within.is_some() && !trimmed.is_empty() || line.contains("function ") {
            let mut statement = trimmed.to_owned();
            while !is_whole(&statement) {
                let next = lines
                    .next()
                    .with_context(|| format!("`{statement}` never ends"))?;
                statement = format!("{statement} {}", next.trim());
            }
            let documentation = documentation(&comment)
                .with_context(|| format!("the documentation of `{statement}`"))?;
            members.push(member(within, &statement, documentation));
            comment.clear();
        }
    }
    Ok(members)
}

fn is_whole(statement: &str) -> bool {
    let count = |brackets: [char; 3]| statement.matches(brackets).count();
    statement.ends_with(';') && count(['(', '{', '[']) == count([')', '}', ']'])
}

fn member(within: Option<Kind>, statement: &str, documentation: Documentation) -> Member {
    let statement = statement
        .trim_end_matches(';')
        .replace("( ", "(")
        .replace(", )", ")");
    let (kind, name, signature) = match within {
        None => {
            let signature = statement.trim_start_matches("export ");
            let signature = signature.trim_start_matches("default ");
            let signature = signature.trim_start_matches("function ");
            (Kind::Function, until(signature, '('), signature.to_owned())
        }
        Some(Kind::Event) => {
            let (name, arguments) = statement.split_once(": [").unwrap_or((&statement, ""));
            let arguments = match arguments.strip_suffix(']') {
                Some(arguments) => arguments,
                None if statement.ends_with("any[]") => "...args: any[]",
                None => arguments,
            };
            (
                Kind::Event,
                event_name(&statement, name),
                arguments.to_owned(),
            )
        }
        Some(Kind::Option) => (Kind::Option, until(&statement, '?'), statement),
        Some(_) => match statement.strip_prefix("readonly ") {
            Some(property) => (Kind::Property, until(property, ':'), property.to_owned()),
            None => (
                Kind::Method,
                until(until(&statement, '(').as_str(), '<'),
                statement,
            ),
        },
    };
    Member {
        kind,
        name,
        signature,
        documentation,
    }
}

fn until(text: &str, end: char) -> String {
    text.split(end).next().unwrap_or(text).to_owned()
}

/// `'call:started'`, `connected`, or ``[opened: `channel:opened:${string}`]``.
fn event_name(statement: &str, name: &str) -> String {
    match statement.split('`').nth(1) {
        Some(pattern) if pattern.starts_with("message:") => "message:COMMAND".into(),
        Some(pattern) => pattern.replace("${string}", "LABEL"),
        None => name.trim_matches('\'').to_owned(),
    }
}

fn documentation(comment: &[&str]) -> Result<Documentation> {
    let mut documentation = Documentation::default();
    for line in comment {
        let line = line.trim_start_matches("/**").trim_end_matches("*/");
        let line = line.trim_start_matches('*').trim();
        if let Some(tag) = line.strip_prefix('@') {
            let (tag, text) = tag.split_once(' ').unwrap_or((tag, ""));
            documentation.tags.push((tag.into(), text.into()));
        } else if let Some((_, text)) = documentation.tags.last_mut() {
            join(text, line);
        } else {
            join(&mut documentation.text, line);
        }
    }
    let example = documentation.tags.pop_if(|(tag, _)| tag == "example");
    documentation.example = example.context("its last tag should be @example")?.1;
    if documentation.text.is_empty() {
        bail!("it has no text");
    }
    Ok(documentation)
}

fn join(text: &mut String, line: &str) {
    if !text.is_empty() && !line.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// The declarations of these types, each paragraph once: types that stand together in one paragraph, such as `Monitor` and
/// `MonitorEvent`, are printed together.
pub(super) fn declarations<'s>(source: &'s str, names: &[&str]) -> Result<Vec<&'s str>> {
    let mut found = Vec::new();
    for name in names {
        let paragraph = declaration(source, name)?;
        if !found.contains(&paragraph) {
            found.push(paragraph);
        }
    }
    Ok(found)
}

/// The paragraph in which a type is declared, with its documentation.
fn declaration<'s>(source: &'s str, name: &str) -> Result<&'s str> {
    let begins = [
        format!("export interface {name} "),
        format!("export type {name} "),
    ];
    let begin = begins.iter().find_map(|begin| source.find(begin));
    let begin = begin.with_context(|| format!("the type {name} is not declared"))?;
    let length = source[begin..].find("\n\n").unwrap_or(source.len() - begin);
    let before = source[..begin].rfind("\n\n").map_or(0, |blank| blank + 2);
    Ok(&source[before..begin + length])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "
export interface Events {
  /**
   * It is over,
   * whatever for.
   * @example ending.js
   */
  'call:ended': [id: string];
  /**
   * Open.
   * @example channels.js
   */
  [opened: `channel:opened:${string}`]: [id: string, channel: RTCDataChannel];
}

/** Only a type. */
export interface Peer {
  readonly id: string;
}

/**
 * Reads.
 * @throws {Error} when it
 *   can't
 * @example large.js
 */
export function read(
  channel: RTCDataChannel,
  options?: { size?: number },
): () => void;
";

    #[test]
    fn members_are_read_with_what_belongs_to_them() {
        let members = members(SOURCE).expect("it has the shape");
        let read: Vec<_> = (members.iter())
            .map(|member| {
                (
                    member.kind,
                    &*member.name,
                    &*member.signature,
                    &*member.documentation.example,
                )
            })
            .collect();
        assert_eq!(
            read,
            [
                (Kind::Event, "call:ended", "id: string", "ending.js"),
                (
                    Kind::Event,
                    "channel:opened:LABEL",
                    "id: string, channel: RTCDataChannel",
                    "channels.js"
                ),
                (
                    Kind::Function,
                    "read",
                    "read(channel: RTCDataChannel, options?: { size?: number }): () => void",
                    "large.js"
                ),
            ]
        );
        assert_eq!(members[0].documentation.text, "It is over,\nwhatever for.");
        assert_eq!(
            members[2].documentation.tags,
            [("throws".into(), "{Error} when it\ncan't".into())]
        );
    }

    #[test]
    fn a_member_without_an_example_is_refused() {
        let source = SOURCE.replace("   * @example ending.js\n", "");
        assert!(members(&source).is_err());
    }

    #[test]
    fn types_that_share_a_paragraph_are_printed_once() {
        let source = format!(
            "{SOURCE}\n\nexport interface Monitor {{}}\nexport type MonitorEvent = 'closed';\n\n"
        );
        let types = declarations(&source, &["Monitor", "Peer", "MonitorEvent"]);
        let types = types.expect("all are declared");
        assert_eq!(types.len(), 2);
        assert_eq!(
            types[0],
            "export interface Monitor {}\nexport type MonitorEvent = 'closed';"
        );
    }

    #[test]
    fn a_type_is_taken_whole() {
        let peer = declaration(SOURCE, "Peer").expect("it is declared");
        assert_eq!(
            peer,
            "/** Only a type. */\nexport interface Peer {\n  readonly id: string;\n}"
        );
    }
}
