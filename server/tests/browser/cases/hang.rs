//! An endless loop in edited code takes down nothing but itself.

use crate::harness::in_browser;
use crate::pages::{CHAPTER, CREATE_OFFER, SINGLE_BROWSER};

#[test]
fn an_endless_loop_leaves_the_page_usable_is_named_and_ends_with_stop() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let other = page.demo(SINGLE_BROWSER).await?;
        demo.run_code("console.log('before');\nwhile (true) {}")
            .await?;
        demo.logs("before").await?;
        demo.becomes("hung").await?;
        demo.says(CREATE_OFFER).await?;
        other.write("console.log('typed meanwhile');").await?;

        demo.stop().await?;
        assert_eq!(demo.state().await?, "idle");
        assert_eq!(demo.frames().await?, 0);
        other.run().await?;
        other.logs("typed meanwhile").await?;
        demo.run_code("console.log('well again');").await?;
        demo.logs("well again").await?;
        Ok(())
    });
}

#[test]
fn a_loop_that_logs_without_end_leaves_the_page_usable() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code("for (let i = 0; ; i += 1) console.log('again', i);")
            .await?;
        demo.logs("again").await?;
        demo.becomes("hung").await?;

        demo.stop().await?;
        assert_eq!(demo.state().await?, "idle");
        assert!(demo.console().entries().await?.len() <= 1000);
        Ok(())
    });
}

#[test]
fn running_another_demo_while_one_hangs_ends_the_hang() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code("while (true) {}").await?;
        demo.becomes("hung").await?;

        let other = page.demo(SINGLE_BROWSER).await?;
        other.run().await?;
        other.logs("caller: connected").await?;
        assert_eq!(demo.state().await?, "idle");
        Ok(())
    });
}
