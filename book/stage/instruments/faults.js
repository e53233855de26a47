// @ts-check
// The menu of what can be broken on purpose. The faults themselves are at work in the frame (runner/tap/faults.js).

import { button, el } from '../dom.js';

/** @typedef {{ id: string, title: string, about: string }} Fault */

/** @type {Fault[]} */
export const FAULTS = [
  { id: 'hold-answer', title: 'Hold back the answer', about: 'It is delivered when you switch this off.' },
  { id: 'lose-offer', title: 'Lose the offer', about: 'Signaling swallows it.' },
  { id: 'answer-twice', title: 'Deliver the answer twice', about: 'As after an outage, when signaling says things again.' },
  { id: 'glare', title: 'Both sides offer at once', about: 'An offer of the other side arrives before its answer: glare.' },
  { id: 'early-candidates', title: 'Candidates overtake the description', about: 'Each description arrives 0.6 s late, candidates at once.' },
  { id: 'drop-one-way', title: 'Drop candidates, one way', about: 'None of the other side’s reaches this one (the first, when both are on this page).' },
  { id: 'drop-all', title: 'Drop all candidates', about: 'None gets through, either way.' },
  { id: 'relay-only', title: 'Only a relay may be used', about: 'No direct way is tried, as where UDP is closed. Takes effect with the next Run.' },
  { id: 'wrong-password', title: 'Wrong ICE password', about: 'Descriptions arrive with another a=ice-pwd.' },
  { id: 'slow', title: 'Slow signaling', about: 'Each description and candidate arrives 2 s late.' },
  { id: 'server-away', title: 'The signaling server goes away', about: 'Sockets close, and none can be opened.' },
  { id: 'freeze', title: 'The other peer freezes', about: 'It stays connected, and nothing of what it says arrives.' },
];

/** @param {(faults: string[]) => void} onchange */
export function createFaults(onchange) {
  const boxes = FAULTS.map(({ id, title, about }) => {
    const box = el('input', { type: 'checkbox', value: id });
    box.addEventListener('change', tell);
    return { box, item: el('label', { class: 'fault' }, box, el('span', {}, el('strong', {}, title), ` ${about}`)) };
  });
  const said = el('p', { class: 'note', role: 'status' });
  const element = el('div', {}, el('fieldset', { class: 'faults' },
    el('legend', {}, 'What is to go wrong, really, with the next Run and with what runs now'), ...boxes.map(({ item }) => item)),
  el('div', { class: 'instruments-bar' }, button('Mend everything', reset), said));

  function tell() {
    const on = boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
    said.textContent = on.length === 0 ? 'Nothing is broken on purpose.' : `Broken on purpose: ${on.length}. Run the demo again to see it from the beginning.`;
    onchange(on);
  }

  function reset() {
    for (const { box } of boxes) box.checked = false;
    tell();
  }
  said.textContent = 'Nothing is broken on purpose.';

  return { element, reset };
}
