//! The three demos do what the chapter says that the reader should see, in Chromium and in Firefox.

use anyhow::Result;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, in_browser_of};
use crate::pages::{CHAPTER, CREATE_OFFER, QUICKCONNECT, SINGLE_BROWSER};

async fn createoffer_shows_an_offer(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(CREATE_OFFER).await?;
    demo.run().await?;

    let offer = demo.logs("offer:").await?;
    assert!(
        offer.text.contains("m=application") && offer.text.contains("webrtc-datachannel"),
        "{}",
        offer.text
    );
    assert!(demo.logs("candidate:").await?.text.contains(" typ host"));
    demo.logs("gathering: complete").await?;
    demo.logs("signaling state: have-local-offer").await?;
    Ok(())
}

async fn p2p_singlebrowser_connects_both_sides(browser: &Browser) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(SINGLE_BROWSER).await?;
    demo.run().await?;

    demo.logs("caller: connected").await?;
    demo.logs("answerer: connected").await?;
    demo.logs("answerer received: hello from the caller")
        .await?;
    demo.logs("caller received: hello from the answerer")
        .await?;
    Ok(())
}

async fn quickconnect_intro_connects_two_windows(browser: &Browser) -> Result<()> {
    let windows = [
        browser.open_window(CHAPTER).await?,
        browser.open_window(CHAPTER).await?,
    ];
    for window in &windows {
        window.demo(QUICKCONNECT).await?.run().await?;
    }
    for window in &windows {
        let demo = window.demo(QUICKCONNECT).await?;
        demo.logs("peer:announce").await?;
        let started = demo.logs("call:started").await?;
        assert!(started.text.ends_with(" connected"), "{}", started.text);
    }
    let [first, second] = &windows;
    first.demo(QUICKCONNECT).await?.stop().await?;
    second.demo(QUICKCONNECT).await?.logs("call:ended").await?;
    Ok(())
}

#[test]
fn createoffer_shows_an_offer_with_a_data_channel_its_candidates_and_the_end_of_gathering_in_chromium()
 {
    in_browser_of(Chromium, createoffer_shows_an_offer);
}

#[test]
fn createoffer_shows_an_offer_with_a_data_channel_its_candidates_and_the_end_of_gathering_in_firefox()
 {
    in_browser_of(Firefox, createoffer_shows_an_offer);
}

#[test]
fn p2p_singlebrowser_connects_both_sides_and_carries_a_message_each_way_in_chromium() {
    in_browser_of(Chromium, p2p_singlebrowser_connects_both_sides);
}

#[test]
fn p2p_singlebrowser_connects_both_sides_and_carries_a_message_each_way_in_firefox() {
    in_browser_of(Firefox, p2p_singlebrowser_connects_both_sides);
}

#[test]
fn quickconnect_intro_connects_two_windows_and_hears_when_one_stops_in_chromium() {
    in_browser_of(Chromium, quickconnect_intro_connects_two_windows);
}

#[test]
fn quickconnect_intro_connects_two_windows_and_hears_when_one_stops_in_firefox() {
    in_browser_of(Firefox, quickconnect_intro_connects_two_windows);
}
