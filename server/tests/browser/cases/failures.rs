//! Code that fails names its line, in the console and in the editor.

use anyhow::{Context, Result};

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, Page, in_browser, in_browser_of};
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
        fails_at(&page, "let twice = 1;\n\nlet twice = 2;", "SyntaxError", 3).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        assert_eq!(demo.state().await?, "failed");
        let status = demo.status().await?;
        assert!(!status.contains("Running"), "{status}");
        demo.run_code("console.log('mended');").await?;
        demo.logs("mended").await?;
        assert_eq!(demo.state().await?, "running");
        Ok(())
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

/// Code, a part of what is said of it, and the line of the editor that it is about.
const LINES: [(&str, &str, u64); 13] = [
    (
        "\nimport quickconnect from 'rtc-quickconect';",
        "rtc-quickconect",
        2,
    ),
    (
        "// like lodash, but smaller\nimport _ from 'lodash';",
        "lodash",
        2,
    ),
    (
        "/* from 'lodash' */ const s = `import 'lodash'`;\n\nimport {\n  map,\n} from 'lodash';",
        "lodash",
        5,
    ),
    (
        "// lodash\nconst x = 1;\nawait import('lodash');",
        "lodash",
        3,
    ),
    ("// x\nimport './nowhere.js';", "./nowhere.js", 2),
    (
        "// Elsewhere.\nimport x from 'https://example.com/x.js';",
        "did not load",
        2,
    ),
    (
        "const a = 'one\u{2028}two\u{2029}three';\nmissing();",
        "missing",
        2,
    ),
    (
        "/* \u{2028} */ const a = 1;\nsetTimeout(() => {\n  missing();\n});",
        "missing",
        3,
    ),
    ("'\u{2028}';\nconst x = ;", "SyntaxError", 2),
    (
        "const a = '\u{2028}';\nawait new RTCPeerConnection().createAnswer();",
        "InvalidStateError",
        2,
    ),
    (
        "\n\nawait navigator.mediaDevices.getUserMedia({ audio: true });",
        "Error",
        3,
    ),
    (
        "\nfetch('http://192.0.2.1/');",
        "Refused: http://192.0.2.1/",
        2,
    ),
    (
        "\ntry { new WebSocket('ws://192.0.2.1/'); } catch {}",
        "Refused: ws://192.0.2.1/",
        2,
    ),
];

async fn lines_are_the_editors(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    for (code, text, line) in LINES {
        fails_at(&page, code, text, line).await.context(code)?;
    }
    Ok(())
}

#[test]
fn every_failure_names_the_line_of_the_editor_that_it_is_about_in_chromium() {
    in_browser_of(Chromium, lines_are_the_editors);
}

#[test]
fn every_failure_names_the_line_of_the_editor_that_it_is_about_in_firefox() {
    in_browser_of(Firefox, lines_are_the_editors);
}

#[test]
fn a_picture_that_does_not_load_is_no_failure_of_the_code() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let code = "const picture = document.body.appendChild(new Image());
            picture.onerror = () => console.log('not loaded');
            picture.src = '/nowhere.png';";
        demo.run_code(code).await?;
        demo.logs("not loaded").await?;
        assert_eq!(demo.console().texts().await?, ["not loaded"]);
        Ok(())
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
