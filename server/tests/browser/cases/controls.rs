//! Every control is there for a keyboard and a screen reader, under the name that the contract gives it.

use thirtyfour::Key;

use crate::harness::in_browser;
use crate::pages::{CHAPTER, CREATE_OFFER, DEMOS, QUICKCONNECT};

#[test]
fn every_demo_is_a_region_whose_controls_have_roles_and_names() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        for name in DEMOS {
            let demo = page.demo(name).await?;
            for button in [
                "Run",
                "Stop",
                "Reset",
                "Copy",
                "Clear console",
                "Copy console",
            ] {
                demo.find("button", button).await?;
            }
            demo.editor().await?;
            demo.find("log", &format!("Console of {name}")).await?;
            assert_eq!(demo.role().await?, "region");
            assert_eq!(demo.state().await?, "idle");
        }
        Ok(())
    });
}

#[test]
fn a_running_demo_has_a_frame_with_a_name() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run().await?;
        demo.becomes("running").await?;
        demo.find("Iframe", "Output of createoffer.js").await?;
        Ok(())
    });
}

#[test]
fn ctrl_enter_in_the_editor_runs_the_demo() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.write("console.log('run by keyboard');").await?;
        demo.editor()
            .await?
            .send_keys(Key::Control + Key::Enter)
            .await?;
        demo.logs("run by keyboard").await?;
        assert_eq!(
            demo.code().await?,
            "console.log('run by keyboard');",
            "the keys write nothing"
        );
        Ok(())
    });
}

#[test]
fn tab_indents_in_the_editor_and_escape_then_tab_leaves_it() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.write("").await?;
        demo.editor().await?.send_keys(Key::Tab).await?;
        assert_eq!(demo.code().await?, "  ");
        assert_eq!(page.focused().await?, "Code of createoffer.js");

        page.press_key(Key::Escape).await?;
        page.press_key(Key::Tab).await?;
        assert_ne!(page.focused().await?, "Code of createoffer.js");
        assert_eq!(demo.code().await?, "  ", "leaving writes nothing");
        Ok(())
    });
}

#[test]
fn tab_passes_through_the_editor_until_the_reader_has_typed_in_it() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(CREATE_OFFER).await?;
        let editor = demo.editor().await?;
        let code = demo.code().await?;
        let focus = "arguments[0].focus()";
        page.evaluate(focus, [editor.to_json()?]).await?;
        page.press_key(Key::Tab).await?;
        assert_ne!(page.focused().await?, "Code of createoffer.js");
        assert_eq!(demo.code().await?, code, "passing through writes nothing");

        page.evaluate(focus, [editor.to_json()?]).await?;
        page.press_key(Key::Enter).await?;
        page.press_key(Key::Tab).await?;
        assert_eq!(page.focused().await?, "Code of createoffer.js");
        assert_ne!(demo.code().await?, code);
        Ok(())
    });
}

#[test]
fn arrow_keys_after_escape_do_not_turn_the_page() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let path = page.path().await?;
        let demo = page.demo(CREATE_OFFER).await?;
        demo.run_code("console.log('still here');").await?;
        demo.logs("still here").await?;
        demo.editor().await?.send_keys(Key::Escape).await?;
        page.press_key(Key::Left).await?;
        page.press_key(Key::Right).await?;
        assert_eq!(page.path().await?, path);
        assert_eq!(demo.state().await?, "running");
        Ok(())
    });
}

#[test]
fn every_control_of_a_demo_is_reached_with_the_keyboard_alone() {
    in_browser(async |browser| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        page.evaluate(
            "arguments[0].focus()",
            [demo.find("button", "Run").await?.to_json()?],
        )
        .await?;

        let mut reached = vec![page.focused().await?];
        while reached.last().is_some_and(|name| name != "Copy console") && reached.len() < 12 {
            // In the editor, Tab indents until Escape was pressed; elsewhere Escape does nothing.
            page.press_key(Key::Escape).await?;
            page.press_key(Key::Tab).await?;
            reached.push(page.focused().await?);
        }
        for name in [
            "Run",
            "Stop",
            "Reset",
            "Copy",
            "Open a second tab",
            "Code of quickconnect-intro.js",
            "Clear console",
        ] {
            assert!(
                reached.iter().any(|reached| reached == name),
                "{name} is not among {reached:?}"
            );
        }
        Ok(())
    });
}
