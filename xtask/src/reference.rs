//! The book's reference page of the JavaScript client. Its first part is written by hand; what follows the mark is made here, from
//! the declarations and their documentation (`index.d.ts`) and the examples that these name.
//!
//! # Layout
//! - [`declarations`]: reads `index.d.ts`
//!
//! May import: workspace, anyhow.

mod declarations;

use std::{collections::BTreeSet, fmt::Write as _, fs};

use anyhow::{Context, Result, bail};

use crate::workspace::root;
use declarations::{Kind, Member};

const PAGE: &str = "book/quickconnect/reference.md";
const DECLARATIONS: &str = "code/quickconnect/js/index.d.ts";
const EXAMPLES: &str = "code/quickconnect/js/examples";

/// What stands after it is made by this program.
const MARK: &str =
    "<!-- From here on `cargo xtask reference` writes, from code/quickconnect/js/index.d.ts. -->\n";

/// The sections: an example each, and what it is about.
const SECTIONS: [(&str, &str); 21] = [
    ("two-peers.js", "Peers and calls"),
    ("rooms.js", "Rooms"),
    ("joining.js", "Joining"),
    ("identity.js", "Who you are"),
    ("profile.js", "Profiles"),
    ("messages.js", "Messages through the server"),
    ("channels.js", "Data channels"),
    ("large-messages.js", "Messages of any size"),
    ("streams.js", "Streams"),
    ("tracks.js", "Tracks"),
    ("reactive.js", "Media that changes during a call"),
    ("ending.js", "Ending calls, and leaving"),
    ("liveness.js", "Peers that fall silent"),
    ("recovery.js", "Connections that are lost"),
    ("failing.js", "Calls that fail"),
    ("signaling.js", "The signaling server"),
    ("tokens.js", "Access tokens"),
    ("ice-servers.js", "STUN and TURN servers"),
    ("filters.js", "Filters"),
    ("errors.js", "Errors"),
    ("debug.js", "Watching it work"),
];

/// Types that the members' signatures name.
const TYPES: [&str; 7] = [
    "Peer",
    "PeerData",
    "Call",
    "Monitor",
    "MonitorEvent",
    "IceGenerator",
    "LargeMessage",
];

/// Writes the page.
pub(crate) fn write() -> Result<()> {
    let page = fresh()?;
    fs::write(root().join(PAGE), page).with_context(|| format!("could not write {PAGE}"))
}

/// Proves that the page is what would be written.
pub(crate) fn check() -> Result<()> {
    if fresh()? != read(PAGE)? {
        bail!("{PAGE} is not what {DECLARATIONS} says: run `cargo xtask reference`");
    }
    println!("{PAGE} is what {DECLARATIONS} says");
    Ok(())
}

fn read(file: &str) -> Result<String> {
    fs::read_to_string(root().join(file)).with_context(|| format!("could not read {file}"))
}

fn fresh() -> Result<String> {
    let page = read(PAGE)?;
    let Some((by_hand, _)) = page.split_once(MARK) else {
        bail!("{PAGE} has no line {MARK}");
    };
    let source = read(DECLARATIONS)?;
    let mut members =
        declarations::members(&source).with_context(|| format!("could not use {DECLARATIONS}"))?;
    members.sort_by_key(|member| member.kind);
    check_examples(&members)?;
    let types = declarations::declarations(&source, &TYPES)?;
    Ok(format!(
        "{by_hand}{MARK}\n{}{}{}",
        index(&members),
        sections(&members),
        types_section(&types)
    ))
}

/// Each example has its section, and each section a member.
fn check_examples(members: &[Member]) -> Result<()> {
    let named: BTreeSet<String> = (members.iter())
        .map(|member| member.documentation.example.clone())
        .collect();
    let sections: BTreeSet<String> = SECTIONS.iter().map(|(file, _)| (*file).into()).collect();
    let mut files = BTreeSet::new();
    let folder = fs::read_dir(root().join(EXAMPLES));
    for entry in folder.with_context(|| format!("could not read {EXAMPLES}"))? {
        files.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    for (what, examples) in [(DECLARATIONS, named), (EXAMPLES, files)] {
        if let Some(odd) = examples.symmetric_difference(&sections).next() {
            bail!("the example {odd} is either not in {what} or has no section");
        }
    }
    Ok(())
}

fn index(members: &[Member]) -> String {
    let mut text = String::new();
    for (kind, plural) in [
        (Kind::Function, "Functions"),
        (Kind::Option, "Options"),
        (Kind::Property, "Properties"),
        (Kind::Method, "Methods"),
        (Kind::Event, "Events"),
    ] {
        let links = members.iter().filter(|member| member.kind == kind);
        let links: Vec<String> = links
            .map(|member| format!("- [`{}`](#{})", member.name, anchor(member)))
            .collect();
        push(&mut text, &format!("**{plural}**\n\n{}", links.join("\n")));
    }
    format!("<div class=\"index\">\n\n{text}</div>\n\n")
}

fn sections(members: &[Member]) -> String {
    let mut text = String::new();
    for (example, title) in SECTIONS {
        push(&mut text, &format!("## {title}"));
        for member in members {
            if member.documentation.example == example {
                push(&mut text, &described(member));
            }
        }
        let block = format!(
            "```js,live,alone file={example}\n{{{{#include ../../{EXAMPLES}/{example}}}}}\n```"
        );
        push(&mut text, &block);
    }
    text
}

fn described(member: &Member) -> String {
    let Member {
        name, signature, ..
    } = member;
    let kind = match member.kind {
        Kind::Function => "Function",
        Kind::Option => "Option",
        Kind::Property => "Property",
        Kind::Method => "Method",
        Kind::Event => "Event",
    };
    let code = match member.kind {
        Kind::Event => format!("on('{name}', ({signature}) => void)"),
        _ => signature.clone(),
    };
    let anchor = anchor(member);
    // The highlighter knows no TypeScript, and takes it for what it almost is.
    let mut text = format!("### {kind} `{name}` {{#{anchor}}}\n\n```js\n{code}\n```\n\n");
    text.push_str(&member.documentation.text);
    for (tag, words) in &member.documentation.tags {
        let sentence = match &**tag {
            "param" => {
                let (parameter, words) = words.split_once(' ').unwrap_or((words, ""));
                format!("`{parameter}`: {words}.")
            }
            "throws" => {
                let (error, when) = words.split_once("} ").unwrap_or((words, ""));
                format!("Throws a `{}` {when}.", error.trim_start_matches('{'))
            }
            "returns" => format!("Returns: {words}."),
            other => format!("{other}: {words}"),
        };
        write!(text, "\n\n{sentence}").expect("a string takes everything");
    }
    text
}

fn types_section(types: &[&str]) -> String {
    format!("## Types\n\n```js\n{}\n```\n", types.join("\n\n"))
}

/// Options and methods share names.
fn anchor(member: &Member) -> String {
    let kind = match member.kind {
        Kind::Function => "function",
        Kind::Option => "option",
        Kind::Property => "property",
        Kind::Method => "method",
        Kind::Event => "event",
    };
    format!("{kind}-{}", member.name.replace(':', "-").to_lowercase())
}

/// Adds a block and the blank line after it.
fn push(text: &mut String, block: &str) {
    text.push_str(block);
    text.push_str("\n\n");
}
