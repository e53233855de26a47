//! What the terminal says when a workshop begins, and when its address becomes another: the address, its code, and what the host does next,
//! as a rule in the 24 lines that a terminal has. It may be on the projector, so there is no secret in it.
//!
//! May import: workshop.

use std::fmt;

use super::Workshop;

const BOLD: &str = "\x1b[1m";
const NOT_BOLD: &str = "\x1b[0m";

const FOR_NOBODY_ELSE: &str = "\
No other device can open this address. Is this machine in no network? Connect it
to one: its address is shown here then. Does --listen name an address that only
this machine has? Leave --listen out, and start again.
";

/// The text, with colours that whoever prints it removes where they can't be shown.
#[derive(Debug)]
pub struct Welcome<'a> {
    /// Of what.
    pub workshop: &'a Workshop,
    /// Other addresses that may work, best first.
    pub others: &'a [String],
    /// The address of the book on this machine.
    pub here: &'a str,
    /// Whether other machines can open the workshop's address, as far as this machine knows.
    pub is_for_others: bool,
    /// Whether another address stood in its place before.
    pub is_new: bool,
}

impl fmt::Display for Welcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { workshop, here, .. } = self;
        for line in workshop.code().to_lines() {
            writeln!(f, "    {line}")?;
        }
        writeln!(f, "\n    {BOLD}{}{NOT_BOLD}\n", workshop.url())?;
        if !self.is_for_others {
            writeln!(f, "{FOR_NOBODY_ELSE}")?;
        }
        if !self.others.is_empty() {
            writeln!(f, "If that does not open, one of these may:\n")?;
            for url in self.others {
                writeln!(f, "    {url}")?;
            }
            writeln!(f)?;
        }
        let join = format_args!("{here}workshop/join.html");
        match self.is_new {
            true => writeln!(f, "1. The address has changed. Reload {join}.")?,
            false => writeln!(f, "1. Open {join} here, for the projector.")?,
        }
        writeln!(
            f,
            "2. Everybody joins this Wi-Fi, then scans the code or types the address."
        )?;
        writeln!(
            f,
            "3. Enter opens the host's page. Ctrl-C ends the workshop."
        )
    }
}

/// What it says when nobody in the room reaches the address any more, and there is no other. `others` may be reached by somebody elsewhere.
pub fn gone(url: &str, others: &[String]) -> String {
    let mut text = format!(
        "\nThis machine is in no network any more: no other device can open\n{url}. Once it is in one again, its address comes here.\n"
    );
    if !others.is_empty() {
        text.push_str("Is it a hotspot itself? Then one of these may open:\n\n");
        for other in others {
            text.push_str("    ");
            text.push_str(other);
            text.push('\n');
        }
    }
    text
}

/// What it says when the address is there again.
pub fn back(url: &str) -> String {
    format!("\nThis machine is in its network again, at {url}\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn welcome(url: &str, others: &[&str], is_new: bool) -> String {
        let workshop = Workshop::at(url.to_owned()).unwrap();
        let others: Vec<_> = others.iter().map(|url| (*url).to_owned()).collect();
        let welcome = Welcome {
            workshop: &workshop,
            others: &others,
            here: "http://localhost:65535/",
            is_for_others: true,
            is_new,
        };
        welcome.to_string()
    }

    #[test]
    fn with_the_longest_address_of_ipv4_it_fits_a_terminal_of_24_lines_and_80_columns() {
        for is_new in [false, true] {
            let text = welcome("http://255.255.255.255:65535/", &[], is_new);
            // The prompt, or the log, takes the last one.
            assert!(text.lines().count() < 24, "{text}");
            let prose = text.lines().filter(|line| !line.contains('\x1b'));
            assert!(prose.map(str::len).all(|columns| columns <= 80), "{text}");
        }
    }

    #[test]
    fn other_addresses_stand_below_the_best_one() {
        let text = welcome(
            "http://192.0.2.5/",
            &["http://10.0.0.5/", "http://10.0.0.6/"],
            false,
        );
        let places = ["192.0.2.5", "10.0.0.5", "10.0.0.6"].map(|url| text.find(url).unwrap());
        assert!(places.is_sorted(), "{text}");
    }
}
