//! The book's part *Take it with you*: its programs, its scripts and its commands do what its pages say.
//!
//! # Layout
//! - this page: what the pages show, and that the program takes each command
//! - `chat_page`: a page of another origin
//! - `container`: the file of the container
//! - `internet`: the program with the options of the systemd unit, and the scripts beside it
//! - `scaling`: Redis, two instances and a proxy, as the page has them
//! - `tokens`: tokens that Node and Rust sign, read as the server reads them
//!
//! What runs in a page is followed by `code/quickconnect/tests/take.test.mjs` and by the tests in browsers; the proxies by `real_proxies`.

mod chat_page;
mod container;
#[cfg(target_os = "linux")]
mod internet;
#[cfg(target_os = "linux")]
mod scaling;
mod tokens;

use crate::support::{PROGRAM, guidebook, project_file};

/// A page of this part.
fn page(name: &str) -> String {
    project_file(&format!("book/take/{name}.md"))
}

/// The commands that a page shows, in their order.
fn commands(name: &str) -> Vec<String> {
    let page = page(name);
    let blocks = page.split("```sh\n").skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().unwrap_or_default());
    let lines = blocks.flat_map(str::lines);
    // A file that is included has a test of its own.
    let commands = lines.filter(|line| !line.starts_with("{{"));
    commands.map(str::to_owned).collect()
}

/// The options of a command of the program, if it is one.
fn options(command: &str) -> Option<Vec<&str>> {
    let options = command.strip_prefix("guidebook ")?;
    let words = options.split(' ').map(|word| word.trim_matches('\''));
    Some(words.collect())
}

#[test]
fn the_program_takes_each_command_that_the_pages_and_the_scripts_show() {
    let scripts = project_file("code/take/set-up.sh");
    let of_scripts = scripts.lines().filter_map(|line| line.split_once(" -- "));
    let of_scripts = of_scripts.map(|(_, command)| command.to_owned());
    let pages = ["own-page", "internet", "tokens", "scaling"].into_iter();
    let shown: Vec<String> = pages.flat_map(commands).chain(of_scripts).collect();
    let of_program: Vec<_> = shown
        .iter()
        .filter_map(|command| options(command))
        .collect();
    assert!(of_program.len() >= 10, "{shown:?}");
    for options in of_program {
        // Nothing is started for who asks for help, and what stands before is read.
        let output = guidebook(PROGRAM).args(&options).arg("--help").output();
        let output = output.unwrap();
        assert!(output.status.success(), "{options:?}: {output:?}");
    }
}
