#![allow(clippy::unwrap_used)]

use super::*;

const MANIFEST: &str = "[package]\nname = \"p\"\n[dependencies]\ntokio-util = \"1\"\n[dev-dependencies]\nproptest = \"1\"\n";

/// What is wrong with a crate of these files, whose root declares `a`, `b` and `shared`.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let default = [
        ("p/Cargo.toml", MANIFEST),
        ("p/src/lib.rs", "mod a; mod b; mod shared;"),
        ("p/src/a.rs", "//! May import: nothing.\n"),
        ("p/src/b.rs", "//! May import: nothing.\n"),
        ("p/src/shared.rs", "//! May import: nothing.\n"),
    ];
    let read = |path: &str| {
        let mut all = files.iter().chain(&default);
        let (_, text) = all.find(|(name, _)| *name == path)?;
        Some((*text).to_owned())
    };
    let modules = Crate::read("p/src/lib.rs", read).unwrap();
    [modules.wrong_lines(), modules.cycles()].concat()
}

#[test]
fn a_line_that_says_what_is_imported_passes() {
    let a = "//! What it is.\n//!\n//! May import: b, shared,\n//! tokio_util.\nuse crate::b::B;\nuse super::shared;\nuse std::mem;\n\
             fn f() { tokio_util::sync::f(); shared::g() }\n#[cfg(test)] mod tests { use proptest::x; }\n";
    assert_eq!(problems(&[("p/src/a.rs", a)]), [""; 0]);
}

#[test]
fn who_may_see_a_thing_is_no_import() {
    let a = "//! May import: nothing.\npub(in crate::b) const C: u8 = 1;\npub(crate) fn f() {}\n";
    assert_eq!(problems(&[("p/src/a.rs", a)]), [""; 0]);
}

#[test]
fn an_import_that_the_line_leaves_out_fails_with_its_place_and_the_remedy() {
    for (import, name) in [
        ("use crate::b::B;", "b"),
        ("use super::{shared, b::B};", "shared"),
        ("fn f() { crate::shared::g() }", "shared"),
        ("use tokio_util::sync::CancellationToken;", "tokio_util"),
        ("fn f() { tokio_util::g() }", "tokio_util"),
    ] {
        let a = format!("//! May import: nothing.\n\n{import}\n");
        let problems = problems(&[("p/src/a.rs", &a)]);
        assert!(
            problems[0].starts_with("p/src/a.rs:3 imports "),
            "{problems:?}"
        );
        let remedy = format!("add {name} to the line");
        assert!(
            problems.iter().any(|problem| problem.contains(&remedy)),
            "{problems:?}"
        );
    }
}

#[test]
fn a_name_that_is_not_imported_fails() {
    for name in ["b", "tokio_util", "unknown", "proptest"] {
        let a = format!("//! May import: shared, {name}.\nuse crate::shared;");
        let [problem] = &problems(&[("p/src/a.rs", &a)])[..] else {
            panic!("{name}")
        };
        assert!(
            problem.starts_with(&format!("p/src/a.rs says that it may import {name}")),
            "{problem}"
        );
    }
}

#[test]
fn a_module_without_a_line_is_told_which() {
    let a = "//! What it is.\nuse crate::b::B; use tokio_util::sync::T;";
    let problems = problems(&[("p/src/a.rs", a)]);
    assert_eq!(
        problems,
        [
            "p/src/a.rs does not say what it may import: add the line \"//! May import: b, tokio_util.\""
        ]
    );
}

#[test]
fn the_line_of_a_folder_holds_for_all_that_is_below_it() {
    let folder = |line: &str| {
        let files = [
            (
                "p/src/a.rs",
                format!("//! May import: {line}.\nmod x; mod y;"),
            ),
            (
                "p/src/a/x.rs",
                "//! May import: y, b.\nuse super::y::Y; use crate::b;".to_owned(),
            ),
            ("p/src/a/y.rs", "//! May import: nothing.".to_owned()),
        ];
        problems(&files.each_ref().map(|(path, text)| (*path, text.as_str())))
    };
    assert_eq!(folder("b"), [""; 0]);
    let [problem] = &folder("nothing")[..] else {
        panic!("x imports b")
    };
    assert!(problem.starts_with(
        "p/src/a/x.rs:2 imports crate::b, which the line \"May import\" of p/src/a.rs"
    ));
    assert_eq!(folder("b, shared").len(), 1);
}

#[test]
fn a_name_stands_for_all_that_is_below_it_and_not_for_what_is_above() {
    let files = |line: &str| {
        let b = format!("//! May import: {line}.\nuse crate::a::x::X;");
        problems(&[
            ("p/src/a.rs", "//! May import: nothing.\nmod x; mod y;"),
            ("p/src/a/x.rs", "//! May import: nothing."),
            ("p/src/a/y.rs", "//! May import: nothing."),
            ("p/src/b.rs", &b),
        ])
    };
    assert_eq!(files("a"), [""; 0]);
    assert_eq!(files("a::x"), [""; 0]);
    assert_eq!(files("a::y").len(), 2);
}

#[test]
fn modules_that_import_each_other_are_found_in_every_folder() {
    let says = |problems: &[String], folder: &str| {
        let begin = format!("modules of {folder} import each other in a circle");
        assert!(
            problems.iter().any(|problem| problem.starts_with(&begin)),
            "{problems:?}"
        );
    };
    // One after the other.
    let circle = problems(&[
        ("p/src/a.rs", "//! May import: b.\nuse crate::b;"),
        ("p/src/b.rs", "//! May import: shared.\nuse crate::shared;"),
        ("p/src/shared.rs", "//! May import: a.\nuse crate::a;"),
    ]);
    says(&circle, "the crate");
    assert!(
        circle[0].contains("\n  p/src/b.rs:2 imports crate::shared"),
        "{circle:?}"
    );
    // Through different modules of the same folder.
    let folders = problems(&[
        ("p/src/a.rs", "//! May import: b.\nmod x; mod y;"),
        ("p/src/a/x.rs", "//! May import: b.\nuse crate::b;"),
        ("p/src/a/y.rs", "//! May import: nothing."),
        ("p/src/b.rs", "//! May import: a::y.\nuse crate::a::y;"),
    ]);
    says(&folders, "the crate");
    // A module and the one that contains it.
    let parent = problems(&[
        (
            "p/src/a.rs",
            "//! May import: nothing.\nmod x; use x::X; struct A;",
        ),
        ("p/src/a/x.rs", "//! May import: a.\nuse super::A;"),
    ]);
    says(&parent, "a");
    // The root and one of its modules.
    let root = problems(&[
        (
            "p/src/lib.rs",
            "mod a; mod b; mod shared; use a::A; struct Root;",
        ),
        ("p/src/a.rs", "//! May import: crate.\nuse crate::Root;"),
    ]);
    says(&root, "the crate");
}
