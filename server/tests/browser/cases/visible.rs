//! Characters that can't be seen, or that reorder what can, are shown as what they are.

use serde_json::json;

use crate::harness::in_browser;
use crate::pages::{CHAPTER, CREATE_OFFER};

#[test]
fn the_console_shows_hidden_characters_as_their_numbers() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code("console.log('from a peer: ab\\u202Edc\\u200B');\nconsole.log({ 'id\\u2066': '\\u0007' });\nthrow new Error('not \\u202Eo.k');")
            .await?;
        assert_eq!(
            demo.logs("from a peer").await?.text,
            "from a peer: ab[U+202E]dc[U+200B]"
        );
        demo.logs("[U+2066]").await?;
        demo.logs("Uncaught Error: not [U+202E]o.k").await?;
        Ok(())
    });
}

/// A text, as one of several lines shows it, and as a label does.
const TEXTS: &str = "const { visible, visibleLine } = await at('visible.js');
    const texts = ['a\\u202eb', 'v=0\\r\\no=-', 'a\\rb', '\\u0000\\u001b[1m', 'l\\u200di', 'soft\\u00adhyphen\\ufeff', '\\u2028', '\\ud800', '\\u{e0041}', 'plain, ünï cödé, 漢字, עברית',
        '👨\\u200d👩\\u200d👧 ❤\\ufe0f 1\\ufe0f\\u20e3 👍🏽', 'می\\u200cخواهم', 'क्\\u200dष'];
    return texts.map((text) => [visible(text), visibleLine(text)]);";

#[test]
fn what_is_part_of_a_visible_character_or_of_a_layout_stays() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let same = |text: &str| json!([text, text]);
        let expected = json!([
            same("a[U+202E]b"),
            ["v=0\r\no=-", "v=0[U+000D][U+000A]o=-"],
            same("a[U+000D]b"),
            same("[U+0000][U+001B][1m"),
            same("l[U+200D]i"),
            same("soft[U+00AD]hyphen[U+FEFF]"),
            same("[U+2028]"),
            same("[U+D800]"),
            same("[U+E0041]"),
            same("plain, ünï cödé, 漢字, עברית"),
            same("👨\u{200d}👩\u{200d}👧 ❤\u{fe0f} 1\u{fe0f}\u{20e3} 👍🏽"),
            same("می\u{200c}خواهم"),
            same("क्\u{200d}ष"),
        ]);
        assert_eq!(page.in_stage(TEXTS).await?, expected);
        Ok(())
    });
}
