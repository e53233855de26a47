//! Who may talk to the server: by which names of it, which pages, and for whom a proxy asks.

use server::config::{Access, Admin, Limits, Settings};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::support::{Peer, Server, http};

fn settings(access: Access) -> Settings {
    Settings {
        access,
        ..Settings::default()
    }
}

fn named(names: &[&str]) -> Access {
    Access {
        host_name: names.iter().map(|name| name.parse().unwrap()).collect(),
        ..Access::default()
    }
}

/// The status that a WebSocket with these headers gets, and what the response says if it is refused.
async fn answer(server: &Server, path: &str, headers: &[(&'static str, &str)]) -> (u16, String) {
    match Peer::connect_at_with(server, path, headers, "a").await {
        Ok(mut peer) => {
            peer.hears_greeting().await;
            (101, String::new())
        }
        Err(Error::Http(response)) => {
            let body = response.body().clone().unwrap_or_default();
            (response.status().as_u16(), String::from_utf8(body).unwrap())
        }
        Err(error) => panic!("{error}"),
    }
}

/// The status that a page of this origin gets for its WebSocket.
async fn status(server: &Server, origin: &str) -> u16 {
    answer(server, "/", &[("origin", origin)]).await.0
}

/// The same for a frame of the book.
async fn status_of_frame(server: &Server) -> u16 {
    let path = format!("/?{}", server.proof());
    answer(server, &path, &[("origin", "null")]).await.0
}

#[tokio::test]
async fn own_pages_and_own_frames_may_signal_and_strangers_may_not() {
    let server = Server::start().await;
    assert_eq!(
        status(&server, &format!("http://{}", server.address)).await,
        101
    );
    Peer::connect_as_frame(&server, "a").await;
    assert_eq!(status(&server, "https://stranger.example").await, 403);
    let (status, says) = answer(&server, "/", &[("origin", "null")]).await;
    assert_eq!(status, 403);
    assert!(says.starts_with("Origin: null, and no proof"), "{says}");
}

#[tokio::test]
async fn strangers_can_be_allowed_and_sandboxed_frames_refused() {
    let server = Server::with_settings(settings(Access {
        allow_origin: vec!["https://friend.example:443".parse().unwrap()],
        refuse_null_origin: true,
        ..Access::default()
    }))
    .await;
    assert_eq!(status(&server, "https://friend.example").await, 101);
    assert_eq!(status(&server, "https://stranger.example").await, 403);
    assert_eq!(status_of_frame(&server).await, 403);
}

#[tokio::test]
async fn a_frame_of_a_server_that_was_started_again_needs_its_new_proof() {
    let server = Server::start().await;
    let (address, before) = (server.address, format!("/?{}", server.proof()));
    server.stop().await;
    let server = Server::start_anew_at(address).await;
    let (status, _) = answer(&server, &before, &[("origin", "null")]).await;
    assert_eq!(status, 403);
    assert_eq!(status_of_frame(&server).await, 101);
}

#[tokio::test]
async fn the_proof_stands_in_the_pages_and_in_nothing_that_another_site_can_read() {
    let server = Server::start().await;
    let parameter = server.proof();
    let secret = parameter.strip_prefix("proof=").unwrap();
    assert_eq!(secret.len(), 32);
    let book = server.book.current();
    let mut pages = 0;
    for path in book.paths() {
        let answer = http::get(&server, &format!("/{path}")).await;
        let has_it = String::from_utf8_lossy(&answer.body).contains(secret);
        assert!(
            !has_it || answer.header("access-control-allow-origin").is_empty(),
            "{path}"
        );
        if has_it {
            assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
            pages += 1;
        }
    }
    assert!(pages > 5, "{pages}");
    let page = http::get(&server, "/").await;
    let meta = format!("<meta name=\"guidebook-proof\" content=\"{secret}\">");
    assert!(page.text().contains(&meta));
}

#[tokio::test]
async fn a_name_that_leads_here_and_was_not_named_gets_nothing() {
    let server = Server::with_settings(Settings {
        admin: Admin {
            metrics: true,
            ..Admin::default()
        },
        ..Settings::default()
    })
    .await;
    let port = server.address.port();
    // The page of a site whose name was made to lead to this server.
    let (host, origin) = (
        format!("evil.example:{port}"),
        format!("http://evil.example:{port}"),
    );
    let headers = [("host", &*host), ("origin", &*origin)];
    let (status, says) = answer(&server, "/", &headers).await;
    assert_eq!(status, 421);
    assert!(
        says.starts_with(&format!("Host: {host} is not a name of this server."))
            && says.contains("--host-name evil.example."),
        "{says}"
    );
    for path in ["/", "/metrics", "/stage/runner.html", "/nothing"] {
        let answer = http::get_with(&server, path, &[("host", &host)]).await;
        assert_eq!(answer.status, 421, "{path}");
        assert!(answer.text().contains("--host-name"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
    let invited = http::post(&server, "/companion", &headers, "r").await;
    assert_eq!(invited.status, 421);
    let numbers = http::get(&server, "/metrics").await;
    assert!(
        numbers
            .text()
            .contains("guidebook_refusals_total{code=\"host\"} 6\n"),
        "{}",
        numbers.text()
    );
}

#[tokio::test]
async fn a_server_answers_at_its_names_at_any_port_and_at_every_address() {
    let server = Server::with_settings(settings(named(&["book.example", "laptop.local"]))).await;
    for host in [
        "book.example",
        "Laptop.local:8000",
        "127.0.0.1:8080",
        "192.0.2.7:8000",
        "[::1]:8000",
        "localhost:1234",
        "book.localhost",
    ] {
        let origin = format!("http://{}", host.to_ascii_lowercase());
        let headers = [("host", host), ("origin", &*origin)];
        assert_eq!(answer(&server, "/", &headers).await.0, 101, "{host}");
        let page = http::get_with(&server, "/", &headers[..1]).await;
        assert_eq!(page.status, 200, "{host}");
    }
    let page = http::get_with(&server, "/", &[("host", "other.example")]).await;
    assert_eq!(page.status, 421);
}

#[tokio::test]
async fn the_address_for_metrics_answers_at_the_same_names_and_health_at_every_name() {
    let (server, address) = Server::with_metrics_listener().await;
    let evil = [("host", "evil.example")];
    assert_eq!(
        http::get_at_with(address, "/metrics", &evil).await.status,
        421
    );
    assert_eq!(
        http::get_at_with(address, "/metrics", &[]).await.status,
        200
    );
    let page = [("origin", "http://evil.example")];
    assert_eq!(
        http::get_at_with(address, "/metrics", &page).await.status,
        403
    );
    for address in [address, server.address] {
        for path in ["/healthz", "/readyz"] {
            assert_eq!(http::get_at_with(address, path, &evil).await.status, 200);
        }
    }
}

#[tokio::test]
async fn signaling_the_companion_and_the_page_that_asks_why_hear_the_same() {
    let server = Server::with_settings(settings(named(&["book.example"]))).await;
    for (host, origin, is_let_in) in [
        ("book.example:80", "http://book.example", true),
        ("book.example:443", "https://book.example", true),
        ("127.0.0.1:8804", "http://book.example:8080", false),
        ("book.example", "http://book.example:8080", false),
    ] {
        let headers = [("host", host), ("origin", origin)];
        let (status, says) = answer(&server, "/", &headers).await;
        let invited = http::post(&server, "/companion", &headers, "r").await;
        let asked = http::post(&server, "/primus", &headers, "").await;
        if is_let_in {
            let statuses = (status, invited.status, asked.status);
            assert_eq!(statuses, (101, 204, 204), "{origin}");
            continue;
        }
        let expected = format!("Host: {host} does not match Origin: {origin}.");
        for (status, says) in [
            (status, &*says),
            (invited.status, invited.text()),
            (asked.status, asked.text()),
        ] {
            assert_eq!(status, 403, "{says}");
            assert!(says.starts_with(&expected), "{says}");
        }
    }
}

#[tokio::test]
async fn a_page_of_another_site_can_read_why_it_is_refused_and_by_which_flag_it_is_let_in() {
    let server = Server::start().await;
    for origin in ["https://stranger.example", "null"] {
        let refused = http::post(&server, "/primus", &[("origin", origin)], "").await;
        assert_eq!(refused.status, 403);
        assert_eq!(refused.header("access-control-allow-origin"), "*");
        assert!(refused.text().contains("--allow-origin"), "{origin}");
    }
    let named = [
        ("host", "other.example"),
        ("origin", "https://stranger.example"),
    ];
    let refused = http::post(&server, "/primus", &named, "").await;
    assert_eq!(refused.status, 421);
    assert_eq!(refused.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn a_page_of_another_site_can_read_no_other_refusal_of_its_origin() {
    let server = Server::start().await;
    for path in ["/companion", "/ice"] {
        let stranger = [("origin", "https://stranger.example")];
        let refused = http::post(&server, path, &stranger, "r").await;
        assert_eq!(refused.status, 403, "{path}");
        let readable_by = refused.header("access-control-allow-origin");
        assert_eq!(readable_by, "", "{path}");
    }
}

#[tokio::test]
async fn a_page_asks_why_its_frames_are_refused() {
    let server = Server::start().await;
    let asked = async |proof: &str| {
        let headers = [("origin", &*format!("http://{}", server.address))];
        http::post(&server, &format!("/primus?{proof}"), &headers, "").await
    };
    assert_eq!(asked(&server.proof()).await.status, 204);
    let refused = asked("proof=0").await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().starts_with("Origin: null, and no proof"));
}

#[tokio::test]
async fn whom_a_trusted_proxy_asks_for_counts_instead_of_the_proxy() {
    let server = Server::with_settings(Settings {
        access: Access {
            trusted_proxy: vec!["127.0.0.1".parse().unwrap()],
            ..Access::default()
        },
        limits: Limits {
            max_connections_per_address: 1,
            ..Limits::default()
        },
        ..Settings::default()
    })
    .await;
    let connect = async |address| {
        let headers = [("x-forwarded-for", address)];
        Peer::connect_with(&server, &headers, "a").await.unwrap()
    };
    let mut one = connect("192.0.2.1").await;
    one.hears_greeting().await;
    let mut other = connect("192.0.2.2").await;
    other.hears_greeting().await;
    // Some proxies add the port of the connection.
    let mut with_port = connect("[2001:db8::1]:443").await;
    with_port.hears_greeting().await;
    for address in [
        "198.51.100.1, 192.0.2.1",
        "192.0.2.1:5123",
        "[2001:db8::1]:444",
    ] {
        let mut same = connect(address).await;
        same.hears_error("too-many-connections-per-address").await;
        assert_eq!(same.is_closed().await, CloseCode::Again);
    }
}

#[tokio::test]
async fn nobody_else_is_believed() {
    let server = Server::with_limits(Limits {
        max_connections_per_address: 1,
        ..Limits::default()
    })
    .await;
    let headers = [("x-forwarded-for", "192.0.2.1")];
    let mut one = Peer::connect_with(&server, &headers, "a").await.unwrap();
    one.hears_greeting().await;
    let headers = [("x-forwarded-for", "192.0.2.2")];
    let mut other = Peer::connect_with(&server, &headers, "a").await.unwrap();
    other.hears_error("too-many-connections-per-address").await;
}
