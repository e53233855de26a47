//! One live demo of a page. May import [`control`], [`console`](super::console).

use anyhow::{Context, Result, bail};
use serde_json::json;
use thirtyfour::prelude::*;

use super::console::{Console, Entry};
use super::control;
use crate::harness::{Page, eventually};

/// A demo, found by the name of its region.
pub(crate) struct Demo<'p> {
    page: &'p Page<'p>,
    pub(crate) name: String,
    pub(crate) region: WebElement,
}

impl<'p> Demo<'p> {
    pub(super) fn new(page: &'p Page<'p>, name: String, region: WebElement) -> Self {
        Self { page, name, region }
    }

    pub(crate) async fn role(&self) -> Result<String> {
        self.page.driver().await?;
        control::role_of(&self.region).await
    }

    /// Something in the demo, by role and accessible name.
    pub(crate) async fn find(&self, role: &str, name: &str) -> Result<WebElement> {
        self.page.driver().await?;
        control::find(&self.region, role, name)
            .await
            .with_context(|| format!("in the demo {}", self.name))
    }

    /// Presses the button with this name.
    pub(crate) async fn press(&self, button: &str) -> Result<()> {
        let button = self.find("button", button).await?;
        button.scroll_into_view().await?;
        Ok(button.click().await?)
    }

    pub(crate) async fn run(&self) -> Result<()> {
        self.press("Run").await
    }

    pub(crate) async fn stop(&self) -> Result<()> {
        self.press("Stop").await
    }

    pub(crate) async fn reset(&self) -> Result<()> {
        self.press("Reset").await
    }

    /// Opens the instruments, and waits until they are there.
    pub(crate) async fn open_instruments(&self) -> Result<()> {
        self.page.driver().await?;
        let summary = self
            .region
            .find(By::Css("details.instruments > summary"))
            .await?;
        summary.scroll_into_view().await?;
        summary.click().await?;
        let are_there = eventually(async || {
            let tabs = self
                .region
                .find_all(By::Css(".instruments [role=tab]"))
                .await?;
            Ok((!tabs.is_empty()).then_some(()))
        });
        are_there
            .await
            .with_context(|| format!("the instruments of {} should open", self.name))
    }

    /// Runs the demo of both sides in one page until each has heard the other, and opens its instruments.
    pub(crate) async fn run_handshake(&self) -> Result<()> {
        self.run().await?;
        self.logs("connected: one message went each way").await?;
        self.open_instruments().await
    }

    /// Chooses one of the open instruments by its tab.
    pub(crate) async fn choose_instrument(&self, name: &str) -> Result<()> {
        self.page.driver().await?;
        for tab in (self.region.find_all(By::Css(".instruments [role=tab]"))).await? {
            if control::label_of(&tab).await? == name {
                tab.scroll_into_view().await?;
                return Ok(tab.click().await?);
            }
        }
        bail!("{} has no instrument {name}", self.name)
    }

    /// Puts `code` into the editor in place of what is there, and runs it.
    pub(crate) async fn run_code(&self, code: &str) -> Result<()> {
        self.write(code).await?;
        self.run().await
    }

    /// The editor, which the page makes when the reader comes near.
    pub(crate) async fn editor(&self) -> Result<WebElement> {
        let name = format!("Code of {}", self.name);
        self.page.driver().await?;
        self.region.scroll_into_view().await?;
        eventually(async || {
            let editors = self.region.find_all(By::Css("textarea")).await?;
            Ok((!editors.is_empty()).then_some(()))
        })
        .await
        .with_context(|| format!("{} should get its editor", self.name))?;
        self.find("textbox", &name).await
    }

    /// The code in the editor.
    pub(crate) async fn code(&self) -> Result<String> {
        Ok(self
            .editor()
            .await?
            .prop("value")
            .await?
            .unwrap_or_default())
    }

    /// Puts `code` into the editor in place of what is there, the way a paste does.
    pub(crate) async fn write(&self, code: &str) -> Result<()> {
        let script = "arguments[0].focus(); arguments[0].select(); document.execCommand('insertText', false, arguments[1]);";
        self.page
            .evaluate(script, [self.editor().await?.to_json()?, json!(code)])
            .await?;
        let written = self.code().await?;
        if written != code {
            bail!("the editor of {} took {written:?} for {code:?}", self.name);
        }
        Ok(())
    }

    /// The numbers of the lines that the editor marks.
    pub(crate) async fn marked_lines(&self) -> Result<Vec<u64>> {
        let script =
            "return [...arguments[0].querySelectorAll('.pce-line')].flatMap((line, index) =>
            line.classList.contains('error-line') ? [index + 1] : []);";
        Ok(serde_json::from_value(
            self.page.evaluate(script, [self.region.to_json()?]).await?,
        )?)
    }

    /// How many frames run its code.
    pub(crate) async fn frames(&self) -> Result<usize> {
        self.page.driver().await?;
        Ok(self.region.find_all(By::Css("iframe")).await?.len())
    }

    /// Waits until what its code has put into its document has a height.
    pub(crate) async fn shows_content(&self) -> Result<()> {
        let height = "return arguments[0].querySelector('iframe')?.clientHeight ?? 0;";
        let is_shown = eventually(async || {
            let height = self.page.evaluate(height, [self.region.to_json()?]).await?;
            Ok((height.as_f64() > Some(0.0)).then_some(()))
        });
        is_shown
            .await
            .with_context(|| format!("the content of {} should be shown", self.name))
    }

    /// `idle`, `running` or `hung`.
    pub(crate) async fn state(&self) -> Result<String> {
        self.page.driver().await?;
        Ok(self.region.attr("data-state").await?.unwrap_or_default())
    }

    pub(crate) async fn becomes(&self, state: &str) -> Result<()> {
        let is_there = eventually(async || Ok((self.state().await? == state).then_some(())));
        is_there
            .await
            .with_context(|| format!("{} should become {state}", self.name))
    }

    /// What the status line says.
    pub(crate) async fn status(&self) -> Result<String> {
        self.page.driver().await?;
        Ok(self
            .region
            .find(By::Css("[role=status]"))
            .await?
            .text()
            .await?)
    }

    /// Waits until the status line says something with `part` in it.
    pub(crate) async fn says(&self, part: &str) -> Result<()> {
        let mut status = String::new();
        let is_said = eventually(async || {
            status = self.status().await?;
            Ok(status.contains(part).then_some(()))
        });
        is_said.await.with_context(|| {
            format!(
                "the status of {} should say {part:?}, and says {status:?}",
                self.name
            )
        })
    }

    pub(crate) fn console(&self) -> Console<'_> {
        Console {
            page: self.page,
            region: &self.region,
            name: &self.name,
        }
    }

    /// Waits until the console has an entry with `part` in it.
    pub(crate) async fn logs(&self, part: &str) -> Result<Entry> {
        self.console().has(part, 1).await
    }

    /// Waits until it begins inside of what the tab shows.
    pub(crate) async fn comes_into_view(&self) -> Result<()> {
        let is_in_view = "const { top } = arguments[0].getBoundingClientRect(); return top >= 0 && top < innerHeight;";
        let comes = eventually(async || {
            let is_in_view = self
                .page
                .evaluate(is_in_view, [self.region.to_json()?])
                .await?;
            Ok((is_in_view == json!(true)).then_some(()))
        });
        comes
            .await
            .with_context(|| format!("{} should come into view", self.name))
    }

    /// Follows "Open a second tab".
    pub(crate) async fn open_second_tab(&self) -> Result<Page<'p>> {
        let link = self.find("link", "Open a second tab").await?;
        link.scroll_into_view().await?;
        self.page
            .browser
            .tab_opened_by(async || Ok(link.click().await?))
            .await
    }
}
