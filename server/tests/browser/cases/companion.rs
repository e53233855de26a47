//! A reader who is alone invites the server.

use crate::harness::in_browser;
use crate::pages::{CHAPTER, CREATE_OFFER, QUICKCONNECT};

const INVITE: &str = "Invite the server";

/// A reader's own version of the demo, with a channel.
const CHATTING: &str = "import quickconnect from 'rtc-quickconnect';
const qc = quickconnect(location.origin, { room: 'mine' });
qc.createDataChannel('chat');
qc.on('peer:announce', (data) => console.log('companion:', data.companion));
qc.on('channel:opened:chat', (id, channel) => {
  channel.onmessage = ({ data }) => console.log('heard', data);
  channel.send('hello');
  channel.send('ping');
});";

#[test]
fn a_reader_alone_invites_the_server_and_is_connected() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.run().await?;
        demo.says("1 peer ").await?;
        demo.press(INVITE).await?;
        demo.logs("call:started").await?;
        demo.says("2 peers ").await?;
        demo.says("The server is in the room").await?;
        let alone = page.demo(CREATE_OFFER).await?;
        assert!(
            alone.find("button", INVITE).await.is_err(),
            "a demo without a room has no use for it"
        );
        Ok(())
    });
}

#[test]
fn the_invitation_starts_a_demo_that_does_not_run_and_goes_to_the_room_of_edited_code() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.write(CHATTING).await?;
        demo.press(INVITE).await?;
        for entry in ["companion: true", "heard hello", "heard pong"] {
            demo.logs(entry).await?;
        }
        Ok(())
    });
}
