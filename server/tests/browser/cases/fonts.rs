//! Whatever fonts a machine has: the parts of a demo in which much stands side by side hold with a narrower one than DejaVu Sans, which is about what
//! Liberation Sans is, and with one that is a fifth wider.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::harness::{Page, eventually, in_browser};
use crate::pages::{CHAPTER, QUICKCONNECT, SINGLE_BROWSER};

/// How wide the letters are, compared with those of DejaVu Sans: it is about a sixth wider than Liberation Sans.
const FONTS: [&str; 2] = ["86%", "120%"];
const SCREENS: [(u32, u32, bool); 3] = [(320, 640, true), (768, 1024, true), (1366, 768, false)];

/// Puts a font of that width into the names of the design, waits until it is there, and says how much wider it is than the one it is made of.
const USE: &str = "
    const face = (name, from) => `@font-face { font-family: '${name}'; src: ${from.map((one) => `local('${one}')`)}; size-adjust: ${width}; }`;
    const sheet = new CSSStyleSheet();
    const text = ['DejaVu Sans', 'Liberation Sans'];
    sheet.replaceSync(`${face('Measured', text)} ${face('Measured mono', ['DejaVu Sans Mono', 'Liberation Mono'])}
        :root { --text-font: Measured; --mono-font: 'Measured mono'; }`);
    document.adoptedStyleSheets = [sheet];
    await Promise.all(['16px Measured', \"16px 'Measured mono'\"].map((font) => document.fonts.load(font)));
    const context = document.createElement('canvas').getContext('2d');
    const [narrow, wide] = [text.join(), 'Measured'].map((font) => {
        context.font = `100px ${font.split(',').map((one) => `'${one}'`)}`;
        return context.measureText('How wide is it?').width;
    });
    return Math.round((100 * wide) / narrow);";

/// What of the given parts of a demo is cut off, or lies on something else.
///
/// A text has to be inside of the box that it is in, and of the part; what is meant to end in an ellipsis may. No two controls of a part may overlap.
const FAULTY: &str = "
    // The heads of a table whose rows are cards are for screen readers.
    const isSeen = (one) => one.checkVisibility() && one.getClientRects().length > 0 && !(one.closest('thead')?.offsetWidth <= 1);
    const isInside = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1 && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
    const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    const boxOf = (node) => {
        let one = node.parentElement;
        while (getComputedStyle(one).display.startsWith('inline') && !/button|select/.test(one.localName)) one = one.parentElement;
        return one;
    };
    const found = [];
    for (const part of [...arguments[0].querySelectorAll(arguments[1])].filter(isSeen)) {
        const outer = part.getBoundingClientRect();
        const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const node = texts.currentNode;
            const box = boxOf(node);
            if (!node.data.trim() || !isSeen(node.parentElement) || box.localName === 'select' || getComputedStyle(box).textOverflow === 'ellipsis') continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            const inner = box === part || part.contains(box) ? box.getBoundingClientRect() : outer;
            for (const rect of range.getClientRects())
                if (!isInside(rect, inner) || rect.right > outer.right + 1) found.push(`cut off in ${part.className || part.localName}: ${node.data}`);
        }
        if (part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== 'table-row') found.push(`too wide: ${part.className}`);
        const controls = [...part.querySelectorAll('button, a, select, input, summary, .demo-name, .position')].filter(isSeen);
        controls.forEach((a, i) => controls.slice(i + 1).forEach((b) => {
            if (!a.contains(b) && overlap(a.getBoundingClientRect(), b.getBoundingClientRect())) found.push(`${a.textContent} lies on ${b.textContent}`);
        }));
    }
    return [...new Set(found)];";

/// Waits until nothing is faulty: tables and statistics come a while after the run.
async fn is_whole(page: &Page<'_>, demo: &str, parts: &str, what: &str) -> Result<()> {
    let region = page.demo(demo).await?.region.to_json()?;
    let mut seen = Value::Null;
    let whole = eventually(async || {
        seen = page
            .evaluate(FAULTY, [region.clone(), json!(parts)])
            .await?;
        Ok((seen == json!([])).then_some(()))
    });
    whole.await.with_context(|| format!("{what}: {seen:#}"))
}

async fn use_font(page: &Page<'_>, width: &str) -> Result<()> {
    let script = format!("const width = {}; {USE}", json!(width));
    let measured = page.in_stage(&script).await?;
    anyhow::ensure!(
        measured
            .as_i64()
            .map(|percent| format!("{percent}%"))
            .as_deref()
            == Some(width),
        "the font should be {width} as wide as DejaVu Sans, or Liberation Sans, and is {measured}"
    );
    Ok(())
}

#[test]
fn with_a_narrow_and_a_wide_font_nothing_is_cut_off_or_covered() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for (width, height, is_phone) in SCREENS {
            page.become_screen(width, height, is_phone).await?;
            page.go_to(CHAPTER).await?;
            let demo = page.demo(SINGLE_BROWSER).await?;
            demo.run_handshake().await?;
            demo.choose_instrument("Candidates").await?;
            // All three tables are there: the pairs come with the first statistics.
            let tables = "return [...arguments[0].querySelectorAll('.candidates tbody')].filter(({ rows }) => rows.length > 0).length >= 4;";
            let region = demo.region.to_json()?;
            eventually(async || {
                let are_there = page.evaluate(tables, [region.clone()]).await?;
                Ok((are_there == json!(true)).then_some(()))
            })
            .await
            .context("the tables of candidates have rows")?;
            for font in FONTS {
                use_font(&page, font).await?;
                let what = format!("{font} at {width} px");
                let bars =
                    ".demo-bar, .demo-peers, .console-bar, .head-bar, .run-verdict, .panel-tabs";
                is_whole(&page, SINGLE_BROWSER, bars, &what).await?;
                is_whole(&page, QUICKCONNECT, bars, &what).await?;
                is_whole(
                    &page,
                    SINGLE_BROWSER,
                    ".candidates tr, .candidates p",
                    &what,
                )
                .await?;
                page.fits_its_width().await?;
            }
        }
        Ok(())
    });
}
