//! The speaker's notes of a chapter: told to the host of a workshop, and in no file that readers get.

use serde_json::Value;
use server::book::Book;
use server::book::error::RenderError;
use server::config::Settings;

use crate::host::session;
use crate::support::http::{Answer, exchange};
use crate::support::{Checkout, Server};

const NOTES: &str = "/workshop/host/notes";

async fn ask(server: &Server, headers: &[(&str, &str)]) -> Answer {
    let host = server.address.to_string();
    let headers = [&[("host", &*host)], headers].concat();
    exchange(server, "GET", NOTES, &headers, "").await
}

/// A file of the book, as it is served uncompressed.
fn text(book: &Book, path: &str) -> String {
    let file = book.get(path).unwrap().identity();
    String::from_utf8_lossy(&file.body).into_owned()
}

/// Whether a file of the book has this text, in any case, and which.
fn with(book: &Book, part: &str) -> Vec<String> {
    let has_it = |path: &&str| text(book, path).to_lowercase().contains(part);
    book.paths().filter(has_it).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_notes_are_told_to_a_hosts_session_and_to_nobody_else() {
    let server = Server::of_workshop(Settings::default()).await;
    let cookie = session(&server).await;
    let told = ask(&server, &[("cookie", &cookie)]).await;
    assert_eq!(told.status, 200, "{}", told.text());
    assert_eq!(told.header("content-type"), "application/json");
    assert_eq!(told.header("cache-control"), "no-store");
    assert_eq!(told.header("access-control-allow-origin"), "");

    let forged = format!("guidebook-host-{}=AAAA", server.address.port());
    let by_proxy = [("cookie", &*cookie), ("x-forwarded-for", "192.0.2.7")];
    for headers in [&[][..], &[("cookie", &*forged)], &by_proxy] {
        let refused = ask(&server, headers).await;
        assert_eq!(refused.status, 403, "{headers:?}");
        assert!(refused.text().contains("Press Enter"), "{}", refused.text());
        assert!(!refused.text().contains("paragraphs"));
    }
    let without = ask(&Server::start().await, &[]).await;
    assert_eq!(without.status, 404, "no workshop, no notes");
}

#[tokio::test]
async fn each_section_is_found_in_its_page_which_says_nothing_of_its_note() {
    let server = Server::of_workshop(Settings::default()).await;
    let cookie = session(&server).await;
    let told = ask(&server, &[("cookie", &cookie)]).await;
    let told: Value = serde_json::from_str(told.text()).unwrap();
    let chapters = told["chapters"].as_array().unwrap();
    let pages: Vec<_> = chapters
        .iter()
        .map(|chapter| chapter["page"].as_str().unwrap())
        .collect();
    assert_eq!(pages, ["connecting/index.html", "network/ice.html"]);
    let book = server.book.current();
    for chapter in chapters {
        let page = text(&book, chapter["page"].as_str().unwrap());
        for section in chapter["sections"].as_array().unwrap() {
            let id = section["id"].as_str().unwrap();
            assert!(page.contains(&format!(" id=\"{id}\"")), "{id}");
            assert!(section["minutes"].as_u64().unwrap() > 0, "{id}");
        }
    }
    let left: Vec<_> = with(&book, "<!-- presenter:");
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_note_is_in_neither_page_nor_print_nor_search() {
    let checkout = Checkout::new();
    let chapter = "# Part\n\n<!-- presenter: 3 min\nAsk for a wombat.\n-->\n\nA quokka.\n";
    checkout.write("book/part/index.md", chapter);
    let live = checkout.book();
    let book = live.current();
    let [noted] = book.notes() else {
        panic!("one chapter: {:?}", book.notes());
    };
    assert_eq!((&*noted.page, &*noted.title), ("part/index.html", "Part"));
    assert_eq!(noted.sections[0].paragraphs, ["Ask for a wombat."]);
    let mut found = with(&book, "quokka");
    found.sort();
    assert!(
        found.len() == 3 && found[1] == "print.html" && found[2].starts_with("searchindex-"),
        "{found:?}"
    );
    assert_eq!(with(&book, "wombat"), [""; 0]);

    // Nothing else changes when a note does, and it is told all the same.
    checkout.write("book/part/index.md", &chapter.replace("3 min", "4 min"));
    live.renew();
    assert_eq!(live.current().notes()[0].sections[0].minutes, 4);
}

fn mistake(checkout: &Checkout) -> String {
    match checkout.open() {
        Err(error @ RenderError::Mistakes(_)) => error.to_string(),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was rendered"),
    }
}

#[test]
fn a_note_that_is_wrong_is_told_with_its_file_and_line() {
    for (chapter, told) in [
        (
            "# Part\n\n<!-- presenter: soon -->\n",
            "book/part/index.md:3: The first line",
        ),
        (
            "# Part\n\nText.\n\n<!-- presenter: 5 min -->\n",
            "book/part/index.md:5: A presenter's note stands right below",
        ),
        (
            "# Part\n\n<!-- presenter: 5 min loudly -->\n",
            "the word `loudly`, which nobody reads",
        ),
        (
            "# Part\n\n<!-- presenter: 900 min -->\n",
            "1 to 240 minutes, and not 900",
        ),
        ("# Part\n\n<!-- presenter: 5 min\n", "never closed"),
    ] {
        let checkout = Checkout::new();
        checkout.write("book/part/index.md", chapter);
        let mistake = mistake(&checkout);
        assert!(mistake.contains(told), "{mistake}");
    }
}

#[test]
fn a_note_in_an_included_file_is_a_mistake_since_it_would_be_in_the_page() {
    let checkout = Checkout::new();
    checkout.write("book/part/index.md", "# Part\n\n{{#include more.txt}}\n");
    checkout.write(
        "book/part/more.txt",
        "## More\n\n<!-- presenter: 5 min -->\n",
    );
    let mistake = mistake(&checkout);
    assert!(mistake.starts_with("part/index.html: "), "{mistake}");
    assert!(mistake.contains("Write it into the chapter"), "{mistake}");
}
