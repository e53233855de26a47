//! `--access-key` in browsers: a page with a token meets another one, by a subprotocol and by an address; and what the demos of the book say that have
//! none.

use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use server::access_token::claims::Claims;
use server::access_token::key_set::{KeySet, new_file};
use server::config::{Access, Settings};
use server::owner_only;
use tempfile::TempDir;

use crate::harness::Kind::{Chromium, Firefox};
use crate::harness::{Browser, Kind, with_settings};
use crate::pages::{CHAPTER, QUICKCONNECT};

/// Settings of a server with a key, and the folder in which that is.
fn settings(access_pages: bool) -> Result<(TempDir, Settings)> {
    let folder = tempfile::tempdir()?;
    owner_only::write(folder.path(), "keys.json", new_file("tests")?.as_bytes())?;
    let access = Access {
        access_key: Some(folder.path().join("keys.json")),
        access_pages,
        ..Access::default()
    };
    let settings = Settings {
        access,
        ..Settings::default()
    };
    Ok((folder, settings))
}

/// A token of this folder's key for every room; its session may last longer.
fn token(folder: &Path) -> Result<String> {
    let keys = KeySet::open(&folder.join("keys.json"))?;
    let now = SystemTime::now();
    let claims = Claims {
        room: "*".parse()?,
        id: None,
        may_invite: false,
        exp: now + Duration::from_secs(50),
        until: now + Duration::from_secs(600),
    };
    let key = keys.signer().context("the key signs")?;
    key.sign(&claims).context("the key signs")
}

/// Two peers in one demo: one shows its token as the library does, the other in its address.
async fn they_meet_by_tokens(browser: &Browser, folder: &Path) -> Result<()> {
    let (first, second) = (token(folder)?, token(folder)?);
    let code = format!(
        "import quickconnect from 'rtc-quickconnect';
const by = (options) => quickconnect(location.origin, {{ room: 'tokens', ...options }});
const anna = by({{ token: async () => '{first}' }});
by({{ endpoints: ['/?token={second}'] }});
anna.on('call:started', () => console.log('they meet'));
by({{}}).on('error', ({{ message }}) => console.log('without:', message));"
    );
    let page = browser.open(CHAPTER).await?;
    let demo = page.demo(QUICKCONNECT).await?;
    demo.run_code(&code).await?;
    demo.logs("they meet").await?;
    let refused = demo.logs("without:").await?;
    ensure!(refused.shown.contains("access token"), "{refused:?}");
    Ok(())
}

#[test]
fn two_peers_meet_by_tokens_and_one_without_is_told_that_it_needs_one_in_chromium() {
    with_key(Chromium, false, they_meet_by_tokens);
}

#[test]
fn two_peers_meet_by_tokens_and_one_without_is_told_that_it_needs_one_in_firefox() {
    with_key(Firefox, false, they_meet_by_tokens);
}

fn with_key(kind: Kind, access_pages: bool, test: impl AsyncFnOnce(&Browser, &Path) -> Result<()>) {
    let (folder, settings) = settings(access_pages).expect("a folder can be made");
    with_settings(kind, settings, async |browser| {
        test(browser, folder.path()).await
    });
}

#[test]
fn a_demo_of_a_server_with_a_key_says_that_a_token_is_missing() {
    with_key(Chromium, false, async |browser, _| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.run_code("import quickconnect from 'rtc-quickconnect';\nquickconnect(location.origin, { room: 'a' }).on('error', ({ message }) => console.log(message));")
            .await?;
        demo.logs("access token").await?;
        Ok(())
    });
}

/// The demo proves by itself that it is the book's, and the page does so for the invitation.
#[test]
fn a_demo_is_let_in_and_may_invite_the_server_where_the_operator_says_so() {
    with_key(Chromium, true, async |browser, _| {
        let page = browser.open(CHAPTER).await?;
        let demo = page.demo(QUICKCONNECT).await?;
        demo.run().await?;
        demo.press("Invite the server").await?;
        demo.logs("call:started").await?;
        demo.says("The server is in the room").await?;
        Ok(())
    });
}
