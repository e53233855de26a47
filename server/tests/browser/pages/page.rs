//! Any page of the book: its demos, its keyboard, its width.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;
use thirtyfour::prelude::*;

use super::control;
use super::demo::Demo;
use crate::harness::{Page, eventually};

impl Page<'_> {
    /// Runs the body of an async function that has the modules of the stage by `at('file.js')`, and gives what it returns: as a
    /// text, if it fails.
    pub(crate) async fn in_stage(&self, body: &str) -> Result<Value> {
        self.demos().await?;
        let script = format!(
            "const done = arguments[0];
            const at = (name) => import(new URL(name, document.querySelector('script[src*=\"stage/stage.js\"]').src));
            (async () => {{ {body} }})().then(done, (error) => done(String(error)));"
        );
        self.evaluate_async(&script).await
    }

    /// Its demos, once the stage is ready.
    pub(crate) async fn demos(&self) -> Result<Vec<Demo<'_>>> {
        let ready = eventually(async || {
            let stage = self
                .count("html[data-stage=ready], html:not(:has(script[src$='stage.js']))")
                .await?;
            Ok((stage > 0).then_some(()))
        });
        ready.await.context("the stage should get ready")?;
        let mut demos = Vec::new();
        for region in self
            .driver()
            .await?
            .find_all(By::Css("section[aria-label]"))
            .await?
        {
            demos.push(Demo::new(self, control::label_of(&region).await?, region));
        }
        Ok(demos)
    }

    /// The demo with this name, once the stage is ready.
    pub(crate) async fn demo(&self, name: &str) -> Result<Demo<'_>> {
        let demo = self
            .demos()
            .await?
            .into_iter()
            .find(|demo| demo.name == name);
        demo.with_context(|| format!("no demo is named {name}"))
    }

    /// How many elements match a selector.
    pub(crate) async fn count(&self, selector: &str) -> Result<usize> {
        Ok(self
            .driver()
            .await?
            .find_all(By::Css(selector))
            .await?
            .len())
    }

    /// The path it is at.
    pub(crate) async fn path(&self) -> Result<String> {
        Ok(self.driver().await?.current_url().await?.path().to_owned())
    }

    /// The accessible name of what has the keyboard.
    pub(crate) async fn focused(&self) -> Result<String> {
        control::label_of(&self.driver().await?.active_element().await?).await
    }

    /// Presses a key on whatever has the keyboard.
    pub(crate) async fn press_key(&self, key: Key) -> Result<()> {
        Ok(self
            .driver()
            .await?
            .action_chain()
            .send_keys(key)
            .perform()
            .await?)
    }

    /// From now on the tab is the screen of a phone.
    pub(crate) async fn become_phone(&self, width: u32) -> Result<()> {
        let screen =
            json!({ "width": width, "height": 640, "deviceScaleFactor": 2, "mobile": true });
        self.ask_chromium("Emulation.setDeviceMetricsOverride", screen)
            .await
    }

    /// From now on the tab is a screen of this size, of a phone or of a computer.
    pub(crate) async fn become_screen(
        &self,
        width: u32,
        height: u32,
        is_phone: bool,
    ) -> Result<()> {
        let screen =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone });
        self.ask_chromium("Emulation.setDeviceMetricsOverride", screen)
            .await
    }

    /// Nothing makes the page scroll sideways.
    pub(crate) async fn fits_its_width(&self) -> Result<()> {
        let too_wide =
            "const page = document.scrollingElement; return page.scrollWidth - innerWidth;";
        let too_wide = self
            .evaluate(too_wide, [])
            .await?
            .as_i64()
            .unwrap_or_default();
        ensure!(
            too_wide <= 0,
            "{} is {too_wide} px wider than the screen",
            self.path().await?
        );
        Ok(())
    }
}
