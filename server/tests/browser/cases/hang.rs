//! An endless loop in edited code takes down nothing but itself.

use std::net::Ipv6Addr;

use server::config::Limits;
use tokio::net::TcpListener;

use crate::harness::places::{Mostly, run};
use crate::harness::{BOOK, Kind, in_browser, in_browser_of, in_browsers};
use crate::pages::{CHAPTER, CREATE_OFFER, SINGLE_BROWSER};

#[test]
fn an_endless_loop_leaves_the_page_usable_is_named_and_ends_with_stop() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let other = page.demo(SINGLE_BROWSER).await?;
        demo.run_code("console.log('before');\nwhile (true) {}")
            .await?;
        demo.logs("before").await?;
        demo.becomes("hung").await?;
        demo.says(CREATE_OFFER).await?;
        other.write("console.log('typed meanwhile');").await?;

        demo.stop().await?;
        assert_eq!(demo.state().await?, "idle");
        assert_eq!(demo.frames().await?, 0);
        other.run().await?;
        other.logs("typed meanwhile").await?;
        demo.run_code("console.log('well again');").await?;
        demo.logs("well again").await?;
        Ok(())
    });
}

#[test]
fn a_loop_that_logs_without_end_leaves_the_page_usable() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code("for (let i = 0; ; i += 1) console.log('again', i);")
            .await?;
        demo.logs("again").await?;
        demo.becomes("hung").await?;

        demo.stop().await?;
        assert_eq!(demo.state().await?, "idle");
        assert!(demo.console().entries().await?.len() <= 1000);
        Ok(())
    });
}

#[test]
fn running_another_demo_while_one_hangs_ends_the_hang() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code("while (true) {}").await?;
        demo.becomes("hung").await?;

        let other = page.demo(SINGLE_BROWSER).await?;
        other.run().await?;
        other.logs("caller: connected").await?;
        assert_eq!(demo.state().await?, "idle");
        Ok(())
    });
}

/// There a frame has a process of its own. What follows from that is seen in Chromium: with a page whose frame hangs, Firefox's driver hangs too.
#[test]
fn in_firefox_a_demo_runs_at_the_second_name_of_the_machine() {
    in_browser_of(Kind::Firefox, async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run().await?;
        demo.logs("offer: ").await?;
        let frame = page
            .evaluate("return document.querySelector('iframe').src;", [])
            .await?;
        let second = browser.origin.replace("127.0.0.1", "localhost");
        assert!(
            frame.as_str().is_some_and(|url| url.starts_with(&second)),
            "{frame}"
        );
        Ok(())
    });
}

/// The server listens at the address of IPv6 only, so that of the two names of the machine one leads nowhere.
#[test]
fn in_firefox_demos_run_where_the_second_name_leads_elsewhere_and_say_what_that_costs() {
    run(Mostly::Works, async {
        let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("this machine has IPv6");
        let address = listener.local_addr().expect("it listens");
        let never = std::future::pending();
        tokio::spawn(server::run(
            listener,
            BOOK.clone(),
            Limits::default(),
            never,
        ));
        in_browsers([Kind::Firefox], address, async |[browser]| {
            let page = browser.new_tab().await?;
            let url = format!("http://localhost:{}/{CHAPTER}", address.port());
            page.driver().await?.goto(url).await?;
            let demo = page.demo(CREATE_OFFER).await?;
            demo.run().await?;
            demo.logs("offer: ").await?;
            demo.says("a loop without end in a demo stops the page too")
                .await?;
            // At the address itself there is one name, and nothing to choose.
            let page = browser.open(CHAPTER).await?;
            let demo = page.demo(CREATE_OFFER).await?;
            demo.run().await?;
            demo.logs("offer: ").await?;
            Ok(())
        })
        .await;
    });
}
