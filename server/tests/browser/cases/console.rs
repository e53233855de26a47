//! The console under a demo: what it shows, and how much of it.

use crate::harness::in_browser;
use crate::pages::{CHAPTER, CREATE_OFFER};

#[test]
fn the_console_shows_objects_so_that_a_person_can_read_them() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code(
            "const circle = { name: 'circle' };
            circle.self = circle;
            console.log('nested', { a: { b: [1, 'two', null] } });
            console.log('circular', circle);
            console.log('error', new TypeError('wrong kind'));
            console.log('candidate', new RTCIceCandidate({ candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host', sdpMid: '0' }));
            console.log('description', new RTCSessionDescription({ type: 'offer', sdp: 'v=0\\r\\n' }));",
        )
        .await?;

        let nested = demo.logs("nested").await?.text;
        assert!(
            nested.contains("b: [ 1, \"two\", null ]") || nested.contains("b: [1, \"two\", null]"),
            "{nested}"
        );
        let circular = demo.logs("circular").await?.text;
        assert!(
            circular.contains("name: \"circle\"") && circular.matches("name").count() == 1,
            "{circular}"
        );
        assert!(
            demo.logs("error")
                .await?
                .text
                .contains("TypeError: wrong kind")
        );
        let candidate = demo.logs("candidate").await?.text;
        assert!(
            candidate.contains("typ host") && candidate.contains("sdpMid: \"0\""),
            "{candidate}"
        );
        let description = demo.logs("description").await?.text;
        assert!(
            description.contains("type: \"offer\"") && description.contains("v=0"),
            "{description}"
        );
        Ok(())
    });
}

#[test]
fn warnings_and_errors_are_told_apart_by_words() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code("console.log('a note');\nconsole.warn('a hint');\nconsole.error('a fault');")
            .await?;

        let (log, warning, error) = (
            demo.logs("a note").await?,
            demo.logs("a hint").await?,
            demo.logs("a fault").await?,
        );
        assert_eq!(
            [&log.level, &warning.level, &error.level],
            ["log", "warn", "error"]
        );
        assert!(warning.shown.contains("Warning"), "{warning:?}");
        assert!(error.shown.contains("Error"), "{error:?}");
        assert!(
            !log.shown.contains("Warning") && !log.shown.contains("Error"),
            "{log:?}"
        );
        Ok(())
    });
}

#[test]
fn each_entry_shows_the_time_since_run() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code("setTimeout(() => console.log('later'), 1500);")
            .await?;
        let shown = demo.logs("later").await?.shown;
        let seconds: f64 = shown
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .parse()?;
        assert!((1.5..3.0).contains(&seconds), "{shown}");
        Ok(())
    });
}

#[test]
fn a_logged_string_with_markup_in_it_stays_text() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let markup = "<img src=x onerror=\"top.document.title='owned'\"><b>bold</b>";
        demo.run_code(&format!(
            "console.log('shown:', {});",
            serde_json::to_string(markup)?
        ))
        .await?;
        assert_eq!(demo.logs("shown:").await?.text, format!("shown: {markup}"));
        assert_eq!(page.count("[role=log] img, [role=log] b").await?, 0);
        Ok(())
    });
}

#[test]
fn the_console_holds_the_last_thousand_entries_and_clears() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code("for (let i = 1; i <= 1500; i += 1) console.log(`entry ${i}`);")
            .await?;
        demo.logs("entry 1500").await?;
        let texts = demo.console().texts().await?;
        assert_eq!(texts.len(), 1000);
        assert_eq!(texts.first().map(String::as_str), Some("entry 501"));

        demo.press("Clear console").await?;
        assert!(demo.console().texts().await?.is_empty());
        Ok(())
    });
}
