//! What the sandbox refuses without a word gets one line in the console, with what to use instead. A file that the code has made can be saved from
//! there.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, Page, eventually, in_browser_of};
use crate::pages::{CHAPTER, CREATE_OFFER};

const FORM: &str = "document.body.innerHTML = '<form action=\"/x\"><input name=\"q\"><button>Go</button></form>'; const form = document.forms[0];";

/// What comes before; what is refused, in line 2; what the console says of it.
const REFUSED: [(&str, &str, &str); 10] = [
    ("", "alert('hello');", "Use console.log"),
    ("", "confirm('sure?');", "Put a button of your own"),
    ("", "prompt('name?');", "Put an <input> of your own"),
    ("", "print();", "with the browser’s own menu"),
    (
        "",
        "try { open('/'); } catch {}",
        "Open a second tab of this page by hand",
    ),
    (
        "const a = document.createElement('a'); a.href = 'data:,x'; a.download = 'x.txt';",
        "a.click();",
        "with URL.createObjectURL",
    ),
    (
        "document.body.innerHTML = '<a href=\"/\" target=\"_top\">out</a>';",
        "document.querySelector('a').click();",
        "Show its address",
    ),
    (FORM, "form.submit();", "Listen to the click of a button"),
    (
        FORM,
        "form.requestSubmit();",
        "Listen to the click of a button",
    ),
    (
        FORM,
        "document.querySelector('button').click();",
        "Listen to the click of a button",
    ),
];

async fn each_refusal_is_one_line(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    for (before, refused, instead) in REFUSED {
        let code = format!("{before}\n{refused}\nsetTimeout(() => console.log('end'), 100);");
        demo.run_code(&code).await?;
        let refusal = demo.logs(instead).await?;
        assert_eq!(refusal.level, "warn", "{refused}: {refusal:?}");
        assert!(refusal.shown.contains("line 2"), "{refused}: {refusal:?}");
        demo.logs("end").await?;
        let entries = demo.console().entries().await?;
        assert_eq!(entries.len(), 2, "{refused}: {entries:?}");
    }
    Ok(())
}

#[test]
fn what_the_sandbox_refuses_is_said_once_with_what_to_use_instead_in_chromium() {
    in_browser_of(Chromium, each_refusal_is_one_line);
}

#[test]
fn what_the_sandbox_refuses_is_said_once_with_what_to_use_instead_in_firefox() {
    in_browser_of(Firefox, each_refusal_is_one_line);
}

/// What works, or is prevented by the code itself.
const ALLOWED: &str = "document.body.innerHTML = '<a href=\"/\" target=\"_top\">out</a><button type=\"button\">own</button>';
document.querySelector('a').addEventListener('click', (event) => event.preventDefault());
document.querySelector('a').click();
document.querySelector('button').addEventListener('click', () => console.log('clicked'));
document.querySelector('button').click();
setTimeout(() => console.log('end'), 100);";

#[test]
fn what_is_not_refused_is_not_spoken_of() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code(ALLOWED).await?;
        demo.logs("end").await?;
        assert_eq!(demo.console().texts().await?, ["clicked", "end"]);
        Ok(())
    });
}

/// In line 2, with the advice that follows it.
const REFUSED_WITH_AN_ERROR: [(&str, &str); 6] = [
    ("localStorage.getItem('x');", "use a variable"),
    ("sessionStorage.setItem('x', 'y');", "use a variable"),
    ("document.cookie;", "use a variable"),
    ("indexedDB.open('x');", "use a variable"),
    ("top.location.href = '/';", "show what you have"),
    ("parent.document.title;", "show what you have"),
];

async fn errors_of_the_sandbox_name_their_line(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    for (refused, advice) in REFUSED_WITH_AN_ERROR {
        demo.run_code(&format!("// The top of it.\n{refused}"))
            .await?;
        let error = demo.logs("SecurityError").await?;
        assert!(
            error.text.contains(advice) && error.shown.contains("line 2"),
            "{refused}: {error:?}"
        );
        assert_eq!(demo.marked_lines().await?, [2], "{refused}");
    }
    Ok(())
}

#[test]
fn errors_of_the_sandbox_name_their_line_and_what_to_do_in_chromium() {
    in_browser_of(Chromium, errors_of_the_sandbox_name_their_line);
}

#[test]
fn errors_of_the_sandbox_name_their_line_and_what_to_do_in_firefox() {
    in_browser_of(Firefox, errors_of_the_sandbox_name_their_line);
}

/// Revokes the address at once, as much code does. The second link is in the document, and gets its address when it is clicked.
const MAKES_FILES: &str = "const link = document.createElement('a');
link.href = URL.createObjectURL(new Blob(['<p>hello'], { type: 'text/html' }));
link.download = '../the first.html';
link.click();
URL.revokeObjectURL(link.href);
const late = document.createElement('a');
late.textContent = late.href = 'late';
late.download = '';
late.onclick = () => (late.href = URL.createObjectURL(new Blob(['late'])));
document.body.append(late);
setTimeout(() => late.click(), 200);
setTimeout(() => console.log('end'), 500);";

/// Keeps what is saved from becoming a file, and notes it.
const WATCH: &str = "window.saved = [];
    HTMLAnchorElement.prototype.click = function () { saved.at(-1).push(this.download); };
    URL.createObjectURL = (file) => {
        const one = [file.type];
        saved.push(one);
        file.text().then((text) => one.push(text));
        return '';
    };";

/// Of what is out of sight nothing is drawn, and Chromium's driver then finds no names.
const SHOW_CONSOLE: &str =
    "document.querySelector('.entry .save').scrollIntoView({ block: 'center' });";

async fn saved(page: &Page<'_>, most: usize) -> Result<Value> {
    eventually(async || {
        let saved = page.evaluate("return window.saved", []).await?;
        let all = saved.as_array().context("it is a list")?;
        let is_whole = all.len() == most && all.iter().all(|one| one[2].is_string());
        Ok(is_whole.then_some(saved))
    })
    .await
    .context("what was made should be saved")
}

async fn a_file_is_saved_by_a_press(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    page.evaluate(WATCH, []).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run_code(MAKES_FILES).await?;
    demo.logs("end").await?;
    let entries = demo.console().entries().await?;
    assert_eq!(entries.len(), 3, "{entries:?}");
    assert!(entries[0].shown.contains("line 4"), "{entries:?}");
    assert_eq!(page.evaluate("return window.saved", []).await?, json!([]));

    page.evaluate(SHOW_CONSOLE, []).await?;
    demo.press("Save the first.html (8 bytes)").await?;
    let first = json!(["application/octet-stream", "the first.html", "<p>hello"]);
    assert_eq!(saved(&page, 1).await?, json!([first]));
    // What was made outlives the run.
    demo.stop().await?;
    demo.press("Save file (4 bytes)").await?;
    let late = json!(["application/octet-stream", "file", "late"]);
    assert_eq!(saved(&page, 2).await?, json!([first, late]));

    demo.run_code("console.log('nothing');").await?;
    demo.logs("nothing").await?;
    let buttons = "return document.querySelectorAll('.entry .save').length";
    assert_eq!(page.evaluate(buttons, []).await?, json!(0));
    Ok(())
}

#[test]
fn what_a_demo_has_made_is_saved_when_the_reader_says_so_in_chromium() {
    in_browser_of(Chromium, a_file_is_saved_by_a_press);
}

#[test]
fn what_a_demo_has_made_is_saved_when_the_reader_says_so_in_firefox() {
    in_browser_of(Firefox, a_file_is_saved_by_a_press);
}

/// One byte more than is handed over.
const TOO_LARGE: &str = "const link = document.createElement('a');
link.href = URL.createObjectURL(new Blob([new Uint8Array(50 * 1024 * 1024 + 1)]));
link.download = 'large';
link.click();";

#[test]
fn a_file_that_is_too_large_is_not_handed_over() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code(TOO_LARGE).await?;
        let refusal = demo.logs("no more than 52428800").await?;
        assert_eq!(refusal.level, "warn");
        assert!(refusal.shown.contains("line 4"), "{refusal:?}");
        Ok(())
    });
}
