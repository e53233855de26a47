//! Demos with the reader's own camera, microphone and screen: in a frame with an origin of its own, which reaches nothing of the book.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::harness::Kind::{Chromium, ChromiumWithoutCamera, Firefox};
use crate::harness::{BOOK, Browser, Page, eventually, in_browser_of};
use crate::pages::demo::Demo;

const CHAPTER: &str = "media/cameras.html";
const ASK: &str = "cameras-ask.js";
const LIST: &str = "cameras-list.js";
const SCREEN: &str = "cameras-screen.js";

/// Chooses how the devices are, once that can be chosen.
const CHOOSE: &str = "const select = arguments[0].querySelector('.demo-devices select');
    if (!select || select.querySelector(`[value=${arguments[1]}]`).disabled) return false;
    select.value = arguments[1];
    select.dispatchEvent(new Event('change'));
    return true;";

async fn choose(page: &Page<'_>, demo: &Demo<'_>, state: &str) -> Result<()> {
    let is_chosen = eventually(async || {
        let arguments = [demo.region.to_json()?, json!(state)];
        let is_chosen = page.evaluate(CHOOSE, arguments).await?;
        Ok((is_chosen == json!(true)).then_some(()))
    });
    is_chosen.await.context("it should be offered")?;
    match state {
        "own" => demo.says("it can send to others").await,
        _ => Ok(()),
    }
}

/// Frames that are made from now on may only play sounds.
const WITHOUT_PERMISSION: &str = "const native = Element.prototype.setAttribute;
    Element.prototype.setAttribute = function (name, value) {
        native.call(this, name, name === 'allow' ? 'autoplay' : value);
    };";

/// The browsers of these tests have made-up devices, and ask nobody.
async fn the_browsers_devices_are_given_and_fail_by_name(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(ASK).await?;
    choose(&page, &demo, "own").await?;
    demo.run().await?;
    demo.logs("all asked").await?;
    let said = demo.console().texts().await?;
    for expected in [
        "nothing: TypeError",
        "exactly more than there is: OverconstrainedError width",
        "one camera too many: OverconstrainedError facingMode",
        "a camera of yesterday: OverconstrainedError deviceId",
    ] {
        ensure!(
            said.iter().any(|text| text.trim() == expected),
            "{expected}? {said:?}"
        );
    }
    let given = said.iter().find(|text| text.starts_with("any camera: "));
    let given = given.context("a request for any camera")?;
    ensure!(
        given.contains(" × ") && !given.contains("stand-in"),
        "{given}"
    );

    // The run gets nothing that the page does not give it.
    page.evaluate(WITHOUT_PERMISSION, []).await?;
    demo.run().await?;
    demo.logs("any camera: NotAllowedError").await?;
    Ok(())
}

#[test]
fn devices_of_the_browser_are_given_and_fail_by_name_in_chromium() {
    in_browser_of(Chromium, the_browsers_devices_are_given_and_fail_by_name);
}

#[test]
fn devices_of_the_browser_are_given_and_fail_by_name_in_firefox() {
    in_browser_of(Firefox, the_browsers_devices_are_given_and_fail_by_name);
}

#[test]
fn without_a_camera_each_request_for_one_says_so() {
    in_browser_of(ChromiumWithoutCamera, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(ASK).await?;
        choose(&page, &demo, "own").await?;
        demo.run().await?;
        demo.logs("any camera: NotFoundError").await?;
        demo.logs("exactly more than there is: NotFoundError")
            .await?;
        Ok(())
    });
}

/// What comes of a request for a screen, where the machine has one, and where it has none.
const ANSWERED: [&str; 2] = ["shared: a ", "not shared: NotFoundError"];

/// A screen needs a click in the frame itself: Chromium asks for none where its devices are made up.
async fn a_screen_is_shared(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(SCREEN).await?;
    choose(&page, &demo, "own").await?;
    demo.run().await?;
    if browser.kind == Firefox {
        demo.logs("not shared: InvalidStateError").await?;
        demo.shows_content().await?;
        let driver = page.driver().await?;
        let frame = demo.region.find(By::Css("iframe")).await?;
        frame.scroll_into_view().await?;
        frame.enter_frame().await?;
        // It can be pressed once the frame has its height.
        let pressed = eventually(async || {
            let button = driver.find(By::Css("button")).await?;
            Ok(button.click().await.ok())
        });
        pressed
            .await
            .context("the button of the frame should be pressed")?;
        driver.enter_default_frame().await?;
    }
    let answered = eventually(async || {
        let said = demo.console().texts().await?;
        let is_answer = |text: &String| ANSWERED.iter().any(|answer| text.starts_with(answer));
        Ok(said.iter().any(is_answer).then_some(()))
    });
    answered.await.context("the request should be answered")?;

    // What the code has of the reader's devices ends with the choice.
    choose(&page, &demo, "denied").await?;
    demo.says("Stopped").await?;
    assert_eq!(demo.frames().await?, 0);
    choose(&page, &demo, "working").await?;
    demo.run().await?;
    demo.logs("not shared: InvalidStateError").await?;
    Ok(())
}

#[test]
fn a_screen_is_shared_until_other_devices_are_chosen_in_chromium() {
    in_browser_of(Chromium, a_screen_is_shared);
}

#[test]
fn a_screen_is_shared_until_other_devices_are_chosen_in_firefox() {
    in_browser_of(Firefox, a_screen_is_shared);
}

const ATTACKS: &str = include_str!("cameras/attacks.js");

async fn a_hostile_demo_reaches_nothing_of_the_book(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    // What the page keeps, and what another demo has.
    page.evaluate("localStorage.setItem('kept', 'by the page');", [])
        .await?;
    let other = page.demo(LIST).await?;
    choose(&page, &other, "own").await?;
    other.run_code("console.log('runs')").await?;
    other.logs("runs").await?;

    let demo = page.demo(ASK).await?;
    choose(&page, &demo, "own").await?;
    let parameter = BOOK.proof().parameter();
    let attacks = ATTACKS
        .replace("BOOK", &browser.origin)
        .replace("TWIN", &browser.origin.replace("127.0.0.1", "localhost"))
        .replace("SECRET", parameter.trim_start_matches("proof="));
    demo.write(&attacks).await?;
    for run in ["the first", "the next"] {
        demo.run().await?;
        demo.logs("all tried").await?;
        let said = demo.console().texts().await?;
        let reached: Vec<_> = said
            .iter()
            .filter(|text| text.starts_with("REACHED"))
            .collect();
        ensure!(reached.is_empty(), "{run} run: {reached:?}");
        let failed = said
            .iter()
            .filter(|text| text.starts_with("out of reach: "));
        let tried = format!("all tried {}", failed.count());
        ensure!(said.contains(&tried), "{run} run: {tried}? {said:?}");
    }
    assert_eq!(other.state().await?, "running");
    Ok(())
}

#[test]
fn a_hostile_demo_with_own_devices_reaches_nothing_of_the_book_in_chromium() {
    in_browser_of(Chromium, a_hostile_demo_reaches_nothing_of_the_book);
}

#[test]
fn a_hostile_demo_with_own_devices_reaches_nothing_of_the_book_in_firefox() {
    in_browser_of(Firefox, a_hostile_demo_reaches_nothing_of_the_book);
}
