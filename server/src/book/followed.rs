//! Marks blocks of code whose place depends on what comes after them. A page that comes over a slow link is drawn before what follows has arrived, so a
//! rule of style that looks for it would move what is already there.
//!
//! May import: nothing.

/// Ends a block of code.
const END: &str = "</code></pre>";
/// Begins a block that says its language, and nothing else of itself.
const BEGIN: &str = "<pre><code class=\"";
/// Begins the Rust side of a demo.
const TWIN: &str = "<div class=\"twin\"";

/// A page whose demos are marked, `with-twin` if the same in Rust follows, `with-part` if another file of the demo does; nothing if there is none.
pub(super) fn marked(html: &str) -> Option<String> {
    let mut marked = String::new();
    let mut copied = 0;
    for (end, _) in html.match_indices(END) {
        let following = html[end + END.len()..].trim_start();
        let class = if following.starts_with(TWIN) {
            "with-twin"
        } else if words_of_block(following).any(|word| word == "part") {
            "with-part"
        } else {
            continue;
        };
        let Some(begin) = html[copied..end].rfind(BEGIN).map(|at| copied + at) else {
            continue;
        };
        if !words_of_block(&html[begin..]).any(|word| matches!(word, "live" | "language-live")) {
            continue;
        }
        marked += &html[copied..begin];
        marked += &format!("<pre class=\"{class}\">");
        copied = begin + "<pre>".len();
    }
    if copied == 0 {
        return None;
    }
    marked += &html[copied..];
    Some(marked)
}

/// The words of the class of the block that begins here; none if there is none.
fn words_of_block(html: &str) -> impl Iterator<Item = &str> {
    let class = html
        .strip_prefix(BEGIN)
        .and_then(|rest| rest.split_once('"'));
    class
        .map_or("", |(class, _)| class)
        .split_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_says_what_follows_it() {
        let demo = "<pre><code class=\"language-js live alone file=a.js\">1 &lt; 2</code></pre>\n";
        let part = "<pre><code class=\"language-js part file=b.js\">2</code></pre>\n";
        let twin = "<div class=\"twin\"><p>In Rust</p></div>\n";
        let shown = "<pre><code class=\"language-js\">3</code></pre>\n";
        let marked_demo = |class: &str| demo.replace("<pre>", &format!("<pre class=\"{class}\">"));
        for (page, expected) in [
            (
                [demo, twin, demo],
                Some([&marked_demo("with-twin"), twin, demo].concat()),
            ),
            (
                [demo, "\n", twin],
                Some([&marked_demo("with-twin"), "\n", twin].concat()),
            ),
            (
                [demo, part, part],
                Some([&marked_demo("with-part"), part, part].concat()),
            ),
            ([demo, "<p>between</p>", twin], None),
            ([demo, shown, twin], None),
            ([demo, demo, shown], None),
            ([shown, part, demo], None),
        ] {
            assert_eq!(marked(&page.concat()), expected, "{page:?}");
        }
    }

    #[test]
    fn each_demo_of_a_page_is_marked() {
        let demo = "<pre><code class=\"language-live\">1</code></pre>";
        let twin = "<div class=\"twin\"></div>";
        let page = marked(&[demo, twin, demo, twin].concat()).unwrap_or_default();
        assert_eq!(page.matches("with-twin").count(), 2, "{page}");
        assert_eq!(
            page.replace(" class=\"with-twin\"", ""),
            [demo, twin, demo, twin].concat()
        );
    }
}
