//! The book over HTTP, as a browser loads it: the page at the address that was given, what it names, the page of a demo's frame, and the
//! library. Also whose clock is wrong, and what the certificate allows.
//!
//! May import: http, report, httpdate, hyper, url.

use std::time::{Duration, Instant, SystemTime};

use hyper::header;
use url::Url;

use super::http::{self, Answer, Failure};
use super::report::{Row, Verdict};

/// Clocks that differ by more make certificates and credentials fail.
const MAX_SKEW: Duration = Duration::from_secs(30);
/// Redirects that are followed.
const MAX_REDIRECTS: usize = 5;
/// The row of what makes a page's demos.
pub(super) const STAGE: &str = "stage";
/// Characters of a server's own explanation that are shown.
const MAX_WORDS: usize = 600;

/// What the rest of the examination needs of a page.
pub(super) struct Page {
    /// Its address, after redirects.
    pub(super) url: Url,
    /// The folder of the book, and so of everything that a page loads.
    pub(super) root: Url,
    /// The proof that its frames carry; empty if the page has none.
    pub(super) proof: String,
}

/// What is at an address.
pub(super) enum Found {
    /// A page of the book.
    Book(Page),
    /// Something else, at this address after redirects.
    Other(Url),
    Nothing,
}

/// Looks at the page and what it loads. The rest of the book can't be looked at without a page that has the stage.
pub(super) async fn examine(url: &Url) -> (Found, Vec<Row>) {
    let (page, row) = follow(url).await;
    let Some((url, page)) = page else {
        return (Found::Nothing, vec![row]);
    };
    let mut rows = vec![row];
    let html = String::from_utf8_lossy(&page.body);
    let found = stage_of(&html).and_then(|stage| url.join(stage).ok());
    let Some(stage) = found else {
        let says = format!(
            "{url} comes, and it is no page of the guidebook: it loads no stage. Is it another server, or another port?"
        );
        rows.push(Row::new(STAGE, Verdict::Failed, says));
        return (Found::Other(url), rows);
    };
    rows.push(load(STAGE, &stage, None).await);
    // A browser sends no origin when it loads a frame's page, and `null` for what the frame imports.
    for (check, path, origin) in [
        ("frame", "runner.html", None),
        ("library", "../code/quickconnect/js/index.js", Some("null")),
    ] {
        if let Ok(part) = stage.join(path) {
            rows.push(load(check, &part, origin).await);
        }
    }
    rows.extend([clock(&page), certificate(&url)]);
    let found = Page {
        root: root_of(&stage),
        proof: proof_of(&html).to_owned(),
        url,
    };
    (Found::Book(found), rows)
}

/// The script that makes a page's demos, as the page names it.
fn stage_of(html: &str) -> Option<&str> {
    let sources = html.split("src=\"").skip(1);
    let mut sources = sources.filter_map(|rest| rest.split('"').next());
    sources.find(|source| source.ends_with("stage/stage.js"))
}

/// The proof by which the server knows the page's frames.
fn proof_of(html: &str) -> &str {
    let begin = "<meta name=\"guidebook-proof\" content=\"";
    let rest = html.split_once(begin).map_or("", |(_, rest)| rest);
    rest.split('"').next().unwrap_or_default()
}

/// The folder in which `stage/` or `v/VERSION/stage/` is.
fn root_of(stage: &Url) -> Url {
    let path = stage.path();
    let path = path.strip_suffix("stage/stage.js").unwrap_or(path);
    let unpinned = path
        .trim_end_matches('/')
        .rsplit_once('/')
        .and_then(|(folder, _version)| folder.strip_suffix("/v"))
        .map(|root| format!("{root}/"));
    let mut root = stage.clone();
    root.set_path(unpinned.as_deref().unwrap_or(path));
    root
}

/// The page, after redirects.
async fn follow(url: &Url) -> (Option<(Url, Answer)>, Row) {
    let begin = Instant::now();
    let mut url = url.clone();
    for _ in 0..=MAX_REDIRECTS {
        let answer = http::get(&url, None).await;
        let location = answer.as_ref().ok().and_then(redirect);
        match location.and_then(|location| url.join(location).ok()) {
            Some(next) => url = next,
            None => {
                let row = row_of("page", &url, &answer).took(begin.elapsed());
                let page = answer.ok().filter(|answer| answer.status == 200);
                return (page.map(|page| (url, page)), row);
            }
        }
    }
    let says = format!("{url} leads on and on, more than {MAX_REDIRECTS} times.");
    (None, Row::new("page", Verdict::Failed, says))
}

fn redirect(answer: &Answer) -> Option<&str> {
    let is_redirect = (300..400).contains(&answer.status);
    let location = answer.headers.get(header::LOCATION)?.to_str().ok()?;
    is_redirect.then_some(location)
}

async fn load(check: &'static str, url: &Url, origin: Option<&str>) -> Row {
    let begin = Instant::now();
    let answer = http::get(url, origin).await;
    let row = row_of(check, url, &answer).took(begin.elapsed());
    let is_open = |answer: &Answer| {
        let allowed = answer.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        allowed.is_some_and(|allowed| allowed == "*")
    };
    if row.verdict == Verdict::Good
        && origin.is_some()
        && !answer.is_ok_and(|answer| is_open(&answer))
    {
        let says = format!(
            "{url} comes without \"Access-Control-Allow-Origin: *\", so that no demo can import it: does a proxy in between take that \
             header away?"
        );
        return Row::new(check, Verdict::Failed, says);
    }
    row
}

fn row_of(check: &'static str, url: &Url, answer: &Result<Answer, Failure>) -> Row {
    match answer {
        Ok(answer) if answer.status == 200 => {
            let says = format!("It comes, {} KB.", answer.body.len().div_ceil(1000));
            Row::new(check, Verdict::Good, says)
        }
        Ok(answer) => Row::new(check, Verdict::Failed, refusal(url, answer)),
        Err(failure @ Failure::Certificate(_)) => {
            Row::new("certificate", Verdict::Failed, failure.to_string())
        }
        Err(failure) => Row::new(check, Verdict::Failed, failure.to_string()),
    }
}

/// What an unexpected response means.
pub(super) fn refusal(url: &Url, answer: &Answer) -> String {
    let status = answer.status;
    match words_of(answer) {
        Some(words) if matches!(status, 403 | 421) => format!("The server refuses. {words}"),
        _ if status >= 500 => format!(
            "{url} answers with status {status}: a proxy answers in place of a server that it does not reach. Is the server running, and \
             does the proxy know its address?"
        ),
        _ => format!("{url} answers with status {status}: this is no workshop server."),
    }
}

/// What our own server says of a request that it refuses.
fn words_of(answer: &Answer) -> Option<String> {
    let content_type = answer.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let text = String::from_utf8_lossy(&answer.body);
    content_type.starts_with("text/plain").then(|| plain(&text))
}

/// The words of a server as a report may have them: without what a terminal would obey, and not too many.
pub(super) fn plain(words: &str) -> String {
    let words = words.trim().chars().filter(|char| !char.is_control());
    words.take(MAX_WORDS).collect()
}

fn clock(page: &Answer) -> Row {
    let date = page.headers.get(header::DATE);
    let date = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    let Some(theirs) = date else {
        return Row::new(
            "clock",
            Verdict::Skipped,
            "The server does not say what time it is.",
        );
    };
    let ours = SystemTime::now();
    let skew = ours
        .duration_since(theirs)
        .or_else(|_| theirs.duration_since(ours));
    let skew = skew.unwrap_or_default();
    if skew <= MAX_SKEW {
        let says = "The server's clock and the one here agree.";
        return Row::new("clock", Verdict::Good, says);
    }
    let says = format!(
        "The server's clock and the one here differ by {} s: set the one that is wrong.",
        skew.as_secs()
    );
    Row::new("clock", Verdict::Warning, says)
}

/// Only for certificates that are trusted: the others have failed before.
fn certificate(url: &Url) -> Row {
    if url.scheme() == "https" {
        return Row::new(
            "certificate",
            Verdict::Good,
            "It is trusted here, for this name.",
        );
    }
    let is_here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    if is_here {
        let says = "Without one, and browsers trust their own machine: camera and microphone work.";
        return Row::new("certificate", Verdict::Good, says);
    }
    let says = "Without one, browsers allow no camera and no microphone at this address. Data channels work.";
    Row::new("certificate", Verdict::Warning, says)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_book_is_where_its_stage_is_with_a_version_or_without() {
        for (stage, root) in [
            ("http://host/v/0f/stage/stage.js", "http://host/"),
            ("http://host/stage/stage.js", "http://host/"),
            (
                "http://host/guide/v/0f/stage/stage.js",
                "http://host/guide/",
            ),
            ("http://host/guide/stage/stage.js", "http://host/guide/"),
        ] {
            let found = root_of(&Url::parse(stage).unwrap());
            assert_eq!(found.as_str(), root, "{stage}");
        }
    }

    #[test]
    fn a_page_names_its_stage_and_its_proof() {
        let html = "<meta name=\"guidebook-proof\" content=\"0f\"><script src=\"a.js\"></script>\
                    <script type=\"module\" src=\"../v/1/stage/stage.js\">";
        assert_eq!(stage_of(html), Some("../v/1/stage/stage.js"));
        assert_eq!(proof_of(html), "0f");
        assert_eq!((stage_of("<p>"), proof_of("<p>")), (None, ""));
    }
}
