//! The three demos do what the chapter says that the reader should see.

use crate::harness::in_browser;
use crate::pages::{CHAPTER, CREATE_OFFER, SINGLE_BROWSER};

#[test]
fn createoffer_shows_an_offer_with_a_data_channel_its_candidates_and_the_end_of_gathering() {
    in_browser(async |browser| {
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
    });
}

#[test]
fn p2p_singlebrowser_connects_both_sides_and_carries_a_message_each_way() {
    in_browser(async |browser| {
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
    });
}
