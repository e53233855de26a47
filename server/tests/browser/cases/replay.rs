//! What is replayed is the run, step by step.

use serde_json::{Value, json};

use super::instruments::ladder_shows;
use crate::harness::in_browser;
use crate::pages::{CHAPTER, SINGLE_BROWSER};

/// The rows of all tables of the instruments; of each panel, when it is shown.
const SHOWN: &str = "const region = arguments[0];
    const bar = region.querySelector('.instruments [aria-label=Recording]');
    const press = (name) => bar.querySelector(`button[aria-label='${name}']`).click();
    const panels = () => [...region.querySelectorAll('.instruments [role=tab]')].filter(({ textContent }) => !['Stats', 'Packets', 'Break it'].includes(textContent)).map((tab) => {
        tab.click();
        const panel = document.getElementById(tab.getAttribute('aria-controls'));
        for (const details of panel.querySelectorAll('details')) details.open = true;
        return panel;
    });
    const rows = () => panels().flatMap((panel) => [...panel.querySelectorAll('tbody tr, .verdict')].map(({ textContent }) => textContent));";

/// The run as it stands, then from its first step to its last, and how many rows the ladder had after each step.
const REPLAY: &str = "
    const whole = rows();
    const slider = bar.querySelector('input');
    const length = Number(slider.max);
    slider.value = '0';
    slider.dispatchEvent(new Event('input'));
    const ladder = () => region.querySelector('.instruments .position').textContent;
    region.querySelector('.instruments [role=tab]').click();
    const steps = [];
    for (let i = 0; i < length; i += 1) {
        press('Step');
        steps.push(ladder());
    }
    const replayed = rows();
    return [whole.length > 50, JSON.stringify(whole) === JSON.stringify(replayed) || { whole, replayed }, steps.every((said, i) => said === `event ${i + 1} of ${length}`)];";

#[test]
fn a_replay_of_a_real_run_ends_with_what_the_run_showed() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(SINGLE_BROWSER).await?;
        demo.run().await?;
        demo.open_instruments().await?;
        // Events travel together, some time after what they tell of; what waits in a frame that is stopped is gone.
        ladder_shows(
            &page,
            SINGLE_BROWSER,
            &["message “hello from the answerer”"],
        )
        .await?;
        demo.stop().await?;
        let region = demo.region.to_json()?;
        // The tables of panels that were never opened are filled when their details say that they opened.
        page.evaluate(&format!("{SHOWN} rows();"), [region.clone()])
            .await?;
        let outcome: Value = page.evaluate(&format!("{SHOWN}{REPLAY}"), [region]).await?;
        assert_eq!(outcome, json!([true, true, true]));
        Ok(())
    });
}
