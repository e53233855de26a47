//! The host's page on another device: over TLS, by a code that is made on the host's page of the machine.

use serde_json::Value;
use server::host_access::guesses;
use tokio_tungstenite::tungstenite::Error;

use crate::host::{next, workshop};
use crate::qr_code::Modules;
use crate::support::http::{Answer, exchange, exchange_over};
use crate::support::tls::{Certificate, Trusted};
use crate::support::{Peer, Server};

const SESSION: &str = "/workshop/host/session";
const CODE: &str = "/workshop/host/code";
const SOCKET: &str = "/workshop/host";

/// The address that the workshop of the tests gives to everybody, and its origins.
const HOST: &str = "192.0.2.5:8000";
const SECURE: &str = "https://192.0.2.5:8000";
const PLAIN: &str = "http://192.0.2.5:8000";

/// A host at the machine, and one who may come from elsewhere.
struct Workshop {
    server: Server,
    trusted: Trusted,
    /// Of the session on the machine.
    cookie: String,
}

impl Workshop {
    async fn begin() -> Self {
        let certificate = Certificate::new();
        let server = Server::of_workshop_with_tls(&certificate.tls()).await;
        let cookie = cookie_on_machine(&server).await;
        Self {
            server,
            trusted: certificate.trusted(),
            cookie,
        }
    }

    /// What the page on the machine gets when it asks for a code.
    async fn invitation(&self) -> Value {
        let answer = on_machine(&self.server, CODE, &[("cookie", &self.cookie)], "").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        serde_json::from_str(answer.text()).unwrap()
    }

    async fn code(&self) -> String {
        let invitation = self.invitation().await;
        let url = invitation["url"].as_str().unwrap();
        url.split_once("#code=").unwrap().1.to_owned()
    }

    /// A request of a page of this origin, over TLS.
    async fn elsewhere(
        &self,
        method: &str,
        path: &str,
        origin: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let stream = self.trusted.connect(self.server.address).await.unwrap();
        let mut all = vec![("host", HOST), ("origin", origin)];
        all.extend(headers);
        exchange_over(stream, method, path, &all, body).await
    }

    /// The cookie of a session over TLS.
    async fn session(&self) -> String {
        let code = self.code().await;
        let opened = self.elsewhere("POST", SESSION, SECURE, &[], &code).await;
        assert_eq!(opened.status, 204, "{}", opened.text());
        cookie(&opened)
    }

    async fn connect(&self, origin: &str, cookie: &str) -> Result<Peer, Error> {
        let headers = [("host", HOST), ("origin", origin), ("cookie", cookie)];
        Peer::connect_over_tls_at(&self.server, &self.trusted, SOCKET, &headers, "host").await
    }
}

fn cookie(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie").split(';').next();
    cookie.unwrap().to_owned()
}

/// A request of the page on the machine.
async fn on_machine(server: &Server, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let host = server.address.to_string();
    let origin = format!("http://{host}");
    let mut all = vec![("host", &*host), ("origin", &*origin)];
    all.extend(headers);
    exchange(server, "POST", path, &all, body).await
}

async fn cookie_on_machine(server: &Server) -> String {
    let code = server.host_access.make_code(std::time::Instant::now());
    let opened = on_machine(server, SESSION, &[], &code.unwrap().reveal()).await;
    assert_eq!(opened.status, 204, "{}", opened.text());
    cookie(&opened)
}

#[tokio::test]
async fn a_code_of_the_hosts_page_opens_it_on_another_device_once_and_over_tls() {
    let workshop = Workshop::begin().await;
    let invitation = workshop.invitation().await;
    let url = invitation["url"].as_str().unwrap();
    let svg = invitation["svg"].as_str().unwrap();
    assert_eq!(Modules::drawn_in(svg).read(), url);
    let begin = format!("{SECURE}/workshop/host.html#code=");
    let code = url.strip_prefix(&begin).unwrap();
    let opened = workshop.elsewhere("POST", SESSION, SECURE, &[], code).await;
    assert_eq!(opened.status, 204, "{}", opened.text());
    let set = opened.header("set-cookie");
    assert!(set.starts_with("__Host-guidebook-host-8000="), "{set}");
    assert!(
        set.ends_with("; HttpOnly; SameSite=Strict; Path=/; Secure"),
        "{set}"
    );
    let cookie = cookie(&opened);
    let shown = [("cookie", &*cookie)];
    let asked = workshop.elsewhere("GET", SESSION, SECURE, &shown, "").await;
    assert_eq!(asked.status, 204);
    let mut page = workshop.connect(SECURE, &cookie).await.unwrap();
    assert_eq!(next(&mut page).await["type"], "view");
    // It has been used up.
    let again = workshop.elsewhere("POST", SESSION, SECURE, &[], code).await;
    assert_eq!(again.status, 403);
    assert!(again.text().contains("works once"), "{}", again.text());
    let ended = workshop
        .elsewhere("DELETE", SESSION, SECURE, &shown, "")
        .await;
    assert_eq!(ended.status, 204);
    assert!(ended.header("set-cookie").ends_with("; Secure; Max-Age=0"));
}

#[tokio::test]
async fn without_tls_the_host_is_told_what_to_start_and_why() {
    let server = workshop().await;
    let cookie = cookie_on_machine(&server).await;
    let refused = on_machine(&server, CODE, &[("cookie", &cookie)], "").await;
    assert_eq!(refused.status, 409);
    for says in ["--tls", "everybody in this Wi-Fi could read"] {
        assert!(refused.text().contains(says), "{}", refused.text());
    }
}

#[tokio::test]
async fn over_plain_http_neither_a_code_nor_a_session_is_good_at_the_address_for_others() {
    let workshop = Workshop::begin().await;
    let (code, session) = (workshop.code().await, workshop.session().await);
    let keys = session.replace("__Host-", "");
    for cookie in [&session, &keys] {
        let headers = [("host", HOST), ("origin", PLAIN), ("cookie", cookie)];
        for method in ["POST", "GET", "DELETE"] {
            let answer = exchange(&workshop.server, method, SESSION, &headers, &code).await;
            assert_eq!(answer.status, 403, "{method}");
            assert!(answer.text().contains("Press Enter"), "{}", answer.text());
        }
        let path = Peer::connect_at_with(&workshop.server, SOCKET, &headers, "host").await;
        assert!(matches!(path, Err(Error::Http(response)) if response.status() == 403));
    }
    // It is not used up.
    let opened = workshop
        .elsewhere("POST", SESSION, SECURE, &[], &code)
        .await;
    assert_eq!(opened.status, 204);
}

#[tokio::test]
async fn over_tls_a_page_of_another_origin_or_one_that_came_plainly_is_refused() {
    let workshop = Workshop::begin().await;
    let cookie = workshop.session().await;
    let shown = [("cookie", &*cookie)];
    for origin in [
        PLAIN,
        "null",
        "https://192.0.2.5:8001",
        "https://stranger.example",
    ] {
        let code = workshop.code().await;
        let opened = workshop
            .elsewhere("POST", SESSION, origin, &[], &code)
            .await;
        assert_eq!(opened.status, 403, "{origin}");
        let ended = workshop
            .elsewhere("DELETE", SESSION, origin, &shown, "")
            .await;
        assert_eq!(ended.status, 403, "{origin}");
        let connected = workshop.connect(origin, &cookie).await;
        let is_refused =
            matches!(connected, Err(Error::Http(response)) if response.status() == 403);
        assert!(is_refused, "{origin}");
    }
    workshop.connect(SECURE, &cookie).await.unwrap();
}

#[tokio::test]
async fn only_a_host_at_the_machine_gets_a_code_for_another_device() {
    let workshop = Workshop::begin().await;
    let Workshop { server, cookie, .. } = &workshop;
    let without = on_machine(server, CODE, &[], "").await;
    assert_eq!(without.status, 403);
    assert!(without.text().contains("no session"), "{}", without.text());
    let by_proxy = [("cookie", &**cookie), ("x-forwarded-for", "127.0.0.1")];
    assert_eq!(on_machine(server, CODE, &by_proxy, "").await.status, 403);
    let host = server.address.to_string();
    let other = [
        ("host", &*host),
        ("origin", "http://localhost:3000"),
        ("cookie", &**cookie),
    ];
    let other = exchange(server, "POST", CODE, &other, "").await;
    assert_eq!(other.status, 403);
    // Nor does the host elsewhere.
    let session = workshop.session().await;
    let shown = [("cookie", &*session)];
    let asked = workshop.elsewhere("POST", CODE, SECURE, &shown, "").await;
    assert_eq!(asked.status, 403);
    let says = asked.text();
    assert!(says.contains("on the machine that runs"), "{says}");
}

#[tokio::test]
async fn a_proxy_that_speaks_tls_with_the_server_is_no_host() {
    let workshop = Workshop::begin().await;
    for header in [
        ("x-forwarded-for", "192.0.2.9"),
        ("forwarded", "for=192.0.2.9"),
        ("via", "1.1 proxy"),
    ] {
        let code = workshop.code().await;
        let opened = workshop
            .elsewhere("POST", SESSION, SECURE, &[header], &code)
            .await;
        assert_eq!(opened.status, 403, "{header:?}");
    }
}

#[tokio::test]
async fn guesses_over_tls_end_in_a_minute_without_answers() {
    let workshop = Workshop::begin().await;
    let wrong = "AAAAAAAAAAAAAAAAAAAAAA";
    let code = workshop.code().await;
    for _ in 0..guesses::MAX_WRONG {
        let guessed = workshop
            .elsewhere("POST", SESSION, SECURE, &[], wrong)
            .await;
        assert_eq!(guessed.status, 403);
        assert_eq!(guessed.header("set-cookie"), "");
    }
    let refused = workshop
        .elsewhere("POST", SESSION, SECURE, &[], &code)
        .await;
    assert_eq!(refused.status, 403);
    assert!(
        refused.text().contains("Too many wrong"),
        "{}",
        refused.text()
    );
}
