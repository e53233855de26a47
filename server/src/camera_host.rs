//! The names at which a demo gets the reader's own cameras, microphones and screens: `camera-0123456789abcdef.localhost`, another for each run. A browser
//! gives devices to no frame whose origin is opaque, so the frame of such a demo has an origin, which is never that of the book. Pure.
//!
//! Browsers take what ends with `.localhost` to be the reader's own machine, as they take `localhost`
//! ([Secure Contexts, section 3.1](https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy)): it leads to this server there, needs no certificate
//! to be trusted, and is another site than the book's, for cookies and for processes.
//!
//! May import: nothing.

/// How the label in front of `.localhost` begins. `book/stage/own-devices.js` makes the rest up.
const LABEL: &str = "camera";

/// The names of the reader's own machine at which a page may hold such a frame.
const PAGES: [&str; 2] = ["localhost", "127.0.0.1"];

/// Whether a `Host` is such a name. Whatever stands below one is, too: of its cookies it could have some.
pub fn is(host: &str) -> bool {
    let mut labels = split(host).0.rsplit('.');
    let is_own = labels
        .next()
        .is_some_and(|last| last.eq_ignore_ascii_case("localhost"));
    let begin = labels.next().and_then(|label| label.get(..LABEL.len()));
    is_own && begin.is_some_and(|begin| begin.eq_ignore_ascii_case(LABEL))
}

/// Where frames for cameras are, as a policy of the page at this `Host` names them; `None` where a page may have none. They come over plain HTTP, since no
/// certificate is for names that are made up.
pub fn frames_of(host: &str) -> Option<String> {
    let (name, port) = split(host);
    let at = |port| format!("http://*.localhost{port}");
    PAGES.contains(&name).then(|| at(port))
}

/// Which pages may hold the frame that is asked for at this `Host`, as its policy names them.
pub fn pages_of(host: &str) -> String {
    let port = split(host).1;
    PAGES.map(|name| format!(" http://{name}{port}")).concat()
}

/// The name, and the port with its colon.
fn split(host: &str) -> (&str, &str) {
    host.split_at(host.find(':').unwrap_or(host.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_for_cameras_is_one_of_the_own_machine_in_any_case_and_at_any_port() {
        for host in [
            "camera-0123456789abcdef.localhost:8000",
            "camera-0123456789abcdef.localhost",
            "camera.localhost",
            "Camera-00.LocalHost:8000",
            "below.camera-00.localhost",
        ] {
            assert!(is(host), "{host}");
        }
        for host in [
            "localhost:8000",
            "127.0.0.1",
            "book.localhost",
            "camera-00.example",
            "camera-00.localhost.example",
            "camera-00.book.localhost",
            "camera",
            "",
        ] {
            assert!(!is(host), "{host}");
        }
    }

    #[test]
    fn frames_and_pages_are_at_the_same_port() {
        let frames = |host| frames_of(host).unwrap_or_default();
        assert_eq!(frames("localhost:8000"), "http://*.localhost:8000");
        assert_eq!(frames("127.0.0.1"), "http://*.localhost");
        for elsewhere in ["192.0.2.7:8000", "book.localhost", "[::1]:8000"] {
            assert_eq!(frames_of(elsewhere), None, "{elsewhere}");
        }
        let pages = " http://localhost:8000 http://127.0.0.1:8000";
        assert_eq!(pages_of("camera-00.localhost:8000"), pages);
    }
}
