//! Plays a chapter: each demo, each edit that it suggests, each exercise as it begins and as its solution has it.
//!
//! May import: `expected`, `harness`, `pages`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::{from_value, json};
use thirtyfour::Key;

use super::expected::{Expected, Pattern};
use crate::harness::eventually::eventually_within;
use crate::harness::{Browser, Kind, Page, eventually};

const CODE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../code");

const ROUNDS: &str = "GUIDE_ROUNDS";

/// Demos of a page that are played at the same time: most of them wait most of the time.
const AT_ONCE: usize = 2;

/// The part whose demos make pictures and sounds: of these one runs at a time on a page, which `cases::media_runs` tests.
const MEDIA: &str = "media";

/// Longer than any exercise takes to be judged (`SECONDS` in `book/stage/exercise/exercise.js`).
const JUDGED_WITHIN: Duration = Duration::from_secs(150);

/// Demos of the page, with the goals of the exercises that some are part of.
const DEMOS: &str = "return [...document.querySelectorAll('section.demo:not(.recorded)')].map((demo) => ({
    name: demo.getAttribute('aria-label'), goals: demo.closest('.exercise')?.dataset.goals ?? null }));";
/// Everything that helps to read a page is there.
const IS_FURNISHED: &str = "return [...document.querySelectorAll('.card, .solution')].every((one) => one.querySelector('.card-bar')) &&
    [...document.querySelectorAll('.exercise')].every((one) => one.querySelector('.goal'));";
const PRESS: &str = "const demo = document.getElementById(`demo-${arguments[0]}`);
    [...demo.querySelectorAll('.demo-bar button')].find((button) => button.textContent.startsWith(arguments[1])).click();";
/// Presses the button of the card that has this diff, and says whether there is one.
const APPLY: &str = "const code = [...document.querySelectorAll('code.language-diff')].find(({ textContent }) => textContent.trim() === arguments[0].trim());
    const button = code?.closest('.card, .solution').querySelector('.card-bar > button');
    button?.click();
    return button !== undefined && button !== null;";
const VERDICT: &str = "const exercise = document.querySelector(`[data-goals=\"${arguments[0]}\"]`);
    return [exercise.dataset.verdict, exercise.querySelector('.goals').innerText];";

#[derive(Deserialize)]
struct Place {
    name: String,
    goals: Option<String>,
}

/// Plays a chapter, given by its path without `.html`. All that is wrong is told at once. With `GUIDE_ROUNDS=10` it plays the exercises only, ten
/// times.
pub(super) async fn play(browser: &Browser, chapter: &str) -> Result<()> {
    let Ok(rounds) = env::var(ROUNDS) else {
        return play_some(browser, chapter, |_| true).await;
    };
    for _ in 0..rounds
        .parse()
        .with_context(|| format!("{ROUNDS} is a number"))?
    {
        play_exercises(browser, chapter).await?;
    }
    Ok(())
}

/// Plays the exercises of a chapter whose demos have tests of their own.
pub(super) async fn play_exercises(browser: &Browser, chapter: &str) -> Result<()> {
    play_some(browser, chapter, |place| place.goals.is_some()).await
}

async fn play_some(
    browser: &Browser,
    chapter: &str,
    wanted: impl Fn(&Place) -> bool,
) -> Result<()> {
    let (part, _) = chapter.split_once('/').context("a chapter has a folder")?;
    let page = browser.open(&format!("{chapter}.html")).await?;
    let player = Player {
        page: &page,
        kind: browser.kind,
        folder: Path::new(CODE).join(part),
    };
    page.demos().await?;
    // Chromium starts the audio of a page, and of its frames, once somebody has used it. A script that presses a button is nobody.
    page.press_key(Key::Down).await?;
    eventually(async || Ok((page.evaluate(IS_FURNISHED, []).await? == json!(true)).then_some(())))
        .await
        .context("cards and goals should come")?;
    let places: Vec<Place> = from_value(page.evaluate(DEMOS, []).await?)?;
    let stems: Vec<&str> = places
        .iter()
        .map(|place| place.name.trim_end_matches(".js"))
        .collect();
    ensure!(places.iter().any(&wanted), "{chapter} has nothing to play");
    let demos = places.iter().zip(&stems);
    let demos = demos.filter(|(place, _)| wanted(place));
    let played = stream::iter(demos.map(|(place, stem)| player.place(place, stem, &stems)));
    let at_once = if part == MEDIA { 1 } else { AT_ONCE };
    let failures: Vec<String> = played.buffer_unordered(at_once).concat().await;
    ensure!(
        failures.is_empty(),
        "{chapter} does not do in {:?} what it says:\n{}",
        browser.kind,
        failures.join("\n")
    );
    page.close().await
}

struct Player<'p> {
    page: &'p Page<'p>,
    kind: Kind,
    folder: PathBuf,
}

impl Player<'_> {
    async fn press(&self, demo: &str, button: &str) -> Result<()> {
        self.page
            .evaluate(PRESS, [json!(demo), json!(button)])
            .await?;
        Ok(())
    }

    /// Plays one demo, or exercise, and then the edits of it, and says what failed.
    async fn place(&self, place: &Place, stem: &str, others: &[&str]) -> Vec<String> {
        let Place { name, goals } = place;
        let mut played = vec![match goals {
            Some(goals) => self.exercise(name, stem, goals).await,
            None => self.demo(name, stem).await,
        }];
        match self.edits(stem, others) {
            Ok(edits) => {
                for edit in edits {
                    played.push(self.edit(name, &edit).await);
                }
            }
            Err(error) => played.push(Err(error)),
        }
        let failed = played.into_iter().filter_map(Result::err);
        failed.map(|failure| format!("{failure:#}")).collect()
    }

    async fn demo(&self, name: &str, stem: &str) -> Result<()> {
        self.press(name, "Run").await?;
        let shown = self.shows(name, &format!("{stem}.expected")).await;
        self.press(name, "Stop").await?;
        shown
    }

    /// The files of edits of a demo, without those of a demo whose name begins like this one's.
    fn edits(&self, stem: &str, others: &[&str]) -> Result<Vec<PathBuf>> {
        let belongs = |file: &str, to: &str| file.starts_with(&format!("{to}-"));
        let mut edits = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let path = file?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let is_others = || {
                let mut longer = others.iter().filter(|other| other.len() > stem.len());
                longer.any(|other| belongs(&name, other))
            };
            if name.ends_with(".diff")
                && !name.ends_with("-solution.diff")
                && belongs(&name, stem)
                && !is_others()
            {
                edits.push(path);
            }
        }
        edits.sort();
        Ok(edits)
    }

    async fn edit(&self, demo: &str, diff: &Path) -> Result<()> {
        let stem = diff.file_stem().unwrap_or_default().to_string_lossy();
        self.apply(diff).await?;
        self.press(demo, "Run").await?;
        let shown = self.shows(demo, &format!("{stem}.expected")).await;
        self.press(demo, "Stop").await?;
        self.press(demo, "Reset").await?;
        shown
    }

    async fn apply(&self, diff: &Path) -> Result<()> {
        let text = fs::read_to_string(diff).with_context(|| diff.display().to_string())?;
        let is_applied = self.page.evaluate(APPLY, [json!(text)]).await?;
        ensure!(
            is_applied == json!(true),
            "no card applies {}",
            diff.display()
        );
        Ok(())
    }

    /// Waits until the console of a demo has what a file expects.
    async fn shows(&self, name: &str, file: &str) -> Result<()> {
        let expected = Expected::read(&self.folder.join(file), self.kind)?;
        let demo = self.page.demo(name).await?;
        let deadline = Instant::now() + expected.within;
        // It ends at the deadline by itself: what must not come is looked for until then.
        eventually_within(expected.within * 2, async || {
            let texts = demo.console().texts().await?;
            let is_in = |pattern: &&Pattern| texts.iter().any(|text| pattern.is_in(text));
            let missing = expected.shown.iter().find(|pattern| !is_in(pattern));
            let unwanted = expected.not_shown.iter().find(is_in);
            let uncaught = texts.iter().find(|text| {
                let is_expected = || expected.shown.iter().any(|pattern| pattern.is_in(text));
                text.starts_with("Uncaught") && !is_expected()
            });
            let is_over = Instant::now() >= deadline;
            let wrong = match (uncaught, missing, unwanted) {
                (Some(error), _, _) => format!("an error that nobody expects: {error}"),
                (_, Some(pattern), _) if is_over => format!("{pattern} is missing"),
                (_, None, Some(pattern)) => format!("{pattern} should not be there"),
                _ => {
                    let is_shown = missing.is_none() && !expected.shown.is_empty();
                    return Ok((is_shown || is_over).then_some(()));
                }
            };
            bail!(
                "{file} in {:?}: {wrong}; the console has {texts:?}",
                self.kind
            );
        })
        .await
    }

    /// What an exercise begins with misses its goals, and the solution that the book shows meets them.
    async fn exercise(&self, demo: &str, stem: &str, goals: &str) -> Result<()> {
        let judged = async |verdict: &str, file: String| {
            self.press(demo, "Run").await?;
            self.is_judged(goals, verdict).await?;
            let shown = self.shows(demo, &file).await;
            self.press(demo, "Stop").await?;
            shown
        };
        judged("missed", format!("{stem}.expected")).await?;
        self.apply(&self.folder.join(format!("{stem}-solution.diff")))
            .await?;
        judged("solved", format!("{stem}-solution.expected")).await?;
        self.press(demo, "Reset").await
    }

    async fn is_judged(&self, goals: &str, verdict: &str) -> Result<()> {
        let mut seen = (String::new(), String::new());
        // What was missed in time may be met later: the page goes on looking.
        let judged = eventually_within(JUDGED_WITHIN, async || {
            seen = from_value(self.page.evaluate(VERDICT, [json!(goals)]).await?)?;
            Ok((seen.0 == verdict || seen.0 == "solved").then_some(()))
        });
        judged.await.with_context(|| {
            format!(
                "the exercise {goals} in {:?} should be {verdict}: {}",
                self.kind, seen.1
            )
        })?;
        ensure!(
            seen.0 == verdict,
            "the exercise {goals} in {:?} is {}, and should be {verdict}: {}",
            self.kind,
            seen.0,
            seen.1
        );
        Ok(())
    }
}
