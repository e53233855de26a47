//! Two tabs find each other through the server and connect.

use anyhow::Result;

use crate::harness::{Browser, Page, in_browser};
use crate::pages::{CHAPTER, QUICKCONNECT};

/// Both tabs run the demo, and are connected.
async fn connected(browser: &Browser) -> Result<[Page<'_>; 2]> {
    let tabs = [browser.open(CHAPTER).await?, browser.open(CHAPTER).await?];
    for tab in &tabs {
        tab.demo(QUICKCONNECT).await?.run().await?;
    }
    for tab in &tabs {
        tab.demo(QUICKCONNECT).await?.logs("call:started").await?;
    }
    Ok(tabs)
}

#[test]
fn two_tabs_announce_themselves_and_are_connected() {
    in_browser(async |browser| {
        for tab in connected(browser).await? {
            let demo = tab.demo(QUICKCONNECT).await?;
            demo.logs("peer:announce").await?;
            assert!(
                demo.logs("call:started")
                    .await?
                    .text
                    .ends_with(" connected")
            );
        }
        Ok(())
    });
}

#[test]
fn a_tab_whose_demo_is_stopped_ends_the_call_in_the_other() {
    in_browser(async |browser| {
        let [first, second] = connected(browser).await?;
        first.demo(QUICKCONNECT).await?.stop().await?;
        second.demo(QUICKCONNECT).await?.logs("call:ended").await?;
        Ok(())
    });
}

#[test]
fn a_tab_that_is_closed_ends_the_call_in_the_other() {
    in_browser(async |browser| {
        let [first, second] = connected(browser).await?;
        first.close().await?;
        second.demo(QUICKCONNECT).await?.logs("call:ended").await?;
        Ok(())
    });
}

#[test]
fn a_second_run_stops_the_first_and_joins_as_a_new_peer() {
    in_browser(async |browser| {
        let [first, second] = connected(browser).await?;
        let (first, second) = (
            first.demo(QUICKCONNECT).await?,
            second.demo(QUICKCONNECT).await?,
        );
        first.run().await?;

        first.logs("call:started").await?;
        assert_eq!(first.frames().await?, 1);
        second.logs("call:ended").await?;
        second.console().has("call:started", 2).await?;
        Ok(())
    });
}

#[test]
fn the_page_says_how_many_peers_are_in_the_room() {
    in_browser(async |browser| {
        let first = browser.open(CHAPTER).await?;
        let first = first.demo(QUICKCONNECT).await?;
        first.run().await?;
        first.says("1 peer ").await?;

        let second = browser.open(CHAPTER).await?;
        let second = second.demo(QUICKCONNECT).await?;
        second.run().await?;
        second.says("2 peers ").await?;
        first.says("2 peers ").await?;

        second.stop().await?;
        first.says("1 peer ").await?;
        Ok(())
    });
}

#[test]
fn two_tabs_are_connected_in_twenty_of_twenty_runs() {
    in_browser(async |browser| {
        let [first, second] = connected(browser).await?;
        let (first, second) = (
            first.demo(QUICKCONNECT).await?,
            second.demo(QUICKCONNECT).await?,
        );
        for _ in 1..20 {
            first.stop().await?;
            second.stop().await?;
            first.run().await?;
            second.run().await?;
            first.logs("call:started").await?;
            second.logs("call:started").await?;
        }
        Ok(())
    });
}

#[test]
fn open_a_second_tab_opens_the_same_page_with_the_demo_in_view() {
    in_browser(async |browser| {
        let first = browser.open(CHAPTER).await?;
        let second = first.demo(QUICKCONNECT).await?.open_second_tab().await?;

        assert_eq!(second.path().await?, first.path().await?);
        let demo = second.demo(QUICKCONNECT).await?;
        demo.comes_into_view().await?;
        assert_eq!(demo.state().await?, "idle", "it waits for a click");
        Ok(())
    });
}
