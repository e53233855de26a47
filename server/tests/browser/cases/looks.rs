//! The demos fit a phone, every theme of mdBook, and readers who want less motion.

use anyhow::Result;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::harness::{Page, eventually, in_browser};
use crate::pages::demo::Demo;
use crate::pages::{CHAPTER, CREATE_OFFER, DEMOS, SINGLE_BROWSER, pages};

pub(super) const THEMES: [&str; 5] = ["light", "rust", "coal", "navy", "ayu"];

/// What WCAG asks of text.
const MIN_CONTRAST: f64 = 4.5;

/// The texts of a demo whose colour is too close to what is behind them.
const FAINT_TEXTS: &str = "
    const channels = (color) => color.match(/[\\d.]+/g).map(Number);
    const luminance = (color) => channels(color).slice(0, 3)
        .map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (element) => {
        for (; element; element = element.parentElement) {
            const color = getComputedStyle(element).backgroundColor;
            if ((channels(color)[3] ?? 1) === 1) return color;
        }
        return 'rgb(255, 255, 255)';
    };
    const contrast = (element) => {
        const [dark, light] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => a - b);
        return (light + 0.05) / (dark + 0.05);
    };
    return [...arguments[0].querySelectorAll('*')]
        .filter((element) => element.checkVisibility() && element.localName !== 'textarea' && !(element instanceof SVGElement))
        .filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()))
        .map((element) => ({ text: element.textContent.trim(), contrast: contrast(element) }))
        .filter(({ contrast }) => contrast < arguments[1]);";

pub(super) async fn choose_theme(page: &Page<'_>, theme: &str) -> Result<()> {
    page.evaluate(
        "localStorage.setItem('mdbook-theme', arguments[0])",
        [json!(theme)],
    )
    .await?;
    page.reload().await?;
    assert_eq!(
        page.count(&format!("html.{theme}")).await?,
        1,
        "the page has the theme {theme}"
    );
    Ok(())
}

pub(super) async fn can_be_read(page: &Page<'_>, demo: &Demo<'_>, what: &str) -> Result<()> {
    let texts = [demo.region.to_json()?, json!(MIN_CONTRAST)];
    let faint = page.evaluate(FAINT_TEXTS, texts).await?;
    assert_eq!(faint, json!([]), "theme {what}");
    page.fits_its_width().await
}

#[test]
fn on_a_phone_nothing_is_wider_than_the_screen_and_every_button_can_be_pressed() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.become_phone(320).await?;
        for path in ["", CHAPTER] {
            page.go_to(path).await?;
            page.fits_its_width().await?;
        }
        for name in DEMOS {
            let demo = page.demo(name).await?;
            demo.run().await?;
            demo.becomes("running").await?;
            for button in ["Copy", "Clear console", "Copy console", "Reset", "Stop"] {
                demo.press(button).await?;
            }
            assert_eq!(demo.state().await?, "idle");
        }
        page.demo(CREATE_OFFER).await?.run().await?;
        page.demo(CREATE_OFFER)
            .await?
            .logs("gathering: complete")
            .await?;
        page.fits_its_width().await
    });
}

/// The controls of a demo that are smaller than a finger, or nearer to each other than 8 px.
pub(super) const TOO_SMALL: &str = "const controls = [...arguments[0].querySelectorAll(':is(.demo-bar, .demo-peers, .console-bar) :is(button, a)')];
    const boxes = controls.map((one) => ({ text: one.textContent, box: one.getBoundingClientRect() }));
    const between = (a, b) => Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
    const near = boxes.filter(({ box }, i) => boxes.some(({ box: other }, j) => i !== j && between(box, other) < 7.9));
    return [...boxes.filter(({ box }) => box.width < 44 || box.height < 44), ...near].map(({ text }) => text);";

/// The controls of demos that reach over the edge of their demo, which cuts them off.
const BEYOND_ITS_DEMO: &str = "return [...document.querySelectorAll('.demo')].flatMap((demo) => {
        const { right } = demo.getBoundingClientRect();
        const controls = [...demo.querySelectorAll(':is(.demo-bar, .demo-peers, .demo-devices) :is(button, a, select)')];
        return controls.filter((one) => one.getBoundingClientRect().right > right).map((one) => one.textContent);
    });";

#[test]
fn on_a_phone_no_control_of_a_demo_is_cut_off() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.become_phone(320).await?;
        for path in [CHAPTER, "media/cameras.html"] {
            page.go_to(path).await?;
            page.demos().await?;
            let cut_off = page.evaluate(BEYOND_ITS_DEMO, []).await?;
            assert_eq!(cut_off, json!([]), "{path}");
        }
        Ok(())
    });
}

#[test]
fn on_a_phone_controls_are_as_large_as_a_finger_and_apart() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for width in [320, 390] {
            page.become_phone(width).await?;
            page.go_to(CHAPTER).await?;
            for demo in page.demos().await? {
                let small = page.evaluate(TOO_SMALL, [demo.region.to_json()?]).await?;
                assert_eq!(small, json!([]), "{} at {width} px", demo.name);
                let editor = demo.editor().await?;
                let size = "return getComputedStyle(arguments[0]).fontSize;";
                assert_eq!(
                    page.evaluate(size, [editor.to_json()?]).await?,
                    json!("16px")
                );
            }
        }
        Ok(())
    });
}

#[test]
fn on_a_phone_the_table_of_contents_opens_and_closes_and_says_so() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.become_phone(320).await?;
        page.go_to(CHAPTER).await?;
        let state = "const toggle = document.getElementById('mdbook-sidebar-toggle');
            const isShown = document.getElementById('mdbook-sidebar').checkVisibility();
            return [toggle.localName, toggle.getAttribute('aria-expanded'), isShown];";
        assert_eq!(
            page.evaluate(state, []).await?,
            json!(["button", "false", false])
        );
        let press = "document.getElementById('mdbook-sidebar-toggle').click()";
        for is_open in [true, false, true] {
            page.evaluate(press, []).await?;
            let expected = json!(["button", is_open.to_string(), is_open]);
            eventually(async || Ok((page.evaluate(state, []).await? == expected).then_some(())))
                .await?;
        }
        Ok(())
    });
}

#[test]
fn in_every_theme_the_demos_can_be_read_on_a_phone() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.become_phone(320).await?;
        page.go_to(CHAPTER).await?;
        for theme in THEMES {
            choose_theme(&page, theme).await?;
            let demo = page.demo(CREATE_OFFER).await?;
            demo.run_code("// a comment\nconst text = `${1 + 1} times`;\nconsole.warn('warned');\nthrow new Error('failed');").await?;
            demo.logs("failed").await?;
            can_be_read(&page, &demo, theme).await?;
        }
        Ok(())
    });
}

#[test]
fn in_every_theme_each_page_can_be_read() {
    in_browser(async |browser| {
        let page = browser.open("").await?;
        for path in pages() {
            page.go_to(path).await?;
            page.demos().await?;
            let body = page.driver().await?.find(By::Css("body")).await?;
            for theme in THEMES {
                // As mdBook does when a theme is chosen. The colours of the editor are those of the page.
                let wear = "document.documentElement.classList.remove(...arguments[1]); document.documentElement.classList.add(arguments[0]);";
                page.evaluate(wear, [json!(theme), json!(THEMES)]).await?;
                let texts = [body.to_json()?, json!(MIN_CONTRAST)];
                let faint = page.evaluate(FAINT_TEXTS, texts).await?;
                assert_eq!(faint, json!([]), "{path} in {theme}");
            }
        }
        Ok(())
    });
}

#[test]
fn readers_who_want_less_motion_get_none_from_a_demo() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        let reduced =
            json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        page.ask_chromium("Emulation.setEmulatedMedia", reduced)
            .await?;
        page.go_to(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run().await?;
        demo.becomes("running").await?;
        let moving = "return [...arguments[0].querySelectorAll('*')].map((element) => getComputedStyle(element))
            .filter((style) => style.animationName !== 'none' || /[1-9]/.test(style.transitionDuration) || style.scrollBehavior === 'smooth').length;";
        assert_eq!(
            page.evaluate(moving, [demo.region.to_json()?]).await?,
            Value::from(0)
        );
        Ok(())
    });
}

#[test]
fn in_every_theme_the_instruments_can_be_read_on_a_phone() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.become_phone(320).await?;
        page.go_to(CHAPTER).await?;
        for theme in THEMES {
            choose_theme(&page, theme).await?;
            let demo = page.demo(SINGLE_BROWSER).await?;
            demo.run_handshake().await?;
            for tab in [
                "States",
                "Candidates",
                "SDP",
                "Stats",
                "Packets",
                "Break it",
                "Ladder",
            ] {
                demo.choose_instrument(tab).await?;
                can_be_read(&page, &demo, &format!("{theme}, {tab}")).await?;
            }
        }
        Ok(())
    });
}

/// The hues that are too close to the page or to what code stands on, or the same as another.
const FAINT_HUES: &str = "
    const names = ['signaling', 'ice', 'dtls', 'messages'].map((name) => `--hue-${name}`);
    const probe = document.body.appendChild(document.createElement('span'));
    const shown = (name) => {
        probe.style.color = `var(${name})`;
        return getComputedStyle(probe).color;
    };
    const luminance = (name) => shown(name).match(/[\\d.]+/g).map(Number).slice(0, 3)
        .map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const contrast = (one, other) => {
        const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (light + 0.05) / (dark + 0.05);
    };
    const faint = names.filter((name) => ['--bg', '--stage-code-bg'].some((ground) => contrast(name, ground) < arguments[0]));
    const all = [...names, '--stage-error'].map(shown);
    return [faint, new Set(all).size === all.length];";

#[test]
fn in_every_theme_each_part_of_a_connection_has_a_hue_that_is_seen() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        for theme in THEMES {
            choose_theme(&page, theme).await?;
            let hues = page.evaluate(FAINT_HUES, [json!(MIN_CONTRAST)]).await?;
            assert_eq!(hues, json!([[], true]), "{theme}");
        }
        Ok(())
    });
}

/// The tables in sight that are wider than their place, once there are some.
const CUT_OFF: &str = "for (const details of arguments[0].querySelectorAll('.instruments [role=tabpanel] details')) details.open = true;
    const tables = [...arguments[0].querySelectorAll('.instruments .table-box')].filter((box) => box.checkVisibility());
    if (tables.length === 0) return null;
    return tables.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.getAttribute('aria-label'));";

#[test]
fn on_a_desktop_no_column_of_the_instruments_is_out_of_sight() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        page.become_screen(1280, 900, false).await?;
        page.go_to(CHAPTER).await?;
        let demo = page.demo(SINGLE_BROWSER).await?;
        demo.open_instruments().await?;
        demo.run().await?;
        demo.logs("connected: one message went each way").await?;
        for tab in ["Candidates", "SDP", "Stats"] {
            demo.choose_instrument(tab).await?;
            let cut_off = eventually(async || {
                let cut_off = page.evaluate(CUT_OFF, [demo.region.to_json()?]).await?;
                Ok(cut_off.is_array().then_some(cut_off))
            });
            assert_eq!(cut_off.await?, json!([]), "{tab}");
        }
        Ok(())
    });
}
