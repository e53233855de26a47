//! The console shows what an object holds, or says what it does not show.

use anyhow::Result;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, in_browser_of};
use crate::pages::{CHAPTER, CREATE_OFFER};

/// What is logged, and what the console shows of it.
const VALUES: [(&str, &str); 40] = [
    (
        "await new RTCPeerConnection().getStats()",
        "type: \"peer-connection\"",
    ),
    ("new Headers({ a: '1' })", "Headers(1) { \"a\" => \"1\" }"),
    ("new Headers()", "Headers(0) {}"),
    (
        "new URLSearchParams('a=1&a=2')",
        "URLSearchParams(2) { \"a\" => \"1\", \"a\" => \"2\" }",
    ),
    (
        "form",
        "FormData(2) {\n  \"field\" => \"value\",\n  \"file\" => File {",
    ),
    (
        "new Blob(['abc'])",
        "size: 3, … its contents are read with text() or arrayBuffer()",
    ),
    ("new Response('x', { status: 201 })", "status: 201"),
    (
        "new Response('x')",
        "… its body is read with text() or json()",
    ),
    ("new Request('/asked')", "/asked"),
    (
        "new DataView(new ArrayBuffer(2))",
        "DataView(2 bytes) <00 00>",
    ),
    ("new Uint16Array([1, 2])", "Uint16Array [ 1, 2 ]"),
    (
        "[1].entries()",
        "[Array Iterator: looking at its values uses them up",
    ),
    ("new Map([[1, 2]]).values()", "[Map Iterator: "),
    ("(function* () {})()", "[Generator: "),
    ("(async function* () {})()", "[AsyncGenerator: "),
    ("new Number(5)", "[Number: 5]"),
    ("new String('five')", "[String: \"five\"]"),
    ("new Boolean(false)", "[Boolean: false]"),
    ("Object(5n)", "[BigInt: 5n]"),
    ("Object(Symbol('five'))", "[Symbol: Symbol(five)]"),
    (
        "Promise.resolve(1)",
        "Promise { … its outcome comes later: await it }",
    ),
    (
        "new WeakMap()",
        "WeakMap { … its entries can not be listed }",
    ),
    ("new WeakRef({ held: 1 })", "held: 1"),
    (
        "new EventTarget()",
        "EventTarget { … nothing of it can be read }",
    ),
    (
        "document.createElement('canvas').captureStream()",
        "kind: \"video\"",
    ),
    (
        "new ReadableStream()",
        "locked: false, … what it carries is read with getReader()",
    ),
    ("new Intl.NumberFormat('de')", "locale: \"de\""),
    (
        "document.querySelectorAll('p')",
        "NodeList(2) [ <p class=\"one\">…</p>, <p> ]",
    ),
    ("document.querySelector('p').firstChild", "#text \"text\""),
    (
        "document.querySelector('p').classList",
        "DOMTokenList(1) [ \"one\" ]",
    ),
    (
        "new (class A { #hidden = 1; shown = 2; })()",
        "A { shown: 2, … its private fields can not be read }",
    ),
    ("{ [Symbol('key')]: 1 }", "{ [Symbol(key)]: 1 }"),
    (
        "/b(?<name>.)/.exec('abc')",
        "[ \"bc\", \"c\", index: 1, input: \"abc\", groups: { name: \"c\" } ]",
    ),
    ("[1, , 3]", "[ 1, (empty), 3 ]"),
    (
        "Object.assign(new Error('with'), { code: 7 })",
        "Error: with\n  code: 7",
    ),
    (
        "new RTCError({ errorDetail: 'dtls-failure' }, 'broken')",
        "errorDetail: \"dtls-failure\"",
    ),
    ("Array(60).fill(0)", "… 10 more"),
    ("new Set(Array(60).keys())", "… 10 more"),
    (
        "new URLSearchParams(Array.from(Array(60), () => ['a', 'b']))",
        "… 10 more",
    ),
    ("'x'.repeat(30_000)", "… (10000 more characters)"),
];

const BEFORE: &str = "document.body.innerHTML = '<p class=\"one\">text</p><p></p>';
const form = new FormData(); form.append('field', 'value'); form.append('file', new Blob(['x']), 'file.txt');";

async fn each_value_is_shown(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    let logged: Vec<String> = VALUES
        .iter()
        .map(|(value, _)| {
            format!(
                "try {{ console.log({value}); }} catch (error) {{ console.log(String(error)); }}"
            )
        })
        .collect();
    demo.run_code(&format!(
        "{BEFORE}\n{}\nconsole.log('end');",
        logged.join("\n")
    ))
    .await?;
    demo.logs("end").await?;
    let texts = demo.console().texts().await?;
    for (text, (value, shown)) in texts.iter().zip(VALUES) {
        // Firefox has no `RTCError` that code can make.
        let is_missing = text.contains("RTCError is not defined");
        assert!(text.contains(shown) || is_missing, "{value}: {text}");
    }
    Ok(())
}

#[test]
fn what_an_object_holds_is_shown_or_is_said_to_be_missing_in_chromium() {
    in_browser_of(Chromium, each_value_is_shown);
}

#[test]
fn what_an_object_holds_is_shown_or_is_said_to_be_missing_in_firefox() {
    in_browser_of(Firefox, each_value_is_shown);
}

/// A call of the console, and its entry.
const CALLS: [(&str, &str); 9] = [
    (
        "console.assert(false, 'value is %d of %s', 5, 'ten')",
        "Assertion failed: value is 5 of ten",
    ),
    ("console.assert(false)", "Assertion failed"),
    (
        "console.assert(false, { a: 1 })",
        "Assertion failed: { a: 1 }",
    ),
    ("console.log('%d %i %f', '4x', 7.9, '1.5y')", "4 7 1.5"),
    (
        "console.log('%s is %o%%, %cplain', 'it', { a: 1 }, 'color: red', 'more')",
        "it is { a: 1 }%, plain more",
    ),
    ("console.log('100%%')", "100%%"),
    (
        "console.trace('at %d', 3)",
        "trace: at 3\n  called in line ",
    ),
    ("console.dirxml({ a: 1 })", "{ a: 1 }"),
    (
        "console.log('x'.repeat(20_000), 'x'.repeat(20_000), 'x'.repeat(20_000), 'x'.repeat(20_000), 'x'.repeat(20_000))",
        "… (1004 more characters)",
    ),
];

#[test]
fn the_console_takes_its_calls_as_the_standard_says() {
    in_browser_of(Chromium, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        for (call, expected) in CALLS {
            demo.run_code(&format!("{call};\nconsole.log('end');"))
                .await?;
            demo.logs("end").await?;
            let text = demo.console().texts().await?.swap_remove(0);
            let is_whole = text == expected || expected.ends_with(' ') || expected.starts_with('…');
            assert!(is_whole && text.contains(expected), "{call}: {text}");
        }
        Ok(())
    });
}
