//! How many peers there are, and whom the server is invited to, when a demo has several sockets, and in rooms with odd names.

use anyhow::Result;

use crate::harness::Browser;
use crate::harness::in_browser;
use crate::pages::{CHAPTER, QUICKCONNECT};

const TWO_ROOMS: &str = "import quickconnect from 'rtc-quickconnect';
const a = quickconnect(location.origin, { room: 'first' });
const b = quickconnect(location.origin, { room: 'second' });
a.on('call:started', () => console.log('the first room has company'));
b.on('local:announce', () => setTimeout(() => b.close(), 2_000));";

#[test]
fn of_two_rooms_the_one_that_is_alive_is_counted_and_invited_to() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.run_code(TWO_ROOMS).await?;
        demo.says("1 peer is in the last of its 2 rooms, “second”")
            .await?;
        demo.says("1 peer is in this room: this one.").await?;
        demo.press("Invite the server").await?;
        demo.logs("the first room has company").await?;
        demo.says("2 peers are in this room").await?;
        demo.says("The server is in the room").await?;
        Ok(())
    });
}

/// Announces itself as any client does.
async fn is_counted_and_invited_to(browser: &Browser, room: &str) -> Result<()> {
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(QUICKCONNECT).await?;
    let code = format!(
        "const socket = new WebSocket(location.origin.replace('http', 'ws'));
        socket.onopen = () => socket.send('/announce|me|{{\"id\":\"me\",\"room\":{room}}}');"
    );
    demo.run_code(&code).await?;
    demo.says("1 peer is in this room: this one.").await?;
    demo.press("Invite the server").await?;
    demo.says("2 peers are in this room").await?;
    demo.says("The server is in the room").await?;
    // The next page has the same id.
    demo.stop().await
}

#[test]
fn the_room_0_is_a_room_like_any_other() {
    in_browser(async |browser| {
        is_counted_and_invited_to(browser, "\"0\"").await?;
        is_counted_and_invited_to(browser, "\" spaces \"").await
    });
}

/// With a server of its own: in the room that a text names, the companion may be yet.
#[test]
fn the_number_0_names_a_room_like_any_other() {
    in_browser(async |browser| is_counted_and_invited_to(browser, "0").await);
}
