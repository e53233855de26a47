//! What pages may ask for, and which pages.

use server::config::Limits;

use super::*;

const NOBODYS: &str = "/line/00000000000000000000000000000000";

#[tokio::test]
async fn what_a_page_gets_wrong_is_said_and_changes_nothing() {
    let server = Server::start().await;
    let mut line = Line::open(&server, &json!({})).await;
    let before = line.order(json!({ "set": { "loss": 5 } })).await;
    for (body, says) in [
        ("", "EOF"),
        ("5", "invalid type"),
        (r#"{"los": 5}"#, "unknown field `los`"),
        (r#"{"set": {"los": 5}}"#, "unknown field `los`"),
        (
            r#"{"set": {"loss": 101}, "rebind": "a"}"#,
            "loss is 101, which is out of range: it may be 0 to 100 per cent",
        ),
        (r#"{"set": {"loss": 7}, "preset": "pigeon"}"#, "pigeon"),
        (
            r#"{"timeline": [{"at": 1, "set": {"delay": -1}}]}"#,
            "step 1: delay is -1",
        ),
        (r#"{"rebind": "c"}"#, "unknown variant `c`"),
        (
            r#"{"credentials": {"a": {"ufrag": "abcd", "password": "short"}}}"#,
            "password",
        ),
        (
            r#"{"credentials": {"a": {"ufrag": "ab:cd", "password": "longlonglonglonglonglong"}}}"#,
            "ufrag",
        ),
    ] {
        let answer = http::exchange(&server, "PATCH", &line.path, &[], body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.text().contains(says), "{body}: {}", answer.text());
        assert!(answer.header("content-type").starts_with("text/plain"));
    }
    let after = line.look().await;
    assert_eq!(after["a"], before["a"]);
    assert_eq!(after["a_to_b"], before["a_to_b"]);
    for body in [
        "",
        r#"{"settings": {"a_to_b": {"rate": 0.5}}}"#,
        r#"{"set": {}}"#,
    ] {
        let answer = http::post(&server, "/line", &[], body).await;
        assert_eq!(answer.status, 400, "{body}");
    }
    let large = format!("{{}}{}", " ".repeat(40_000));
    assert_eq!(http::post(&server, "/line", &[], &large).await.status, 413);
}

#[tokio::test]
async fn a_line_that_is_not_there_is_not_found() {
    let server = Server::start().await;
    let line = Line::open(&server, &json!({})).await;
    assert_eq!(line.delete().await, 204);
    for path in [&line.path, NOBODYS, "/line/anything"] {
        for method in ["GET", "PATCH", "DELETE"] {
            let answer = http::exchange(&server, method, path, &[], "{}").await;
            assert_eq!(answer.status, 404, "{method} {path}");
            assert!(answer.text().contains("no such line"), "{}", answer.text());
        }
    }
}

#[tokio::test]
async fn its_ports_are_free_when_a_line_was_ended() {
    let server = Server::start().await;
    let (line, ..) = connected(&server, json!({})).await;
    assert_eq!(line.delete().await, 204);
    for port in [line.a, line.b] {
        UdpSocket::bind(port).await.unwrap();
    }
}

#[tokio::test]
async fn only_pages_and_frames_of_the_book_may_ask() {
    let server = Server::start().await;
    let with_proof = |path: &str| format!("{path}?{}", server.proof());
    let ask = async |method: &str, path: &str, origin: &str| {
        let head = [("origin", origin)];
        http::exchange(&server, method, path, &head, "{}").await
    };
    let line = Line::open(&server, &json!({})).await;
    // The tests' requests are for the host `localhost`.
    for (method, path, status) in [
        ("GET", "/line", 200),
        ("POST", "/line", 201),
        ("GET", &line.path, 200),
        ("PATCH", &line.path, 200),
        ("OPTIONS", &line.path, 204),
        ("OPTIONS", "/line", 204),
    ] {
        let page = ask(method, path, "http://localhost").await;
        assert_eq!(page.status, status, "{method} {path}");
        let frame = ask(method, &with_proof(path), "null").await;
        assert_eq!(frame.status, status, "{method} {path}");
        assert_eq!(frame.header("access-control-allow-origin"), "*");
        for origin in ["null", "http://elsewhere.example"] {
            let stranger = ask(method, path, origin).await;
            assert_eq!(stranger.status, 403, "{method} {path} {origin}");
        }
    }
    let asked = ask("OPTIONS", &with_proof(&line.path), "null").await;
    let methods = asked.header("access-control-allow-methods");
    assert!(methods.contains("PATCH") && methods.contains("DELETE"));
    let headers = asked.header("access-control-allow-headers");
    assert_eq!(headers, "content-type");
    // A frame can read why it is refused.
    let refused = ask("GET", &with_proof(NOBODYS), "null").await;
    assert_eq!(refused.header("access-control-allow-origin"), "*");
    assert_eq!(ask("DELETE", &line.path, "null").await.status, 403);
    assert_eq!(line.delete().await, 204);
}

#[tokio::test]
async fn a_server_without_lines_says_so() {
    let limits = Limits {
        no_line: true,
        ..Limits::default()
    };
    let server = Server::with_limits(limits).await;
    for (method, path) in [
        ("GET", "/line"),
        ("POST", "/line"),
        ("GET", NOBODYS),
        ("PATCH", NOBODYS),
        ("DELETE", NOBODYS),
    ] {
        let answer = http::exchange(&server, method, path, &[], "{}").await;
        assert_eq!(answer.status, 404, "{method} {path}");
        assert!(answer.text().contains("--no-line"), "{}", answer.text());
    }
}
