//! What the host does with the pages of all attendees: finds out who reaches whom, and shows a demo.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::{become_host, press};
use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Page, eventually, in_hosted_workshop};
use crate::pages::{CHAPTER, CREATE_OFFER};

const TEXT: &str = "return document.querySelector(arguments[0])?.textContent ?? '';";

async fn says(page: &Page<'_>, selector: &str, part: &str) -> Result<()> {
    let mut text = String::new();
    let said = eventually(async || {
        let found = page.evaluate(TEXT, [json!(selector)]).await?;
        text = found.as_str().unwrap_or_default().to_owned();
        Ok(text.contains(part).then_some(()))
    });
    said.await
        .with_context(|| format!("{selector} should say {part:?}, and says {text:?}"))
}

#[test]
fn attendees_pages_try_whom_they_reach_and_the_host_reads_it_in_a_sentence() {
    in_hosted_workshop([Chromium, Chromium], async |[own, other], host_access| {
        let (_ada, _ben) = (own.open(CHAPTER).await?, other.open(CHAPTER).await?);
        let page = own.new_tab().await?;
        become_host(&page, host_access).await?;
        says(&page, ".host-summary", "2 here").await?;
        press(&page, "Who reaches whom").await?;
        says(&page, ".host", "Everybody reaches everybody directly.").await
    });
}

#[test]
fn what_the_host_shows_is_looked_at_and_not_run() {
    const LOOK: &str = "const buttons = [...document.querySelectorAll('.workshop-notices button')];
        const look = buttons.find(({ textContent }) => textContent === 'Look at it');
        look?.click();
        return look !== undefined;";
    in_hosted_workshop([Chromium, Firefox], async |[own, other], host_access| {
        let ada = other.open(CHAPTER).await?;
        let page = own.new_tab().await?;
        become_host(&page, host_access).await?;
        page.go_to(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.write("console.log('<b>shown</b>');").await?;
        demo.press("Show to all").await?;

        let looked = eventually(async || Ok((ada.evaluate(LOOK, []).await? == true).then_some(())));
        looked.await.context("the attendee is asked")?;
        says(&ada, ".workshop-shown code", "console.log('<b>shown</b>');").await?;
        demo.run().await?;
        says(&ada, ".workshop-shown li", "<b>shown</b>").await?;
        ensure!(ada.count(".workshop-shown b").await? == 0, "it is text");
        let hers = ada.demo(CREATE_OFFER).await?;
        ensure!(hers.frames().await? == 0, "nothing runs");
        ensure!(!hers.code().await?.contains("shown"), "her text stays");

        demo.press("Show to all").await?;
        says(&ada, ".workshop-shown", "The host shows it no more.").await
    });
}
