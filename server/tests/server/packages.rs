//! The crates that others take: what is in them, and what they say of themselves. That each builds from what is in it is a step of the test command
//! (`cargo xtask packages`).

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::project_file;

/// Their names, and where they are.
const PACKAGES: [(&str, &str); 2] = [
    ("quickconnect", "code/quickconnect"),
    ("quickconnect-signaling", "server/signaling"),
];

/// What cargo prints, which needs no network for this.
fn cargo(arguments: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_package_has_its_sources_its_licences_and_its_readme_and_nothing_else() {
    const ALSO: [&str; 8] = [
        ".cargo_vcs_info.json",
        "Cargo.lock",
        "Cargo.toml",
        "Cargo.toml.orig",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        // The client's tests read it.
        "encoding.json",
    ];
    for (name, folder) in PACKAGES {
        let options = ["--list", "--allow-dirty", "--offline"];
        let listed = cargo(&[&["package", "--package", name], &options[..]].concat());
        let files: Vec<_> = listed.lines().map(|line| line.replace('\\', "/")).collect();
        for needed in ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "src/lib.rs"] {
            assert!(files.iter().any(|file| file == needed), "{name}: {needed}");
        }
        for file in &files {
            let is_source = file.starts_with("src/") && file.ends_with(".rs");
            assert!(is_source || ALSO.contains(&file.as_str()), "{name}: {file}");
        }
        // Cargo packs no file from outside of the folder, so they are copies.
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let copy = project_file(&format!("{folder}/{licence}"));
            assert!(copy == project_file(licence), "{folder}/{licence}");
        }
    }
}

#[test]
fn a_package_says_what_a_registry_wants_to_know() {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version=1", "--offline"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    for (name, _) in PACKAGES {
        let package = packages.iter().find(|package| package["name"] == name);
        let package = package.expect(name);
        for said in ["description", "license", "readme", "rust_version"] {
            assert!(package[said].is_string(), "{name} says no {said}");
        }
        for list in ["keywords", "categories"] {
            let count = package[list].as_array().map_or(0, Vec::len);
            assert!((1..=5).contains(&count), "{name} has {count} {list}");
        }
        // A list of registries; nothing stands for all of them.
        assert!(package["publish"].is_null(), "{name} may not be published");
        let ours = package["dependencies"].as_array().unwrap().iter();
        for dependency in ours.filter(|dependency| dependency["path"].is_string()) {
            // Whoever takes the package from a registry takes this from there.
            assert_ne!(dependency["req"], "*", "{name}: {}", dependency["name"]);
        }
    }
}

#[test]
fn what_a_program_is_shown_of_a_crate_has_no_notes_for_those_who_keep_it() {
    for file in [
        "code/quickconnect/README.md",
        "code/quickconnect/src/protocol.rs",
        "code/quickconnect/src/protocol/invisible.rs",
        "code/quickconnect/src/protocol/peer.rs",
        "server/signaling/README.md",
    ] {
        let text = project_file(file);
        let shown = text.lines().filter(|line| !line.starts_with("// "));
        for line in shown {
            assert!(!line.contains("May import"), "{file}: {line}");
        }
    }
}
