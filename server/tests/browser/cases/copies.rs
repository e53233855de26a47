//! Code and console can be taken along in the clipboard.

use anyhow::Result;
use serde_json::{Value, json};

use crate::harness::{Page, in_browser};
use crate::pages::{CHAPTER, CREATE_OFFER};

/// What a reader would paste.
pub(super) async fn clipboard(page: &Page<'_>) -> Result<Value> {
    let permissions = json!({ "permissions": ["clipboardReadWrite"] });
    page.ask_chromium("Browser.grantPermissions", permissions)
        .await?;
    page.evaluate("return navigator.clipboard.readText();", [])
        .await
}

#[test]
fn copy_takes_the_code_as_it_stands_in_the_editor() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.write("console.log('mine');").await?;
        demo.press("Copy").await?;
        demo.says("clipboard").await?;
        assert_eq!(clipboard(&page).await?, "console.log('mine');");
        Ok(())
    });
}

#[test]
fn copy_console_takes_every_entry_with_its_level_and_line() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code("console.log('one');\nconsole.warn('two');")
            .await?;
        demo.logs("two").await?;
        demo.press("Copy console").await?;
        let copied = clipboard(&page).await?;
        let lines: Vec<&str> = copied.as_str().unwrap_or_default().lines().collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].ends_with("one (line 1)"), "{lines:?}");
        assert!(lines[1].ends_with("Warning: two (line 2)"), "{lines:?}");
        Ok(())
    });
}
