//! `--base-path`: a server below a prefix of its host, behind a proxy that takes the prefix away, and behind one that leaves it.

use std::sync::Arc;

use server::NotStarted;
use server::book::live::LiveBook;
use server::book::source::Source;
use server::config::{IceServers, Proxy, Settings};
use server::doctor::examine;
use tokio::net::TcpListener;

use crate::proxy::{self, Fault};
use crate::qr_code::Modules;
use crate::support::http::{get, get_with, post, request};
use crate::support::{PROGRAM, Peer, Running, Server, guidebook, soon};

const BASE: &str = "/rtc";

fn below(base: &str) -> Settings {
    Settings {
        proxy: Proxy {
            base_path: base.parse().unwrap(),
            ..Proxy::default()
        },
        ..Settings::default()
    }
}

#[tokio::test]
async fn everything_is_below_the_base_path_and_at_the_root() {
    let server = Server::with_settings(below(BASE)).await;
    for prefix in ["", BASE] {
        for path in [
            "/",
            "/connecting/",
            "/stage/runner.html",
            "/code/quickconnect/js/index.js",
            "/healthz",
            "/line",
        ] {
            let answer = get(&server, &format!("{prefix}{path}")).await;
            assert_eq!(answer.status, 200, "{prefix}{path}");
        }
        let ice = post(&server, &format!("{prefix}/ice"), &[], "").await;
        assert_eq!(ice.status, 200);
        let companion = post(&server, &format!("{prefix}/companion"), &[], "room").await;
        assert_eq!(companion.status, 204, "{}", companion.text());
        let may = request(&server, "POST", &format!("{prefix}/primus"), &[]).await;
        assert_eq!(may.status, 204);
    }
    let other = get(&server, "/other/").await;
    assert_eq!(other.status, 404);
}

#[tokio::test]
async fn peers_meet_whether_they_come_by_the_base_path_or_not() {
    let server = Server::with_settings(below(BASE)).await;
    for path in ["/rtc", "/rtc/", "/rtc/primus", "/", "/primus"] {
        let mut peer = Peer::connect_at(&server, path, "a").await.unwrap();
        peer.hears_greeting().await;
    }
    let refused = Peer::connect_at(&server, "/rtcs/", "a").await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn redirects_and_the_page_for_what_is_missing_stay_below_a_prefix_that_only_the_browser_knows()
 {
    let server = Server::with_settings(below(BASE)).await;
    for (path, location) in [
        ("/rtc", "./rtc/"),
        ("/rtc?x=1", "./rtc/?x=1"),
        ("/rtc/connecting", "./connecting/"),
        ("/connecting?x", "./connecting/?x"),
    ] {
        let answer = get(&server, path).await;
        let found = (answer.status, answer.header("location"));
        assert_eq!(found, (308, location), "{path}");
    }
    for (path, base) in [
        ("/rtc/nothing", "./"),
        ("/rtc/no/such/page.html", "./../../"),
        ("/no/page.html", "./../"),
    ] {
        let answer = get(&server, path).await;
        assert_eq!(answer.status, 404);
        let tag = format!("<base href=\"{base}\">");
        assert!(answer.text().contains(&tag), "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_doctor_is_content_behind_either_kind_of_proxy() {
    let server = Server::with_settings(below(BASE)).await;
    let unaware = Server::start().await;
    let leaving = proxy::before(server.address, Fault::None).await;
    let taking = proxy::before(server.address, Fault::Prefix(BASE)).await;
    let taking_unasked = proxy::before(unaware.address, Fault::Prefix(BASE)).await;
    for address in [leaving, taking, taking_unasked] {
        for path in ["/rtc/", "/rtc/connecting/"] {
            let url = format!("http://{address}{path}");
            let report = soon("a report", examine(&url, &IceServers::default(), None)).await;
            assert!(!report.has_failed(), "{report}");
        }
    }
}

#[tokio::test]
async fn a_base_path_that_could_be_a_place_of_the_server_is_refused() {
    let book = Arc::new(LiveBook::open(Source::Embedded).unwrap());
    for base in [
        "/connecting",
        "/workshop/a",
        "/primus",
        "/stage",
        "/v",
        "/index.html",
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let running = server::run(listener, Arc::clone(&book), below(base), async {});
        let error = soon("the refusal", running).await.unwrap_err();
        assert!(matches!(error, NotStarted::BasePath(_)), "{base}: {error}");
        assert!(error.to_string().contains("--base-path"), "{error}");
    }
}

#[test]
fn the_printed_addresses_have_it_and_so_have_codes_and_the_page_join() {
    let alone = Running::start(guidebook(PROGRAM).args(["--base-path", "/rtc/"]));
    let url = format!("http://127.0.0.1:{}/rtc/", alone.port);
    assert!(alone.printed.contains(&url), "{}", alone.printed);

    let mut command = guidebook(PROGRAM);
    command.args(["workshop", "--base-path", BASE]);
    let mut workshop = Running::start(&mut command);
    workshop.prints("Ctrl-C ends the workshop");
    let url = format!("http://127.0.0.1:{}/rtc/", workshop.port);
    assert_eq!(Modules::printed_in(&workshop.printed).read(), url);
    assert!(workshop.get("/rtc/workshop/join.html").contains(&url));
    let code = workshop.get("/rtc/qr?to=connecting/%23demo-createoffer.js");
    let svg = code.split_once("\r\n\r\n").unwrap().1;
    let expected = format!("{url}connecting/#demo-createoffer.js");
    assert_eq!(Modules::drawn_in(svg).read(), expected);

    let named = ["--public-url", "https://book.example"];
    let mut command = guidebook(PROGRAM);
    let mut named = Running::start(command.args(["workshop", "--base-path", BASE]).args(named));
    named.prints("Ctrl-C ends the workshop");
    let read = Modules::printed_in(&named.printed).read();
    assert_eq!(read, "https://book.example/rtc/");
}

#[test]
fn a_base_path_that_is_no_path_ends_the_program_with_an_example() {
    let output = guidebook(PROGRAM).args(["--base-path", "rtc"]).output();
    let output = output.unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("such as /rtc"), "{error}");
}

fn behind(proxy: &str) -> Settings {
    let mut settings = below(BASE);
    settings.access.trusted_proxy = vec![proxy.parse().unwrap()];
    settings.access.host_name = vec!["book.example".parse().unwrap()];
    settings
}

#[tokio::test]
async fn a_trusted_proxy_says_by_which_host_it_was_asked() {
    let server = Server::with_settings(behind("127.0.0.1")).await;
    let page = [
        ("host", "upstream:8000"),
        ("x-forwarded-host", "evil.example, book.example"),
        ("origin", "https://book.example"),
    ];
    let answer = post(&server, "/rtc/ice", &page, "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let frame = get_with(&server, "/rtc/stage/runner.html", &page).await;
    let policy = frame.header("content-security-policy");
    assert!(policy.contains("http://book.example"), "{policy}");

    let elsewhere = [page[0], ("x-forwarded-host", "evil.example")];
    assert_eq!(get_with(&server, "/", &elsewhere).await.status, 421);
    let nonsense = [page[0], ("x-forwarded-host", "a b")];
    assert_eq!(get_with(&server, "/", &nonsense).await.status, 400);
    let empty = [("host", "book.example"), ("x-forwarded-host", "")];
    assert_eq!(get_with(&server, "/", &empty).await.status, 200);
}

#[tokio::test]
async fn nobody_else_is_believed() {
    let server = Server::with_settings(behind("192.0.2.1")).await;
    let claims = [
        ("host", "evil.example"),
        ("x-forwarded-host", "book.example"),
    ];
    assert_eq!(get_with(&server, "/rtc/", &claims).await.status, 421);
}
