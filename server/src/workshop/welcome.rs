//! What the terminal says when a workshop begins: the address, its code, and what the host does next. The terminal may be on the projector,
//! so there is no secret in it.
//!
//! May import: workshop.

use std::fmt;

use super::Workshop;

const BOLD: &str = "\x1b[1m";
const NOT_BOLD: &str = "\x1b[0m";

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
        writeln!(f, "The workshop is at\n")?;
        writeln!(f, "    {BOLD}{}{NOT_BOLD}\n", workshop.url())?;
        for line in workshop.code().to_lines() {
            writeln!(f, "    {line}")?;
        }
        writeln!(f)?;
        if !self.is_for_others {
            writeln!(
                f,
                "No other device can open this address: the machine is in no network, or --listen names an address \
                 of its own. Connect it, or leave --listen out, and start again.\n"
            )?;
        }
        if !self.others.is_empty() {
            writeln!(f, "Where that does not open, one of these may:\n")?;
            for url in self.others {
                writeln!(f, "    {url}")?;
            }
            writeln!(f)?;
        }
        writeln!(
            f,
            "1. Open {here}workshop/join.html on this machine, for the projector."
        )?;
        writeln!(
            f,
            "2. All devices join the Wi-Fi that this machine is in, then scan the code, or type the address\n   \
             with http:// in front and the number at its end."
        )?;
        writeln!(f, "3. Ctrl-C ends the workshop for everybody.")
    }
}
