//! What the sandbox refuses without a word gets one line in the console, with what to use instead.

use anyhow::Result;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, in_browser_of};
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
        "use “Copy console”",
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
        assert_eq!(entries.len(), 2, "{refused}: {entries:#?}");
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
