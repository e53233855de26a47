//! The Rust client and the JavaScript client in one room: what they promise each other, with a real Chromium.
//!
//! # Layout
//! - [`media`]: audio and video
//! - [`tab`]: a page with the JavaScript client, and a Rust client that meets it
//!
//! May import: [`harness`](crate::harness), [`pages`](crate::pages).

mod media;
mod tab;

use std::path::Path;

use anyhow::{Context, Result, bail};
use quickconnect::{Error, Event, Message};
use serde_json::json;
use tokio::process::{Child, Command};

use crate::harness::in_browser;
use crate::pages::{CHAPTER, QUICKCONNECT};
use tab::{Tab, next, rust, told};

/// Which of the two the tab is, in a pair of ids: of two, the lower makes the offer.
fn ids(tab_is_master: bool) -> (&'static str, &'static str) {
    if tab_is_master {
        ("a-tab", "b-rust")
    } else {
        ("b-tab", "a-rust")
    }
}

/// A program of the book, which joins the room of its demo.
fn twin(name: &str, origin: &str) -> Result<Child> {
    let test = std::env::current_exe()?;
    let profile = test
        .parent()
        .and_then(Path::parent)
        .context("tests are built in a folder of the profile")?;
    let program = profile.join("examples").join(name);
    let mut command = Command::new(program);
    Ok(command.arg(origin).kill_on_drop(true).spawn()?)
}

#[test]
fn a_tab_and_a_rust_client_are_connected_in_both_roles_whoever_comes_first() {
    in_browser(async |browser| {
        for tab_is_master in [true, false] {
            for tab_is_first in [true, false] {
                let (tab_id, rust_id) = ids(tab_is_master);
                let mut tab = Tab::open(browser).await?;
                let mut rust = if tab_is_first {
                    tab.join(tab_id, "").await?;
                    rust(browser, rust_id).connect().await?
                } else {
                    let rust = rust(browser, rust_id).connect().await?;
                    tab.join(tab_id, "").await?;
                    rust
                };
                next(&mut rust, |event| {
                    matches!(event, Event::CallStarted(_)).then_some(())
                })
                .await?;
                tab.has("call:started", rust_id).await?;
                rust.close().await;
                tab.has("call:ended", rust_id).await?;
                tab.leave().await?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_tab_that_hides_its_addresses_behind_made_up_names_is_connected_in_both_roles() {
    in_browser(async |browser| {
        for tab_is_master in [true, false] {
            let (tab_id, rust_id) = ids(tab_is_master);
            let mut tab = Tab::open(browser).await?;
            tab.hide_addresses().await?;
            tab.note_candidates().await?;
            tab.join(tab_id, "").await?;
            let mut rust = rust(browser, rust_id).connect().await?;
            next(&mut rust, |event| {
                matches!(event, Event::CallStarted(_)).then_some(())
            })
            .await?;
            let addresses = tab.addresses().await?;
            let is_made_up = |address: &String| address.ends_with(".local");
            assert!(addresses.iter().all(is_made_up), "{addresses:?}");
            tab.leave().await?;
        }
        Ok(())
    });
}

#[test]
fn a_channel_of_either_side_carries_text_and_bytes_both_ways() {
    in_browser(async |browser| {
        for tab_is_master in [true, false] {
            for tab_declares in [true, false] {
                let (tab_id, rust_id) = ids(tab_is_master);
                let mut tab = Tab::open(browser).await?;
                tab.join(tab_id, if tab_declares { "chat" } else { "" })
                    .await?;
                let join = rust(browser, rust_id);
                let join = if tab_declares {
                    join
                } else {
                    join.data_channel("chat")
                };
                let mut rust = join.connect().await?;
                let channel = next(&mut rust, |event| match event {
                    Event::ChannelOpened(channel) => Some(channel),
                    _ => None,
                })
                .await?;
                tab.has("channel:opened:chat", rust_id).await?;
                channel.send_text("from rust").await?;
                tab.has("text", "from rust").await?;
                channel.send(&[0; 7]).await?;
                tab.has("bytes", "7").await?;
                tab.run("channel.send('from the tab'); channel.send(new Uint8Array(3));")
                    .await?;
                for expected in [
                    Message::Text("from the tab".into()),
                    Message::Binary(vec![0; 3].into()),
                ] {
                    let heard = next(&mut rust, |event| match event {
                        Event::Message(_, message) => Some(message),
                        _ => None,
                    });
                    assert_eq!(heard.await?, expected);
                }
                rust.close().await;
                tab.has("call:ended", rust_id).await?;
                tab.leave().await?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_negotiated_channel_opens_on_both_sides() {
    in_browser(async |browser| {
        for tab_is_master in [true, false] {
            let (tab_id, rust_id) = ids(tab_is_master);
            let mut tab = Tab::open(browser).await?;
            tab.join_with(tab_id, "chat", json!({ "negotiated": true }))
                .await?;
            let negotiated = quickconnect::protocol::peer::ChannelConfig {
                negotiated: true,
                ..Default::default()
            };
            let join = rust(browser, rust_id).data_channel_with("chat", negotiated);
            let mut rust = join.connect().await?;
            let channel = next(&mut rust, |event| match event {
                Event::ChannelOpened(channel) => Some(channel),
                _ => None,
            })
            .await?;
            tab.has("channel:opened:chat", rust_id).await?;
            channel.send_text("hello").await?;
            tab.has("text", "hello").await?;
            tab.leave().await?;
        }
        Ok(())
    });
}

#[test]
fn two_tabs_and_two_rust_clients_are_all_connected() {
    in_browser(async |browser| {
        let mut tabs = [Tab::open(browser).await?, Tab::open(browser).await?];
        tabs[0].join("a-tab", "").await?;
        let mut first = rust(browser, "b-rust").connect().await?;
        tabs[1].join("c-tab", "").await?;
        let mut second = rust(browser, "d-rust").connect().await?;
        for rust in [&mut first, &mut second] {
            for _ in 0..3 {
                next(rust, |event| {
                    matches!(event, Event::CallStarted(_)).then_some(())
                })
                .await?;
            }
        }
        for tab in &tabs {
            for rust_id in ["b-rust", "d-rust"] {
                tab.has("call:started", rust_id).await?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_tab_that_is_killed_ends_the_call_in_rust() {
    in_browser(async |browser| {
        let mut tab = Tab::open(browser).await?;
        tab.join("a-tab", "").await?;
        let mut rust = rust(browser, "b-rust").connect().await?;
        next(&mut rust, |event| {
            matches!(event, Event::CallStarted(_)).then_some(())
        })
        .await?;
        tab.kill().await;
        next(&mut rust, |event| {
            matches!(event, Event::CallEnded(_)).then_some(())
        })
        .await
    });
}

#[test]
fn the_demo_and_its_rust_twin_meet_and_the_tab_hears_when_the_twin_is_killed() {
    in_browser(async |browser| {
        let tab = browser.open(CHAPTER).await?;
        let demo = tab.demo(QUICKCONNECT).await?;
        demo.run().await?;
        let mut twin = twin("quickconnect-intro", &browser.origin)?;
        demo.logs("call:started").await?;
        twin.kill().await?;
        demo.logs("call:ended").await?;
        Ok(())
    });
}

#[test]
fn what_a_tab_sends_malformed_is_an_error_in_rust_and_the_call_goes_on() {
    in_browser(async |browser| {
        let mut tab = Tab::open(browser).await?;
        tab.join("a-tab", "chat").await?;
        let mut rust = rust(browser, "b-rust").connect().await?;
        next(&mut rust, |event| {
            matches!(event, Event::ChannelOpened(_)).then_some(())
        })
        .await?;
        // The offer comes last: candidates after one that was refused are taken for its own, in both clients.
        for (command, data) in [
            ("/candidate", json!({ "candidate": 7 })),
            ("/candidate", json!({ "candidate": "candidate:nonsense" })),
            ("/sdp", json!({ "type": "answer" })),
            ("/sdp", json!({ "type": "offer", "sdp": "v=0" })),
        ] {
            let send = format!("qc.to('b-rust').send('{command}', {data})");
            tab.run(&send).await?;
            let error = next(&mut rust, |event| match event {
                Event::Error(error) => Some(error),
                _ => None,
            });
            assert!(matches!(error.await?, Error::Unusable { .. }), "{send}");
        }
        tab.run("channel.send('still here')").await?;
        next(&mut rust, |event| {
            matches!(event, Event::Message(..)).then_some(())
        })
        .await
    });
}

#[test]
fn nothing_is_lost_or_reordered_in_either_direction() {
    in_browser(async |browser| {
        // 10 MB in small messages, and 64 MB in large ones, whoever makes the offer.
        for (count, size, tab_is_master) in [
            (10_000, 1024, true),
            (10_000, 1024, false),
            (4096, 16 * 1024, true),
            (4096, 16 * 1024, false),
        ] {
            let (tab_id, rust_id) = ids(tab_is_master);
            let mut tab = Tab::open(browser).await?;
            tab.join(tab_id, "bulk").await?;
            let mut rust = rust(browser, rust_id).connect().await?;
            let channel = next(&mut rust, |event| match event {
                Event::ChannelOpened(channel) => Some(channel),
                _ => None,
            })
            .await?;
            tab.has("channel:opened:bulk", rust_id).await?;
            tab.run("countInOrder()").await?;
            for number in 0..count {
                let mut bytes = vec![0; size];
                bytes[..4].copy_from_slice(&u32::to_be_bytes(number));
                if let Err(error) = channel.send(&bytes).await {
                    bail!(
                        "{error} After {number} of {size} bytes: {:?}",
                        told(&mut rust).await
                    );
                }
            }
            tab.has("in order", &count.to_string()).await?;

            tab.run(&format!("sendInOrder({count}, {size})")).await?;
            for number in 0..count {
                let message = next(&mut rust, |event| match event {
                    Event::Message(_, message) => Some(message),
                    _ => None,
                });
                match message.await? {
                    Message::Binary(bytes) => {
                        assert_eq!(
                            (bytes.len(), &bytes[..4]),
                            (size, &u32::to_be_bytes(number)[..])
                        );
                    }
                    text => panic!("{text:?}"),
                }
            }
            rust.close().await;
            tab.leave().await?;
        }
        Result::Ok(())
    });
}
