//! The book over a slow connection: 600 ms each way, 1 Mbit/s.

use std::time::Duration;

use crate::harness::eventually::eventually_within;
use crate::harness::places::{Mostly, run};
use crate::harness::{Kind, in_browsers, start_server};
use crate::pages::{CHAPTER, QUICKCONNECT};
use crate::slow_link::{Pace, SlowLink};

/// A page, a frame and a handshake: some thirty round trips, and 100 KB.
const A_WHILE: Duration = Duration::from_secs(60);

#[test]
fn two_tabs_at_the_end_of_a_slow_connection_run_the_demo_and_are_connected() {
    run(Mostly::Works, async {
        let server = start_server().await.expect("a port is free");
        let link = SlowLink::open(server, Pace::SLOW)
            .await
            .expect("another port is free");
        in_browsers([Kind::Chromium], link.address, async |[browser]| {
            let tabs = [browser.open(CHAPTER).await?, browser.open(CHAPTER).await?];
            for tab in &tabs {
                tab.demo(QUICKCONNECT).await?.run().await?;
            }
            for tab in &tabs {
                let demo = tab.demo(QUICKCONNECT).await?;
                let console = demo.console();
                let entries = eventually_within(A_WHILE, async || {
                    let entries = console.entries().await?;
                    let has_started =
                        (entries.iter()).any(|entry| entry.text.contains("call:started"));
                    Ok(has_started.then_some(entries))
                })
                .await?;
                let has_failed = entries.iter().any(|entry| entry.level == "error");
                assert!(!has_failed, "{entries:?}");
            }
            assert_eq!(browser.errors().await?, [""; 0]);
            Ok(())
        })
        .await;
    });
}
