//! `--book` on what nobody vouches for, and on what editors leave behind: nothing from elsewhere is served, nothing is run, and
//! nothing strange keeps the rest from being served.

use std::fs;

use crate::support::http::get;
use crate::support::{Checkout, Server, soon};

/// Why it is no book.
fn complaint(checkout: &Checkout) -> String {
    checkout.open().unwrap_err().to_string()
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_followed_within_the_checkout_and_nowhere_else() {
    use std::os::unix::fs::symlink;

    let outside = tempfile::tempdir().unwrap();
    for name in ["secret.txt", "secret.js"] {
        fs::write(outside.path().join(name), "secret").unwrap();
    }
    let checkout = Checkout::new();
    let root = checkout.path();
    for (link, target) in [
        ("book/secret.txt", outside.path().join("secret.txt")),
        ("code/secret.js", outside.path().join("secret.js")),
        ("book/outside", outside.path().to_owned()),
        ("code/outside", outside.path().to_owned()),
        ("book/passwd.txt", "/etc/passwd".into()),
        ("book/inside.txt", "part/digits.txt".into()),
        ("code/inside", "../book/stage".into()),
    ] {
        symlink(target, root.join(link)).unwrap();
    }
    let server = Server::with_book(checkout.book()).await;
    for path in [
        "/secret.txt",
        "/code/secret.js",
        "/outside/secret.txt",
        "/code/outside/secret.js",
        "/passwd.txt",
    ] {
        assert_eq!(get(&server, path).await.status, 404, "{path}");
    }
    for path in ["/", "/inside.txt", "/code/inside/runner.js"] {
        assert_eq!(get(&server, path).await.status, 200, "{path}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_neither_file_nor_folder_or_leads_nowhere_breaks_nothing() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    let checkout = Checkout::new();
    let root = checkout.path();
    for folder in ["book", "book/part", "code"] {
        let folder = root.join(folder);
        let pipe = Command::new("mkfifo").arg(folder.join("pipe.js")).status();
        assert!(pipe.unwrap().success());
        let _socket = UnixListener::bind(folder.join("socket.js")).unwrap();
        symlink("nowhere", folder.join("dangling.js")).unwrap();
        symlink("/dev/zero", folder.join("zero.js")).unwrap();
        // An editor's lock, and a circle.
        symlink("author@host.1:2", folder.join(".#index.md")).unwrap();
        symlink("..", folder.join("circle")).unwrap();
        let name = std::ffi::OsStr::from_bytes(b"name.\xff");
        fs::write(folder.join(name), "").unwrap();
    }
    let open = tokio::task::spawn_blocking(move || checkout.book());
    let server = Server::with_book(soon("a book", open).await.unwrap()).await;
    for (path, status) in [
        ("/", 200),
        ("/code/demo.js", 200),
        ("/pipe.js", 404),
        ("/code/zero.js", 404),
    ] {
        assert_eq!(get(&server, path).await.status, status, "{path}");
    }
}

#[test]
fn a_path_out_of_the_checkout_is_a_mistake_that_names_it() {
    let settings = |line: &str| format!("[book]\nsrc = \"book\"\n[output.html]\n{line}\n");
    let summary = |path: &str| format!("# Summary\n\n[Start](index.md)\n\n- [Other]({path})\n");
    for (file, contents, named) in [
        (
            "book/index.md",
            "{{#include /etc/passwd}}".to_owned(),
            "/etc/passwd",
        ),
        (
            "book/index.md",
            "{{#include ../../x.js}}".to_owned(),
            "../../x.js",
        ),
        (
            "book/index.md",
            "{{#playground /etc/x.rs}}".to_owned(),
            "/etc/x.rs",
        ),
        // By way of a file that the chapter includes.
        (
            "code/demo.js",
            "{{#rustdoc_include ../../x.rs:3}}".to_owned(),
            "../../x.rs",
        ),
        ("book/SUMMARY.md", summary("../../x.md"), "../../x.md"),
        ("book/SUMMARY.md", summary("/etc/passwd"), "/etc/passwd"),
        (
            "book.toml",
            settings("additional-js = [\"/etc/x.js\"]"),
            "/etc/x.js",
        ),
        (
            "book.toml",
            settings("additional-css = [\"../x.css\"]"),
            "../x.css",
        ),
        ("book.toml", settings("theme = \"/etc\""), "/etc"),
        (
            "book.toml",
            settings("input-404 = \"/etc/passwd\""),
            "/etc/passwd",
        ),
        (
            "book.toml",
            settings("redirect = { \"/../x.html\" = \"/\" }"),
            "../x.html",
        ),
        ("book.toml", "[book]\nsrc = \"..\"\n".to_owned(), ".."),
    ] {
        let checkout = Checkout::new();
        checkout.write(file, &contents);
        let complaint = complaint(&checkout);
        assert!(complaint.contains("not in the checkout"), "{complaint}");
        assert!(complaint.contains(named), "{complaint}");
    }
}

#[test]
fn what_is_included_may_lie_anywhere_in_the_checkout() {
    let checkout = Checkout::new();
    checkout.write("notes/one.txt", "one {{#include more/two.txt}}");
    checkout.write("notes/more/two.txt", "two");
    checkout.write("book/index.md", "{{#include ../notes/one.txt}}");
    let book = checkout.open().unwrap().current();
    let page = &book.get("index.html").unwrap().identity().body;
    assert!(String::from_utf8_lossy(page).contains("one two"));
}

#[test]
fn a_mistake_names_the_file_in_the_checkout() {
    let checkout = Checkout::new();
    checkout.write("book/index.md", "{{#include gone.js}}");
    let complaint = complaint(&checkout);
    let file = checkout.path().join("book/gone.js");
    assert!(complaint.contains(file.to_str().unwrap()), "{complaint}");
}

#[test]
fn no_program_that_the_settings_name_is_run() {
    let checkout = Checkout::new();
    let marker = checkout.path().join("was-here");
    let program = format!("command = \"touch {}\"", marker.display());
    let settings = "[book]\ntitle = \"A small book\"\nsrc = \"book\"\n";
    checkout.write(
        "book.toml",
        &format!("{settings}[preprocessor.evil]\n{program}\n"),
    );
    let complaint = complaint(&checkout);
    assert!(complaint.contains("[preprocessor.evil]"), "{complaint}");

    // What else is made of the book is nothing that could be served.
    checkout.write(
        "book.toml",
        &format!("{settings}[output.html]\n[output.evil]\n{program}\n"),
    );
    assert_eq!(checkout.open().unwrap().current().title(), "A small book");
    assert!(!marker.exists());
}

#[test]
fn a_book_that_is_too_large_names_the_file_and_the_flag() {
    const MIB: usize = 1024 * 1024;
    let checkout = Checkout::new();
    checkout.write("book/part/large.txt", &"x".repeat(2 * MIB));
    let complaint = checkout.open_within(MIB).unwrap_err().to_string();
    assert!(complaint.contains("large.txt"), "{complaint}");
    assert!(complaint.contains("--max-book-bytes"), "{complaint}");
    assert!(checkout.open_within(4 * MIB).is_ok());
}

#[test]
fn a_folder_without_a_book_is_refused_by_name() {
    let checkout = Checkout::new();
    fs::remove_file(checkout.path().join("book.toml")).unwrap();
    let complaint = complaint(&checkout);
    assert!(
        complaint.contains(checkout.path().to_str().unwrap()) && complaint.contains("--book"),
        "{complaint}"
    );
}
