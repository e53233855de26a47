//! What the demos load: at an address for its version, and all at once.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::Limits;

use crate::support::Server;
use crate::support::http::get;

/// Where a page finds the stage: `v/VERSION/stage/`.
fn pinned_stage(page: &str) -> &str {
    let (_, from) = page
        .split_once("src=\"v/")
        .expect("the page loads the stage");
    let (version, _) = from.split_once("/stage/").expect("at a version");
    version
}

#[tokio::test]
async fn what_demos_load_has_an_address_for_its_version_and_is_kept_for_a_year() {
    let server = Server::start().await;
    let page = get(&server, "/").await.text().to_owned();
    let version = pinned_stage(&page);
    for path in [
        "stage/stage.js",
        "stage/runner.html",
        "code/quickconnect/js/index.js",
    ] {
        let pinned = get(&server, &format!("/v/{version}/{path}")).await;
        let plain = get(&server, &format!("/{path}")).await;
        let outdated = get(&server, &format!("/v/0000000000000000/{path}")).await;
        assert_eq!(pinned.text(), plain.text(), "{path}");
        assert_eq!(outdated.text(), plain.text(), "{path}");
        assert_eq!(
            pinned.header("cache-control"),
            "public, max-age=31536000, immutable",
            "{path}"
        );
        assert_eq!(plain.header("cache-control"), "no-cache", "{path}");
        assert_eq!(outdated.header("cache-control"), "no-cache", "{path}");
        assert_eq!(pinned.header("access-control-allow-origin"), "*", "{path}");
    }
    let elsewhere = get(&server, &format!("/v/{version}/index.html")).await;
    assert_eq!(elsewhere.status, 404);
}

/// The files that `html` asks for ahead, named from `folder`.
fn preloaded(html: &str, folder: &str) -> BTreeSet<String> {
    let begin = format!("rel=\"modulepreload\" href=\"{folder}");
    let rests = html.split(&begin).skip(1);
    rests
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

/// Every module that `entry` leads to, named from `folder`.
async fn imported(server: &Server, folder: &str, entry: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut unread = vec![entry.to_owned()];
    while let Some(module) = unread.pop() {
        let answer = get(server, &format!("{folder}{module}")).await;
        for line in answer.text().lines() {
            if line.starts_with("import ") {
                let path = line.split('\'').nth(1).expect("an import in quotes");
                let path = path.trim_start_matches("./").to_owned();
                if found.insert(path.clone()) {
                    unread.push(path);
                }
            }
        }
    }
    found
}

#[tokio::test]
async fn what_pages_and_frames_load_is_one_file_each() {
    let server = Server::start().await;
    let page = get(&server, "/").await;
    assert_eq!(preloaded(page.text(), ""), BTreeSet::new());
    for (folder, entry) in [
        ("/stage/", "stage.js"),
        ("/stage/", "code-link.js"),
        ("/stage/", "value-tree.js"),
        ("/stage/check/", "check.js"),
        ("/stage/host/", "host.js"),
        ("/stage/instruments/", "mount.js"),
        ("/stage/instruments/", "media.js"),
        ("/stage/instruments/", "lab.js"),
        ("/stage/line/", "run-requests.js"),
        ("/stage/runner/devices/", "devices.js"),
        ("/stage/runner/parts/", "audio-video.js"),
        ("/stage/runner/parts/", "break.js"),
        ("/stage/runner/parts/", "unfold.js"),
        ("/stage/workshop/", "workshop.js"),
        ("/code/live-graph/", "index.js"),
        ("/code/quickconnect/js/", "index.js"),
        ("/code/quickconnect/js/media/", "index.js"),
        ("/code/test-media/", "index.js"),
        ("/code/test-network/", "index.js"),
    ] {
        let module = get(&server, &format!("{folder}{entry}")).await;
        assert!(module.text().len() > 2_000, "{entry} has nothing in it");
        assert!(!module.text().contains("import{"), "{entry} imports");
    }
    let runner = get(&server, "/stage/runner.html").await;
    assert!(!runner.text().contains("<script src="));
    assert!(
        runner.text().contains("tapConnections"),
        "it is all of them"
    );
}

/// How many bytes of a text are on their way to a browser.
fn compressed(text: &str) -> usize {
    let mut compressed = Vec::new();
    brotli::CompressorWriter::new(&mut compressed, 4096, 11, 22)
        .write_all(text.as_bytes())
        .expect("a vector takes everything");
    compressed.len()
}

#[tokio::test]
async fn the_library_is_at_most_10_kb_on_its_way_to_a_browser() {
    let server = Server::start().await;
    let library = get(&server, "/code/quickconnect/js/index.js").await;
    let bytes = compressed(library.text());
    assert!(bytes <= 10_000, "{bytes} bytes");
}

/// What few runs need is loaded by these alone (`book/stage/runner/parts/`).
#[tokio::test]
async fn what_the_frame_of_each_run_loads_besides_the_library_is_at_most_47_kb_and_16_compressed() {
    let server = Server::start().await;
    let runner = get(&server, "/stage/runner.html").await;
    let (text, bytes) = (runner.text(), compressed(runner.text()));
    assert!(text.len() <= 47_000, "{} bytes", text.len());
    assert!(bytes <= 16_000, "{bytes} bytes");
    let asked = preloaded(text, "");
    assert_eq!(
        asked,
        ["../code/quickconnect/js/index.js".to_owned()].into()
    );
}

#[tokio::test]
async fn a_page_of_a_checkout_asks_at_once_for_every_module_that_the_stage_imports() {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let book = LiveBook::open(Source::Checkout {
        folder: checkout,
        max_bytes: Limits::default().max_book_bytes,
    })
    .expect("the book renders");
    let server = Server::with_book(Arc::new(book)).await;
    let page = get(&server, "/").await;
    let folder = format!("v/{}/stage/", pinned_stage(page.text()));
    assert_eq!(
        preloaded(page.text(), &folder),
        imported(&server, "/stage/", "stage.js").await,
        "book/theme/head.hbs lists what book/stage/stage.js leads to"
    );
}

#[tokio::test]
async fn what_media_adds_to_the_library_is_at_most_5_kb_on_its_way_to_a_browser() {
    let server = Server::start().await;
    let media = get(&server, "/code/quickconnect/js/media/index.js").await;
    let mut compressed = Vec::new();
    brotli::CompressorWriter::new(&mut compressed, 4096, 11, 22)
        .write_all(media.text().as_bytes())
        .expect("a vector takes everything");
    assert!(compressed.len() <= 5_000, "{} bytes", compressed.len());
}
