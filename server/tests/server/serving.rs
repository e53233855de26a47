//! The book over HTTP: what is where, in which form, and for how long.

use std::io::Read;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

use crate::support::http::{Answer, get, get_with, request};
use crate::support::{Checkout, Server, soon};

/// The book of the program, with everything compressed that ever will be.
async fn compressed() -> Server {
    let server = Server::start().await;
    server.book.current().compress();
    server
}

async fn of_checkout() -> Server {
    Server::with_book(Checkout::new().book()).await
}

/// The name of a file in the book that begins and ends so.
fn find(server: &Server, begin: &str, end: &str) -> String {
    let book = server.book.current();
    let found = book
        .paths()
        .find(|path| path.starts_with(begin) && path.ends_with(end));
    format!("/{}", found.unwrap_or_else(|| panic!("{begin}…{end}")))
}

fn is_not_found(answer: &Answer) -> bool {
    answer.status == 404 && answer.text().contains("Document not found")
}

#[tokio::test]
async fn the_front_page_is_at_the_root_and_under_its_name() {
    let server = of_checkout().await;
    for path in ["/", "/index.html", "/?utm=1"] {
        let answer = get(&server, path).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, "text/html; charset=utf-8"),
            "{path}"
        );
        assert!(answer.text().contains("The first page."), "{path}");
    }
}

#[tokio::test]
async fn a_folder_is_its_index_and_gets_its_slash() {
    let server = of_checkout().await;
    assert!(get(&server, "/part/").await.text().contains("console.log"));
    let answer = get(&server, "/part?x=1").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (308, "./part/?x=1")
    );
}

#[tokio::test]
async fn names_that_are_encoded_in_the_address_are_found() {
    let server = of_checkout().await;
    let answer = get(&server, "/part/%C3%BCn%C3%AF%20c%C3%B6d%C3%A9.html").await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("Names"));
}

#[tokio::test]
async fn what_is_not_there_is_the_books_own_page_with_status_404() {
    let server = of_checkout().await;
    for path in [
        "/nothing",
        "/nothing/",
        "/primus",
        "/part/nothing.js",
        "//part",
        "/part//index.html",
        "/%ff",
        "/..%2fbook.toml",
        "/../book.toml",
        "/book.toml",
        "/SUMMARY.md",
        "/part/index.md",
        "/code/demo.rs",
        "/.nojekyll",
        "/theme/page.js",
    ] {
        let answer = get(&server, path).await;
        assert!(is_not_found(&answer), "{path}: {}", answer.status);
        assert_eq!(
            (answer.header("cache-control"), answer.header("etag")),
            ("no-cache", ""),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_javascript_of_the_code_is_served_beside_the_book() {
    let server = of_checkout().await;
    let answer = get(&server, "/code/demo.js").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/javascript; charset=utf-8")
    );
    assert_eq!(answer.text(), "console.log('demo');\n");
}

#[tokio::test]
async fn only_what_a_frame_loads_is_for_every_origin() {
    let server = of_checkout().await;
    for path in ["/stage/runner.html", "/stage/runner.js", "/code/demo.js"] {
        assert_eq!(
            get(&server, path)
                .await
                .header("access-control-allow-origin"),
            "*",
            "{path}"
        );
    }
    for path in ["/", "/part/digits.txt"] {
        assert_eq!(
            get(&server, path)
                .await
                .header("access-control-allow-origin"),
            "",
            "{path}"
        );
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let server = compressed().await;
    let encodings = [("accept-encoding", "br")];
    let get = request(&server, "GET", "/", &encodings).await;
    let head = request(&server, "HEAD", "/", &encodings).await;
    assert_eq!(head.status, 200);
    assert!(head.body.is_empty());
    for name in [
        "content-type",
        "content-length",
        "content-encoding",
        "etag",
        "cache-control",
        "vary",
    ] {
        assert!(!get.header(name).is_empty(), "{name}");
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    let server = of_checkout().await;
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        for path in ["/", "/index.html", "/nothing"] {
            let answer = request(&server, method, path, &[]).await;
            assert_eq!(
                (answer.status, answer.header("allow")),
                (405, "GET, HEAD"),
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn hashed_names_are_kept_for_a_year_and_others_are_asked_for_again() {
    let server = of_checkout().await;
    let forever = "public, max-age=31536000, immutable";
    for (begin, end) in [
        ("book-", ".js"),
        ("css/general-", ".css"),
        ("book/theme/page-", ".js"),
        ("searchindex-", ".js"),
    ] {
        let path = find(&server, begin, end);
        assert_eq!(
            get(&server, &path).await.header("cache-control"),
            forever,
            "{path}"
        );
    }
    for path in [
        "/",
        "/stage/runner.js",
        "/part/photo-0123abcd.svg",
        "/code/demo.js",
    ] {
        assert_eq!(
            get(&server, path).await.header("cache-control"),
            "no-cache",
            "{path}"
        );
    }
}

#[tokio::test]
async fn each_form_unpacks_to_the_same_page_and_has_a_tag_of_its_own() {
    let server = compressed().await;
    let plain = get(&server, "/print.html").await;
    let gzip = get_with(&server, "/print.html", &[("accept-encoding", "gzip")]).await;
    let brotli = get_with(&server, "/print.html", &[("accept-encoding", "gzip, br")]).await;
    let names = [&plain, &gzip, &brotli].map(|answer| answer.header("content-encoding"));
    assert_eq!(names, ["", "gzip", "br"]);
    assert!(brotli.body.len() < gzip.body.len() && gzip.body.len() < plain.body.len());

    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&*gzip.body)
        .read_to_end(&mut unpacked)
        .unwrap();
    assert_eq!(unpacked, plain.body);
    unpacked.clear();
    brotli::Decompressor::new(&*brotli.body, 4096)
        .read_to_end(&mut unpacked)
        .unwrap();
    assert_eq!(unpacked, plain.body);

    assert_ne!(plain.header("etag"), gzip.header("etag"));
    assert_ne!(gzip.header("etag"), brotli.header("etag"));
    for answer in [plain, gzip, brotli] {
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert!(answer.header("etag").starts_with('"'), "a strong tag");
    }
}

#[tokio::test]
async fn what_is_packed_already_is_left_alone() {
    let server = compressed().await;
    let answer = get_with(
        &server,
        &find(&server, "favicon-", ".png"),
        &[("accept-encoding", "br")],
    )
    .await;
    assert_eq!(
        (
            answer.header("content-type"),
            answer.header("content-encoding")
        ),
        ("image/png", "")
    );
}

#[tokio::test]
async fn who_has_it_already_gets_304() {
    let server = compressed().await;
    for encoding in ["identity", "gzip", "br"] {
        let encodings = ("accept-encoding", encoding);
        let first = get_with(&server, "/", &[encodings]).await;
        let tag = first.header("etag");
        for condition in [
            tag.to_owned(),
            format!("W/{tag}"),
            format!("\"other\", {tag}"),
            "*".into(),
        ] {
            let again = get_with(&server, "/", &[encodings, ("if-none-match", &condition)]).await;
            assert_eq!(
                (again.status, again.body.len()),
                (304, 0),
                "{encoding} {condition}"
            );
            assert_eq!(again.header("etag"), tag);
            assert_eq!(
                again.header("content-security-policy"),
                first.header("content-security-policy")
            );
        }
        let other = get_with(&server, "/", &[encodings, ("if-none-match", "\"other\"")]).await;
        assert_eq!(other.status, 200);
    }
}

#[tokio::test]
async fn a_large_file_arrives_whole_and_in_parts_even_where_it_does_not_fit_into_a_socket() {
    let server = Server::start().await;
    let path = find(&server, "searchindex", ".js");
    let book = server.book.current();
    let file = &book.get(&path[1..]).unwrap().identity().body;
    let small = TcpSocket::new_v4().unwrap();
    small.set_recv_buffer_size(4096).unwrap();
    let mut stream = small.connect(server.address).await.unwrap();
    let part = 1_000..file.len() - 1_000;
    for range in [0..file.len(), part] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nrange: bytes={}-{}\r\n\r\n",
            range.start,
            range.end - 1,
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(soon("a head", stream.read_u8()).await.unwrap());
        }
        assert!(head.starts_with(b"HTTP/1.1 206 "));
        let mut body = vec![0; range.len()];
        let read = stream.read_exact(&mut body);
        soon("a body", read).await.unwrap();
        assert!(body == file[range]);
    }
}

#[tokio::test]
async fn a_part_can_be_had() {
    let server = of_checkout().await;
    let path = "/part/digits.txt";
    for (range, part, bounds) in [
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=8-", "89", "bytes 8-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=5-99", "56789", "bytes 5-9/10"),
        ("bytes=-99", "0123456789", "bytes 0-9/10"),
    ] {
        let answer = get_with(&server, path, &[("range", range)]).await;
        assert_eq!(
            (answer.status, answer.text(), answer.header("content-range")),
            (206, part, bounds),
            "{range}"
        );
    }
}

#[tokio::test]
async fn a_part_that_is_not_there_is_416() {
    let server = of_checkout().await;
    for range in ["bytes=10-", "bytes=-0", "bytes=99-100"] {
        let answer = get_with(&server, "/part/digits.txt", &[("range", range)]).await;
        assert_eq!(
            (answer.status, answer.header("content-range")),
            (416, "bytes */10"),
            "{range}"
        );
    }
}

#[tokio::test]
async fn ranges_that_are_no_single_part_get_everything() {
    let server = of_checkout().await;
    for range in [
        "bytes=0-1,4-5",
        "lines=1-2",
        "bytes=4-2",
        "bytes",
        "bytes=a-b",
    ] {
        let answer = get_with(&server, "/part/digits.txt", &[("range", range)]).await;
        assert_eq!(
            (answer.status, answer.text()),
            (200, "0123456789"),
            "{range}"
        );
    }
}

#[tokio::test]
async fn a_part_is_of_the_plain_file_that_the_condition_names() {
    let server = compressed().await;
    let plain = get(&server, "/").await;
    let packed = get_with(&server, "/", &[("accept-encoding", "br")]).await;
    let range = ("range", "bytes=0-14");
    let of = async |condition: &str| {
        get_with(
            &server,
            "/",
            &[("accept-encoding", "br"), range, ("if-range", condition)],
        )
        .await
    };
    let part = of(plain.header("etag")).await;
    assert_eq!((part.status, part.text()), (206, "<!DOCTYPE HTML>"));
    assert_eq!(of(packed.header("etag")).await.status, 200);
    assert_eq!(of("Wed, 21 Oct 2015 07:28:00 GMT").await.status, 200);
}
