//! `guidebook doctor`: what it says of a server that works, and of what is no server.

use server::doctor::{Verdict, examine};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::support::{Server, soon};

#[tokio::test]
async fn of_a_server_that_works_every_row_is_good_and_each_step_has_its_time() {
    let server = Server::start().await;
    let report = soon("a report", examine(&format!("http://{}", server.address))).await;
    for row in &report.rows {
        let is_good = row.verdict == Verdict::Good;
        assert!(is_good || row.verdict == Verdict::Skipped, "{row:?}");
    }
    let timed = report.rows.iter().filter(|row| row.took.is_some());
    let timed: Vec<_> = timed.map(|row| row.check).collect();
    assert_eq!(
        timed,
        [
            "page",
            "library",
            "signaling",
            "announce",
            "connection",
            "data channel"
        ]
    );
}

#[tokio::test]
async fn where_nothing_listens_it_says_so() {
    let server = Server::start().await;
    let url = format!("http://{}", server.address);
    server.stop().await;
    let report = soon("a report", examine(&url)).await;
    assert!(report.has_failed());
    assert!(
        report.to_string().contains("Is the server running"),
        "{report}"
    );
}

#[tokio::test]
async fn what_speaks_no_http_and_what_is_no_address_are_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.write_all(b"220 mail.example ESMTP\r\n").await;
        }
    });
    for (url, says) in [
        (format!("http://{address}"), "does not speak HTTP"),
        (format!("https://{address}"), "certificate"),
        ("the server".to_owned(), "is not an address"),
    ] {
        let report = soon("a report", examine(&url)).await;
        assert!(report.has_failed());
        assert!(report.to_string().contains(says), "{report}");
    }
}
