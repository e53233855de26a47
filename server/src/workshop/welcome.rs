//! What the terminal says when a workshop begins, and when its address becomes another: the address, its code, and what the host does next,
//! as a rule in the 24 lines that a terminal has. It may be on the projector, so there is no secret in it but the code of the Wi-Fi, which only
//! a [block](super::block) has: what is printed otherwise may be a file.
//!
//! May import: block, workshop.

use std::fmt;

use super::Workshop;
use super::block::Block;

const BOLD: &str = "\x1b[1m";
const NOT_BOLD: &str = "\x1b[0m";

const FOR_NOBODY_ELSE: &str = "\
No other device can open this address. Is this machine in no network? Connect it
to one: its address is shown here then. Does --listen name an address that only
this machine has? Leave --listen out, and start again.
";

const NO_NETWORK: &str = "This machine is in no network any more: no other device can open this address. Once it is in one again, its address comes here.";

/// What the terminal says, in both of its forms.
#[derive(Debug)]
pub struct Notice {
    /// Where lines scroll away. With colours that whoever prints it removes where they can't be shown.
    pub text: String,
    /// What stays in view from now on, where that is possible; `None` leaves what is there.
    pub block: Option<Block>,
}

impl From<String> for Notice {
    fn from(text: String) -> Self {
        Self { text, block: None }
    }
}

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

impl Welcome<'_> {
    /// The same for a terminal that keeps it in view.
    pub fn to_block(&self) -> Block {
        let Self { workshop, .. } = self;
        let warning = FOR_NOBODY_ELSE.trim_end().replace('\n', " ");
        Block {
            url: workshop.url().to_owned(),
            code: Some(workshop.code().clone()),
            wifi: workshop.wifi().cloned(),
            named: workshop.named().map(str::to_owned),
            warning: (!self.is_for_others).then_some(warning),
            others: self.others.to_vec(),
            steps: self.steps(),
        }
    }

    /// What the host does next.
    fn steps(&self) -> Vec<String> {
        let join = format_args!("{}workshop/join.html", self.here);
        let mut steps = vec![match self.is_new {
            true => format!("The address has changed. Reload {join}."),
            false => format!("Open {join} here, for the projector."),
        }];
        match self.workshop.wifi() {
            None => steps.push(
                "Everybody joins this Wi-Fi, then scans the code or types the address.".to_owned(),
            ),
            Some(wifi) => {
                let ssid = wifi.ssid();
                steps.push(format!(
                    "Everybody joins the Wi-Fi {ssid}: that page has a code for it."
                ));
                steps.push("Then everybody scans the code or types the address.".to_owned());
            }
        }
        steps.push("Enter opens the host's page. Ctrl-C ends the workshop.".to_owned());
        let numbered = steps.iter().zip(1..);
        numbered
            .map(|(step, number)| format!("{number}. {step}"))
            .collect()
    }
}

impl fmt::Display for Welcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { workshop, .. } = self;
        for line in workshop.code().to_lines() {
            writeln!(f, "    {line}")?;
        }
        writeln!(f, "\n    {BOLD}{}{NOT_BOLD}\n", workshop.url())?;
        if let Some(named) = workshop.named() {
            writeln!(f, "    or {named}\n")?;
        }
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
        for step in self.steps() {
            writeln!(f, "{step}")?;
        }
        Ok(())
    }
}

/// What it says when nobody in the room reaches the address any more, and there is no other. `others` may be reached by somebody elsewhere.
pub fn gone(url: &str, others: &[String]) -> Notice {
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
    let block = Block {
        url: url.to_owned(),
        code: None,
        wifi: None,
        named: None,
        warning: Some(NO_NETWORK.to_owned()),
        others: others.to_vec(),
        steps: Vec::new(),
    };
    Notice {
        text,
        block: Some(block),
    }
}

/// What it says when the address is there again.
pub fn back(welcome: &Welcome<'_>) -> Notice {
    let url = welcome.workshop.url();
    Notice {
        text: format!("\nThis machine is in its network again, at {url}\n"),
        block: Some(welcome.to_block()),
    }
}

/// What it says once the machine has its name in the network.
pub fn named(welcome: &Welcome<'_>) -> Notice {
    let named = welcome.workshop.named().unwrap_or_default();
    Notice {
        text: format!("\nDevices that ask their network for names also find it at\n{named}\n"),
        block: Some(welcome.to_block()),
    }
}

/// What it says where another device has that name.
pub fn name_taken(host: &str) -> Notice {
    Notice::from(format!(
        "\nAnother device in this network is called {host}, so this workshop is at its\n\
         address alone. For a name, start again with --local-name and another word.\n"
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::workshop::wifi::Wifi;

    fn welcome(url: &str, others: &[&str], is_new: bool) -> String {
        in_wifi(None, url, others, is_new)
    }

    fn in_wifi(wifi: Option<Wifi>, url: &str, others: &[&str], is_new: bool) -> String {
        let workshop = Workshop::at(url.to_owned()).unwrap().in_wifi(wifi);
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

    #[test]
    fn what_may_be_a_file_names_the_wifi_and_has_no_code_of_it() {
        let url = "http://192.0.2.5/";
        let password = "correct horse".parse().unwrap();
        let wifi = Wifi::new("Guests".parse().unwrap(), Some(&password)).unwrap();
        let (without, with) = (
            welcome(url, &[], false),
            in_wifi(Some(wifi), url, &[], false),
        );
        assert!(
            with.contains("2. Everybody joins the Wi-Fi Guests"),
            "{with}"
        );
        assert!(
            with.contains("4. Enter opens the host's page. Ctrl-C"),
            "{with}"
        );
        let code_of = |text: &str| text.lines().filter(|line| line.contains('█')).count();
        assert_eq!(code_of(&with), code_of(&without));
        assert!(!with.contains("correct"), "{with}");
    }
}
