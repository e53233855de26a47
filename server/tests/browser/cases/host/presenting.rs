//! *Present*: the speaker's notes of a chapter, section by section.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::{attend, become_host, is_open, press, tell, told};
use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Page, eventually, in_hosted_workshop};

/// Chooses the chapter with notes, once it is offered.
const CHOOSE: &str = "const chapter = document.querySelector('[data-tool=chapter]');
    chapter.value = 'connecting/index.html';
    if (chapter.value) chapter.dispatchEvent(new Event('change'));
    return chapter.value;";

/// What stands in a part of *Present* that is seen.
const TEXT: &str = "const part = document.querySelector(`.host-present ${arguments[0]}`);
    return part?.checkVisibility() ? part.textContent : '';";

async fn says(page: &Page<'_>, part: &str, is: impl Fn(&str) -> bool) -> Result<()> {
    let mut text = String::new();
    let said = eventually(async || {
        let found = page.evaluate(TEXT, [json!(part)]).await?;
        text = found.as_str().unwrap_or_default().to_owned();
        Ok(is(&text).then_some(()))
    });
    said.await
        .with_context(|| format!("{part} says {text:?}, and should say something else"))
}

/// Opens the host's page, and chooses the chapter.
async fn choose(page: &Page<'_>) -> Result<()> {
    let chosen = eventually(async || {
        let page = page.evaluate(CHOOSE, []).await?;
        Ok((page == "connecting/index.html").then_some(()))
    });
    chosen.await.context("the chapter has notes")?;
    says(page, ".host-present-title", |title| {
        title.starts_with("1 of ") && title.ends_with(": Creating Connections")
    })
    .await
}

/// A key, where the keyboard is.
async fn type_key(page: &Page<'_>, key: &str) -> Result<()> {
    let keyboard = page.driver().await?.action_chain();
    keyboard.send_keys(key).perform().await?;
    Ok(())
}

#[test]
fn a_chapter_is_presented_by_its_notes_section_by_section_and_goes_on_after_a_reload() {
    const FOCUS: &str = "const buttons = [...document.querySelectorAll('.host-present button')];
        buttons.find(({ textContent }) => textContent.startsWith('Next section')).focus();";
    const LINK: &str = "return document.querySelector('.host-present a').href;";
    const SECOND: &str = ": One side: make an offer";
    in_hosted_workshop([Chromium, Firefox], async |browsers, host_access| {
        for own in browsers {
            let page = own.new_tab().await?;
            become_host(&page, host_access).await?;
            choose(&page).await?;
            says(&page, ".host-present-notes", |notes| !notes.is_empty()).await?;
            says(&page, ".host-present-time", |time| {
                time.starts_with("0:00 of ")
            })
            .await?;
            press(&page, "Start the clock").await?;
            says(&page, ".host-present-time", |time| {
                !time.is_empty() && !time.starts_with("0:00 ")
            })
            .await?;
            page.evaluate(FOCUS, []).await?;
            type_key(&page, "n").await?;
            says(&page, ".host-present-title", |title| {
                title.ends_with(SECOND)
            })
            .await?;
            assert!(page.focused().await?.starts_with("Next section"));
            let link = page.evaluate(LINK, []).await?;
            let place = "/connecting/index.html#one-side-make-an-offer";
            ensure!(
                link.as_str().is_some_and(|link| link.ends_with(place)),
                "{link}"
            );
            type_key(&page, "b").await?;
            says(&page, ".host-present-title", |title| {
                title.starts_with("1 of ")
            })
            .await?;
            type_key(&page, "n").await?;

            page.reload().await?;
            is_open(&page).await?;
            says(&page, ".host-present-title", |title| {
                title.ends_with(SECOND)
            })
            .await?;
            press(&page, "Stop the clock").await?;
            page.close().await?;
        }
        Ok(())
    });
}

#[test]
fn the_host_sees_who_is_on_the_page_already_and_brings_the_others() {
    const PROJECTED: &str =
        "return document.querySelector('dialog.host-projector:modal')?.innerText ?? '';";
    in_hosted_workshop([Chromium, Chromium], async |[own, other], host_access| {
        let page = own.new_tab().await?;
        become_host(&page, host_access).await?;
        choose(&page).await?;
        says(&page, ".host-present-there", |there| {
            there == "Nobody is here yet."
        })
        .await?;
        let adalbert = attend(other, "Adalbert").await?;
        let bertha = attend(other, "Bertha").await?;
        let seen = |page: &str| json!({ "type": "seen", "page": page, "title": "A page", "demo": null, "running": false, "error": null, "way": null, "solved": [] });
        tell(&adalbert, seen("connecting/index.html")).await?;
        tell(&bertha, seen("glossary.html")).await?;
        says(&page, ".host-present-there", |there| {
            there == "1 of 2 are on this page."
        })
        .await?;
        says(&page, ".host-present-names", |names| {
            names == "There: Adalbert."
        })
        .await?;
        press(&page, "Next section (N)").await?;
        press(&page, "Bring everyone here").await?;
        let brought = told(&bertha, "bring").await?;
        assert_eq!(
            brought["place"],
            json!("connecting/index.html#one-side-make-an-offer")
        );
        tell(&bertha, seen("connecting/index.html")).await?;
        says(&page, ".host-present-there", |there| {
            there == "Everybody is on this page: 2."
        })
        .await?;

        press(&page, "Projector view (P)").await?;
        let projected = page.evaluate(PROJECTED, []).await?;
        let projected = projected.as_str().unwrap_or_default();
        ensure!(projected.contains("on the page"), "{projected}");
        ensure!(!projected.contains("Adalbert"), "{projected}");
        ensure!(!projected.contains("make an offer"), "{projected}");
        Ok(())
    });
}

#[test]
fn at_320_px_the_notes_fit_and_their_controls_are_as_large_as_a_finger() {
    const TOO_SMALL: &str = "const controls = [...document.querySelectorAll('.host-present :is(button, select, a)')].filter((one) => one.checkVisibility());
        return controls.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.textContent);";
    in_hosted_workshop([Chromium], async |[own], host_access| {
        let page = own.new_tab().await?;
        page.become_phone(320).await?;
        become_host(&page, host_access).await?;
        choose(&page).await?;
        page.fits_its_width().await?;
        assert_eq!(page.evaluate(TOO_SMALL, []).await?, json!([]));
        Ok(())
    });
}
