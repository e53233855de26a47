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

/// Fills the storage of the book to the last character.
const FILL: &str = "let size = 1 << 20;
    for (let i = 0; size > 0; i += 1) {
        try {
            localStorage.setItem(`filled ${i}`, 'x'.repeat(size));
        } catch {
            size >>= 1;
        }
    }";

#[test]
fn an_edit_for_which_there_is_no_room_leaves_no_older_one_in_its_place() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.write("// version 1").await?;
        page.evaluate(FILL, []).await?;
        let longer = format!("// version 2 {}", "x".repeat(50_000));
        demo.write(&longer).await?;
        demo.says("no room left for the edit").await?;
        assert_eq!(demo.code().await?, longer, "it stays in the editor");

        page.reload().await?;
        let demo = page.demo(CREATE_OFFER).await?;
        assert_eq!(demo.code().await?, BOOK.trim_end());
        // The older one has left enough room for this.
        demo.write("// version 3").await?;
        page.reload().await?;
        let demo = page.demo(CREATE_OFFER).await?;
        assert_eq!(demo.code().await?, "// version 3");
        Ok(())
    });
}

#[test]
fn a_reset_in_one_tab_holds_for_an_edit_of_another() {
    in_browser(async |browser| {
        let one = browser.open(CHAPTER).await?;
        let other = browser.open(CHAPTER).await?;
        let edited = one.demo(CREATE_OFFER).await?;
        edited.write("// mine").await?;
        let demo = other.demo(CREATE_OFFER).await?;
        demo.says("Another tab has an edited version").await?;
        assert_eq!(demo.code().await?, BOOK.trim_end(), "its text stays");

        demo.reset().await?;
        demo.says("This is the text of the book again").await?;
        edited.says("Another tab has forgotten the edits").await?;
        assert_eq!(edited.code().await?, "// mine", "nothing is taken away");
        for tab in [&other, &one] {
            tab.reload().await?;
            let demo = tab.demo(CREATE_OFFER).await?;
            assert_eq!(demo.code().await?, BOOK.trim_end());
        }
        Ok(())
    });
}

#[test]
fn what_was_edited_last_holds_and_the_other_tab_is_told() {
    in_browser(async |browser| {
        let one = browser.open(CHAPTER).await?;
        let other = browser.open(CHAPTER).await?;
        one.demo(CREATE_OFFER).await?.write("// one").await?;
        other.demo(CREATE_OFFER).await?.write("// other").await?;
        let demo = one.demo(CREATE_OFFER).await?;
        demo.says("Another tab has kept a version of its own")
            .await?;
        assert_eq!(demo.code().await?, "// one");
        one.reload().await?;
        assert_eq!(one.demo(CREATE_OFFER).await?.code().await?, "// other");
        Ok(())
    });
}
