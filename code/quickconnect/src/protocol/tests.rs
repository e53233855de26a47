//! What the parser takes, what it refuses, and that no text upsets it.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

/// Ids and room names that can be ones.
const ID: &str = r"[^|{\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}][^|\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]{0,31}";
const ROOM: &str = r"[^|\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]{1,32}";

fn read(text: &str) -> Result<Frame<'_>, BadFrame> {
    parse(text, &NameLimits::default())
}

fn code(text: &str) -> &'static str {
    read(text).expect_err(text).code()
}

fn announce(id: &str, room: &str) -> Frame<'static> {
    let limits = NameLimits::default();
    Frame::Announce {
        sender: PeerId::new(id, &limits).unwrap(),
        room: RoomName::new(room, &limits).unwrap(),
    }
}

#[test]
fn an_announce_names_its_sender_and_its_room() {
    assert_eq!(
        read(r#"/announce|a|{"browser":"chrome","id":"a","room":"r"}"#),
        Ok(announce("a", "r"))
    );
}

#[test]
fn an_announce_may_leave_its_id_to_the_frame() {
    assert_eq!(read(r#"/announce|a|{"room":"r"}"#), Ok(announce("a", "r")));
}

#[test]
fn a_bar_inside_the_announce_json_is_part_of_it() {
    assert_eq!(
        read(r#"/announce|a|{"nick":"x|y","id":"a","room":"r"}"#),
        Ok(announce("a", "r"))
    );
}

#[test]
fn a_number_is_as_good_as_its_digits_for_a_room_and_for_an_id() {
    assert_eq!(
        read(r#"/announce|7|{"id":7,"room":42}"#),
        Ok(announce("7", "42"))
    );
    assert_eq!(
        read(r#"/announce|7|{"id":"7","room":"42"}"#),
        Ok(announce("7", "42"))
    );
}

#[test]
fn commands_are_case_insensitive() {
    assert_eq!(read(r#"/ANNOUNCE|a|{"room":"r"}"#), Ok(announce("a", "r")));
    assert_eq!(read("/Leave|a"), Ok(Frame::Leave { sender: "a" }));
    assert_eq!(
        read("/TO|b|/ready|a"),
        Ok(Frame::Directed {
            target: "b",
            command: "ready",
            sender: "a"
        })
    );
}

#[test]
fn a_directed_frame_names_its_target_and_its_sender() {
    assert_eq!(
        read(r#"/to|b|/sdp|a|{"sdp":"v=0|"}"#),
        Ok(Frame::Directed {
            target: "b",
            command: "sdp",
            sender: "a"
        })
    );
}

#[test]
fn a_directed_announce_or_leave_is_only_passed_on() {
    assert_eq!(
        read(r#"/to|b|/announce|a|{"room":"r"}"#),
        Ok(Frame::Directed {
            target: "b",
            command: "announce",
            sender: "a"
        })
    );
    assert_eq!(
        read("/to|b|/leave|a|{}"),
        Ok(Frame::Directed {
            target: "b",
            command: "leave",
            sender: "a"
        })
    );
}

#[test]
fn any_other_command_is_for_the_whole_room() {
    assert_eq!(read("/hello|a|1|2"), Ok(Frame::Broadcast { sender: "a" }));
    assert_eq!(read("/hello|a"), Ok(Frame::Broadcast { sender: "a" }));
}

#[test]
fn chatter_of_the_original_transport_is_recognised() {
    assert_eq!(read("primus::ping::1700000000000"), Ok(Frame::Primus));
}

#[test]
fn what_is_no_command_is_refused() {
    assert_eq!(code(""), "not-a-command");
    assert_eq!(code("hello"), "not-a-command");
    assert_eq!(code(" /announce|a|{}"), "not-a-command");
    assert_eq!(code("/"), "no-command");
    assert_eq!(code("/|a"), "no-command");
    assert_eq!(code("/to|b"), "no-command");
    assert_eq!(code("/to|b|hello|a"), "no-command");
    assert_eq!(code("/to|b|/|a"), "no-command");
}

#[test]
fn a_frame_without_a_sender_or_a_target_is_refused() {
    assert_eq!(code("/hello"), "no-sender");
    assert_eq!(code("/hello||x"), "no-sender");
    assert_eq!(code("/announce"), "no-sender");
    assert_eq!(code("/to|b|/ready"), "no-sender");
    assert_eq!(code("/to"), "no-target");
    assert_eq!(code("/to||/ready|a"), "no-target");
}

#[test]
fn nobody_speaks_as_the_server_or_through_a_second_to() {
    assert_eq!(
        code(r#"/roominfo|a|{"memberCount":99}"#),
        "reserved-command"
    );
    assert_eq!(code("/to|b|/Error|a|{}"), "reserved-command");
    assert_eq!(code("/to|b|/to|a|/sdp|victim|{}"), "nested-to");
}

#[test]
fn an_announce_without_a_json_object_is_refused() {
    for text in [
        "/announce|a",
        "/announce|a|",
        "/announce|a|null",
        "/announce|a|7",
        r#"/announce|a|"r""#,
        r#"/announce|a|["a","r"]"#,
        r#"/announce|a|{"room":"r""#,
        r#"/announce|a|{"room":"r"} trailing"#,
        r#"/announce|a|{"room":{"name":"r"}}"#,
        r#"/announce|a|{"room":true}"#,
        r#"/announce|a|{"room":"r","room":"s"}"#,
    ] {
        assert_eq!(code(text), "announce-not-json", "{text}");
    }
    let deep = format!(r#"/announce|a|{{"x":{}"#, "[".repeat(100_000));
    assert_eq!(code(&deep), "announce-not-json");
}

#[test]
fn the_message_says_where_the_json_broke_and_repeats_none_of_it() {
    let error = read(r#"/announce|a|{"secret":"hunter2","room":tru}"#).unwrap_err();
    assert!(error.to_string().contains("column 31"), "{error}");
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[test]
fn an_announce_without_a_room_or_with_two_ids_is_refused() {
    assert_eq!(code(r#"/announce|a|{"id":"a"}"#), "no-room");
    assert_eq!(code(r#"/announce|a|{"id":"a","room":null}"#), "no-room");
    assert_eq!(code(r#"/announce|a|{"id":"b","room":"r"}"#), "two-ids");
}

#[test]
fn names_are_bounded_and_fit_into_one_field_and_one_log_line() {
    let limits = NameLimits::default();
    let longest = "x".repeat(limits.peer_id_bytes);
    assert!(read(&format!(r#"/announce|{longest}|{{"room":"{longest}"}}"#)).is_ok());
    assert_eq!(
        code(&format!(r#"/announce|{longest}x|{{"room":"r"}}"#)),
        "peer-id-too-long"
    );
    assert_eq!(
        code(&format!(r#"/announce|a|{{"room":"{longest}x"}}"#)),
        "room-name-too-long"
    );
    assert_eq!(code("/announce|a\nb|{\"room\":\"r\"}"), "bad-peer-id");
    assert_eq!(code(r#"/announce|a|{"room":""}"#), "bad-room-name");
    assert_eq!(code(r#"/announce|a|{"room":"r\u0000"}"#), "bad-room-name");
    assert_eq!(code(r#"/announce|a|{"room":"r|s"}"#), "bad-room-name");
}

#[test]
fn a_name_with_a_character_that_nobody_sees_is_refused_and_the_character_named() {
    for (character, code_point) in [
        ('\u{0}', "U+0000"),
        ('\u{85}', "U+0085"),
        ('\u{AD}', "U+00AD"),
        ('\u{200B}', "U+200B"),
        ('\u{200D}', "U+200D"),
        ('\u{2028}', "U+2028"),
        ('\u{202E}', "U+202E"),
        ('\u{2066}', "U+2066"),
        ('\u{FE0F}', "U+FE0F"),
        ('\u{FEFF}', "U+FEFF"),
        ('\u{E0041}', "U+E0041"),
    ] {
        let id = read(&format!(r#"/announce|a{character}|{{"room":"r"}}"#)).unwrap_err();
        let escaped = serde_json::json!({ "room": format!("r{character}") });
        let room = read(&format!("/announce|a|{escaped}")).unwrap_err();
        assert_eq!((id.code(), room.code()), ("bad-peer-id", "bad-room-name"));
        for error in [id, room] {
            assert!(error.to_string().contains(code_point), "{error}");
        }
    }
    assert!(read(r#"/announce|Zoë 東京 مرحبا 🦀|{"room":"Café 1"}"#).is_ok());
}

#[test]
fn the_server_speaks_the_protocol_as_it_was_recorded() {
    let id = PeerId::new("A", &NameLimits::default()).unwrap();
    assert_eq!(encode_room_info(2), r#"/roominfo|{"memberCount":2}"#);
    assert_eq!(encode_leave(&id), r#"/leave|A|{"id":"A"}"#);
}

#[test]
fn a_client_hears_who_says_what_to_whom() {
    let heard = peer::hear(r#"/to|b|/SDP|a|{"sdp":"v=0|","type":"offer"}"#).unwrap();
    assert_eq!(heard.command, "sdp");
    assert_eq!((heard.sender, heard.target), ("a", Some("b")));
    assert_eq!(heard.args[0]["sdp"], "v=0|");

    let heard = peer::hear(r#"/hello|a|1|true||plain"#).unwrap();
    assert_eq!(
        heard.args,
        serde_json::json!([1, true, null, "plain"])
            .as_array()
            .unwrap()
            .clone()
    );
}

#[test]
fn a_client_tells_the_words_of_the_server_from_those_of_peers() {
    let info = encode_room_info(2);
    let heard = peer::hear(&info).unwrap();
    assert_eq!((heard.command.as_str(), heard.sender), ("roominfo", ""));
    assert_eq!(heard.args[0]["memberCount"], 2);
    assert_eq!(peer::hear(GREETING), None);
    assert_eq!(peer::hear(PING), None);
}

#[test]
fn an_offer_without_a_number_is_one_of_another_implementation() {
    let json = serde_json::json!({ "type": "offer", "sdp": "v=0" });
    let description: peer::Description = serde_json::from_value(json).unwrap();
    assert_eq!(description.offer, None);
}

proptest! {
    #[test]
    fn no_text_upsets_a_client(text in "(/to\\|a\\|)?/?(sdp|announce|x)?(\\||a|[{}\\[\":]|1){0,12}") {
        let _ = peer::hear(&text);
    }

    #[test]
    fn what_a_client_says_is_heard_as_it_was_meant(text in any::<String>(), number in any::<i32>()) {
        let args = [serde_json::json!({ "text": text, "number": number }), number.into(), text.as_str().into()];
        let frame = peer::directed("b", &peer::encode("hello", "a", &args));
        let heard = peer::hear(&frame).unwrap();
        prop_assert_eq!(heard.target, Some("b"));
        // An empty text is an empty field.
        if !text.is_empty() {
            prop_assert_eq!(heard.args, args);
        }
    }

    #[test]
    fn no_text_upsets_the_parser(text in any::<String>()) {
        let _ = read(&text);
    }

    #[test]
    fn no_text_that_looks_like_a_frame_upsets_the_parser(text in "/(to|announce|leave|x)?(\\||/|a|to|[{}\":]|room){0,12}") {
        let _ = read(&text);
    }

    #[test]
    fn every_announce_made_of_good_names_is_understood(id in ID, room in ROOM) {
        let json = serde_json::json!({ "id": id, "room": room, "nick": "x|y" });
        let text = format!("/announce|{id}|{json}");
        prop_assert_eq!(read(&text), Ok(announce(&id, &room)));
    }

    #[test]
    fn an_error_frame_survives_a_client_that_splits_it(message in any::<String>()) {
        let frame = encode_error("some-code", &message, None);
        let fields: Vec<_> = frame.split('|').collect();
        prop_assert_eq!(fields.len(), 2);
        let json: serde_json::Value = serde_json::from_str(fields[1]).unwrap();
        prop_assert_eq!(json["message"].as_str(), Some(message.as_str()));
    }

    #[test]
    fn the_leave_of_any_id_is_read_back_as_its_own(id in ID) {
        let id = PeerId::new(&id, &NameLimits::default()).unwrap();
        let text = encode_leave(&id);
        prop_assert_eq!(read(&text), Ok(Frame::Leave { sender: id.as_str() }));
    }
}

#[test]
fn a_greeting_says_what_a_client_has_to_know_of_its_server() {
    let greeting = Greeting {
        resume: Some("T".to_owned()),
        ping_seconds: Some(25.0),
        max_frame_bytes: Some(65_536),
        ice_servers: vec![IceServer {
            urls: vec!["turn:192.0.2.1:8000".to_owned()],
            username: "ann".to_owned(),
            credential: "secret".to_owned(),
        }],
    };
    let text = r#"primus::hello|{"resume":"T","pingSeconds":25,"maxFrameBytes":65536,"iceServers":[{"urls":["turn:192.0.2.1:8000"],"username":"ann","credential":"secret"}]}"#;
    assert_eq!(greeting.encode(), text);
    assert_eq!(Greeting::read(text), Some(greeting));
    assert_eq!(Greeting::default().encode(), "primus::hello|{}");
    assert_eq!(Greeting::read("primus::hello"), None);
}

#[test]
fn a_field_of_a_greeting_that_makes_no_sense_is_left_out_alone() {
    for json in [
        r#"{"resume":"T","pingSeconds":0,"maxFrameBytes":1023}"#,
        r#"{"resume":"T","pingSeconds":-1,"maxFrameBytes":-65536}"#,
        r#"{"resume":"T","pingSeconds":600.1,"maxFrameBytes":1e300}"#,
        r#"{"resume":"T","pingSeconds":"25","maxFrameBytes":65536.5}"#,
        r#"{"resume":"T","pingSeconds":null,"maxFrameBytes":{}}"#,
        r#"{"resume":"T","iceServers":{}}"#,
        r#"{"resume":"T","iceServers":[{"urls":7}]}"#,
        r#"{"resume":"T","iceServers":["turn:192.0.2.1"]}"#,
    ] {
        let only_resume = Greeting {
            resume: Some("T".to_owned()),
            ..Greeting::default()
        };
        let text = format!("primus::hello|{json}");
        assert_eq!(Greeting::read(&text), Some(only_resume), "{text}");
    }
    let text = r#"primus::hello|{"resume":7,"pingSeconds":0.5,"maxFrameBytes":1024,"later":[]}"#;
    let rest = Greeting {
        resume: None,
        ping_seconds: Some(0.5),
        max_frame_bytes: Some(1024),
        ice_servers: Vec::new(),
    };
    assert_eq!(Greeting::read(text), Some(rest));
    // More than anybody needs.
    let many = [r#"{"urls":["stun:a"]}"#; 9].join(",");
    let long = format!(r#"{{"urls":["{}"]}}"#, "x".repeat(5000));
    for servers in [many, long] {
        let text = format!(r#"primus::hello|{{"iceServers":[{servers}]}}"#);
        assert_eq!(Greeting::read(&text), Some(Greeting::default()));
    }
}

#[test]
fn a_greeting_that_is_said_back_carries_the_token() {
    let token = "T".to_owned();
    assert_eq!(
        read(r#"primus::hello|{"resume":"T","pingSeconds":25,"maxFrameBytes":65536}"#),
        Ok(Frame::Resume { token })
    );
    for chatter in [
        "primus::hello",
        "primus::hello|",
        "primus::hello|{}",
        r#"primus::hello|{"resume":7}"#,
        r#"primus::ping|{"resume":"T"}"#,
    ] {
        assert_eq!(read(chatter), Ok(Frame::Primus), "{chatter}");
    }
}

#[test]
fn an_announce_is_known_before_it_is_read() {
    for announce in ["/announce", "/announce|a|{}", "/ANNOUNCE|"] {
        assert!(is_announce(announce), "{announce}");
    }
    for other in ["announce|a", "/announced|a", "/to|a|/announce|b|{}", ""] {
        assert!(!is_announce(other), "{other}");
    }
}

#[test]
fn an_error_may_say_when_to_try_again() {
    let frame = encode_error("busy", "Wait.", Some(Duration::from_millis(1500)));
    assert!(frame.contains(r#""retryAfterMs":1500"#), "{frame}");
    assert!(!encode_error("bad", "No.", None).contains("retryAfterMs"));
}

#[test]
fn values_are_written_as_the_client_in_javascript_writes_them_and_read_back() {
    #[derive(Deserialize)]
    struct Example {
        value: serde_json::Value,
        field: String,
    }

    let examples: Vec<Example> = serde_json::from_str(include_str!("../../encoding.json")).unwrap();
    for Example { value, field } in examples {
        let frame = peer::encode("x", "a", std::slice::from_ref(&value));
        assert_eq!(frame, format!("/x|a|{field}"));
        assert_eq!(peer::hear(&frame).unwrap().args, [value], "{frame}");
    }
}

#[test]
fn what_a_peer_says_that_it_has_muted_may_be_anything() {
    let says = |muted: serde_json::Value| -> peer::PeerData {
        let data = serde_json::json!({ "id": "a", "room": "r", "muted": muted });
        serde_json::from_value(data).unwrap()
    };
    let both = says(serde_json::json!(["audio", "video s1", 7]));
    assert!(both.is_muted("audio", "s2") && both.is_muted("video", "s1"));
    assert!(!both.is_muted("video", "s2"));
    let mut many = vec!["x"; 64];
    many.push("audio");
    for nothing in [
        serde_json::json!(null),
        serde_json::json!("audio"),
        serde_json::json!({ "audio": true }),
        serde_json::json!(many),
    ] {
        assert!(!says(nothing.clone()).is_muted("audio", "s1"), "{nothing}");
    }
}
