//! The contract with the Rust client as a side: with another of its own, and with the current and the original client in Chromium.
//!
//! A case says by itself which sides the Rust client can't take, and why; `not_in_rust.md` is the table of these. When a case says
//! something else, `UPDATE_CONTRACT=1` writes it anew.

use std::env;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Result, ensure};

use super::lab::Client::{self, Current, Original, Rust};
use super::lab::Lab;
use super::{Case, attempt, cases, ensure_none, in_lab, open};
use crate::harness::Kind::Chromium;
use crate::harness::Page;

const UPDATE: &str = "UPDATE_CONTRACT";
const TABLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../tests/browser/contract/not_in_rust.md"
);
const HEAD: &str = "# What the Rust client does not have

Cases of the contract in which the Rust client can't take every side. This file is made of what the cases say
(`UPDATE_CONTRACT=1 cargo test --release -p guidebook --test browser not_in_rust`).

| case | sides | because |
|---|---|---|
";

impl Case {
    /// Whether the Rust client can be each of these.
    fn holds_for(&self, clients: &[Client]) -> bool {
        let Some(not) = &self.not_in_rust else {
            return true;
        };
        let is_rust = |side: &usize| matches!(clients.get(*side), Some(Rust));
        !not.sides.iter().any(is_rust)
    }

    /// The sides as one of them after the other.
    fn alternate(&self, one: Client, other: Client) -> Vec<Client> {
        [one, other].into_iter().cycle().take(self.sides).collect()
    }
}

/// Plays those of these plays that the Rust client can hold.
async fn plays(
    lab: &Lab,
    page: &Page<'_>,
    case: &Case,
    plays: &[(&str, Vec<Client>, bool)],
) -> Vec<String> {
    let mut failures = Vec::new();
    for (name, clients, reversed) in plays
        .iter()
        .filter(|(_, clients, _)| case.holds_for(clients))
    {
        let pages = std::slice::from_ref(page);
        failures.extend(attempt(lab, pages, case, clients, name, *reversed).await);
    }
    failures
}

/// In both roles. What is slow is left to the next test, if it has two sides.
#[test]
fn the_contract_holds_between_rust_clients() {
    in_lab([Chromium], async |lab, [chromium]| {
        let page = open(chromium).await?;
        let mut failures = Vec::new();
        let all = cases(&page).await?;
        let wanted = |case: &&Case| case.current && !(case.slow && case.sides > 1);
        for case in all.iter().filter(wanted) {
            let all = vec![Rust; case.sides];
            let both = [
                ("rust, first as master", all.clone(), false),
                ("rust, first as slave", all, true),
            ];
            let wanted = case.sides.min(both.len());
            failures.extend(plays(lab, &page, case, &both[..wanted]).await);
        }
        ensure_none(&failures)
    });
}

/// Each is the first side, and the master, once.
#[test]
fn the_contract_holds_between_a_rust_client_and_chromium() {
    in_lab([Chromium], async |lab, [chromium]| {
        let page = open(chromium).await?;
        let mut failures = Vec::new();
        for case in cases(&page)
            .await?
            .iter()
            .filter(|case| case.current && case.sides > 1)
        {
            let both = [
                (
                    "rust first, as master",
                    case.alternate(Rust, Current),
                    false,
                ),
                (
                    "chromium first, as master",
                    case.alternate(Current, Rust),
                    false,
                ),
            ];
            let wanted = if case.slow { 1 } else { 2 };
            failures.extend(plays(lab, &page, case, &both[..wanted]).await);
        }
        ensure_none(&failures)
    });
}

#[test]
fn the_contract_holds_between_a_rust_client_and_the_original_client() {
    in_lab([Chromium], async |lab, [chromium]| {
        let page = open(chromium).await?;
        let mut failures = Vec::new();
        for case in cases(&page).await?.iter().filter(|case| case.original) {
            let all = [
                ("original second, as slave", vec![Rust, Original], false),
                ("original second, as master", vec![Rust, Original], true),
                ("original first, as master", vec![Original, Rust], false),
                ("original first, as slave", vec![Original, Rust], true),
            ];
            failures.extend(plays(lab, &page, case, &all).await);
        }
        ensure_none(&failures)
    });
}

#[test]
fn the_table_of_what_is_not_in_rust_says_what_the_cases_say() {
    in_lab([Chromium], async |_, [chromium]| {
        let page = open(chromium).await?;
        let mut table = HEAD.to_owned();
        for case in cases(&page).await? {
            if let Some(not) = &case.not_in_rust {
                write_row(&mut table, &case, &not.sides, &not.because)?;
            }
        }
        println!("{table}");
        if env::var_os(UPDATE).is_some() {
            fs::write(TABLE, &table)?;
        }
        ensure!(
            fs::read_to_string(TABLE)? == table,
            "the cases say something else than {TABLE}: read what is new, and write it with {UPDATE}=1"
        );
        Ok(())
    });
}

fn write_row(table: &mut String, case: &Case, sides: &[usize], because: &str) -> Result<()> {
    let names: Vec<String> = sides.iter().map(|side| (side + 1).to_string()).collect();
    let sides = match sides.len() == case.sides {
        true => "all".to_owned(),
        false => names.join(", "),
    };
    Ok(writeln!(table, "| {} | {sides} | {because} |", case.it)?)
}
