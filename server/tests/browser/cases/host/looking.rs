//! The page on a phone, under the keyboard, and on the projector.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, from_value, json};
use thirtyfour::Key;

use super::{Shown, attend, become_host, press, shows, tell};
use crate::harness::Kind::Chromium;
use crate::harness::eventually::eventually_within;
use crate::harness::{Page, eventually, in_hosted_workshop};

/// Longer than the page waits before it says another sentence.
const SAID_WITHIN: Duration = Duration::from_secs(40);

/// As long as a name may be, without a place to break it.
const LONG: &str = "Wwwwwwwwwwwwwwwwwwwwwwww";

/// What an attendee may share at most that has no place to break.
fn long_things() -> Value {
    json!({ "type": "seen", "page": "connecting/index.html", "title": "T".repeat(100), "demo": "d".repeat(100), "running": true,
        "error": "e".repeat(300), "way": "relay", "solved": ["s".repeat(60)] })
}

#[test]
fn at_320_px_nothing_overflows_and_controls_are_as_large_as_a_finger() {
    const TOO_SMALL: &str = "for (const details of document.querySelectorAll('.host details')) details.open = true;
        const controls = [...document.querySelectorAll('.host :is(button, select, summary, .host-choose)')].filter((one) => one.checkVisibility());
        return controls.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.textContent);";
    in_hosted_workshop([Chromium, Chromium], async |[own, other], host_access| {
        let page = own.new_tab().await?;
        page.become_phone(320).await?;
        become_host(&page, host_access).await?;
        let long = attend(other, LONG).await?;
        tell(&long, long_things()).await?;
        tell(&long, json!({ "type": "hand", "raised": true })).await?;
        shows(&page, "all of it", |shown| {
            let mut rows = shown.attendees.iter();
            rows.any(|row| row.name == LONG && !row.hand.is_empty() && row.place.contains("TTT"))
        })
        .await?;
        page.fits_its_width().await?;
        assert_eq!(page.evaluate(TOO_SMALL, []).await?, json!([]));
        page.fits_its_width().await?;
        press(&page, &format!("Rename {LONG}")).await?;
        page.fits_its_width().await?;
        press(&page, "Cancel").await?;
        press(&page, "Projector view (P)").await?;
        page.fits_its_width().await?;
        Ok(())
    });
}

/// Whether the projector's view is open, what it says, and whether the list can be seen behind it.
const PROJECTED: &str = "const view = document.querySelector('dialog:modal');
    return [view?.matches('.host-projector') ?? false, view?.innerText ?? '', document.querySelector('.host').checkVisibility({ visibilityProperty: true })];";

async fn projected(page: &Page<'_>, is_open: bool) -> Result<String> {
    let shown = eventually(async || {
        let found = page.evaluate(PROJECTED, []).await?;
        let is_so = found[0] == is_open && found[2] == !is_open;
        Ok(is_so.then(|| found[1].as_str().unwrap_or_default().to_owned()))
    });
    let shown = shown.await;
    shown.with_context(|| format!("the projector's view is open: {is_open}?"))
}

async fn press_p(page: &Page<'_>) -> Result<()> {
    let keyboard = page.driver().await?.action_chain();
    keyboard.send_keys("p").perform().await?;
    Ok(())
}

#[test]
fn the_projectors_view_has_numbers_and_no_name() {
    in_hosted_workshop([Chromium, Chromium], async |[own, other], host_access| {
        let page = own.new_tab().await?;
        become_host(&page, host_access).await?;
        attend(other, "Adalbert").await?;
        let came = |shown: &Shown| shown.names().contains(&"Adalbert");
        shows(&page, "somebody comes", came).await?;
        press_p(&page).await?;
        let text = projected(&page, true).await?;
        ensure!(
            text.contains("here") && text.contains("connected"),
            "{text}"
        );
        ensure!(!text.contains("Adalbert"), "{text}");
        press_p(&page).await?;
        projected(&page, false).await?;
        press(&page, "Projector view (P)").await?;
        projected(&page, true).await?;
        page.press_key(Key::Escape).await?;
        projected(&page, false).await?;
        // Where one writes, it is a letter.
        let write = "const field = document.querySelector('[data-tool=message]');
            field.closest('details').open = true;
            field.focus();";
        page.evaluate(write, []).await?;
        press_p(&page).await?;
        let written = "return document.querySelector('[data-tool=message]').value;";
        assert_eq!(page.evaluate(written, []).await?, json!("p"));
        projected(&page, false).await?;
        Ok(())
    });
}

#[test]
fn the_keyboard_stays_on_its_row_when_others_pass_it_and_goes_from_row_to_row() {
    const FOCUS: &str = "document.querySelector('[aria-label=\"Rename Bert\"]').focus();";
    in_hosted_workshop([Chromium, Chromium], async |[own, other], host_access| {
        let page = own.new_tab().await?;
        become_host(&page, host_access).await?;
        let ada = attend(other, "Ada").await?;
        let bert = attend(other, "Bert").await?;
        let came = |shown: &Shown| shown.names().contains(&"Bert");
        shows(&page, "both come", came).await?;
        tell(&bert, json!({ "type": "hand", "raised": true })).await?;
        shows(&page, "Bert is first", |shown| {
            shown.names().first() == Some(&"Bert")
        })
        .await?;
        page.evaluate(FOCUS, []).await?;
        tell(&bert, json!({ "type": "hand", "raised": false })).await?;
        tell(&ada, json!({ "type": "hand", "raised": true })).await?;
        shows(&page, "Ada is first", |shown| {
            shown.names().first() == Some(&"Ada") && shown.names().contains(&"Bert")
        })
        .await?;
        assert_eq!(page.focused().await?, "Rename Bert");
        page.press_key(Key::Home).await?;
        assert_eq!(page.focused().await?, "Rename Ada");
        page.press_key(Key::Enter).await?;
        let opened = eventually(async || {
            let open = page.count(".host-dialog[open] input").await?;
            Ok((open > 0).then_some(()))
        });
        opened.await.context("a question for the name")?;
        page.press_key(Key::Escape).await?;
        let back = eventually(async || Ok((page.focused().await? == "Rename Ada").then_some(())));
        back.await.context("the keyboard comes back")?;
        Ok(())
    });
}

#[test]
fn screen_readers_hear_the_summary_politely_and_no_name() {
    const LIVE: &str = "return [...document.querySelectorAll('.host :is([role=status], [role=alert], [aria-live])')].map(({ role, textContent }) => [role, textContent]);";
    in_hosted_workshop([Chromium, Chromium], async |[own, other], host_access| {
        let page = own.new_tab().await?;
        become_host(&page, host_access).await?;
        let ada = attend(other, "Ada").await?;
        tell(&ada, json!({ "type": "hand", "raised": true })).await?;
        // It is said at most once in 15 seconds.
        let heard = eventually_within(SAID_WITHIN, async || {
            let live: Vec<(String, String)> = from_value(page.evaluate(LIVE, []).await?)?;
            let is_heard = live.iter().any(|(_, said)| said.contains("1 hand raised"));
            Ok(is_heard.then_some(live))
        });
        let live = heard.await.context("the summary counts the hand")?;
        for (role, said) in live {
            assert_eq!(role, "status", "{said}");
            ensure!(!said.contains("Ada"), "{said}");
        }
        Ok(())
    });
}
