//! What is true of every frame, whatever is in it. The fuzzer and the tests include this file.

use quickconnect::protocol::peer::hear;
use quickconnect::protocol::{self, BadFrame, Frame, NameLimits};

/// Panics if something isn't true.
pub(crate) fn hold(text: &str) {
    let limits = NameLimits {
        peer_id_bytes: 20,
        room_name_bytes: 20,
    };
    let parsed = protocol::parse(text, &limits);
    match &parsed {
        Ok(Frame::Primus | Frame::Resume { .. }) => assert!(text.starts_with("primus")),
        Ok(Frame::Announce { sender, room }) => {
            assert!(protocol::is_announce(text));
            for name in [sender.as_str(), room.as_str()] {
                assert!((1..=20).contains(&name.len()));
                assert!(!name.contains(|c: char| c == '|' || c.is_control()));
            }
            // Who joins is the one that the others hear of.
            assert_eq!(hear(text).expect("it is a frame").sender, sender.as_str());
        }
        Ok(Frame::Directed {
            target,
            command,
            sender,
        }) => {
            assert!(!target.is_empty() && !target.contains('|'));
            assert!(!command.is_empty() && !command.contains('|'));
            assert_is_sender(sender);
        }
        Ok(Frame::Leave { sender } | Frame::Broadcast { sender }) => assert_is_sender(sender),
        Err(bad) => {
            assert!(!bad.code().is_empty());
            let answer = protocol::encode_error(bad.code(), &bad.to_string(), None);
            let json = answer
                .strip_prefix("/error|")
                .expect("it is an error frame");
            assert!(!json.contains('|'));
            serde_json::from_str::<serde_json::Value>(json).expect("it is JSON");
        }
    }
    // A frame that is relayed is never the server's own.
    if !matches!(parsed, Err(BadFrame::ReservedCommand))
        && parsed.is_ok()
        && let Some(heard) = hear(text)
    {
        assert!(
            !["error", "roominfo"].contains(&heard.command.as_str()),
            "{text:?}"
        );
    }
}

fn assert_is_sender(sender: &str) {
    assert!(!sender.is_empty() && !sender.contains('|'));
}
