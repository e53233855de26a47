//! What pages may ask for, and which pages.

use std::net::UdpSocket;

use super::*;

const BOTH_OPEN: &str = r#"{"a": "open", "b": "open"}"#;

#[tokio::test]
async fn what_a_page_gets_wrong_is_said() {
    let server = Server::start().await;
    for (body, says) in [
        ("{}", "missing field `a`"),
        (r#"{"a": "cone", "b": "open"}"#, "unknown variant `cone`"),
        (r#"{"a": 5, "b": "open"}"#, "invalid type"),
        (
            r#"{"a": {"timeout": 0}, "b": "open"}"#,
            "timeout is 0, which is out of range",
        ),
        (
            r#"{"a": "open", "b": "open", "c": "open"}"#,
            "unknown field `c`",
        ),
    ] {
        let answer = http::post(&server, "/lab", &[], body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.text().contains(says), "{body}: {}", answer.text());
    }
    for method in ["GET", "PATCH", "DELETE"] {
        let answer = http::exchange(&server, method, "/lab/anything", &[], "{}").await;
        assert_eq!(answer.status, 404, "{method}");
        assert!(answer.text().contains("no such lab"), "{}", answer.text());
    }
}

#[tokio::test]
async fn only_pages_and_frames_of_the_book_may_ask() {
    let server = Server::start().await;
    let with_proof = format!("/lab?{}", server.proof());
    for (path, origin, status) in [
        ("/lab", "http://localhost", 201),
        (&with_proof, "null", 201),
        ("/lab", "null", 403),
        ("/lab", "http://elsewhere.example", 403),
    ] {
        let answer = http::post(&server, path, &[("origin", origin)], BOTH_OPEN).await;
        assert_eq!(answer.status, status, "{path} {origin}");
    }
}

#[tokio::test]
async fn there_are_as_many_labs_as_flags_say_and_their_ports_are_free_when_they_end() {
    for ((max, of_address), status, says) in [
        ((5, 1), 429, "--max-labs-per-address"),
        ((1, 5), 503, "--max-labs)"),
    ] {
        let server = with_labs(max, of_address).await;
        let lab = Lab::open(&server, &json!({ "a": "open", "b": "open" })).await;
        let refused = http::post(&server, "/lab", &[], BOTH_OPEN).await;
        assert_eq!(refused.status, status);
        assert!(refused.text().contains(says), "{}", refused.text());
        let ended = http::request(&server, "DELETE", &lab.path, &[]).await;
        assert_eq!(ended.status, 204);
        UdpSocket::bind(agent::endpoint(&lab.opened["a"]["stun"])).unwrap();
        UdpSocket::bind(agent::endpoint(&lab.opened["b"]["candidates"][0])).unwrap();
        Lab::open(&server, &json!({ "a": "open", "b": "open" })).await;
    }
}

#[tokio::test]
async fn strangers_of_a_lab_get_nothing_through() {
    let server = Server::start().await;
    let lab = Lab::open(&server, &json!({ "a": "open", "b": "open" })).await;
    let mut agents = lab.agents().await;
    assert!(find_a_way(&mut agents).await);
    let before = lab.get("/packets").await;
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = agent::endpoint(&lab.opened["b"]["candidates"][0]);
    stranger.send_to(b"stranger", port).unwrap();
    // What a peer sends behind it is there, and it is not.
    assert!(find_a_way(&mut agents).await);
    let after = lab.get("/packets").await;
    let count = |seen: &Value| seen["packets"].as_array().unwrap().len();
    assert!(count(&after) > count(&before));
    assert!(!after.to_string().contains("\"length\":8,"));
}
