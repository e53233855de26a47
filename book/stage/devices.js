// @ts-check
// The control for stand-in devices, in the bar of a demo that asks for them (runner/devices/ is what they are). Some demos can have the reader's own in
// their place (own-devices.js). Loaded where there is such a demo.
//
// May import: dom.js, frame.js, own-devices.js.

import { el } from './dom.js';
import { OWN_DEVICES } from './frame.js';
import { canBeReached, ownPlace, whatForbidsOwn } from './own-devices.js';

/** How the devices can be, and what the reader reads of it. */
const STATES = {
  working: 'working',
  denied: 'denied: the answer is no',
  busy: 'busy: another program has them',
  none: 'none is there',
  unplugged: 'unplugged, 3 s after they are given',
  each: 'denied, busy, none in turn, then working',
};

/** In place of them. */
const OWN = 'off: your own';

const STAND_IN =
  'In this demo, a test card and a voice stand in for cameras and microphones. Nothing of yours is used.';
const REAL =
  'In this demo, the code gets your own camera, microphone or screen, if you allow it. What it gets, it can send to others.';
const ONLY_HERE =
  'Your own devices can be had where the book comes from your own machine, at http://localhost. Everything in this chapter works without.';
const UNREACHED =
  'This browser does not take names that end with .localhost to be this machine, so your own devices can’t be had in it. Everything in this chapter works without.';

/**
 * Fills the place of the control.
 * @param {HTMLElement} place
 * @param {string} chosen how they are at first
 * @param {boolean} mayBeOwn the reader may choose their own, where that is possible
 * @param {(state: string, words: string) => void} onchange with what the reader should know of it, which may be nothing
 * @returns {() => string} the address of a run with the reader's own devices, each time another
 */
export function createDevicesChoice(place, chosen, mayBeOwn, onchange) {
  const options = Object.entries(STATES).map(([state, words]) => el('option', { value: state }, words));
  const forbidden = whatForbidsOwn();
  if (mayBeOwn) options.push(ownOption(forbidden));
  const select = el('select', {}, ...options);
  select.value = chosen;
  describe();
  select.addEventListener('change', async () => {
    const wanted = select.value;
    const isReached = wanted !== OWN_DEVICES || (await canBeReached());
    // The reader may have changed their mind meanwhile.
    if (select.value !== wanted) return;
    if (isReached) chosen = wanted;
    else select.value = chosen;
    describe();
    onchange(chosen, isReached ? (chosen === OWN_DEVICES ? REAL : '') : UNREACHED);
  });
  place.append(el('label', {}, 'Stand-in devices', select));
  return ownPlace;

  /** On the control itself, a screen reader says it too. */
  function describe() {
    select.title = chosen === OWN_DEVICES ? REAL : mayBeOwn && forbidden ? `${STAND_IN} ${ONLY_HERE}` : STAND_IN;
  }
}

/** @param {string} forbidden why it can't be chosen */
function ownOption(forbidden) {
  const option = el('option', { value: OWN_DEVICES }, forbidden ? `${OWN} (${forbidden})` : OWN);
  option.disabled = forbidden !== '';
  return option;
}
