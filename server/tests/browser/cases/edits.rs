//! What runs is what the editor shows; what the reader wrote stays theirs.

use crate::harness::in_browser;
use crate::pages::{CHAPTER, CREATE_OFFER, SINGLE_BROWSER};

/// The text of the book.
const BOOK: &str = include_str!("../../../../code/connecting/createoffer.js");

#[test]
fn the_editor_shows_the_text_of_the_book() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        assert_eq!(
            page.demo(CREATE_OFFER).await?.code().await?,
            BOOK.trim_end()
        );
        Ok(())
    });
}

#[test]
fn edited_code_is_what_runs() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code("console.log('edited', 6 * 7);").await?;
        demo.logs("edited 42").await?;
        assert_eq!(demo.console().texts().await?, ["edited 42"]);
        Ok(())
    });
}

#[test]
fn reset_brings_back_the_text_of_the_book() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.write("// gone").await?;
        demo.reset().await?;
        assert_eq!(demo.code().await?, BOOK.trim_end());

        page.reload().await?;
        assert_eq!(
            page.demo(CREATE_OFFER).await?.code().await?,
            BOOK.trim_end()
        );
        Ok(())
    });
}

#[test]
fn edits_survive_reload_and_navigation_each_demo_for_itself() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.demo(CREATE_OFFER).await?.write("// mine").await?;
        page.demo(SINGLE_BROWSER)
            .await?
            .write("// also mine")
            .await?;

        page.reload().await?;
        assert_eq!(page.demo(CREATE_OFFER).await?.code().await?, "// mine");

        page.go_to("").await?;
        page.go_to(CHAPTER).await?;
        assert_eq!(page.demo(CREATE_OFFER).await?.code().await?, "// mine");
        assert_eq!(
            page.demo(SINGLE_BROWSER).await?.code().await?,
            "// also mine"
        );
        Ok(())
    });
}

#[test]
fn stop_removes_the_frame() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(SINGLE_BROWSER).await?;
        demo.run().await?;
        demo.logs("caller: connected").await?;
        assert_eq!(demo.frames().await?, 1);

        demo.stop().await?;
        assert_eq!(demo.frames().await?, 0);
        assert_eq!(demo.state().await?, "idle");
        Ok(())
    });
}
