//! “A bad line”: connections go over a line of the server and nowhere else, and what its controls say is what the peers get.
//!
//! # Layout
//! - [`way`]: which candidate pair is selected, whoever has switched it on
//! - [`measured`]: what the controls set, as a probe channel sees it
//! - [`panel`]: the controls themselves, and what they say
//! - [`order`]: the negotiation, while a line is being opened

mod measured;
mod order;
mod panel;
mod way;

use anyhow::{Result, ensure};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::faults::toggle;
use crate::harness::Page;
use crate::pages::demo::Demo;

const BAD_LINE: &str = "A bad line";

/// Both sides of a connection, with a channel `a` to `b` that repeats nothing and keeps no order. `given` are the addresses that either gives away,
/// and `wayOf` tells by which pair a side is connected, and of which addresses of the other it knows.
const PAIR: &str = "const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
const given = new Set();
for (const [one, other] of [[a, b], [b, a]]) one.onicecandidate = ({ candidate }) => {
  if (candidate?.candidate) given.add(Number(candidate.candidate.split(' ')[5]));
  other.addIceCandidate(candidate);
};
const channel = a.createDataChannel('probe', { ordered: false, maxRetransmits: 0 });
const opened = new Promise((resolve) => channel.onopen = resolve);
const negotiate = async () => {
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
};
const wayOf = async (pc) => {
  const stats = [...(await pc.getStats()).values()];
  const transport = stats.find(({ type }) => type === 'transport');
  const pair = stats.find((one) => one.type === 'candidate-pair' && (one.selected || one.id === transport?.selectedCandidatePairId));
  const ports = (type, ofType) => [...new Set(stats.filter((one) => one.type === type && ofType(one.candidateType)).map(({ port }) => port))];
  const selected = stats.find(({ id }) => id === pair?.remoteCandidateId);
  // A check that went over the line has made its port known as a peer-reflexive candidate of this side.
  return { local: ports('local-candidate', (type) => type !== 'prflx'), remote: ports('remote-candidate', () => true), selected: selected?.port ?? 0, type: selected?.candidateType ?? '' };
};
";

/// Opens the controls of the line, and switches it on.
async fn switch_on(page: &Page<'_>, demo: &Demo<'_>) -> Result<()> {
    demo.open_instruments().await?;
    demo.choose_instrument("Break it").await?;
    toggle(page, &demo.name, BAD_LINE).await
}

/// Moves a slider until it says this.
async fn slide(page: &Page<'_>, demo: &Demo<'_>, label: &str, value: &str) -> Result<()> {
    let script = "const [region, label, value] = arguments;
        const slider = [...region.querySelectorAll('[type=range]')].find((one) => one.getAttribute('aria-label') === label);
        const steps = Number(slider.max) + 1;
        for (let i = 0; i < steps && slider.getAttribute('aria-valuetext') !== value; i += 1) {
            slider.value = String((Number(slider.value) + 1) % steps);
            slider.dispatchEvent(new Event('input'));
        }
        return slider.getAttribute('aria-valuetext');";
    let arguments = [demo.region.to_json()?, json!(label), json!(value)];
    let said = page.evaluate(script, arguments).await?;
    ensure!(said == json!(value), "{label} says {said}");
    Ok(())
}

/// Waits until at least so many entries begin with `name`, and reads the JSON behind it in the last.
async fn logged<T: DeserializeOwned>(demo: &Demo<'_>, name: &str, count: usize) -> Result<T> {
    let entry = demo.console().has(&format!("{name} "), count).await?;
    Ok(serde_json::from_str(&entry.text[name.len() + 1..])?)
}
