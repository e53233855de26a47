//! `--book`: an edit becomes an event, a mistake is reported, and the last good book stays.

use serde_json::{Value, json};
use server::author::Watch;

use crate::support::http::{Stream, get, stream};
use crate::support::{Checkout, Server};

/// A checkout that is served and watched, and a page that listens.
struct Author {
    checkout: Checkout,
    server: Server,
    events: Stream,
    _watch: Watch,
}

impl Author {
    async fn start() -> Self {
        let checkout = Checkout::new();
        let book = checkout.book();
        let watch = server::author::watch(&book)
            .unwrap()
            .expect("a checkout is watched");
        let server = Server::with_book(book).await;
        let mut author = Self {
            events: stream(&server, "/author/events").await,
            checkout,
            server,
            _watch: watch,
        };
        author.hears(1).await;
        author
    }

    /// The next event says that this edition is there and all is well.
    async fn hears(&mut self, edition: u64) {
        assert_eq!(
            self.event().await,
            json!({ "edition": edition, "error": null })
        );
    }

    async fn event(&mut self) -> Value {
        let text = self.events.next().await;
        serde_json::from_str(text.trim().strip_prefix("data: ").unwrap()).unwrap()
    }
}

#[tokio::test]
async fn a_saved_chapter_is_served_and_the_page_is_told() {
    let mut author = Author::start().await;
    author
        .checkout
        .write("book/index.md", "# Start\n\nAnother text.\n");
    author.hears(2).await;
    assert!(
        get(&author.server, "/")
            .await
            .text()
            .contains("Another text.")
    );
}

#[tokio::test]
async fn a_saved_demo_is_served_and_shown() {
    let mut author = Author::start().await;
    author
        .checkout
        .write("code/demo.js", "console.log('edited');\n");
    author.hears(2).await;
    assert!(
        get(&author.server, "/part/")
            .await
            .text()
            .contains("edited")
    );
    assert!(
        get(&author.server, "/code/demo.js")
            .await
            .text()
            .contains("edited")
    );
}

#[tokio::test]
async fn a_file_that_is_replaced_and_one_that_is_new_count_as_well() {
    let mut author = Author::start().await;
    for (edition, title) in [(2, "Second title"), (3, "Third title")] {
        let settings = format!("[book]\ntitle = \"{title}\"\nsrc = \"book\"\n");
        author.checkout.replace("book.toml", &settings);
        author.hears(edition).await;
        assert!(get(&author.server, "/").await.text().contains(title));
    }
    author.checkout.write("book/part/picture.svg", "<svg/>");
    author.hears(4).await;
    assert_eq!(get(&author.server, "/part/picture.svg").await.status, 200);
}

#[tokio::test]
async fn a_mistake_is_reported_and_the_last_good_book_stays_until_it_is_fixed() {
    let mut author = Author::start().await;
    let good = "# Start\n\nThe first page.\n";
    for (path, broken, hint) in [
        (
            "book/index.md",
            "# Start\n\n{{#include missing.js}}\n",
            "missing.js",
        ),
        (
            "book/SUMMARY.md",
            "# Summary\n\n[Start](index.md)\n\n- [Gone](gone.md)\n",
            "gone.md",
        ),
        ("book.toml", "[book\n", "book.toml"),
    ] {
        let before = std::fs::read_to_string(author.checkout.path().join(path)).unwrap();
        author.checkout.write(path, broken);
        let event = author.event().await;
        assert_eq!(event["edition"], 1);
        assert!(event["error"].as_str().unwrap().contains(hint), "{event}");
        assert!(
            get(&author.server, "/")
                .await
                .text()
                .contains("The first page.")
        );

        author.checkout.write(path, &before);
        author.hears(1).await;
    }
    author
        .checkout
        .write("book/index.md", &good.replace("first", "fixed"));
    author.hears(2).await;
}

#[tokio::test]
async fn a_page_that_comes_late_hears_of_the_mistake_at_once() {
    let mut author = Author::start().await;
    author
        .checkout
        .write("book/index.md", "{{#include missing.js}}");
    author.event().await;
    let mut late = stream(&author.server, "/author/events").await;
    assert!(late.next().await.contains("missing.js"));
}

#[tokio::test]
async fn a_save_that_changes_no_page_reloads_none() {
    let mut author = Author::start().await;
    author
        .checkout
        .write("book/.index.md.swp", "an editor's own file");
    author
        .checkout
        .write("code/demo.rs", "fn main() { changed() }\n");
    author.checkout.write("README.md", "not in the book");
    author
        .checkout
        .write("book/index.md", "# Start\n\nA change.\n");
    author.hears(2).await;
}

#[tokio::test]
async fn nothing_is_written_into_the_checkout() {
    let mut author = Author::start().await;
    author
        .checkout
        .write("book/index.md", "# Start\n\nA change.\n");
    let before = author.checkout.contents();
    author.hears(2).await;
    assert_eq!(author.checkout.contents(), before);
}

#[tokio::test]
async fn pages_get_the_authors_script_and_frames_do_not() {
    let author = Author::start().await;
    for (path, to_root) in [
        ("/", ""),
        ("/part/", "../"),
        ("/404.html", ""),
        ("/nothing", ""),
    ] {
        let tag = format!("<script src=\"{to_root}author.js\"></script>");
        let page = get(&author.server, path).await;
        assert!(page.text().contains(&tag), "{path}");
    }
    let frame = get(&author.server, "/stage/runner.html").await;
    assert!(!frame.text().contains("author.js"));
    assert!(
        get(&author.server, "/author.js")
            .await
            .text()
            .contains("author/events")
    );
}

#[tokio::test]
async fn the_book_inside_the_program_has_no_author() {
    let server = Server::start().await;
    assert!(!get(&server, "/").await.text().contains("author.js"));
    assert_eq!(get(&server, "/author.js").await.status, 404);
    assert_eq!(get(&server, "/author/events").await.status, 404);
}

/// Until the page has this text.
async fn shows(author: &mut Author, path: &str, text: &str) {
    while !get(&author.server, path).await.text().contains(text) {
        author.event().await;
    }
}

#[tokio::test]
async fn a_folder_that_is_removed_and_made_anew_is_watched_as_before() {
    let mut author = Author::start().await;
    for (number, folder) in ["book", "code", ""].into_iter().enumerate() {
        let text = format!("Text {number}");
        std::fs::remove_dir_all(author.checkout.path().join(folder)).unwrap();
        author.checkout.fill();
        author.checkout.write("book/index.md", &text);
        shows(&mut author, "/", &text).await;
        for edit in ["one", "two"] {
            author
                .checkout
                .write("book/part/index.md", &format!("{text} {edit}"));
            shows(&mut author, "/part/", &format!("{text} {edit}")).await;
            author
                .checkout
                .write("code/demo.js", &format!("'{text} {edit}'"));
            shows(&mut author, "/code/demo.js", &format!("'{text} {edit}'")).await;
        }
    }
}

#[tokio::test]
async fn a_folder_that_another_takes_the_place_of_is_watched_as_before() {
    let mut author = Author::start().await;
    let old = author.checkout.path().join("book");
    std::fs::rename(&old, author.checkout.path().join("book.old")).unwrap();
    author.checkout.fill();
    author.checkout.write("book/index.md", "Another folder");
    shows(&mut author, "/", "Another folder").await;
    author.checkout.write("book/index.md", "An edit there");
    shows(&mut author, "/", "An edit there").await;
}
