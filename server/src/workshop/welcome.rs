//! What the terminal says when a workshop begins: the address, its code, and what the host does next, as a rule in the 24 lines that a
//! terminal has. It may be on the projector, so there is no secret in it.
//!
//! May import: workshop.

use std::fmt;

use super::Workshop;

const BOLD: &str = "\x1b[1m";
const NOT_BOLD: &str = "\x1b[0m";

const FOR_NOBODY_ELSE: &str = "\
No other device can open this address: either this machine is in no network,
or --listen names an address that only it has. Connect it to one, or leave
--listen out, and start again.
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
        writeln!(
            f,
            "1. Open {here}workshop/join.html here, for the projector."
        )?;
        writeln!(
            f,
            "2. Everybody joins this Wi-Fi, then scans the code or types the address."
        )?;
        writeln!(f, "3. Ctrl-C ends the workshop.")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn welcome(url: &str, others: &[&str]) -> String {
        let workshop = Workshop::at(url.to_owned()).unwrap();
        let others: Vec<_> = others.iter().map(|url| (*url).to_owned()).collect();
        let welcome = Welcome {
            workshop: &workshop,
            others: &others,
            here: "http://localhost:65535/",
            is_for_others: true,
        };
        welcome.to_string()
    }

    #[test]
    fn with_the_longest_address_of_ipv4_it_fits_a_terminal_of_24_lines_and_80_columns() {
        let text = welcome("http://255.255.255.255:65535/", &[]);
        // The prompt, or the log, takes the last one.
        assert!(text.lines().count() < 24, "{text}");
        let prose = text.lines().filter(|line| !line.contains('\x1b'));
        assert!(prose.map(str::len).all(|columns| columns <= 80), "{text}");
    }

    #[test]
    fn other_addresses_stand_below_the_best_one() {
        let text = welcome(
            "http://192.0.2.5/",
            &["http://10.0.0.5/", "http://10.0.0.6/"],
        );
        let places = ["192.0.2.5", "10.0.0.5", "10.0.0.6"].map(|url| text.find(url).unwrap());
        assert!(places.is_sorted(), "{text}");
    }
}
