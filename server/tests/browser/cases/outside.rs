//! What comes from outside (a link) runs nothing and changes nothing, and what runs stays inside.

use anyhow::{Context, Result};
use futures_util::FutureExt;
use tokio::net::TcpListener;

use crate::harness::{Browser, Kind, eventually, in_browser, in_browser_of};
use crate::pages::{CHAPTER, CREATE_OFFER, DEMOS, SINGLE_BROWSER};

const INJECTED: &str = "console.log('from the address')";

#[test]
fn nothing_is_read_from_the_address() {
    in_browser(async |browser| {
        let clean = browser.open(CHAPTER).await?;
        let mut book = Vec::new();
        for name in DEMOS {
            book.push(clean.demo(name).await?.code().await?);
        }

        let query = format!(
            "{CHAPTER}?code={INJECTED}&{CREATE_OFFER}={INJECTED}&run={CREATE_OFFER}&autorun=1"
        );
        for path in [
            query,
            format!("{CHAPTER}#code={INJECTED}&run=1"),
            format!("{CHAPTER}#demo-{CREATE_OFFER}"),
        ] {
            let page = browser.open(&path).await?;
            for (name, code) in DEMOS.into_iter().zip(&book) {
                assert_eq!(&page.demo(name).await?.code().await?, code, "{path}");
            }
            // Once this demo ran to its end, one that had run by itself would have logged something as well.
            let other = page.demo(SINGLE_BROWSER).await?;
            other.run().await?;
            other.logs("one message went each way").await?;
            assert_eq!(page.count("iframe").await?, 1, "{path}");
            assert!(
                page.demo(CREATE_OFFER)
                    .await?
                    .console()
                    .texts()
                    .await?
                    .is_empty(),
                "{path}"
            );
        }
        Ok(())
    });
}

#[test]
fn a_demo_cannot_reach_the_page_around_it() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        for (number, reach) in [
            "parent.document.title",
            "top.location.href",
            "localStorage.length",
            "document.cookie",
        ]
        .into_iter()
        .enumerate()
        {
            demo.run_code(&format!("console.log({number}, {reach});"))
                .await?;
            let refusal = demo.logs("SecurityError").await?;
            assert_eq!(refusal.level, "error", "{reach}: {refusal:?}");
        }
        Ok(())
    });
}

#[test]
fn a_demo_can_ask_no_other_host() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        // The same server by another name is another origin.
        let elsewhere = browser.origin.replace("127.0.0.1", "localhost");
        for ask in [
            format!("fetch('{elsewhere}/')"),
            format!("new WebSocket('{elsewhere}/'.replace('http', 'ws'))"),
        ] {
            demo.run_code(&format!("await {ask};")).await?;
            demo.logs("Refused: ").await?;
        }
        Ok(())
    });
}

/// A demo leads its frame to another port of this machine, by each of its names: whatever listens there would get the request.
async fn a_demo_leads_its_frame_to_no_other_port(browser: &Browser) -> Result<()> {
    let other = TcpListener::bind("127.0.0.1:0").await?;
    let port = other.local_addr()?.port();
    for name in ["127.0.0.1", "localhost"] {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code(&format!(
            "location.href = 'http://{name}:{port}/';
            setTimeout(() => console.log('still here'), 1_000);"
        ))
        .await?;
        let outcome = eventually(async || {
            let said = demo.status().await?.contains("led its frame");
            let texts = demo.console().texts().await?;
            Ok((said || texts.iter().any(|text| text == "still here")).then_some(()))
        });
        outcome.await.context("the browser should have decided")?;
        // Chromium opens a connection before it knows that it may not ask.
        while let Some(Ok((stream, _))) = other.accept().now_or_never() {
            let asked = stream.try_read(&mut [0; 1]);
            assert!(!matches!(asked, Ok(1)), "{name}");
        }
    }
    Ok(())
}

#[test]
fn a_demo_leads_its_frame_to_no_other_port_in_chromium() {
    in_browser_of(Kind::Chromium, a_demo_leads_its_frame_to_no_other_port);
}

#[test]
fn a_demo_leads_its_frame_to_no_other_port_in_firefox() {
    in_browser_of(Kind::Firefox, a_demo_leads_its_frame_to_no_other_port);
}
