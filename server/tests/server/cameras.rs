//! The names at which demos get the reader's own cameras serve what such a demo loads, and nothing of the book.

use serde_json::Value;

use crate::support::Server;
use crate::support::http::{exchange, get, get_with, request};

const HOST: (&str, &str) = ("host", "camera-0123456789abcdef.localhost:8000");
const RUNNER: &str = "/stage/runner.html";

fn wanted_as(destination: &str) -> [(&str, &str); 2] {
    [HOST, ("sec-fetch-dest", destination)]
}

#[tokio::test]
async fn a_demo_with_own_devices_loads_its_frame_and_the_modules_that_it_may_import() {
    let server = Server::start().await;
    let frame = get_with(&server, RUNNER, &wanted_as("iframe")).await;
    assert_eq!(frame.status, 200);
    assert!(frame.text().contains("tapConnections"), "it is the runner");
    assert_eq!(frame.header("cache-control"), "no-store");
    let policy = frame.header("content-security-policy");
    let pages = "frame-ancestors http://localhost:8000 http://127.0.0.1:8000";
    assert!(policy.contains("allow-same-origin;"), "{policy}");
    assert!(policy.contains("default-src 'none';"), "{policy}");
    assert!(!policy.contains("connect-src"), "{policy}");
    assert!(policy.ends_with(pages), "{policy}");

    let map = frame.text().split_once("type=\"importmap\">").unwrap().1;
    let map: Value = serde_json::from_str(map.split_once("</script>").unwrap().0).unwrap();
    let modules = map["imports"].as_object().unwrap();
    assert!(modules.len() >= 4, "{modules:?}");
    for module in modules.values() {
        let module = module.as_str().unwrap().trim_start_matches("..");
        for path in [module.to_owned(), format!("/v/0f{module}")] {
            let answer = get_with(&server, &path, &wanted_as("script")).await;
            assert_eq!(
                (answer.status, answer.header("cache-control")),
                (200, "no-store"),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn no_page_no_endpoint_and_no_other_file_is_at_a_name_for_cameras() {
    let server = Server::start().await;
    for path in [
        "/",
        "/index.html",
        "/media/cameras.html",
        "/print.html",
        "/nothing",
        "/stage",
        "/stage/stage.js",
        "/stage/proof.js",
        "/stage/runner/../stage.js",
        "/code/media/cameras-list.js",
        "/healthz",
        "/readyz",
        "/metrics",
        "/ice",
        "/primus",
        "/line",
        "/workshop/attend",
        "/workshop/host.html",
    ] {
        for destination in ["document", "iframe", "script", "empty"] {
            let answer = get_with(&server, path, &wanted_as(destination)).await;
            assert_eq!(answer.status, 404, "{path} as {destination}");
            assert!(!answer.text().contains("guidebook-proof"), "{path}");
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; sandbox"), "{path}");
        }
    }
    for method in ["POST", "PATCH", "DELETE", "OPTIONS"] {
        for path in [
            "/",
            "/primus",
            "/companion",
            "/line",
            "/whip/room/id",
            RUNNER,
        ] {
            let answer = exchange(&server, method, path, &wanted_as("empty"), "x").await;
            assert_eq!(answer.status, 404, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_frame_for_cameras_is_no_page_of_its_own_and_no_service_worker() {
    let server = Server::start().await;
    let library = "/code/quickconnect/js/index.js";
    for (path, destination) in [
        (RUNNER, "document"),
        (RUNNER, "object"),
        (RUNNER, "script"),
        (library, "serviceworker"),
        (library, "sharedworker"),
        (library, "worker"),
        (library, "document"),
        (library, "iframe"),
    ] {
        let answer = get_with(&server, path, &wanted_as(destination)).await;
        assert_eq!(answer.status, 404, "{path} as {destination}");
    }
    // Browsers that don't say what they ask for get nothing.
    assert_eq!(get_with(&server, RUNNER, &[HOST]).await.status, 404);
}

#[tokio::test]
async fn no_socket_is_opened_at_a_name_for_cameras_or_for_a_page_of_one() {
    let server = Server::start().await;
    let upgrade = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-fetch-dest", "websocket"),
    ];
    let proof = server.book.proof().parameter();
    let origin = ("origin", "http://camera-0123456789abcdef.localhost:8000");
    for path in ["/", "/primus", "/workshop/attend", RUNNER] {
        let path = format!("{path}?{proof}");
        let own = [&upgrade[..], &[HOST, origin]].concat();
        assert_eq!(get_with(&server, &path, &own).await.status, 404, "{path}");
    }
    let of_book = [&upgrade[..], &[("host", "localhost:8000"), origin]].concat();
    for path in ["/", "/primus"] {
        let refused = get_with(&server, path, &of_book).await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.text());
    }
}

#[tokio::test]
async fn the_name_of_the_book_serves_no_frame_that_has_an_origin() {
    let server = Server::start().await;
    for host in ["localhost:8000", "127.0.0.1:8000", "book.localhost:8000"] {
        let headers = [("host", host), ("sec-fetch-dest", "iframe")];
        let frame = get_with(&server, RUNNER, &headers).await;
        let policy = frame.header("content-security-policy");
        assert!(
            policy.starts_with("sandbox allow-scripts; "),
            "{host}: {policy}"
        );
    }
    let head = request(&server, "HEAD", RUNNER, &wanted_as("empty")).await;
    assert_eq!(head.status, 200, "a page asks whether it is there");
    assert_eq!(get(&server, "/").await.status, 200);
}
