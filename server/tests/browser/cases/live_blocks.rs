//! A block that says `live` runs, whatever it calls its language.

use anyhow::Result;

use crate::harness::Kind::Chromium;
use crate::harness::{OwnBook, in_own_book};
use crate::pages::CHAPTER;

/// Info strings of JavaScript, in each of its spellings.
const LIVE: [&str; 5] = [
    "javascript,live file=one.js",
    "JS,live file=two.js",
    "mjs live file=three.js",
    "live file=four.js",
    "live,js file=five.js",
];

/// A block that is only shown.
const SHOWN: &str = "js";

#[test]
fn a_live_block_runs_whatever_it_calls_its_language() {
    let book = OwnBook::new().expect("the checkout can be copied");
    let mut blocks = String::new();
    for info in LIVE.iter().chain([&SHOWN]) {
        blocks += &format!("```{info}\nconsole.log('it is {info}');\n```\n\n");
    }
    let heading = "## How connections are made\n";
    book.change(
        "book/connecting/index.md",
        heading,
        &format!("{blocks}{heading}"),
    )
    .expect("the chapter has this heading");
    in_own_book(Chromium, &book, async |browser| {
        let page = browser.open(CHAPTER).await?;
        for info in LIVE {
            let (_, name) = info.split_once("file=").expect("each has a name");
            let demo = page.demo(name).await?;
            demo.run().await?;
            demo.logs(&format!("it is {info}")).await?;
        }
        assert_eq!(page.count("pre > code.language-js:not(.live)").await?, 1);
        Ok(())
    });
}

#[test]
fn an_author_is_told_of_a_block_that_would_stay_dead() -> Result<()> {
    for (info, words) in [
        ("rust,live", "only JavaScript is live"),
        ("js,live,alnoe", "`alnoe`, which nobody reads"),
        ("js,Live file=x.js", "`Live`, which nobody reads"),
    ] {
        let book = OwnBook::new()?;
        let heading = "## How connections are made\n";
        let block = format!("```{info}\n1;\n```\n\n{heading}");
        book.change("book/connecting/index.md", heading, &block)?;
        let told = book.open().err().map(|error| error.to_string());
        let told = told.unwrap_or_default();
        assert!(
            told.contains(words) && told.contains("connecting/index.html"),
            "{info}: {told}"
        );
    }
    Ok(())
}
