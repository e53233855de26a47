//! Code that fails names its line, in the console and in the editor.

use anyhow::Result;

use crate::harness::{Page, in_browser};
use crate::pages::{CHAPTER, CREATE_OFFER};

/// Runs `code` and expects an error with `text`, at `line`, and a mark on that line and no other.
async fn fails_at(page: &Page<'_>, code: &str, text: &str, line: u64) -> Result<()> {
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(code).await?;
    let entry = demo.logs(text).await?;
    assert_eq!(entry.level, "error", "{entry:?}");
    assert!(
        entry.shown.contains(&format!("line {line}")),
        "{entry:?} should name line {line}"
    );
    assert_eq!(demo.marked_lines().await?, [line], "{entry:?}");
    Ok(())
}

#[test]
fn a_syntax_error_names_its_line_and_the_editor_marks_it() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        fails_at(
            &page,
            "console.log('never');\nconst x = ;\n",
            "SyntaxError",
            2,
        )
        .await?;
        fails_at(&page, "let twice = 1;\n\nlet twice = 2;", "SyntaxError", 3).await
    });
}

#[test]
fn a_runtime_error_names_its_line_and_the_editor_marks_it() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        fails_at(
            &page,
            "const nothing = undefined;\n\nnothing.at.all;",
            "TypeError",
            3,
        )
        .await?;
        fails_at(
            &page,
            "console.log('first');\nsetTimeout(() => {\n  throw new Error('late');\n});",
            "late",
            3,
        )
        .await?;
        fails_at(
            &page,
            "\nawait Promise.reject(new Error('awaited'));",
            "awaited",
            2,
        )
        .await
    });
}

#[test]
fn an_unhandled_rejection_names_its_line_and_the_editor_marks_it() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        fails_at(
            &page,
            "\n\nPromise.reject(new Error('nobody listens'));",
            "nobody listens",
            3,
        )
        .await?;
        Ok(())
    });
}

#[test]
fn a_call_that_a_peer_connection_refuses_names_its_line_although_its_error_has_no_stack() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let connection = "const pc = new RTCPeerConnection();";
        for (rest, error, line) in [
            (
                "\npc.setRemoteDescription({ type: 'offer', sdp: 'nonsense' });",
                "OperationError",
                3,
            ),
            (
                "async function call() {\n  await pc.setRemoteDescription({ type: 'offer', sdp: 'x' });\n}\ncall();",
                "OperationError",
                3,
            ),
            (
                "pc.addIceCandidate({ candidate: 'garbage' });",
                "TypeError",
                2,
            ),
            ("await pc.createAnswer();", "InvalidStateError", 2),
            (
                "pc.close();\nawait pc.createOffer();",
                "InvalidStateError",
                3,
            ),
        ] {
            fails_at(&page, &format!("{connection}\n{rest}"), error, line).await?;
        }
        Ok(())
    });
}

#[test]
fn a_refused_call_that_the_code_handles_is_no_failure() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let code = "const pc = new RTCPeerConnection();
            pc.addIceCandidate({ candidate: 'garbage' }).catch((error) => console.log('caught', error.name));
            setTimeout(() => console.log('later'));";
        demo.run_code(code).await?;
        demo.logs("caught TypeError").await?;
        demo.logs("later").await?;
        assert!(demo.marked_lines().await?.is_empty());
        Ok(())
    });
}

#[test]
fn an_import_that_leads_nowhere_names_its_line() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        fails_at(
            &page,
            "\nimport quickconnect from 'rtc-quickconect';",
            "rtc-quickconect",
            2,
        )
        .await
    });
}

#[test]
fn the_mark_goes_with_the_next_edit_and_with_the_next_run() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        fails_at(&page, "throw new Error('first');", "first", 1).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.write("console.log('mended');").await?;
        assert!(demo.marked_lines().await?.is_empty());

        fails_at(
            &page,
            "console.log('once');\nthrow new Error('second');",
            "second",
            2,
        )
        .await?;
        demo.reset().await?;
        demo.run().await?;
        demo.logs("gathering: complete").await?;
        assert!(demo.marked_lines().await?.is_empty());
        Ok(())
    });
}
