//! axe finds nothing, with all rules that it has switched on, best practices too: on every page, on a phone and at a desk, with panels open and closed.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::harness::Kind::Chromium;
use crate::harness::{Page, eventually, in_browser, in_hosted_workshop};
use crate::pages::{
    CHAPTER, CHECK, CREATE_OFFER, DEMOS, KINDS, QUICKCONNECT, SINGLE_BROWSER, pages,
};

/// What `cargo xtask javascript` fetches, as `xtask/javascript/package.json` pins it.
const AXE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../target/javascript/node_modules/axe-core/axe.min.js"
);

const PHONE: (u32, u32, bool) = (320, 640, true);
const DESK: (u32, u32, bool) = (1280, 900, false);

/// What is wrong inside of an element, in each of the given themes by the given rules; by all of them, if none is given.
///
/// A demo's frame is the reader's own, and is not looked into. Colours that fade would be read while they do.
const FINDINGS: &str = "
    const still = new CSSStyleSheet();
    still.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important; }');
    document.adoptedStyleSheets = [still];
    const { classList } = document.documentElement;
    const options = { iframes: false, preload: false, resultTypes: ['violations'] };
    const themes = runs.map(([theme]) => theme);
    const found = [];
    for (const [theme, runOnly] of runs) {
        classList.remove('light', ...themes);
        classList.add(theme);
        const { violations } = await axe.run(document.querySelector(inside), runOnly ? { ...options, runOnly } : options);
        for (const { id, nodes } of violations)
            for (const { target, failureSummary } of nodes) found.push(`${theme}, ${id}: ${target.join(' ')}: ${failureSummary}`);
    }
    classList.remove(...themes);
    classList.add('light');
    return found;";

/// Those that a theme has a part in.
const OF_COLOURS: [&str; 2] = ["color-contrast", "link-in-text-block"];

/// The second themes. All of them on each page would take four times as long: pages take turns, on a phone others than at a desk.
const SECOND_THEMES: [&str; 4] = ["navy", "rust", "coal", "ayu"];

/// Nothing is wrong inside of the element that the selector finds first.
async fn is_accessible(page: &Page<'_>, inside: &str, what: &str) -> Result<()> {
    is_accessible_in(page, inside, "navy", what).await
}

/// In light with all rules, and in a second theme with those of colours: nothing else differs.
async fn is_accessible_in(page: &Page<'_>, inside: &str, second: &str, what: &str) -> Result<()> {
    let runs = json!([["light", null], [second, OF_COLOURS]]);
    has_no_findings(page, inside, runs, what).await
}

async fn has_no_findings(page: &Page<'_>, inside: &str, runs: Value, what: &str) -> Result<()> {
    if page.evaluate("return typeof axe;", []).await? == json!("undefined") {
        let axe = fs::read_to_string(AXE)
            .with_context(|| format!("{AXE} is not there: `cargo xtask javascript` fetches it"))?;
        page.evaluate(&axe, []).await?;
    }
    let script = format!(
        "const [inside, runs] = {}; {FINDINGS}",
        json!([inside, runs])
    );
    let found = page.in_stage(&script).await?;
    assert_eq!(found, json!([]), "{what}: {found:#}");
    Ok(())
}

async fn every_page_is_accessible(page: &Page<'_>, screen: (u32, u32, bool)) -> Result<()> {
    let (width, height, is_phone) = screen;
    page.become_screen(width, height, is_phone).await?;
    let turn = if is_phone { 0 } else { 2 };
    let themes = SECOND_THEMES.into_iter().cycle().skip(turn);
    for (path, second) in pages().chain(["no/such/page"]).zip(themes) {
        page.go_to(path).await?;
        is_accessible_in(page, "html", second, &format!("{path:?} at {width} px")).await?;
    }
    Ok(())
}

#[test]
fn axe_finds_nothing_on_any_page_of_a_phone() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        every_page_is_accessible(&page, PHONE).await
    });
}

#[test]
fn axe_finds_nothing_on_any_page_of_a_desk() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        every_page_is_accessible(&page, DESK).await
    });
}

/// The colours of the reader's system, as in the high contrast of Windows: black on white, and white on black. Pages take turns.
const SYSTEM_COLOURS: [(&str, &str); 2] = [("light", "light"), ("dark", "navy")];

#[test]
fn axe_finds_nothing_on_a_page_of_each_kind_in_the_colours_of_the_system() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        let schemes = SYSTEM_COLOURS.into_iter().cycle();
        for (path, (scheme, theme)) in KINDS.into_iter().zip(schemes) {
            let features = json!({ "features": [
                { "name": "forced-colors", "value": "active" },
                { "name": "prefers-color-scheme", "value": scheme },
            ] });
            page.ask_chromium("Emulation.setEmulatedMedia", features)
                .await?;
            page.go_to(path).await?;
            let what = format!("{path:?} in the {scheme} colours of the system");
            has_no_findings(&page, "html", json!([[theme, OF_COLOURS]]), &what).await?;
        }
        Ok(())
    });
}

/// What of mdBook's own opens over a page, by the button that opens it.
const OPENED: [&str; 3] = [
    "mdbook-sidebar-toggle",
    "mdbook-theme-toggle",
    "mdbook-search-toggle",
];

#[test]
fn axe_finds_nothing_in_the_contents_the_themes_and_the_search() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for (width, height, is_phone) in [PHONE, DESK] {
            page.become_screen(width, height, is_phone).await?;
            for id in OPENED {
                page.go_to("").await?;
                page.demos().await?;
                page.evaluate(
                    "document.getElementById(arguments[0]).click();",
                    [json!(id)],
                )
                .await?;
                if id == "mdbook-search-toggle" {
                    super::search::first_of(&page, "mute").await?;
                }
                is_accessible(&page, "html", &format!("{id} at {width} px")).await?;
            }
        }
        Ok(())
    });
}

#[test]
fn axe_finds_nothing_in_what_the_checks_of_a_device_have_found() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for (width, height, is_phone) in [PHONE, DESK] {
            page.become_screen(width, height, is_phone).await?;
            page.go_to(CHECK).await?;
            super::check::check(&page).await?;
            is_accessible(&page, ".device-check", &format!("at {width} px")).await?;
        }
        Ok(())
    });
}

#[test]
fn axe_finds_nothing_on_the_page_of_a_host() {
    in_hosted_workshop([Chromium, Chromium], async |[own, other], host_access| {
        let ada = super::host::attend(other, "Ada").await?;
        let seen = json!({ "type": "seen", "page": "connecting/index.html", "title": "Creating Connections", "demo": "createoffer.js", "running": true,
            "error": "ReferenceError: x is not defined", "way": "relay", "solved": ["Repair"] });
        super::host::tell(&ada, seen).await?;
        super::host::tell(&ada, json!({ "type": "open-pair" })).await?;
        super::host::tell(&ada, json!({ "type": "hand", "raised": true })).await?;
        let page = own.new_tab().await?;
        for (width, height, is_phone) in [PHONE, DESK] {
            page.become_screen(width, height, is_phone).await?;
            super::host::become_host(&page, host_access).await?;
            let rows = "section[aria-label=Attendees] .host-error:not([hidden]), section[aria-label=Pairs] .host-row";
            let shown = eventually(async || Ok((page.count(rows).await? >= 2).then_some(())));
            shown.await.context("an attendee and a pair are shown")?;
            let open = "for (const details of document.querySelectorAll('.host details')) details.open = true;";
            page.evaluate(open, []).await?;
            is_accessible(&page, ".host", &format!("the dashboard at {width} px")).await?;
        }
        Ok(())
    });
}

/// Opens what a panel folds. Of the statistics only what is found by a word: each of some hundred values would be looked at.
const OPEN_ALL: &str =
    "const panel = arguments[0].querySelector('.instruments [role=tabpanel]:not([hidden])');
    const search = panel.querySelector('input[type=search]');
    if (search) {
        search.value = 'bytesSent';
        search.dispatchEvent(new Event('input'));
    }
    for (const details of panel.querySelectorAll('details')) details.open = true;";

#[test]
fn axe_finds_nothing_in_the_media_panel_of_a_call_that_stops_on_its_way() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for (width, height, is_phone) in [PHONE, DESK] {
            page.become_screen(width, height, is_phone).await?;
            page.go_to(CHAPTER).await?;
            let demo = page.demo(CREATE_OFFER).await?;
            demo.run_code(&super::media_panel::call("not played"))
                .await?;
            super::media_panel::open_panel(&page, &demo).await?;
            let still = ".media-link[data-tone=still]";
            let is_told = eventually(async || Ok((page.count(still).await? > 0).then_some(())));
            is_told.await.context("a link should stand still")?;
            page.evaluate(OPEN_ALL, [demo.region.to_json()?]).await?;
            let inside = format!("section[aria-label='{CREATE_OFFER}'] .instruments");
            is_accessible(&page, &inside, &format!("Media at {width} px")).await?;
            page.fits_its_width().await?;
        }
        Ok(())
    });
}

#[test]
fn axe_finds_nothing_in_the_panel_of_a_labs_nats() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        let demo = super::nats_panel::open_panel(&page).await?;
        let inside = format!("section[aria-label='{}'] .instruments", demo.name);
        for (width, height, is_phone) in [PHONE, DESK] {
            page.become_screen(width, height, is_phone).await?;
            is_accessible(&page, &inside, &format!("NATs at {width} px")).await?;
            page.fits_its_width().await?;
        }
        Ok(())
    });
}

#[test]
fn axe_finds_nothing_in_demos_that_run_and_in_their_instruments() {
    in_browser(async |browser| {
        let page = browser.new_tab().await?;
        for (width, height, is_phone) in [PHONE, DESK] {
            page.become_screen(width, height, is_phone).await?;
            page.go_to(CHAPTER).await?;
            for name in DEMOS {
                let demo = page.demo(name).await?;
                demo.editor().await?;
                demo.run_code(&format!(
                    "console.warn('a warning', {{ with: {{ values: [1] }} }});\n{}",
                    demo.code().await?
                ))
                .await?;
                demo.logs("a warning").await?;
            }
            page.demo(QUICKCONNECT).await?.open_instruments().await?;
            let unfold =
                "document.querySelectorAll('.unfold').forEach((button) => button.click());";
            page.evaluate(unfold, []).await?;
            let inner = ".values ul ul .value";
            let is_unfolded =
                eventually(async || Ok((page.count(inner).await? >= DEMOS.len()).then_some(())));
            is_unfolded.await.context("values unfold")?;
            let demo = page.demo(SINGLE_BROWSER).await?;
            demo.logs("connected: one message went each way").await?;
            demo.open_instruments().await?;
            is_accessible(&page, "html", &format!("demos at {width} px")).await?;
            let inside = format!("section[aria-label='{SINGLE_BROWSER}'] .instruments");
            for tab in [
                "States",
                "Candidates",
                "SDP",
                "Stats",
                "Packets",
                "Break it",
            ] {
                demo.choose_instrument(tab).await?;
                page.evaluate(OPEN_ALL, [demo.region.to_json()?]).await?;
                is_accessible(&page, &inside, &format!("{tab} at {width} px")).await?;
            }
            page.demo(QUICKCONNECT)
                .await?
                .run_code("throw new Error('failed');")
                .await?;
            let error =
                eventually(async || Ok((page.count(".error-line").await? > 0).then_some(())));
            error.await.context("the line of the error is marked")?;
            is_accessible(&page, "section.demo:has(.error-line)", "an error").await?;
        }
        Ok(())
    });
}
