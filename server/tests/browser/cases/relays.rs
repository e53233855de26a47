//! Calls through the server's relay, which the greeting gives to the library without a word in the demo's code.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::harness::{Browser, Page, in_browser};

/// Joins a room from a page of its own, and allows no other way than the relay.
async fn join<'b>(browser: &'b Browser, id: &str, rest: &str) -> Result<Page<'b>> {
    let page = browser.open("").await?;
    let script = "return (async () => {
        const [id, rest] = arguments;
        const { default: quickconnect } = await import('/code/quickconnect/js/index.js');
        const qc = quickconnect(location.origin, { room: 'relayed', id, ...JSON.parse(rest) });
        qc.on('peer:connect', (_, pc) => pc.setConfiguration({ ...pc.getConfiguration(), iceTransportPolicy: 'relay' }));
        window.heard = new Promise((resolve) => qc.once('channel:opened:words', (_, channel) => {
            channel.onmessage = ({ data }) => resolve(data);
            channel.send(`hello from ${id}`);
        }));
        window.candidates = [];
        qc.on('peer:connect', (_, pc) => pc.addEventListener('icecandidate', ({ candidate }) => candidates.push(candidate?.type ?? 'end')));
        window.qc = qc.createDataChannel('words');
    })();";
    page.evaluate(script, [json!(id), json!(rest)]).await?;
    Ok(page)
}

/// What it hears, and which kinds of candidates carry the call.
async fn outcome(page: &Page<'_>) -> Result<Value> {
    let script = "return (async () => {
        const words = await window.heard;
        const [{ pc }] = qc.calls.values();
        const stats = await pc.getStats();
        const { selectedCandidatePairId } = [...stats.values()].find(({ type }) => type === 'transport');
        const { localCandidateId, remoteCandidateId } = stats.get(selectedCandidatePairId);
        return [words, stats.get(localCandidateId).candidateType, stats.get(remoteCandidateId).candidateType];
    })();";
    page.evaluate(script, [])
        .await
        .context("a message of the other page")
}

#[test]
fn two_pages_are_connected_through_the_port_of_the_book_alone() {
    in_browser(async |browser| {
        let a = join(browser, "a", "{}").await?;
        let b = join(browser, "b", "{}").await?;
        assert_eq!(
            outcome(&a).await?,
            json!(["hello from b", "relay", "relay"])
        );
        assert_eq!(
            outcome(&b).await?,
            json!(["hello from a", "relay", "relay"])
        );
        Ok(())
    });
}

#[test]
fn a_page_that_names_its_own_servers_is_given_no_others() {
    in_browser(async |browser| {
        let a = join(browser, "a", r#"{ "iceServers": [] }"#).await?;
        let _b = join(browser, "b", "{}").await?;
        let script = "return (async () => {
            while (!candidates.includes('end')) await new Promise((resolve) => setTimeout(resolve, 10));
            return candidates;
        })();";
        let candidates = a.evaluate(script, []).await?;
        ensure!(candidates == json!(["end"]), "{candidates}");
        Ok(())
    });
}
