//! What the taps see, and that nothing can be seen of them.

use crate::harness::in_browser;
use crate::pages::{CHAPTER, CREATE_OFFER};

const CHECKS: &str = include_str!("tap/checks.js");

#[test]
fn code_that_is_observed_can_not_tell() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code(CHECKS).await?;
        let outcome = demo.logs(" checks, failed: ").await?.text;
        assert!(outcome.ends_with("failed: none"), "{outcome}");
        Ok(())
    });
}

#[test]
fn a_page_that_is_only_read_loads_no_instruments() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        page.demo(CREATE_OFFER).await?;
        let requests = browser.requests().await?;
        assert!(requests.iter().any(|url| url.contains("stage/stage.js")));
        assert!(!requests.iter().any(|url| url.contains("instruments")));
        Ok(())
    });
}
