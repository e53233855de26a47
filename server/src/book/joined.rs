//! One request in place of many: in each page the style sheets that follow each other become one, and so do the scripts.
//!
//! mdBook asks for some twenty files with each page. To a browser each costs a few milliseconds of a processor, also from its cache, and on a
//! slow link a page waits for several rounds of them. Scripts that mdBook puts into the head stay where they are, since they run before the body.
//! A style sheet of mdBook's that has no rules, as those of highlighted code in this book's theme, is not asked for at all.
//!
//! May import: hex, render, sha2.

use std::collections::HashMap;
use std::mem;
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::render::{File, Rendered};
use crate::hex;

/// What is joined, and how mdBook and the book's own head ask for it.
#[derive(Clone, Copy)]
enum Kind {
    Styles,
    Scripts,
}

/// How an element begins that asks for a style sheet which mdBook's scripts switch on and off.
const SWITCHED_SHEET: &str = "<link rel=\"stylesheet\" id=\"";

/// A tag that asks for a file.
struct Tag<'f> {
    place: Range<usize>,
    /// From the root of the book.
    path: &'f str,
    /// What is in the file.
    text: &'f str,
    /// Only when it is printed.
    is_for_print: bool,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Styles, Self::Scripts];

    fn begin(self) -> &'static str {
        match self {
            Self::Styles => "<link rel=\"stylesheet\" href=\"",
            Self::Scripts => "<script src=\"",
        }
    }

    /// How a tag ends after the address, and whether it is for print only.
    fn ends(self) -> &'static [(&'static str, bool)] {
        match self {
            Self::Styles => &[("\">", false), ("\" media=\"print\">", true)],
            Self::Scripts => &[("\"></script>", false)],
        }
    }

    /// Scripts are deferred. They stand at the end of the page, and find it as complete as they would; but the stage, which is a module
    /// that the page does not wait for, needs not wait for the layout that they ask for.
    fn tag(self, path: &str) -> String {
        match self {
            Self::Styles => format!("<link rel=\"stylesheet\" href=\"{path}\">"),
            Self::Scripts => format!("<script defer src=\"{path}\"></script>"),
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Styles => "css",
            Self::Scripts => "js",
        }
    }

    /// Whether a file says the same when it stands in another file, after others, at another address.
    fn can_join(self, text: &str) -> bool {
        const BOUND_TO_ITS_PLACE: [&str; 3] = ["@import", "@charset", "@namespace"];
        match self {
            Self::Styles => {
                let leads_elsewhere = |address: &str| {
                    let address = address.trim_start_matches(['"', '\'', ' ']);
                    !address.starts_with("data:")
                };
                !BOUND_TO_ITS_PLACE.iter().any(|word| text.contains(word))
                    && !text.split("url(").skip(1).any(leads_elsewhere)
            }
            Self::Scripts => !text.contains("currentScript"),
        }
    }

    fn add(self, joined: &mut String, text: &str, is_for_print: bool) {
        match self {
            Self::Styles if is_for_print => joined.extend(["@media print {\n", text, "\n}\n"]),
            Self::Styles => joined.extend([text, "\n"]),
            // The first one may say `use strict`, which is not meant for the others.
            Self::Scripts => joined.extend([";", text, "\n"]),
        }
    }
}

impl Rendered {
    /// Joins what pages ask for one after another. The files themselves stay, since a page may ask for one of them alone.
    pub(super) fn join_requests(&mut self) {
        let (mut pages, mut files): (Vec<_>, Vec<_>) = mem::take(&mut self.files)
            .into_iter()
            .partition(File::is_page);
        let mut joiner = Joiner::new(&files);
        for page in &mut pages {
            joiner.leave_out_empty_sheets(page);
            for kind in Kind::ALL {
                joiner.join_in(page, kind);
            }
        }
        let joined: Vec<_> = joiner.joined.into_values().collect();
        pages.append(&mut files);
        pages.extend(joined);
        self.files = pages;
    }
}

/// What can be joined, and what was: most pages ask for the same.
struct Joiner<'f> {
    /// By path.
    texts: HashMap<&'f str, &'f str>,
    /// By what they are made of.
    joined: HashMap<Vec<(&'f str, bool)>, File>,
}

impl<'f> Joiner<'f> {
    fn new(files: &'f [File]) -> Self {
        let text = |file: &'f File| {
            let (_, extension) = file.path.rsplit_once('.')?;
            let kind = Kind::ALL
                .into_iter()
                .find(|kind| kind.extension() == extension)?;
            let text = std::str::from_utf8(&file.contents).ok()?;
            kind.can_join(text).then_some((&*file.path, text))
        };
        let hashed = files.iter().filter(|file| file.hashed);
        Self {
            texts: hashed.filter_map(text).collect(),
            joined: HashMap::new(),
        }
    }

    /// Takes the addresses of style sheets without rules from the elements that ask for them. The elements stay: mdBook's scripts switch
    /// them on and off.
    fn leave_out_empty_sheets(&self, page: &mut File) {
        let Ok(html) = std::str::from_utf8(&page.contents) else {
            return;
        };
        let root = page.to_root();
        let mut shorter = String::new();
        let mut copied = 0;
        for (start, _) in html.match_indices(SWITCHED_SHEET) {
            let tag = &html[start..];
            let tag = &tag[..tag.find('>').unwrap_or(0)];
            let Some((element, address)) = tag.split_once(" href=\"") else {
                continue;
            };
            let text = address
                .strip_suffix('"')
                .and_then(|address| address.strip_prefix(&root))
                .and_then(|path| self.texts.get(path));
            if text.is_some_and(|text| without_comments(text, "/*", "*/").is_empty()) {
                shorter += &html[copied..start + element.len()];
                copied = start + tag.len();
            }
        }
        shorter += &html[copied..];
        page.contents = shorter.into_bytes();
    }

    /// Joins what one page asks for.
    fn join_in(&mut self, page: &mut File, kind: Kind) {
        let Ok(html) = std::str::from_utf8(&page.contents) else {
            return;
        };
        let root = page.to_root();
        let mut shorter = String::new();
        let mut copied = 0;
        for run in self.runs(html, kind, &root) {
            let [first, .., last] = &run[..] else {
                continue;
            };
            // Deferred, others would miss those that they come after.
            if matches!(kind, Kind::Scripts) && html[last.place.end..].contains("<script") {
                continue;
            }
            let made_of = run.iter().map(|tag| (tag.path, tag.is_for_print));
            let file = self
                .joined
                .entry(made_of.collect())
                .or_insert_with(|| File::joined(&run, kind));
            shorter += &html[copied..first.place.start];
            shorter += &kind.tag(&format!("{root}{}", file.path));
            // What is not asked for stays.
            for pair in run.windows(2) {
                shorter += &html[pair[0].place.end..pair[1].place.start];
            }
            copied = last.place.end;
        }
        shorter += &html[copied..];
        page.contents = shorter.into_bytes();
    }

    /// The tags of a page that ask for files which can be joined: between those of one run nothing stands but comments.
    fn runs(&self, html: &str, kind: Kind, root: &str) -> Vec<Vec<Tag<'f>>> {
        let mut runs: Vec<Vec<Tag>> = Vec::new();
        for (start, _) in html.match_indices(kind.begin()) {
            let Some(tag) = self.tag_at(html, start, kind, root) else {
                continue;
            };
            match runs.last_mut() {
                Some(run) if follows(html, run, start) => run.push(tag),
                _ => runs.push(vec![tag]),
            }
        }
        runs
    }

    fn tag_at(&self, html: &str, start: usize, kind: Kind, root: &str) -> Option<Tag<'f>> {
        let (address, rest) = html[start + kind.begin().len()..].split_once('"')?;
        let at_quote = html.len() - rest.len() - 1;
        let end = |(end, _): &&(&str, bool)| html[at_quote..].starts_with(end);
        let (end, is_for_print) = kind.ends().iter().find(end)?;
        let (path, text) = self.texts.get_key_value(address.strip_prefix(root)?)?;
        Some(Tag {
            place: start..at_quote + end.len(),
            path,
            text,
            is_for_print: *is_for_print,
        })
    }
}

impl File {
    fn joined(run: &[Tag], kind: Kind) -> Self {
        let mut text = String::new();
        for tag in run {
            kind.add(&mut text, tag.text, tag.is_for_print);
        }
        let hash = hex::of(&Sha256::digest(&text)[..4]);
        Self {
            path: format!("joined-{hash}.{}", kind.extension()),
            contents: text.into_bytes(),
            hashed: true,
        }
    }
}

/// Whether nothing that matters stands between the run and what begins at `start`: comments, and elements of sheets that are not asked for.
fn follows(html: &str, run: &[Tag], start: usize) -> bool {
    let Some(last) = run.last() else { return false };
    let mut between = without_comments(&html[last.place.end..start], "<!--", "-->");
    while let Some((tag, rest)) =
        (between.strip_prefix(SWITCHED_SHEET)).and_then(|rest| rest.split_once('>'))
        && !tag.contains("href")
    {
        between = without_comments(rest, "<!--", "-->");
    }
    between.is_empty()
}

/// The rest of a text behind the comments at its beginning, and the space around them.
fn without_comments<'t>(text: &'t str, begin: &str, end: &str) -> &'t str {
    let mut rest = text.trim_start();
    while let Some((_, behind)) = rest
        .strip_prefix(begin)
        .and_then(|rest| rest.split_once(end))
    {
        rest = behind.trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, contents: &str) -> File {
        File {
            path: path.to_owned(),
            contents: contents.into(),
            hashed: !path.ends_with(".html"),
        }
    }

    /// What becomes of a page that asks for these files, and of its files.
    fn joined(path: &str, page: &str, files: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
        let mut rendered = Rendered {
            files: vec![file(path, page)],
            ..Rendered::default()
        };
        let given = files.len() + 1;
        let files = files.iter().map(|(path, text)| file(path, text));
        rendered.files.extend(files);
        rendered.join_requests();
        let text = |file: &File| String::from_utf8_lossy(&file.contents).into_owned();
        let made = rendered.files[given..].iter();
        (
            text(&rendered.files[0]),
            made.map(|file| (file.path.clone(), text(file))).collect(),
        )
    }

    #[test]
    fn style_sheets_in_a_row_become_one_at_the_place_of_the_first() {
        let page = "<head>\n<link rel=\"stylesheet\" href=\"../a.css\">\n<!-- print -->\n\
                    <link rel=\"stylesheet\" href=\"../b.css\" media=\"print\">\n</head>";
        let sheets = [("a.css", "a { src: url('data:,') }"), ("b.css", "b {}")];
        let (page, files) = joined("x/y.html", page, &sheets);
        let [(path, text)] = &files[..] else {
            panic!("{files:?}")
        };
        assert_eq!(text, "a { src: url('data:,') }\n@media print {\nb {}\n}\n");
        assert_eq!(
            page,
            format!(
                "<head>\n<link rel=\"stylesheet\" href=\"../{path}\">\n<!-- print -->\n\n</head>"
            )
        );
        assert!(path.starts_with("joined-") && path.ends_with(".css"));
    }

    #[test]
    fn a_sheet_that_is_switched_and_empty_is_not_asked_for_and_keeps_nothing_apart() {
        let page = "<link rel=\"stylesheet\" href=\"a.css\">\n<!-- Colours -->\n\
                    <link rel=\"stylesheet\" id=\"x\" href=\"x.css\">\n<link rel=\"stylesheet\" id=\"y\" href=\"y.css\">\n\
                    <link rel=\"stylesheet\" href=\"b.css\"><link rel=\"stylesheet\" id=\"z\" href=\"z.css\">";
        let sheets = [
            ("a.css", "a {}"),
            ("b.css", "b {}"),
            ("x.css", "/* Elsewhere. */\n"),
            ("y.css", ""),
            ("z.css", "/* Red. */ z {}"),
        ];
        let (page, files) = joined("index.html", page, &sheets);
        assert_eq!(files[0].1, "a {}\nb {}\n");
        assert_eq!(
            page,
            format!(
                "<link rel=\"stylesheet\" href=\"{}\">\n<!-- Colours -->\n<link rel=\"stylesheet\" id=\"x\">\n\
                 <link rel=\"stylesheet\" id=\"y\">\n<link rel=\"stylesheet\" id=\"z\" href=\"z.css\">",
                files[0].0
            )
        );
    }

    #[test]
    fn scripts_in_a_row_become_one_and_are_as_strict_as_before() {
        let page = "<script src=\"a.js\"></script>\n\n<script src=\"b.js\"></script>";
        let files = [
            ("a.js", "'use strict'; // no end of line"),
            ("b.js", "c = 1"),
        ];
        let (page, files) = joined("index.html", page, &files);
        assert_eq!(files[0].1, ";'use strict'; // no end of line\n;c = 1\n");
        assert_eq!(
            page,
            format!("<script defer src=\"{}\"></script>\n\n", files[0].0)
        );
    }

    #[test]
    fn what_depends_on_its_place_or_stands_apart_is_left_alone() {
        let sheet = |path: &str| format!("<link rel=\"stylesheet\" href=\"{path}\">");
        for (page, files) in [
            // An address in it would lead elsewhere.
            (
                sheet("a.css") + &sheet("b.css"),
                [("a.css", "a { src: url(x) }"), ("b.css", "")],
            ),
            // mdBook switches sheets with an id on and off.
            (
                sheet("a.css")
                    + "<link rel=\"stylesheet\" id=\"x\" href=\"c.css\">"
                    + &sheet("b.css"),
                [("a.css", ""), ("b.css", "")],
            ),
            // From elsewhere.
            (
                sheet("a.css") + &sheet("//other/b.css"),
                [("a.css", ""), ("b.css", "")],
            ),
            // A module runs later.
            (
                "<script type=\"module\" src=\"a.js\"></script><script src=\"b.js\"></script>"
                    .to_owned(),
                [("a.js", ""), ("b.js", "")],
            ),
            (
                "<script src=\"a.js\"></script><script src=\"b.js\"></script><script>a()</script>"
                    .to_owned(),
                [("a.js", ""), ("b.js", "")],
            ),
            (
                "<script src=\"a.js\"></script><p></p><script src=\"b.js\"></script>".to_owned(),
                [("a.js", ""), ("b.js", "")],
            ),
        ] {
            assert_eq!(
                joined("index.html", &page, &files),
                (page.clone(), Vec::new())
            );
        }
    }

    #[test]
    fn pages_that_ask_for_the_same_share_it() {
        let row = "<script src=\"a.js\"></script><script src=\"b.js\"></script>";
        let mut rendered = Rendered {
            files: vec![
                file("one.html", row),
                file("two.html", row),
                file("a.js", "1"),
                file("b.js", "2"),
            ],
            ..Rendered::default()
        };
        rendered.join_requests();
        assert_eq!(rendered.files.len(), 5);
        assert_eq!(rendered.files[0].contents, rendered.files[1].contents);
    }
}
