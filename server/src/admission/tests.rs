#![allow(clippy::unwrap_used)]

use axum::http::HeaderValue;

use super::*;
use crate::test_headers::headers;

fn admission(access: Access) -> Admission {
    Admission::new(Arc::new(access), Proof::random())
}

fn named(name: &str) -> Access {
    Access {
        host_name: vec![name.parse().unwrap()],
        ..Access::default()
    }
}

fn admits(access: &Access, host: &str, origin: &str) -> bool {
    let headers = headers(&[("host", host), ("origin", origin)]);
    admission(access.clone())
        .admit(&headers, &Uri::default())
        .is_ok()
}

#[test]
fn the_own_origin_and_none_are_admitted() {
    let access = named("book.example");
    let without = headers(&[("host", "book.example")]);
    assert!(
        admission(access.clone())
            .admit(&without, &Uri::default())
            .is_ok()
    );
    for origin in [
        "http://book.example:8000",
        "https://book.example:8000",
        "HTTP://Book.example:8000",
    ] {
        assert!(admits(&access, "book.example:8000", origin), "{origin}");
    }
    for origin in [
        "http://other.example:8000",
        "http://book.example",
        "http://book.example:8001",
        "ftp://book.example:8000",
        "http://book.example:8000.evil.example",
        "book.example:8000",
        "",
    ] {
        assert!(!admits(&access, "book.example:8000", origin), "{origin}");
    }
}

#[test]
fn the_usual_port_may_be_named_or_not() {
    let access = named("book.example");
    for [host, origin] in [
        ["book.example:443", "https://book.example"],
        ["book.example:80", "http://book.example"],
    ] {
        assert!(admits(&access, host, origin), "{host} {origin}");
    }
    assert!(!admits(&access, "book.example:80", "https://book.example"));
}

#[test]
fn other_origins_are_admitted_when_they_are_named() {
    let access = Access {
        allow_origin: vec!["https://App.example".parse().unwrap()],
        ..Access::default()
    };
    assert!(admits(&access, "localhost:8000", "https://app.example"));
    assert!(!admits(&access, "localhost:8000", "http://app.example"));
    for (allowed, sent) in [
        ("https://app.example:443", "https://app.example"),
        ("http://app.example:80", "http://app.example"),
        ("https://app.example", "https://app.example:443"),
        ("https://app.example:8443", "https://app.example:8443"),
        (
            "https://b\u{fc}cher.example",
            "https://xn--bcher-kva.example",
        ),
        ("http://[2001:db8:0::1]:80", "http://[2001:db8::1]"),
        ("tauri://localhost", "tauri://localhost"),
    ] {
        let access = Access {
            allow_origin: vec![allowed.parse().unwrap()],
            ..Access::default()
        };
        assert!(admits(&access, "localhost:8000", sent), "{allowed}");
        let other = "https://other.example";
        assert!(!admits(&access, "localhost:8000", other), "{allowed}");
    }
    let every = Access {
        allow_origin: vec!["*".parse().unwrap()],
        ..Access::default()
    };
    assert!(admits(&every, "localhost:8000", "https://any.example"));
}

#[test]
fn a_frame_is_admitted_with_the_proof_of_this_server_and_no_other() {
    let ours = admission(Access::default());
    let frame = headers(&[("host", "localhost:8000"), ("origin", "null")]);
    let admits = |uri: &str| ours.admit(&frame, &uri.parse().unwrap());
    let proof = ours.proof.parameter();
    for uri in [
        format!("/?{proof}"),
        format!("/primus?room=x&{proof}"),
        format!("/?{proof}&room=x"),
    ] {
        assert_eq!(admits(&uri), Ok(()), "{uri}");
    }
    let other = Proof::random().parameter();
    for uri in [
        "/".to_owned(),
        "/?proof=".to_owned(),
        format!("/?{other}"),
        format!("/?un{proof}"),
        format!("/?{other}&{proof}"),
    ] {
        assert_eq!(admits(&uri), Err(Refusal::Proof), "{uri}");
    }
}

#[test]
fn frames_can_be_refused_and_are_of_every_origin() {
    let frame = headers(&[("host", "localhost:8000"), ("origin", "null")]);
    let refusing = admission(Access {
        refuse_null_origin: true,
        allow_origin: vec!["*".parse().unwrap()],
        ..Access::default()
    });
    let uri = format!("/?{}", refusing.proof.parameter()).parse().unwrap();
    assert_eq!(refusing.admit(&frame, &uri), Err(Refusal::NullOrigin));
    let every = admission(Access {
        allow_origin: vec!["*".parse().unwrap()],
        ..Access::default()
    });
    assert_eq!(every.admit(&frame, &Uri::default()), Ok(()));
}

#[test]
fn a_page_of_this_server_is_none_that_a_flag_lets_in_and_no_frame() {
    let ours = admission(Access {
        allow_origin: vec!["*".parse().unwrap()],
        ..Access::default()
    });
    let admits = |pairs: &[(&'static str, &str)]| {
        let page = ours.admit_own_page(&headers(pairs));
        page.map_err(|refusal| refusal.code())
    };
    let host = ("host", "localhost:8000");
    let own = ("origin", "http://localhost:8000");
    assert_eq!(admits(&[host, own]), Ok(()));
    for origin in ["null", "http://localhost:3000", "https://friend.example"] {
        assert_eq!(
            admits(&[host, ("origin", origin)]),
            Err("origin"),
            "{origin}"
        );
    }
    assert_eq!(admits(&[host]), Err("origin"));
    assert_eq!(admits(&[own]), Err("origin"));
    let others = [("host", "evil.example"), ("origin", "http://evil.example")];
    assert_eq!(admits(&others), Err("host"));
}

#[test]
fn an_origin_that_is_named_is_no_name_of_the_server() {
    let access = Access {
        allow_origin: vec!["http://app.example".parse().unwrap()],
        ..Access::default()
    };
    assert!(!admits(&access, "app.example", "http://app.example"));
}

#[test]
fn a_refusal_names_the_header_at_fault_and_the_remedy() {
    let refusal = |host, origin| {
        let headers = headers(&[("host", host), ("origin", origin)]);
        let refusal = admission(Access::default())
            .admit(&headers, &Uri::default())
            .unwrap_err();
        (refusal.code(), refusal.to_string())
    };
    let (code, says) = refusal("127.0.0.1:8804", "http://book.example:8080");
    assert_eq!(code, "origin");
    assert!(
        says.starts_with("Host: 127.0.0.1:8804 does not match Origin: http://book.example:8080.")
    );
    assert!(says.contains("--allow-origin http://book.example:8080"));
    let (code, says) = refusal("book.example:8000", "http://book.example:8000");
    assert_eq!(code, "host");
    assert!(says.starts_with("Host: book.example:8000 is not a name of this server."));
    assert!(says.contains("--host-name book.example."));
}

#[test]
fn what_a_stranger_says_is_repeated_as_short_printable_text() {
    let mut odd = HeaderMap::new();
    odd.insert("host", HeaderValue::from_bytes(b"\xe9\t<b>").unwrap());
    let says = admission(Access::default())
        .admit_host(&odd)
        .unwrap_err()
        .to_string();
    assert!(says.starts_with("Host: ??<b> is not"), "{says}");
    let long = headers(&[("host", &"x".repeat(10_000))]);
    let says = admission(Access::default())
        .admit_host(&long)
        .unwrap_err()
        .to_string();
    assert!(says.len() < 500, "{}", says.len());
}
